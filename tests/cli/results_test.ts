// The commands evaluate, predict and inspect: lines, JSON, and what they refuse.
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type WritableArray, writeNpy } from "../../lib/formats/npy.ts";
import { initialise, RandomState, writeNpz, writeParameters } from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { idxFile, smallSet } from "../helpers/idx.ts";
import { plain } from "../helpers/png.ts";
import { libraryRun } from "../helpers/runs.ts";
import { buildZip } from "../helpers/zip_builder.ts";

/**
 * Parameters that give every image the same result: one hidden unit without weights is 1/2, and the
 * scores are log 1, log 2 and log 5, so that the probabilities are 1/8, 2/8, 5/8 and the predicted
 * class is 2.
 */
const ALIKE = {
  arr_0: array([1, 12], new Array(12).fill(0)),
  arr_1: array([3, 1], [0, 2 * Math.LN2, 2 * Math.log(5)]),
  arr_2: array([1, 1], [0]),
  arr_3: array([3, 1], [0, 0, 0]),
};

function array(shape: number[], numbers: number[]): WritableArray {
  return { shape, data: Float64Array.from(numbers) };
}

/** The parameters above, some arrays replaced, or left out where the replacement is undefined. */
function parameters(replaced: Record<string, WritableArray | undefined> = {}): Uint8Array {
  const arrays = Object.entries({ ...ALIKE, ...replaced });
  return writeNpz(
    arrays.filter((entry): entry is [string, WritableArray] => entry[1] !== undefined),
  );
}

Deno.test("example: evaluate prints cross-entropy, accuracy, confusion, precision and recall", async () => {
  using folder = new Folder({ ...smallSet(), "p.npz": parameters() });
  // of 20 test images 7, 7 and 6 are of class 0, 1 and 2
  const { code, stdout, stderr } = await cli(["evaluate", "p.npz", "--data", "."], {
    cwd: folder.path,
  });
  const [, loss] = /^cross-entropy {2}(.*)$/m.exec(stdout)!;
  // each of the 20 additions rounds by 1.1e-16 at most, and so do logarithm and product before them
  const exact = (7 * Math.log(8) + 7 * Math.log(4) + 6 * Math.log(1.6)) / 20;
  ok(Math.abs(Number(loss) - exact) < 3e-15 * exact, loss);
  deepStrictEqual([code, stderr], [0, ""]);
  strictEqual(
    stdout,
    `p.npz on 20 test images of .

cross-entropy  ${loss}
accuracy       30.00 % (6 of 20)

confusion (rows: true class; columns: predicted class)
   0  1  2
0  0  0  7
1  0  0  7
2  0  0  6

most frequent wrong answers
answer   images
2, is 0       7
2, is 1       7

class  images  precision    recall
0           7          -    0.00 %
1           7          -    0.00 %
2           6    30.00 %  100.00 %
`,
  );
});

Deno.test("example: evaluate prints the most frequent wrong answers instead of a matrix that is too wide", async () => {
  const classes = 47, hidden = 1; // every image is class 46
  const alike = parameters({
    arr_1: array([classes, hidden], new Array(classes).fill(0)),
    arr_3: array([classes, 1], Array.from({ length: classes }, (_, k) => k)),
  });
  const labels = Array.from({ length: classes }, (_, k) => new Array(k + 1).fill(k)).flat();
  using folder = new Folder({
    "p.npz": alike,
    "t10k-images-idx3-ubyte": idxFile([labels.length, 4, 3], new Uint8Array(12 * labels.length)),
    "t10k-labels-idx1-ubyte": idxFile([labels.length], labels),
  });
  const { stdout } = await cli(["evaluate", "p.npz", "--data", "."], { cwd: folder.path });
  const lines = stdout.split("\n");
  deepStrictEqual(lines.slice(2, 8), [
    lines[2]!,
    "accuracy       4.17 % (47 of 1128)",
    "",
    "most frequent wrong answers",
    "answer     images",
    "46, is 45      46",
  ]);
  deepStrictEqual(lines.slice(26, 28), ["46, is 26      27", ""]);
  ok(!stdout.includes("confusion") && lines.every((line) => line.length <= 80));
});

