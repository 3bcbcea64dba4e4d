// The broken network beside the right one, as the view Break trains them.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BROKEN_RULES, brokenRule } from "../../lib/pages/break/broken_rules.ts";
import { BrokenEngine, Comparison, type EpochState } from "../../lib/pages/break/comparison.ts";
import { BREAK_SETTINGS } from "../../lib/pages/break/rule_words.ts";
import { loadDataset } from "../../lib/system/data.ts";
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
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";

const { seed, hidden, batchSize, learningRate, testImages } = BREAK_SETTINGS;
const images = loadDataset(undefined, "train").data, tests = loadDataset(undefined, "test").data;
/** Few images: two batches an epoch. */
const few = images.first(100), someTests = tests.first(50);

/** The first epochs of both networks. */
async function epochs(
  comparison: Comparison,
  mistakes: readonly Mistake[],
  count: number,
): Promise<EpochState[]> {
  const states: EpochState[] = [];
  for await (const state of comparison.run(mistakes)) {
    if (state) states.push(state);
    if (states.length > count) break;
  }
  return states;
}

/** What the check says to each rule. */
const comparison = new Comparison(few, someTests);
const checks = new Map(
  BROKEN_RULES.map(({ id, mistakes }) => [id, comparison.check(mistakes).broken]),
);

Deno.test("example: BROKEN_RULES has at least ten rules in the order of the step, and a test of the project for each", () => {
  ok(BROKEN_RULES.length >= 10);
  for (const { mistakes: [first, ...others], test } of BROKEN_RULES) {
    for (const { words } of others) deepStrictEqual(words, first!.words);
    const source = Deno.readTextFileSync(new URL(`../../${test.file}`, import.meta.url));
    ok(source.includes(JSON.stringify(test.name)), test.name);
  }
  strictEqual(brokenRule("dA1/1-y-lost").mistakes[0]!.equation, "dA1 = dY1 Y1");
});

Deno.test("example: the first gradient that the check calls wrong is that with the mistake, and it passes where no gradient is wrong", () => {
  const found = [...checks].map(([id, { wrong }]) => [id, wrong?.symbol]);
  deepStrictEqual(found, [
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
});

Deno.test("example: the check gives the error of a factor that is lost", () => {
  const errorOf = (id: string) => checks.get(id)!.wrong!.error;
  strictEqual(Number(errorOf("dA2/not-divided-by-B").toFixed(6)), 0.8); // 5 images: 1 - 1/5
  strictEqual(Number(errorOf("dA2/divided-by-B-twice").toFixed(6)), 0.8);
  const { wrong } = checks.get("dA1/1-y-lost")!;
  const { error, analytic, numerical } = wrong!;
  ok(error > 0.1 && Math.abs(analytic) > Math.abs(numerical), `${analytic} ${numerical}`);
  // η = 0.1 moves W2 by little
  const early = errorOf("dY1/weights-updated-first");
  ok(early > 1e-4 && early < 0.1, `${early}`);
});

Deno.test("example: the check passes for the right network, with no difference", () => {
  const { right } = comparison.check([]);
  strictEqual(right.wrong, undefined);
  ok(right.error > 0 && right.error < right.bound, `${right.error}`);
  strictEqual(right.difference, undefined);
});

Deno.test("law: BrokenEngine without mistakes has the bits of the reference, in steps and scores", () => {
  const random = new RandomState(seed);
  const parameters = initialise(few.inputs, dim("hidden", 7), few.classes, random);
  const state = random.getState();
  const broken = new BrokenEngine(parameters, few, []);
  const reference = new ReferenceEngine(parameters, few);
  const [ours, theirs] = [broken, reference].map((engine) => {
    const settings = { epochs: 2, batchSize: 20, learningRate };
    return [...train(engine, RandomState.fromState(state), settings)];
  });
  deepStrictEqual(ours, theirs);
  deepStrictEqual(broken.parameters, reference.parameters);
  deepStrictEqual(evaluate(broken), evaluate(reference));
});

Deno.test("law: without mistakes both networks are the same after every epoch, to the bit", async () => {
  for (const { right, broken } of await epochs(new Comparison(few, someTests), [], 2)) {
    deepStrictEqual(broken, right);
  }
});

Deno.test("example: the right network is computed once, and is the same beside every broken one", async () => {
  const same = new Comparison(few, someTests);
  const [first, second] = [
    await epochs(same, brokenRule("dA1/y-lost").mistakes, 3),
    await epochs(same, brokenRule("W1'/wrong-sign").mistakes, 3),
  ];
  const rightOf = (states: readonly EpochState[]) =>
    states.map(({ epoch, right, hashes }) => ({ epoch, right, hashes }));
  deepStrictEqual(rightOf(first), rightOf(second));
  deepStrictEqual(first[0]!.broken, second[0]!.broken); // before training
  ok(first.slice(1).every(({ broken }, i) => broken!.train !== second[i + 1]!.broken!.train));
});

Deno.test("example: each rule changes what a network is after an epoch", async () => {
  const one = new Comparison(few, someTests);
  for (const { id, mistakes } of BROKEN_RULES) {
    const [before, after] = await epochs(one, mistakes, 1);
    strictEqual(before!.hashes, undefined);
    ok(after!.broken!.train.crossEntropy !== after!.right.train.crossEntropy, id);
  }
});

Deno.test("example: a network that diverges ends, and the right one goes on", async () => {
  const infinite: Mistake = {
    ...brokenRule("dA2/not-divided-by-B").mistakes[0]!,
    compute: ({ P }) => (P as RunTimeMatrix).scale(Infinity),
  };
  const states = await epochs(new Comparison(few, someTests), [infinite], 2);
  deepStrictEqual(states.map(({ broken }) => broken === undefined), [false, true, true]);
  ok(states.every(({ right }) => Number.isFinite(right.test.crossEntropy)));
});

Deno.test("reference: the hashes of the right network are those that train --hash prints", async () => {
  const limit = 500, count = 2;
  const states = await epochs(
    new Comparison(images.first(limit), tests.first(testImages)),
    brokenRule("dA1/1-y-lost").mistakes,
    count,
  );
  using folder = new Folder();
  const { stderr } = await cli([
    ...["train", "--limit", `${limit}`, "--batch", `${batchSize}`, "--hidden", `${hidden}`],
    ...["--learning-rate", `${learningRate}`, "--seed", `${seed}`, "--epochs", `${count}`],
    ...["--no-history", "--quiet", "--hash"],
  ], { cwd: folder.path });
  const { parameters, loss } = states.at(-1)!.hashes!;
  strictEqual(stderr.trim(), `hash: parameters ${parameters}, loss ${loss}`);
});
