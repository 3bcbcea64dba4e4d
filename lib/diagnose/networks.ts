// Programs that are right by other equations than the report's: conventions, such as the sum over
// the batch in place of the mean, and other networks, such as ReLU throughout. Each is a change of
// some equations that has to fit wherever it shows.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { sigmoid } from "../network/sigmoid.ts";
import { softmax } from "../network/softmax_cross_entropy.ts";
import {
  type ComputedSymbol,
  lazyStep,
  type RunTimeStep,
  type StepSymbol,
} from "../network/step.ts";
import { significantDigits } from "../text/numbers.ts";
import { t, type Text } from "../text/layout.ts";
import { matrixOf } from "./agreement.ts";
import type { StepSizes } from "./dump.ts";

/** An equation in place of the table's, which is `right`. */
export type Equation = (
  values: RunTimeStep,
  right: (values: RunTimeStep) => RunTimeMatrix,
) => RunTimeMatrix;

/** Equations that a program has in place of the table's, and is right by. */
export interface Change {
  /** Its name: `relu`. */
  readonly id: string;
  /** Whether the network is the report's all the same. */
  readonly kind: "convention" | "network";
  /** What the program does, in one clause. */
  readonly words: Text;
  readonly equations: Readonly<Partial<Record<ComputedSymbol, Equation>>>;
  /**
   * An array that was overwritten before it was recorded, and by what, if that is known: all that
   * follows from the quantity has to be right.
   */
  readonly ignored?: {
    readonly symbol: ComputedSymbol;
    readonly value: (() => RunTimeMatrix) | undefined;
  };
  /** The right-hand sides, where they are not the table's. */
  readonly formulas: Readonly<Partial<Record<ComputedSymbol, string>>>;
  /** Whether later gradients divide by B what earlier ones have not. */
  readonly divides?: boolean;
  /** Of each of these, one has to show: the forward pass and the backward pass of ReLU. */
  readonly parts: readonly (readonly StepSymbol[])[];
}

/** What is known when a quantity is not what the table gives. */
export interface Scene {
  readonly own: RunTimeStep;
  readonly recorded: (symbol: StepSymbol) => RunTimeMatrix | undefined;
  readonly sizes: StepSizes;
}

/** The changes that the numbers suggest. */
export function changes(scene: Scene): Change[] {
  return [
    ...batchConventions(scene),
    ...activations(scene),
    ...dropout(scene),
    ...heads(),
    ...smoothedLabels(scene),
    ...classWeights(scene),
    ...overwritten(scene),
    ...laterLoss(scene),
  ];
}

type A = RunTimeMatrix;
const number = (x: number) => significantDigits(x, 3);
const multiply = (a: A, b: A) => a.zip(b, (a, b) => a * b);
const sums = (a: A) => a.columnSums as unknown as A;
const BACKWARD = ["dA2", "dW2", "db2", "dY1", "dA1", "dW1", "db1"] as const;
const UPDATED = ["W1'", "b1'", "W2'", "b2'"] as const;

/** Some quantities in place of those of a step. */
function withValues(values: RunTimeStep, others: Readonly<Record<string, unknown>>): RunTimeStep {
  return Object.create(values, Object.getOwnPropertyDescriptors(others));
}

/** The gradients up to which a program uses its own definition, and those that make up for it. */
const EXTENTS: readonly (readonly [ComputedSymbol[], ComputedSymbol[]])[] = [
  [["dA2"], ["dW2", "db2", "dY1"]],
  [["dA2", "dY1"], ["dW2", "db2", "dA1"]],
  [["dA2", "dY1", "dA1"], ["dW2", "db2", "dW1", "db1"]],
  [[...BACKWARD], [...UPDATED]],
];

