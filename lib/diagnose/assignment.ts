// Which array of a file is which quantity of a step: the inputs from which the others follow best,
// and for every other array the quantity with which it agrees best. Names are worth some digits;
// what they say is at the end.
import type { NdArray } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { dim } from "../math/shape.ts";
import {
  type Axis,
  type ComputedSymbol,
  type InputSymbol,
  lazyStep,
  QUANTITIES,
  type RunTimeStep,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import { dot, matrixOf, picked } from "./agreement.ts";

/**
 * The sizes of a step: D inputs, M hidden units, K classes, B examples.
 *
 * @internal
 */
export type StepSizes = Readonly<Record<"D" | "M" | "K" | "B", number>>;

/** Quantities that are known, by their symbols. */
export type KnownValues = { -readonly [Symbol in StepSymbol]?: RunTimeStep[Symbol] };

/** An array of the file. */
export interface Item {
  /** Its name in the file, and without the prefix of a second step. */
  readonly name: string;
  readonly plain: string;
  readonly array: NdArray;
  /** Its shape without axes of length 1. */
  readonly shape: readonly number[];
  readonly data: Float64Array<ArrayBuffer>;
  /** Its numbers as matrices, made once. */
  readonly matrices: Map<string, RunTimeMatrix>;
  /** What it may be by its name. */
  readonly hints: Hints;
  /** Whether it was recorded before the update and after it, as it changed. */
  readonly isUpdated: boolean;
  /** Whether it is another in the other step. */
  readonly isChanged: boolean;
}

/** The number of multiplications in W1 X and W2 Y1. */
export function multiplications({ D, M, K, B }: StepSizes): number {
  return (D + K) * M * B;
}

/** The rows and columns of a quantity: `M x B` of 3 hidden units and 10 examples is 3 and 10. */
export function shapeOf(symbol: StepSymbol, sizes: StepSizes): readonly [number, number] {
  const { axes: [rows, columns] } = QUANTITIES[symbol];
  const length = (axis: Axis) => axis === "1" ? 1 : sizes[axis];
  return [length(rows), length(columns)];
}

/** Whether pixels are bytes, which a program may divide by 255 after they are recorded. */
function isOfBytes(data: Float64Array): boolean {
  return maxAbs(data) > 1 && data.every((x) => Number.isInteger(x) && x >= 0 && x <= 255);
}

/** The ways in which an array can be a quantity: `false` upright, `true` as the transpose. */
export function waysRound({ shape, data }: Item, symbol: StepSymbol, sizes: StepSizes): boolean[] {
  const [rows, columns] = shapeOf(symbol, sizes);
  if (data.length !== rows * columns) return [];
  if (rows === 1 || columns === 1) return [false];
  // axes are joined where they are adjacent: (B, 28, 28) is B x 784; one axis may be a row too
  const firsts = shape.length > 1
    ? shape.slice(0, -1).map((_, i) => shape.slice(0, i + 1).reduce((a, b) => a * b))
    : shape;
  return [...firsts.includes(rows) ? [false] : [], ...firsts.includes(columns) ? [true] : []];
}

/** An array as the matrix of a quantity. */
export function toMatrix(item: Item, symbol: StepSymbol, sizes: StepSizes, transposed: boolean) {
  const [rows, columns] = shapeOf(symbol, sizes);
  const { data, matrices } = item, key = `${rows} ${columns} ${transposed}`;
  const matrix = matrices.get(key) ??
    (transposed ? matrixOf(columns, rows, data).transposed : matrixOf(rows, columns, data));
  matrices.set(key, matrix);
  return matrix;
}

/** An array that is read as an input. */
interface InputItem {
  readonly item: Item;
  readonly transposed: boolean;
  /** The classes, of labels. */
  readonly labels?: readonly number[];
  /** Whether its pixels were divided by 255 after they were recorded. */
  readonly isDivided?: boolean;
}

/** Arrays that may be X, labels, W1, b1, W2 and b2. */
export interface Choice {
  readonly sizes: StepSizes;
  readonly inputs: ReadonlyMap<InputSymbol, InputItem>;
  /** How well the names say so. */
  readonly prior: number;
}

/** The choices from which the other arrays follow best; several if they cannot be told apart. */
export function bestOf(
  choices: readonly Choice[],
  restOf: (choice: Choice) => readonly Item[],
): readonly Choice[] {
  const isNamed = ([symbol, { item }]: readonly [InputSymbol, InputItem]) =>
    weightOf(item, symbol) > 0;
  if (choices.length === 1 && [...choices[0]!.inputs].every(isNamed)) return choices;
  const scored = choices.map((choice) => {
    const { sizes, inputs, prior } = choice;
    const isAll = sizes.B <= SOME_EXAMPLES || multiplications(sizes) * choices.length < MANY;
    const examples = isAll ? undefined : spread(sizes.B, SOME_EXAMPLES);
    const right = { step: lazyStep(valuesOf(choice, examples)), examples };
    const { assigned, score } = assign(restOf(choice), choice, [right], 16);
    const digits = [...assigned.values()].reduce((sum, { digits }) => sum + digits, 0);
    const unnamed = [...inputs].filter((one) => !isNamed(one));
    const isBelieved = digits >= DIGITS_FOR_NAME * unnamed.length * Math.max(1, assigned.size);
    return { choice, score: prior + score, isBelieved };
  }).filter(({ isBelieved }) => isBelieved).toSorted((a, b) => b.score - a.score);
  const arraysOf = ({ inputs }: Choice) => INPUTS.map((one) => inputs.get(one)!.item.name).join();
  return scored.filter(({ score, choice }) =>
    score > scored[0]!.score - 0.5 && arraysOf(choice) === arraysOf(scored[0]!.choice)
  ).map(({ choice }) => choice);
}

/** The mean digits of agreement that each input needs whose name says nothing. */
const DIGITS_FOR_NAME = 0.3;

/** The choices that are tried, and the examples in which they are, if all are too many products. */
const MAX_CHOICES = 60, SOME_EXAMPLES = 16, MANY = 3e8;

/** What speaks for an array as an input besides the numbers: its name, and when it changes. */
function weightOf({ hints, isUpdated, isChanged }: Item, symbol: InputSymbol): number {
  // no name outweighs exact numbers
  const hint = Math.min(hints.get(symbol) ?? 0, CERTAIN / 2);
  if (isParameter(symbol)) return hint + (isUpdated ? CERTAIN : 0);
  return hint + (isChanged && !isUpdated ? POSSIBLE : 0);
}

/** The arrays that may be an input, the likeliest first. */
function candidatesOf(items: readonly Item[], symbol: InputSymbol): Item[] {
  const given = items.filter(({ hints }) => hints.get(symbol) === GIVEN);
  const isNamed = isParameter(symbol) && items.some(({ hints }) => hints.get(symbol)! >= CERTAIN);
  const isPossible = (item: Item) => {
    const { hints, shape, isUpdated } = item;
    // the one-hot labels may be all that a program has of the batch's
    if (symbol === "labels" && hints.has("onehot")) return true;
    if (hints.has(symbol)) return !isNamed || weightOf(item, symbol) >= USUAL;
    if ([...hints.values()].some((weight) => weight >= CERTAIN)) return false;
    // a row or column is taken for weights only if its name says so
    return isParameter(symbol)
      ? isUpdated || !isNamed && (symbol[0] === "b" || shape.length > 1)
      : !isUpdated;
  };
  return given.length > 0 ? given : items.filter(isPossible)
    .toSorted((a, b) => weightOf(b, symbol) - weightOf(a, symbol));
}

/** The inputs, each with one size at most that those before it do not tell. */
const SEARCH_ORDER = ["b1", "b2", "W1", "W2", "X", "labels"] as const;

/** An input that no array can be, and the sizes that those before it tell; 0 is not known. */
interface Obstacle {
  readonly symbol: typeof SEARCH_ORDER[number];
  readonly sizes: StepSizes;
}

/** The inputs by shapes, the likeliest by their names first; or what does not fit. */
export function choicesOf(items: readonly Item[]): { choices: Choice[]; obstacle?: Obstacle } {
  let choices: Choice[] = [{ sizes: { D: 0, M: 0, K: 0, B: 0 }, inputs: new Map(), prior: 0 }];
  for (const symbol of SEARCH_ORDER) {
    const candidates = candidatesOf(items, symbol), [{ sizes }] = choices as [Choice];
    choices = choices.flatMap(({ sizes, inputs, prior }) =>
      waysOf(candidates, symbol, sizes)
        .filter(([{ item }]) => ![...inputs.values()].some((other) => other.item === item))
        .map(([input, sizes]) => {
          // of arrays of which names say the same, the first are the likeliest
          const weight = weightOf(input.item, symbol) - 1e-6 * candidates.indexOf(input.item);
          return { sizes, inputs: new Map([...inputs, [symbol, input]]), prior: prior + weight };
        })
    ).toSorted((a, b) => b.prior - a.prior).slice(0, 10 * MAX_CHOICES);
    if (choices.length === 0) return { choices, obstacle: { symbol, sizes } };
  }
  return { choices: choices.filter(isOfOneLayout).slice(0, MAX_CHOICES) };
}

/** The ways in which arrays can be an input, and the sizes of the step then. */
function waysOf(candidates: readonly Item[], symbol: InputSymbol, sizes: StepSizes) {
  if (symbol === "labels") return labelsOf(candidates, sizes).map((way) => [way, sizes] as const);
  const axes = QUANTITIES[symbol].axes.filter((axis) => axis !== "1");
  const known = axes.reduce((product, axis) => product * (sizes[axis] || 1), 1);
  return candidates.flatMap((item) => {
    const { shape, data } = item;
    const found = axes.map((axis) => [axis, sizes[axis] || data.length / known]);
    const all: StepSizes = { ...sizes, ...Object.fromEntries(found) };
    if (data.length === 0 || all.K === 1 || axes.length === 1 && shape.length > 1) return [];
    const ways: InputItem[] = waysRound(item, symbol, all)
      .map((transposed) => ({ item, transposed }));
    const divided = ways.map((way) => ({ ...way, isDivided: true }));
    return [...ways, ...symbol === "X" && isOfBytes(data) ? divided : []]
      .map((way) => [way, all] as const);
  });
}

/** The ways in which arrays can be labels: classes, or one-hot. */
function labelsOf(candidates: readonly Item[], sizes: StepSizes): InputItem[] {
  const { K, B } = sizes, isVector = ({ data }: Item) => data.length === B;
  const ways = candidates.flatMap((item): InputItem[] => {
    const { data, array } = item;
    if (isVector(item)) {
      const areClasses = data.every((x) => Number.isInteger(x) && x >= 0 && x < K);
      // the classes of one example, too, have an axis
      const isList = array.shape.length > 0;
      return isList && areClasses ? [{ item, transposed: false, labels: [...data] }] : [];
    }
    return waysRound(item, "onehot", sizes).flatMap((transposed) => {
      const { data } = toMatrix(item, "onehot", sizes, transposed),
        labels = Array<number>(B).fill(-1);
      const ones = [...data.keys()].filter((at) => data[at] !== 0);
      for (const at of ones) labels[at % B] = Math.floor(at / B);
      const isOneHot = ones.length === B && !labels.includes(-1) &&
        ones.every((at) => data[at] === 1);
      return isOneHot ? [{ item, transposed, labels }] : [];
    });
  });
  const isNamed = ({ item }: InputItem) => item.hints.has("labels");
  // zeros, as losses of a trained network, may be classes too
  const isLabel = (way: InputItem) =>
    isNamed(way) || !isVector(way.item) && !way.item.hints.has("onehot");
  return ways.some(isNamed) ? ways.filter(isLabel) : ways;
}

/** Whether both weights have one way round; a square one has that of the other. */
function isOfOneLayout({ sizes: { D, M, K }, inputs }: Choice): boolean {
  const isTold = D > 1 && M > 1 && (D === M) !== (M === K);
  return !isTold || inputs.get("W1")!.transposed === inputs.get("W2")!.transposed;
}

/** The values of the inputs, of all examples or of some. */
export function valuesOf({ sizes, inputs }: Choice, examples?: readonly number[]): KnownValues {
  const { labels = [] } = inputs.get("labels")!, some = examples?.map((i) => labels[i]!) ?? labels;
  const values: KnownValues = { labels: Indices.of(dim("any", some.length), some) };
  for (const symbol of ["X", ...PARAMETERS] as const) {
    const { item, transposed } = inputs.get(symbol)!;
    values[symbol] = toMatrix(item, symbol, sizes, transposed);
  }
  const { item: { matrices }, transposed, isDivided } = inputs.get("X")!;
  const key = [sizes.D, transposed, examples?.length, isDivided].join();
  if (!matrices.has(key)) {
    const shown = picked(values.X!, undefined, examples);
    matrices.set(key, isDivided ? shown.map((x) => x / 255) : shown);
  }
  return { ...values, X: matrices.get(key)! };
}

/** A step that arrays are compared with. */
interface Basis {
  readonly step: RunTimeStep;
  /** Whether it is the program's own, of what it has recorded. */
  readonly isOwn?: boolean;
  /** The examples that it has; all if there are none. */
  readonly examples?: readonly number[] | undefined;
}

/** In how many digits an array agrees with a quantity. */
interface Agreement {
  readonly digits: number;
  readonly transposed: boolean;
}

/** An array that stands for a quantity. */
export type Assigned = Agreement & { readonly item: Item };

/**
 * Some entries of a quantity, in `count` rows and columns at most, as those before it give it; of
 * an update also the gradient's.
 */
function sampleOf(symbol: ComputedSymbol, basis: Basis, sizes: StepSizes, count: number) {
  const { step, isOwn = false, examples } = basis, { pass, axes } = QUANTITIES[symbol];
  // the own A1 is that of the inputs; of one example, db is dA, which may be the array itself
  const isItself = isOwn && (symbol === "A1" || sizes.B === 1 && /db/.test(symbol));
  const parameter = pass === "update" ? symbol.slice(0, 2) as "W1" : undefined;
  const isSum = parameter === undefined && !axes.includes("B");
  if (isItself || examples !== undefined && isSum) return undefined;
  const [rows, columns] = shapeOf(symbol, sizes), some = axes[1] === "B" ? examples : undefined;
  const j = spread(some?.length ?? columns, count * Math.max(1, Math.floor(count / rows)));
  const i = spread(rows, Math.floor(count * count / j.length));
  const entriesOf = (one: ComputedSymbol, isGiven: boolean) => {
    if (one !== "dW1" && one !== "dW2") {
      return picked(isGiven ? step[one] : QUANTITIES[one].compute(step), i, j).data;
    }
    // a product with more entries than are compared
    const [d, x] = one === "dW1" ? [step.dA1, step.X] : [step.dA2, step.Y1];
    return picked(d, i).multiply(picked(x, j).transposed).data;
  };
  return {
    places: i.flatMap((i) => j.map((j) => [i, some?.[j] ?? j] as const)),
    values: entriesOf((parameter ?? symbol) as ComputedSymbol, parameter !== undefined || !isOwn),
    gradient: parameter && examples === undefined ? entriesOf(`d${parameter}`, true) : undefined,
  };
}

/** How well arrays agree with quantities; undefined where a shape does not fit. */
function agreementWith(bases: readonly Basis[], sizes: StepSizes, count: number) {
  const samples = bases.map(() => new Map<ComputedSymbol, ReturnType<typeof sampleOf>>());
  return (item: Item, symbol: ComputedSymbol): Agreement | undefined => {
    const [rows, columns] = shapeOf(symbol, sizes), ways = waysRound(item, symbol, sizes);
    if (ways.length === 0) return undefined;
    let best: Agreement = { digits: 0, transposed: ways[0]! };
    for (const [i, basis] of bases.entries()) {
      if (isClear(best)) break;
      if (!samples[i]!.has(symbol)) samples[i]!.set(symbol, sampleOf(symbol, basis, sizes, count));
      const sample = samples[i]!.get(symbol);
      for (const transposed of sample === undefined ? [] : ways) {
        const recorded = sample!.places.map(([row, column]) =>
          item.data[transposed ? column * rows + row : row * columns + column]!
        );
        const digits = digitsOf(recorded, sample!, symbol);
        if (digits > best.digits) best = { digits, transposed };
      }
    }
    return best;
  };
}

/** The most digits in which numbers agree: those that may differ by nothing, and by a factor. */
const EQUAL = 12, CLEAR = 10;

const isClear = (one?: Agreement) => one !== undefined && one.digits >= CLEAR;

/** The digits of the squared difference of numbers from what is right, also up to a factor. */
function digitsOf(
  recorded: readonly number[],
  { values, gradient }: NonNullable<ReturnType<typeof sampleOf>>,
  symbol: ComputedSymbol,
): number {
  let uu = 0, uv = 0, vv = 0, difference = 0, along = 0, square = 0;
  recorded.forEach((u, i) => {
    const v = values[i]!, d = gradient?.[i] ?? 0;
    if (!Number.isFinite(u) || !Number.isFinite(v)) return;
    [uu, uv, vv] = [uu + u * u, uv + u * v, vv + v * v];
    difference += (u - v) * (u - v);
    along += (v - u) * d;
    square += d * d;
  });
  const digits = (error: number, max: number) =>
    Math.min(max, Math.max(0, -Math.log10(Math.max(error, 1e-99))));
  // few numbers are soon proportional, and one always is
  const isTold = Math.max(0, 1 - 2 / recorded.length);
  if (symbol.endsWith("'")) {
    // W' differs from W by some multiple of dW
    const residual = Math.max(0, difference - (square > 0 ? along * along / square : 0));
    if (uu === 0 && vv === 0) return CLEAR;
    return digits(residual / uu, EQUAL) * isTold;
  }
  if (vv === 0 || uu === 0) return uu === vv ? EQUAL : 0;
  // a loss may have lost its minus; more digits than chance need the same size
  const isNegative = recorded.length === 1 && symbol === "E" && uv < 0;
  const equal = digits((isNegative ? difference + 4 * uv : difference) / vv, EQUAL);
  // these have one sign
  if (uv < 0 && ["Y1", "P", "onehot", "L", "E"].includes(symbol)) return equal;
  return Math.max(equal, digits(1 - uv * uv / uu / vv, CLEAR) * isTold);
}

/** Assigns arrays by the right step, then by what the program's own earlier quantities give. */
export function assignAll(items: readonly Item[], choice: Choice, inputs: KnownValues) {
  const { sizes } = choice, isLarge = multiplications(sizes) > 5e7;
  // of a large step, the right one is computed for some examples only
  const examples = isLarge ? spread(sizes.B, 4 * SOME_EXAMPLES) : undefined;
  const right = { step: lazyStep(isLarge ? valuesOf(choice, examples) : inputs), examples };
  const sources: string[] = [];
  let found = assign(items, choice, [right], 64);
  // what is found in a round tells of what others follow in the next
  for (const least of [USUAL, POSSIBLE, POSSIBLE]) {
    const { assigned, hintOf } = found;
    if ([...assigned.values()].every(isClear)) break;
    const own: KnownValues = isLarge ? { ...inputs } : { ...inputs, A1: right.step.A1 };
    for (const [symbol, one] of assigned) {
      const { item, transposed } = one;
      if (waysRound(item, symbol, sizes).length === 0 || symbol.endsWith("'")) continue;
      if (!isClear(one) && hintOf(item, symbol) < least) continue;
      own[symbol as "A1"] = toMatrix(item, symbol, sizes, transposed);
    }
    const bases = (own: KnownValues) => [right, { step: lazyStep(own), isOwn: true }];
    const agreementGiven = (more: KnownValues) =>
      agreementWith(bases({ ...own, ...more }), sizes, 64);
    if (!isLarge || own.Y1) sources.push(...sourcesOf(items, assigned, sizes, agreementGiven));
    found = assign(items, choice, bases(own), 64, assigned, sources);
  }
  const { assigned } = found;
  // what goes on after dropout is what the next layer gets
  const Y1 = assigned.get("Y1"), dropped = Y1 && items.find((item) => drops(item, Y1.item));
  if (dropped !== undefined) assigned.set("Y1", { ...Y1!, item: dropped });
  return assigned;
}

/** Whether an array is another with some entries 0, the others all multiplied by one number. */
function drops({ shape, data }: Item, of: Item): boolean {
  if (shape.join() !== of.shape.join() || data.length < 8 || !data.includes(0)) return false;
  const first = data.findIndex((x) => x !== 0), scale = data[first]! / of.data[first]!;
  return scale >= 1 - 1e-4 &&
    data.every((x, i) => x === 0 || Math.abs(x / of.data[i]! - scale) <= 1e-4 * scale);
}

type Found = ReadonlyMap<ComputedSymbol, Assigned>;

/** An array and a quantity that others show it to be, whatever its own numbers. */
const pair = ({ name }: Item, symbol: StepSymbol) => `${name} ${symbol}`;

/** Arrays by which, or by a multiple of which, a parameter changed: the gradient, however wrong. */
function gradientsOf(items: readonly Item[], { inputs, sizes }: Choice, assigned: Found) {
  const shown: string[] = [], steps: string[] = [];
  for (const W of PARAMETERS) {
    const { array, data, shape } = inputs.get(W)!.item;
    const after = assigned.get(`${W}'`)?.item ??
      items.find(({ hints }) => hints.get(`${W}'`)! >= CERTAIN);
    // of two numbers whose sum is 0, each pair is a multiple
    if (after?.data.length !== data.length || data.length < 3) continue;
    const step = data.map((w, i) => w - after.data[i]!), square = dot(step, step);
    const rounding = (array.dtype.endsWith("f8") ? 2 ** -106 : 2 ** -48) * dot(data, data);
    for (const item of square <= 1e4 * rounding ? [] : items) {
      if (item === after || item.shape.join() !== shape.join()) continue;
      const along = dot(step, item.data), η = along / dot(item.data, item.data);
      if (!(square - η * along <= 1e-9 * square + 16 * rounding)) continue;
      // η dW is the step, which is no gradient
      if (Math.abs(η - 1) < 1e-3) steps.push(pair(item, `d${W}`));
      // of one example, db is dA, which may be the array itself, and so may dW of one input
      else if (sizes.B > 1) shown.push(pair(item, `d${W}`));
    }
  }
  return { shown, steps };
}

/** Quantities that the products after them tell: sums and losses are those of others too. */
const SOURCES = ["A1", "Y1", "P", "dA2", "dY1", "dA1"] as const;

const PRODUCTS = ["Y1", "A2", "dA2", "dW2", "dY1", "dA1", "dW1"] as const;

/** An array is a quantity, however wrong, if a later one is exactly what it gives. */
function sourcesOf(
  items: readonly Item[],
  assigned: Found,
  sizes: StepSizes,
  agreementGiven: (given: KnownValues) => ReturnType<typeof agreementWith>,
): string[] {
  const clear = [...assigned.values()].filter(isClear).map(({ item }) => item);
  const isFrom = (later: StepSymbol, source: StepSymbol): boolean =>
    QUANTITIES[later].from.some((one) =>
      one === source || !assigned.has(one as "A1") && isFrom(one, source)
    );
  return SOURCES.flatMap((source) => {
    const known = assigned.get(source);
    if (isClear(known) || known && known.item.hints.get(source)! >= CERTAIN) return [];
    const products = PRODUCTS.flatMap((later) => {
      const one = assigned.get(later);
      return one && !isClear(one) && isFrom(later, source) ? [[one.item, later] as const] : [];
    });
    const isShown = (item: Item) =>
      waysRound(item, source, sizes).some((transposed) => {
        const agreement = agreementGiven({ [source]: toMatrix(item, source, sizes, transposed) });
        return products.some(([one, later]) => one !== item && isClear(agreement(one, later)));
      });
    // of one example, db is dA, and its name says which
    const isOther = ({ hints }: Item) =>
      sizes.B === 1 && hints.get(source.replace("dA", "db") as "db1")! >= CERTAIN;
    return items.filter((item) =>
      products.length > 0 && !clear.includes(item) && !isOther(item) && isShown(item)
    ).map((item) => pair(item, source));
  });
}

/** What it is worth at least that an array is shown to be a quantity. */
const SHOWN = 8;

/** Some indices below n, in about equal distances; all of few. */
export function spread(n: number, count: number): number[] {
  return Array.from(
    { length: Math.min(n, count) },
    // at another place in each of equal parts
    (_, k) => n <= count ? k : Math.floor((k + k * 0.618 % 1) * n / count),
  );
}

/** Gives each array the quantity by which all together agree best, names being worth digits. */
function assign(
  items: readonly Item[],
  choice: Choice,
  bases: readonly Basis[],
  count: number,
  before: Found = new Map(),
  sources: readonly string[] = [],
) {
  const { sizes } = choice, agreement = agreementWith(bases, sizes, count);
  const isNamed = items.some(({ hints }) => hints.size > 0);
  const { shown, steps } = gradientsOf(items, choice, before);
  /** What speaks for an array as a quantity besides its numbers, in digits. */
  const hintOf = (item: Item, symbol: StepSymbol) => {
    const hint = item.hints.get(symbol) ?? 0, one = pair(item, symbol);
    const isShown = shown.includes(one) || sources.includes(one);
    return hint + (isShown ? Math.max(Math.min(hint, CERTAIN), SHOWN) : 0);
  };
  const pairs = items.flatMap((item) =>
    STEP.flatMap(({ symbol }) => {
      const found = agreement(item, symbol), hint = hintOf(item, symbol);
      const isNumber = item.data.length === 1;
      const least = hint > 0 ? 0 : isNumber ? CLEAR : isNamed ? MIN_DIGITS : 0;
      if (found === undefined || found.digits < least) return [];
      if (hint === 0 && found.digits < EQUAL && steps.includes(pair(item, symbol))) return [];
      return [{ symbol, score: found.digits + hint, assigned: { item, ...found } }];
    })
  ).toSorted((a, b) => b.score - a.score);
  const assigned = new Map<ComputedSymbol, Assigned>(), taken = new Set<Item>();
  let total = 0;
  // of all pairs that are left, always the one with the greatest score
  for (const { symbol, assigned: one } of pairs) {
    if (assigned.has(symbol) || taken.has(one.item)) continue;
    assigned.set(symbol, one);
    taken.add(one.item);
    total += one.digits + (one.item.hints.get(symbol) ?? 0);
  }
  const { D, M, K, B } = sizes, known = [D, M, K, B];
  for (const item of items.filter((item) => !taken.has(item))) {
    // an array of the wrong shape, if its name says what it is and it can be nothing else
    const isOdd = waysRound(item, "X", sizes).length === 0 &&
      STEP.every(({ symbol }) => agreement(item, symbol) === undefined);
    const symbol = STEP.map(({ symbol }) => symbol)
      .find((one) => item.hints.get(one)! >= (isOdd ? USUAL : CERTAIN));
    // what has another number of examples is of another batch, or of a part of it
    const isOther = isOdd && symbol !== undefined && QUANTITIES[symbol].axes.includes("B");
    // all images have another size, and so has what is of no use in the step
    const usual = item.shape.length > 1
      ? known.flatMap((n) => [n, n + 1])
      : [...known, ...known.flatMap((n) => known.map((m) => n * m))];
    if (symbol === undefined || isOther || !item.shape.every((n) => usual.includes(n))) continue;
    if (!assigned.has(symbol)) assigned.set(symbol, { item, digits: 0, transposed: false });
  }
  return { assigned, score: total, hintOf };
}

/** The digits from which an array is a quantity though its name says nothing, where others' do. */
const MIN_DIGITS = 5;

/** What an array may be by its name, and how many digits of agreement that is worth. */
type Hints = ReadonlyMap<StepSymbol, number>;

/** A name that `--names` gives, one that has one meaning, a usual one, and a possible one. */
export const GIVEN = 1000, CERTAIN = 16, USUAL = 4, POSSIBLE = 1;

/** The symbols in the order of the step. */
export const SYMBOLS: readonly StepSymbol[] = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol);

