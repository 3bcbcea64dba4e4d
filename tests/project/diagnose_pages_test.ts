/**
 * What docs/diagnose.md and its Japanese page say of names, of JSON and of recording a step is what
 * `diagnose` does.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { SYMBOLS, symbolsOf } from "../../lib/diagnose/names.ts";
import { diagnose, readNpz, STEP, STEP_INPUTS, type StepSymbol } from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { codeBlocks, tables } from "../helpers/markdown.ts";
import { numpyTest, python, pytorch, pytorchTest } from "../helpers/numpy.ts";
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

/** Asserts that a file is right, in float32, as far as the program records the step. */
function assertRight(path: string): void {
  const found = diagnose(readNpz(Deno.readFileSync(path)));
  ok(found.verdict === "right", JSON.stringify(found));
  strictEqual(found.precision, "float32");
  deepStrictEqual(found.learningRate, { value: 0.01, inferred: false });
  const inputs: string[] = STEP_INPUTS.map(({ symbol }) => symbol);
  strictEqual(found.quantities.length, RECORDED.filter((name) => !inputs.includes(name)).length);
}

pytorchTest(
  "reference: diagnose() finds the PyTorch program of docs/diagnose.md right",
  async () => {
    using folder = new Folder();
    const { code, stderr } = await pytorch(["-c", pytorchProgram()], folder.path);
    strictEqual(code, 0, stderr);
    assertRight(folder.file("step.npz"));
  },
);

/** The same step in NumPy, with PyTorch's shapes and precision: rows are examples. */
const IN_NUMPY = `
import sys
import numpy as np

np.random.seed(601)
draw = lambda size, *shape: np.random.uniform(-size, size, shape).astype(np.float32)
X, labels = np.random.rand(100, 784).astype(np.float32), np.random.randint(0, 10, 100)
W1, b1, W2, b2 = draw(1 / 28, 80, 784), draw(1 / 28, 80), draw(0.1, 10, 80), draw(0.1, 10)
A1 = X @ W1.T + b1
Y1 = 1 / (1 + np.exp(-A1))
A2 = Y1 @ W2.T + b2
exp = np.exp(A2 - A2.max(axis=1, keepdims=True))
P = exp / exp.sum(axis=1, keepdims=True)
E = -np.log(P[np.arange(100), labels]).mean()
dA2 = (P - np.eye(10, dtype=np.float32)[labels]) / np.float32(100)
dW2, db2, dY1 = dA2.T @ Y1, dA2.sum(axis=0), dA2 @ W2
dA1 = dY1 * (1 - Y1) * Y1
dW1, db1 = dA1.T @ X, dA1.sum(axis=0)
lr = np.float32(0.01)
W1_after, b1_after, W2_after, b2_after = W1 - lr * dW1, b1 - lr * db1, W2 - lr * dW2, b2 - lr * db2
assert all(globals()[name].dtype == np.float32 for name in sys.argv[2:] if name != "labels")
np.savez(sys.argv[1], lr=0.01, **{name: globals()[name] for name in sys.argv[2:]})
`;

numpyTest(
  "reference: diagnose() finds a step right that has the names and layouts of the PyTorch program of docs/diagnose.md",
  () => {
    using folder = new Folder();
    python(IN_NUMPY, folder.file("step.npz"), ...RECORDED);
    assertRight(folder.file("step.npz"));
  },
);
