/**
 * The evaluate command: its text and JSON, and the parameters and data that it rejects.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { WritableArray } from "../../lib/formats/npy.ts";
import { writeNpz } from "../../lib/formats/npz.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { idxFile, smallSet } from "../helpers/idx.ts";

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
