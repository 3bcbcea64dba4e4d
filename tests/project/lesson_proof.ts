/** docs/lesson.md: what its networks reach, trained again. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Comparison } from "../../lib/pages/break/breaker.ts";
import { brokenRules } from "../../lib/pages/break/rules.ts";
import {
  dim,
  evaluate,
  initialise,
  RandomState,
  REPORT_SETTINGS,
  SimdEngine,
  train,
} from "../../mod.ts";
import { percent } from "../../lib/text/numbers.ts";
import { mnist } from "../helpers/fixtures.ts";
import { tables } from "../helpers/markdown.ts";

const PAGES = ["docs/lesson.md", "docs/ja/lesson.md"];
const training = mnist("train").first(5000), test = mnist("test").first(1000);

/** The tables of a page. */
function read(name: string): string[][][] {
  return tables(Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url)));
}

/** A network after 20 epochs: the row that the page shows, and how far both losses are apart. */
function trained(learningRate: number, hidden: number): { row: string[]; gap: string } {
  const { seed, batchSize } = REPORT_SETTINGS, random = new RandomState(seed);
  const units = dim("hidden", hidden);
  const parameters = initialise(training.inputs, units, training.classes, random);
  const engine = new SimdEngine(parameters, training);
  const progress = [...train(engine, random, { epochs: 20, batchSize, learningRate })];
  const last = progress.at(-1)!, { crossEntropy, accuracy } = last;
  const [tested, again] = [test, training].map((data) =>
    evaluate(new SimdEngine(engine.parameters, data))
  );
  const row = [
    ...[`${learningRate}`, `${hidden}`],
    ...[crossEntropy, tested!.crossEntropy].map((loss) => loss.toFixed(4)),
    ...[accuracy, tested!.accuracy].map(percent),
  ];
  return { row, gap: (tested!.crossEntropy - again!.crossEntropy).toFixed(4) };
}

Deno.test("example: the networks of docs/lesson.md are those of the view Train", () => {
  const [english, japanese] = PAGES.map((page) => read(page).find(([row]) => row!.length === 6)!);
  ok(english!.length > 5);
  deepStrictEqual(japanese, english);
  const networks = english!.map((row) => trained(Number(row[0]), Number(row[1])));
  deepStrictEqual(networks.map(({ row }) => row), english);
  for (const page of PAGES) {
    const text = Deno.readTextFileSync(new URL(`../../${page}`, import.meta.url));
    for (const { gap } of networks.slice(1, 3)) ok(text.includes(gap), `${page}: ${gap}`);
  }
});

Deno.test("example: the broken networks of docs/lesson.md are those of the view Break", () => {
  const pages = PAGES.map((page) =>
    read(page).find(([row]) => row![0]!.startsWith("`#view=break&mistake="))!
  );
  ok(pages[0]!.length > 10);
  strictEqual(pages[1]!.length, pages[0]!.length);
  for (const [i, [address]] of pages[0]!.entries()) {
    const id = /mistake=([^`]*)/.exec(address!)![1]!;
    const { mistakes } = brokenRules().find((rule) => rule.id === id)!;
    const comparison = new Comparison(training, test, mistakes);
    const wrong = comparison.checks.find(({ isWrong }) => isWrong);
    while (comparison.epoch < 20) comparison.takeEpoch();
    const { hasDiverged, broken: { tested } } = comparison;
    const accuracy = hasDiverged ? undefined : tested.quality.accuracy;
    for (const [, reached, verdict] of pages.map((rows) => rows[i]!)) {
      if (accuracy === undefined) ok(/diverges|発散/.test(reached!), address);
      else strictEqual(reached, `${(100 * accuracy).toFixed(1)} %`, address);
      if (wrong === undefined) ok(/does not find it|見つからない/.test(verdict!), address);
      else {
        const error = `${(100 * wrong.error).toPrecision(3)} %`;
        ok(verdict!.includes(wrong.symbol) && verdict!.endsWith(` ${error}`), address);
      }
    }
  }
});
