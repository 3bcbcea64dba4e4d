// Which array of a file is which quantity of a step: the inputs from which the others follow best,
// and for every other array the quantity with which it agrees best. Names are worth some digits.
import type { NdArray } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { dim } from "../math/shape.ts";
import {
  type Axis,
  type ComputedSymbol,
  type InputSymbol,
  lazyStep,
  QUANTITIES,
  type RunTimeStep,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import { dot, matrixOf, picked } from "./agreement.ts";
import {
  CERTAIN,
  GIVEN,
  type Hints,
  INPUTS,
  isParameter,
  PARAMETERS,
  POSSIBLE,
  USUAL,
} from "./names.ts";

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
  /** What it is by others: the gradient of an update, or what a later quantity follows from. */
  readonly shown: Set<StepSymbol>;
  /** The gradients of which it is η times one, as W - W' is. */
  readonly steps: Set<StepSymbol>;
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
  return data.some((x) => x > 1) && data.every((x) => Number.isInteger(x) && x >= 0 && x <= 255);
}

/** The ways in which a shape can be read: `false` upright, `true` as the transpose. */
export function waysRound(shape: readonly number[], rows: number, columns: number): boolean[] {
  if (shape.reduce((product, size) => product * size, 1) !== rows * columns) return [];
  if (rows === 1 || columns === 1) return [false];
  // axes are joined where they are adjacent: (B, 28, 28) is B x 784
  const splits = (rows: number) => splitsOf(shape).some(([n]) => n === rows);
  return [...splits(rows) ? [false] : [], ...splits(columns) ? [true] : []];
}

/** The rows and columns of a matrix of these numbers; a single axis may be a row too. */
function splitsOf(shape: readonly number[]): (readonly [rows: number, columns: number])[] {
  const size = shape.reduce((product, size) => product * size, 1);
  const axes = shape.length > 1 ? shape.slice(0, -1) : [size];
  return axes.map((_, i) => axes.slice(0, i + 1).reduce((a, b) => a * b))
    .map((rows) => [rows, size / rows]);
}

