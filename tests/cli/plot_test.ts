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
  const log = await cli(["plot", "h.csv", "--lang=en", "--out=l.svg", "--log"], { cwd });
  strictEqual(log.code, 0);
  const drawn = drawCurvesFile(madeUpRows(10), { log: true, settings });
  strictEqual(text.decode(folder.read("l.svg")), drawn);
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
    svg.includes(">4-3-2、バッチサイズ 10、学習率 0.25、乱数のシード 7、40 エポック</text>"),
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
  ok(figure3.includes(">図 3 mini_loss</text>") && figure3.includes("乱数のシード 7"));
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

Deno.test("example: plot refuses what it cannot draw, and writes no file", async () => {
  using folder = new Folder({
    "header.csv": historyFile([]),
    "h.csv": historyFile(madeUpRows(2)),
  });
  Deno.symlinkSync("h.csv", folder.file("link.csv"));
  const cwd = folder.path, before = folder.names();
  const cases: [args: string, line: string, code?: 2][] = [
    ["", "parameter.npz: cannot be read: no such file or folder"],
    ["h.csv --figures --out no", "no/figure1.svg: cannot be written: no such file or folder"],
    ["header.csv", "header.csv: has no finished epoch, need one at least"],
    ["h.csv --out link.csv", "--out link.csv: is also an input; choose another file", 2],
  ];
  for (const [args, line, code = 1] of cases) {
    await refuses(["plot", ...args.split(" ").filter((word) => word)], code, line, { cwd });
  }
  deepStrictEqual(folder.names(), before);
});
