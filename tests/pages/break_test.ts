// The view Break: its rules and their equations, and the broken network beside the right one.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BrokenEngine, Comparison, curvesOf } from "../../lib/pages/break/breaker.ts";
import { comparedEquations } from "../../lib/pages/break/break_view.tsx";
import { brokenRules } from "../../lib/pages/break/rules.ts";
import { mathml } from "../../lib/pages/mathml.ts";
import {
  dim,
  evaluate,
  initialise,
  type Mistake,
  RandomState,
  ReferenceEngine,
  type RunTimeMatrix,
  train,
} from "../../mod.ts";
import { mnist } from "../helpers/fixtures.ts";
import { wellFormed } from "../helpers/markup.ts";

/** Few images: two batches an epoch. */
const few = mnist("train").first(100), test = mnist("test").first(50);
const rules = brokenRules().map((rule) => ({
  ...rule,
  comparison: new Comparison(few, test, rule.mistakes),
}));
const checks = new Map(rules.map(({ id, comparison }) => [id, comparison.checks]));
const firstWrong = (id: string) => checks.get(id)!.find(({ isWrong }) => isWrong);

function trained(comparison: Comparison, epochs: number): Comparison {
  while (comparison.epoch < epochs) comparison.takeEpoch();
  return comparison;
}

Deno.test("example: all mistakes of a rule have the same words", () => {
  for (const { mistakes } of brokenRules()) {
    for (const { words } of mistakes) deepStrictEqual(words, mistakes[0]!.words);
  }
});

Deno.test("example: the first gradient that the check calls wrong is that with the mistake, and it passes where no gradient is wrong", () => {
  deepStrictEqual([...checks.keys()].map((id) => [id, firstWrong(id)?.symbol]), [
    ["X/not-divided-by-255", undefined],
    ["Y1/relu", "dA1"], // the derivative of another function
    ["P/over-the-batch", "dA2"],
    ["onehot/counted-from-1", undefined],
    ["onehot/labels-of-the-next-image", undefined],
    ["dA2/not-divided-by-B", "dA2"],
    ["dA2/divided-by-B-twice", "dA2"],
    ["dY1/weights-updated-first", "dY1"],
    ["dA1/1-y-lost", "dA1"],
    ["dA1/y-lost", "dA1"],
    ["db1/as-printed", "db1"],
    ["W1'/not-updated", undefined],
    ["W1'/wrong-sign", undefined],
  ]);
  for (const { analytic, right, isWrong } of new Comparison(few, test, []).checks) {
    ok(!isWrong && analytic === right);
  }
});

Deno.test("example: the check gives the error of a factor that is lost, and the right entry", () => {
  // 5 images: 1 - 1/5
  strictEqual(Number(firstWrong("dA2/not-divided-by-B")!.error.toFixed(6)), 0.8);
  strictEqual(Number(firstWrong("dA2/divided-by-B-twice")!.error.toFixed(6)), 0.8);
  const { error, analytic, numerical, right } = firstWrong("dA1/1-y-lost")!;
  ok(error > 0.1 && Math.abs(analytic) > Math.abs(numerical), `${analytic} ${numerical}`);
  ok(Math.abs(right - numerical) < 1e-9, `${right} ${numerical}`); // as the check allows
  const { error: early } = firstWrong("dY1/weights-updated-first")!; // η = 0.1 moves W2 by little
  ok(early > 1e-4 && early < 0.1, `${early}`);
});

Deno.test("law: BrokenEngine without mistakes has the bits of the reference, in steps and scores", () => {
  const random = new RandomState(601);
  const parameters = initialise(few.inputs, dim("hidden", 7), few.classes, random);
  const engines = [new BrokenEngine(parameters, few, []), new ReferenceEngine(parameters, few)];
  const [ours, theirs] = engines.map((engine) => {
    const batches = RandomState.fromState(random.getState());
    const progress = [...train(engine, batches, { epochs: 2, batchSize: 20, learningRate: 0.1 })];
    return [progress, engine.parameters, evaluate(engine)];
  });
  deepStrictEqual(ours, theirs);
});

