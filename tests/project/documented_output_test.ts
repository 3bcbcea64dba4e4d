// Numbers and fields in documents: the lesson's, and what commands print as JSON.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { initialParameters, withFocus } from "../../lib/explain/explained_step.ts";
import type { MatrixSymbol } from "../../lib/network/step.ts";
import { formatState, INITIAL_STATE, type PageState, parseState } from "../../lib/pages/state.ts";
import { stepSequence } from "../../lib/pages/step/step_sequence.ts";
import { type Matrix, MISTAKES, RandomState, writeNpz } from "../../mod.ts";
import { PROJECT, record, stepWith } from "../diagnose/dumps.ts";
import { cli } from "../helpers/cli.ts";
import { fixture, mnist } from "../helpers/fixtures.ts";
import { Folder } from "../helpers/folder.ts";
import { tables } from "../helpers/markdown.ts";

const root = new URL("../../", import.meta.url);

/** Runs of the commands whose fields docs/reference.md describes. */
const RUNS: Readonly<Record<string, string>> = {
  evaluate: "parameter.npz --limit 100",
  inspect: "parameter.npz",
  predict: "test:42 digit.png",
  gradcheck: "--layer network --samples 2 --entries 8",
  verify: "--epochs 1",
};

const REFERENCE = Deno.readTextFileSync(new URL("docs/reference.md", root));

/** The paths of all fields: `arrays[].name`. */
function paths(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => paths(element, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const own = path === "" ? name : `${path}.${name}`;
    return [own, ...paths(field, own)];
  });
}

for (const [command, args] of Object.entries(RUNS)) {
  Deno.test(`example: docs/reference.md describes each field that ${command} --json prints, and no other`, async () => {
    using folder = new Folder({
      "parameter.npz": fixture("parameter.npz"),
      "digit.png": Deno.readFileSync(new URL("docs/digit.png", root)),
    });
    const { code, stdout } = await cli([command, ...args.split(" "), "--json"], {
      cwd: folder.path,
    });
    strictEqual(code, 0);
    const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    // sizes are described in one row
    const printed = new Set(
      lines.flatMap((line) => paths(line)).filter((path) => !/^sizes\./.test(path)),
    );
    const fields = tableFrom(REFERENCE, "`evaluate`").filter(([name]) => name === `\`${command}\``)
      .map(([, field]) => codeIn(field!)[0]!);
    deepStrictEqual(
      fields.filter((field) => field !== "arrays[].error").toSorted(), // all is well here
      [...printed].toSorted(),
    );
  });
}

const PAGES = ["docs/diagnose.md", "docs/ja/diagnose.md"].map((name) => {
  return { name, markdown: Deno.readTextFileSync(new URL(name, root)) };
});

/** The words in code in a cell. */
function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}

/** The table whose first row begins with this cell. */
function tableFrom(markdown: string, cell: string): string[][] {
  return tables(markdown).find(([row]) => row![0] === cell)!;
}

Deno.test("example: docs/diagnose.md and its Japanese page have a row for each field that diagnose --json prints, and no other", async () => {
  const mistake = MISTAKES.find(({ id }) => id === "dW2/divided-by-B-twice")!;
  const step = stepWith({ D: 9, M: 4, K: 3, B: 5 }, new RandomState(601), [mistake]);
  using folder = new Folder({
    "class/wrong.npz": writeNpz(
      [...record(step, PROJECT)].filter(([name]) => !name.endsWith("'")),
    ),
    "class/none.npz": writeNpz([]),
  });
  const { stdout } = await cli(["diagnose", "class", "--json"], { cwd: folder.path });
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const fieldsOf = (objects: readonly object[]) => [...new Set(objects.flatMap(Object.keys))];
  const quantities = lines.flatMap((line) => line.quantities ?? []);
  const fields = [
    ...fieldsOf(lines),
    ...fieldsOf(quantities).map((field) => `quantities[].${field}`),
  ];
  const causes = fieldsOf(quantities.flatMap(({ causes }) => causes));
  for (const { name, markdown } of PAGES) {
    const rows = (cell: string) =>
      tableFrom(markdown, cell).map(([field]) => codeIn(field!)[0]!).toSorted();
    deepStrictEqual(rows("`file`"), fields.toSorted(), name);
    deepStrictEqual(rows("`kind`"), causes.toSorted(), name);
  }
});

