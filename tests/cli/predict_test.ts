// The predict command: its text and JSON, pictures and images of the data set, and what it rejects.
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { NdData } from "../../lib/formats/nd_array.ts";
import { initialise, RandomState, writeNpz, writeParameters } from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { idxFile } from "../helpers/idx.ts";
import { plain } from "../helpers/png.ts";

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

function array(shape: number[], numbers: number[]): { shape: number[]; data: NdData } {
  return { shape, data: Float64Array.from(numbers) };
}

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
