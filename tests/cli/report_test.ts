// `report`: the page that it writes, and what it refuses.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import manifest from "../../deno.json" with { type: "json" };
import {
  type EpochResult,
  initialise,
  RandomState,
  writeCheckpoint,
  writeParameters,
} from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import { wellFormed } from "../helpers/markup.ts";
import { texts, wordsOf } from "../helpers/report.ts";

const PARAMETERS = writeParameters(initialise(12, 5, 3, new RandomState(601)));

Deno.test("example: report writes a page about a folder's parameter.npz and history", async () => {
  const rows = madeUpRows(3);
  using folder = new Folder({
    ...smallSet(),
    "parameter.npz": PARAMETERS,
    "any.csv": historyFile(rows),
  });
  const cwd = folder.path;
  const run = await cli(["report", ".", "--data", "."], { cwd });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: report.html\n" });
  const page = new TextDecoder().decode(folder.read("report.html"));
  wellFormed(page);
  strictEqual(texts(page, "h1")[0], "Report: parameter.npz");
  const { stdout } = await cli(["evaluate", "parameter.npz", "--data", ".", "--json"], { cwd });
  const { crossEntropy, correct, count } = JSON.parse(stdout);
  ok(page.includes(`${crossEntropy.toFixed(4)} nats <small>${crossEntropy}</small>`));
  ok(page.includes(`${correct} of ${count}`));
  const facts = page.slice(page.indexOf("Settings and versions"));
  deepStrictEqual(texts(facts, "tr").map((row) => row.trim()), [
    "network12-5-3: 83 parameters",
    "fileparameter.npz",
    `SHA-256 of the file${createHash("sha256").update(PARAMETERS).digest("hex")}`,
    "historyany.csv: 3 epochs in 2.3 s", // 3 x 0.75
    "learning rate of the history0.01",
    "data.: 20 test images of 4x3",
    `sanso${manifest.version}`,
    `Deno${Deno.version.deno}`,
  ]);
  await cli(["report", ".", "--data", ".", "--out", "again.html"], { cwd });
  deepStrictEqual(folder.read("again.html"), folder.read("report.html"));
});

Deno.test("example: report reads a file without a history, and draws a history that is named", async () => {
  using folder = new Folder({
    ...smallSet(),
    "p.npz": PARAMETERS,
    "history.csv": historyFile(madeUpRows(2)),
  });
  const cwd = folder.path;
  const without = await cli(["report", "p.npz", "--data", "."], { cwd });
  strictEqual(without.stderr, "no history: the page has no curves\nsaved: report.html\n");
  ok(!new TextDecoder().decode(folder.read("report.html")).includes("<svg"));
  const args = ["--history", "history.csv", "--log", "--log-epochs", "--out", "with.html"];
  const named = await cli(["report", "p.npz", "--data", ".", ...args], { cwd });
  strictEqual(named.stderr, "saved: with.html\n");
  ok(new TextDecoder().decode(folder.read("with.html")).includes("nats), logarithmic"));
});

Deno.test("example: report of a folder takes the history that is named, not the one there, and names no folder in the page", async () => {
  using folder = new Folder({
    ...smallSet(),
    "run/parameter.npz": PARAMETERS,
    "run/history.csv": historyFile(madeUpRows(2)),
    "other.csv": historyFile(madeUpRows(4)),
  });
  const args = ["report", folder.file("run"), "--data", ".", "--history", folder.file("other.csv")];
  strictEqual((await cli(args, { cwd: folder.path })).code, 0);
  const page = new TextDecoder().decode(folder.read("report.html"));
  const rows = texts(page, "tr").map((row) => row.trim());
  ok(rows.includes("historyother.csv: 4 epochs in 3.0 s"));
  ok(rows.includes("fileparameter.npz"));
  ok(!page.includes(folder.path));
});

Deno.test("example: report shows the training state of a checkpoint", async () => {
  const random = new RandomState(601);
  const digest = new Uint8Array(32);
  const checkpoint = writeCheckpoint(initialise(12, 5, 3, random), {
    position: { epoch: 3, iteration: 0, lossSum: 0, correct: 0 },
    settings: { epochs: 9, batchSize: 10, learningRate: 0.25 },
    seed: 601,
    random: random.getState(),
    data: { trainCount: 40, trainDigest: digest, testCount: 20, testDigest: digest },
  });
  using folder = new Folder({ ...smallSet(), "p.npz": checkpoint });
  strictEqual((await cli(["report", "p.npz", "--data", "."], { cwd: folder.path })).code, 0);
  const rows = texts(new TextDecoder().decode(folder.read("report.html")), "tr");
  for (
    const fact of [
      "epochs2 of 9 done",
      "batch10 of 40 training images",
      "learning rate0.25",
      "seed601",
    ]
  ) ok(rows.includes(fact), fact);
});

