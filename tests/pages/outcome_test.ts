// What one sees of a mistake at the end of a training.
import { deepStrictEqual } from "node:assert/strict";
import { outcomeOf } from "../../lib/pages/break/outcome.ts";

Deno.test("example: outcomeOf() names what the accuracies show, for every kind of end", () => {
  const outcomes = [0.93, 0.9, 0.885, 0.88, 0.792, 0.5, 0.499, 0.2, 0.199, 0.05, 0.049, 0]
    .map((broken) => outcomeOf(0.889, broken, 10));
  deepStrictEqual(outcomes, [
    ...["better", "better", "same", "same", "learns", "learns"],
    ...["slow", "slow", "guessing", "guessing", "below", "below"],
  ]);
});
