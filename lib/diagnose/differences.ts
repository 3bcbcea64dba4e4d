// Why a quantity is wrong: the known mistakes that explain it, or else what finders, tried in order,
// see in the difference from what it should be.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import {
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
import {
  dot,
  factorOf,
  largestFinite,
  leastSquares,
  matrixOf,
  multipleOf,
  relativeError,
} from "./agreement.ts";
import { type Cause, cause, type Suspect } from "./cause.ts";
import { multiplications, shapeOf } from "./dump.ts";
import {
  findMistakes,
  fits,
  isBehind,
  leastError,
  placesBefore,
  probeOf,
  rightHandSideOf,
  stepOf,
  type Trial,
  tryOut,
  WRONG_EQUATION,
} from "./mistake_search.ts";

/** All explanations that fit, best first; what is said of the difference alone if none does. */
export function findCauses(wrong: Suspect): Cause[] {
  const [recorded] = wrong.candidates, { right, tolerance, symbol } = wrong;
  if (recorded === undefined) return [wrongShape(wrong)];
  const suspect: Suspected = { ...wrong, part: probeOf(wrong) };
  // an explanation has to fit clearly better than the right equation does
  const isClear = ({ error }: Cause) =>
    error === undefined || !(wrong.error < 10 ** CLEARLY_BETTER * error);
  const single = findMistakes(suspect);
  const exact = single.exact.filter(isClear), multiples = single.multiples.filter(isClear);
  if (exact.length > 0) return exact;
  // of an update, the step alone
  const isUpdate = symbol.endsWith("'");
  const moved = (matrix: RunTimeMatrix) => isUpdate ? stepOf(suspect, matrix) : matrix;
  const bound = WRONG_EQUATION * tolerance * (largestFinite(moved(right)) || largestFinite(right));
  const step: Difference = { suspect, recorded: moved(recorded), right: moved(right), bound };
  const whole = { ...step, recorded, right };
  for (const find of isUpdate ? updateFinders() : FINDERS) {
    const found = find(step, whole);
    if (found !== undefined && isClear(found)) return [found];
    if (find === plainFactor && multiples.length > 0) return multiples;
  }
  return [cause("unknown")];
}

/** Digits by which an explanation has to fit better than the right equation does. */
const CLEARLY_BETTER = 1.5;

type Suspected = Suspect & { readonly part: ReturnType<typeof probeOf<Suspect>> };

/** A wrong quantity, or the step of a wrong update, and what it should be. */
interface Difference {
  readonly suspect: Suspected;
  readonly recorded: RunTimeMatrix;
  readonly right: RunTimeMatrix;
  /** The difference of two entries that rounding explains. */
  readonly bound: number;
}

/** Looks for one kind of difference; of an update it is given the step, and the whole. */
type Finder = (difference: Difference, whole: Difference) => Cause | undefined;

const notFinite: Finder = (_, { suspect, recorded: { columns, data } }) => {
  const at = data.findIndex((x) => !Number.isFinite(x));
  return at < 0
    ? undefined
    : cause("not finite", suspect.symbol, data[at]!, Math.floor(at / columns), at % columns);
};

