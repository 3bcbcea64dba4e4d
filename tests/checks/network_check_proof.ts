/**
 * Gradients of the report's network against finite differences, for several seeds, and of networks
 * that a far too large learning rate has saturated.
 */
import { ok, strictEqual } from "node:assert/strict";
import {
  checkDirection,
  checkGradients,
  entriesToCheck,
  firstWrongGradient,
  type LayerCheck,
  layerChecks,
  undecidedGradients,
} from "../../lib/checks/layer_checks.ts";
import { maxAbs } from "../../lib/math/max_abs.ts";
import { backward, dim, forward, initialise, RandomState, SimdEngine, train } from "../../mod.ts";
import { drawnBatch } from "../helpers/gradients.ts";
import { GRADIENT_MISTAKES } from "./gradient_mistakes.ts";
import { mnist } from "../helpers/fixtures.ts";

Deno.test("example: checkGradients() finds errors of 1e-9 at most in every gradient, for 10 seeds of the report's network", () => {
  for (let seed = 0; seed < 10; seed++) {
    const { p, batch, random } = drawnBatch(seed, 80, 2);
    const results = checkGradients(p, batch, { entries: 16, random });
    strictEqual(results.length, 11);
    for (const { check, error, verdict } of results) {
      strictEqual(verdict, "right", check.name);
      ok(error <= 1e-9, `${check.name}, seed ${seed}: ${error}`);
    }
  }
});

Deno.test("example: checkDirection() finds errors below 1e-13 through all parameters, for 40 seeds of the report's network", () => {
  for (let seed = 0; seed < 40; seed++) {
    const { p, batch, random } = drawnBatch(seed, 80, 10);
    const { error, verdict } = checkDirection(p, batch, random);
    strictEqual(verdict, "right", `seed ${seed}`);
    ok(error < 1e-13, `seed ${seed}: ${error}`); // as docs/checks.md says
  }
});

const NAMES = ["W1", "b1", "W2", "b2"] as const;
/** Few hidden units and entries: time is proportional to both. */
const HIDDEN = 16, ENTRIES = 12;
const RATES = [30, 50, 100, 200], SEEDS = [1, 2, 3, 4];

/** A small network after one epoch of 10,000 images with a learning rate that saturates it. */
function saturate(learningRate: number, seed: number) {
  const data = mnist("train").first(10_000), random = new RandomState(seed);
  const drawn = initialise(data.inputs, dim("hidden", HIDDEN), data.classes, random);
  const engine = new SimdEngine(drawn, data);
  for (const _ of train(engine, random, { epochs: 1, batchSize: 100, learningRate }));
  return engine.parameters;
}

const saturated = RATES.flatMap((rate) =>
  SEEDS.map((seed) => ({ rate, seed, p: saturate(rate, seed) }))
);

Deno.test("example: no gradient of 16 saturated networks is called wrong, and none of these networks is decided", () => {
  for (const { rate, seed, p } of saturated) {
    const { batch, random } = drawnBatch(seed);
    const results = checkGradients(p, batch, { entries: ENTRIES, random });
    const what = `learning rate ${rate}, seed ${seed}`;
    strictEqual(firstWrongGradient(results), undefined, what);
    ok(undecidedGradients(results, checkDirection(p, batch, random)), what);
  }
});

Deno.test("example: no mistake that changes a gradient of a saturated network is called right", () => {
  const found = { right: 0, wrong: 0, undecided: 0 };
  for (const { rate, seed, p } of saturated) {
    const { batch, random } = drawnBatch(seed);
    for (const [what, functions, first] of GRADIENT_MISTAKES) {
      const named = (checks: LayerCheck[]) => checks.find(({ name }) => name === first)!;
      const right = named(layerChecks(p, batch)).analytic.data;
      const check = named(layerChecks(p, batch, functions)), wrong = check.analytic.data;
      // a right gradient is within twice the bound of differences that are off by the bound
      const change = maxAbs(wrong.map((g, entry) => g - right[entry]!));
      if (!(change > 3e-9 * maxAbs(wrong))) continue; // such as a softmax of 0 and 1 either way
      // all entries, or some of dW1, whose mistakes are in every one
      const most = first.endsWith("dW1") ? ENTRIES : wrong.length;
      const { verdict } = check.compare(entriesToCheck(check.analytic, most, random));
      ok(verdict !== "right", `${what}: ${first} with learning rate ${rate}, seed ${seed}`);
      found[verdict]++;
    }
  }
  ok(found.wrong > 50 && found.undecided > 0, JSON.stringify(found));
});

Deno.test("example: checkDirection() calls no gradient of a saturated network right that is left out or doubled", () => {
  for (const { rate, seed, p } of saturated) {
    const { batch, random } = drawnBatch(seed);
    const right = backward(p, forward(p, batch.X), batch.labels);
    const length = Math.hypot(...NAMES.map((name) => Math.hypot(...right.gradients[name].data)));
    for (const name of NAMES) {
      const own = maxAbs(right.gradients[name].data);
      // where this one is all but 0, it makes no difference
      if (own < 1e-6 * length) continue;
      for (const factor of [0, 2]) {
        const changed = right.gradients[name].map((g) => factor * g);
        const gradients = { ...right.gradients, [name]: changed };
        const { verdict } = checkDirection(p, batch, random, {
          backward: (() => ({ ...right, gradients })) as unknown as typeof backward,
        });
        ok(verdict !== "right", `${name} times ${factor}, learning rate ${rate}, seed ${seed}`);
      }
    }
  }
});