/** The file of a run after two epochs, with this history. */
function checkpointOf(rows: readonly EpochResult[]): Uint8Array<ArrayBuffer> {
  const digest = new Uint8Array(32), random = new RandomState(601);
  return writeCheckpoint(initialise(12, 5, 3, random), {
    position: { epoch: 3, iteration: 0, lossSum: 0, correct: 0 },
    settings: { epochs: 9, batchSize: 10, learningRate: 0.25 },
    seed: 601,
    random: random.getState(),
    data: { trainCount: 40, trainDigest: digest, testCount: 20, testDigest: digest },
  }, { rows, evaluateEvery: 1, evaluateTrain: false });
}

Deno.test("example: report draws the history in the npz file; a CSV is for files without one, and for --history", async () => {
  const rows = (count: number) => madeUpRows(count).map((row) => ({ ...row, learningRate: 0.25 }));
  const history = madeUpRows(2);
  using folder = new Folder({
    ...smallSet(),
    "run/parameter.npz": checkpointOf(history),
    "run/history.csv": historyFile(rows(4)),
    "begun/parameter.npz": checkpointOf([]),
    "begun/any.csv": historyFile(madeUpRows(3)),
    "late.npz": checkpointOf(history.slice(1)),
  });
  const facts = async (...args: string[]) => {
    const run = await cli(["report", ...args, "--data", "."], { cwd: folder.path });
    deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: report.html\n" });
    const page = new TextDecoder().decode(folder.read("report.html"));
    wellFormed(page);
    ok(page.includes("<svg"));
    return texts(page, "tr").map((row) => row.trim()).filter((row) => row.startsWith("history"));
  };
  deepStrictEqual(await facts("run"), ["historyparameter.npz: 2 epochs"]);
  deepStrictEqual(await facts("run/parameter.npz"), ["historyparameter.npz: 2 epochs"]);
  deepStrictEqual(await facts("late.npz"), ["historylate.npz: epochs 2 to 2"]);
  deepStrictEqual(await facts("begun"), ["historyany.csv: 3 epochs in 2.3 s"]);
  deepStrictEqual(await facts("run", "--history", "run/history.csv"), [
    "historyhistory.csv: 4 epochs in 3.0 s",
  ]);
  deepStrictEqual(await facts("late.npz", "--history", "late.npz"), [
    "historylate.npz: epochs 2 to 2",
  ]);
});

Deno.test("example: report --lang ja writes the facts in Japanese too", async () => {
  const rows = madeUpRows(2).map((row) => ({ ...row, learningRate: 0.25 }));
  using folder = new Folder({
    ...smallSet(),
    "p.npz": checkpointOf(rows),
    "late.npz": checkpointOf(rows.slice(1)),
    "history.csv": historyFile([...rows, { ...rows[1]!, epoch: 3 }]),
  });
  const report = async (...args: string[]) => {
    const options = ["--data", ".", "--lang", "ja"];
    const run = await cli(["report", ...args, ...options], { cwd: folder.path });
    deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: report.html\n" });
    return new TextDecoder().decode(folder.read("report.html"));
  };
  const page = await report("p.npz", "--history", "history.csv");
  const digest = createHash("sha256").update(folder.read("p.npz")).digest("hex");
  const facts = page.slice(page.indexOf("設定とバージョン"));
  deepStrictEqual(texts(facts, "tr").map((row) => row.trim()), [
    "ネットワーク12-5-3（パラメータ 83 個）",
    "ファイルp.npz",
    `ファイルの SHA-256${digest}`,
    "エポック全 9 エポックのうち 2 まで終了",
    "バッチ10 枚（訓練画像 40 枚）",
    "学習率0.25",
    "シード601",
    "学習の履歴history.csv、3 エポック、2.3 秒",
    "履歴の学習率0.25",
    "データ.、4x3 のテスト画像 20 枚",
    `sanso${manifest.version}`,
    `Deno${Deno.version.deno}`,
  ]);
  const words = new Set(wordsOf(page.replace(digest, "")));
  const names = ["Deno", "SHA", "csv", "history", "nat", "npz", "sanso"];
  deepStrictEqual([...words].sort(), names);
  ok((await report("late.npz")).includes("late.npz、エポック 2 から 2 まで"));
});

