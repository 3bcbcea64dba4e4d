/** docs/json.md and the pages of `diagnose` say what these commands print. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { documentedDumps } from "../diagnose/documented_dumps.ts";
import { cli } from "../helpers/cli.ts";
import { fixture } from "../helpers/fixtures.ts";
import { Folder } from "../helpers/folder.ts";
import { codeBlocks, tables } from "../helpers/markdown.ts";

const root = new URL("../../", import.meta.url);

/** The part of the page about a command. */
interface Section {
  readonly command: string;
  readonly args: readonly string[];
  /** The values shown: lines of the output, of which the last one is the last. */
  readonly shown: readonly unknown[];
  /** The fields that its table describes. */
  readonly fields: readonly string[];
}

function sections(): Section[] {
  const page = Deno.readTextFileSync(new URL("docs/json.md", root));
  return page.split(/^## /m).slice(1).flatMap((text) => {
    const blocks = codeBlocks(text), [run] = blocks.filter(({ language }) => language === "sh");
    if (run === undefined) return [];
    const args = run.code.trimEnd().replace("deno run -A cli.ts ", "").split(" ");
    const shown = blocks.filter(({ language }) => language === "json")
      .map(({ code }) => JSON.parse(code));
    const fields = tables(text)[0]!.map(([cell]) => cell!.replaceAll("`", ""));
    return [{ command: args[0]!, args, shown, fields }];
  });
}

/** The value as the page would show it: lists are cut to the number of elements shown. */
function cut(value: unknown, shown: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(shown)) {
    return shown.map((element, i) => cut(value[i], element));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const wanted = shown as Record<string, unknown> | null;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, cut(field, wanted?.[name])]),
  );
}

/** The paths of all fields: `arrays[].name`. */
function paths(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => paths(element, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const own = path === "" ? name : `${path}.${name}`;
    return [own, ...paths(field, own)];
  });
}

/** Fields that the example does not have, as all goes well in it. */
const ELSEWHERE = ["arrays[].error"];

for (const { command, args, shown, fields } of sections()) {
  Deno.test(`example: docs/json.md shows what ${command} --json prints, and describes its fields`, async () => {
    using folder = new Folder({
      // predict is shown with the report's parameters
      ...command === "predict" ? {} : { "parameter.npz": fixture("parameter.npz") },
      "digit.png": Deno.readFileSync(new URL("docs/digit.png", root)),
    });
    const { code, stdout } = await cli(args, { cwd: folder.path });
    strictEqual(code, 0);
    const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    const last = shown.length - 1;
    shown.forEach((one, i) => {
      const line = i === last ? lines.at(-1) : lines[i];
      deepStrictEqual(cut(line, one), one);
    });
    // sizes are described in one row
    const printed = new Set(
      lines.flatMap((line) => paths(line)).filter((path) => !/^sizes\./.test(path)),
    );
    deepStrictEqual(
      fields.filter((field) => !ELSEWHERE.includes(field)).toSorted(),
      [...printed].toSorted(),
    );
  });
}

Deno.test("example: docs/json.md has a section for every command with --json", async () => {
  const commands = [
    ...(await cli(["--help"])).stdout.matchAll(/^ {2}(\w+) \[options\]/gm),
  ]
    .map(([, name]) => name!);
  const helps = await Promise.all(commands.map((name) => cli([name, "--help"])));
  const withJson = commands.filter((_, i) => /--json\b/.test(helps[i]!.stdout));
  const page = Deno.readTextFileSync(new URL("docs/json.md", root));
  const titles = [...page.matchAll(/^## (\w+)/gm)].map(([, title]) => title!);
  deepStrictEqual(titles.toSorted(), withJson.toSorted());
  ok(withJson.length >= 6);
});

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
  using folder = new Folder(documentedDumps());
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
