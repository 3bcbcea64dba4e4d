// What an array of the wrong number of entries holds.
import { type AnyMatrix, Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { dim } from "../math/shape.ts";
import { MISTAKES } from "../mistakes/mistakes.ts";
import { STEP } from "../network/step.ts";
import { relativeError } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import { shapeOf } from "./dump.ts";
import { fits, type Suspect } from "./suspect.ts";

/** The cause of a quantity whose array has the wrong number of entries. */
export function wrongShape(suspect: Suspect): Cause {
  const { symbol, shape, data, sizes, own } = suspect;
  const quantities = STEP.filter((one) => !one.symbol.endsWith("'")).map(({ symbol }) =>
    [symbol, own[symbol]] as const
  );
  const sums = quantities.flatMap(([name, matrix]): (readonly [string, RunTimeMatrix])[] => {
    // casts, because 1 is no size of a run-time matrix
    return [
      [name, matrix],
      [`columnSum(${name})`, matrix.columnSums as unknown as RunTimeMatrix],
      [`rowSum(${name})`, matrix.rowSums as unknown as RunTimeMatrix],
      [`sum(${name})`, matrix.rowSums.columnSums as unknown as RunTimeMatrix],
    ];
  });
  const logarithms = MISTAKES.filter(({ id }) => id === "P/log-softmax").flatMap(({ compute }) => {
    const lnP = compute(own), onehot = own.onehot;
    return lnP === undefined
      ? []
      : [["-onehot ln P", lnP.zip(onehot, (p, y) => y === 0 ? 0 : -p)] as const];
  });
  // the shape is wrong anyway: the numbers tell which way round they are
  const isSame = (matrix: AnyMatrix) => {
    if (matrix.data.length !== data.length) return false;
    const recorded = Matrix.of(dim("any", matrix.rows), dim("any", matrix.columns), data);
    return fits(suspect, relativeError(recorded, matrix));
  };
  const equals = [...sums, ...logarithms].find(([, matrix]) =>
    isSame(matrix) || isSame(matrix.transposed)
  )?.[0];
  return { kind: "shape", shape, need: shapeOf(symbol, sizes), equals };
}