Deno.test("example: evaluate --json prints the same as one object, with null where there is nothing to divide by", async () => {
  using folder = new Folder({ ...smallSet(), "p.npz": parameters() });
  const args = ["evaluate", "p.npz", "--data", "."];
  const [json, two, text] = await Promise.all([
    cli([...args, "--json"], { cwd: folder.path }),
    // two images: there is none of class 2
    cli([...args, "--json", "--limit", "2"], { cwd: folder.path }),
    cli(args, { cwd: folder.path }),
  ]);
  strictEqual(json.stdout.indexOf("\n"), json.stdout.length - 1);
  const [, loss] = /^cross-entropy {2}(.*)$/m.exec(text.stdout)!;
  deepStrictEqual(JSON.parse(json.stdout), {
    parameters: "p.npz",
    split: "test",
    count: 20,
    correct: 6,
    accuracy: 0.3,
    crossEntropy: Number(loss),
    confusion: [[0, 0, 7], [0, 0, 7], [0, 0, 6]],
    classes: [
      { class: 0, count: 7, correct: 0, precision: null, recall: 0 },
      { class: 1, count: 7, correct: 0, precision: null, recall: 0 },
      { class: 2, count: 6, correct: 6, precision: 0.3, recall: 1 },
    ],
  });
  const { count, correct, confusion, classes } = JSON.parse(two.stdout);
  deepStrictEqual([count, correct], [2, 0]);
  deepStrictEqual(confusion, [[0, 0, 1], [0, 0, 1], [0, 0, 0]]);
  deepStrictEqual(classes[2], { class: 2, count: 0, correct: 0, precision: 0, recall: null });
});

Deno.test("example: evaluate reads parameter.npz, and refuses what does not fit", async () => {
  const [labels] = ["t10k-labels-idx1-ubyte"];
  using folder = new Folder({
    ...smallSet(),
    "parameter.npz": parameters(),
    "D.npz": parameters({ arr_0: array([1, 2], [0, 0]) }),
    "K.npz": parameters({ arr_1: array([2, 1], [0, 0]), arr_3: array([2, 1], [0, 0]) }),
    "bad\x1b[31m\nname\u202e.npz": "",
  });
  const options = { cwd: folder.path };
  const cases: [args: string[], code: 1 | 2, line: string][] = [
    [["D.npz"], 1, "D.npz: arr_0 takes images of 2 pixels, the data has 12 (4x3)"],
    [["K.npz"], 1, `${labels}: label 2 is 2, need 0 to 1: K.npz has 2 classes`],
    [["D.npz", "--limit=21"], 2, "--limit 21: there are 20 test images"],
  ];
  for (const [args, code, line] of cases) {
    await refuses(["evaluate", ...args, "--data=."], code, line, options);
  }
  const { stderr } = await cli(["evaluate", "bad\x1b[31m\nname\u202e.npz"], options);
  ok(stderr.startsWith("error: bad\\u{1b}[31m\\u{a}name\\u{202e}.npz: "), stderr);
  // the first two images are of class 0 and 1
  for (const args of [["K.npz", "--limit", "2"], []]) {
    strictEqual((await cli(["evaluate", ...args, "--data", "."], options)).code, 0);
  }
  const one = await cli(["evaluate", "--data=.", "--limit=1"], options);
  ok(one.stdout.startsWith("parameter.npz on 1 test image of .\n"), one.stdout);
});

Deno.test("example: evaluate says which parameters are not float64, and train does unless it is quiet", async () => {
  const float32 = (numbers: number[]) => Float32Array.from(numbers);
  const narrow = parameters({
    arr_0: { shape: [1, 12], data: float32(new Array(12).fill(0)) },
    arr_2: { shape: [1, 1], data: float32([0]) },
    arr_3: { shape: [3, 1], data: Int16Array.of(0, 0, 0) },
  });
  using folder = new Folder({ ...smallSet(), "p.npz": narrow, "double.npz": parameters() });
  const lines = "p.npz: arr_0, arr_2 are float32, read as float64\n" +
    "p.npz: arr_3 is int16, read as float64\n";
  const stderr = async (...args: string[]) => {
    const run = await cli([...args, "--data", "."], { cwd: folder.path });
    strictEqual(run.code, 0, run.stderr);
    return run.stderr;
  };
  strictEqual(await stderr("evaluate", "p.npz"), lines);
  strictEqual(await stderr("evaluate", "double.npz"), "");
  const train = ["train", "--load", "p.npz", "--epochs", "1", "--batch", "10"];
  ok((await stderr(...train)).includes(lines));
  strictEqual(await stderr(...train, "--quiet", "--save", "quiet.npz"), "");
});

