// Which array of a file is which quantity of a step: the inputs from which the others follow best,
// and for every other array the quantity with which it agrees best.
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
import { dot } from "./agreement.ts";
import { CERTAIN, GIVEN, INPUTS, isParameter, PARAMETERS, POSSIBLE, USUAL } from "./names.ts";

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
  readonly hints: Map<StepSymbol, number>;
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
  const splits = (rows: number) => {
    let length = 1;
    return shape.some((size) => (length *= size) === rows);
  };
  return [...splits(rows) ? [false] : [], ...splits(columns) ? [true] : []];
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
  /** What X is multiplied by: 1/255 for pixels that are divided after they are recorded. */
  readonly scale?: number;
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
  const choices = enumerate(items), [first] = choices;
  const isNamed = ({ inputs }: Choice) =>
    [...inputs].every(([symbol, { item }]) => weightOf(item, symbol) > 0);
  if (choices.length === 1 && isNamed(first!)) return choices;
  const isStrong = PARAMETERS.every((symbol) =>
    items.some((item) => weightOf(item, symbol) >= CERTAIN)
  );
  const least = isStrong ? MIN_AGREEMENT / 2 : MIN_AGREEMENT;
  return bestOf(choices, items, (choice) => isNamed(choice) ? 0 : least);
}

/** What speaks for an array as an input besides the numbers: its name, and that it is updated. */
function weightOf({ hints, isUpdated }: Item, symbol: InputSymbol): number {
  return (hints.get(symbol) ?? 0) + (isUpdated && isParameter(symbol) ? CERTAIN : 0);
}

function isCertainly({ hints }: Item, symbol: StepSymbol): boolean {
  return (hints.get(symbol) ?? 0) >= CERTAIN;
}

/** The arrays that may be an input, the likeliest first. */
function candidatesOf(items: readonly Item[], symbol: InputSymbol): Item[] {
  const given = items.filter(({ hints }) => hints.get(symbol) === GIVEN);
  if (given.length > 0) return given;
  const isOther = (item: Item) =>
    !isCertainly(item, symbol) && [...item.hints.values()].some((weight) => weight >= CERTAIN);
  const isPossible = (item: Item) =>
    item.hints.has(symbol) || !isOther(item) &&
      // a row or column is taken for weights only if its name says so
      (isParameter(symbol) ? symbol[0] !== "W" || item.shape.length > 1 : !item.isUpdated);
  const isNamed = isParameter(symbol) && items.some((item) => isCertainly(item, symbol));
  return items.filter((item) => isPossible(item) && (!isNamed || weightOf(item, symbol) >= CERTAIN))
    .toSorted((a, b) => weightOf(b, symbol) - weightOf(a, symbol));
}

/** The ways of the labels: by their name, else classes, else what may be one-hot. */
function labelsOf(candidates: readonly Item[], sizes: StepSizes): InputItem[] {
  const { K, B } = sizes, ranks: InputItem[][] = [[], [], [], []];
  for (const item of candidates) {
    const isOfClasses = item.data.length === B && K > 1, isNamed = item.hints.has("labels");
    const rank = isNamed ? 0 : isOfClasses ? 1 : item.hints.has("onehot") ? 2 : 3;
    const ways = waysOf(item, "labels", sizes);
    // classes that are out of range are the user's to see
    if (isOfClasses && ways.length === 0 && item.hints.get("labels")! >= USUAL) return [];
    ranks[rank]!.push(...ways);
  }
  return ranks.find(({ length }) => length > 0) ?? [];
}

