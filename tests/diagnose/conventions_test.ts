/** Right programs with definitions of their own, and dumps that were recorded at another time. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type AnyStepValues,
  type ComputedSymbol,
  describeDiagnosis,
  diagnose,
  type DiagnoseOptions,
  RandomState,
  runStep,
  type RunTimeMatrix,
  type StepSymbol,
} from "../../mod.ts";
import { drawInputs, PROJECT, record, stepWith } from "./dumps.ts";

const SIZES = { D: 30, M: 8, K: 5, B: 12 };
const RIGHT = stepWith(SIZES, new RandomState(5), []);

/** The gradients from dA2 to db1. */
const GRADIENTS = ["dA2", "dW2", "db2", "dY1", "dA1", "dW1", "db1"] as const;
const WITHOUT_PARAMETERS = ["dA2", "dY1", "dA1"] as const;

/** The step with some quantities multiplied. */
function scaled(factor: number, symbols: readonly StepSymbol[]): AnyStepValues {
  const changed = symbols.map((symbol) =>
    [symbol, (RIGHT[symbol] as RunTimeMatrix).scale(factor)] as const
  );
  return { ...RIGHT, ...Object.fromEntries(changed) };
}

function found(
  values: AnyStepValues,
  recorded: readonly ComputedSymbol[] = PROJECT.recorded as ComputedSymbol[],
  options?: DiagnoseOptions,
) {
  const found = diagnose(record(values, { ...PROJECT, recorded }), options);
  ok(found.verdict !== "undecided");
  return found;
}

Deno.test("example: diagnose() accepts gradients of the sum that become means later", () => {
  for (const symbols of [["dA2"], ["dA2", "dY1"], WITHOUT_PARAMETERS] as const) {
    const { verdict, quantities } = found(scaled(SIZES.B, symbols));
    strictEqual(verdict, "right");
    const own = quantities.filter(({ factor }) => factor !== undefined);
    deepStrictEqual(
      own.map(({ symbol, factor }) => [symbol, factor!.name]),
      symbols.map((one) => [one, "B"]),
    );
  }
});

Deno.test("example: diagnose() names the gradient in which a later 1/B is lost", () => {
  const { firstWrong } = found(scaled(SIZES.B, [...WITHOUT_PARAMETERS, "db1"]));
  strictEqual(firstWrong?.symbol, "db1");
});

Deno.test("example: diagnose() accepts 1/B in the update if the learning rate is known", () => {
  const step = scaled(SIZES.B, GRADIENTS);
  strictEqual(found(step, undefined, { learningRate: 0.01 }).verdict, "right");
  // the update of another parameter does not show it
  const options = { learningRate: 0.01 };
  strictEqual(found(step, ["dW1", "b1'"], options).firstWrong?.symbol, "dW1");
  // else the rate may as well be 1/B of what it is
  strictEqual(found(step).firstWrong?.symbol, "dA2");
  strictEqual(found(step, GRADIENTS).firstWrong?.symbol, "dA2");
});

Deno.test("example: diagnose() accepts gradients of the opposite sign that are added", () => {
  strictEqual(found(scaled(-1, GRADIENTS)).verdict, "right");
  strictEqual(found(scaled(-SIZES.B, WITHOUT_PARAMETERS)).verdict, "right");
  // nothing shows that they are added
  strictEqual(found(scaled(-1, GRADIENTS), GRADIENTS).firstWrong?.symbol, "dA2");
});

Deno.test("example: describeDiagnosis() says what a program makes up for", () => {
  // B is 16 here, so that multiplying by it and dividing is exact
  const values = stepWith({ ...SIZES, B: 16 }, new RandomState(5), []);
  const dA2 = (values.dA2 as RunTimeMatrix).scale(16);
  strictEqual(
    describeDiagnosis(found({ ...values, dA2 }, ["dA2", "dW2"]), "en"),
    `30-8-5, a batch of 16, float64
ok  dA2  is B times (P - onehot) / B, which the program makes up for later
ok  dW2  equals dA2 Y1ᵀ exactly
All 2 quantities are right.`,
  );
});

Deno.test("example: diagnose() accepts pixels that are divided by 255 after they are recorded", () => {
  const X = (RIGHT.X as RunTimeMatrix).map((x) => Math.round(255 * x));
  strictEqual(found({ ...RIGHT, X }).verdict, "right");
});

Deno.test("example: describeDiagnosis() says that pixels are not divided by 255", () => {
  const random = new RandomState(5), { parameters, batch } = drawInputs(SIZES, random);
  const bytes = { ...batch, X: batch.X.map((x) => Math.round(255 * x)) };
  const raw = found({ ...runStep(parameters, bytes, 0.01) });
  strictEqual(raw.verdict, "right");
  strictEqual(raw.pixelsAreBytes, true);
  ok(describeDiagnosis(raw, "en").includes("X holds pixels up to 255"));
  strictEqual(found(RIGHT).pixelsAreBytes, false);
});

