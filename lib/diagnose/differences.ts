// Why a quantity is wrong: the known mistakes that explain it, or else what finders, tried in order,
// see in the difference from what it should be.
import { formatShape } from "../formats/nd_array.ts";
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import {
  type Axis,
  type ComputedSymbol,
  type MatrixSymbol,
  QUANTITIES,
  type RunTimeStep,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import { dot, factorOf, largestFinite, matrixOf, multipleOf } from "./agreement.ts";
import {
  type Cause,
  cause,
  factorWords,
  findMistakes,
  fits,
  leastError,
  otherFormula,
  partOf,
  placesBefore,
  rightHandSideOf,
  stepOf,
  type Suspect,
  type Trial,
  tryOut,
  WRONG_EQUATION,
} from "./cause.ts";
import { multiplications, shapeOf } from "./dump.ts";

/** All explanations that fit, best first; what is said of the difference alone if none does. */
export function findCauses(suspect: Suspect): readonly Cause[] {
  const { candidates: [recorded], symbol, right, tolerance } = suspect;
  if (recorded === undefined) return [wrongShape(suspect)];
  // of an update, the step alone
  const moved = (matrix: RunTimeMatrix) => symbol.endsWith("'") ? stepOf(suspect, matrix) : matrix;
  const bound = WRONG_EQUATION * tolerance * (largestFinite(moved(right)) || largestFinite(right));
  const difference = { suspect, recorded: moved(recorded), right: moved(right), bound };
  const { exact, multiples } = findMistakes(suspect), described = [otherEquation, added, someRows];
  // an explanation has to fit clearly better than the right equation does, in digits
  const isClear = ({ error }: Cause) => error === undefined || !(suspect.error < 10 ** 1.5 * error);
  for (const find of [() => exact, notFinite, plainFactor, () => multiples, ...described]) {
    const found = [find(difference) ?? []].flat().filter(isClear);
    if (found.length > 0) return found;
  }
  return [cause(
    "unknown",
    t("no known mistake explains it", "既知の誤りのどれにも当てはまらない"),
  )];
}

/** Looks for one kind of difference. */
type Finder = (difference: {
  readonly suspect: Suspect;
  /** The wrong quantity, or the step of a wrong update, and what it should be. */
  readonly recorded: RunTimeMatrix;
  readonly right: RunTimeMatrix;
  /** The difference of two entries that rounding explains. */
  readonly bound: number;
}) => Cause | undefined;

/** An entry that is not finite. */
const notFinite: Finder = ({ suspect: { symbol, data } }) => {
  const value = data.find((x) => !Number.isFinite(x));
  if (value === undefined) return undefined;
  const [en, ja] = /^[LE]$/.test(symbol)
    ? [", perhaps the logarithm of 0", "（0 の対数のおそれ）"]
    : /^(Y1|P)$/.test(symbol)
    ? [", perhaps as the exponential overflows", "（指数関数のオーバーフローのおそれ）"]
    : ["", ""];
  return cause("not finite", t(`holds ${value}${en}`, `${value} がある${ja}`));
};

/** A multiple of what it should be, or zero. */
const plainFactor: Finder = ({ suspect, recorded, right, bound }) => {
  const { symbol, sizes, own, tolerance, rateIsKnown } = suspect, { B } = sizes;
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
  // of a single number, every other is a multiple
  if (factor.name === undefined && right.data.length === 1) return undefined;
  if (factor.name === undefined && isUpdate) {
    const rate = significantDigits(own.η * value, 4), W = symbol.slice(0, -1);
    const words = t(`its learning rate is ${rate}`, `学習率が ${rate} になっている`);
    return otherFormula(`${W} - ${rate} d${W}`, { error, factor }, words);
  }
  const n = Math.round(B / value), isWhole = Math.abs(B / value - n) <= (1e-6 + 8 * tolerance) * n;
  if (factor.name === undefined && isWhole && n > 1 && n <= 1e5 && /^(dA2|E|d[Wb])/.test(symbol)) {
    const words = t(`divided by ${n} instead of ${B}`, `${B} ではなく ${n} で割っている`);
    const formula = `${rightHandSide.replace(" / B", "")} / ${n}`;
    return otherFormula(formula, { error, factor }, words);
  }
  const norm = Math.sqrt(dot(recorded.data, recorded.data)), round = Number(norm.toPrecision(2));
  const isClipped = value > 0 && value < 1 && Math.abs(norm - round) <= 1e-6 * norm;
  const words = factor.name === undefined && isClipped
    ? t(`clipped to the norm ${round}`, `ノルム ${round} にクリップされている`)
    : factorWords(factor);
  const formula = `${factor.name ?? significantDigits(value, 6)} (${rightHandSide})`;
  return cause("factor", words, { factor, error, formula });
};

/** Every quantity that is a matrix, but for those after the step. */
const MATRICES = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol).filter((one) =>
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
  /** Whether it moves entries, so that those of a part come from others. */
  readonly moves?: boolean;
}