/** The choices whose shapes fit, the likeliest by their names first. */
function enumerate(items: readonly Item[]): Choice[] {
  const candidates = INPUTS.map((symbol) => candidatesOf(items, symbol));
  const sizes = new Map<string, StepSizes>(), [Xs, , W1s, , W2s] = candidates;
  for (const W1 of W1s!) {
    for (const [M, D] of splitsOf(W1.shape)) {
      for (const X of Xs!) {
        for (const W2 of W2s!) {
          const B = X.data.length / D, K = W2.data.length / M, all = { D, M, K, B };
          if (Object.values(all).every((size) => Number.isInteger(size) && size > 0) && K > 1) {
            sizes.set(Object.values(all).join(), all);
          }
        }
      }
    }
  }
  const choices = [...sizes.values()].flatMap((sizes) => {
    const lists = INPUTS.map((symbol, i) =>
      symbol === "labels"
        ? labelsOf(candidates[i]!, sizes)
        : candidates[i]!.flatMap((item) => waysOf(item, symbol, sizes))
    );
    const count = () => lists.reduce((product, { length }) => product * length, 1);
    while (count() > MAX_CHOICES) {
      const most = Math.max(...lists.map(({ length }) => length));
      lists.find(({ length }) => length === most)!.pop();
    }
    return product(lists).filter((ways) => new Set(ways.map(({ item }) => item)).size === 6)
      .map((ways): Choice => {
        const inputs = new Map(INPUTS.map((symbol, i) => [symbol, ways[i]!] as const));
        const prior = ways.map(({ item }, i) => weightOf(item, INPUTS[i]!))
          .reduce((a, b) => a + b);
        const order = ways.map(({ item }) => items.indexOf(item)).reduce((a, b) => a + b);
        return { sizes, inputs, prior: prior - 3 * order / items.length };
      }).filter(isOfOneLayout);
  });
  return choices.toSorted((a, b) => b.prior - a.prior);
}

/** One of each list, in every combination. */
function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>(
    (combined, list) => combined.flatMap((some) => list.map((one) => [...some, one])),
    [[]],
  );
}

/** The rows and columns of which an array may be a matrix. */
function splitsOf(shape: readonly number[]): (readonly [number, number])[] {
  const size = shape.reduce((product, size) => product * size, 1);
  if (shape.length === 0) return [[1, 1]];
  const rows = shape.map((_, i) => shape.slice(0, i + 1).reduce((a, b) => a * b));
  // an array of one axis may be a row
  return rows.filter((n) => n < size || shape.length === 1)
    .flatMap((n) => [[n, size / n] as const, [size / n, n] as const]);
}

/** The ways in which an array can be an input of a step of such sizes. */
function waysOf(item: Item, symbol: InputSymbol, sizes: StepSizes): InputItem[] {
  const { shape, data } = item, [rows, columns] = shapeOf(symbol, sizes);
  if (symbol === "labels") {
    const { K, B } = sizes, isClass = (x: number) => Number.isInteger(x) && x >= 0 && x < K;
    if (data.length === B) {
      return data.every(isClass) ? [{ item, transposed: false, labels: [...data] }] : [];
    }
    return waysRound(shape, K, B).flatMap((transposed) => {
      const labels = rightClasses(data, sizes, transposed);
      return labels === undefined ? [] : [{ item, transposed, labels }];
    });
  }
  const scales = symbol === "X" && isOfBytes(data) ? [1, 1 / 255] : [1];
  return waysRound(shape, rows, columns).flatMap((transposed) =>
    scales.map((scale) => ({ item, transposed, scale }))
  );
}

/** The class of the 1 of each example; undefined if one has anything but a 1 and zeros. */
function rightClasses(data: Float64Array, { K, B }: StepSizes, transposed: boolean) {
  const classes = new Array<number>(B).fill(-1);
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    const example = transposed ? Math.floor(i / K) : i % B;
    if (data[i] !== 1 || classes[example] !== -1) return undefined;
    classes[example] = transposed ? i % K : Math.floor(i / B);
  }
  return classes.includes(-1) ? undefined : classes;
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
  const scored = choices.slice(0, MAX_CHOICES).map((choice) => {
    const { sizes, inputs, prior } = choice, used = [...inputs.values()].map(({ item }) => item);
    const rest = items.filter((item) => !used.includes(item));
    const { M, K, B } = sizes,
      areSums = [M * B, K * B].every((size) => rest.every(({ data }) => data.length !== size));
    // without an array of the examples, sums over all of them tell
    const isEnough = B > SAMPLE_EXAMPLES && !(areSums && multiplications(sizes) < 1e7);
    const examples = isEnough ? spread(B, SAMPLE_EXAMPLES) : undefined;
    const step = lazyStep(valuesOf(choice, examples));
    const { assigned, score } = assign(rest, new Predictions(step, sizes, 256, examples));
    const agreement = [...assigned.values()].reduce((sum, { digits }) => sum + digits, 0);
    // most arrays are of the batch, not of all images
    const shared = B === 1
      ? []
      : rest.filter(({ shape }) =>
        [M, K].some((rows) => rows > 1 && waysRound(shape, rows, B).length > 0)
      );
    return {
      ...{ choice, score: prior + score + shared.length },
      mean: agreement / Math.max(1, assigned.size),
    };
  }).filter(({ choice, mean }) => mean >= least(choice)).toSorted((a, b) => b.score - a.score);
  const [first] = scored;
  if (first === undefined) return [];
  const itemsOf = ({ inputs }: Choice) => [...inputs.values()].map(({ item }) => item.name).join();
  return scored.filter(({ choice, score }) =>
    itemsOf(choice) === itemsOf(first.choice) && score > first.score - 0.5
  ).map(({ choice }) => choice);
}

