/** Reads Markdown as far as the tests of the documentation need it. */

export const FENCED = /^```(\w*)\n([^]*?)^```$/gm;

/** All headings in order, with GitHub's anchors. */
export function headings(markdown: string) {
  return [...markdown.replaceAll(FENCED, "").matchAll(/^(#+) (.*)$/gm)].map(([, marks, title]) => ({
    level: marks!.length,
    title: title!,
    // letters of any script, digits, - and _ stay; spaces become -
    anchor: title!.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, "").replaceAll(" ", "-"),
  }));
}

/** All code blocks in order, with the word after their first fence. */
export function codeBlocks(markdown: string) {
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