const operation = (
  formula: string,
  of: Operation["of"],
  [en, ja = en] = [formula, `${formula} `],
): Operation => ({ formula, words: t(en, ja), of });

const entries = (formula: string, en: string, ja: string, f: (x: number) => number) =>
  operation(formula, (Q) => Q.map(f), [en, ja]);

/** A matrix whose entries are those of another at other places; 0 where there is none. */
const places = (
  formula: string,
  en: string,
  ja: string,
  from: (i: number, j: number, Q: RunTimeMatrix) => readonly [number, number],
): Operation => ({
  ...operation(formula, (Q) => {
    const picked = Q.data.map((_, n) => {
      const [i, j] = from(Math.floor(n / Q.columns), n % Q.columns, Q);
      return i < 0 || j < 0 ? 0 : Q.data[i * Q.columns + j]!;
    });
    return matrixOf(Q.rows, Q.columns, picked);
  }, [en, ja]),
  moves: true,
});

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
  operation("({} - mean)", (Q) => Q.zip(means(Q), (q, mean) => q - mean), ["{} centred over the batch (the mean subtracted)", "バッチ方向の平均を引いた {}"]),
  operation("rowSum({})", (Q) => repeated(Q.rowSums, Q), ["the sum of {} over the batch, for each example", "バッチ方向に和をとった {}"]),
  operation("(rowSum({}) / B)", means, ["the mean of {} over the batch", "バッチ方向に平均した {}"]),
  { ...operation("{}.reshape", (Q) => matrixOf(Q.rows, Q.columns, Q.transposed.data), ["{} reshaped instead of transposed", "転置ではなく reshape した {}"]), moves: true },
  places("{}[::-1]", "the rows of {} in reverse order", "行の順序が逆の {}", (i, j, Q) => [Q.rows - 1 - i, j]),
  places("{}[:, ::-1]", "the columns of {} in reverse order", "列の順序が逆の {}", (i, j, Q) => [i, Q.columns - 1 - j]),
  places("{}[:, 0]", "the first column of {} for all", "すべてに最初の列の {}", (i) => [i, 0]),
  places("{}[1:]", "{} without its first row", "最初の行を除いた {}", (i, j) => [i === 0 ? -1 : i, j]),
  places("{}[:, :-1]", "{} without its last column", "最後の列を除いた {}", (i, j, Q) => [i, j === Q.columns - 1 ? -1 : j]),
];

/** An equation that is not the right one, but like it. */
interface Alternative extends Trial {
  readonly formula: string;
  readonly words?: Text | undefined;
  /** Whether it is made of the right result, of which factors may be lost too. */
  readonly ofResult?: boolean;
}

const formula = (
  place: ComputedSymbol,
  formula: string,
  make: (own: RunTimeStep) => RunTimeMatrix,
  words?: Text,
): Alternative => ({ place, formula, make, words });

/** The probabilities of the right classes, 1 x B. */
const ofLabels = ({ P, onehot }: RunTimeStep) =>
  P.zip(onehot, (p, y) => y * p).columnSums as unknown as RunTimeMatrix;

/** The sigmoid's derivative. */
const slope = ({ Y1 }: RunTimeStep) => Y1.map((y) => (1 - y) * y);

