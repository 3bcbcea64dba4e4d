/** Mistakes in a network so large that they are tried in a part of it first. */
import { ok, strictEqual } from "node:assert/strict";
import { rearranges } from "../../lib/diagnose/cause.ts";
import { type AnyMatrix, diagnose, MISTAKES, RandomState, STEP } from "../../mod.ts";
import { difference } from "../mistakes/sample_steps.ts";
import { PROJECT, record, stepWith } from "./dumps.ts";

const SIZES = { D: 400, M: 20, K: 6, B: 24 };

/** Of another convention or network, where all else fits. */
const ACCEPTED = /^L\/epsilon-in-logarithm$|^E\/summed$|^onehot\/smoothed$/;

Deno.test("law: diagnose() names every mistake of a large network", () => {
  const right = stepWith(SIZES, new RandomState(8), []);
  let tried = 0;
  for (const mistake of MISTAKES) {
    if (ACCEPTED.test(mistake.id)) continue;
    const wrong = stepWith(SIZES, new RandomState(8), [mistake]);
    const first = STEP.find(({ symbol }) =>
      !(difference(wrong[symbol] as AnyMatrix, right[symbol] as AnyMatrix) <= 1e-9)
    );
    if (first === undefined) continue;
    const found = diagnose(record(wrong, PROJECT), { learningRate: 0.01 });
    ok(!("reason" in found));
    tried++;
    strictEqual(found.firstWrong?.symbol, first.symbol, mistake.id);
    ok(found.firstWrong.causes.some(({ mistakes }) => mistakes.includes(mistake)), mistake.id);
  }
  ok(tried > 200, `${tried}`);
});

Deno.test("example: the mistakes that are not tried in a part are named after what they do", () => {
  const whole = MISTAKES.filter(rearranges).map(({ quantity }) => quantity);
  ok(whole.includes("X") && whole.includes("dW1") && whole.includes("W1'"));
  ok(whole.length < MISTAKES.length / 5);
});
