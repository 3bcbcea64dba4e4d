// Right programs that define their gradients otherwise, and make up for it later: of the sum over
// the batch in place of the mean, or of the opposite sign.
import type { ComputedSymbol } from "../network/step.ts";
import type { Factor } from "./cause.ts";
import type { JudgedQuantity } from "./judge.ts";
import { type DumpReading, type Recorded, type StepDump, UNIT_ROUNDOFF } from "./dump.ts";

/** The gradients up to which a program may use its own definition. */
const EXTENTS: readonly (readonly ComputedSymbol[])[] = [
  ["dA2"],
  ["dA2", "dY1"],
  ["dA2", "dY1", "dA1"],
  ["dA2", "dW2", "db2", "dY1", "dA1", "dW1", "db1"],
];

/**
 * Readings of a dump by which its first wrong quantity is right: a gradient that is B, -1 or -B
 * times what it should be, as those after it up to some extent are.
 */
export function conventions(
  { sizes: { B }, precision }: StepDump,
  reading: DumpReading,
  quantities: readonly JudgedQuantity[],
): DumpReading[] {
  const wrong = quantities.find(({ status }) => status === "wrong");
  if (wrong === undefined || !EXTENTS.flat().includes(wrong.symbol)) return [];
  const factors: readonly Factor[] = [
    ...B > 1 ? [{ value: B, name: "B" }, { value: -B, name: "-B" }] : [],
    { value: -1, name: "-1" },
  ];
  // the error of a matrix that is f times the right one is |f - 1|
  const factor = factors.find(({ value }) =>
    Math.abs(wrong.error - Math.abs(value - 1)) <= 1e4 * UNIT_ROUNDOFF[precision] * B
  );
  if (factor === undefined) return [];
  return EXTENTS.filter((extent) => extent.includes(wrong.symbol)).map((extent) => ({
    ...reading,
    recorded: new Map(
      [...reading.recorded].map(([symbol, recorded]): [ComputedSymbol, Recorded] =>
        extent.includes(symbol) ? [symbol, divided(recorded, factor)] : [symbol, recorded]
      ),
    ),
  }));
}

function divided(recorded: Recorded, factor: Factor): Recorded {
  const readings = recorded.readings.map((reading) => ({
    ...reading,
    matrix: reading.matrix.map((x) => x / factor.value),
  }));
  return { ...recorded, readings, factor };
}