/** A multiple of what it should be, or zero. */
const plainFactor: Finder = ({ suspect, recorded, right, bound }) => {
  const { symbol, sizes: { B }, own, tolerance, rateIsKnown } = suspect;
  const isUpdate = symbol.endsWith("'"), rightHandSide = rightHandSideOf(QUANTITIES[symbol]);
  if (maxAbs(recorded.data) <= bound / 8) {
    if (isUpdate) return undefined;
    if (symbol === "db2" && recorded.data.some((x) => x !== 0)) {
      return cause("equation", "columnSum(dA2)", { error: 0 }, SUM_OVER_CLASSES);
    }
    return cause("factor", { value: 0, name: "0" }, undefined, { error: 0 });
  }
  const fit = multipleOf(recorded, right);
  if (fit === undefined || isUpdate && !rateIsKnown) return undefined;
  const { error, value } = fit;
  if (!fits(suspect, error) && !(error * largestFinite(recorded) <= bound)) return undefined;
  const factor = factorOf(value, suspect.sizes, own, tolerance);
  const times = factor.name ?? significantDigits(value, 6);
  const formula = `${times} (${rightHandSide})`;
  if (factor.name !== undefined) return cause("factor", factor, undefined, { error, formula });
  // of a single number, every other is a multiple
  if (right.data.length === 1) return undefined;
  if (isUpdate) {
    const rate = significantDigits(own.η * value, 4), W = symbol.slice(0, -1);
    const words = t(`its learning rate is ${rate}`, `学習率が ${rate} になっている`);
    return cause("equation", `${W} - ${rate} d${W}`, { error, factor }, words);
  }
  const n = Math.round(B / value), isWhole = Math.abs(B / value - n) <= (1e-6 + 8 * tolerance) * n;
  if (isWhole && n > 1 && n <= 1e5 && /^(dA2|E|d[Wb][12])$/.test(symbol)) {
    const words = t(`divided by ${n} instead of ${B}`, `${B} ではなく ${n} で割っている`);
    const formula = `${rightHandSide.replace(" / B", "")} / ${n}`;
    return cause("equation", formula, { error, factor }, words);
  }
  const norm = Math.sqrt(dot(recorded.data, recorded.data)), round = Number(norm.toPrecision(2));
  const isClipped = value > 0 && value < 1 && Math.abs(norm - round) <= 1e-6 * norm;
  return cause("factor", factor, isClipped ? round : undefined, { error, formula });
};

const SUM_OVER_CLASSES = t(
  "0 but for rounding, as a sum over the classes is: summed along the wrong axis",
  "丸め誤差を除いて 0 である（クラス方向に和をとると 0 になる。和をとる軸が違う）",
);

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

function means(Q: RunTimeMatrix): RunTimeMatrix {
  return Q.map(() => 0).plusColumn(Q.rowSums.scale(1 / Q.columns) as never);
}

// deno-fmt-ignore: an operation is a line
const OPERATIONS: readonly Operation[] = [
  entries("|{}|", "the absolute value of {}", "{} の絶対値", Math.abs),
  entries("(-{})", "-{}", "-{}", (x) => -x),
  entries("(1 - {})", "1 - {}", "1 - {}", (x) => 1 - x),
  entries("{}²", "the square of {}", "{} の 2 乗", (x) => x * x),
  entries("trunc({})", "{} truncated to integers", "整数に切り捨てた {}", Math.trunc),
  entries("round({})", "{} rounded to integers", "整数に丸めた {}", Math.round),
  ...[1, 2, 3, 4, 5, 6].map((n) => entries(`round({}, ${n})`, `round({}, ${n})`, `round({}, ${n})`, (x) => Math.round(x * 10 ** n) / 10 ** n)),
  entries("[{} > 0]", "[{} > 0], which is 0 or 1", "{} が正なら 1、ほかは 0", (x) => x > 0 ? 1 : 0),
  entries("sign({})", "the sign of {}", "{} の符号", Math.sign),
  entries("max(0, {})", "max(0, {}), the ReLU", "max(0, {})（ReLU）", (x) => Math.max(0, x)),
  entries("({} (1 - {}))", "the derivative {} (1 - {})", "微分 {} (1 - {})", (x) => x * (1 - x)),
  entries("sigmoid({})", "the sigmoid of {}", "{} のシグモイド関数", (x) => 1 / (1 + exp(-x))),
  entries("e^{}", "e^{}", "e^{}", exp),
  operation("({} - mean)", (Q) => Q.zip(means(Q), (q, mean) => q - mean), ["{} centred over the batch (the mean subtracted)", "バッチ方向の平均を引いた {}"]),
  operation("sum({})", (Q) => means(Q).scale(Q.columns), ["the sum of {} over the batch, for each example", "バッチ方向に和をとった {}"]),
  operation("mean({})", means, ["the mean of {} over the batch", "バッチ方向に平均した {}"]),
  { ...operation("{}.reshape", (Q) => matrixOf(Q.rows, Q.columns, Q.transposed.data), ["{} reshaped instead of transposed", "転置ではなく reshape した {}"]), moves: true },
  places("{}[::-1]", "the rows of {} in reverse order", "行の順序が逆の {}", (i, j, Q) => [Q.rows - 1 - i, j]),
  places("{}[:, ::-1]", "the columns of {} in reverse order", "列の順序が逆の {}", (i, j, Q) => [i, Q.columns - 1 - j]),
  places("{}[:, 0]", "the first column of {} for all", "すべてに最初の列の {}", (i) => [i, 0]),
  places("{}[0]", "the first row of {} for all", "すべてに最初の行の {}", (_, j) => [0, j]),
  places("{}[1:]", "{} without its first row", "最初の行を除いた {}", (i, j) => [i === 0 ? -1 : i, j]),
  places("{}[:-1]", "{} without its last row", "最後の行を除いた {}", (i, j, Q) => [i === Q.rows - 1 ? -1 : i, j]),
  places("{}[:, 1:]", "{} without its first column", "最初の列を除いた {}", (i, j) => [i, j === 0 ? -1 : j]),
  places("{}[:, :-1]", "{} without its last column", "最後の列を除いた {}", (i, j, Q) => [i, j === Q.columns - 1 ? -1 : j]),
];

