// `plot`: the file that it writes, and what it refuses.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { drawCurvesFile } from "../../lib/charts/curves.ts";
import { writeCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import type { EpochResult } from "../../lib/storage/history.ts";
import { INITIAL_POSITION, initialise, RandomState } from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";

/** What a history says about its run. */
const settings = { learningRate: 0.01 };

Deno.test("example: plot draws a history and prints the name of the file", async () => {
  using folder = new Folder({ "h.csv": historyFile(madeUpRows(10)) });
  const cwd = folder.path;
  deepStrictEqual(await cli(["plot", "h.csv", "--lang=en"], { cwd }), {
    code: 0,
    stdout: "",
    stderr: "saved: curves.svg\n",
  });
  const text = new TextDecoder();
  strictEqual(text.decode(folder.read("curves.svg")), drawCurvesFile(madeUpRows(10), { settings }));
  const scales = ["--log", "--log-epochs"];
  strictEqual(
    (await cli(["plot", "h.csv", "--lang=en", "--out", "l.svg", ...scales], { cwd })).code,
    0,
  );
  strictEqual(
    text.decode(folder.read("l.svg")),
    drawCurvesFile(madeUpRows(10), { log: true, logEpochs: true, settings }),
  );
  deepStrictEqual(folder.names(), ["curves.svg", "h.csv", "l.svg"]);
});

/** A run of these epochs, as train saves it. */
function checkpoint(rows: readonly EpochResult[]): Uint8Array {
  const random = new RandomState(601), digest = new Uint8Array(32);
  const epoch = rows.at(-1)!.epoch + 1;
  return writeCheckpoint(initialise(4, 3, 2, random), {
    position: { ...INITIAL_POSITION, epoch },
    settings: { epochs: 40, batchSize: 10, learningRate: 0.25 },
    seed: 7,
    random: random.getState(),
    data: { trainCount: 100, trainDigest: digest, testCount: 20, testDigest: digest },
  }, { rows, evaluateEvery: 1, evaluateTrain: false });
}

Deno.test("example: plot without a file draws parameter.npz, with the settings of the run", async () => {
  const rows = madeUpRows(10).slice(4); // as of a run continued from a file without a history
  using folder = new Folder({ "parameter.npz": checkpoint(rows) });
  const cwd = folder.path;
  deepStrictEqual(await cli(["plot", "--lang", "ja"], { cwd }), {
    code: 0,
    stdout: "",
    stderr: "saved: curves.svg\n",
  });
  const settings = {
    network: [4, 3, 2],
    batchSize: 10,
    learningRate: 0.25,
    seed: 7,
    epochs: 40,
  } as const;
  const svg = new TextDecoder().decode(folder.read("curves.svg"));
  strictEqual(svg, drawCurvesFile(rows, { settings, lang: "ja" }));
  ok(
    svg.includes(">4-3-2、バッチ 10、学習率 0.25、シード 7、40 エポック</text>"),
  );
  strictEqual(
    (await cli(["plot", "parameter.npz", "--lang=en", "--out", "e.svg"], { cwd })).code,
    0,
  );
  ok(
    new TextDecoder().decode(folder.read("e.svg")).includes(
      "Cross-entropy and accuracy in epochs 5–10",
    ),
  );
});

Deno.test("example: plot --figures draws the report's figures, as many as the run is long enough for", async () => {
  using folder = new Folder({
    "parameter.npz": checkpoint(madeUpRows(40)),
    "short.csv": historyFile(madeUpRows(30)),
    "late.npz": checkpoint(madeUpRows(40).slice(34)),
  });
  const cwd = folder.path;
  Deno.mkdirSync(folder.file("short"));
  Deno.mkdirSync(folder.file("late"));
  const all = await cli(["plot", "--figures", "--lang", "ja"], { cwd });
  strictEqual(all.stderr, [1, 2, 3, 4].map((n) => `saved: figure${n}.svg\n`).join(""));
  const figure3 = new TextDecoder().decode(folder.read("figure3.svg"));
  ok(figure3.includes(">図 3 mini_loss</text>") && figure3.includes("シード 7"));
  const short = await cli(["plot", "--figures", "short.csv", "--out", "short"], { cwd });
  deepStrictEqual(short, {
    code: 0,
    stdout: "",
    stderr: "saved: short/figure1.svg\nsaved: short/figure2.svg\n" +
      "short.csv: ends with epoch 30; figures 3 and 4 need more than 30 (the report: 10,000)\n",
  });
  const late = await cli(["plot", "--figures", "late.npz", "--out", "late"], { cwd });
  strictEqual(
    late.stderr,
    "saved: late/figure3.svg\nsaved: late/figure4.svg\n" +
      "late.npz: begins with epoch 35; figures 1 and 2 need an epoch up to 30\n",
  );
  // nothing is written if one of the files cannot be
  Deno.removeSync(folder.file("figure1.svg"));
  Deno.removeSync(folder.file("figure4.svg"));
  Deno.mkdirSync(folder.file("figure4.svg"));
  await refuses(["plot", "--figures"], 1, "figure4.svg: cannot be written: it is a folder", {
    cwd,
  });
  ok(!folder.names().includes("figure1.svg"));
});

Deno.test("example: plot ignores an incomplete last row", async () => {
  using folder = new Folder({ "h.csv": historyFile(madeUpRows(3)).slice(0, -5) });
  strictEqual((await cli(["plot", "h.csv", "--lang=en"], { cwd: folder.path })).code, 0);
  strictEqual(
    new TextDecoder().decode(folder.read("curves.svg")),
    drawCurvesFile(madeUpRows(2), { settings }),
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
    [[], "parameter.npz: cannot be read: no such file or folder"],
    [["--figures"], "parameter.npz: cannot be read: no such file or folder"],
    [
      ["h.csv", "--figures", "--out", "no"],
      "no/figure1.svg: cannot be written: no such file or folder",
    ],
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
    [["--figures", "--log"], "option '--figures' cannot be used with option '--log'"],
    [["--figures", "--log-epochs"], "option '--figures' cannot be used with option '--log-epochs'"],
    [["--lang", "de"], "option '--lang <code>' argument 'de' is invalid. Must be en or ja"],
    [["a", "b"], "too many arguments for 'plot'. Expected 1 argument but got 2: a, b"],
    [["a", "--out", "b", "--out=c"], "option '--out' is given more than once"],
    [["a", "--log", "--log"], "option '--log' is given more than once"],
    [["a", "--out="], "option '--out <path>' argument '' is invalid. Must not be empty"],
    [["a", "--linear"], "unknown option '--linear'"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["plot", ...args], 2, line)));
});

/** A dependency in what `deno info --json` prints. */
interface Dependency {
  readonly isDynamic?: boolean;
  readonly code?: { readonly specifier: string };
}

Deno.test("example: no command loads the drawing library before it draws", async () => {
  const args = ["info", "--json", "cli.ts"], cwd = new URL("../..", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  const { modules, roots } = JSON.parse(new TextDecoder().decode(stdout));
  const importsOf = (specifier: string, isWanted: (dependency: Dependency) => boolean): string[] =>
    (modules.find((module: { specifier: string }) => module.specifier === specifier)
      ?.dependencies ?? [])
      .filter(isWanted).flatMap(({ code }: Dependency) => code?.specifier ?? []);
  // cli.ts imports each command when it is called
  const commands = roots.flatMap((root: string) => importsOf(root, () => true));
  const reached = new Set<string>([...roots, ...commands]);
  for (const specifier of reached) {
    for (const next of importsOf(specifier, ({ isDynamic }) => !isDynamic)) reached.add(next);
  }
  ok([...reached].some((specifier) => specifier.endsWith("/lib/commands/plot_command.ts")));
  deepStrictEqual([...reached].filter((specifier) => /d3-|\/charts\/curves/.test(specifier)), []);
});
