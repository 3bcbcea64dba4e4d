// The commands plot, summary and export: the files that they make, and what they refuse.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import manifest from "../../deno.json" with { type: "json" };
import { drawCurvesFile } from "../../lib/charts/curves.ts";
import { type OnnxOptions, writeOnnx } from "../../lib/storage/onnx_file.ts";
import {
  type EpochResult,
  INITIAL_POSITION,
  initialise,
  RandomState,
  type RunHistory,
  writeCheckpoint,
  writeParameters,
} from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import { wellFormed } from "../helpers/markup.ts";
import { texts, wordsOf } from "../pages/summary/sample_page.ts";

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
      "Cross-entropy and accuracy (epochs 5–10)",
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
  const needed =
    "figures 1 and 2 need one up to 30, figures 3 and 4 one after it (the report: 10,000)\n";
  const short = await cli(["plot", "--figures", "short.csv", "--out", "short"], { cwd });
  deepStrictEqual(short, {
    code: 0,
    stdout: "",
    stderr: "saved: short/figure1.svg\nsaved: short/figure2.svg\n" +
      `short.csv: epochs 1 to 30; ${needed}`,
  });
  const late = await cli(["plot", "--figures", "late.npz", "--out", "late"], { cwd });
  strictEqual(
    late.stderr,
    "saved: late/figure3.svg\nsaved: late/figure4.svg\n" +
      `late.npz: epochs 35 to 40; ${needed}`,
  );
  // nothing is written if one of the files cannot be
  Deno.removeSync(folder.file("figure1.svg"));
  Deno.removeSync(folder.file("figure4.svg"));
  Deno.mkdirSync(folder.file("figure4.svg"));
  await refuses(["plot", "--figures"], 1, "figure4.svg: cannot be written: is a directory", {
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
    ["", "parameter.npz: cannot be read: no such file or directory"],
    ["h.csv --figures --out no", "no/figure1.svg: cannot be written: no such file or directory"],
    ["header.csv", "header.csv: has no finished epoch, need one at least"],
    ["h.csv --out link.csv", "--out link.csv: is also an input; choose another file", 2],
  ];
  for (const [args, line, code = 1] of cases) {
    await refuses(["plot", ...args.split(" ").filter((word) => word)], code, line, { cwd });
  }
  deepStrictEqual(folder.names(), before);
});

const network = initialise(12, 5, 3, new RandomState(601));
const PARAMETERS = writeParameters(network);

/** The file of a run after two epochs, with this history. */
function checkpointOf(rows?: readonly EpochResult[]): Uint8Array<ArrayBuffer> {
  const digest = new Uint8Array(32), random = new RandomState(601);
  const history: RunHistory | undefined = rows && { rows, evaluateEvery: 1, evaluateTrain: false };
  return writeCheckpoint(initialise(12, 5, 3, random), {
    position: { epoch: 3, iteration: 0, lossSum: 0, correct: 0 },
    settings: { epochs: 9, batchSize: 10, learningRate: 0.25 },
    seed: 601,
    random: random.getState(),
    data: { trainCount: 40, trainDigest: digest, testCount: 20, testDigest: digest },
  }, history);
}

/** Rows of that run's CSV. */
const ROWS = madeUpRows(4).map((row) => ({ ...row, learningRate: 0.25 }));

/** A folder with a data set of its own. */
function folderWith(files: Record<string, Uint8Array | string>): Folder {
  const set = Object.entries(smallSet()).map(([name, bytes]) => [`set/${name}`, bytes] as const);
  return new Folder({ ...Object.fromEntries(set), ...files });
}

/** Runs summary in a folder; returns its page. */
async function pageOf(folder: Folder, ...args: string[]): Promise<string> {
  const run = await cli(["summary", "--data", "set", ...args], { cwd: folder.path });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: summary.html\n" });
  const page = new TextDecoder().decode(folder.read("summary.html"));
  wellFormed(page);
  return page;
}

