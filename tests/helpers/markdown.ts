/**
 * Reads Markdown as far as the tests of the documentation need it: headings, links and code
 * blocks.
 */

/** A heading, and the part of an address that leads to it. */
export interface Heading {
  /** How many # it has. */
  readonly level: number;
  /** Its words. */
  readonly title: string;
  /** As GitHub makes it of the title. */
  readonly anchor: string;
}

/** A code block between fences. */
export interface CodeBlock {
  /** The word after the first fence: ts, sh and so on. */
  readonly language: string;
  /** The text between the fences. */
  readonly code: string;
}

const FENCED = /^```(\w*)\n([^]*?)^```$/gm;

/** All headings in order. */
export function headings(markdown: string): Heading[] {
  return [...markdown.replaceAll(FENCED, "").matchAll(/^(#+) (.*)$/gm)].map(([, marks, title]) => ({
    level: marks!.length,
    title: title!,
    // letters of any script, digits, - and _ stay; spaces become -
    anchor: title!.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, "").replaceAll(" ", "-"),
  }));
}

/** All code blocks in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(FENCED)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }));
}

/** The rows of every table, cell by cell; heads and rules are left out. */
export function tables(markdown: string): string[][][] {
  return [...markdown.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) =>
    table.trimEnd().split("\n").slice(2).map((row) =>
      row.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim())
    )
  );
}

/**
 * The links of a file that lead to no file beside it, or to no heading; links into the net are
 * left alone.
 */
export function brokenLinks(file: URL): string[] {
  const prose = Deno.readTextFileSync(file).replaceAll(FENCED, "");
  const links = [...prose.matchAll(/(?:\]\(|src(?:set)?=")([^)"]*)[)"]/g)].map(([, link]) => link!);
  return links.filter((link) => !link.startsWith("https:") && !leads(new URL(link, file)));
}

function leads(target: URL): boolean {
  const anchor = decodeURI(target.hash.slice(1));
  target.hash = "";
  try {
    Deno.statSync(target);
    return anchor === "" ||
      headings(Deno.readTextFileSync(target)).some((heading) => heading.anchor === anchor);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
