/** The verify command: NumPy's trace agrees, and any change of it is found. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  agreeingDigits,
  arrays,
  compare,
  disagreements,
  NUMPY,
  type Trace,
} from "../../lib/commands/verify_command.ts";
import { cli } from "../helpers/cli.ts";
import { fixture, mnist, runs } from "../helpers/fixtures.ts";

const run = runs().find(({ settings }) => settings.limit === 2000)!;
const data = mnist("train").first(2000);

/** NumPy's trace of a small run: steps 0, 1 and 299, all matrices of each. */
function smallTrace() {
  const steps = arrays(fixture("trace_small.npz"));
  const initial = new Map(
    ["W1", "b1", "W2", "b2"].map((name) => [name, steps.get(`initial_${name}`)!]),
  );
  return { settings: run.settings, initial, steps, losses: run.losses } satisfies Trace;
}

for (const engine of ["reference", "simd"] as const) {
  Deno.test(`reference: compare() finds that a whole run of the ${engine} engine agrees with NumPy's`, () => {
    const agreement = compare(smallTrace(), data, 3, engine);
    deepStrictEqual(disagreements(agreement), []);
    strictEqual(
      agreement.initial.reduce((sum, { count }) => sum + count, 0),
      8 * 784 + 8 + 80 + 10,
    );
    strictEqual(agreement.steps.length, 3 * 12);
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
  deepStrictEqual(found, ["other images in step 0"]);
});

Deno.test("example: disagreements() finds one initial parameter whose last bit differs", () => {
  const found = failuresAfter(({ initial }) => {
    new BigUint64Array(initial.get("W2")!.buffer)[7]! ^= 1n;
  });
  deepStrictEqual(found, ["initial W2 in all but 1 of 80 numbers, need all"]);
});

Deno.test("example: disagreements() finds a loss that is 1e-11 away, NaN and a matrix of another size", () => {
  const losses = run.losses.with(1, run.losses[1]! * (1 + 1e-11));
  const found = disagreements(compare({ ...smallTrace(), losses }, data, 2, "simd"));
  deepStrictEqual(found, ["cross-entropy of epoch 2 in 11.0 digits, need 12"]);
  deepStrictEqual(
    failuresAfter(({ steps }) => steps.get("step0_P")![0] = NaN),
    ["P of step 0 in NaN digits, need 12"],
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
  ok(Number.isNaN(agreeingDigits([1], [NaN])));
});

Deno.test("example: verify replays the report's run, and prints in how many digits it agrees", async () => {
  const { code, stdout, stderr } = await cli(["verify", "--epochs=1"]);
  strictEqual(code, 0, stderr);
  ok(stderr.includes(`comparing with ${NUMPY}\n`));
  const lines = stdout.trimEnd().split("\n");
  ok(lines.some((line) => /^W1 +62720 +0$/.test(line)), stdout);
  ok(lines.some((line) => /^images +all +all +all$/.test(line)), stdout);
  ok(
    lines.some((line) =>
      /^epoch 1 +2\.1230689349790377 +2\.12306893497903\d+ +1[5-9]\.\d$/.test(line)
    ),
  );
  ok(/^Agrees with NumPy in 1[3-6]\.\d digits and more, 12 are needed/.test(lines.at(-1)!), stdout);
  ok(lines.every((line) => line.length <= 80));
});