/** The rows of the page's last table. */
function factsOf(page: string, heading = "Settings and versions"): string[] {
  return texts(page.slice(page.indexOf(heading)), "tr").map((row) => row.trim());
}

Deno.test("example: summary writes a page about a run, with its settings and its history, and names no folder in it", async () => {
  using folder = folderWith({ "parameter.npz": checkpointOf(ROWS.slice(0, 2)) });
  const page = await pageOf(folder, folder.file("parameter.npz"));
  strictEqual(texts(page, "h1")[0], "Summary: parameter.npz");
  ok(page.includes("<svg") && !page.includes(folder.path));
  const { stdout } = await cli(["evaluate", "--data", "set", "--json"], { cwd: folder.path });
  const { crossEntropy, correct, count } = JSON.parse(stdout);
  ok(page.includes(`${crossEntropy.toFixed(4)} nats <small>${crossEntropy}</small>`));
  ok(page.includes(`${correct} of ${count}`));
  const digest = createHash("sha256").update(folder.read("parameter.npz")).digest("hex");
  deepStrictEqual(factsOf(page), [
    "network12-5-3",
    "fileparameter.npz",
    `SHA-256 of the file${digest}`,
    "epochs2 of 9 done",
    "batch size10 of 40 training images",
    "learning rate0.25",
    "seed601",
    "historyparameter.npz: epochs 1 to 2",
    "dataset: 20 test images of 4x3",
    `sanso${manifest.version}`,
    `Deno${Deno.version.deno}`,
  ]);
  strictEqual(await pageOf(folder, "."), page);
  await cli(["summary", "--data", folder.file("set"), "--out=again.html"], { cwd: folder.path });
  deepStrictEqual(folder.read("again.html"), folder.read("summary.html"));
});

Deno.test("example: summary draws the history that is named, or none", async () => {
  using folder = folderWith({
    "p.npz": PARAMETERS,
    "late.npz": checkpointOf(ROWS.slice(1, 2)),
    "history.csv": historyFile(ROWS),
  });
  const history = async (...args: string[]) =>
    factsOf(await pageOf(folder, ...args)).filter((row) => row.includes("history"));
  const named = ["historyhistory.csv: epochs 1 to 4 in 3.0 s"];
  deepStrictEqual(await history("p.npz", "--history", "history.csv"), named);
  deepStrictEqual(await history("late.npz", "--history", "history.csv"), named);
  deepStrictEqual(await history("late.npz"), ["historylate.npz: epochs 2 to 2"]);
  const without = await cli(["summary", "p.npz", "--data", "set"], { cwd: folder.path });
  strictEqual(without.stderr, "no history: the page has no curves\nsaved: summary.html\n");
  ok(!new TextDecoder().decode(folder.read("summary.html")).includes("<svg"));
});

Deno.test("example: summary --lang ja writes the facts in Japanese too", async () => {
  using folder = folderWith({
    "p.npz": checkpointOf(ROWS.slice(0, 2)),
    "history.csv": historyFile(ROWS.slice(0, 3)),
  });
  const page = await pageOf(folder, "p.npz", "--history", "history.csv", "--lang", "ja");
  const digest = createHash("sha256").update(folder.read("p.npz")).digest("hex");
  deepStrictEqual(factsOf(page, "設定とバージョン"), [
    "ネットワーク12-5-3",
    "ファイルp.npz",
    `ファイルの SHA-256${digest}`,
    "エポック数全 9 エポックのうち 2 まで終了",
    "バッチサイズ10 枚（訓練画像 40 枚）",
    "学習率0.25",
    "乱数のシード601",
    "学習の履歴history.csv、エポック 1 から 3 まで、2.3 秒",
    "データset、4x3 のテスト画像 20 枚",
    `sanso${manifest.version}`,
    `Deno${Deno.version.deno}`,
  ]);
  const words = [...new Set(wordsOf(page.replace(digest, "")))].sort();
  deepStrictEqual(words, ["Deno", "SHA", "csv", "history", "nat", "npz", "sanso", "set"]);
});