Deno.test("example: report refuses the history of another run beside a file that has its own", async () => {
  const rows = madeUpRows(3).map((row) => ({ ...row, learningRate: 0.25 }));
  const running = { crossEntropy: 0.5, accuracy: 0.5 };
  using folder = new Folder({
    ...smallSet(),
    "p.npz": checkpointOf(rows.slice(0, 2)),
    "other.csv": historyFile(rows.with(1, { ...rows[1]!, running })),
    "other.npz": checkpointOf([rows[0]!, { ...rows[1]!, running }]),
    "rate.csv": historyFile(madeUpRows(3)),
    "short.csv": historyFile(rows.slice(0, 1)),
    "late.npz": checkpointOf(rows.slice(1, 2)),
  });
  const other = "is the history of another run:", { crossEntropy } = rows[1]!.running;
  for (
    const [name, reason] of [
      ["other.csv", `${other} cross_entropy of epoch 2 is 0.5, need ${crossEntropy}`],
      ["other.npz", `${other} cross_entropy of epoch 2 is 0.5, need ${crossEntropy}`],
      ["rate.csv", `${other} learning_rate of epoch 1 is 0.01, need 0.25`],
      ["short.csv", "has 1 epoch, need the first 2"],
      ["late.npz", "begins with epoch 2, need epoch 1"],
    ]
  ) {
    await refuses(
      ["report", "p.npz", "--data", ".", "--history", name!],
      1,
      `${name}: ${reason}`,
      { cwd: folder.path },
    );
  }
  ok(!folder.names().includes("report.html"));
});

Deno.test("example: report shows a hostile file name as words", async () => {
  const name = "<img src=x onerror=alert(1)>\u202e.npz";
  using folder = new Folder({ ...smallSet(), [name]: PARAMETERS });
  strictEqual((await cli(["report", name, "--data", "."], { cwd: folder.path })).code, 0);
  const page = new TextDecoder().decode(folder.read("report.html"));
  wellFormed(page);
  ok(page.includes("<h1>Report: &lt;img src=x onerror=alert(1)&gt;\\u{202e}.npz</h1>"));
  ok(!page.includes("\u202e"));
});

Deno.test("example: report refuses invalid input, and leaves no file", async () => {
  const history = historyFile(madeUpRows(2));
  using folder = new Folder({
    ...smallSet(),
    "p.npz": PARAMETERS,
    "bad.npz": "PK",
    "wide.npz": writeParameters(initialise(13, 5, 3, new RandomState(1))),
    "h.csv": history,
    "bad.csv": "a\n",
    "none/a.csv": history,
    "two/parameter.npz": PARAMETERS,
    "two/a.csv": history,
    "two/b.csv": history,
  });
  const cwd = folder.path, before = folder.names();
  const columns = historyFile([]).trimEnd();
  const images = "t10k-images-idx3-ubyte";
  const cases: [args: string[], line: string][] = [
    [["no.npz"], "no.npz: cannot be read: no such file or folder"],
    [["none"], "none: has no parameter.npz"],
    [["two"], 'two: has no history.csv but "a.csv", "b.csv": need --history'],
    [
      ["wide.npz"],
      "wide.npz: arr_0 takes images of 13 pixels, the data has 12 (4x3)",
    ],
    [["p.npz", "--history", "no.csv"], "no.csv: cannot be read: no such file or folder"],
    [
      ["p.npz", "--history", "bad.csv"],
      `bad.csv: Cannot read history: line 1 is "a", need the columns ${columns}`,
    ],
    [["p.npz", "--out", "p.npz"], "--out p.npz: is also an input; choose another file"],
    [
      ["p.npz", "--history=h.csv", "--out=h.csv"],
      "--out h.csv: is also an input; choose another file",
    ],
    [["p.npz", "--out", images], `--out ${images}: is also an input; choose another file`],
    [["p.npz", "--out", "none"], "none: cannot be written: it is a folder"],
    [
      ["p.npz", "--data", "none"],
      "none: has no t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz",
    ],
  ];
  await Promise.all(cases.map(([args, line]) => {
    const data = args.includes("--data") ? [] : ["--data", "."];
    return refuses(["report", ...args, ...data], 1, line, { cwd });
  }));
  const damaged = await cli(["report", "bad.npz", "--data", "."], { cwd });
  deepStrictEqual([damaged.code, damaged.stderr.slice(0, 16)], [1, "error: bad.npz: "]);
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: report refuses wrong usage", async () => {
  const cases: [args: string[], line: string][] = [
    [[], "missing required argument 'parameters'"],
    [["a", "--history", "b", "--history=c"], "option '--history' is given more than once"],
    [["a", "--data=b", "--data=c"], "option '--data' is given more than once"],
    [["a", "--out="], "option '--out <file>' argument '' is invalid. Must not be empty"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["report", ...args], 2, line)));
});