/**
 * Images of 4x4 pixels, and parameters that use the first pixel only: class 1 is probable if it is
 * bright, class 0 if it is dark.
 */
const FIRST_PIXEL = {
  "t10k-images-idx3-ubyte": idxFile([2, 4, 4], [
    0,
    ...Array(14).fill(128),
    0,
    ...Array(16).fill(255),
  ]),
  "t10k-labels-idx1-ubyte": idxFile([2], [0, 2]),
  "train-images-idx3-ubyte": idxFile([1, 4, 4], Array(16).fill(255)),
  "train-labels-idx1-ubyte": idxFile([1], [1]),
  // the hidden unit is about 0 or 1 (e⁻⁴⁰ beside it), and so the scores are log 7, 0, 0 or 0, log
  // 3, 0
  "p.npz": writeNpz([
    ["arr_0", array([1, 16], [80, ...Array(15).fill(0)])],
    ["arr_1", array([3, 1], [-Math.log(7), Math.log(3), 0])],
    ["arr_2", array([1, 1], [-40])],
    ["arr_3", array([3, 1], [Math.log(7), 0, 0])],
  ]),
};

Deno.test("example: predict refuses parameters whose scores overflow, and prints no class", async () => {
  const overflowing = writeNpz([
    ["arr_0", array([2, 16], Array(32).fill(0))],
    ["arr_1", array([3, 2], [1.7e308, 1.7e308, 0, 0, 0, 0])],
    ["arr_2", array([2, 1], [800, 800])],
    ["arr_3", array([3, 1], [0, 0, 0])],
  ]);
  using folder = new Folder({ ...FIRST_PIXEL, "p.npz": overflowing });
  for (const form of [[], ["--json"]]) {
    const message = "p.npz: the scores of test:0 overflow: parameters are too large";
    await refuses(["predict", "test:0", ...OWN, ...form], 1, message, { cwd: folder.path });
  }
});

const OWN = ["p.npz", "--data", "."];
const ANSWERS = "network: 16-1-3, p.npz\n";

Deno.test("example: predict prints each image with its class, its label and the probabilities beside it", async () => {
  using folder = new Folder(FIRST_PIXEL);
  const run = await cli(["predict", "test:0", "test:1", "train:0", ...OWN], { cwd: folder.path });
  deepStrictEqual([run.code, run.stderr], [0, ANSWERS]);
  strictEqual(
    run.stdout,
    `test:0: class 0, 77.78 %, right
┌────┐  0  77.78 %  ███████████████▌
│░▒▒▒│  1  11.11 %  ██▎
│▒▒▒░│  2  11.11 %  ██▎
└────┘

test:1: class 1, is 2, 60.00 %, wrong
┌────┐  0  20.00 %  ████
│████│  1  60.00 %  ████████████
│████│  2  20.00 %  ████
└────┘

train:0: class 1, 60.00 %, right
┌────┐  0  20.00 %  ████
│████│  1  60.00 %  ████████████
│████│  2  20.00 %  ████
└────┘
`,
  );
});

Deno.test("example: predict --json prints one object per line, and null for a label that is not known", async () => {
  // of 4x4 the middle alone gets ink, and the first pixel none
  const picture = plain(8, 8, (x, y) => x >= 2 && x < 4 && y >= 2 && y < 6 ? 0 : 255);
  using folder = new Folder({ ...FIRST_PIXEL, "a b.png": picture });
  const run = await cli(["predict", "test:1", "a b.png", "--json", ...OWN], { cwd: folder.path });
  deepStrictEqual([run.code, run.stderr], [0, ANSWERS]);
  const lines = run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const round = (ps: number[]) => ps.map((p) => Number(p.toFixed(12)));
  deepStrictEqual(
    lines.map(({ probabilities, ...rest }) => ({ ...rest, probabilities: round(probabilities) })),
    [
      { image: "test:1", class: 1, label: 2, probabilities: [0.2, 0.6, 0.2] },
      { image: "a b.png", class: 0, label: null, probabilities: round([7 / 9, 1 / 9, 1 / 9]) },
    ],
  );
});