/** What programs make of a quantity and another, where the shapes fit. */
const withOther = (other: MatrixSymbol, rows: number): Operation[] => [
  operation(other, (_, own) => own[other]),
  operation(`${other} / B`, (_, own) => own[other].scale(1 / own.P.columns)),
  operation(`({} ${other})`, (Q, own) => Q.zip(own[other], (q, o) => q * o)),
  operation(
    `({} + ${other})`,
    (Q, { [other]: O }) => O.columns === 1 ? Q.plusColumn(O as never) : Q.plus(O),
  ),
  {
    ...operation(
      `${other}[:${rows}]`,
      (_, { [other]: { columns, data } }) => matrixOf(rows, columns, data.slice(0, rows * columns)),
    ),
    moves: true,
  },
];

/** Equations that none of these gives: of what, its right-hand side, and its words if it has any. */
// deno-fmt-ignore: an equation is a line
const FORMULAS: readonly (readonly [ComputedSymbol, string, (own: RunTimeStep) => RunTimeMatrix, Text?])[] = [
  ...([["A1", "W1", "b1", "X"], ["A2", "W2", "b2", "Y1"]] as const).flatMap(([A, W, b, X]) => [
    [A, `(${W} + ${b}) ${X}`, (own: RunTimeStep) => own[W].plusColumn(own[b] as never).multiply(own[X])] as const,
    [A, `|${W} ${X}| + ${b}`, (own: RunTimeStep) => own[W].multiply(own[X]).map(Math.abs).plusColumn(own[b] as never)] as const,
  ]),
  ...[1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1].map((ε) => [
    "L", `-Σ_k onehot ln(P + ${ε})`, ({ P, onehot }: RunTimeStep) => P.zip(onehot, (p, y) => y * p).columnSums.map((p) => -log(p + ε)) as never,
    t(`${ε} is added inside the logarithm`, `対数の中で ${ε} を足している`),
  ] as const),
  ["E", "-ln(mean(Σ_k onehot P))", ({ P, onehot }) => P.zip(onehot, (p, y) => p * y).columnSums.rowSums.map((p) => -log(p / P.columns)) as never],
  ["dA2", "P - onehot / B", ({ P, onehot }) => P.zip(onehot, (p, y) => p - y / P.columns), t("only onehot is divided by B: the parentheses of P - onehot are lost", "P - onehot の括弧が抜け、onehot だけを B で割っている")],
  ["dA1", "dY1 mean((1 - Y1) Y1)", ({ dY1, Y1 }) => dY1.zip(means(Y1.map((y) => y * (1 - y))), (d, mean) => d * mean)],
  ["dA1", "dY1 (1 - Y1)²", ({ dY1, Y1 }) => dY1.zip(Y1, (d, y) => d * (1 - y) ** 2)],
];

interface Alternative extends Trial {
  readonly formula: string;
  readonly words?: Text | undefined;
  /** Whether it is made of the right result, of which factors may be lost too. */
  readonly ofResult?: boolean;
}

