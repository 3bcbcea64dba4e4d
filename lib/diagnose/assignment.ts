// Which array of a file is which quantity of a step: the inputs from which the others follow best,
// and for every other array the quantity with which it agrees best. Names are worth some digits.
import type { NdArray } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import { Matrix, type RunTimeMatrix } from "../math/matrix.ts";
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
import { dot, picked } from "./agreement.ts";
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
  /** What it is by the arrays around it: the gradient of an update, what a later one follows from. */
  readonly shown: Set<StepSymbol>;
  /** The gradients of which it is η times one, as W - W' is. */
  readonly steps: Set<StepSymbol>;
  /** Whether it was recorded before the update and after it, as it changed. */
  readonly isUpdated: boolean;
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
export function isOfBytes(data: Float64Array): boolean {
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
export function toMatrix(
  { data, matrices }: Item,
  rows: number,
  columns: number,
  transposed: boolean,
) {
  const R = dim("any", rows), C = dim("any", columns), key = `${rows} ${columns} ${transposed}`;
  const matrix = matrices.get(key) ??
    (transposed ? Matrix.of(C, R, data).transposed : Matrix.of(R, C, data));
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
  /** How well the names and the order say so. */
  readonly prior: number;
}

/** The inputs from which the other arrays follow best; several if they cannot be told apart. */
export function findInputs(items: readonly Item[]): Choice[] {
  const choices = enumerate(items);
  const isNamed = ({ inputs }: Choice) =>
    [...inputs].every(([symbol, { item }]) => weightOf(item, symbol) > 0);
  if (choices.length === 1 && isNamed(choices[0]!)) return choices;
  const isCertain = PARAMETERS.every((W) => items.some((item) => weightOf(item, W) >= CERTAIN));
  const least = isCertain ? MIN_AGREEMENT / 2 : MIN_AGREEMENT;
  return bestOf(choices, items, (choice) => isNamed(choice) ? 0 : least);
}

/** What speaks for an array as an input besides the numbers: its name, and that it is updated. */
function weightOf({ hints, isUpdated }: Item, symbol: InputSymbol): number {
  return (hints.get(symbol) ?? 0) + (isUpdated && isParameter(symbol) ? CERTAIN : 0);
}

/** The mean digits of agreement from which inputs are believed whose names say nothing. */
const MIN_AGREEMENT = 2;

/** The choices that are tried. */
const MAX_CHOICES = 400;

/** The arrays that may be an input, the likeliest first. */
function candidatesOf(items: readonly Item[], symbol: InputSymbol): Item[] {
  const given = items.filter(({ hints }) => hints.get(symbol) === GIVEN);
  const isCertain = ({ hints }: Item) => (hints.get(symbol) ?? 0) >= CERTAIN;
  const isNamed = isParameter(symbol) && items.some(isCertain);
  const isPossible = (item: Item) => {
    const { hints, shape, isUpdated } = item;
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

/** The ways of the labels: by their name, else classes, else what may be one-hot. */
function labelsOf(candidates: readonly Item[], sizes: StepSizes): InputItem[] {
  const ranks: InputItem[][] = [[], [], [], []];
  for (const item of candidates) {
    const { hints, data, array } = item, ways = waysOf(item, "labels", sizes);
    // of one example too, they have an axis
    const areClasses = data.length === sizes.B && array.shape.length > 0;
    // classes that are out of range are the user's to see
    if (areClasses && ways.length === 0 && hints.get("labels")! >= USUAL) return [];
    const rank = hints.has("labels") ? 0 : areClasses ? 1 : hints.has("onehot") ? 2 : 3;
    ranks[rank]!.push(...ways);
  }
  return ranks.find(({ length }) => length > 0) ?? [];
}

/** The choices whose shapes fit, the likeliest by their names first. */
function enumerate(items: readonly Item[]): Choice[] {
  const candidates = INPUTS.map((symbol) => candidatesOf(items, symbol));
  const [Xs, , W1s, , W2s] = candidates, sizes = new Map<string, StepSizes>();
  for (const W1 of W1s!) {
    for (const [M, D] of splitsOf(W1.shape).flatMap(([a, b]) => [[a, b], [b, a]] as const)) {
      for (const X of Xs!) {
        for (const W2 of W2s!) {
          const all = { D, M, K: W2.data.length / M, B: X.data.length / D };
          const isWhole = Object.values(all).every((size) => Number.isInteger(size) && size > 0);
          if (isWhole && all.K > 1) sizes.set(Object.values(all).join(), all);
        }
      }
    }
  }
  return [...sizes.values()].flatMap((sizes) => {
    const ways = INPUTS.map((symbol, i) =>
      symbol === "labels"
        ? labelsOf(candidates[i]!, sizes)
        : candidates[i]!.flatMap((item) => waysOf(item, symbol, sizes))
    );
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
      .map((ways) => {
        const of = (value: (item: Item, i: number) => number) =>
          ways.reduce((sum, { item }, i) => sum + value(item, i), 0);
        const hinted = of((item, i) => weightOf(item, INPUTS[i]!));
        const prior = hinted - 3 * of((item) => items.indexOf(item)) / items.length;
        const inputs = new Map(INPUTS.map((symbol, i) => [symbol, ways[i]!] as const));
        return { sizes, inputs, prior };
      }).filter(isOfOneLayout);
  }).toSorted((a, b) => b.prior - a.prior);
}

/** The ways in which an array can be an input of a step of such sizes. */
function waysOf(item: Item, symbol: InputSymbol, sizes: StepSizes): InputItem[] {
  const { shape, data } = item, [rows, columns] = shapeOf(symbol, sizes), { K, B } = sizes;
  if (symbol === "labels" && data.length === B) {
    const areClasses = data.every((x) => Number.isInteger(x) && x >= 0 && x < K);
    return areClasses ? [{ item, transposed: false, labels: [...data] }] : [];
  }
  if (symbol === "labels") {
    return waysRound(shape, K, B).flatMap((transposed) => {
      const at = (k: number, i: number) => data[transposed ? i * K + k : k * B + i];
      const ones = Array.from(
        { length: B },
        (_, i) => Array.from({ length: K }, (_, k) => k).filter((k) => at(k, i) !== 0),
      );
      const isOneHot = ones.every(({ length, 0: k }, i) => length === 1 && at(k!, i) === 1);
      return isOneHot ? [{ item, transposed, labels: ones.map(([k]) => k!) }] : [];
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

/** Those of some choices by which the other arrays agree best. */
function bestOf(
  choices: readonly Choice[],
  items: readonly Item[],
  least: (choice: Choice) => number,
): Choice[] {
  const namesOf = ({ inputs }: Choice) => [...inputs.values()].map(({ item }) => item.name);
  const scored = choices.slice(0, MAX_CHOICES).map((choice) => {
    const { sizes, prior } = choice, { M, K, B } = sizes, names = namesOf(choice);
    const rest = items.filter(({ name }) => !names.includes(name));
    // without an array of the examples, sums over all of them tell
    const areSums = rest.every(({ data }) => data.length !== M * B && data.length !== K * B);
    const isAll = B <= SOME_EXAMPLES || areSums && multiplications(sizes) < 1e7;
    const examples = isAll ? undefined : spread(B, SOME_EXAMPLES);
    const step = lazyStep(valuesOf(choice, examples));
    const { assigned, score } = assign(rest, { step, sizes, examples, count: 16 });
    const digits = [...assigned.values()].reduce((sum, { digits }) => sum + digits, 0);
    // most arrays are of the batch, not of all images
    const ofBatch = rest.filter(({ shape }) =>
      B > 1 && [M, K].some((rows) => rows > 1 && waysRound(shape, rows, B).length > 0)
    );
    return {
      ...{ choice, score: prior + score + ofBatch.length },
      mean: digits / Math.max(1, assigned.size),
    };
  }).filter(({ choice, mean }) => mean >= least(choice)).toSorted((a, b) => b.score - a.score);
  return scored.filter(({ choice, score }) =>
    namesOf(choice).join() === namesOf(scored[0]!.choice).join() && score > scored[0]!.score - 0.5
  ).map(({ choice }) => choice);
}

/** The examples in which choices are tried. */
const SOME_EXAMPLES = 16;

/** The values of the inputs, of all examples or of some. */
export function valuesOf({ sizes, inputs }: Choice, examples?: readonly number[]): KnownValues {
  const { labels = [] } = inputs.get("labels")!, some = examples?.map((i) => labels[i]!) ?? labels;
  const values: KnownValues = { labels: Indices.of(dim("any", some.length), some) };
  for (const symbol of ["X", ...PARAMETERS] as const) {
    const { item, transposed } = inputs.get(symbol)!;
    values[symbol] = toMatrix(item, ...shapeOf(symbol, sizes), transposed);
  }
  const { item: { matrices }, isDivided } = inputs.get("X")!, all = values.X!;
  const key = [all.rows, inputs.get("X")!.transposed, examples?.length, isDivided].join();
  const shown = matrices.get(key) ?? picked(all, undefined, examples);
  values.X = isDivided && !matrices.has(key) ? shown.map((x) => x / 255) : shown;
  matrices.set(key, values.X);
  return values;
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

/** A quantity of an array, and in how many digits it agrees with what is right. */
interface Agreement {
  readonly digits: number;
  readonly transposed: boolean;
}

/** An array that stands for a quantity. */
export interface Assigned extends Agreement {
  readonly item: Item;
}

/** Some entries of a quantity as those before it give it; of an update also the gradient's. */
function sampleOf(symbol: ComputedSymbol, isOwn: boolean, comparison: Comparison) {
  const { sizes, count } = comparison, step = isOwn ? comparison.own : comparison.step;
  const examples = isOwn ? undefined : comparison.examples, { pass, axes } = QUANTITIES[symbol];
  // the own A1 is that of the inputs; of one example, db is dA, which may be the array itself
  if (step === undefined || isOwn && (symbol === "A1" || sizes.B === 1 && /db/.test(symbol))) {
    return undefined;
  }
  const parameter = pass === "update" ? symbol.slice(0, 2) as "W1" : undefined;
  if (examples !== undefined && parameter === undefined && !axes.includes("B")) return undefined;
  const [rows, columns] = shapeOf(symbol, sizes),
    isSome = examples !== undefined && axes[1] === "B";
  const all = isSome ? examples.length : columns;
  const j = spread(all, count * Math.max(1, Math.floor(count / rows)));
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
    places: i.flatMap((i) => j.map((j) => [i, isSome ? examples[j]! : j] as const)),
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
    let best: Agreement | undefined = ways.length === 0
      ? undefined
      : { digits: 0, transposed: ways[0]! };
    for (const isOwn of [false, true]) {
      if (best === undefined || best.digits >= MAX_DIGITS.proportional) break;
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

/** The digits in which numbers agree that may differ by nothing, and by a factor. */
const MAX_DIGITS = { equal: 12, proportional: 10 };

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
    if (uu === 0 && vv === 0) return MAX_DIGITS.proportional;
    return digits(residual / uu, MAX_DIGITS.equal) * isTold;
  }
  if (vv === 0 || uu === 0) return uu === vv ? MAX_DIGITS.equal : 0;
  const equal = digits(difference / vv, MAX_DIGITS.equal);
  // these have one sign
  if (uv < 0 && ["Y1", "P", "onehot", "L", "E"].includes(symbol)) return equal;
  return Math.max(equal, digits(1 - uv * uv / uu / vv, MAX_DIGITS.proportional) * isTold);
}

/** Assigns arrays by the right step, then by what the program's own earlier quantities give. */
export function assignAll(items: readonly Item[], choice: Choice, inputs: KnownValues) {
  const { sizes } = choice, isLarge = multiplications(sizes) > 5e7;
  // of a large step, the right one is computed for some examples only
  const examples = isLarge ? spread(sizes.B, 4 * SOME_EXAMPLES) : undefined;
  const step = lazyStep(isLarge ? valuesOf(choice, examples) : inputs);
  const comparison = { step, sizes, examples, count: 64 };
  let found = assign(items, comparison);
  showGradients(items, choice, found.assigned);
  // what is found in a round tells of what others follow in the next
  for (const least of [USUAL, POSSIBLE, POSSIBLE]) {
    const clear = [...found.assigned.values()].filter(({ digits }) =>
      digits >= MAX_DIGITS.proportional
    );
    const isClear = (item: Item) => clear.some((one) => one.item === item) && item.steps.size === 0;
    if (items.every(isClear)) break;
    const own: KnownValues = isLarge ? { ...inputs } : { ...inputs, A1: step.A1 };
    for (const [symbol, { item, digits, transposed }] of found.assigned) {
      const [rows, columns] = shapeOf(symbol, sizes), hint = hintOf(item, symbol);
      if (item.data.length !== rows * columns || symbol.endsWith("'")) continue;
      if (digits < MAX_DIGITS.proportional && hint < least) continue;
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
  if (shape.join() !== of.shape.join() || data.length < 8) return false;
  const quotients = data.map((x, i) => x / of.data[i]!), kept = quotients.filter((q) => q !== 0);
  return kept.length > 0 && kept.length < data.length && kept[0]! >= 1 - 1e-4 &&
    kept.every((q) => Math.abs(q - kept[0]!) <= 1e-4 * kept[0]!);
}

type Found = ReturnType<typeof assign>["assigned"];

/** An array is the gradient of W, however wrong, if W - W' is a multiple of it. */
function showGradients(items: readonly Item[], { inputs, sizes }: Choice, assigned: Found): void {
  // of one example, db is dA, which may be the array itself, and so may dW of one input
  for (const W of PARAMETERS) {
    const { array, data, shape } = inputs.get(W)!.item, after = assigned.get(`${W}'`)?.item;
    // of two numbers whose sum is 0, each pair is a multiple
    if (after?.data.length !== data.length || data.length < 3) continue;
    const step = data.map((w, i) => w - after.data[i]!), square = dot(step, step);
    const unit = array.dtype.endsWith("f8") ? 2 ** -53 : 2 ** -24;
    const rounding = unit * unit * dot(data, data);
    for (const item of items) {
      if (item === after || item.shape.join() !== shape.join()) continue;
      const rest = square - dot(step, item.data) ** 2 / dot(item.data, item.data);
      const isMultiple = rest <= 1e-9 * square + 16 * rounding;
      if (!isMultiple || square <= 1e4 * rounding) continue;
      // η dW is the step, which is no gradient
      const η = dot(step, item.data) / dot(item.data, item.data);
      if (Math.abs(η - 1) < 1e-3) item.steps.add(`d${W}`);
      else if (sizes.B > 1) item.shown.add(`d${W}`);
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
  const isExact = (one?: Agreement) => one !== undefined && one.digits >= MAX_DIGITS.proportional;
  const exact = [...assigned.values()].filter(isExact).map(({ item }) => item);
  const isFrom = (later: StepSymbol, source: StepSymbol): boolean =>
    QUANTITIES[later].from.some((one) =>
      one === source || !assigned.has(one as "A1") && isFrom(one, source)
    );
  for (const source of SOURCES) {
    const [rows, columns] = shapeOf(source, comparison.sizes), known = assigned.get(source);
    if (isExact(known) || known && known.item.hints.get(source)! >= CERTAIN) continue;
    const products = PRODUCTS.filter((later) =>
      assigned.has(later) && !isExact(assigned.get(later)) && isFrom(later, source)
    );
    for (const item of products.length === 0 ? [] : items) {
      if (exact.includes(item)) continue;
      for (const transposed of waysRound(item.shape, rows, columns)) {
        const step = { ...own, [source]: toMatrix(item, rows, columns, transposed) };
        const agreement = agreementWith({ ...comparison, own: lazyStep(step) });
        const isShown = products.map((later) => [assigned.get(later)!.item, later] as const)
          .some(([one, later]) => one !== item && isExact(agreement(one, later)));
        if (isShown) item.shown.add(source);
      }
    }
  }
}

/** What it is worth that an array is shown to be a quantity. */
const SHOWN = 8;

/** What speaks for an array as a quantity besides its numbers, in digits. */
function hintOf({ hints, shown }: Item, symbol: StepSymbol): number {
  return Math.max(hints.get(symbol) ?? 0, shown.has(symbol) ? SHOWN : 0);
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
  const pairs = items.flatMap((item, i) =>
    STEP.flatMap(({ symbol }, j) => {
      const found = agreement(item, symbol), hint = hintOf(item, symbol);
      const isNumber = item.data.length === 1;
      const least = hint > 0 ? 0 : isNumber ? MAX_DIGITS.proportional : isNamed ? MIN_DIGITS : 0;
      if (found === undefined || found.digits < least) return [];
      if (hint === 0 && found.digits < MAX_DIGITS.equal && item.steps.has(symbol)) return [];
      // of equal quantities the order decides
      const order = 1 - Math.abs(i / items.length - j / STEP.length);
      return [{ symbol, score: found.digits + hint + order / 100, assigned: { item, ...found } }];
    })
  ).toSorted((a, b) => b.score - a.score);
  const assigned = new Map<ComputedSymbol, Assigned>(), taken = new Set<Item>();
  let total = 0;
  // of all pairs that are left, always the one with the greatest score
  for (const { symbol, score, assigned: one } of pairs) {
    if (assigned.has(symbol) || taken.has(one.item)) continue;
    assigned.set(symbol, one);
    taken.add(one.item);
    total += score;
  }
  let double: { readonly symbol: StepSymbol; readonly names: readonly string[] } | undefined;
  for (const item of items.filter((item) => !taken.has(item))) {
    // an array of the wrong shape, if its name says what it is and it can be nothing else
    const { D, M, K, B } = comparison.sizes, sizes = [D, M, K, B];
    // all images have another size, and so has what is of no use in the step
    const known = sizes.flatMap((n) =>
      item.shape.length > 1 ? [n, n + 1] : sizes.map((m) => n * m)
    );
    if (!item.shape.every((n) => [...sizes, ...known].includes(n))) continue;
    const isOdd = waysRound(item.shape, D, B).length === 0 &&
      STEP.every(({ symbol }) => agreement(item, symbol) === undefined);
    const symbol = STEP.map(({ symbol }) => symbol)
      .find((one) => item.hints.get(one)! >= (isOdd ? USUAL : CERTAIN));
    const other = symbol && assigned.get(symbol)?.item;
    if (symbol === undefined) continue;
    if (other === undefined) assigned.set(symbol, { item, digits: 0, transposed: false });
    else if (item.hints.get(symbol)! >= CERTAIN && isAnother(other, item, symbol)) {
      double ??= { symbol, names: [other.name, item.name] };
    }
  }
  return { assigned, score: total, double };
}

/** Whether another array has the same name, and other numbers. */
function isAnother({ hints, data }: Item, item: Item, symbol: StepSymbol): boolean {
  const hint = hints.get(symbol) ?? 0;
  return hint >= CERTAIN && hint !== GIVEN &&
    !(item.data.length === data.length && item.data.every((x, i) => Object.is(x, data[i])));
}

/** The digits from which an array is a quantity though its name says nothing, where others' do. */
const MIN_DIGITS = 5;