Deno.test("example: predict answers with parameter.npz where it is, and else with the report's parameters", async () => {
  using folder = new Folder({ "bar.png": plain(20, 30, (x) => x >= 9 && x < 12 ? 0 : 255) });
  const network = async () => (await cli(["predict", "bar.png"], { cwd: folder.path })).stderr;
  strictEqual(await network(), "network: 784-80-10, the report's parameters\n");
  folder.write("parameter.npz", writeParameters(initialise(16, 2, 3, new RandomState(1))));
  strictEqual(await network(), "network: 16-2-3, parameter.npz\n");
});

Deno.test("example: predict refuses a bad image before it prints any prediction", async () => {
  using folder = new Folder({
    ...FIRST_PIXEL,
    "good.png": plain(5, 5, (x) => 50 * x),
    "white.png": plain(5, 5, () => 255),
    "text.png": "P2 1 1",
    "flat.npz": writeParameters(initialise(12, 2, 3, new RandomState(601))),
  });
  const cases: [args: string, line: string, code?: 2][] = [
    ["p.npz white.png", "white.png: image is of one colour, need something drawn on it"],
    ["p.npz test:2 --data .", "test:2: there are 2 test images, counted from 0", 2],
    [
      "flat.npz",
      "flat.npz: arr_0 takes images of 12 pixels, which is no square: need --data to know their width and height",
    ],
    ["flat.npz --data .", "flat.npz: arr_0 takes images of 12 pixels, the data has 16 (4x4)"],
  ];
  for (const [args, line, code = 1] of cases) {
    await refuses(["predict", "good.png", ...args.split(" ")], code, line, { cwd: folder.path });
  }
  // the words are those of lib/formats/ or lib/system/
  const { code, stderr } = await cli(["predict", "text.png"], { cwd: folder.path });
  strictEqual(code, 1);
  match(stderr, /^error: text\.png: .*PNG.*\n$/);
});

const FIXTURES = fileURLToPath(new URL("../../fixtures/odd/", import.meta.url));
const HALF = writeNpy({ shape: [], data: Float64Array.of(0.5) });

Deno.test("example: inspect begins with the run, and ends with the hash of the network", async () => {
  const [first] = libraryRun(smallSet(), { epochs: 3, batch: 10, hidden: 5 });
  using folder = new Folder({ "p.npz": first!.checkpoint });
  const { code, stdout } = await cli(["inspect", "p.npz"], { cwd: folder.path });
  strictEqual(code, 0);
  const lines = stdout.split("\n");
  deepStrictEqual(lines.slice(0, 5), [
    "network   12-5-3, 83 parameters",
    "run       1 of 3 epochs",
    "settings  batch size 10, learning rate 0.01, seed 601",
    `accuracy  ${(100 * first!.running.accuracy).toFixed(2)} % during epoch 1, ` +
    `${(100 * first!.test.accuracy).toFixed(2)} % on the test images`,
    "",
  ]);
  match(lines.at(-2)!, /^hash: parameters [0-9a-f]{64}, loss [0-9a-f]{64}$/);
});

Deno.test("example: inspect aligns its columns, wide characters too, and shows every kind of array", async () => {
  const table = async (file: string) => {
    const { code, stdout, stderr } = await cli(["inspect", `${FIXTURES}${file}.npz`]);
    deepStrictEqual([code, stderr], [0, ""]);
    return stdout.split("\n").slice(0, -1);
  };
  deepStrictEqual(await table("names"), [
    "name        dtype   shape   min  mean   max",
    "重み 1        <f8  (2, 3)  -2.5   0.0   2.5",
    "a.b           <f8    (3,)  -2.5  -1.5  -0.5",
    "with/slash    <f8    (3,)   0.5   1.5   2.5",
  ]);
  deepStrictEqual((await table("float16")).slice(2).map((line) => line.split(/ {2,}/)), [
    ["arr_1", ">f2", "(9,)", "nan", "nan", "nan"],
    ["arr_2", ">f2", "(2, 3) Fortran", "-2.5", "0.0", "2.5"],
    ["arr_3", "<f2", "()", "0.09998", "0.09998", "0.09998"],
  ]);
  strictEqual((await table("bool")).at(-1), "arr_3    |b1             (0, 2)    -       -    -");
});

