/** Mistakes in a network so large that they are tried in a part of it first. */
import { ok, strictEqual } from "node:assert/strict";
import { rearranges } from "../../lib/diagnose/mistake_search.ts";
import {
  type AnyMatrix,
  type ComputedSymbol,
  diagnose,
  MISTAKES,
  RandomState,
  STEP,
} from "../../mod.ts";
import { difference } from "../mistakes/sample_steps.ts";
import { PROJECT, record, stepWith } from "./dumps.ts";

const SIZES = { D: 400, M: 20, K: 6, B: 24 };

const order = STEP.map(({ symbol }) => symbol);

for (const recorded of [order, ["A1", "dA1", "dW1"], ["dW1", "b1'"]] as const) {
  const name = recorded.length > 4 ? "all quantities are recorded" : `only ${recorded.join(", ")}`;
  Deno.test(`law: diagnose() names every mistake of a large network if ${name}`, () => {
    const right = stepWith(SIZES, new RandomState(8), []);
    const unnamed: string[] = [];
    let tried = 0;
    for (const mistake of MISTAKES) {
      // accepted, but for what is wrong besides
      if (mistake.id === "L/epsilon-in-logarithm") continue;
      const wrong = stepWith(SIZES, new RandomState(8), [mistake]);
      const first = recorded.find((symbol: ComputedSymbol) =>
        !(difference(wrong[symbol] as AnyMatrix, right[symbol] as AnyMatrix) <= 1e-9)
      );
      const found = diagnose(record(wrong, { ...PROJECT, recorded }), { learningRate: 0.01 });
      ok(!("reason" in found));
      strictEqual(found.firstWrong?.symbol, first, mistake.id);
      if (first === undefined) continue;
      tried++;
      const isNamed = found.firstWrong?.causes.some(({ mistakes }) => mistakes.includes(mistake));
      if (!isNamed) unnamed.push(mistake.id);
    }
    ok(tried > 80, `${tried}`);
    strictEqual(unnamed.join("\n"), "");
  });
}

Deno.test("example: the mistakes that are not tried in a part are named after what they do", () => {
  const whole = MISTAKES.filter(rearranges).map(({ quantity }) => quantity);
  ok(whole.includes("X") && whole.includes("dW1") && whole.includes("W1'"));
  ok(whole.length < MISTAKES.length / 5);
});
