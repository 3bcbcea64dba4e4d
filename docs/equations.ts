// Fills the generated blocks of docs/equations.md, in both languages, from the table of the step and
// its explanations: `deno task equations`.
import { EXPLANATIONS } from "../lib/explain/explanations.ts";
import { type Quantity, STEP } from "../lib/network/step.ts";
import type { Language } from "../lib/text/layout.ts";
import { writeGenerated } from "../scripts/generated_file.ts";
import { code, formatMarkdown, table } from "../scripts/generated_markdown.ts";

/** A block between its comments: `<!-- quantities: dW2 dW1 -->` … `<!-- end -->`. */
const BLOCK =
  /(?<start><!-- (?<kind>step|quantities): ?(?<symbols>.*?) ?-->\n)[^]*?(?<end><!-- end -->)/g;

/** The document with every block as the table and the explanations have it. */
function fillIn(markdown: string, language: Language): string {
  return markdown.replaceAll(BLOCK, (...match) => {
    const { start, kind, symbols, end } = match.at(-1) as Record<string, string>;
    const content = kind === "step"
      ? stepTable(markdown, language)
      : quantities(symbols!.split(" "), language);
    return `${start}\n${content}\n\n${end}`;
  });
}

/** The heads of the tables, and where the project's folder is from the page. */
const WORDS = {
  en: {
    step: ["quantity", "equation", "shape", "in the listing", "function", "tests"],
    here: "**Here**",
    from: "from",
    root: "..",
    erratum: /^Erratum:/,
    marked: "_Erratum_:",
  },
  ja: {
    step: ["量", "式", "形", "リストでの名前", "関数", "テスト"],
    here: "**ここでは**",
    from: "使う量は",
    root: "../..",
    erratum: /^訂正:/,
    marked: "_訂正_:",
  },
} as const;

/** Every quantity with the section that explains it. */
function stepTable(markdown: string, language: Language): string {
  const { step, root } = WORDS[language];
  const rows = STEP.map((quantity) => {
    const { symbol, equation, shape, listing, by, file } = quantity;
    const section = `[${symbol}](#${anchorOf(markdown, symbol)})`;
    const source = `[\`${by}\`](${root}/${file})`, tests = testsOf(file);
    const cells = [section, code(equation), shape, listing ? code(listing) : "", source];
    return [...cells, `[${tests.split("/").at(-1)}](${root}/${tests})`];
  });
  return table([step, ...rows]);
}

/** The tests of a file; a small one is tested with the file that uses it. */
function testsOf(file: string): string {
  return file.replace("lib/", "tests/").replace("sgd", "network").replace(/\.ts$/, "_test.ts");
}

/** What is known of some quantities: equations, the derivation of the first, and remarks. */
function quantities(symbols: readonly string[], language: Language): string {
  const { here, from, root, erratum, marked } = WORDS[language];
  const shown = symbols.map((symbol) => STEP.find((quantity) => quantity.symbol === symbol)!);
  const lines = shown.map(({ symbol, equation, shape, by, file, ...quantity }) => {
    const inputs = quantity.from.filter((one) => one !== symbol).map(code).join(" ");
    return `- ${here}: ${
      code(equation)
    }, ${shape}, ${from} ${inputs}: [\`${by}\`](${root}/${file})`;
  });
  const remarks = new Set(shown.flatMap(({ symbol }) => EXPLANATIONS[symbol].remarks));
  const notes = [...remarks].map((remark) => `- ${remark[language].replace(erratum, marked)}`);
  return [lines.join("\n"), derivations(shown, language), notes.join("\n")]
    .filter((part) => part !== "").join("\n\n");
}

/** Derivations; those of both affine layers are the same but for their letters. */
function derivations(shown: readonly Quantity[], language: Language): string {
  const different = shown.filter(({ by }, i) => shown.findIndex((one) => one.by === by) === i);
  const lines = different.map(({ symbol }) =>
    EXPLANATIONS[symbol].derivation.map(({ equation, why }) =>
      why ? `${equation}\n    (${why[language]})` : equation
    ).join("\n")
  );
  return `\`\`\`text\n${lines.join("\n\n")}\n\`\`\``;
}

/** The heading above a quantity's block. */
function anchorOf(markdown: string, symbol: string): string {
  const block = [...markdown.matchAll(BLOCK)].find(({ groups }) =>
    groups!.symbols!.split(" ").includes(symbol)
  );
  if (block === undefined) throw new Error(`A page of the equations has no block for ${symbol}`);
  const title = [...markdown.slice(0, block.index).matchAll(/^#+ (.*)$/gm)].at(-1)![1]!;
  return title.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, "").replaceAll(" ", "-");
}

if (import.meta.main) {
  const [english, japanese] = ["equations.md", "ja/equations.md"].map((name) =>
    new URL(name, import.meta.url)
  );
  const filled = fillIn(Deno.readTextFileSync(english!), "en");
  writeGenerated(english!, await formatMarkdown(filled));
  // deno fmt breaks Japanese lines in the wrong places
  writeGenerated(japanese!, fillIn(Deno.readTextFileSync(japanese!), "ja"));
}
