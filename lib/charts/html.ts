// A template tag for HTML and SVG that escapes everything but markup.
/** Text that is not escaped: constants of this project and results of `markup`. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** A value in a template: text or a number (escaped), markup, a list of these, or nothing. */
export type Part = string | number | Markup | undefined | readonly Part[];

/** Template tag: the template with its parts, escaped unless they are markup. */
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
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};

/** XML allows no control characters or lone surrogates, even escaped: they become U+FFFD. */
function escape(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex -- the characters that XML 1.0 excludes
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