/** An array as a matrix of so many rows and columns. */
export function toMatrix(item: Item, rows: number, columns: number, transposed: boolean) {
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

/** The inputs from which the other arrays follow best; several if they cannot be told apart. */
export function findInputs(
  items: readonly Item[],
  restOf: (choice: Choice) => readonly Item[],
): Choice[] {
  const choices = enumerate(items).slice(0, MAX_CHOICES);
  const scored = choices.map((choice) => {
    const { sizes, inputs, prior } = choice;
    // what one choice shows is not known of another
    const rest = restOf(choice).map((item) => ({
      ...item,
      shown: new Set<StepSymbol>(),
      steps: new Set<StepSymbol>(),
    }));
    const isAll = sizes.B <= SOME_EXAMPLES || multiplications(sizes) * choices.length < MANY;
    const examples = isAll ? undefined : spread(sizes.B, SOME_EXAMPLES);
    const step = lazyStep(valuesOf(choice, examples));
    showGradients(rest, choice);
    const { assigned, score } = assign(rest, { step, sizes, examples, count: 16 });
    const digits = [...assigned.values()].reduce((sum, { digits }) => sum + digits, 0);
    const unnamed = [...inputs].filter(([symbol, { item }]) => weightOf(item, symbol) === 0);
    const isBelieved = digits >= DIGITS_FOR_NAME * unnamed.length * Math.max(1, assigned.size);
    return { choice, score: prior + score, isBelieved };
  }).filter(({ isBelieved }) => isBelieved).toSorted((a, b) => b.score - a.score);
  const arraysOf = ({ inputs }: Choice) => [...inputs.values()].map(({ item }) => item.name).join();
  return scored.filter(({ score, choice }) =>
    score > scored[0]!.score - 0.5 && arraysOf(choice) === arraysOf(scored[0]!.choice)
  ).map(({ choice }) => choice);
}

/** The mean digits of agreement that each input needs whose name says nothing. */
const DIGITS_FOR_NAME = 0.3;

/** The choices that are tried, and the examples in which they are, if all are too many products. */
const MAX_CHOICES = 400, SOME_EXAMPLES = 16, MANY = 3e8;

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

/** The choices whose shapes fit, the likeliest by their names first. */
function enumerate(items: readonly Item[]): Choice[] {
  const candidates = INPUTS.map((symbol) => candidatesOf(items, symbol));
  const [Xs, , W1s, , W2s] = candidates;
  const fitting = W1s!.flatMap(({ shape }) => splitsOf(shape))
    .flatMap(([a, b]) => [{ M: a, D: b }, { M: b, D: a }])
    .flatMap((some) => Xs!.map(({ data }) => ({ ...some, B: data.length / some.D })))
    .flatMap((some) => W2s!.map(({ data }) => ({ ...some, K: data.length / some.M })))
    .filter((all) => all.K > 1 && Object.values(all).every((n) => Number.isInteger(n) && n > 0));
  const sizes = new Map(fitting.map((all) => [Object.values(all).join(), all]));
  return [...sizes.values()].flatMap((sizes) => {
    // classes that are out of range are the user's to see
    const isOutOfRange = candidates[1]!.some((item) =>
      item.hints.get("labels")! >= USUAL && item.array.shape.length > 0 &&
      item.data.length === sizes.B && waysOf(item, "labels", sizes).length === 0
    );
    const ways = INPUTS.map((symbol, i) => {
      const all = candidates[i]!.flatMap((item) => waysOf(item, symbol, sizes));
      if (symbol !== "labels") return all;
      const isNamed = ({ item }: InputItem) => item.hints.has("labels");
      // zeros, as losses of a trained network, may be classes too
      const isLabel = (one: InputItem) =>
        isNamed(one) || one.item.data.length !== sizes.B && !one.item.hints.has("onehot");
      return isOutOfRange ? [] : all.some(isNamed) ? all.filter(isLabel) : all;
    });
    while (ways.reduce((product, { length }) => product * length, 1) > MAX_CHOICES) {
      const most = Math.max(...ways.map(({ length }) => length));
      ways.find(({ length }) => length === most)!.pop();
    }
    // one of each list, in every combination
    const all = ways.reduce<InputItem[][]>(
      (some, ways) => some.flatMap((one) => ways.map((way) => [...one, way])),
      [[]],
    );
    return all.filter((ways) => new Set(ways.map(({ item }) => item)).size === INPUTS.length)
      .map((ways) => ({
        ...{ sizes, inputs: new Map(INPUTS.map((symbol, i) => [symbol, ways[i]!] as const)) },
        prior: ways.reduce((sum, { item }, i) => sum + weightOf(item, INPUTS[i]!), 0),
      })).filter(isOfOneLayout);
  }).toSorted((a, b) => b.prior - a.prior);
}

/** The ways in which an array can be an input of a step of such sizes. */
function waysOf(item: Item, symbol: InputSymbol, sizes: StepSizes): InputItem[] {
  const { shape, data, array } = item, [rows, columns] = shapeOf(symbol, sizes), { K, B } = sizes;
  // the classes of one example, too, have an axis
  if (symbol === "labels" && data.length === B) {
    const areClasses = data.every((x) => Number.isInteger(x) && x >= 0 && x < K);
    const isList = array.shape.length > 0;
    return isList && areClasses ? [{ item, transposed: false, labels: [...data] }] : [];
  }
  if (symbol === "labels") {
    return waysRound(shape, K, B).flatMap((transposed) => {
      const { data } = toMatrix(item, K, B, transposed), labels = Array<number>(B).fill(-1);
      const ones = [...data.keys()].filter((at) => data[at] !== 0);
      for (const at of ones) labels[at % B] = Math.floor(at / B);
      const isOneHot = ones.length === B && !labels.includes(-1) &&
        ones.every((at) => data[at] === 1);
      return isOneHot ? [{ item, transposed, labels }] : [];
    });
  }
  return waysRound(shape, rows, columns).flatMap((transposed) => [
    { item, transposed },
    ...symbol === "X" && isOfBytes(data) ? [{ item, transposed, isDivided: true }] : [],
  ]);
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
    values[symbol] = toMatrix(item, ...shapeOf(symbol, sizes), transposed);
  }
  const { item: { matrices }, transposed, isDivided } = inputs.get("X")!;
  const key = [sizes.D, transposed, examples?.length, isDivided].join();
  if (!matrices.has(key)) {
    const shown = picked(values.X!, undefined, examples);
    matrices.set(key, isDivided ? shown.map((x) => x / 255) : shown);
  }
  return { ...values, X: matrices.get(key)! };
}