/** The mean digits of agreement from which inputs are believed whose names say nothing. */
const MIN_AGREEMENT = 2;

/** The choices that are tried. */
const MAX_CHOICES = 400;

/** The examples in which they are tried. */
const SAMPLE_EXAMPLES = 16;

/** The values of the inputs, of all examples or of some. */
export function valuesOf({ sizes, inputs }: Choice, examples?: readonly number[]): KnownValues {
  const labels = inputs.get("labels")!.labels!, some = examples?.map((i) => labels[i]!) ?? labels;
  const values: KnownValues = { labels: Indices.of(dim("any", some.length), some) };
  for (const symbol of ["X", ...PARAMETERS] as const) {
    const { item, transposed, scale } = inputs.get(symbol)!;
    const [rows, columns] = shapeOf(symbol, sizes);
    values[symbol] = toMatrix(item, rows, columns, transposed);
    if (symbol !== "X" || examples === undefined && scale === 1) continue;
    const key = [examples?.length, rows, columns, transposed, scale].join(), { data } = values.X!;
    const picked = examples ?? Array.from({ length: columns }, (_, i) => i);
    const matrix = item.matrices.get(key) ?? Matrix.of(
      dim("any", rows),
      dim("any", picked.length),
      Array.from(
        { length: rows },
        (_, row) => picked.map((i) => data[row * columns + i]! / (scale === 1 ? 1 : 255)),
      ).flat(),
    );
    item.matrices.set(key, matrix);
    values.X = matrix;
  }
  return values;
}

/** A quantity of an array, and in how many digits it agrees with what is right. */
interface Agreement {
  readonly digits: number;
  readonly transposed: boolean;
}

/** Some entries of the quantities of a step, with which arrays are compared. */
class Predictions {
  readonly #samples = new Map<string, Sample | undefined>();

  constructor(
    readonly right: RunTimeStep,
    readonly sizes: StepSizes,
    readonly limit = 4096,
    /** The examples that the step has, of all B. */
    readonly examples?: readonly number[],
    /** The program's own step: of what it has recorded. */
    readonly own?: RunTimeStep,
  ) {}

