// Programs that are right by other equations than the report's: conventions, such as the sum over
// the batch instead of the mean, and other networks, such as ReLU throughout. Each is a change of
// some equations that has to fit wherever it shows.
import { exp } from "../math/exp.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { throughSoftmax } from "../mistakes/softmax_mistakes.ts";
import { sigmoid } from "../network/sigmoid.ts";
import {
  type ComputedSymbol,
  lazyStep,
  type RunTimeStep,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import { significantDigits } from "../text/numbers.ts";
import { t, type Text } from "../text/layout.ts";
import { matrixOf, multipleOf } from "./agreement.ts";
import type { StepSizes } from "./dump.ts";
import { PARAMETERS } from "./assignment.ts";

/** An equation instead of the table's, which is `right`. */
export type Equation = (
  values: RunTimeStep,
  right: (values: RunTimeStep) => RunTimeMatrix,
) => RunTimeMatrix;

/** Equations that a program has instead of the table's, and is right by. */
export interface Change {
  /** Its name: `relu`; whether the network is the report's all the same; what the program does. */
  readonly id: string;
  readonly kind: "convention" | "network";
  readonly words: Text;
  /** With the right-hand sides, where they are not the table's. */
  readonly equations: Readonly<Partial<Record<ComputedSymbol, readonly [Equation, string?]>>>;
  /** Of each of these, one has to show: the forward pass and the backward pass of ReLU. */
  readonly parts: readonly (readonly StepSymbol[])[];
  /** Whether later gradients divide by B what earlier ones have not. */
  readonly divides?: boolean;
  /** An array that was overwritten: the rest has to be right. */
  readonly ignored?: ComputedSymbol;
}

/** What is known when a quantity is not what the table gives; the learning rate, if it is known. */
interface Scene {
  readonly own: RunTimeStep;
  readonly recorded: (symbol: StepSymbol) => RunTimeMatrix | undefined;
  readonly sizes: StepSizes;
  readonly rate: number | undefined;
  /** The step before, if the file has it. */
  readonly previous: RunTimeStep | undefined;
}

/** The changes that the numbers suggest. */
export function changes(scene: Scene): Change[] {
  return [
    ...batchConventions(scene),
    ...activations(scene),
    ...dropout(scene),
    ...squaredErrors(scene),
    ...smoothedLabels(scene),
    ...classWeights(scene),
    ...overwritten(scene),
    ...laterLosses(scene),
    ...lateParameters(scene),
  ];
}

const change =
  (kind: Change["kind"]) =>
  (id: string, en: string, ja: string, equations: Change["equations"], more?: Partial<Change>) => {
    const parts = Object.keys(equations).map((symbol) => [symbol as ComputedSymbol]);
    return { id, kind, words: t(en, ja), equations, parts, ...more } satisfies Change;
  };

const convention = change("convention"), network = change("network");

type A = RunTimeMatrix;
const multiply = (a: A, b: A) => a.zip(b, (a, b) => a * b);
const sums = (a: A) => a.columnSums as unknown as A;
const times = (factor: number): Equation => (values, right) => right(values).scale(factor);

/** The right equation in some other values. */
const within =
  (others: (values: RunTimeStep) => Record<string, unknown>): Equation => (values, right) =>
    right(Object.create(values, Object.getOwnPropertyDescriptors(others(values))));

/** The gradients, or the updates, that make up for a definition of dA2, or of all up to them. */
const GIVERS: readonly (readonly ComputedSymbol[])[] = [
  ["dW2", "db2", "dY1"],
  ["dW2", "db2", "dA1"],
  ["dW2", "db2", "dW1", "db1"],
  ["W1'", "b1'", "W2'", "b2'"],
];

/** Gradients of the sum over the batch, of the opposite sign, or both, and what makes up for it. */
function batchConventions({ sizes: { B } }: Scene): Change[] {
  const factors = [
    [B, "P - onehot", t("those of the sum over the batch", "和に対するもの")],
    [-1, "(onehot - P) / B", t("of the opposite sign", "符号が逆")],
    [-B, "onehot - P", t("sums over the batch of the opposite sign", "符号が逆で和に対するもの")],
  ] as const;
  const madeUp = GIVERS.flatMap((givers, i) =>
    factors.map(([factor, dA2, { en, ja }]) => {
      const by = i < 3 ? t(givers.join(", "), givers.join("、")) : t("the update", "更新");
      const equations = givers.map((giver) => {
        const dW = `d${giver.slice(0, 2)}` as "dW1";
        const inUpdate = within((values) => ({ [dW]: values[dW].scale(1 / factor) }));
        return [giver, [i < 3 ? times(1 / factor) : inUpdate]];
      });
      return convention(
        `${factor === -1 ? "sign" : "sum"} up to ${["dA2", "dY1", "dA1", "db1"][i]}`,
        `its gradients are ${en}, which is made up for in ${by.en}`,
        `勾配は${ja}だが、${by.ja}の計算で正しくなっている`,
        { dA2: [times(factor), dA2], ...Object.fromEntries(equations) },
        { parts: [["dA2"], givers], divides: factor === B && i < 3 },
      );
    })
  );
  return [
    ...madeUp,
    convention(
      "rate in the gradients",
      "the learning rate is in the gradients of the parameters, not in the update",
      "学習率を更新のときではなく、パラメータの勾配に掛けている",
      Object.fromEntries(PARAMETERS.flatMap((W) => [
        [`d${W}`, [(values, right) => right(values).scale(values.η)] as [Equation]],
        [`${W}'`, [within(() => ({ η: 1 })), `${W} - d${W}`] as [Equation, string]],
      ])),
      { parts: [["dW1", "db1", "dW2", "db2"], GIVERS[3]!] },
    ),
    convention(
      "loss is a sum",
      "its loss is the sum over the batch",
      "損失はバッチ内の和である",
      { E: [times(B), "Σ_i L"] },
    ),
    convention(
      "gradients are sums",
      "its gradients are those of the sum over the batch, with a rate that fits",
      "勾配はバッチ内の和に対するもので、学習率がそれに合っている",
      { dA2: [times(B), "P - onehot"] },
    ),
  ];
}

const tanh = (x: number) => 2 / (1 + exp(-2 * x)) - 1;

/** Another function of the hidden layer, and its derivative. */
function activations({ own, recorded }: Scene): Change[] {
  type OfNumber = (a: number) => number;
  const activation = (id: string, en: string, ja: string, f: OfNumber, slope: OfNumber) =>
    network(
      id,
      `its hidden layer has ${en} instead of the sigmoid`,
      `隠れ層がシグモイド関数ではなく ${ja} である`,
      {
        Y1: [({ A1 }) => A1.map(f), `${id}(A1)`],
        dA1: [({ dY1, A1 }) => dY1.zip(A1, (d, a) => d * slope(a)), `dY1 ${id}'(A1)`],
      },
    );
  const relu = (id: string, name: string, slope: number) =>
    activation(id, name, name, (a) => a > 0 ? a : slope * a, (a) => a > 0 ? 1 : slope);
  const hard = (slope: number, text: string) =>
    activation(
      ...["hard sigmoid", `the hard sigmoid ${text}`, `ハードシグモイド ${text}`] as const,
      (a) => Math.min(1, Math.max(0, slope * a + 0.5)),
      (a) => Math.abs(slope * a) < 0.5 ? slope : 0,
    );
  // the slope of leaky ReLU shows where A1 is negative
  const { data } = own.A1, at = data.findIndex((a) => a < -1e-3), Y1 = recorded("Y1");
  const fitted = Y1 && at >= 0 ? Y1.data[at]! / data[at]! : NaN;
  const slope = fitted > 0 && fitted < 1 ? Number(fitted.toPrecision(5)) : 0.01;
  return [
    relu("relu", "ReLU", 0),
    relu("leaky relu", `leaky ReLU max(${slope} x, x)`, slope),
    activation("tanh", "tanh", "tanh", tanh, (a) => 1 - tanh(a) ** 2),
    hard(0.2, "clip(0.2 x + 0.5)"),
    hard(1 / 6, "clip(1/6 x + 0.5)"),
  ];
}

function dropout({ own, recorded }: Scene): Change[] {
  const Y1 = recorded("Y1");
  if (Y1 === undefined || Y1.data.length < 8) return [];
  const plain = sigmoid(own.A1), quotients = Y1.zip(plain, (y, plain) => y / plain).data;
  const kept = quotients.filter((q) => q !== 0), scale = kept[0];
  if (scale === undefined || kept.length === quotients.length) return [];
  if (kept.some((q) => Math.abs(q - scale) > 1e-4 * scale)) return [];
  // units that are 0 for all examples are left out
  const isWhole = quotients.every((q, i) => q === quotients[i - i % Y1.columns]);
  if (isWhole && Math.abs(scale - 1) < 1e-5) return [];
  const mask = Y1.map((y) => y === 0 ? 0 : scale), derivative = plain.map((y) => y * (1 - y));
  const share = significantDigits(1 - kept.length / quotients.length, 3);
  return [
    network(
      "dropout",
      `its hidden layer has dropout (${share} of Y1 are 0)`,
      `隠れ層にドロップアウトがある（Y1 の ${share} が 0）`,
      {
        Y1: [({ A1 }) => multiply(sigmoid(A1), mask), "mask / (1 + e^(-A1))"],
        dA1: [({ dY1 }) => multiply(multiply(dY1, mask), derivative), "dY1 mask f'(A1)"],
      },
    ),
  ];
}

/** The squared error, of probabilities or of other outputs, with the factors that it may have. */
function squaredErrors({ sizes: { K } }: Scene): Change[] {
  const outputs = [
    ["", "", "", undefined, throughSoftmax],
    ["sigmoid outputs and ", "出力がシグモイド関数で、", "sigmoid", sigmoid, throughSigmoid],
    ["tanh outputs and ", "出力が tanh で、", "tanh", (A: A) => A.map(tanh), throughTanh],
  ] as const;
  const factors = [[" / 2", 1 / 2], ["", 1], [" / K", 1 / K], [" / (2 K)", 1 / 2 / K]] as const;
  return factors.flatMap(([name, factor]) =>
    outputs.map(([en, ja, id, output, back]) =>
      network(
        `squared error ${id}`,
        `it has ${en}the squared error`,
        `${ja}損失が二乗和誤差である`,
        {
          ...output && { P: [({ A2 }) => output(A2), `${id}(A2)`] },
          L: [
            ({ P, onehot }) => sums(P.zip(onehot, (p, y) => factor * (p - y) ** 2)),
            `Σ_k (P - onehot)²${name}`,
          ],
          dA2: [
            ({ P, onehot }) =>
              back(P, P.zip(onehot, (p, y) => 2 * (p - y))).scale(factor / P.columns),
            "∂E/∂A2 of the squared error",
          ],
        },
        { parts: [output ? ["P", "L", "E"] : ["L", "E"], ["dA2"]] },
      )
    )
  );
}

const throughSigmoid = (P: A, dP: A) => P.zip(dP, (p, d) => p * (1 - p) * d);
const throughTanh = (P: A, dP: A) => P.zip(dP, (p, d) => (1 - p * p) * d);

/** Labels of 1 - ε + ε / K and ε / K, as onehot or the gradient has them. */
function smoothedLabels({ own, recorded, sizes: { K, B } }: Scene): Change[] {
  const dA2 = recorded("dA2");
  const targets = recorded("onehot") ?? (dA2 && own.P.zip(dA2, (p, d) => p - B * d));
  if (targets === undefined || K < 2) return [];
  const label = own.labels.values[0]!, { data } = targets;
  const high = data[label * B]!, low = data[(label + 1) % K * B]!;
  const ε = Number((K * low).toPrecision(3));
  if (!(low > 1e-4 && low < high && Math.abs(high + (K - 1) * low - 1) < 1e-5)) return [];
  const smooth: Equation = (values, right) => right(values).map((y) => (1 - ε) * y + ε / K);
  return [network(
    "label smoothing",
    `its labels are smoothed by ${ε}`,
    `${ε} のラベルスムージングをしている`,
    { onehot: [smooth, `${1 - ε} [k = labels] + ${ε} / K`] },
    { parts: [["onehot", "L", "E", "dA2"]] },
  )];
}

/** Weights of the examples that are those of their classes, as dA2 has them. */
function classWeights({ own, recorded, sizes: { B } }: Scene): Change[] {
  const dA2 = recorded("dA2"), { P, onehot, labels: { values: labels } } = own;
  if (dA2 === undefined) return [];
  const weights = Array.from(labels, (k, i) => {
    const at = k * B + i;
    return B * dA2.data[at]! / (P.data[at]! - onehot.data[at]!);
  });
  const ofClass = new Map(weights.map((weight, i) => [labels[i]!, weight]));
  const isRepeated = B - ofClass.size >= 2, least = Math.min(...weights);
  if (!(isRepeated && least > 0 && Math.max(...weights) > 1.001 * least)) return [];
  const row = matrixOf(1, B, Array.from(labels, (k) => ofClass.get(k)!));
  const weighted: Equation = (values, right) =>
    right(values).zipRow(row as never, (x, weight) => x * weight);
  return [
    network(
      "class weights",
      "its classes have weights in the loss",
      "損失にクラスごとの重みがある",
      { L: [weighted, "w[labels] L"], dA2: [weighted, "w[labels] (P - onehot) / B"] },
      { parts: [["dA2"]] },
    ),
  ];
}

/** Arrays that hold something else, as programs that save memory write it over the quantity. */
function overwritten({ recorded }: Scene): Change[] {
  const all = (["A1", "Y1", "A2", "P", "onehot", "dA2", "dY1", "dA1"] as const)
    .filter((symbol) => recorded(symbol) !== undefined).map((symbol) =>
      convention(
        `${symbol} overwritten`,
        `${symbol} was overwritten before it was recorded: all that follows is right`,
        `${symbol} の配列は記録される前に別の値で上書きされている（それに続く計算は正しい）`,
        {},
        // what follows uses the table's
        { ignored: symbol },
      )
    );
  const minusMaxima: Equation = (values, right) => {
    const A2 = right(values);
    return A2.zipRow(A2.columnMaxima, (a, max) => a - max);
  };
  // all that follows is the same
  const shifted = convention(
    "A2 - α",
    "A2 is overwritten by A2 - α after its last use",
    "A2 の配列は、使い終わった後で A2 - α に上書きされている",
    { A2: [minusMaxima, "W2 Y1 + b2 - α"] },
  );
  return [shifted, ...all];
}

/** The id of the convention by which a loss is computed after the update, for the next step. */
export const LOSS_BEFORE = "loss of the images before";

/** The loss of the parameters after the step, or after the step before, of its images. */
function laterLosses({ own, recorded, previous }: Scene): Change[] {
  if (recorded("E") === undefined) return [];
  const { X, labels, "W1'": W1, "b1'": b1, "W2'": W2, "b2'": b2 } = own;
  const after = lazyStep({ X, labels, W1, b1, W2, b2 });
  const ofThis = convention(
    "loss after the step",
    "its loss is that of the parameters after the step",
    "損失は更新後のパラメータで計算したものである",
    { L: [() => after.L, "L after the step"], E: [() => after.E, "E after the step"] },
    { parts: [["L", "E"]] },
  );
  if (previous === undefined) return [ofThis];
  const before = lazyStep({
    ...{ X: previous.X, labels: previous.labels },
    ...{ W1: own.W1, b1: own.b1, W2: own.W2, b2: own.b2 },
  });
  const ofBefore = convention(
    LOSS_BEFORE,
    "its loss is that of the images of the step before, after its update",
    "損失は前のステップの画像について、その更新後に計算したものである",
    { E: [() => before.E, "E of the images before"] },
  );
  return [ofThis, ofBefore];
}

/** Parameters that were recorded after their update: W + η dW were those before it. */
function lateParameters({ own, recorded, rate }: Scene): Change[] {
  return ([["W1", "b1", "A1", "X"], ["W2", "b2", "A2", "Y1"]] as const).flatMap(([W, b, A, X]) => {
    const dW = recorded(`d${W}`), db = recorded(`d${b}`), sums = recorded(A);
    if (dW === undefined || db === undefined) return [];
    const affine = (W: A, b: A) => W.multiply(own[X]).plusColumn(b as never);
    // the rate by which A = (W + η dW) X + b + η db
    const η = rate ??
      (sums && multipleOf(sums.plus(affine(own[W], own[b]).scale(-1)), affine(dW, db)))?.value ?? 0;
    if (η <= 0) return [];
    const before = { [W]: own[W].plus(dW.scale(η)), [b]: own[b].plus(db.scale(η)) };
    const using = STEP.filter(({ from }) => from.includes(W) || from.includes(b));
    return convention(
      `late ${W}`,
      `${W}, ${b} were recorded after the update: all fits if W + η dW were those before it`,
      `${W}、${b} は更新後に記録されている（更新前を W + η dW とすれば合う）`,
      Object.fromEntries(using.map(({ symbol }) => [symbol, [within(() => before)]])),
      { parts: [[A]] },
    );
  });
}