Deno.test("law: both networks begin alike, each rule makes another of it, and the right one is the same for all", () => {
  const same = trained(new Comparison(few, test, []), 1);
  deepStrictEqual(same.broken.history, same.right.history);
  for (const { id, comparison } of rules) {
    const { right, broken } = trained(comparison, 1);
    ok(broken.running!.crossEntropy !== right.running!.crossEntropy, id);
    deepStrictEqual(right.history, same.right.history);
  }
});

Deno.test("example: a network that diverges ends, and the right one goes on", () => {
  const infinite: Mistake = {
    ...brokenRules().find(({ id }) => id === "dA2/not-divided-by-B")!.mistakes[0]!,
    compute: ({ P }) => (P as RunTimeMatrix).scale(Infinity),
  };
  const { right, broken, hasDiverged } = trained(new Comparison(few, test, [infinite]), 2);
  deepStrictEqual([right.rows.length, broken.rows.length, hasDiverged], [2, 0, true]);
});

/** The curves of a right network with losses 2, 1, 0.5, and of a broken one. */
function curves(losses: readonly number[]) {
  const history = (losses: readonly number[]) =>
    losses.map((crossEntropy, epoch) => {
      const quality = { crossEntropy, accuracy: 0.5 };
      return { epoch, test: quality, ...(epoch > 0 && { running: quality }) };
    });
  return curvesOf({ right: history([2, 1, 0.5]), broken: history(losses) });
}

Deno.test("example: curvesOf() draws two panels of four curves, each described, up to where the broken network diverged", () => {
  for (const lang of ["en", "ja"] as const) {
    const tags = wellFormed(`<div>${curves([2, 1.5, 1.2])[lang]}</div>`);
    const panels = tags.filter(({ name }) => name === "svg");
    deepStrictEqual(panels.map(({ attributes }) => attributes.get("lang")), [lang, lang]);
    strictEqual(tags.filter(({ attributes }) => attributes.get("d")?.includes("L")).length, 8);
  }
  const [loss] = curves([2, 1.5, 1.2]).en.split("</svg>"), { en: diverged } = curves([2, 1.5]);
  ok(loss!.includes("right, test images: 2 in epoch 0, 0.5 in epoch 2"), loss);
  ok(loss!.includes("broken, test images: 2 in epoch 0, 1.2 in epoch 2"), loss);
  ok(diverged.includes("broken, test images: 2 in epoch 0, 1.5 in epoch 1"));
  ok(!diverged.includes("logarithmic"));
  ok(curves([2, 700, 1e6]).en.includes("Cross-entropy (nats), logarithmic"));
});

const plain = (math: string) => math.replaceAll(/<[^>]*>/g, "");

/** The tokens in elements of a class. */
const marked = (math: string, name: string) =>
  [...math.matchAll(RegExp(`<mrow class="${name}">((?:(?!</?mrow).)*)</mrow>`, "g"))]
    .map(([, token]) => plain(token!)).join(" ");

Deno.test("example: comparedEquations() marks what is lost and what is added", () => {
  const examples = [
    ["dA1", "dA1 = dY1 Y1", "( 1 − Y1 )", ""],
    ["dA1", "dA1 = dY1 (1 - Y1)", "Y1", ""],
    ["dA2", "dA2 = (P - onehot) / B²", "", "2"],
    ["dA2", "dA2 = P - onehot", "B", ""],
    ["W1'", "W1' = W1 + η dW1", "−", "+"],
    ["onehot", "onehot = [k = labels - 1]", "", "− 1"],
    ["X", "X = pixels", "255", ""],
    ["dY1", "dY1 = (W2 - η dW2)ᵀ dA2", "", "( − η dW2 )"],
  ] as const;
  for (const [quantity, broken, lost, added] of examples) {
    const compared = comparedEquations(quantity, broken);
    strictEqual(marked(compared.right.text, "lost"), lost, broken);
    strictEqual(marked(compared.broken.text, "added"), added, broken);
  }
});

Deno.test("law: comparedEquations() marks something in every rule's equations, and changes none", () => {
  for (const { quantity, equation } of brokenRules().flatMap(({ mistakes }) => mistakes)) {
    const { right, broken } = comparedEquations(quantity, equation);
    for (const { text } of [right, broken]) wellFormed(text);
    ok(marked(right.text, "lost") + marked(broken.text, "added") !== "", equation);
    strictEqual(plain(broken.text), plain(mathml(equation).text));
  }
});
