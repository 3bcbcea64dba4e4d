// Fills the generated blocks of docs/equations.md from the table of the step and its explanations:
// `deno task equations`.
import { EXPLANATIONS } from "../lib/explain/explanations.ts";
import { type Quantity, STEP } from "../lib/network/step.ts";
import { writeGenerated } from "../scripts/generated_file.ts";
import { code, formatMarkdown, table } from "../scripts/generated_markdown.ts";

const file = new URL("equations.md", import.meta.url);

/** A block between its comments: `<!-- quantities: dW2 dW1 -->` … `<!-- end -->`. */
const BLOCK =
  /(?<start><!-- (?<kind>step|quantities): ?(?<symbols>.*?) ?-->\n)[^]*?(?<end><!-- end -->)/g;

/** The document with every block as the table and the explanations have it. */
function fillIn(markdown: string): string {
  return markdown.replaceAll(BLOCK, (...match) => {
    const { start, kind, symbols, end } = match.at(-1) as Record<string, string>;
    const content = kind === "step" ? stepTable(markdown) : quantities(symbols!.split(" "));
    return `${start}\n${content}\n\n${end}`;
  });
}

/** Every quantity with the section that explains it. */
function stepTable(markdown: string): string {
  const rows = STEP.map((quantity) => {
    const { symbol, equation, shape, listing, by } = quantity;
    const section = `[${symbol}](#${anchorOf(markdown, symbol)})`;
    return [section, code(equation), shape, listing ? code(listing) : "", code(by)];
  });
  return table([["quantity", "equation", "shape", "in the listing", "function"], ...rows]);
}

/** What is known of some quantities: a table, the derivation of the first, and remarks. */
function quantities(symbols: readonly string[]): string {
  const shown = symbols.map((symbol) => STEP.find((quantity) => quantity.symbol === symbol)!);
  const rows = shown.map(({ symbol, equation, shape, from, by, file }) => [
    code(equation),
    shape,
    from.filter((one) => one !== symbol).map(code).join(" "),
    `[\`${by}\`](../${file})`,
  ]);
  const head = ["here", "shape", "from", "code"];
  const remarks = new Set(shown.flatMap(({ symbol }) => EXPLANATIONS[symbol].remarks));
  return [
    table([head, ...rows]),
    derivations(shown),
    ...[...remarks].map(({ en }) => `- ${en.replace(/^Erratum:/, "_Erratum_:")}`),
  ].filter((part) => part !== "").join("\n\n").replaceAll("\n\n- ", "\n- ").replace(
    "\n- ",
    "\n\n- ",
  );
}

/** Derivations; those of both affine layers are the same but for their letters. */
function derivations(shown: readonly Quantity[]): string {
  const different = shown.filter(({ by }, i) => shown.findIndex((one) => one.by === by) === i);
  const lines = different.map(({ symbol }) =>
    EXPLANATIONS[symbol].derivation.map(({ equation, why }) =>
      why ? `${equation}\n    (${why.en})` : equation
    ).join("\n")
  );
  return `\`\`\`text\n${lines.join("\n\n")}\n\`\`\``;
}

/** The heading above a quantity's block. */
function anchorOf(markdown: string, symbol: string): string {
  const block = [...markdown.matchAll(BLOCK)].find(({ groups }) =>
    groups!.symbols!.split(" ").includes(symbol)
  );
  if (block === undefined) throw new Error(`docs/equations.md has no block for ${symbol}`);
  const title = [...markdown.slice(0, block.index).matchAll(/^#+ (.*)$/gm)].at(-1)![1]!;
  return title.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, "").replaceAll(" ", "-");
}

if (import.meta.main) {
  writeGenerated(file, await formatMarkdown(fillIn(Deno.readTextFileSync(file))));
}