export const PARAMETERS = ["W1", "b1", "W2", "b2"] as const;

export const isParameter = (symbol: StepSymbol | undefined) =>
  PARAMETERS.some((parameter) => parameter === symbol);

export const INPUTS = ["X", "labels", ...PARAMETERS] as const;

/** Words that say what kind of array it is, and in which layer. */
const KINDS = {
  gradient: "d g delta deltas grad grads gradient gradients nabla",
  after: "after new next updated",
  nothing: "before self model net network nn cache batch mb train layers last",
  weight: "w weight weights kernel theta syn coef coefs",
  bias: "b bias biases intercept intercepts",
  hidden: "h hidden ih xh x i in input",
  output: "o out output ho hy y head classifier final",
};

/** Words without a layer, by what they may stand for. */
const FORWARD: readonly (readonly [StepSymbol, string])[] = [
  ["X", "x xb xs image images img imgs input inputs inputdata inp data feature features pixels"],
  ["labels", "t ts y ys yb label labels target targets ytrue truth groundtruth gt answer"],
  ["labels", "digits digit class classes"],
  ["η", "lr learningrate learningrateinit rate eta stepsize alpha"],
  ["A1", "a z net hiddeninput hiddeninputs hin pre preact preactivation hiddenpre neth affine"],
  ["Y1", "h hs hidden hiddenout hiddenoutput hiddenoutputs hiddenlayer act sigmoid sigmoidout"],
  ["A2", "logit logits score scores finalinput finalinputs neto output outputs out o"],
  ["P", "p q y o prob probs probability probabilities softmax softmaxout yhat ypred pred preds"],
  ["P", "prediction predictions output outputs out finaloutput finaloutputs al h"],
  ["onehot", "onehot onehots tonehot yonehot labelsonehot onehotlabels targetsonehot t y"],
  ["L", "losses samplelosses samplelogprobs correctlogprobs corectlogprobs persampleloss nll l ce"],
  ["E", "loss losses cost j e err error crosse meanloss dataloss totalloss l nll ce trainloss"],
  ["E", "crossentropy lossvalue cout"],
];