  /** How well an array agrees with a quantity; undefined if its shape does not fit. */
  agreement(item: Item, symbol: ComputedSymbol): Agreement | undefined {
    const [rows, columns] = shapeOf(symbol, this.sizes);
    const ways = waysRound(item.shape, rows, columns);
    if (ways.length === 0) return undefined;
    let best: Agreement = { digits: 0, transposed: ways[0]! };
    for (const step of [this.right, this.own]) {
      if (step === undefined || best.digits >= MAX_DIGITS.proportional) break;
      const key = `${symbol} ${step === this.own}`;
      if (!this.#samples.has(key)) this.#samples.set(key, this.#draw(symbol, step));
      const sample = this.#samples.get(key);
      if (sample === undefined) continue;
      for (const transposed of ways) {
        const recorded = sample.places.map(([row, column]) =>
          item.data[transposed ? column * rows + row : row * columns + column]!
        );
        const digits = digitsOf(recorded, sample, symbol);
        if (digits > best.digits) best = { digits, transposed };
      }
    }
    return best;
  }

  /** Entries of a quantity as those before it give it; of an update also the gradient's. */
  #draw(symbol: ComputedSymbol, step: RunTimeStep): Sample | undefined {
    const { sizes, limit, own } = this, { pass, axes } = QUANTITIES[symbol];
    const examples = step === own ? undefined : this.examples;
    // the own A1 is computed from the inputs, as the right one is
    if (step === own && symbol === "A1") return undefined;
    // of one example, db is dA, which may be the array itself
    if (step === own && sizes.B === 1 && symbol.startsWith("db")) return undefined;
    const parameter = pass === "update" ? symbol.slice(0, 2) as "A1" : undefined;
    if (examples !== undefined && parameter === undefined && !axes.includes("B")) return undefined;
    const [rows, all] = shapeOf(symbol, sizes);
    const columns = examples !== undefined && axes[1] === "B" ? examples.length : all;
    const size = rows * columns, count = Math.min(size, limit);
    const entries = Array.from({ length: count }, (_, k) =>
      // one in each of equal parts, at another place in each
      count === size ? k : Math.floor((k + k * 0.618 % 1) * size / count));
    const entriesOf = (symbol: ComputedSymbol, step: RunTimeStep, isGiven: boolean) => {
      if (symbol === "dW1" || symbol === "dW2") {
        // products with more entries than are looked at
        const [d, x] = symbol === "dW1" ? [step.dA1, step.X] : [step.dA2, step.Y1];
        const B = d.columns;
        return entries.map((entry) => {
          const row = Math.floor(entry / columns) * B, column = entry % columns * B;
          let sum = 0;
          for (let i = 0; i < B; i++) sum += d.data[row + i]! * x.data[column + i]!;
          return sum;
        });
      }
      const { data } = isGiven ? step[symbol] : QUANTITIES[symbol].compute(step);
      return entries.map((entry) => data[entry]!);
    };
    const values = entriesOf(parameter ?? symbol, step, parameter !== undefined || step !== own);
    const gradient = parameter !== undefined && examples === undefined
      ? entriesOf(`d${parameter}` as "dA1", step, true)
      : undefined;
    const places = entries.map((entry) => {
      const column = entry % columns, row = Math.floor(entry / columns);
      return [row, columns === all ? column : examples![column]!] as const;
    });
    return { places, values, gradient };
  }
}

interface Sample {
  readonly places: readonly (readonly [row: number, column: number])[];
  readonly values: readonly number[];
  readonly gradient: readonly number[] | undefined;
}

/** The digits in which numbers agree that may differ by nothing, and by a factor. */
const MAX_DIGITS = { equal: 12, proportional: 10 };

/** Quantities that have one sign. */
const POSITIVE: readonly StepSymbol[] = ["Y1", "P", "onehot", "L", "E"];

/** The digits of the squared difference of numbers from what is right, also up to a factor. */
function digitsOf(
  recorded: readonly number[],
  { values, gradient }: Sample,
  symbol: ComputedSymbol,
): number {
  let uu = 0, uv = 0, vv = 0, difference = 0, along = 0, square = 0;
  recorded.forEach((u, i) => {
    const v = values[i]!, d = gradient?.[i] ?? 0;
    if (!Number.isFinite(u) || !Number.isFinite(v)) return;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    difference += (u - v) * (u - v);
    along += (v - u) * d;
    square += d * d;
  });
  const digits = (error: number, max: number) =>
    Math.min(max, Math.max(0, -Math.log10(Math.max(error, 1e-99))));
  if (gradient !== undefined || symbol.endsWith("'")) {
    // W' differs from W by some multiple of dW
    const residual = Math.max(0, difference - (square > 0 ? along * along / square : 0));
    if (uu === 0 && vv === 0) return MAX_DIGITS.proportional;
    // one number always differs by some multiple of another
    return digits(residual / uu, MAX_DIGITS.equal) * Math.max(0, 1 - 2 / recorded.length);
  }
  if (vv === 0 || uu === 0) return uu === vv ? MAX_DIGITS.equal : 0;
  const equal = digits(difference / vv, MAX_DIGITS.equal), n = recorded.length;
  if (uv < 0 && POSITIVE.includes(symbol)) return equal;
  // few numbers are soon proportional
  const proportional = digits(1 - uv * uv / uu / vv, MAX_DIGITS.proportional) *
    Math.max(0, 1 - 2 / n);
  return Math.max(equal, proportional);
}

/** An array that stands for a quantity. */
export interface Assigned extends Agreement {
  readonly item: Item;
}