/** Equations of a quantity that are not the right one, but like it. */
function* alternatives(suspect: Suspect, place: ComputedSymbol): Generator<Alternative> {
  const { symbol, own, previous, sizes } = suspect, right = rightHandSideOf(QUANTITIES[place]);
  const insert = (text: string, symbol: string) => text.replaceAll("{}", symbol);
  /** An operation on what is named, which is computed by `from`. */
  const made =
    ({ of, moves }: Operation, Q: MatrixSymbol, whole: () => RunTimeMatrix) =>
    (some: RunTimeMatrix, own: RunTimeStep, pick: Parameters<Trial["make"]>[2]) =>
      moves && suspect.own !== own ? pick(Q, of(whole(), suspect.own)) : of(some, own);
  if (place === symbol) {
    for (const other of othersLike(suspect)) {
      yield { place, formula: other, make: (own) => own[other] };
    }
    const { min, max } = range(suspect.candidates[0]!.data), text = `clip({}, ${min}, ${max})`;
    const clip = entries(text, text, text, (x) => Math.min(Math.max(x, min), max));
    for (const one of suspect.right.data.length < 4 ? [] : [...OPERATIONS, clip]) {
      const change = made(one, place, () => suspect.right), { formula, words } = one;
      const make: Trial["make"] = (own, equation, pick) => change(equation(own), own, pick);
      const said = t(insert(words.en, "x"), insert(words.ja, "x"));
      yield { place, formula: insert(formula, `(${right})`), words: said, ofResult: true, make };
    }
  }
  for (const [of, formula, make, words] of FORMULAS) {
    if (of === place) yield { place, formula, make, words };
  }
  const scales = (["B", "K", "M", "D"] as const).flatMap((size) => [
    operation(`${size} {}`, (Q) => Q.scale(sizes[size])),
    operation(`{} / ${size}`, (Q) => Q.scale(1 / sizes[size])),
  ]);
  for (const Q of QUANTITIES[place].from) {
    if (Q === "η" || Q === "labels") continue;
    const others = MATRICES.filter((other) => other !== Q && other !== place)
      .flatMap((other) => withOther(other, own[Q].rows));
    const before = { ...operation("{}", () => previous![Q]), moves: true };
    const past = t(`${Q} of the step before`, `前のステップの ${Q} `);
    const isOther = previous !== undefined && previous[Q] !== own[Q];
    for (
      const one of [
        ...[...OPERATIONS, ...scales, ...fittedTo(suspect, place, Q)],
        ...[...isOther ? [{ ...before, words: past }] : [], ...others],
      ]
    ) {
      const change = made(one, Q, () => own[Q]), { formula, words: { en, ja } } = one;
      const make: Trial["make"] = (own, equation, pick) =>
        equation(Object.create(own, { [Q]: { value: change(own[Q], own, pick) } }));
      const words = en.startsWith("the images") ? t(en, ja) : t(
        `computed with ${insert(en, Q)} instead of ${Q}`,
        `${Q} ではなく、${insert(ja, Q)}で計算している`,
      );
      const changed = insert(formula, Q);
      yield { place, formula: right.replaceAll(RegExp(`\\b${Q}\\b`, "g"), changed), words, make };
    }
  }
  for (const one of MATRICES) {
    const make: Trial["make"] = (own, equation) => equation(own).plusColumn(own[one] as never);
    if (own[one].columns === 1) yield { place, formula: `${right} + ${one}`, make };
  }
}

function range(data: Float64Array) {
  const of = (pick: (a: number, b: number) => number) => Number(data.reduce(pick).toPrecision(6));
  return { min: of((a, b) => Math.min(a, b)), max: of((a, b) => Math.max(a, b)) };
}