Deno.test("example: inspect escapes and cuts names and shapes, and rounds large integers", async () => {
  const deep = writeNpy({ shape: new Array(64).fill(1), data: BigInt64Array.of(-(2n ** 63n)) });
  const names = ["\x1b[2J\r\n\x9b", "\u202etxt.\u2028", "é'\"\\", "x".repeat(99), ""];
  const members = names.map((name) => ({
    name: `${name}.npy`,
    contents: HALF,
    both: { flags: 1 << 11 }, // UTF-8
  }));
  using folder = new Folder({
    "names.npz": buildZip(members),
    "deep.npz": buildZip([{ name: `${"n".repeat(50)}.npy`, contents: deep }]),
  });
  const lines = async (name: string) =>
    (await cli(["inspect", name], { cwd: folder.path })).stdout.split("\n").slice(1, -1);
  deepStrictEqual((await lines("names.npz")).map((line) => line.slice(0, 50).trimEnd()), [
    "\\u{1b}[2J\\u{d}\\u{a}\\u{9b}",
    "\\u{202e}txt.\\u{2028}",
    "é'\\\"\\\\",
    `${"x".repeat(25)}…${"x".repeat(24)}`,
    "",
  ]);
  const [row] = await lines("deep.npz");
  match(row!, /^n{9}…n{8} {4}<i8 {2}\(1, 1, 1…1, 1, 1\)(?: {2}-9\.223e\+18){3}$/);
});

Deno.test("example: inspect lists the other arrays if some are refused, and names each with its reason; --json has all digits", async () => {
  const large = writeNpy({ shape: [1, 1], data: BigUint64Array.of(2n ** 64n - 1n) });
  const good = writeNpy({ shape: [2], data: Float64Array.of(1.5, 1) });
  using folder = new Folder({
    "p.npz": buildZip([
      { name: "short.npy", contents: HALF.subarray(1) },
      { name: "good.npy", contents: good },
      { name: "large.npy", contents: large },
      { name: "text.npy", contents: HALF.with(22, "U".charCodeAt(0)) }, // <f8 becomes <U8
    ]),
  });
  const needed = "need f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1";
  const reasons = [
    'Cannot read "short.npy": begins with 4e 55 4d 50 59 01, need 93 4e 55 4d 50 59 (npy)',
    `Cannot read "text.npy": descr is "<U8" (strings), ${needed}`,
  ];
  const stderr = reasons.map((reason) => `error: p.npz: ${reason}\n`).join("");
  deepStrictEqual(await cli(["inspect", "p.npz"], { cwd: folder.path }), {
    code: 1,
    stdout: "name   dtype   shape        min       mean        max\n" +
      "short      -       -          -          -          -\n" +
      "good     <f8    (2,)        1.0       1.25        1.5\n" +
      "large    <u8  (1, 1)  1.845e+19  1.845e+19  1.845e+19\n" +
      "text       -       -          -          -          -\n",
    stderr,
  });
  const run = await cli(["inspect", "p.npz", "--json"], { cwd: folder.path });
  const digits = "18446744073709551615", order = "C";
  const arrays = [
    { name: "short", error: reasons[0] },
    { name: "good", dtype: "<f8", shape: [2], order, min: 1, mean: 1.25, max: 1.5 },
    {
      ...{ name: "large", dtype: "<u8", shape: [1, 1], order },
      ...{ min: "digits", mean: 2 ** 64, max: "digits" },
    },
    { name: "text", error: reasons[1] },
  ];
  deepStrictEqual([run.code, run.stderr], [1, stderr]);
  const json = JSON.parse(run.stdout.replaceAll(digits, '"digits"'));
  deepStrictEqual(json, { file: "p.npz", arrays, hashes: null });
});
