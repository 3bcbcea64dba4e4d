/** The figures in the documents, computed from the program and the files of docs/reproduction/. */
import report from "../../docs/reproduction/report_losses.json" with { type: "json" };
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { runs } from "../helpers/fixtures.ts";
import { codeBlocks, tables } from "../helpers/markdown.ts";

function read(name: string): string {
  return Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
}

/** Asserts that a document has this text, wherever its lines are broken. */
function has(name: string, text: string): void {
  ok(read(name).replaceAll(/\s+/g, " ").includes(text), `${name}: ${text}`);
}

/** The rows of a CSV file by the names of its columns. */
function csv(name: string): Record<string, number>[] {
  const lines = read(`docs/reproduction/${name}`).trim().split("\n");
  const [head, ...rows] = lines.map((line) => line.split(","));
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [head![i]!, Number(cell)])));
}

const seeds = csv("seeds.csv");
const measured = csv("history_30.csv").slice(0, 5).map((row) => row["cross_entropy"]!);

Deno.test("example: docs/reproduction.md compares the losses of the report, of seed 601 and of twenty seeds", () => {
  strictEqual(seeds.length, 20);
  const rows = report.map((printed, i) => {
    const values = seeds.map((row) => row[`epoch_${i + 1}`]!);
    const below = (loss: number) => `${values.filter((value) => value < loss).length}`;
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    ok(
      least < printed && printed < greatest,
      `the report's loss of epoch ${i + 1} is in the range`,
    );
    const losses = [least, greatest, printed, measured[i]!].map((loss) => loss.toFixed(4));
    const [a, b, c, d] = losses as [string, string, string, string];
    return [`${i + 1}`, a, b, c, below(printed), d, below(measured[i]!)];
  });
  const [results, losses] = tables(read("docs/reproduction.md")) as [string[][], string[][]];
  deepStrictEqual(losses, rows);
  const short = (numbers: readonly number[]) => numbers.map((x) => x.toFixed(4)).join(", ");
  deepStrictEqual(results[0]!.slice(1, 3), [short(report), short(measured)]);
  const counts = rows.map((row) => Number(row.at(-1)));
  has(
    "docs/reproduction.md",
    `those of ${Math.min(...counts)} to ${Math.max(...counts)} of the twenty seeds`,
  );
  strictEqual(counts[4], 20, "in epoch 5, above all of them");
});

Deno.test("reference: docs/limits.md states how closely the losses in the README agree with NumPy's", () => {
  const shown = codeBlocks(read("README.md")).find(({ language }) => language === "console")!.code;
  const losses = [...shown.matchAll(/^\d\.\d+$/gm)].map(([loss]) => Number(loss));
  deepStrictEqual(losses, measured);
  const numpy = runs()[0]!.losses;
  strictEqual(numpy.length, losses.length);
  const errors = losses.map((loss, i) => Math.abs(loss - numpy[i]!) / numpy[i]!);
  const greatest = Math.max(...errors), epoch = errors.indexOf(greatest) + 1;
  has("docs/limits.md", `at most ${greatest.toExponential(1)} relative (epoch ${epoch})`);
  has("docs/ja/limits.md", `最大で ${greatest.toExponential(1)}（${epoch} エポック目）`);
  ok(greatest < 1e-15, "losses that agree in 15 digits"); // README.md and docs/reproduction.md
  has("README.md", "losses that agree in 15 digits");
  const rounded = numpy.map((loss) => loss.toFixed(4));
  has("docs/errata.md", rounded.join(", "));
  has("docs/ja/errata.md", rounded.join("、"));
});