/** Equations that none of these operations gives. */
const FORMULAS: readonly Alternative[] = [
  formula("A2", "(W2 + b2) Y1", ({ W2, b2, Y1 }) => W2.plusColumn(b2 as never).multiply(Y1)),
  formula(
    "A2",
    "|W2 Y1| + b2",
    ({ W2, b2, Y1 }) => W2.multiply(Y1).map(Math.abs).plusColumn(b2 as never),
  ),
  ...[1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1].map((ε) => {
    const words = t(`${ε} is added inside the logarithm`, `対数の中で ${ε} を足している`);
    const of = (own: RunTimeStep) => ofLabels(own).map((p) => -log(p + ε));
    return formula("L", `-Σ_k onehot ln(P + ${ε})`, of, words);
  }),
  formula(
    "E",
    "-ln(mean(Σ_k onehot P))",
    (own) => ofLabels(own).rowSums.map((p) => -log(p / own.P.columns)) as never,
  ),
  formula(
    "dA2",
    "(P - labels) / B",
    ({ P, labels: { values } }) =>
      P.zipRow(matrixOf(1, P.columns, values) as never, (p, label) => (p - label) / P.columns),
    t(
      "the numbers of the classes are subtracted, not onehot",
      "one-hot 表現ではなく、クラスの番号を引いている",
    ),
  ),
  formula(
    "dA1",
    "dY1 (rowSum((1 - Y1) Y1) / B)",
    (own) => own.dY1.zip(means(slope(own)), (d, mean) => d * mean),
    t(
      "the derivative is averaged over the batch",
      "シグモイド関数の微分をバッチ方向に平均している",
    ),
  ),
  formula("dA1", "dY1 + (1 - Y1) Y1", (own) => own.dY1.plus(slope(own))),
  formula("dA1", "dY1 (1 - Y1)²", ({ dY1, Y1 }) => dY1.zip(Y1, (d, y) => d * (1 - y) ** 2)),
];

