/**
 * Text for HTML and SVG in which everything that is put in is escaped, unless it is markup itself.
 *
 * @module
 */

/** Text that is markup already: constants of our own, and what {@linkcode markup} made. */
export class Markup {
  /** Takes text as it is. */
  constructor(
    /** The markup itself. */
    readonly text: string,
  ) {}

  /** The markup itself. */
  toString(): string {
    return this.text;
  }
}

/** What may be put into markup: words and numbers (escaped), markup, lists of these, or nothing. */
export type Part = string | number | Markup | undefined | readonly Part[];

/**
 * Markup with parts put in.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * const name = '<b>"&';
 * strictEqual(`${markup`<td title="${name}">${[1, markup`<br>`]}</td>`}`, '<td title="&lt;b&gt;&quot;&amp;">1<br></td>');
 * ```
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + toText(parts[i - 1]) + string));
}

function toText(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(toText).join("");
  return escape(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** XML cannot hold control characters and lone surrogates, not even escaped: they become U+FFFD. */
function escape(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex -- these are what XML 1.0 leaves out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