/** Assigns arrays by the right step, then by what the program's own earlier quantities give. */
export function assignAll(items: readonly Item[], choice: Choice, inputs: KnownValues) {
  const { sizes } = choice, isLarge = multiplications(sizes) > 5e7;
  // of a large step, the right one is computed for some examples only
  const examples = isLarge ? spread(sizes.B, 4 * SAMPLE_EXAMPLES) : undefined;
  const some = lazyStep(isLarge ? valuesOf(choice, examples) : inputs);
  const given: KnownValues = isLarge ? inputs : { ...inputs, A1: some.A1 };
  const least = leastOf(items);
  let found = assign(items, new Predictions(some, sizes, 4096, examples), least);
  const isClear = () =>
    items.every((item) =>
      [...found.assigned.values()].some((one) =>
        one.item === item && one.digits >= MAX_DIGITS.proportional
      )
    );
  for (let round = 0; round < 2 && !isClear(); round++) {
    const own = { ...given };
    for (const [symbol, { item, digits, transposed }] of found.assigned) {
      const [rows, columns] = shapeOf(symbol, sizes), hint = item.hints.get(symbol) ?? 0;
      if (item.data.length !== rows * columns || symbol.endsWith("'")) continue;
      if (digits < MAX_DIGITS.proportional && hint < (round === 0 ? USUAL : POSSIBLE)) continue;
      own[symbol as "A1"] = toMatrix(item, rows, columns, transposed);
    }
    const predictionsBy = (own: KnownValues) =>
      new Predictions(some, sizes, 4096, examples, lazyStep(own));
    hintAtGradients(items, choice, found.assigned);
    if (!isLarge || own.Y1 !== undefined) {
      hintAtSources(items, found.assigned, own, sizes, predictionsBy);
    }
    found = assign(items, predictionsBy(own), least);
  }
  return found;
}

type Found = ReturnType<typeof assign>["assigned"];

/** What it is worth that an array is the gradient of an update, or gives a later quantity. */
const SHOWN = 8;

/** An array is the gradient of W, however wrong, if W - W' is a multiple of it. */
function hintAtGradients(items: readonly Item[], { inputs }: Choice, assigned: Found): void {
  for (const W of PARAMETERS) {
    const before = inputs.get(W)!.item, after = assigned.get(`${W}'`)?.item, { data } = before;
    // of two numbers whose sum is 0, each pair is a multiple
    if (after?.data.length !== data.length || data.length < 3) continue;
    const step = data.map((w, i) => w - after.data[i]!), uu = dot(step, step);
    const unit = before.array.dtype.endsWith("f8") ? 2 ** -53 : 2 ** -24;
    const rounding = unit * unit * dot(data, data);
    for (const item of items) {
      if (item === after || item.shape.join() !== before.shape.join()) continue;
      const uv = dot(step, item.data), rest = uu - uv * uv / dot(item.data, item.data);
      if (rest <= 1e-9 * uu + 16 * rounding && uu > 1e4 * rounding) hintAt(item, `d${W}`);
    }
  }
}

function hintAt({ hints }: Item, symbol: StepSymbol): void {
  hints.set(symbol, Math.max(hints.get(symbol) ?? 0, SHOWN));
}

/** Quantities whose successors tell them: the losses and sums, and P of A2, are those of others. */
const SOURCES = ["A1", "Y1", "P", "dA2", "dY1", "dA1"] as const;

const PRODUCTS: readonly ComputedSymbol[] = ["Y1", "A2", "dA2", "dW2", "dY1", "dA1", "dW1"];

/** An array is a quantity, however wrong, if a later one is exactly what it gives. */
function hintAtSources(
  items: readonly Item[],
  assigned: Found,
  own: KnownValues,
  sizes: StepSizes,
  predictionsBy: (own: KnownValues) => Predictions,
): void {
  const isExact = (one: Assigned | undefined) => one && one.digits >= MAX_DIGITS.proportional;
  const known = [...assigned.values()].filter(isExact).map(({ item }) => item);
  const gives = (source: StepSymbol, later: StepSymbol): boolean =>
    QUANTITIES[later].from.some((one) =>
      one === source || !assigned.has(one as "A1") && gives(source, one)
    );
  for (const source of SOURCES) {
    const [rows, columns] = shapeOf(source, sizes), now = assigned.get(source);
    if (isExact(now) || now && isCertainly(now.item, source)) continue;
    const unexplained = PRODUCTS.filter((later) =>
      assigned.has(later) && !isExact(assigned.get(later)) && gives(source, later)
    );
    for (const item of unexplained.length > 0 ? items : []) {
      if (known.includes(item)) continue;
      for (const transposed of waysRound(item.shape, rows, columns)) {
        const values = { ...own, [source]: toMatrix(item, rows, columns, transposed) };
        const predictions = predictionsBy(values);
        const isShown = unexplained.some((later) =>
          assigned.get(later)!.item !== item &&
          isExact(predictions.agreement(assigned.get(later)!.item, later) as Assigned)
        );
        if (isShown) hintAt(item, source);
      }
    }
  }
}