/** Equations of a quantity that are not the right one, but like it. */
function* alternatives(suspect: Suspect, place: ComputedSymbol): Generator<Alternative> {
  const { symbol, own, previous, sizes, right } = suspect;
  const rightHandSide = rightHandSideOf(QUANTITIES[place]);
  const insert = (text: string, symbol: string) => text.replaceAll("{}", symbol);
  if (place === symbol) {
    for (const other of othersLike(suspect)) {
      yield { place, formula: other, make: (own) => own[other] };
    }
    if (previous !== undefined) {
      const words = t("it is that of the step before", "前のステップのものになっている");
      const make = () => previous[place];
      yield { place, formula: `${place} of the step before`, words, make, isWhole: true };
    }
    for (const { formula, words, of, moves } of right.data.length < 4 ? [] : OPERATIONS) {
      const make: Trial["make"] = (own, equation) => of(moves ? right : equation(own), own);
      const said = t(insert(words.en, "x"), insert(words.ja, "x")), isWhole = moves;
      const changed = insert(formula, `(${rightHandSide})`);
      yield { place, formula: changed, words: said, ofResult: true, make, isWhole };
    }
  }
  yield* FORMULAS.filter((one) => one.place === place);
  const scales = (["B", "K", "M", "D"] as const).map((size) =>
    operation(`${size} {}`, (Q) => Q.scale(sizes[size]))
  );
  for (const Q of QUANTITIES[place].from) {
    if (Q === "η" || Q === "labels") continue;
    const past = operation("{}", () => previous![Q], [
      "{} of the step before",
      "前のステップの {} ",
    ]);
    const others = MATRICES.filter((other) => other !== Q && other !== place).flatMap((other) => [
      operation(other, (_, own) => own[other]),
      operation(`${other} / B`, (_, own) => own[other].scale(1 / sizes.B)),
      operation(`({} ${other})`, (Q, own) => Q.zip(own[other], (q, o) => q * o)),
      operation(
        `({} + ${other})`,
        (Q, own) => Q.plus(own[other].columns === 1 ? repeated(own[other], Q) : own[other]),
      ),
    ]);
    const isPast = previous !== undefined && previous[Q] !== own[Q];
    const before = isPast ? [{ ...past, moves: true }] : [];
    for (
      const { formula, words: { en, ja }, of, moves } of [
        ...[...OPERATIONS, ...scales, ...fittedTo(suspect, Q), ...before, ...others],
      ]
    ) {
      // a product of large matrices for each of them would take too long
      if (moves && multiplications(sizes) > 1e8) continue;
      const make: Trial["make"] = (own, equation) =>
        equation(Object.create(own, { [Q]: { value: of(own[Q], own) } }));
      const words = t(
        `computed with ${insert(en, Q)} instead of ${Q}`,
        `${Q} ではなく、${insert(ja, Q)}で計算している`,
      );
      const changed = rightHandSide.replaceAll(RegExp(`\\b${Q}\\b`, "g"), insert(formula, Q));
      yield { place, formula: changed, words, make, isWhole: moves };
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
  if (!sums.data.every(Number.isFinite)) return [];
  if (Q === "X" && symbol !== "P") {
    const shift = sums.zip(own.A1, (a, right) => a - right);
    const c = multipleOf(shift, repeated(own.W1.rowSums, shift))?.value ?? 0;
    const text = `X ${c < 0 ? "-" : "+"} ${significantDigits(Math.abs(c), 6)}`;
    return [operation(`(${text})`, (X) => X.map((x) => x + c), [
      `${text} (X is changed, perhaps in place)`,
      `${text}（X がその場で書き換えられたか）`,
    ])];
  }
  if (Q !== { Y1: "A1", P: "A2" }[symbol as "P"]) return [];
  // softmax leaves differences within a column only
  const centred = (A: RunTimeMatrix) =>
    symbol === "P" ? A.zipRow(A.columnSums, (a, sum) => a - sum / A.rows) : A;
  const factor = multipleOf(centred(sums), centred(own[Q]))?.value ?? 1;
  return [Number(factor.toPrecision(6)), factor].map((c) =>
    operation(`${significantDigits(c, 6)} {}`, (Q) => Q.scale(c))
  );
}

/** Another equation, in the quantity or in those before it that were not recorded. */
const otherEquation: Finder = ({ suspect }) => {
  const { symbol, sizes } = suspect;
  for (const place of placesBefore(suspect) as ReadonlySet<ComputedSymbol>) {
    if (QUANTITIES[place as StepSymbol].pass === "input") continue;
    const part = partOf(suspect, place);
    // what needs a large product for each attempt takes too long
    const isLarge = multiplications(sizes) > 1e6 && /A1|W1/.test(place + symbol);
    if (place !== symbol && part === undefined && isLarge) continue;
    for (const one of alternatives(suspect, place)) {
      const fit = tryOut(suspect, part, one);
      if (fit === undefined || fit.factor !== undefined && !one.ofResult) continue;
      const { error, factor } = fit, { formula, words } = one;
      if (!one.ofResult) {
        const made = place === symbol ? undefined : { in: place, matrix: fit.made };
        return otherFormula(formula, { error, made }, words);
      }
      const [times, timesJa] = factor ? [`${factor.name} times `, `${factor.name} × `] : ["", ""];
      const said = t(
        `it is ${times}${words!.en}, where x is what it should be`,
        `正しい値を x とすると、${timesJa}${words!.ja}になっている`,
      );
      return cause("function", said, { error, formula: `${factor?.name ?? ""} ${formula}`.trim() });
    }
  }
  return undefined;
};

/** What a row or a column is, by the letter of its axis. */
const NOUNS = {
  D: ["input", "inputs", "入力"],
  M: ["hidden unit", "hidden units", "隠れユニット"],
  K: ["class", "classes", "クラス"],
  B: ["example", "examples", "サンプル"],
  "1": ["entry", "entries", "要素"],
} as const;

/** A difference in some rows or columns only. */
const someRows: Finder = ({ suspect: { symbol }, recorded, right, bound }) => {
  const { rows, columns, data } = recorded, { axes } = QUANTITIES[symbol];
  const isWrong = (i: number) => !(Math.abs(data[i]! - right.data[i]!) <= bound);
  const wrong = [...data.keys()].filter(isWrong);
  // where the others should be 0, that they are says nothing
  if (!right.data.some((x, i) => x !== 0 && !isWrong(i))) return undefined;
  const side = (letter: Axis, length: number, indexOf: (i: number) => number) => {
    const indices = [...new Set(wrong.map(indexOf))].sort((a, b) => a - b);
    // of whole rows or columns: scattered entries are something else; a class has two of onehot
    const isWhole = indices.length === 1 || symbol === "onehot" ||
      wrong.length >= 0.8 * indices.length * data.length / length;
    return { letter, indices, share: isWhole ? indices.length / length : 1 };
  };
  const a = side(axes[0], rows, (i) => Math.floor(i / columns));
  const b = side(axes[1], columns, (i) => i % columns);
  const { letter, indices, share } = b.share < a.share ? b : a;
  if (share > 1 / 2) return undefined;
  const count = indices.length, [first, last] = [indices[0]!, indices.at(-1)!];
  const list = count > 1 && last - first === count - 1
    ? `${first}-${last}`
    : [...indices.slice(0, 6), ...count > 6 ? ["…"] : []].join(", ");
  const [one, many, ja] = NOUNS[letter];
  return cause(
    "some",
    t(
      `only ${count === 1 ? `${one} ${list} differs` : `${many} ${list} differ`} (counted from 0)`,
      `${ja} ${list}（0 から数える）だけが異なる`,
    ),
  );
};

/** A multiple of another quantity, or of 1, that is added. */
const added: Finder = ({ suspect, recorded, right: step }) => {
  const { symbol, own, previous, tolerance, right } = suspect, isUpdate = symbol.endsWith("'");
  const isNumber = recorded.data.length === 1, before = symbol.slice(0, -1) as "W1";
  // a single number is any other and something
  if (isNumber && symbol !== "E") return undefined;
  const PAST = "the step before",
    squares = dot(own.W1.data, own.W1.data) + dot(own.W2.data, own.W2.data);
  const others: readonly (readonly [string, RunTimeMatrix | undefined])[] = isNumber
    ? [["(ΣW1² + ΣW2²)", right.map(() => squares)]]
    : [
      // the quantity itself, or how far the parameters moved
      [
        PAST,
        previous && (isUpdate ? stepOf({ symbol, own: previous }, own[before]) : previous[symbol]),
      ],
      ...othersLike(suspect).map((other) => [other, own[other]] as const),
      ...MATRICES.filter((one) => own[one].columns === 1 && own[one].rows === right.rows)
        .map((one) => [one, repeated(own[one], right)] as const),
      ["1", recorded.data.length < 6 ? undefined : right.map(() => 1)],
    ];
  const difference = recorded.zip(step, (a, b) => a - b);
  for (const [name, other] of others) {
    const fitted = other && multipleOf(difference, other)?.value;
    if (fitted === undefined) continue;
    // of numbers each is a multiple, but not a round one
    const factor = isNumber ? Number(fitted.toPrecision(2)) : fitted;
    const error = leastError(suspect, right.zip(other!, (x, y) => x + factor * y));
    if (!(error <= WRONG_EQUATION * Math.max(tolerance, 2 ** -50))) continue;
    const of = name === PAST && !isUpdate ? `${symbol} of ${PAST}` : name;
    const [size, short] = [6, 3].map((digits) => significantDigits(Math.abs(factor), digits));
    const term = name === "1" ? size : size === "1" ? of : `${size} ${of}`;
    const sum = isUpdate ? rightHandSideOf(QUANTITIES[symbol]) : symbol;
    const λ = isUpdate ? -factor : factor, isDecay = λ > 0 && λ < (isUpdate ? 0.5 : 1);
    const [words, network] = name === PAST && isUpdate
      ? [
        t(
          `${short} of ${PAST} is added: momentum`,
          `前の更新量の ${short} 倍が足されている（モメンタム）`,
        ),
        t(`it is trained with momentum (${short})`, `モメンタム ${short} で学習している`),
      ]
      : name === PAST && Math.abs(factor - 1) < 1e-6
      ? [t(
        `${of} is added: the gradients are not set to zero`,
        `前のステップの ${symbol} が足されている（勾配を 0 に戻していない）`,
      )]
      : /^\(?Σ?W/.test(name) && isDecay
      ? [
        t(`weight decay: ${short} ${name}`, `重み減衰がある（${short} ${name}）`),
        t("it has weight decay", "重み減衰がある"),
      ]
      : [];
    const formula = `${sum} ${factor < 0 ? "-" : "+"} ${term}`;
    return otherFormula(formula, { error, network }, words);
  }
  return undefined;
};

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
