/** What programs record of a training step: any sizes, names, layouts and precisions. */
import { readStepDump, type StepDump, type StepSizes } from "../../lib/diagnose/dump.ts";
import {
  type AnyStepValues,
  type Dim,
  dim,
  Indices,
  initialise,
  Matrix,
  type Mistake,
  MISTAKES,
  type NdArray,
  RandomState,
  type Replacements,
  runStep,
  type RunTimeMatrix,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
  withMistakes,
} from "../../mod.ts";

/** The conventions of a program. */
export interface Style {
  /**
   * `listing` and `project`: columns are examples. `textbook`: rows are examples, weights D x M.
   * `pytorch`: rows are examples, weights M x D.
   */
  readonly program: "listing" | "project" | "textbook" | "pytorch";
  /** The numbers that it records. */
  readonly dtype: "<f8" | "<f4";
  /** Whether matrices of examples end with an axis of length 1: (B, D, 1). */
  readonly trailingAxis: boolean;
  /** Whether labels are recorded as one-hot vectors. */
  readonly oneHot: boolean;
  /** The shape of a bias. */
  readonly bias: "flat" | "row" | "column";
  /** The quantities that are recorded, besides the inputs. */
  readonly recorded: readonly StepSymbol[];
}

/** A program that records all quantities of the step under the names of this project. */
export const PROJECT: Style = {
  program: "project",
  dtype: "<f8",
  trailingAxis: false,
  oneHot: false,
  bias: "column",
  recorded: STEP.map(({ symbol }) => symbol),
};

type AnyReplacements = Replacements<Dim<"D">, Dim<"M">, Dim<"K">, Dim<"B">>;

/** Inputs as MNIST's: half of the pixels are 0; those of 28x28 images come in squares of 4x4. */
export function drawInputs({ D, M, K, B }: StepSizes, random: RandomState) {
  const inputs = dim("D", D), batch = dim("B", B), count = D * B;
  const shown = random.randint(0, 2, count);
  const pixels = Float64Array.from(random.randint(0, 256, count), (x, i) => {
    if (D !== 784) return x * shown[i]! / 255;
    const pixel = Math.floor(i / B), square = 7 * Math.floor(pixel / 112) + (pixel % 28 >> 2);
    return (128 + (x >> 1)) * shown[square * B + i % B]! / 255;
  });
  return {
    parameters: initialise(inputs, dim("M", M), dim("K", K), random),
    batch: {
      X: Matrix.of(inputs, batch, pixels),
      labels: Indices.of(batch, random.randint(0, K, B)),
    },
  };
}

/** A step with mistakes: the values before it, and those that the program computes. */
export function stepWith(
  sizes: StepSizes,
  random: RandomState,
  mistakes: readonly Mistake[],
  learningRate = 0.01,
): AnyStepValues {
  const { parameters, batch } = drawInputs(sizes, random);
  const replaced: AnyReplacements = withMistakes(...mistakes);
  // the program's inputs are those of the file, whatever it makes of them
  return { ...runStep(parameters, batch, learningRate, replaced), X: batch.X };
}

/** What a program records of a step. */
export function record(values: AnyStepValues, style: Style): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  for (const { symbol, shape } of [...STEP_INPUTS, ...STEP]) {
    const isInput = STEP_INPUTS.some((input) => input.symbol === symbol);
    if (isInput ? symbol === "η" : !style.recorded.includes(symbol)) continue;
    if (symbol === "labels" && style.oneHot) {
      arrays.set(nameOf("labels", style), toArray(values.onehot as RunTimeMatrix, "K x B", style));
    } else if (symbol === "labels") {
      arrays.set(nameOf("labels", style), labelArray(values.labels as Indices<1>));
    } else {
      arrays.set(nameOf(symbol, style), toArray(values[symbol] as RunTimeMatrix, shape, style));
    }
  }
  return arrays;
}