Deno.test("example: diagnose() finds out that the parameters are those after the step", () => {
  const after = Object.fromEntries(
    ["W1", "b1", "W2", "b2"].map((W) => [W, RIGHT[`${W}'` as StepSymbol]]),
  );
  const recorded = PROJECT.recorded.filter((symbol) => !symbol.endsWith("'"));
  const arrays = record({ ...RIGHT, ...after }, { ...PROJECT, recorded });
  const undecided = diagnose(arrays);
  ok(undecided.verdict === "undecided");
  strictEqual(
    undecided.reason.en,
    "holds W1, b1, W2, b2 after the step: all fits if they are W - η dW; record copies before it",
  );
});

Deno.test("example: diagnose() leaves out the listing's crossE of a later batch", () => {
  const E = (RIGHT.E as RunTimeMatrix).map((x) => x + 2.3);
  const style = { ...PROJECT, program: "listing", recorded: ["P", "E"] } as const;
  const later = diagnose(record({ ...RIGHT, E }, style));
  ok(later.verdict === "right");
  deepStrictEqual(later.unused, ["crossE"]);
  // under another name it is a loss
  const wrong = diagnose(record({ ...RIGHT, E }, { ...style, program: "textbook" }));
  ok(wrong.verdict === "wrong");
  strictEqual(wrong.firstWrong?.name, "loss");
});

Deno.test("law: diagnose() reads the textbook's da1 and dz1 either way", () => {
  const style = { ...PROJECT, program: "textbook", recorded: ["dY1", "dA1", "db1"] } as const;
  const arrays = record(RIGHT, style), [da1, dz1] = [arrays.get("da1")!, arrays.get("dz1")!];
  for (const names of [{ da1, dz1 }, { da1: dz1, dz1: da1 }]) {
    const read = diagnose(new Map([...arrays, ...Object.entries(names)]));
    ok(read.verdict === "right", describeDiagnosis(read, "en"));
  }
});

/** The step of a program whose losses are logarithms of its probabilities. */
function withLogarithm(values: AnyStepValues, logarithm: (p: number) => number): AnyStepValues {
  const P = values.P as RunTimeMatrix, onehot = values.onehot as RunTimeMatrix;
  const L = P.zip(onehot, (p, y) => y === 0 ? 0 : -logarithm(p)).columnSums;
  const E = L.map((loss) => loss / SIZES.B).rowSums;
  return { ...values, L: L as never, E: E as never };
}

Deno.test("example: diagnose() accepts a small number that guards against the logarithm of 0", () => {
  const guards: readonly (readonly [string, (p: number) => number])[] = [
    ["ln(P + 1e-7)", (p) => Math.log(p + 1e-7)],
    ["ln(P + 1e-8)", (p) => Math.log(p + 1e-8)],
    ["ln(P + 1e-10)", (p) => Math.log(p + 1e-10)],
  ];
  for (const [formula, logarithm] of guards) {
    const { verdict, quantities } = found(withLogarithm(RIGHT, logarithm));
    strictEqual(verdict, "right", formula);
    strictEqual(quantities.find(({ symbol }) => symbol === "L")?.formula, `-Σ_k onehot ${formula}`);
    const one = found(withLogarithm(RIGHT, logarithm), ["E"]);
    strictEqual(one.quantities[0]?.formula, `-Σ_i Σ_k onehot ${formula} / B`);
    const text = describeDiagnosis(one, "en").replaceAll(/\s+/g, " ");
    ok(text.includes(`equals -Σ_i Σ_k onehot ${formula} / B `), text);
  }
  const wrong = found(withLogarithm(RIGHT, (p) => Math.log(p + 1e-3)));
  strictEqual(wrong.firstWrong?.symbol, "L");
});

Deno.test("example: diagnose() says that a loss follows from wrong probabilities", () => {
  const P = (RIGHT.P as RunTimeMatrix).map((p) => p / SIZES.B);
  const onehot = RIGHT.onehot as RunTimeMatrix;
  const dA2 = P.zip(onehot, (p, y) => (p - y) / SIZES.B);
  const { quantities } = found(
    withLogarithm({ ...RIGHT, P: P as never, dA2: dA2 as never }, Math.log),
  );
  const statusOf = (of: string) => quantities.find(({ symbol }) => symbol === of);
  strictEqual(statusOf("P")?.status, "wrong");
  strictEqual(statusOf("L")?.status, "follows");
  deepStrictEqual(statusOf("L")?.followsFrom, ["P"]);
});