/** What arrays are compared with: a step, and the program's own, of what it has recorded. */
interface Comparison {
  readonly step: RunTimeStep;
  readonly own?: RunTimeStep;
  readonly sizes: StepSizes;
  /** The examples that the step has, of all B. */
  readonly examples: readonly number[] | undefined;
  /** The rows, and the columns, that are compared at most. */
  readonly count: number;
}

/** In how many digits an array agrees with a quantity. */
interface Agreement {
  readonly digits: number;
  readonly transposed: boolean;
}

/** An array that stands for a quantity. */
export type Assigned = Agreement & { readonly item: Item };

/** Some entries of a quantity as those before it give it; of an update also the gradient's. */
function sampleOf(symbol: ComputedSymbol, isOwn: boolean, comparison: Comparison) {
  const { sizes, count } = comparison, step = isOwn ? comparison.own : comparison.step;
  const examples = isOwn ? undefined : comparison.examples, { pass, axes } = QUANTITIES[symbol];
  // the own A1 is that of the inputs; of one example, db is dA, which may be the array itself
  const isItself = isOwn && (symbol === "A1" || sizes.B === 1 && /db/.test(symbol));
  const parameter = pass === "update" ? symbol.slice(0, 2) as "W1" : undefined;
  const isSum = parameter === undefined && !axes.includes("B");
  if (step === undefined || isItself || examples !== undefined && isSum) return undefined;
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
function agreementWith(comparison: Comparison) {
  const samples = new Map<string, ReturnType<typeof sampleOf>>();
  return (item: Item, symbol: ComputedSymbol): Agreement | undefined => {
    const [rows, columns] = shapeOf(symbol, comparison.sizes);
    const ways = waysRound(item.shape, rows, columns);
    if (ways.length === 0) return undefined;
    let best: Agreement = { digits: 0, transposed: ways[0]! };
    for (const isOwn of [false, true]) {
      if (isClear(best)) break;
      const key = `${symbol} ${isOwn}`;
      if (!samples.has(key)) samples.set(key, sampleOf(symbol, isOwn, comparison));
      const sample = samples.get(key);
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
  const step = lazyStep(isLarge ? valuesOf(choice, examples) : inputs);
  const comparison = { step, sizes, examples, count: 64 };
  showGradients(items, choice);
  let found = assign(items, comparison);
  // what is found in a round tells of what others follow in the next
  for (const least of [USUAL, POSSIBLE, POSSIBLE]) {
    if ([...found.assigned.values()].every(isClear)) break;
    const own: KnownValues = isLarge ? { ...inputs } : { ...inputs, A1: step.A1 };
    for (const [symbol, one] of found.assigned) {
      const { item, transposed } = one, [rows, columns] = shapeOf(symbol, sizes);
      if (item.data.length !== rows * columns || symbol.endsWith("'")) continue;
      if (!isClear(one) && hintOf(item, symbol) < least) continue;
      own[symbol as "A1"] = toMatrix(item, rows, columns, transposed);
    }
    showGradients(items, choice, found.assigned);
    if (!isLarge || own.Y1) showSources(items, found.assigned, comparison, own);
    found = assign(items, { ...comparison, own: lazyStep(own) });
  }
  // what goes on after dropout is what the next layer gets
  const Y1 = found.assigned.get("Y1"), dropped = Y1 && items.find((item) => drops(item, Y1.item));
  if (dropped !== undefined) found.assigned.set("Y1", { ...Y1!, item: dropped });
  return found;
}

/** Whether an array is another with some entries 0, the others all multiplied by one number. */
function drops({ shape, data }: Item, of: Item): boolean {
  if (shape.join() !== of.shape.join() || data.length < 8 || !data.includes(0)) return false;
  const first = data.findIndex((x) => x !== 0), scale = data[first]! / of.data[first]!;
  return scale >= 1 - 1e-4 &&
    data.every((x, i) => x === 0 || Math.abs(x / of.data[i]! - scale) <= 1e-4 * scale);
}

type Found = ReturnType<typeof assign>["assigned"];

/** An array is the gradient of W, however wrong, if W - W' is a multiple of it. */
function showGradients(items: readonly Item[], choice: Choice, assigned: Found = new Map()) {
  for (const W of PARAMETERS) {
    const { array, data, shape } = choice.inputs.get(W)!.item;
    const after = assigned.get(`${W}'`)?.item ??
      items.find(({ hints }) => hints.get(`${W}'`)! >= CERTAIN);
    // of two numbers whose sum is 0, each pair is a multiple
    if (after?.data.length !== data.length || data.length < 3) continue;
    const step = data.map((w, i) => w - after.data[i]!), square = dot(step, step);
    const rounding = (array.dtype.endsWith("f8") ? 2 ** -106 : 2 ** -48) * dot(data, data);
    for (const item of square <= 1e4 * rounding ? [] : items) {
      if (item === after || item.shape.join() !== shape.join()) continue;
      const η = dot(step, item.data) / dot(item.data, item.data);
      const isMultiple = square - η * dot(step, item.data) <= 1e-9 * square + 16 * rounding;
      // η dW is the step, which is no gradient
      if (isMultiple && Math.abs(η - 1) < 1e-3) item.steps.add(`d${W}`);
      // of one example, db is dA, which may be the array itself, and so may dW of one input
      else if (isMultiple && choice.sizes.B > 1) item.shown.add(`d${W}`);
    }
  }
}

/** Quantities that the products after them tell: sums and losses are those of others too. */
const SOURCES = ["A1", "Y1", "P", "dA2", "dY1", "dA1"] as const;

const PRODUCTS = ["Y1", "A2", "dA2", "dW2", "dY1", "dA1", "dW1"] as const;

/** An array is a quantity, however wrong, if a later one is exactly what it gives. */
function showSources(
  items: readonly Item[],
  assigned: Found,
  comparison: Comparison,
  own: KnownValues,
): void {
  const clear = [...assigned.values()].filter(isClear).map(({ item }) => item);
  const isFrom = (later: StepSymbol, source: StepSymbol): boolean =>
    QUANTITIES[later].from.some((one) =>
      one === source || !assigned.has(one as "A1") && isFrom(one, source)
    );
  for (const source of SOURCES) {
    const [rows, columns] = shapeOf(source, comparison.sizes), known = assigned.get(source);
    if (isClear(known) || known && known.item.hints.get(source)! >= CERTAIN) continue;
    const products = PRODUCTS.filter((later) =>
      assigned.has(later) && !isClear(assigned.get(later)) && isFrom(later, source)
    );
    for (const item of products.length === 0 ? [] : items) {
      if (clear.includes(item)) continue;
      for (const transposed of waysRound(item.shape, rows, columns)) {
        const step = { ...own, [source]: toMatrix(item, rows, columns, transposed) };
        const agreement = agreementWith({ ...comparison, own: lazyStep(step) });
        const isShown = products.map((later) => [assigned.get(later)!.item, later] as const)
          .some(([one, later]) => one !== item && isClear(agreement(one, later)));
        if (isShown) item.shown.add(source);
      }
    }
  }
}

/** What it is worth at least that an array is shown to be a quantity. */
const SHOWN = 8;

/** What speaks for an array as a quantity besides its numbers, in digits. */
function hintOf({ hints, shown }: Item, symbol: StepSymbol): number {
  const hint = hints.get(symbol) ?? 0;
  return hint + (shown.has(symbol) ? Math.max(Math.min(hint, CERTAIN), SHOWN) : 0);
}

/** Some indices below n, in about equal distances; all of few. */
export function spread(n: number, count: number): number[] {
  return Array.from(
    { length: Math.min(n, count) },
    // at another place in each of equal parts
    (_, k) => n <= count ? k : Math.floor((k + k * 0.618 % 1) * n / count),
  );
}

/** Gives each array the quantity by which all together agree best, names being worth digits. */
function assign(items: readonly Item[], comparison: Comparison) {
  const isNamed = items.some(({ hints }) => hints.size > 0), agreement = agreementWith(comparison);
  const pairs = items.flatMap((item) =>
    STEP.flatMap(({ symbol }) => {
      const found = agreement(item, symbol), hint = hintOf(item, symbol);
      const isNumber = item.data.length === 1;
      const least = hint > 0 ? 0 : isNumber ? CLEAR : isNamed ? MIN_DIGITS : 0;
      if (found === undefined || found.digits < least) return [];
      if (hint === 0 && found.digits < EQUAL && item.steps.has(symbol)) return [];
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
  let double: { readonly symbol: StepSymbol; readonly names: readonly string[] } | undefined;
  const { D, M, K, B } = comparison.sizes, sizes = [D, M, K, B];
  for (const item of items.filter((item) => !taken.has(item))) {
    // an array of the wrong shape, if its name says what it is and it can be nothing else
    const isOdd = waysRound(item.shape, D, B).length === 0 &&
      STEP.every(({ symbol }) => agreement(item, symbol) === undefined);
    const symbol = STEP.map(({ symbol }) => symbol)
      .find((one) => item.hints.get(one)! >= (isOdd ? USUAL : CERTAIN));
    // what has another number of examples is of another batch, or of a part of it
    const isOther = isOdd && symbol !== undefined && QUANTITIES[symbol].axes.includes("B");
    // all images have another size, and so has what is of no use in the step
    const known = item.shape.length > 1
      ? sizes.flatMap((n) => [n, n + 1])
      : [...sizes, ...sizes.flatMap((n) => sizes.map((m) => n * m))];
    if (symbol === undefined || isOther || !item.shape.every((n) => known.includes(n))) continue;
    const other = assigned.get(symbol), one = { item, ...agreement(item, symbol) };
    if (other === undefined) assigned.set(symbol, { item, digits: 0, transposed: false });
    else if (areAlike(one, other, symbol)) {
      double ??= { symbol, names: [other.item.name, item.name] };
    }
  }
  return { assigned, score: total, double };
}

/** Whether names and numbers do not tell which of two arrays a quantity is. */
function areAlike(
  one: Pick<Assigned, "item"> & Partial<Agreement>,
  other: Assigned,
  symbol: StepSymbol,
): boolean {
  const hints = [one, other].map(({ item: { hints } }) => hints.get(symbol) ?? 0);
  const [fits, othersFits] = [one, other].map(({ item: { shown }, digits = 0 }) =>
    shown.has(symbol) || digits >= CLEAR
  );
  const [data, others] = [one.item.data, other.item.data];
  const isEqual = data.length === others.length && data.every((x, i) => x === others[i]);
  return hints.every((hint) => hint >= CERTAIN && hint < GIVEN) && fits === othersFits && !isEqual;
}

/** The digits from which an array is a quantity though its name says nothing, where others' do. */
const MIN_DIGITS = 5;
