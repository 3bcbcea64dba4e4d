// Programs that are right by other equations than the report's: conventions, such as the sum over
// the batch instead of the mean, and other networks, such as ReLU throughout. Each is a change of
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
import { PARAMETERS } from "./names.ts";

/** An equation instead of the table's, which is `right`. */
export type Equation = (
  values: RunTimeStep,
  right: (values: RunTimeStep) => RunTimeMatrix,
) => RunTimeMatrix;

/** Equations that a program has instead of the table's, and is right by. */
export interface Change {
  /** Its name: `relu`. */
  readonly id: string;
  /** Whether the network is the report's all the same. */
  readonly kind: "convention" | "network";
  /** What the program does, in one clause. */
  readonly words: Text;
  readonly equations: Readonly<Partial<Record<ComputedSymbol, Equation>>>;
  /** An array that was overwritten, and by what, if that is known: the rest has to be right. */
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
    ...heads(scene),
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
const UPDATED = ["W1'", "b1'", "W2'", "b2'"] as const;

/** Some quantities instead of those of a step. */
function withValues(values: RunTimeStep, others: Readonly<Record<string, unknown>>): RunTimeStep {
  return Object.create(values, Object.getOwnPropertyDescriptors(others));
}

/** The gradients, or the updates, that make up for a definition of dA2, or of all up to them. */
const GIVERS: readonly (readonly ComputedSymbol[])[] = [
  ["dW2", "db2", "dY1"],
  ["dW2", "db2", "dA1"],
  ["dW2", "db2", "dW1", "db1"],
  UPDATED,
];

/** Gradients of the sum over the batch, of the opposite sign, or both, and what makes up for it. */
function batchConventions({ sizes: { B } }: Scene): Change[] {
  const times = (factor: number): Equation => (values, right) => right(values).scale(factor);
  const updateTimes = (factor: number, W: "W1" | "b1" | "W2" | "b2"): Equation => (values, right) =>
    right(withValues(values, { [`d${W}`]: values[`d${W}`].scale(factor) }));
  const factors = [["B", B, "P - onehot"], ["-1", -1, "(onehot - P) / B"], [
    "-B",
    -B,
    "onehot - P",
  ]] as const;
  const madeUp = GIVERS.flatMap((givers, i) =>
    factors.map(([name, factor, dA2]): Change => {
      const [en, ja] = i < 3 ? [givers.join(", "), givers.join("、")] : ["the update", "更新"];
      const of = {
        "B": t("those of the sum over the batch", "和に対するもの"),
        "-1": t("of the opposite sign", "符号が逆"),
        "-B": t("sums over the batch of the opposite sign", "符号が逆で和に対するもの"),
      }[name];
      return {
        id: `${name === "-1" ? "sign" : "sum"} up to ${["dA2", "dY1", "dA1", "db1"][i]}`,
        kind: "convention",
        words: t(
          `its gradients are ${of.en}, which is made up for in ${en}`,
          `勾配は${of.ja}だが、${ja}の計算で正しくなっている`,
        ),
        equations: Object.fromEntries([
          ["dA2", times(factor)],
          ...givers.map((giver) => [
            giver,
            giver.endsWith("'")
              ? updateTimes(1 / factor, giver.slice(0, -1) as "W1")
              : times(1 / factor),
          ]),
        ]),
        ...{ formulas: { dA2 }, parts: [["dA2"], givers], divides: name === "B" && i < 3 },
      };
    })
  );
  const rate: Change = {
    id: "rate in the gradients",
    kind: "convention",
    words: t(
      "the learning rate is in the gradients of the parameters, not in the update",
      "学習率を更新のときではなく、パラメータの勾配に掛けている",
    ),
    equations: Object.fromEntries(PARAMETERS.flatMap((W): [string, Equation][] => [
      [`d${W}`, (values, right) => right(values).scale(values.η)],
      [`${W}'`, (values, right) => right(withValues(values, { η: 1 }))],
    ])),
    formulas: Object.fromEntries(PARAMETERS.map((W) => [`${W}'`, `${W} - d${W}`])),
    parts: [["dW1", "db1", "dW2", "db2"], UPDATED],
  };
  const loss: Change = {
    ...{ id: "loss is a sum", kind: "convention" },
    words: t("its loss is the sum over the batch", "損失はバッチ内の和である"),
    ...{ equations: { E: times(B) }, formulas: { E: "Σ_i L" }, parts: [["E"]] },
  };
  const gradients: Change = {
    ...{ id: "gradients are sums", kind: "convention" },
    words: t(
      "its gradients are those of the sum over the batch, with a rate that fits",
      "勾配はバッチ内の和に対するもので、学習率がそれに合っている",
    ),
    ...{ equations: { dA2: times(B) }, formulas: { dA2: "P - onehot" }, parts: [["dA2"]] },
  };
  const made = [...madeUp, rate];
  // of one example, sums and means are the same
  return B === 1 ? made.filter(({ id }) => !id.startsWith("sum")) : [...made, loss, gradients];
}

const tanh = (x: number) => 2 / (1 + exp(-2 * x)) - 1;

type OfNumber = (a: number) => number;

/** Another function of the hidden layer, and its derivative. */
function activations({ own, recorded }: Scene): Change[] {
  const slopes = new Set([0.01, 0.1, 0.2]);
  const Y1 = recorded("Y1"), { data: sum } = own.A1;
  const negative = Y1 === undefined ? -1 : sum.findIndex((a) => a < -1e-3);
  if (negative >= 0) slopes.add(Number((Y1!.data[negative]! / sum[negative]!).toPrecision(5)));
  const activation = (
    id: string,
    en: string,
    ja: string,
    f: OfNumber,
    slope: OfNumber,
  ): Change => ({
    ...{ id, kind: "network" },
    words: t(
      `its hidden layer has ${en} instead of the sigmoid`,
      `隠れ層がシグモイド関数ではなく ${ja} である`,
    ),
    equations: {
      Y1: ({ A1 }) => A1.map(f),
      dA1: ({ dY1, A1 }) => dY1.zip(A1, (d, a) => d * slope(a)),
    },
    ...{ formulas: { Y1: `${id}(A1)`, dA1: `dY1 ${id}'(A1)` }, parts: [["Y1"], ["dA1"]] },
  });
  const relu = (slope: number): [OfNumber, OfNumber] => [
    (a) => a > 0 ? a : slope * a,
    (a) => a > 0 ? 1 : slope,
  ];
  const hard = (slope: number): [OfNumber, OfNumber] => [
    (a) => Math.min(1, Math.max(0, slope * a + 0.5)),
    (a) => Math.abs(slope * a) < 0.5 ? slope : 0,
  ];
  return [
    activation("relu", "ReLU", "ReLU", ...relu(0)),
    activation("tanh", "tanh", "tanh", tanh, (a) => 1 - tanh(a) ** 2),
    ...[...slopes].filter((slope) => slope > 0 && slope < 1).map((slope) => {
      const en = `leaky ReLU with the slope ${slope}`, ja = `傾き ${slope} の Leaky ReLU`;
      return activation("leaky relu", en, ja, ...relu(slope));
    }),
    ...([[0.2, "0.2"], [1 / 6, "1/6"]] as const).map(([slope, name]) => {
      const clip = `clip(${name} x + 0.5)`;
      return activation(
        "hard sigmoid",
        ...[`the hard sigmoid ${clip}`, `ハードシグモイド ${clip}`] as const,
        ...hard(slope),
      );
    }),
  ];
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

/** Functions of the last layer: words, formula, values, and ∂E/∂A2 of ∂E/∂P. */
// deno-fmt-ignore: a function is a line
const OUTPUTS: readonly (readonly [id: string, Text, string, f: (A2: A) => A, back: (P: A, dP: A) => A])[] = [
  ["", t("", ""), "softmax(A2)", (a) => softmax(a), (P, dP) => {
    const inner = multiply(P, dP);
    return inner.zip(P.zipRow(inner.columnSums, (p, sum) => p * sum), (x, y) => x - y);
  }],
  [" of sigmoid outputs", t("sigmoid outputs and ", "出力がシグモイド関数で、"), "1 / (1 + e^(-A2))", (a) => sigmoid(a), (P, dP) => P.zip(dP, (p, d) => p * (1 - p) * d)],
  [" of linear outputs", t("linear outputs and ", "出力が線形で、"), "A2", (a) => a, (_, dP) => dP],
];

const guarded = (p: number) => log(Math.max(p, Number.MIN_VALUE));

/** Losses: words, formula, the term of an entry, and its derivative by P. */
type OfEntry = (p: number, y: number) => number;

// deno-fmt-ignore: a function is a line
const LOSSES: readonly (readonly [id: string, Text, string, loss: OfEntry, slope: OfEntry])[] = [
  ["squared error", t("squared error", "二乗和誤差"), "Σ_k (P - onehot)²", (p, y) => (p - y) ** 2, (p, y) => 2 * (p - y)],
  ["binary cross-entropy", t("binary cross-entropy", "2 値のクロスエントロピー誤差"), "-Σ_k (onehot ln P + (1 - onehot) ln(1 - P))",
    (p, y) => -(y * guarded(p) + (1 - y) * guarded(1 - p)), (p, y) => (p - y) / Math.max(p * (1 - p), 1e-300)],
];

/** The last layer and the loss: which function P is, and which loss, with their gradient. */
function heads({ sizes: { K } }: Scene): Change[] {
  const factors = [["", 1], ["/ 2", 1 / 2], ["/ K", 1 / K], ["/ (2 K)", 1 / 2 / K]] as const;
  return OUTPUTS.flatMap(([of, output, P, f, back]) =>
    LOSSES.flatMap(([id, words, formula, loss, slope]) =>
      factors.map(([name, factor]): Change => ({
        ...{ id: id + of, kind: "network" },
        words: t(`it has ${output.en}the ${words.en}`, `${output.ja}損失が${words.ja}である`),
        equations: {
          P: ({ A2 }) => f(A2),
          L: ({ P, onehot }) => sums(P.zip(onehot, (p, y) => factor * loss(p, y))),
          dA2: ({ P, onehot }) => back(P, P.zip(onehot, slope)).scale(factor / P.columns),
        },
        formulas: { P, L: `${formula} ${name}`, dA2: `∂E/∂A2 of the ${id}` },
        parts: [of === "" ? ["L", "E"] : ["P", "L", "E"], ["dA2"]],
      }))
    )
  );
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

/** Arrays that hold something else, as programs that save memory write it over the quantity. */
function overwritten({ own, recorded }: Scene): Change[] {
  const change = (symbol: ComputedSymbol, words: Text, value?: () => A): Change => ({
    ...{ id: `${symbol} overwritten`, kind: "convention", words, parts: [] },
    // what follows uses the table's
    ...{ equations: {}, ignored: { symbol, value }, formulas: {} },
  });
  const centred = t(
    "A2 is overwritten by A2 - α after its last use",
    "A2 の配列は、使い終わった後で A2 - α に上書きされている",
  );
  return [
    change("A2", centred, () => own.A2.zipRow(own.A2.columnMaxima, (a, max) => a - max)),
    ...(["A1", "Y1", "A2", "P", "onehot", "dA2", "dY1", "dA1"] as const).map((symbol) =>
      change(
        symbol,
        t(
          `${symbol} was overwritten before it was recorded: all that follows is right`,
          `${symbol} の配列は記録される前に別の値で上書きされている（それに続く計算は正しい）`,
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