/** Multiples of the sums, as of a steeper sigmoid, and of images that were changed in place. */
function fittedTo(suspect: Suspect, place: ComputedSymbol, Q: MatrixSymbol): Operation[] {
  const { symbol, own, candidates: [recorded] } = suspect;
  const inverse =
    { A1: (a: number) => a, Y1: (y: number) => log(y / (1 - y)), P: log }[symbol as "P"];
  const isOfSums = symbol === place && (Q === "A1" || Q === "A2"),
    isOfX = Q === "X" && place === "A1" && symbol !== "P";
  if (inverse === undefined || !isOfSums && !isOfX || recorded!.data.length < 6) return [];
  const sums = recorded!.map(inverse);
  if (!sums.data.every(Number.isFinite)) return [];
  if (isOfSums) {
    // softmax leaves differences within a column only
    const centred = (A: RunTimeMatrix) =>
      symbol === "P" ? A.zipRow(A.columnSums, (a, sum) => a - sum / A.rows) : A;
    const factor = multipleOf(centred(sums), centred(own[Q]))?.value ?? 1;
    return [Number(factor.toPrecision(6)), factor].map((c) =>
      operation(`${significantDigits(c, 6)} {}`, (Q) => Q.scale(c))
    );
  }
  const { W1, b1 } = own, minusBias = (A: RunTimeMatrix) => A.plusColumn(b1.scale(-1) as never);
  const sumsOfRows = matrixOf(W1.rows, 1, W1.rowSums.data);
  const ofOnes = own.A1.map(() => 0).plusColumn(sumsOfRows as never);
  const bases = [minusBias(own.A1).data, ofOnes.data] as const;
  return [leastSquares(bases, minusBias(sums).data) ?? []].flatMap(([scale, shift]) => {
    if (scale === undefined || shift === undefined) return [];
    const by = Math.abs(shift) < 1e-9
      ? ""
      : ` ${shift < 0 ? "-" : "+"} ${significantDigits(Math.abs(shift), 6)}`;
    const times = Math.abs(scale - 1) < 1e-6 ? "" : `${significantDigits(scale, 6)} `;
    if (by + times === "") return [];
    return operation(
      by === "" ? `${times}X` : `(${times}X${by})`,
      (X) => X.map((x) => scale * x + shift),
      [
        `the images were ${times}X${by} in the forward pass: X is changed, perhaps in place`,
        `順伝播のときの画像は ${times}X${by} だった（X がその場で書き換えられたか）`,
      ],
    );
  });
}

/** Another equation, in the quantity or in those before it that were not recorded. */
const otherEquation: Finder = (_, { suspect }) => {
  const { symbol, part, sizes, own, tolerance } = suspect;
  for (const place of placesBefore(suspect)) {
    if (QUANTITIES[place].pass === "input") continue;
    // what needs a large product for each attempt takes too long
    const isBehindAll = part !== undefined && isBehind(part, place as ComputedSymbol);
    if (isBehindAll && multiplications(sizes) > 1e6) continue;
    for (const one of alternatives(suspect, place as ComputedSymbol)) {
      const fit = tryOut(suspect, one);
      if (fit === undefined || fit.factor !== undefined && !one.ofResult) continue;
      const { error, factor } = fit, { formula, words } = one;
      if (one.ofResult) {
        const by = factor && factorOf(factor.value, sizes, own, tolerance).name;
        const said = t(
          `${by ? `${by} times ` : ""}${words!.en}`,
          `${by ? `${by} × ` : ""}${words!.ja}`,
        );
        return cause("function", said, { error, formula: `${by ? `${by} ` : ""}${formula}` });
      }
      const made = place === symbol ? undefined : { in: place as ComputedSymbol, matrix: fit.made };
      return cause("equation", formula, { error, made }, words);
    }
  }
  return undefined;
};

/** A difference in some rows, columns or entries only. */
const someEntries: Finder = ({ suspect: { symbol }, recorded, right, bound }) => {
  const { rows, columns, data } = recorded;
  const isOff = (i: number) => !(Math.abs(data[i]! - right.data[i]!) <= bound);
  const wrong = [...data.keys()].filter(isOff);
  if (data.length === 1 || wrong.length === 0) return undefined;
  // where the others should be 0, that they are says nothing
  const othersTell = right.data.some((x, i) => x !== 0 && !isOff(i));
  const sides = [
    { side: "rows", of: rows, indexOf: (i: number) => Math.floor(i / columns) },
    { side: "columns", of: columns, indexOf: (i: number) => i % columns },
  ] as const;
  const found = sides.map(({ side, of, indexOf }) => {
    const indices = [...new Set(wrong.map(indexOf))].sort((a, b) => a - b), n = indices.length;
    // of whole rows or columns: scattered entries are something else; a class has two of onehot
    const isWhole = wrong.length >= 0.8 * n * data.length / of ||
      symbol === "onehot" && side === "columns";
    const isSome = othersTell && n <= of / 2 && isWhole, isZero = wrong.every((i) => data[i] === 0);
    return { side, indices, isSingle: n === 1 && of > 1, isSome, isZero };
  });
  const single = found.find(({ isSingle }) => isSingle), some = found.find(({ isSome }) => isSome);
  const { side, indices, isZero } = single ?? some ?? {};
  return side && cause("some", symbol, side, indices!, single === undefined && isZero!);
};