const LESSONS = ["docs/lesson.md", "docs/ja/lesson.md"];
const examples = mnist("test").first(200);

function read(name: string): string {
  return Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
}

/** The addresses in a page, without `#`. */
function addresses(markdown: string): string[] {
  return [...markdown.matchAll(/`#(view=[^`]*)`/g)].map(([, address]) => address!);
}

/** The values of the step that a state names, which both languages ask for. */
function valuesOf(changes: Partial<PageState>) {
  const key = JSON.stringify(changes), values = known.get(key) ?? compute(changes);
  known.set(key, values);
  return values;
}

const known = new Map<string, ReturnType<typeof compute>>();

function compute(changes: Partial<PageState>) {
  const sequence = stepSequence(examples), state = { ...INITIAL_STATE, ...changes };
  const parameters = initialParameters(state.seed!, examples.inputs, 10);
  let found = sequence(state, parameters);
  while (found.losses.length < state.updates) found = sequence(state, parameters);
  return withFocus(found.step, state.focus).values;
}

Deno.test("example: the page reads each address of docs/lesson.md as it is written", () => {
  const [english, japanese] = LESSONS.map((page) => addresses(read(page)));
  ok(english!.length > 30);
  deepStrictEqual(japanese, english);
  for (const address of english!) {
    const sorted = (text: string) => [...new URLSearchParams(text)].sort().join("&");
    const written = formatState(parseState(address));
    // the page leaves out what it shows at first
    const quantity = address.includes("quantity=A1") ? "&quantity=A1" : "";
    strictEqual(sorted(written + quantity), sorted(address));
  }
});

Deno.test("example: the entries in docs/lesson.md are those of the step at their addresses", () => {
  for (const page of LESSONS) {
    let checked = 0;
    for (const [first, second] of tables(read(page)).flat()) {
      const address = /^`#(view=step[^`]*)`$/.exec(first!)?.[1];
      if (address === undefined) continue;
      for (
        const [, symbol, row, column, number] of second!.matchAll(
          /(\w+)\[(\d+),(\d+)\] = (-?[\d.]+\d|\d)/g,
        )
      ) {
        const values = valuesOf(parseState(address));
        const matrix = values[symbol as MatrixSymbol] as Matrix<number, number>;
        const value = matrix.at(Number(row), Number(column));
        strictEqual(value === 0 ? "0" : value.toPrecision(4), number, `${page}, ${address}`);
        checked++;
      }
    }
    strictEqual(checked, 12, page);
  }
});

Deno.test("example: the losses in docs/lesson.md are those before and after the update", () => {
  const fourDigits = (x: number) => x.toPrecision(4);
  const lossesAt = (rate: number) => {
    const state = { seed: 601, example: 8, batch: 16, rate };
    return [valuesOf(state), valuesOf({ ...state, updates: 1 })]
      .map(({ E }) => fourDigits(E.at(0, 0)));
  };
  for (const page of LESSONS) {
    const rows = tables(read(page)).find(([row]) => row![0] === "0.01" && row!.length === 3)!;
    for (const [rate, ...losses] of rows) deepStrictEqual(losses, lossesAt(Number(rate)), rate);
    const of = (updates: number) =>
      fourDigits(valuesOf({ seed: 601, example: 8, updates }).E.at(0, 0));
    for (const updates of [0, 1, 20]) ok(read(page).includes(of(updates)), of(updates));
  }
});