/** Some indices below n, in equal distances; all of few. */
function spread(n: number, count: number): number[] {
  const all = Math.min(n, count);
  return Array.from({ length: all }, (_, i) => Math.floor(i * n / all));
}

/** The digits from which an array is a quantity though its name says nothing, where others' do. */
function leastOf(items: readonly Item[]): number {
  return items.some(({ hints }) => hints.size > 0) ? MIN_DIGITS : 0;
}

const MIN_DIGITS = 5;

/** Gives each array the quantity by which all together agree best, names being worth digits. */
function assign(items: readonly Item[], predictions: Predictions, least = leastOf(items)): {
  readonly assigned: ReadonlyMap<ComputedSymbol, Assigned>;
  readonly score: number;
  readonly double: { readonly symbol: StepSymbol; readonly names: readonly string[] } | undefined;
} {
  const rows = items.map((item, i) =>
    STEP.map(({ symbol }, j) => {
      const found = predictions.agreement(item, symbol), hint = item.hints.get(symbol) ?? 0;
      const isLikely = found !== undefined &&
        (hint > 0 || found.digits >= (item.data.length === 1 ? MAX_DIGITS.proportional : least));
      // of equal quantities the order decides
      const order = 1 - Math.abs(i / items.length - j / STEP.length);
      return { found, score: isLikely ? found.digits + hint + order / 100 : 0 };
    })
  );
  const columns = assignment(rows.map((row) => row.map(({ score }) => score)));
  const assigned = new Map<ComputedSymbol, Assigned>();
  let total = 0;
  columns.forEach((j, i) => {
    const { found, score } = rows[i]![j] ?? { found: undefined, score: 0 };
    if (score > 0) assigned.set(STEP[j]!.symbol, { item: items[i]!, ...found! });
    total += score;
  });
  let double: { symbol: StepSymbol; names: string[] } | undefined;
  const taken = new Set([...assigned.values()].map(({ item }) => item));
  for (const item of items.filter((item) => !taken.has(item))) {
    // an array of the wrong shape, if its name says what it is and it can be nothing else
    const { D, B } = predictions.sizes,
      isOdd = waysRound(item.shape, D, B).length === 0 &&
        rows[items.indexOf(item)]!.every(({ found }) => found === undefined);
    const symbol = STEP.map(({ symbol }) => symbol)
      .find((one) => item.hints.get(one)! >= (isOdd ? USUAL : CERTAIN));
    if (symbol === undefined) continue;
    const other = assigned.get(symbol);
    if (other === undefined) assigned.set(symbol, { item, digits: 0, transposed: false });
    else if (
      isCertainly(item, symbol) && isCertainly(other.item, symbol) &&
      other.item.hints.get(symbol) !== GIVEN
    ) {
      const isEqual = item.data.length === other.item.data.length &&
        item.data.every((x, i) => Object.is(x, other.item.data[i]));
      if (!isEqual) double ??= { symbol, names: [other.item.name, item.name] };
    }
  }
  return { assigned, score: total, double };
}

/** The column of each row: of all pairs that are left, always the one with the greatest score. */
function assignment(scores: readonly (readonly number[])[]): number[] {
  const columns = new Array<number>(scores.length).fill(-1), taken = new Set<number>();
  const pairs = scores.flatMap((row, i) => row.map((score, j) => [score, i, j] as const))
    .toSorted(([a], [b]) => b - a);
  for (const [score, i, j] of pairs) {
    if (!(score > 0) || columns[i] !== -1 || taken.has(j)) continue;
    columns[i] = j;
    taken.add(j);
  }
  return columns;
}
