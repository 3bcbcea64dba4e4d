/**
 * What docs/diagnose.md and its Japanese page say of names, of JSON and of recording a step is what
 * `diagnose` does.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { SYMBOLS, symbolsOf } from "../../lib/diagnose/dump.ts";
import { diagnose, readNpz, STEP, STEP_INPUTS, type StepSymbol } from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { codeBlocks, tables } from "../helpers/markdown.ts";
import { pytorch, pytorchTest } from "../helpers/numpy.ts";
import { documentedDumps } from "../diagnose/documented_dumps.ts";

const PAGES = ([["docs/diagnose.md", "en"], ["docs/ja/diagnose.md", "ja"]] as const).map(
  ([name, language]) => {
    const markdown = Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
    return { name, language, markdown };
  },
);
const [ENGLISH] = PAGES;

/** The words in code in a cell. */
function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}

/** The table whose first row begins with this cell. */
function tableFrom(markdown: string, cell: string): string[][] {
  return tables(markdown).find(([row]) => row![0] === cell)!;
}

for (const { name, language, markdown } of PAGES) {
  Deno.test(`example: each name in ${name} stands for the quantity of its row, and every quantity has a row`, () => {
    const rows = tableFrom(markdown, "`X`");
    deepStrictEqual(rows.map(([symbol]) => codeIn(symbol!)[0]).toSorted(), SYMBOLS.toSorted());
    let names = 0;
    for (const [symbol, shape, listing, others] of rows) {
      const [wanted] = codeIn(symbol!);
      const quantity = [...STEP_INPUTS, ...STEP].find((one) => one.symbol === wanted)!;
      strictEqual(shape, quantity.shape, wanted);
      // the listing updates parameters in place
      const own = wanted!.endsWith("'") ? undefined : quantity.listing;
      deepStrictEqual(codeIn(listing!), own === undefined ? [] : [own], wanted);
      for (const other of codeIn(`${listing} ${others}`)) {
        names++;
        ok(symbolsOf(other).includes(wanted as StepSymbol), `${other} is ${symbolsOf(other)}`);
      }
    }
    ok(names > 80);
  });

  Deno.test(`example: ${name} has a row for each field that diagnose --json prints, and no other`, async () => {
    using folder = new Folder(documentedDumps());
    const { stdout } = await cli(["diagnose", "class", "--json"], { cwd: folder.path });
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
    const fieldsOf = (objects: readonly object[]) => [...new Set(objects.flatMap(Object.keys))];
    const quantities = lines.flatMap((line) => line.quantities ?? []);
    const fields = [
      ...fieldsOf(lines),
      ...fieldsOf(quantities).map((field) => `quantities[].${field}`),
    ];
    const rows = tableFrom(markdown, "`file`").map(([field]) => codeIn(field!)[0]!);
    deepStrictEqual(rows.toSorted(), fields.toSorted());
    const causes = fieldsOf(quantities.flatMap(({ causes }) => causes));
    const causeRows = tableFrom(markdown, "`kind`").map(([field]) => codeIn(field!)[0]!);
    deepStrictEqual(causeRows.toSorted(), causes.toSorted());
  });

  Deno.test(`example: ${name} shows the lines that diagnose --recorder prints`, async () => {
    const { stdout } = await cli(["diagnose", "--recorder", "--lang", language]);
    const [listing, form] = codeBlocks(markdown).filter(({ language }) => language === "python");
    ok(stdout.includes(`\n\n${listing!.code}\n\n`) && stdout.endsWith(`\n\n${form!.code}`));
  });
}

/** The program in PyTorch of the page. */
function pytorchProgram(): string {
  return codeBlocks(ENGLISH!.markdown).find(({ code }) => code.includes("import torch"))!.code;
}

/** The symbols that it records. */
const RECORDED = [...pytorchProgram().matchAll(/"(\w+)": /g)].map(([, name]) => name!);

pytorchTest(
  "reference: diagnose() finds the PyTorch program of docs/diagnose.md right",
  async () => {
    using folder = new Folder();
    const { code, stderr } = await pytorch(["-c", pytorchProgram()], folder.path);
    strictEqual(code, 0, stderr);
    const found = diagnose(readNpz(Deno.readFileSync(folder.file("step.npz"))));
    ok(found.verdict === "right", JSON.stringify(found));
    strictEqual(found.precision, "float32");
    deepStrictEqual(found.learningRate, { value: 0.01, inferred: false });
    const inputs: string[] = STEP_INPUTS.map(({ symbol }) => symbol);
    strictEqual(found.quantities.length, RECORDED.filter((name) => !inputs.includes(name)).length);
  },
);
