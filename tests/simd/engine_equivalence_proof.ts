// SimdEngine is compared with the reference on all of MNIST: every number must have the same bits.
import { deepStrictEqual } from "node:assert/strict";
import { dim, evaluate, initialise, RandomState } from "../../mod.ts";
import { mnist } from "../helpers/fixtures.ts";
import { assertEqualSteps, EnginePair } from "../helpers/engine_equivalence.ts";

Deno.test("example: SimdEngine equals the reference to the bit on real MNIST", () => {
  const data = mnist("train"), test = mnist("test").first(1000);
  const random = new RandomState(601);
  const engines = new EnginePair(
    initialise(data.inputs, dim("hidden", 80), data.classes, random),
    data,
  );
  for (let i = 0; i < 200; i++) {
    engines.step(random.randint(0, data.count, 100), i < 100 ? 0.01 : 1);
  }
  const { fast, reference } = new EnginePair(engines.fast.parameters, test);
  deepStrictEqual(evaluate(fast), evaluate(reference));
});

Deno.test("law: SimdEngine takes steps equal to the reference's to the bit, in 1000 runs", () =>
  assertEqualSteps(1000));