const BACKWARD: readonly (readonly [StepSymbol, string])[] = [
  ["dA2", "y scores logits out output outputs o x error outputerror outputerrors"],
  ["dY1", "h hidden hiddenout hiddenerror a y back"],
  ["dA1", "hidden h hiddeninput preact pre z a hraw sigmoid sigmoidx"],
];

/** Words with the number of a layer: of sums, and of what the layers return. */
const SUMS = "z zs u v s a net pre preact preactivation affine affineout linear input",
  OUTPUTS = "z a h y o l act activation activations hidden output out layer sigmoid";

const isIn = (words: string, word: string) => words.split(" ").includes(word);

/** `gwo` as `g w o`: a gradient, of weights or a bias, of a layer. */
function split(token: string): string[] {
  const [, d, kind, rest] = /^([dg]?)([wb]?)(.*)$/.exec(token)!;
  const isKnown = rest === "" || isIn(kind ? `${KINDS.hidden} ${KINDS.output}` : SPLIT, rest!);
  return isKnown ? [d!, kind!, rest!].filter((part) => part !== "") : [token];
}

/** Words that may follow `d` or `g`, as in `dscores`. */
const SPLIT = `${SUMS} ${OUTPUTS} ${KINDS.weight} ${KINDS.bias} theta x e j c scores logits`;

