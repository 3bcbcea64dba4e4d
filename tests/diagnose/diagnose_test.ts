/** The diagnosis of right steps, of steps with mistakes, and of arrays that are no step. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { diagnose, MISTAKES, RandomState } from "../../mod.ts";
import { PROJECT, record, stepWith } from "./dumps.ts";

const SIZES = { D: 30, M: 8, K: 5, B: 12 };

Deno.test("example: diagnose() of a right step finds every quantity right", () => {
  const found = diagnose(record(stepWith(SIZES, new RandomState(1), []), PROJECT));
  ok(found.verdict === "right");
  strictEqual(found.firstWrong, undefined);
  deepStrictEqual([...new Set(found.quantities.map(({ status }) => status))], ["ok"]);
  strictEqual(found.quantities.length, PROJECT.recorded.length);
  strictEqual(found.learningRate?.inferred, true);
  strictEqual(found.learningRate.value, 0.01);
});

Deno.test("example: diagnose() names a mistake and what follows from it", () => {
  const mistake = MISTAKES.find(({ id }) => id === "dW1/divided-by-B-twice")!;
  const found = diagnose(record(stepWith(SIZES, new RandomState(1), [mistake]), PROJECT));
  ok(found.verdict === "wrong");
  strictEqual(found.firstWrong?.symbol, "dW1");
  const [cause] = found.firstWrong.causes;
  ok(cause?.kind === "mistakes");
  deepStrictEqual(cause.mistakes, [mistake]);
  const statuses = found.quantities.filter(({ status }) => status !== "ok");
  deepStrictEqual(statuses.map(({ symbol, status }) => `${symbol} ${status}`), [
    "dW1 wrong",
    "W1' follows",
  ]);
});