function batchConventions({ sizes: { B } }: Scene): Change[] {
  const times = (factor: number): Equation => (values, right) => right(values).scale(factor);
  const updateTimes = (factor: number, W: "W1" | "b1" | "W2" | "b2"): Equation => (values, right) =>
    right(withValues(values, { [`d${W}`]: values[`d${W}`].scale(factor) }));
  const made = EXTENTS.flatMap(([, givers], i) =>
    ([["B", B], ["-1", -1], ["-B", -B]] as const).map(([name, factor]): Change => ({
      id: `${name === "-1" ? "sign" : "sum"} up to ${["dA2", "dY1", "dA1", "db1"][i]}`,
      kind: "convention",
      words: name === "B"
        ? t(
          `its gradients are those of the sum over the batch, and ${
            i < 3 ? givers.join(", ") : "the update"
          } divide by B`,
          `勾配は和に対するもので、${i < 3 ? givers.join("、") : "更新"}の計算で B で割っている`,
        )
        : t(
          `its gradients have the opposite sign${
            name === "-1" ? "" : " and are sums over the batch"
          }, and ${i < 3 ? givers.join(", ") : "the update"} makes up for it`,
          `勾配の符号が逆${name === "-1" ? "" : "で和に対するもの"}だが、${
            i < 3 ? givers.join("、") : "更新"
          }の計算で正しくなっている`,
        ),
      equations: {
        dA2: times(factor),
        ...Object.fromEntries(
          givers.map((giver) =>
            [
              giver,
              giver.endsWith("'")
                ? updateTimes(1 / factor, giver.slice(0, -1) as "W1")
                : times(1 / factor),
            ] as const
          ),
        ),
      },
      formulas: { dA2: { B: "P - onehot", "-1": "(onehot - P) / B", "-B": "onehot - P" }[name] },
      parts: [["dA2"], givers],
      divides: name === "B" && i < 3,
    }))
  );
  const sum: Change[] = [
    {
      id: "loss is a sum",
      kind: "convention",
      words: t("its loss is the sum over the batch", "損失はバッチ内の和である"),
      equations: { E: times(B) },
      formulas: { E: "Σ_i L" },
      parts: [["E"]],
    },
    {
      id: "gradients are sums",
      kind: "convention",
      words: t(
        "its gradients are those of the sum over the batch, with a rate that fits",
        "勾配はバッチ内の和に対するもので、学習率がそれに合っている",
      ),
      equations: { dA2: times(B) },
      formulas: { dA2: "P - onehot" },
      parts: [["dA2"]],
    },
  ];
  const rate: Change = {
    id: "rate in the gradients",
    kind: "convention",
    words: t(
      "the learning rate is in the gradients of the parameters, not in the update",
      "学習率を更新のときではなく、パラメータの勾配に掛けている",
    ),
    equations: Object.fromEntries((["W1", "b1", "W2", "b2"] as const).flatMap((W) =>
      [
        [`d${W}`, (values: RunTimeStep, right) => right(values).scale(values.η)],
        [`${W}'`, (values: RunTimeStep, right) => right(withValues(values, { η: 1 }))],
      ] as [string, Equation][]
    )),
    formulas: Object.fromEntries(
      (["W1", "b1", "W2", "b2"] as const).map((W) => [`${W}'`, `${W} - d${W}`]),
    ),
    parts: [["dW1", "db1", "dW2", "db2"], UPDATED],
  };
  made.push(rate);
  return B === 1 ? made.filter(({ id }) => !id.startsWith("sum")) : [
    ...made,
    ...sum,
  ];
}

/** A function of the hidden layer, and its derivative. */
interface Activation {
  readonly id: string;
  readonly words: Text;
  readonly f: (a: number) => number;
  readonly derivative: (a: number) => number;
  readonly formula: string;
}

const logistic = (x: number) => 1 / (1 + exp(-x));
const tanh = (x: number) => 2 * logistic(2 * x) - 1;

function activations({ own, recorded }: Scene): Change[] {
  const slopes = new Set([0.01, 0.1, 0.2]);
  const Y1 = recorded("Y1"), { data: sum } = own.A1;
  const negative = Y1 === undefined ? -1 : sum.findIndex((a) => a < -1e-3);
  if (negative >= 0) slopes.add(Number((Y1!.data[negative]! / sum[negative]!).toPrecision(5)));
  const list: Activation[] = [
    {
      ...{ id: "relu", words: t("ReLU", "ReLU"), formula: "max(0, A1)" },
      ...{ f: (a) => Math.max(0, a), derivative: (a) => a > 0 ? 1 : 0 },
    },
    {
      ...{ id: "tanh", words: t("tanh", "tanh"), formula: "tanh(A1)" },
      ...{ f: tanh, derivative: (a) => 1 - tanh(a) ** 2 },
    },
    ...[...slopes].filter((slope) => slope > 0 && slope < 1).map((slope): Activation => ({
      id: "leaky relu",
      words: t(`leaky ReLU with the slope ${slope}`, `傾き ${slope} の Leaky ReLU`),
      formula: `max(A1, ${slope} A1)`,
      ...{ f: (a) => a > 0 ? a : slope * a, derivative: (a) => a > 0 ? 1 : slope },
    })),
    ...([[0.2, "0.2"], [1 / 6, "1/6"]] as const).map(([slope, name]): Activation => ({
      id: "hard sigmoid",
      words: t(`the hard sigmoid clip(${name} x + 0.5)`, `ハードシグモイド clip(${name} x + 0.5)`),
      formula: `clip(${name} A1 + 0.5, 0, 1)`,
      f: (a) => Math.min(1, Math.max(0, slope * a + 0.5)),
      derivative: (a) => Math.abs(slope * a) < 0.5 ? slope : 0,
    })),
  ];
  return list.map(({ id, words: { en, ja }, f, derivative, formula }): Change => ({
    id,
    kind: "network",
    words: t(
      `its hidden layer has ${en} in place of the sigmoid`,
      `隠れ層がシグモイド関数ではなく ${ja} である`,
    ),
    equations: {
      Y1: ({ A1 }) => A1.map(f),
      dA1: ({ dY1, A1 }) => dY1.zip(A1, (d, a) => d * derivative(a)),
    },
    formulas: { Y1: formula, dA1: `dY1 f'(A1), f(A1) = ${formula}` },
    parts: [["Y1"], ["dA1"]],
  }));
}

