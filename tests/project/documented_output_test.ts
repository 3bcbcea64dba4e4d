/** docs/reference.md and the pages of `diagnose` say what these commands print. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { MISTAKES, RandomState, writeNpz } from "../../mod.ts";
import { PROJECT, record, stepWith } from "../diagnose/dumps.ts";
import { cli } from "../helpers/cli.ts";
import { fixture } from "../helpers/fixtures.ts";
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