Deno.test("example: summary refuses invalid input and the history of another run, and leaves no file", async () => {
  const running = { crossEntropy: 0.5, accuracy: 0.5 };
  using folder = folderWith({
    "p.npz": checkpointOf(ROWS.slice(0, 2)),
    "bare.npz": checkpointOf(),
    "wide.npz": writeParameters(initialise(13, 5, 3, new RandomState(1))),
    "other.csv": historyFile(ROWS.with(1, { ...ROWS[1]!, running })),
    "rate.csv": historyFile(madeUpRows(7)),
    "none/readme": "",
  });
  const cwd = folder.path, before = folder.names(), images = "set/t10k-images-idx3-ubyte";
  const other = "is not the history of this run:";
  const cases: [args: string, line: string, code?: 2][] = [
    ["no.npz", "no.npz: cannot be read: no such file or directory"],
    ["none", "none/parameter.npz: cannot be read: no such file or directory"],
    ["wide.npz", "wide.npz: arr_0 takes images of 13 pixels, the data has 12 (4x3)"],
    ["p.npz --history no.csv", "no.csv: cannot be read: no such file or directory"],
    ["p.npz --history other.csv", `other.csv: ${other} its epoch 2 differs`],
    // the run has no history itself, but a learning rate
    ["bare.npz --history rate.csv", `rate.csv: ${other} its epoch 1 differs`],
    ["p.npz --out p.npz", "--out p.npz: is also an input; choose another file", 2],
    [`p.npz --out ${images}`, `--out ${images}: is also an input; choose another file`, 2],
    ["p.npz --out none", "none: cannot be written: is a directory"],
  ];
  for (const [args, line, code = 1] of cases) {
    await refuses(["summary", "--data", "set", ...args.split(" ")], code, line, { cwd });
  }
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: export writes writeOnnx()'s model, of the type and for the pixels that are asked for", async () => {
  using folder = new Folder({ "p.npz": PARAMETERS });
  const cases: [args: string[], options: OnnxOptions][] = [
    [[], {}],
    [["--raw"], { raw: true }],
    [["--type", "float32"], {}],
    [["--type=float64", "--raw"], { type: "float64", raw: true }],
  ];
  await Promise.all(cases.map(async ([args, options], i) => {
    const out = `${i}.onnx`;
    const run = await cli(["export", "p.npz", "--out", out, ...args], { cwd: folder.path });
    deepStrictEqual(run, { code: 0, stdout: "", stderr: `saved: ${out}\n` });
    const producerVersion = manifest.version;
    deepStrictEqual(folder.read(out), writeOnnx(network, { ...options, producerVersion }));
  }));
});

Deno.test("example: export writes parameter.npz to model.onnx by default, replacing an older one", async () => {
  const older = writeOnnx(network, { raw: true });
  using folder = new Folder({ "parameter.npz": PARAMETERS, "model.onnx": older });
  const run = await cli(["export"], { cwd: folder.path });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: model.onnx\n" });
  const model = writeOnnx(network, { producerVersion: manifest.version });
  deepStrictEqual(folder.read("model.onnx"), model);
  deepStrictEqual(folder.names(), ["model.onnx", "parameter.npz"]);
});

Deno.test("example: export refuses what it cannot read or write, and leaves no file", async () => {
  using folder = new Folder({ "p.npz": PARAMETERS });
  Deno.symlinkSync("p.npz", folder.file("link.npz"));
  const cwd = folder.path, before = folder.names();
  const cases: [args: string, code: 1 | 2, line: string][] = [
    ["", 1, "parameter.npz: cannot be read: no such file or directory"],
    ["p.npz --out link.npz", 2, "--out link.npz: is also an input; choose another file"],
  ];
  for (const [args, code, line] of cases) {
    await refuses(`export ${args}`.trim().split(" "), code, line, { cwd });
  }
  deepStrictEqual(folder.names(), before);
});