/** Takes a name apart: `fc1.weight.grad`, `grads['W1']` and `gw_hidden` are gradients. */
export function parse(name: string) {
  // the textbook's last layer is softmax with the loss
  const words = name.replace(/['′]$/u, " after").replace(/last_?layer\b/i, "")
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().match(/\p{L}+|\d+/gu) ?? [];
  const tokens = words.flatMap(split);
  // a letter alone counts before another word: affine1.dW, and not W1_g
  const isMark = (token: string, i: number) =>
    isIn(KINDS.gradient, token) && (token.length > 1 || i < Math.max(1, tokens.length - 1));
  const letters = tokens.filter((token, i) =>
    !/\d/.test(token) && !isMark(token, i) && !isIn(KINDS.after, token)
  );
  const has = (kind: keyof typeof KINDS) => letters.some((token) => isIn(KINDS[kind], token));
  const isWeight = has("weight") && !/\[(:, (0|-1)|(0|-1), :)\]$/.test(name);
  // B is the number of examples, and delta_b the listing's dA2
  const isNeither = /\bB$|^delta_b$/.test(name) || !has("weight") && !has("bias");
  return {
    isGradient: tokens.some(isMark),
    isAfter: tokens.some((token) => isIn(KINDS.after, token)),
    parameter: isNeither ? undefined : isWeight ? "W" : "b",
    /** Its number, or -1; the layer that a word names; the other words. */
    digit: Number(tokens.find((token) => /\d/.test(token)) ?? -1),
    layer: has("output") ? 2 : has("hidden") ? 1 : undefined,
    word: letters.filter((token) => !isIn(KINDS.nothing, token)).join("") || letters.join("") ||
      tokens.find(isMark) || "",
  };
}

type Parsed = ReturnType<typeof parse>;

/** What arrays may be by their names, of which each is read in the light of the others. */
export function hintsOf(names: readonly string[]): Hints[] {
  const parsed = names.map(parse), layerOf = layersOf(parsed);
  const isOwn = names.includes("Y1") || names.includes("dY1");
  return parsed.map((one, i) => {
    // what momentum adds up is no parameter
    if (/(^|[^a-z])(vel|velocity|momentum)/i.test(names[i]!)) return new Map();
    const { isGradient, isAfter, parameter, word, digit } = one;
    // A1, P, L and E mean something else in other programs than this project's
    const own = [...STEP_INPUTS, ...STEP].find(({ symbol, listing }) =>
      listing === names[i] || symbol === names[i] && (isOwn || !/[APLE]/.test(symbol))
    );
    if (own) return new Map([[own.symbol, CERTAIN]]);
    if (parameter !== undefined) {
      const layer = layerOf(one), weight = layer === undefined ? USUAL : CERTAIN;
      const [before, after] = isGradient ? ["d", ""] : ["", isAfter ? "'" : ""];
      return new Map(
        [1, 2].filter((one) => layer === undefined || layer === one)
          .map((layer) => [`${before}${parameter}${layer}${after}` as StepSymbol, weight]),
      );
    }
    const found = digit >= 0
      ? layered(one, parsed)
      : (isGradient ? BACKWARD : FORWARD).flatMap(([symbol, words]) =>
        isIn(words, word) ? [symbol] : []
      );
    const weight = found.length === 1 ? USUAL : POSSIBLE;
    // alpha is also the largest score
    const isRate = (symbol: StepSymbol) => symbol === "η" && word !== "alpha";
    return new Map(found.map((symbol) => [symbol, isRate(symbol) ? CERTAIN : weight]));
  });
}

/** The quantities of a layer that a word and a number may stand for. */
function layered({ word, digit, isGradient }: Parsed, all: readonly Parsed[]): StepSymbol[] {
  const family = all.filter((one) => one.word === word && one.isGradient === isGradient);
  const has = (digit: number) => family.some((one) => one.digit === digit);
  // layers are counted from 0, 1 or 2, the inputs being the first
  const layer = digit + (has(3) ? -1 : has(0) && !has(2) ? 1 : 0);
  if (layer === 0) return isGradient ? [] : ["X"];
  if (layer > 2) return [];
  const isOut = isIn(OUTPUTS, word), isSum = isIn(SUMS, word) || isIn(KINDS.gradient, word);
  if (isGradient && layer === 2) return isSum || isOut ? ["dA2"] : [];
  const sum = layer === 1 ? "A1" : "A2", out = layer === 1 ? "Y1" : "P";
  const [A, Y] = isGradient ? ["dA1", "dY1"] as const : [sum, out] as const;
  return [...isSum ? [A] : [], ...isOut && !(isGradient && word === "z") ? [Y] : []];
}

/** The layer of a parameter: by its word, or by its number among those of the same word. */
export function layersOf(all: readonly Parsed[]): (one: Parsed) => number | undefined {
  return ({ layer, digit, word }) => {
    if (digit < 0 && layer !== undefined) return layer;
    const family = all.filter((one) => one.parameter !== undefined && one.word === word);
    const numbers = [...new Set(family.map(({ digit }) => digit))].sort((a, b) => a - b);
    if (numbers.length === 1 && digit < 0) return undefined;
    // W1 and W2, or 0.weight and 2.weight, or W and W2
    const isCounted = numbers.every((number) => number === 1 || number === 2);
    return isCounted ? digit : numbers.indexOf(digit) + 1;
  };
}
