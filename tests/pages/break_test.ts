// The view Break: its rules and their equations, the broken network beside the right one, its words.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { conclusion } from "../../lib/pages/break/break_view.tsx";
import { withCurves } from "../../lib/pages/break/breaker.ts";
import { BROKEN_RULES, brokenRule } from "../../lib/pages/break/broken_rules.ts";
import { BrokenEngine, Comparison, type NetworkState } from "../../lib/pages/break/comparison.ts";
import { comparedEquations, correctEquationOf } from "../../lib/pages/break/rule_words.ts";
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
const few = mnist("train").first(100);
const comparison = new Comparison(few, mnist("test").first(50));
const checks = new Map(
  BROKEN_RULES.map(({ id, mistakes }) => [id, comparison.check(mistakes).broken]),
);

/** Both networks before training and after so many epochs. */
async function epochs(mistakes: readonly Mistake[], count: number) {
  const states = [];
  for await (const state of comparison.run(mistakes)) {
    if (state) states.push(state);
    if (states.length > count) break;
  }
  return states;
}

Deno.test("example: every rule has a test of the project, and the same words for all its mistakes", () => {
  for (const { mistakes, test } of BROKEN_RULES) {
    for (const { words } of mistakes) deepStrictEqual(words, mistakes[0]!.words);
    const source = Deno.readTextFileSync(new URL(`../../${test.file}`, import.meta.url));
    ok(source.includes(JSON.stringify(test.name)), test.name);
  }
});