/** A multiple of a quantity, or of 1 in every entry. */
interface Term {
  readonly coefficient: number;
  readonly name: string;
}

/** The quantity, or the step of an update, as a sum of multiples of two others, or of 1. */
const combination: Finder = ({ suspect, recorded, right }) => {
  const { symbol, own, previous } = suspect, { rows, columns } = recorded;
  const before = symbol.slice(0, -1) as "W1", isUpdate = symbol.endsWith("'");
  const first = isUpdate ? `d${before}` : symbol, W = /W[12]/.exec(symbol)?.[0] as "W1" | undefined;
  const Y1 = symbol === "dA1" && own.Y1,
    row = matrixOf(1, own.labels.values.length, own.labels.values);
  // of the step before: the quantity itself, or how far the parameters moved
  const past = previous &&
    (isUpdate ? own[before].zip(previous[before], (w, v) => w - v) : previous[symbol]);
  const some: Readonly<Record<string, RunTimeMatrix | undefined | false>> = {
    ...isUpdate ? {} : { [symbol]: right },
    [isUpdate ? "the step before" : `${symbol} of the step before`]: past,
    ...Object.fromEntries(othersLike(suspect).map((other) => [other, own[other]])),
    [`sign(${W})`]: W && own[W].map(Math.sign),
    labels: symbol === "dA2" && right.zipRow(row as never, (_, label) => label),
    "(1 - Y1) Y1": Y1 && Y1.map((y) => (1 - y) * y),
    "Y1²": Y1 && Y1.map((y) => y * y),
    ones: right.map(() => 1),
  };
  const bases = Object.entries(some).flatMap(([name, matrix]) =>
    matrix && matrix.rows === rows && matrix.columns === columns
      ? [{ name, matrix, thin: thinned(matrix.data) }]
      : []
  );
  const isFirst = ({ name }: { readonly name: string }) => name === first;
  const pairs = bases.flatMap((one, i) => bases.slice(i + 1).map((other) => [one, other] as const))
    .toSorted((a, b) => +b.some(isFirst) - +a.some(isFirst));
  const target = thinned(recorded.data);
  const found = pairs.flatMap(([a, b]) => {
    if (recorded.data.length < 6 && past === undefined) return [];
    const [c, d] = leastSquares([a.thin, b.thin], target) ?? [];
    if (c === undefined || d === undefined) return [];
    const rest = target.map((sum, i) => sum - c * a.thin[i]! - d * b.thin[i]!);
    if (!(maxAbs(rest) <= 1e-3 * maxAbs(target))) return [];
    const sum = a.matrix.zip(b.matrix, (x, y) => c * x + d * y);
    const error = leastError(suspect, isUpdate ? own[before].plus(sum) : sum);
    if (!(error <= WRONG_EQUATION * Math.max(suspect.tolerance, 2 ** -50))) return [];
    const terms: Term[] = [{ coefficient: c, name: a.name }, { coefficient: d, name: b.name }];
    return [{ terms: terms.filter(({ coefficient }) => coefficient !== 0), error }];
  });
  // of several, the one in which the right quantity has the factor 1
  const best = found.find(({ terms: [one] }) => Math.abs(one!.coefficient - 1) < 1e-6) ?? found[0];
  if (best === undefined) return undefined;
  const formula = [...isUpdate ? [{ coefficient: 1, name: before }] : [], ...best.terms]
    .map(({ coefficient, name }, i) => {
      const size = significantDigits(Math.abs(coefficient), 6), sign = coefficient < 0 ? "-" : "+";
      const term = name === "ones" ? size : size === "1" ? name : `${size} ${name}`;
      return i === 0 ? `${sign}${term}`.replace("+", "") : `${sign} ${term}`;
    }).join(" ");
  const { words, network } = meaningOf(symbol, best.terms);
  return cause("equation", formula, { error: best.error, network }, words);
};