function dropout({ own, recorded }: Scene): Change[] {
  const Y1 = recorded("Y1");
  if (Y1 === undefined || Y1.data.length < 8) return [];
  const plain = sigmoid(own.A1), quotients = Y1.data.map((y, i) => y / plain.data[i]!);
  const kept = quotients.filter((q) => q !== 0), scale = kept[0];
  if (scale === undefined || kept.length === quotients.length) return [];
  if (kept.some((q) => Math.abs(q - scale) > 1e-4 * scale)) return [];
  // units that are 0 for all examples are left out
  const isWhole = quotients.every((q, i) => q === quotients[i - i % Y1.columns]);
  if (isWhole && Math.abs(scale - 1) < 1e-5) return [];
  const mask = matrixOf(Y1.rows, Y1.columns, quotients.map((q) => q === 0 ? 0 : scale));
  const derivative = plain.map((y) => y * (1 - y));
  const share = number(1 - kept.length / quotients.length);
  return [{
    id: "dropout",
    kind: "network",
    words: t(
      `its hidden layer has dropout (${share} of Y1 are 0)`,
      `隠れ層にドロップアウトがある（Y1 の ${share} が 0）`,
    ),
    equations: {
      Y1: ({ A1 }) => multiply(sigmoid(A1), mask),
      dA1: ({ dY1 }) => multiply(multiply(dY1, mask), derivative),
    },
    formulas: { Y1: "mask / (1 + e^(-A1))", dA1: "dY1 mask f'(A1)" },
    parts: [["Y1"], ["dA1"]],
  }];
}