Deno.test("example: the first gradient that the check calls wrong is that with the mistake, and it passes where no gradient is wrong", () => {
  deepStrictEqual([...checks].map(([id, { wrong }]) => [id, wrong?.symbol]), [
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
  for (const [id, { error, bound, difference }] of checks) {
    ok(error <= bound, `${id}: ${error}`); // of the gradients that are right
    ok(difference!.error > 1e-4, `${id}: ${difference!.error}`); // a comparison of numbers finds it
  }
  const { right } = comparison.check([]);
  deepStrictEqual([right.wrong, right.difference], [undefined, undefined]);
  ok(right.error > 0 && right.error < right.bound, `${right.error}`);
});

Deno.test("example: the check gives the error of a factor that is lost", () => {
  const errorOf = (id: string) => checks.get(id)!.wrong!.error;
  strictEqual(Number(errorOf("dA2/not-divided-by-B").toFixed(6)), 0.8); // 5 images: 1 - 1/5
  strictEqual(Number(errorOf("dA2/divided-by-B-twice").toFixed(6)), 0.8);
  const { error, analytic, numerical } = checks.get("dA1/1-y-lost")!.wrong!;
  ok(error > 0.1 && Math.abs(analytic) > Math.abs(numerical), `${analytic} ${numerical}`);
  const early = errorOf("dY1/weights-updated-first"); // η = 0.1 moves W2 by little
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

Deno.test("law: both networks begin alike, each rule makes another of it, and the right one is computed once", async () => {
  const same = await epochs([], 2);
  for (const { right, broken } of same) deepStrictEqual(broken, right);
  for (const { id, mistakes } of BROKEN_RULES) {
    const [before, after] = await epochs(mistakes, 1);
    strictEqual(before!.hashes, undefined);
    ok(after!.broken!.train.crossEntropy !== after!.right.train.crossEntropy, id);
    strictEqual(after!.right, same[1]!.right);
  }
});

Deno.test("example: a network that diverges ends, and the right one goes on", async () => {
  const infinite: Mistake = {
    ...brokenRule("dA2/not-divided-by-B").mistakes[0]!,
    compute: ({ P }) => (P as RunTimeMatrix).scale(Infinity),
  };
  const states = await epochs([infinite], 2);
  deepStrictEqual(states.map(({ broken }) => broken === undefined), [false, true, true]);
  ok(states.every(({ right }) => Number.isFinite(right.test.crossEntropy)));
});

/** The curves of a right network with losses 2, 1, 0.5, and of a broken one. */
function curves(losses: readonly number[], lang: "en" | "ja" = "en"): string {
  const network = (crossEntropy: number | undefined): NetworkState | undefined => {
    const quality = { crossEntropy: crossEntropy!, accuracy: 0.5 };
    return crossEntropy === undefined ? undefined : { train: quality, test: quality, units: [] };
  };
  const epochs = [2, 1, 0.5].map((loss, epoch) => ({
    ...{ epoch, hashes: undefined, right: network(loss)!, broken: network(losses[epoch]) },
  }));
  return withCurves(epochs).curves[lang];
}

Deno.test("example: withCurves() draws two panels of four curves, each described, up to where the broken network diverged", () => {
  for (const lang of ["en", "ja"] as const) {
    const tags = wellFormed(`<div>${curves([2, 1.5, 1.2], lang)}</div>`);
    const panels = tags.filter(({ name }) => name === "svg");
    deepStrictEqual(panels.map(({ attributes }) => attributes.get("lang")), [lang, lang]);
    strictEqual(tags.filter(({ attributes }) => attributes.get("d")?.includes("L")).length, 8);
  }
  const [loss] = curves([2, 1.5, 1.2]).split("</svg>"), diverged = curves([2, 1.5]);
  ok(loss!.includes("right, test images: 2 in epoch 0, 0.5 in epoch 2"), loss);
  ok(loss!.includes("broken, test images: 2 in epoch 0, 1.2 in epoch 2"), loss);
  ok(diverged.includes("broken, test images: 2 in epoch 0, 1.5 in epoch 1"));
  ok(!diverged.includes("logarithmic"));
  ok(curves([2, 700, 1e6]).includes("Cross-entropy (nats), logarithmic"));
});

Deno.test("example: conclusion() says what the accuracies show, for every kind of end", () => {
  const words = [0.93, 0.9, 0.885, 0.88, 0.792, 0.5, 0.499, 0.2, 0.199, 0.05, 0.049, 0]
    .map((broken) => conclusion(0.889, broken, 0.1));
  const kinds = [/even better/, /not show/, /learns too:/, /more slowly/, /no better/, /far below/];
  const found = words.map((text) => kinds.findIndex((kind) => kind.test(text)));
  deepStrictEqual(found, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
});

/** The texts of the outermost elements of a class. */
function marked(math: string, name: string): string[] {
  const found: string[] = [];
  let depth = 0, outermost = Infinity;
  for (
    const [, close, kind, text] of math.replaceAll(/<mspace[^>]*>/g, "").matchAll(
      /<(\/?)\w+(?: class="(\w+)")?[^>]*>|([^<]+)/g,
    )
  ) {
    if (text !== undefined) {
      if (depth >= outermost) found[found.length - 1] += text;
    } else if (close) {
      if (depth-- === outermost) outermost = Infinity;
    } else if (++depth < outermost && kind === name) {
      outermost = depth;
      found.push("");
    }
  }
  return found;
}

Deno.test("example: comparedEquations() marks what is lost and what is added", () => {
  const examples = [
    ["dA1 = dY1 (1 - Y1) Y1", "dA1 = dY1 Y1", ["(1−Y1)"], []],
    ["dA1 = dY1 (1 - Y1) Y1", "dA1 = dY1 (1 - Y1)", ["Y1"], []],
    ["dA2 = (P - onehot) / B", "dA2 = (P - onehot) / B²", [], ["2"]],
    ["dA2 = (P - onehot) / B", "dA2 = P - onehot", ["B"], []],
    ["W1' = W1 - η dW1", "W1' = W1 + η dW1", ["−"], ["+"]],
    ["onehot = [k = labels]", "onehot = [k = labels - 1]", [], ["−", "1"]],
    ["X = pixels / 255", "X = pixels", ["255"], []],
    // hardly anything in common
    ["Y1 = 1 / (1 + A1)", "Y1 = max(0, A1)", ["1", "1", "+", "A1"], ["max", "(0,A1)"]],
    ["dY1 = W2ᵀ dA2", "dY1 = (W2 - η dW2)ᵀ dA2", [], ["(", "−", "η", "dW2", ")"]],
  ] as const;
  for (const [right, broken, lost, added] of examples) {
    const compared = comparedEquations(right, broken);
    deepStrictEqual(marked(compared.right.text, "lost"), lost, broken);
    deepStrictEqual(marked(compared.broken.text, "added"), added, broken);
  }
});

Deno.test("law: comparedEquations() marks nothing in equal equations, something in every rule's, and changes none", () => {
  const plain = (text: string) => text.replaceAll(/<[^>]*>/g, "");
  for (const { quantity, equation } of BROKEN_RULES.flatMap(({ mistakes }) => mistakes)) {
    const correct = correctEquationOf(quantity), same = comparedEquations(correct, correct);
    deepStrictEqual([same.right.text, same.broken.text], Array(2).fill(mathml(correct).text));
    const { right, broken } = comparedEquations(correct, equation);
    for (const { text } of [right, broken]) wellFormed(text);
    ok(marked(right.text, "lost").length + marked(broken.text, "added").length > 0, equation);
    strictEqual(plain(right.text), plain(mathml(correct).text));
    strictEqual(plain(broken.text), plain(mathml(equation).text));
  }
});