/** What a sum of two multiples means, if it is a usual one. */
function meaningOf(symbol: StepSymbol, terms: readonly Term[]): { words?: Text; network?: Text } {
  const isUpdate = symbol.endsWith("'"), W = /W[12]/.exec(symbol)?.[0] ?? "";
  const of = (name: string) => terms.find((one) => one.name.endsWith(name))?.coefficient;
  const past = of("step before"),
    λ = (isUpdate ? -1 : 1) * (terms.find(({ name }) => name === W)?.coefficient ?? 0);
  if (past !== undefined && isUpdate) {
    const μ = significantDigits(past, 3);
    return {
      words: t(
        `${μ} of the step before is added: momentum`,
        `前の更新量の ${μ} 倍が足されている（モメンタム）`,
      ),
      network: t(`it is trained with momentum (${μ})`, `モメンタム ${μ} で学習している`),
    };
  }
  if (past !== undefined) {
    return Math.abs(past - 1) >= 1e-6 ? {} : {
      words: t(
        `${symbol} of the step before is added: the gradients are not set to zero`,
        `前のステップの ${symbol} が足されている（勾配を 0 に戻していない）`,
      ),
    };
  }
  if (of(isUpdate ? `d${W}` : symbol) !== undefined && λ > 0 && λ < (isUpdate ? 0.5 : 1)) {
    const size = significantDigits(λ, 3);
    return {
      words: t(`weight decay: ${size} ${W}`, `重み減衰がある（${size} ${W}）`),
      network: t("it has weight decay", "重み減衰がある"),
    };
  }
  if (of("labels") !== undefined) {
    return {
      words: t(
        "the numbers of the classes are subtracted, not onehot",
        "one-hot 表現ではなく、クラスの番号を引いている",
      ),
    };
  }
  const isSigned = terms.some(({ name }) => name.startsWith("sign("));
  return isSigned ? { network: t("it has L1 regularisation", "L1 正則化がある") } : {};
}

/** Some of many numbers, in equal distances: enough for a first look. */
function thinned(data: Float64Array): Float64Array {
  const step = Math.ceil(data.length / 10_000);
  return step === 1 ? data : data.filter((_, i) => i % step === 0);
}

/** What is looked for, in this order: the first that is found is the explanation. */
const FINDERS: readonly Finder[] = [
  notFinite,
  plainFactor,
  otherEquation,
  someEntries,
  combination,
];

/**
 * The same for an update: momentum changes some entries alone, where the gradient of others is 0.
 * A function, so that bundlers leave the finders out of programs that do not use them.
 */
const updateFinders = () => [notFinite, plainFactor, otherEquation, combination, someEntries];

/** Why a quantity has the wrong number of entries. */
function wrongShape(suspect: Suspect): Cause {
  const { symbol, shape, data, sizes, own } = suspect;
  // the shape is wrong anyway: the numbers tell which way round they are
  const isSame = ({ rows, columns, data: numbers }: AnyMatrix) =>
    numbers.length === data.length &&
    [matrixOf(rows, columns, data), matrixOf(columns, rows, data).transposed].some((recorded) =>
      fits(suspect, relativeError(recorded, { rows, columns, data: numbers }))
    );
  const equals = MATRICES.flatMap((name): (readonly [string, AnyMatrix])[] => [
    [name, own[name]],
    [`columnSum(${name})`, own[name].columnSums],
    [`rowSum(${name})`, own[name].rowSums],
    [`sum(${name})`, own[name].rowSums.columnSums],
  ]).find(([, matrix]) => isSame(matrix))?.[0];
  return cause("shape", symbol, shape, shapeOf(symbol, sizes), equals);
}