/** The last layer and the loss: which function P is, and which loss, with their gradient. */
function heads(): Change[] {
  const outputs = {
    softmax: {
      ...{ en: "", ja: "", f: (a: A) => softmax(a), formula: "softmax(A2)" },
      back: (P: A, G: A) => {
        const inner = multiply(P, G);
        return inner.zip(P.zipRow(inner.columnSums, (p, sum) => p * sum), (x, y) => x - y);
      },
    },
    sigmoid: {
      ...{ en: "sigmoid outputs and ", ja: "出力がシグモイド関数で、" },
      ...{ f: (a: A) => sigmoid(a), formula: "1 / (1 + e^(-A2))" },
      back: (P: A, G: A) => P.zip(G, (p, g) => p * (1 - p) * g),
    },
    linear: {
      ...{ en: "linear outputs and ", ja: "出力が線形で、", f: (a: A) => a, formula: "A2" },
      back: (_: A, G: A) => G,
    },
  };
  const squares = [["/ 2", () => 1 / 2], ["", () => 1], ["/ K", (K: number) => 1 / K], [
    "/ (2 K)",
    (K: number) => 1 / 2 / K,
  ]] as const;
  const squared = Object.entries(outputs).flatMap(([id, { en, ja, f, formula, back }]) =>
    squares.map(([name, factor]): Change => ({
      id: `squared error${id === "softmax" ? "" : ` of ${id} outputs`}`,
      kind: "network",
      words: t(`it has ${en}the squared error`, `${ja}損失が二乗和誤差である`),
      equations: {
        P: ({ A2 }) => f(A2),
        L: ({ P, onehot }) => sums(P.zip(onehot, (p, y) => factor(P.rows) * (p - y) ** 2)),
        dA2: ({ P, onehot }) =>
          back(P, P.zip(onehot, (p, y) => 2 * factor(P.rows) * (p - y) / P.columns)),
      },
      formulas: { P: formula, L: `Σ_k (P - onehot)² ${name}`, dA2: "∂E/∂A2 of the squared error" },
      parts: id === "softmax" ? [["L", "E"], ["dA2"]] : [["P", "L", "E"], ["dA2"]],
    }))
  );
  const guarded = (p: number) => log(Math.max(p, Number.MIN_VALUE));
  const binary = (["sigmoid", "softmax"] as const).flatMap((id) =>
    ([["", () => 1], ["/ K", (K: number) => 1 / K]] as const).map(([name, factor]): Change => ({
      id: `binary cross-entropy${id === "softmax" ? "" : " of sigmoid outputs"}`,
      kind: "network",
      words: t(
        `it has ${outputs[id].en}the binary cross-entropy`,
        `${outputs[id].ja}損失が 2 値のクロスエントロピー誤差である`,
      ),
      equations: {
        P: ({ A2 }) => outputs[id].f(A2),
        L: ({ P, onehot }) =>
          sums(
            P.zip(onehot, (p, y) => -factor(P.rows) * (y * guarded(p) + (1 - y) * guarded(1 - p))),
          ),
        dA2: ({ P, onehot }) => {
          const c = factor(P.rows) / P.columns;
          return id === "sigmoid"
            ? P.zip(onehot, (p, y) => c * (p - y))
            : outputs.softmax.back(P, P.zip(onehot, (p, y) => c * (p - y) / (p * (1 - p))));
        },
      },
      formulas: {
        P: outputs[id].formula,
        L: `-Σ_k (onehot ln P + (1 - onehot) ln(1 - P)) ${name}`,
        dA2: "∂E/∂A2 of the binary cross-entropy",
      },
      parts: id === "softmax" ? [["L", "E"], ["dA2"]] : [["P", "L", "E"], ["dA2"]],
    }))
  );
  return [...squared, ...binary];
}

/** Labels of 1 - ε + ε / K and ε / K, in onehot or in the loss and its gradient only. */
function smoothedLabels({ own, recorded, sizes: { K, B } }: Scene): Change[] {
  const onehot = recorded("onehot"), dA2 = recorded("dA2"), right = own.labels.values;
  const targets = dA2 && own.P.zip(dA2, (p, d) => p - B * d);
  return [onehot, targets].flatMap((targets, i): Change[] => {
    if (targets === undefined || K < 2) return [];
    const mean = (of: (k: number, j: number) => boolean) => {
      const some = targets.data.filter((_, n) => of(Math.floor(n / B), n % B));
      return some.reduce((sum, x) => sum + x, 0) / some.length;
    };
    const low = mean((k, j) => right[j] !== k);
    const high = mean((k, j) => right[j] === k);
    if (!(low > 1e-4 && low < high && Math.abs(high + (K - 1) * low - 1) < 1e-5)) return [];
    const ε = Number((K * low).toPrecision(3)), rest = ε / K;
    const smooth = (y: A) => y.map((y) => (1 - ε) * y + rest);
    return [{
      id: "label smoothing",
      kind: "network",
      words: t(`its labels are smoothed by ${ε}`, `${ε} のラベルスムージングをしている`),
      equations: i === 0 ? { onehot: (values, right) => smooth(right(values)) } : {
        L: ({ P, onehot }) => sums(P.zip(smooth(onehot), (p, y) => -y * log(p))),
        dA2: ({ P, onehot }) => P.zip(smooth(onehot), (p, y) => (p - y) / P.columns),
      },
      formulas: i === 0 ? { onehot: `${1 - ε} [k = labels] + ${ε} / K` } : {
        L: `-Σ_k (${1 - ε} onehot + ${ε} / K) ln P`,
        dA2: `(P - ${1 - ε} onehot - ${ε} / K) / B`,
      },
      parts: i === 0 ? [["onehot", "L", "E", "dA2"]] : [["dA2"]],
    }];
  });
}

