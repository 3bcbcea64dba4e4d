/** Steps with mistakes: the first wrong quantity is found, and the mistake is named. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type ComputedSymbol,
  describeDiagnosis,
  diagnose,
  type Diagnosis,
  type JudgedQuantity,
  type Mistake,
  MISTAKES,
  RandomState,
  STEP,
} from "../../mod.ts";
import { difference, find, sampleSteps } from "../mistakes/sample_steps.ts";
import { nameOf, PROJECT, record, stepWith, type Style } from "./dumps.ts";

const SIZES = { D: 36, M: 8, K: 5, B: 12 };

function mistake(id: string): Mistake {
  const found = MISTAKES.find((one) => one.id === id);
  ok(found, id);
  return found;
}

function diagnosis(mistakes: readonly Mistake[], style: Style = PROJECT, seed = 5): Diagnosis {
  const found = diagnose(record(stepWith(SIZES, new RandomState(seed), mistakes), style));
  ok(!("reason" in found));
  return found;
}

/** The identifiers of the mistakes that explain a quantity, each set joined. */
function named(quantity: JudgedQuantity | undefined): string[] {
  return (quantity?.causes ?? []).flatMap(({ mistakes }) =>
    mistakes.length > 0 ? [mistakes.map(({ id }) => id).join(" + ")] : []
  );
}

/**
 * Of another convention or network, where all else fits: a small guard, the sum, smoothing; and
 * gradients of the sum, if the learning rate is not known.
 */
const ACCEPTED = /^L\/epsilon-in-logarithm$|^E\/summed$|^onehot\/smoothed$|^dA2\/not-divided-by-B$/;

const RIGHT = stepWith(SIZES, new RandomState(5), []);

/** Whether a mistake makes a difference in a step of ordinary numbers and of these sizes. */
function differs(mistake: Mistake): boolean {
  if (ACCEPTED.test(mistake.id)) return false;
  const wrong = stepWith(SIZES, new RandomState(5), [mistake]);
  const symbol = mistake.quantity === "X" ? "A1" : mistake.quantity;
  return !(difference(wrong[symbol] as never, RIGHT[symbol] as never) <= 1e-9);
}

const LAYOUTS = ["listing", "project", "textbook", "pytorch"] as const;

Deno.test("law: diagnose() reads every array by its usual name, and names every mistake that makes a difference, where it is made", () => {
  let different = 0;
  MISTAKES.forEach((mistake, i) => {
    const style = { ...PROJECT, program: LAYOUTS[i % 4]! }, { id, quantity } = mistake;
    const found = diagnose(record(stepWith(SIZES, new RandomState(5), [mistake]), style));
    if ("reason" in found) return ok(ACCEPTED.test(id), id);
    const { firstWrong, sources } = found;
    for (const [symbol, { name }] of sources) strictEqual(name, nameOf(symbol, style), id);
    if (!differs(mistake)) return;
    different++;
    strictEqual(firstWrong?.symbol, quantity === "X" ? "A1" : quantity, id);
    ok(named(firstWrong).includes(id), `${id}: ${named(firstWrong)}`);
  });
  ok(different > 170, `${different}`);
});

Deno.test("law: diagnose() names mistakes in quantities that were not recorded", () => {
  const recorded: readonly ComputedSymbol[] = ["P", "dW2", "db2", "dW1", "db1", "W2'", "W1'"];
  const random = new RandomState(1204);
  const possible = MISTAKES.filter(({ quantity }) => !["onehot", "L", "E"].includes(quantity))
    .filter(differs);
  const unnamed: string[] = [];
  for (let i = 0; i < 60; i++) {
    const mistake = possible[random.randint(0, possible.length)]!;
    const found = diagnosis([mistake], { ...PROJECT, recorded }, i);
    if (mistake.quantity.endsWith("'") && !recorded.includes(mistake.quantity as "W1'")) {
      // nothing that was recorded has it
      strictEqual(found.verdict, "right", mistake.id);
    } else if (!named(found.firstWrong).includes(mistake.id)) {
      unnamed.push(`${mistake.id} ${found.firstWrong?.symbol} ${named(found.firstWrong)}`);
    }
  }
  // a wrong sign or factor of one gradient may look like that of another
  ok(unnamed.length <= 2, unnamed.join("\n"));
});

/** Mistakes, what is recorded, the mistake that is named, and the learning rate that is found. */
// deno-fmt-ignore: one line for each program
const NAMED: readonly (readonly [string, recorded: string, string, rate: number | undefined])[] = [
  ["dA1/1-y-lost dA1/wrong-sign", "", "dA1/1-y-lost", 0.01],
  ["W1'/step-taken-twice", "", "W1'/step-taken-twice", 0.01],
  ["W2'/wrong-sign", "", "W2'/wrong-sign", 0.01],
  ["b1'/not-updated", "", "b1'/not-updated", 0.01],
  // a negative rate is a wrong sign
  ["W1'/wrong-sign b1'/wrong-sign W2'/wrong-sign b2'/wrong-sign", "", "W1'/wrong-sign", 0.01],
  // the update shows a mistake before it at any rate
  ["dA1/1+y", "b1'", "dA1/1+y", undefined],
  ["dW1/reshaped", "W1'", "dW1/reshaped", undefined],
];

for (const [ids, recorded, name, rate] of NAMED) {
  Deno.test(`example: diagnose() names ${name} of ${ids}, recorded: ${recorded || "all"}`, () => {
    const style = recorded === "" ? PROJECT : { ...PROJECT, recorded: [recorded as "W1'"] };
    const { firstWrong, learningRate } = diagnosis(ids.split(" ").map(mistake), style);
    ok(named(firstWrong).includes(name), `${named(firstWrong)}`);
    strictEqual(learningRate?.value, rate);
    strictEqual(firstWrong!.causes[0]!.factor?.name, ids.startsWith("dA1/1-y") ? "-1" : undefined);
  });
}

Deno.test("example: diagnose() reports a mistake that was not recorded once", () => {
  const recorded: readonly ComputedSymbol[] = ["E", "dW2", "db2", "dW1", "db1", "W2'"];
  const { quantities } = diagnosis([mistake("dA2/doubled")], { ...PROJECT, recorded });
  deepStrictEqual(quantities.map(({ symbol, status }) => `${symbol} ${status}`), [
    "E ok",
    "dW2 wrong",
    "db2 follows",
    "dW1 follows",
    "db1 follows",
    "W2' follows",
  ]);
  // of the two explanations of dW2, only that of dA2 explains the others
  deepStrictEqual(named(quantities[1]), ["dA2/doubled"]);
});

Deno.test("law: a mistake that shows with large scores only is found by what overflows", () => {
  for (const id of ["Y1/overflow", "P/maximum-not-subtracted", "L/underflow"]) {
    const one = mistake(id), finding = find(one, sampleSteps(11));
    ok(finding, id);
    const { parameters, batch, learningRate } = finding.sample;
    const values = { ...parameters, ...batch, η: learningRate };
    const wrong = { ...values, ...runWith(one, values) };
    const found = diagnose(record(wrong, PROJECT));
    ok(found.verdict === "wrong", describeDiagnosis(found, "en"));
    strictEqual(found.firstWrong?.symbol, one.quantity);
    ok(named(found.firstWrong).includes(id), describeDiagnosis(found, "en"));
  }
});

function runWith(mistake: Mistake, values: Readonly<Record<string, unknown>>) {
  const all: Record<string, unknown> = { ...values };
  for (const { symbol, compute } of STEP) {
    all[symbol] = mistake.quantity === symbol ? mistake.compute(all) : compute(all);
  }
  return all;
}
