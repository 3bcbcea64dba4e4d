// `plot`: the file that it writes, and what it refuses.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { drawCurves } from "../../lib/charts/curves.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";

/** What a history says about its run. */
const settings = { learningRate: 0.01 };

Deno.test("example: plot draws a history and prints the name of the file", async () => {
  using folder = new Folder({ "h.csv": historyFile(madeUpRows(10)) });
  const cwd = folder.path;
  deepStrictEqual(await cli(["plot", "h.csv"], { cwd }), {
    code: 0,
    stdout: "",
    stderr: "saved: curves.svg\n",
  });
  const text = new TextDecoder();
  strictEqual(text.decode(folder.read("curves.svg")), drawCurves(madeUpRows(10), { settings }));
  const scales = ["--log", "--log-epochs"];
  strictEqual((await cli(["plot", "h.csv", "--out", "l.svg", ...scales], { cwd })).code, 0);
  strictEqual(
    text.decode(folder.read("l.svg")),
    drawCurves(madeUpRows(10), { log: true, logEpochs: true, settings }),
  );
  deepStrictEqual(folder.names(), ["curves.svg", "h.csv", "l.svg"]);
});

Deno.test("example: plot ignores an incomplete last row", async () => {
  using folder = new Folder({ "h.csv": historyFile(madeUpRows(3)).slice(0, -5) });
  strictEqual((await cli(["plot", "h.csv"], { cwd: folder.path })).code, 0);
  strictEqual(
    new TextDecoder().decode(folder.read("curves.svg")),
    drawCurves(madeUpRows(2), { settings }),
  );
});

Deno.test("example: plot refuses what it cannot draw, and writes no file", async () => {
  using folder = new Folder({
    "empty.csv": "",
    "header.csv": historyFile([]),
    "other.csv": "a,b\n1,2\n",
    "h.csv": historyFile(madeUpRows(2)),
  });
  Deno.symlinkSync("h.csv", folder.file("link.csv"));
  const cwd = folder.path, before = folder.names();
  const columns = historyFile([]).trimEnd();
  const cases: [args: string[], line: string][] = [
    [["none.csv"], "none.csv: cannot be read: no such file or folder"],
    [["."], ".: cannot be read: it is a folder"],
    [["empty.csv"], "empty.csv: has no whole row, need one at least"],
    [["header.csv"], "header.csv: has no whole row, need one at least"],
    [
      ["other.csv"],
      `other.csv: Cannot read history: line 1 is "a,b", need the columns ${columns}`,
    ],
    [["h.csv", "--out", "h.csv"], "--out h.csv: is also an input; choose another file"],
    [["h.csv", "--out", "link.csv"], "--out link.csv: is also an input; choose another file"],
    [["link.csv", "--out", "h.csv"], "--out h.csv: is also an input; choose another file"],
    [["h.csv", "--out", "."], ".: cannot be written: it is a folder"],
    [["h.csv", "--out", "no/c.svg"], "no/c.svg: cannot be written: no such file or folder"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["plot", ...args], 1, line, { cwd })));
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: plot refuses wrong usage", async () => {
  const cases: [args: string[], line: string][] = [
    [[], "missing required argument 'history.csv'"],
    [["a", "b"], "too many arguments for 'plot'. Expected 1 argument but got 2: a, b"],
    [["a", "--out", "b", "--out=c"], "option '--out' is given more than once"],
    [["a", "--log", "--log"], "option '--log' is given more than once"],
    [["a", "--out="], "option '--out <file>' argument '' is invalid. Must not be empty"],
    [["a", "--linear"], "unknown option '--linear'"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["plot", ...args], 2, line)));
});

Deno.test("example: no command loads the drawing library before it draws", async () => {
  const args = ["info", "--json", "cli.ts"], cwd = new URL("../..", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  const { modules, roots } = JSON.parse(new TextDecoder().decode(stdout));
  const staticOf = (specifier: string): string[] =>
    (modules.find((module: { specifier: string }) => module.specifier === specifier)
      ?.dependencies ?? [])
      .filter((dependency: { isDynamic?: boolean }) => !dependency.isDynamic)
      .flatMap((dependency: { code?: { specifier: string } }) => dependency.code?.specifier ?? []);
  const reached = new Set<string>(roots);
  for (const specifier of reached) for (const next of staticOf(specifier)) reached.add(next);
  ok([...reached].some((specifier) => specifier.endsWith("/lib/commands/plot_command.ts")));
  deepStrictEqual([...reached].filter((specifier) => /d3-|\/lib\/charts\//.test(specifier)), []);
});