function classWeights({ own, recorded, sizes: { K, B } }: Scene): Change[] {
  const dA2 = recorded("dA2"), L = recorded("L");
  const right = own.P.zip(own.onehot, (p, y) => (p - y) / B);
  const ofExample = dA2 !== undefined && dA2.columns === B
    ? own.labels.values.map((k, i) => dA2.data[k * B + i]! / right.data[k * B + i]!)
    : L !== undefined && own.L.data.every((loss) => loss > 1e-6)
    ? L.data.map((loss, i) => loss / own.L.data[i]!)
    : undefined;
  if (ofExample === undefined) return [];
  const weights: number[] = [];
  let repeated = 0;
  for (const [i, k] of own.labels.values.entries()) {
    const weight = ofExample[i]!, known = weights[k];
    if (known === undefined) weights[k] = weight;
    else if (Math.abs(weight - known) > 1e-4 * Math.abs(known)) return [];
    else repeated++;
  }
  const values = weights.filter((weight) => weight !== undefined);
  const differ = Math.max(...values) > 1.001 * Math.min(...values);
  if (!differ || !values.every((w) => w > 0 && Number.isFinite(w)) || repeated < 2 || K < 2) {
    return [];
  }
  const weighted: Equation = (values, right) =>
    right(values).zipRow(
      matrixOf(1, B, own.labels.values.map((k) => weights[k]!)) as never,
      (x, w) => x * w,
    );
  return [{
    id: "class weights",
    kind: "network",
    words: t("its classes have weights in the loss", "損失にクラスごとの重みがある"),
    equations: { L: weighted, dA2: weighted },
    formulas: { L: "w[labels] L", dA2: "w[labels] (P - onehot) / B" },
    parts: dA2 === undefined ? [["L", "E"], ["dA2"]] : [["dA2"]],
  }];
}

/** Arrays that hold something later, as programs that save memory write it over the quantity. */
function overwritten({ own, recorded, sizes: { B } }: Scene): Change[] {
  const difference = () => own.P.zip(own.onehot, (p, y) => p - y);
  const powers = () => own.A2.zipRow(own.A2.columnMaxima, (a, max) => exp(a - max));
  const candidates: readonly (readonly [ComputedSymbol, string, () => A])[] = [
    ["A1", "Y1", () => own.Y1],
    ["A1", "e^(-A1)", () => own.A1.map((a) => exp(-a))],
    ["A1", "-A1", () => own.A1.scale(-1)],
    ["A2", "A2 - α", () => own.A2.zipRow(own.A2.columnMaxima, (a, max) => a - max)],
    ["A2", "e^(A2 - α)", powers],
    ["A2", "e^A2", () => own.A2.map(exp)],
    ["A2", "P", () => own.P],
    ["A2", "dA2", () => own.dA2],
    ["P", "P - onehot", difference],
    ["P", "dA2", () => own.dA2],
    ["P", "(P - onehot) / B", () => difference().scale(1 / B)],
    ["Y1", "(1 - Y1) Y1", () => own.Y1.map((y) => y * (1 - y))],
    ["Y1", "dA1", () => own.dA1],
    ["Y1", "dY1", () => own.dY1],
    ["dY1", "dA1", () => own.dA1],
  ];
  const change = (symbol: ComputedSymbol, words: Text, value?: () => A): Change => ({
    ...{ id: `${symbol} overwritten`, kind: "convention", words, parts: [] },
    // what follows uses the table's
    ...{ equations: {}, ignored: { symbol, value }, formulas: {} },
  });
  return [
    ...candidates.map(([symbol, by, value]) =>
      change(
        symbol,
        t(
          `${symbol} is overwritten by ${by} after its last use`,
          `${symbol} の配列は、使い終わった後で ${by} に上書きされている`,
        ),
        value,
      )
    ),
    ...(["A1", "Y1", "A2", "P", "onehot", "dA2", "dY1", "dA1"] as const).map((symbol) =>
      change(
        symbol,
        t(
          `what was recorded as ${symbol} is something else, but all that follows is right`,
          `${symbol} として記録されたものは別の値だが、それに続く計算は正しい`,
        ),
      )
    ),
  ].filter(({ ignored }) => recorded(ignored!.symbol) !== undefined);
}

/** The loss of the parameters after the step. */
function laterLoss({ own, recorded }: Scene): Change[] {
  if (recorded("E") === undefined) return [];
  const { X, labels } = own;
  const after = lazyStep({
    ...{ X, labels },
    ...{ W1: own["W1'"], b1: own["b1'"], W2: own["W2'"], b2: own["b2'"] },
  });
  return [{
    id: "loss after the step",
    kind: "convention",
    words: t(
      "its loss is that of the parameters after the step",
      "損失は更新後のパラメータで計算したものである",
    ),
    equations: { L: () => after.L, E: () => after.E },
    formulas: { L: "L after the step", E: "E after the step" },
    parts: [["L", "E"]],
  }];
}