function labelArray({ values }: Pick<Indices<1>, "values">): NdArray {
  const data = BigInt64Array.from(values, BigInt);
  return { shape: [data.length], dtype: "<i8", fortranOrder: false, data };
}

/** A matrix in the layout of a program. */
function toArray(matrix: RunTimeMatrix, letters: string, style: Style): NdArray {
  const [rows, columns] = letters.split(" x ");
  const { program, dtype, trailingAxis, bias } = style;
  const transposed = program === "textbook" ||
    program === "pytorch" && columns === "B";
  const { data, ...turned } = transposed ? matrix.transposed : matrix;
  const shape = columns === "1" && rows !== "1"
    ? { flat: [data.length], row: [1, data.length], column: [data.length, 1] }[bias]
    : rows === "1"
    ? columns === "1" ? [] : [data.length]
    : [turned.rows, turned.columns, ...trailingAxis && columns === "B" ? [1] : []];
  const fortranOrder = false;
  return dtype === "<f8"
    ? { shape, dtype, fortranOrder, data }
    : { shape, dtype, fortranOrder, data: Float32Array.from(data) };
}

/** The names of the quantities where they are not the project's or the listing's. */
const NAMES = {
  textbook:
    "X x, labels t, A1 a1, Y1 z1, A2 a2, P y, onehot onehot, L losses, E loss, dA2 dy, dY1 da1, dA1 dz1, dW1 grads['W1'], db1 grads['b1'], dW2 grads['W2'], db2 grads['b2'], W1' W1_after, b1' b1_after, W2' W2_after, b2' b2_after",
  pytorch:
    "X inputs, labels targets, W1 fc1.weight, b1 fc1.bias, W2 fc2.weight, b2 fc2.bias, P probs, E loss, dW1 fc1.weight.grad, db1 fc1.bias.grad, dW2 fc2.weight.grad, db2 fc2.bias.grad, W1' fc1.weight_after, b1' fc1.bias_after, W2' fc2.weight_after, b2' fc2.bias_after",
};

/** The name of a quantity in the file of a program. */
export function nameOf(symbol: StepSymbol, { program }: Style): string {
  if (program === "project") return symbol;
  if (program === "listing") {
    const { listing } = [...STEP_INPUTS, ...STEP].find((one) => one.symbol === symbol)!;
    // the listing's W1 is the one before the step
    return symbol.endsWith("'") ? `${listing} after` : listing ?? symbol;
  }
  const pairs = NAMES[program].split(", ").map((pair) => pair.split(" ") as [string, string]);
  return new Map(pairs).get(symbol) ?? symbol;
}

/** The symbols by the names of the arrays that they are read from. */
export function symbolsByName({ readings: [reading] }: StepDump): Record<string, StepSymbol> {
  const { sources, recorded } = reading!;
  return Object.fromEntries([...sources, ...recorded].map(([symbol, { name }]) => [name, symbol]));
}

/** The arrays under other names. */
export function renamed(
  arrays: ReadonlyMap<string, NdArray>,
  rename: (name: string, i: number) => string,
): Map<string, NdArray> {
  return new Map([...arrays].map(([name, array], i) => [rename(name, i), array]));
}

/** The share of arrays that are read rightly without names, in programs with each nth mistake. */
export function readWithoutNames(n: number): number {
  let right = 0, all = 0;
  for (let i = 0; i < MISTAKES.length; i += n) {
    const sizes = { D: 20 + i % 7, M: 6 + i % 5, K: 3 + i % 3, B: 13 + i % 4 };
    const arrays = record(stepWith(sizes, new RandomState(i), [MISTAKES[i]!]), PROJECT);
    const dump = readStepDump(renamed(arrays, (_, i) => `array ${i}`));
    const found = "reason" in dump ? {} : symbolsByName(dump);
    all += arrays.size;
    right += [...arrays.keys()].filter((name, i) => found[`array ${i}`] === name).length;
  }
  return right / all;
}
