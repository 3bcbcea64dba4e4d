// Parameters that were recorded after the step: the program had overwritten them.
import type { RunTimeMatrix } from "../math/matrix.ts";
import { affine } from "../network/affine.ts";
import type { ComputedSymbol } from "../network/step.ts";
import type { DumpReading, StepDump } from "./dump.ts";

/**
 * The reading by which the recorded parameters are those after the step: W + η dW were those before
 * it. Undefined if the gradients, or A1 and the learning rate, were not recorded.
 */
export function readingBeforeStep(
  { learningRate }: StepDump,
  reading: DumpReading,
): DumpReading | undefined {
  const { inputs, recorded } = reading;
  const matrixOf = (symbol: ComputedSymbol) => recorded.get(symbol)?.readings[0]?.matrix;
  const gradients = (["W1", "b1", "W2", "b2"] as const).map((symbol) =>
    [symbol, matrixOf(`d${symbol}`)] as const
  );
  if (gradients.some(([, gradient]) => gradient === undefined)) return undefined;
  const rate = learningRate ??
    rateFrom(reading, matrixOf("A1"), matrixOf("dW1")!, matrixOf("db1")!);
  if (rate === undefined || !Number.isFinite(rate)) return undefined;
  const before = gradients.map(([symbol, gradient]) => {
    return [symbol, inputs[symbol]!.zip(gradient!, (w, dw) => w + rate * dw)] as const;
  });
  return { ...reading, inputs: { ...inputs, ...Object.fromEntries(before) } };
}

/** The learning rate by which A1 = (W1 + η dW1) X + b1 + η db1. */
function rateFrom(
  { inputs }: DumpReading,
  A1: RunTimeMatrix | undefined,
  dW1: RunTimeMatrix,
  db1: RunTimeMatrix,
): number | undefined {
  if (A1 === undefined) return undefined;
  const product = (W: RunTimeMatrix, b: RunTimeMatrix) => affine(W, b as never, inputs.X!);
  const after = product(inputs.W1!, inputs.b1!), { data } = product(dW1, db1);
  let along = 0, square = 0;
  data.forEach((change, i) => {
    along += (A1.data[i]! - after.data[i]!) * change;
    square += change * change;
  });
  return along / square;
}
