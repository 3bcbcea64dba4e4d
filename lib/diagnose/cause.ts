// Why a quantity is wrong: the known mistakes that explain it, or else what finders, tried in
// order, see in the difference from what it should be. Of a very large step, a part is explained.
import { formatShape } from "../formats/nd_array.ts";
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { correctEquation, type Mistake } from "../mistakes/mistake.ts";
import { MISTAKES } from "../mistakes/mistakes.ts";
import { select } from "../mistakes/rearrange.ts";
import {
  type AnyStepValues,
  type Axis,
  type ComputedSymbol,
  lazyStep,
  type MatrixSymbol,
  QUANTITIES,
  type ReplaceableSymbol,
  type RunTimeReplacements,
  type RunTimeStep,
  STEP,
  STEP_INPUTS,
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import {
  dot,
  factorOf,
  largestFinite,
  matrixOf,
  multipleOf,
  picked,
  relativeError,
} from "./agreement.ts";
import { spread } from "./assignment.ts";
import {
  type KnownValues,
  multiplications,
  type Recorded,
  shapeOf,
  type StepDump,
  SYMBOLS,
} from "./dump.ts";

/**
 * A factor, as B, 1/K, -1 or 0.37.
 *
 * @category 7 Checks
 */
export interface Factor {
  /** Its value. */
  readonly value: number;
  /** Its name, if it is one of the usual factors: `1/B`. */
  readonly name: string | undefined;
}

/**
 * One explanation of a wrong quantity.
 *
 * @category 7 Checks
 */
export interface Cause {
  /** What kind of explanation it is: known mistakes, a factor, another equation, … */
  readonly kind: string;
  /** The explanation in one clause; rows, columns and indices are counted from 0. */
  readonly words: Text;
  /** The known mistakes that give it, made together; none for other kinds. */
  readonly mistakes: readonly Mistake[];
  /** What the result is multiplied by, if anything. */
  readonly factor?: Factor | undefined;
  /** The right-hand side that gives it, if there is one: `dA1 Xᵀ / B`. */
  readonly formula?: string | undefined;
  /**
   * The greatest difference from what the explanation gives, relative to the largest entry, if it
   * gives numbers.
   */
  readonly error?: number | undefined;
  /** The equation that is wrong, in the quantity or in one before it that was not recorded. */
  readonly made?: Trial | undefined;
  /** The network in which this is no mistake, if it is found everywhere: `Adam`. */
  readonly network?: Text | undefined;
}

type Equation = (values: AnyStepValues) => RunTimeMatrix;

/** @internal What a program may have computed instead of a quantity: an equation like the right. */
export interface Trial {
  readonly quantity: ReplaceableSymbol;
  compute(own: RunTimeStep, right: Equation): AnyMatrix | undefined;
}

/** A wrong quantity, and what is known of the program. */
export interface Suspect
  extends Pick<StepDump, "sizes" | "precision">, Pick<Recorded, "shape" | "data"> {
  readonly symbol: ComputedSymbol;
  /** The matrices that the recorded array may stand for; none if its shape does not fit. */
  readonly candidates: readonly RunTimeMatrix[];
  /** What it should be, and the quantities of the program: recorded, or computed from those. */
  readonly right: RunTimeMatrix;
  readonly own: RunTimeStep;
  /** The recorded ones before it, with the inputs; and those after it, as they may be read. */
  readonly given: KnownValues;
  readonly later: readonly (readonly [ComputedSymbol, readonly RunTimeMatrix[]])[];
  /** The equations that are not the table's, in a program of another convention or network. */
  readonly changed: RunTimeReplacements;
  /** The quantities of the step before, if the file has two. */
  readonly previous: RunTimeStep | undefined;
  /** Whether the learning rate is known: if not, an update may have any. */
  readonly rateIsKnown: boolean;
  /** The greatest relative difference that rounding explains, and that of the right equation. */
  readonly tolerance: number;
  readonly error: number;
}

/** All explanations that fit, best first; what is said of the difference alone if none does. */
export function findCauses(suspect: Suspect): readonly Cause[] {
  if (suspect.candidates.length === 0) return [wrongShape(suspect)];
  const part = partOf(suspect);
  const mistakes = [
    ...explaining(part, (place) => MISTAKES.filter(({ quantity }) => quantity === place)),
  ];
  const finders = [
    () => bestOf(suspect, mistakes.filter(({ factor }) => factor === undefined)),
    ...[notFinite, plainFactor],
    () => bestOf(suspect, mistakes.filter(({ factor }) => factor !== undefined)),
    ...[() => otherEquation(part), added],
  ];
  // an explanation has to fit clearly better than the right equation does, in digits; a single
  // number, to which many come near by chance, in more of them
  const isClear = ({ error, kind }: Cause) => {
    const digits = suspect.right.data.length > 1 ? 1.5 : kind === "equation" ? 5 : 3;
    return error === undefined || !(suspect.error < 10 ** digits * error);
  };
  for (const find of finders) {
    const found = [find(suspect) ?? []].flat().filter(isClear);
    if (found.length > 0) return found;
  }
  return [cause(
    "unknown",
    t("no known mistake explains it", "既知の誤りのどれにも当てはまらない"),
  )];
}

/** An entry that is not finite. */
function notFinite({ data }: Suspect): Cause | undefined {
  const value = data.find((x) => !Number.isFinite(x));
  return value === undefined
    ? undefined
    : cause("not finite", t(`holds ${value}`, `${value} がある`));
}

/** A multiple of what it should be, or zero. */
function plainFactor(suspect: Suspect): Cause | undefined {
  const { symbol, sizes, own, tolerance, rateIsKnown, candidates: [yours] } = suspect;
  const recorded = stepOf(suspect, yours!), right = stepOf(suspect, suspect.right);
  // the difference of two entries that rounding explains
  const bound = WRONG_EQUATION * tolerance *
    (largestFinite(right) || largestFinite(suspect.right));
  const isUpdate = symbol.endsWith("'"), rightHandSide = rightHandSideOf(QUANTITIES[symbol]);
  if (maxAbs(recorded.data) <= bound / 8) {
    const words = recorded.data.every((x) => x === 0)
      ? t("all entries are 0", "すべての要素が 0 になっている")
      : t(
        "0 but for rounding, perhaps summed along the wrong axis",
        "丸め誤差を除いて 0 である（和をとる軸が違うおそれがある）",
      );
    const factor = { value: 0, name: "0" };
    return isUpdate ? undefined : cause("factor", words, { factor, error: 0 });
  }
  const fit = multipleOf(recorded, right);
  if (fit === undefined || isUpdate && !rateIsKnown) return undefined;
  const { error, value } = fit, factor = factorOf(value, sizes, own, tolerance);
  if (!fits(suspect, error) && !(error * largestFinite(recorded) <= bound)) return undefined;
  // of a single number, every other is a multiple; near 1, it is rounded
  const isNothing = right.data.length === 1 || Math.abs(value - 1) < 4e-3;
  if (factor.name === undefined && isNothing) return undefined;
  if (factor.name === undefined && isUpdate) {
    const rate = significantDigits(own.η * value, 4), W = symbol.slice(0, -1);
    const words = t(`its learning rate is ${rate}`, `学習率が ${rate} になっている`);
    return otherFormula(`${W} - ${rate} d${W}`, { error, factor }, words);
  }
  const norm = Math.sqrt(dot(recorded.data, recorded.data)), round = Number(norm.toPrecision(2));
  const isClipped = value > 0 && value < 1 && Math.abs(norm - round) <= 1e-6 * norm;
  const words = factor.name === undefined && isClipped
    ? t(`clipped to the norm ${round}`, `ノルム ${round} にクリップされている`)
    : factorWords(factor);
  const formula = `${factor.name ?? significantDigits(value, 6)} (${rightHandSide})`;
  return cause("factor", words, { factor, error, formula });
}

/** Another equation, in the quantity or in those before it that were not recorded. */
function otherEquation(suspect: Suspect): Cause | undefined {
  const equations = (place: ReplaceableSymbol) => place === "X" ? [] : alternatives(suspect, place);
  for (const { trial, factor, error } of explaining(suspect, equations)) {
    const { formula, words } = trial;
    if (factor === undefined) return otherFormula(formula, { error, made: trial }, words);
  }
  return undefined;
}

/** A multiple of another quantity, or of 1, that is added. */
function added(suspect: Suspect): Cause | undefined {
  const { symbol, own, previous, tolerance, right, candidates: [recorded] } = suspect;
  const isUpdate = symbol.endsWith("'"), isNumber = right.data.length === 1;
  // a single number is any other and something, and so are two whose sum is 0
  if (right.data.length < 3 && symbol !== "E") return undefined;
  const squares = dot(own.W1.data, own.W1.data) + dot(own.W2.data, own.W2.data);
  const past = previous &&
    stepOf(
      { symbol, own: previous },
      isUpdate ? own[symbol.slice(0, 2) as "W1"] : previous[symbol],
    );
  const others: readonly (readonly [string, RunTimeMatrix | undefined])[] = isNumber
    ? [["(ΣW1² + ΣW2²)", right.map(() => squares)]]
    : [
      ["the step before", past],
      ...othersLike(suspect).map((other) => [other, own[other]] as const),
      ...MATRICES.filter((one) => own[one].columns === 1 && own[one].rows === right.rows)
        .map((one) => [one, repeated(own[one], right)] as const),
      ["1", right.data.length < 6 ? undefined : right.map(() => 1)],
    ];
  const difference = recorded!.zip(right, (a, b) => a - b);
  for (const [name, other] of others) {
    const fitted = other && multipleOf(difference, other)?.value;
    if (fitted === undefined) continue;
    // of numbers each is a multiple, but not a round one
    const factor = isNumber ? Number(fitted.toPrecision(2)) : fitted;
    const error = leastError(suspect, right.zip(other!, (x, y) => x + factor * y));
    if (!(error <= WRONG_EQUATION * Math.max(tolerance, 2 ** -50))) continue;
    if (isNumber && factor < 0) continue;
    const isPast = other === past, of = isPast && !isUpdate ? `${symbol} of ${name}` : name;
    const [size, short] = [6, 3].map((digits) => significantDigits(Math.abs(factor), digits));
    const term = name === "1" ? size : size === "1" ? of : `${size} ${of}`;
    const sum = isUpdate ? rightHandSideOf(QUANTITIES[symbol]) : symbol;
    const formula = `${sum} ${factor < 0 ? "-" : "+"} ${term}`, λ = isUpdate ? -factor : factor;
    if (isPast && isUpdate) {
      const momentum = t(
        `it is trained with momentum (${short})`,
        `モメンタム ${short} で学習している`,
      );
      return otherFormula(formula, { error, network: momentum }, momentum);
    }
    if (/^\(?Σ?W/.test(name) && λ > 0 && λ < 0.5) {
      const words = t(`weight decay: ${short} ${name}`, `重み減衰がある（${short} ${name}）`);
      const network = t("it has weight decay", "重み減衰がある");
      return otherFormula(formula, { error, network }, words);
    }
    const isSummed = isPast && Math.abs(factor - 1) < 1e-6;
    const words = t(
      `${of} is added: the gradients are not set to zero`,
      `前のステップの ${symbol} が足されている（勾配を 0 に戻していない）`,
    );
    return otherFormula(formula, { error }, isSummed ? words : undefined);
  }
  return undefined;
}

/** Why a quantity has the wrong number of entries. */
function wrongShape({ symbol, shape, sizes }: Suspect): Cause {
  const found = formatShape(shape), wanted = shapeOf(symbol, sizes).join("x");
  const isBias = symbol.includes("b"), isSquare = shape.length === 2 && shape[0] === shape[1];
  const hint = isBias && shape.every((size) => size === 1)
    ? t("perhaps it is summed over everything", "すべての要素の和をとったおそれがある")
    // NumPy makes a matrix of a row and a column
    : isBias && isSquare
    ? t(
      "a row and a column were broadcast to a matrix: (n,) and (n, 1) give (n, n)",
      "行ベクトルと列ベクトルがブロードキャストされている。(n,) と (n, 1) から (n, n) ができる",
    )
    : undefined;
  const words = t(
    `its shape is ${found}, need ${wanted}${hint ? `; ${hint.en}` : ""}`,
    `形が ${found} である。${wanted} が必要${hint ? `（${hint.ja}）` : ""}`,
  );
  return cause("shape", words);
}

/** Every quantity that is a matrix, but for those after the step. */
const MATRICES = SYMBOLS.filter((one) =>
  one !== "η" && one !== "labels" && !one.endsWith("'")
) as MatrixSymbol[];

/** The other quantities that have the shape of one. */
function othersLike({ symbol, sizes }: Suspect): MatrixSymbol[] {
  const shape = shapeOf(symbol, sizes).join();
  return MATRICES.filter((other) => other !== symbol && shapeOf(other, sizes).join() === shape);
}

/** What programs make of a quantity before they use it: in symbols, and in words with `{}`. */
interface Operation {
  readonly formula: string;
  readonly words: Text;
  readonly of: (Q: RunTimeMatrix, own: RunTimeStep) => RunTimeMatrix;
}

const operation = (formula: string, en: string, ja: string, of: Operation["of"]): Operation => {
  return { formula, words: t(en, ja), of };
};

const entries = (formula: string, en: string, ja: string, f: (x: number) => number) =>
  operation(formula, en, ja, (Q) => Q.map(f));

/** A matrix whose entries are those of another at other places. */
const places = (formula: string, en: string, ja: string, pick: Parameters<typeof select>[1]) =>
  operation(formula, en, ja, (Q) => select(Q, pick));

/** A column vector, repeated in the columns of a matrix. */
function repeated(column: unknown, { data, rows, columns }: RunTimeMatrix): RunTimeMatrix {
  return matrixOf(rows, columns, new Float64Array(data.length)).plusColumn(column as never);
}

function means(Q: RunTimeMatrix): RunTimeMatrix {
  return repeated(Q.rowSums.scale(1 / Q.columns), Q);
}

// deno-fmt-ignore: an operation is a line
const OPERATIONS: readonly Operation[] = [
  entries("|{}|", "the absolute value of {}", "{} の絶対値", Math.abs),
  entries("(-{})", "-{}", "-{}", (x) => -x),
  entries("{}²", "the square of {}", "{} の 2 乗", (x) => x * x),
  entries("trunc({})", "{} truncated to integers", "整数に切り捨てた {}", Math.trunc),
  ...[0, 1, 2, 3, 4].map((n) => entries(`round({}, ${n})`, `round({}, ${n})`, `round({}, ${n})`, (x) => Math.round(x * 10 ** n) / 10 ** n)),
  entries("sign({})", "the sign of {}", "{} の符号", Math.sign),
  entries("max(0, {})", "max(0, {}), the ReLU", "max(0, {})（ReLU）", (x) => Math.max(0, x)),
  entries("({} (1 - {}))", "the derivative {} (1 - {})", "微分 {} (1 - {})", (x) => x * (1 - x)),
  entries("sigmoid({})", "the sigmoid of {}", "{} のシグモイド関数", (x) => 1 / (1 + exp(-x))),
  operation("({} - mean)", "{} centred over the batch (the mean subtracted)", "バッチ方向の平均を引いた {}", (Q) => Q.zip(means(Q), (q, mean) => q - mean)),
  operation("rowSum({})", "the sum of {} over the batch, for each example", "バッチ方向に和をとった {}", (Q) => repeated(Q.rowSums, Q)),
  operation("(rowSum({}) / B)", "the mean of {} over the batch", "バッチ方向に平均した {}", means),
  operation("{}.reshape", "{} reshaped instead of transposed", "転置ではなく reshape した {}", (Q) => matrixOf(Q.rows, Q.columns, Q.transposed.data)),
  places("{}[::-1]", "the rows of {} in reverse order", "行の順序が逆の {}", (i, j, at, Q) => at(Q.rows - 1 - i, j)),
  places("{}[:, ::-1]", "the columns of {} in reverse order", "列の順序が逆の {}", (i, j, at, Q) => at(i, Q.columns - 1 - j)),
  places("{}[:, 0]", "the first column of {} for all", "すべてに最初の列の {}", (i, _, at) => at(i, 0)),
  places("{}[1:]", "{} without its first row", "最初の行を除いた {}", (i, j, at) => i === 0 ? 0 : at(i, j)),
  places("{}[:, :-1]", "{} without its last column", "最後の列を除いた {}", (i, j, at, Q) => j === Q.columns - 1 ? 0 : at(i, j)),
];

/** An equation that is not the right one, but like it. */
interface Alternative extends Trial {
  readonly formula: string;
  readonly words?: Text | undefined;
}

/** The sigmoid's derivative. */
const slope = ({ Y1 }: RunTimeStep) => Y1.map((y) => (1 - y) * y);

/** Equations that none of these operations gives. */
const FORMULAS: {
  readonly [Symbol in ComputedSymbol]?: readonly (readonly [
    formula: string,
    compute: (own: RunTimeStep) => AnyMatrix,
    words?: Text,
  ])[];
} = {
  A2: [
    ["(W2 + b2) Y1", ({ W2, b2, Y1 }) => W2.plusColumn(b2 as never).multiply(Y1)],
    [
      "W2 Y1 + b1[:K]",
      ({ A2, b1, b2 }) => select(A2, (k, i, at) => at(k, i) - b2.data[k]! + b1.data[k]!),
    ],
  ],
  L: [1e-5, 1e-4, 1e-3, 1e-2, 0.1].map((ε) => [
    `-Σ_k onehot ln(P + ${ε})`,
    ({ P, onehot }) => P.zip(onehot, (p, y) => -y * log(p + ε)).columnSums,
  ]),
  E: [
    [
      "-ln(mean(Σ_k onehot P))",
      ({ P, onehot }) =>
        P.zip(onehot, (p, y) => y * p).columnSums.rowSums.map((p) => -log(p / P.columns)),
    ],
  ],
  dA2: [
    ["P - onehot / B", ({ P, onehot }) => P.zip(onehot, (p, y) => p - y / P.columns)],
    ["(P - onehot)² / B", ({ P, onehot }) => P.zip(onehot, (p, y) => (p - y) ** 2 / P.columns)],
    [
      "(P - labels) / B",
      ({ P, labels: { values } }) => select(P, (k, i, at) => (at(k, i) - values[i]!) / P.columns),
    ],
  ],
  dA1: [
    [
      "dY1 (rowSum((1 - Y1) Y1) / B)",
      (own) => own.dY1.zip(means(slope(own)), (d, mean) => d * mean),
      t("the derivative is averaged over the batch", "微分をバッチ方向に平均している"),
    ],
    ["dY1 + (1 - Y1) Y1", (own) => own.dY1.plus(slope(own))],
    ["dY1 (1 - Y1)²", ({ dY1, Y1 }) => dY1.zip(Y1, (d, y) => d * (1 - y) ** 2)],
  ],
};

/** Equations of a quantity that are not the right one, but like it. */
function* alternatives(suspect: Suspect, quantity: ComputedSymbol): Generator<Alternative> {
  const { symbol, own, previous, sizes, right } = suspect;
  const rightHandSide = rightHandSideOf(QUANTITIES[quantity]);
  const insert = (text: string, symbol: string) => text.replaceAll("{}", symbol);
  if (quantity === symbol) {
    for (const other of othersLike(suspect)) {
      yield { quantity, formula: other, compute: (own) => own[other] };
    }
    if (previous !== undefined) {
      const words = t("it is that of the step before", "前のステップのものになっている");
      const formula = `${quantity} of the step before`;
      yield { quantity, formula, words, compute: () => previous[quantity] };
    }
    for (const { formula, words: { en, ja }, of } of right.data.length < 4 ? [] : OPERATIONS) {
      const words = t(
        `it is ${insert(en, "x")}, where x is what it should be`,
        `正しい値を x とすると、${insert(ja, "x")}になっている`,
      );
      const compute: Alternative["compute"] = (own, equation) => of(equation(own), own);
      yield { quantity, formula: insert(formula, `(${rightHandSide})`), words, compute };
    }
  }
  for (const [formula, compute, words] of FORMULAS[quantity] ?? []) {
    yield { quantity, formula, words, compute };
  }
  const plain = (formula: string, of: Operation["of"]) =>
    operation(formula, formula, `${formula} `, of);
  const scales = (["B", "K", "M", "D"] as const).map((size) =>
    plain(`${size} {}`, (Q) => Q.scale(sizes[size]))
  );
  for (const Q of QUANTITIES[quantity].from) {
    if (Q === "η" || Q === "labels") continue;
    const past = previous === undefined || previous[Q] === own[Q]
      ? []
      : [operation("{}", "{} of the step before", "前のステップの {} ", () => previous[Q])];
    const others = MATRICES.filter((other) => other !== Q && other !== quantity).flatMap((
      other,
    ) => [
      plain(other, (_, own) => own[other]),
      plain(`${other} / B`, (_, own) => own[other].scale(1 / sizes.B)),
      plain(`({} ${other})`, (Q, own) => Q.zip(own[other], (q, o) => q * o)),
      plain(
        `({} + ${other})`,
        (Q, { [other]: O }) => Q.plus(O.columns === 1 ? repeated(O, Q) : O),
      ),
    ]);
    const all = [...OPERATIONS, ...scales, ...fittedTo(suspect, Q), ...past, ...others];
    for (const { formula, words: { en, ja }, of } of all) {
      const compute: Alternative["compute"] = (own, equation) =>
        equation(Object.create(own, { [Q]: { value: of(own[Q], own) } }));
      const words = t(
        `computed with ${insert(en, Q)} instead of ${Q}`,
        `${Q} ではなく、${insert(ja, Q)}で計算している`,
      );
      const changed = rightHandSide.replaceAll(RegExp(`\\b${Q}\\b`, "g"), insert(formula, Q));
      yield { quantity, formula: changed, words, compute };
    }
  }
}

/** Multiples of the sums, as of a steeper sigmoid, and images to which a number was added. */
function fittedTo({ symbol, own, candidates }: Suspect, Q: MatrixSymbol): Operation[] {
  const recorded = candidates[0]!;
  const inverse =
    { A1: (a: number) => a, Y1: (y: number) => log(y / (1 - y)), P: log }[symbol as "P"];
  if (inverse === undefined || recorded.data.length < 6) return [];
  const sums = recorded.map(inverse);
  if (Q === "X" && symbol !== "P") {
    const shift = sums.zip(own.A1, (a, right) => a - right);
    const c = multipleOf(shift, repeated(own.W1.rowSums, shift))?.value ?? 0;
    const text = `X ${c < 0 ? "-" : "+"} ${significantDigits(Math.abs(c), 6)}`;
    return [operation(
      `(${text})`,
      `${text} (X is changed, perhaps in place)`,
      `${text}（X がその場で書き換えられたか）`,
      (X) => X.map((x) => x + c),
    )];
  }
  if (Q !== { Y1: "A1", P: "A2" }[symbol as "P"]) return [];
  // softmax leaves differences within a column only
  const centred = (A: RunTimeMatrix) =>
    symbol === "P" ? A.zipRow(A.columnSums, (a, sum) => a - sum / A.rows) : A;
  const factor = multipleOf(centred(sums), centred(own[Q]))?.value ?? 1;
  const text = `${significantDigits(factor, 6)} {}`;
  return [operation(text, text, `${text} `, (Q) => Q.scale(factor))];
}

type Details = Partial<Omit<Cause, "kind" | "words">>;

/** An explanation in words, with what else is known of it. */
function cause(kind: string, words: Text, details: Details = {}): Cause {
  return { kind, words, mistakes: [], ...details };
}

/** What a known mistake gives, and a factor besides. */
export function ofMistake(
  symbol: ComputedSymbol,
  mistake: Mistake,
  { factor, error }: Pick<Cause, "factor" | "error">,
): Cause {
  const { quantity, words: { en, ja } } = mistake, isOwn = quantity === symbol;
  const made = isOwn ? t(en, ja) : t(`in ${quantity}, ${en}`, `${quantity} で、${ja}`);
  const details = { mistakes: [mistake], made: mistake, factor, error };
  if (!factor) {
    return cause("mistakes", made, {
      ...details,
      ...isOwn && { formula: rightHandSideOf(mistake) },
    });
  }
  // what is wrong in the quantity itself comes before what is in others
  const both = [made, factorWords(factor)];
  const [a, b] = (isOwn ? both : both.toReversed()) as [Text, Text];
  return cause("mistakes", t(`${a.en}; and ${b.en}`, `${a.ja}。また、${b.ja}`), details);
}

/** Another equation in the same quantities, or in those of the step before. */
function otherFormula(formula: string, details: Details, words?: Text): Cause {
  const said = words ?? t(`it is ${formula}`, `${formula} になっている`);
  return cause("equation", said, { formula, ...details });
}

/** How often what it should be. */
function factorWords({ value, name }: Factor): Text {
  if (name === "-1") return t("the sign is wrong", "符号が逆になっている");
  if (name === "1/B") return t("divided by B once too often", "B で余分に割っている");
  if (name === "B") {
    return t("not divided by B: B times what it should be", "B で割っていない（正しい値の B 倍）");
  }
  const times = name ?? significantDigits(value, 6);
  return t(`${times} times what it should be`, `正しい値の ${times} 倍になっている`);
}

/** How many times the rounding errors of the right equation a wrong one may have. */
const WRONG_EQUATION = 8;

/** The error of the candidate that is closest to a matrix; of an update relative to the step. */
function leastError(suspect: Suspect, computed: RunTimeMatrix): number {
  const { candidates, right, symbol } = suspect;
  const error = Math.min(Infinity, ...candidates.map((one) => relativeError(one, computed, true)));
  if (!symbol.endsWith("'") || error === Infinity) return error;
  const step = largestFinite(stepOf(suspect, right));
  return step === 0 ? error : error * largestFinite(computed) / step;
}

/** How far an update moves the parameters; another quantity as it is. */
export function stepOf({ symbol, own }: Pick<Suspect, "symbol" | "own">, matrix: RunTimeMatrix) {
  if (!symbol.endsWith("'")) return matrix;
  return matrix.zip(own[symbol.slice(0, -1) as "W1"], (after, before) => after - before);
}

/** Whether an error is one of rounding, or of a guard in a logarithm. */
function fits({ tolerance, symbol, precision }: Suspect, error: number): boolean {
  const least = symbol === "E" || symbol === "L" ? 3e-6 : precision === "float64" ? 1e-9 : 0;
  return error <= Math.max(WRONG_EQUATION * tolerance, least);
}

/** The right-hand side of a mistake's equation, or of the table's. */
export function rightHandSideOf({ equation }: { readonly equation: string }): string {
  return equation.slice(equation.indexOf(" = ") + 3);
}

/** The equation of a quantity in this program: the table's, if it has no other; X is as it is. */
export function equationOf({ changed }: Pick<Suspect, "changed">, symbol: ReplaceableSymbol) {
  return (changed[symbol] ?? correctEquation(symbol)) as Equation;
}

/** Those of some equations that explain a quantity: its own, and those before it. */
function* explaining<One extends Trial>(
  suspect: Suspect,
  equations: (place: ReplaceableSymbol) => Iterable<One>,
) {
  for (const place of placesBefore(suspect)) {
    for (const trial of equations(place)) {
      const fit = tryOut(suspect, trial);
      if (fit !== undefined) yield { trial, ...fit };
    }
  }
}

/** How closely a trial explains a quantity, exactly or up to a factor that has a name. */
function tryOut(suspect: Suspect, { quantity, compute }: Trial) {
  const { symbol, own } = suspect;
  try {
    const matrix = compute(own, equationOf(suspect, quantity)) as RunTimeMatrix | undefined;
    if (matrix === undefined || quantity === symbol) return matrix && fitOf(suspect, matrix);
    return fitOf(suspect, equationOf(suspect, symbol)(withReplaced(suspect, quantity, matrix)));
  } catch {
    return undefined; // the shapes do not fit
  }
}

function fitOf(suspect: Suspect, computed: RunTimeMatrix) {
  const { symbol, candidates, rateIsKnown, sizes, own, tolerance } = suspect;
  const error = leastError(suspect, computed);
  if (fits(suspect, error)) return { factor: undefined, error };
  const isUpdate = symbol.endsWith("'");
  // parameters after a small step are nearly a multiple of any; few numbers are one of others
  if (isUpdate && (rateIsKnown || computed.data.length < 4)) return undefined;
  for (const candidate of candidates) {
    const fit = multipleOf(stepOf(suspect, candidate), stepOf(suspect, computed));
    if (fit === undefined || !fits(suspect, fit.error)) continue;
    if (isUpdate) return { factor: undefined, error: fit.error };
    const factor: Factor = factorOf(fit.value, sizes, own, tolerance);
    if (factor.name !== undefined) return { factor, error: fit.error };
  }
  return undefined;
}

/** A quantity, and those before it, as far back as the recorded ones; always the images. */
function placesBefore({ symbol, given }: Suspect): ReadonlySet<ReplaceableSymbol> {
  // what an earlier quantity was computed from has been judged with that
  const isKnown = (one: ReplaceableSymbol) =>
    STEP.some(({ symbol, from }) =>
      Object.hasOwn(given, symbol) && from.some((other) => other === one)
    );
  // a set goes on with what is added to it
  const places = new Set<ReplaceableSymbol>([symbol]);
  for (const place of places) {
    for (const before of QUANTITIES[place].from as readonly ReplaceableSymbol[]) {
      if (before === "X" || !Object.hasOwn(given, before) && !isKnown(before)) places.add(before);
    }
  }
  return places;
}

/** The program's step with one quantity replaced, and what follows from it but is not given. */
function withReplaced(
  { given, changed, own }: Suspect,
  replaced: ReplaceableSymbol,
  matrix: RunTimeMatrix,
): RunTimeStep {
  const at = STEP.findIndex(({ symbol }) => symbol === replaced);
  const kept = STEP.filter(({ symbol }, i) => i < at || Object.hasOwn(given, symbol))
    .map(({ symbol }) => [symbol, () => own[symbol]]);
  const known = Object.create(own, { [replaced]: { value: matrix } });
  return lazyStep(known, { ...changed, ...Object.fromEntries(kept) });
}

/** Those that leave the fewest later quantities unexplained: its own first, then those that fit. */
function bestOf(
  suspect: Suspect,
  found: readonly (Pick<Cause, "factor" | "error"> & { trial: Mistake; error: number })[],
): Cause[] {
  const { symbol } = suspect;
  const left = found.map(({ trial }) => found.length < 2 ? 0 : contradictions(suspect, trial));
  const isOfOther = ({ quantity }: Mistake) => +(quantity !== symbol);
  return found.filter((_, i) => left[i] === Math.min(...left))
    .toSorted((a, b) => isOfOther(a.trial) - isOfOther(b.trial) || a.error - b.error)
    .map(({ trial, factor, error }) => ofMistake(symbol, trial, { factor, error }));
}

/** How many of the later quantities differ from what the step with a mistake gives. */
function contradictions(suspect: Suspect, { quantity, compute }: Mistake): number {
  const { symbol, own, given, candidates, later, tolerance, changed } = suspect;
  const known: KnownValues = { ...given };
  if (quantity !== symbol) known[quantity] = compute(own, equationOf(suspect, quantity))!;
  known[symbol] = candidates[0]!;
  const values = lazyStep(known, changed);
  return later.filter(([symbol, matrices]) => {
    const computed = equationOf(suspect, symbol)(values);
    const errors = matrices.map((matrix) => relativeError(matrix, computed));
    // rounding errors add up
    const least = Math.min(...errors), agrees = least <= 1e3 * tolerance;
    if (agrees) known[symbol] = matrices[errors.indexOf(least)]!;
    return !agrees;
  }).length;
}

/** The hidden units and inputs of a part; two numbers, so that no part is square by chance. */
const PART_SIZES: { readonly [Letter in Axis]?: number } = { M: 8, D: 9 };

/** Some hidden units and inputs of a wrong quantity, if it is very large. */
function partOf(suspect: Suspect): Suspect {
  const { symbol, own, candidates, right, sizes } = suspect;
  if (multiplications(sizes) < 5e7) return suspect;
  // with the largest entry, to which errors are relative: at the border of images, all are 0
  const { columns, data } = stepOf(suspect, right);
  const largest = largestFinite({ data });
  const at = Math.max(0, data.findIndex((x) => Math.abs(x) === largest));
  const ofLargest = [Math.floor(at / columns), at % columns];
  const some = new Map(QUANTITIES[symbol].axes.flatMap((letter, i) => {
    const count = PART_SIZES[letter], size = letter === "1" ? 1 : sizes[letter];
    return count === undefined ? [] : [[letter, [...spread(size, count), ofLargest[i]!]] as const];
  }));
  const pick = (one: MatrixSymbol, whole: RunTimeMatrix) => {
    const { axes: [rows, columns] } = QUANTITIES[one];
    return picked(whole, some.get(rows), some.get(columns));
  };
  const known = Object.fromEntries([...STEP_INPUTS, ...STEP].map(({ symbol }) => {
    const isMatrix = symbol !== "labels" && symbol !== "η";
    return [symbol, { get: () => isMatrix ? pick(symbol, own[symbol]) : own[symbol] }];
  }));
  return {
    ...suspect,
    own: lazyStep(Object.defineProperties({}, known)),
    right: pick(symbol, right),
    candidates: candidates.map((one) => pick(symbol, one)),
  };
}
