// Fills the generated blocks of docs/mistakes.md from the mistakes, and from what the checks say to
// them: `deno task mistakes`.
import { type Mistake, MISTAKES } from "../mod.ts";
import { writeGenerated } from "../scripts/generated_file.ts";
import { code, formatMarkdown, table } from "../scripts/generated_markdown.ts";
import { find, type Finding, sampleSteps } from "../tests/mistakes/sample_steps.ts";

/** A block between its comments: `<!-- mistakes: dW2 dW1 -->` … `<!-- end -->`. */
const BLOCK = /(?<start><!-- mistakes: (?<quantities>.*?) -->\n)[^]*?(?<end><!-- end -->)/g;

const HEAD = ["mistake", "name", "of", "as people write it", "off by", "gradient check"];
const STEPS = { ordinary: "", square: " (square)", "large scores": " (large scores)" } as const;

/** A mistake, and how it is found. */
type Found = Mistake & { readonly finding: Finding };

const samples = sampleSteps(601);
const FOUND: readonly Found[] = MISTAKES.map((mistake) => {
  const finding = find(mistake, samples);
  if (finding === undefined) throw new Error(`${mistake.id} makes no difference in any step`);
  return { ...mistake, finding };
});

/** The document with every block as the mistakes have it. */
export function fillIn(markdown: string): string {
  return markdown.replaceAll(BLOCK, (...match) => {
    const { start, quantities, end } = match.at(-1) as Record<string, string>;
    return `${start}\n${mistakesOf(quantities!.split(" "))}\n\n${end}`;
  });
}

/** The mistakes of some quantities; those that are one mistake in several share a row. */
function mistakesOf(quantities: readonly string[]): string {
  const found = FOUND.filter(({ quantity }) => quantities.includes(quantity));
  const rows = groups(found, nameOf).flatMap((named) => groups(named, ({ words }) => words.en));
  return table([
    HEAD,
    ...rows.map((row) => [
      row[0]!.words.en,
      code(nameOf(row[0]!)),
      row.map(({ quantity }) => code(quantity)).join(" "),
      row.map(({ equation }) => code(equation)).join("<br>"),
      each(row, ({ finding }) => formatError(finding.difference) + STEPS[finding.sample.name]),
      each(
        row,
        ({ finding: { gradient } }) =>
          gradient === undefined
            ? "passes"
            : `${code(gradient.name.split(" ")[1]!)} ${formatError(gradient.error)}`,
      ),
    ]),
  ]);
}

/** Mistakes in groups of one key, in the order of the first of each. */
function groups(found: readonly Found[], key: (found: Found) => string): Found[][] {
  return [...Map.groupBy(found, key).values()];
}

/** What follows the quantity in the id. */
function nameOf({ id }: Mistake): string {
  return id.split("/")[1]!;
}

/** A text of each mistake of a row, once if all are equal. */
function each(row: readonly Found[], text: (found: Found) => string): string {
  return [...new Set(row.map(text))].join("<br>");
}

/** An error in two digits: `8.0e-1`. */
function formatError(error: number): string {
  return Number.isNaN(error) ? "NaN" : error.toExponential(1);
}

if (import.meta.main) {
  const file = new URL("mistakes.md", import.meta.url);
  writeGenerated(file, await formatMarkdown(fillIn(Deno.readTextFileSync(file))));
}
