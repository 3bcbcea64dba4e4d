/**
 * What an array of the wrong number of entries holds.
 *
 * @module
 */

import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import { dim } from "../math/shape.ts";
import { MISTAKES } from "../mistakes/mistakes.ts";
import { type RunTimeMatrix, STEP } from "../network/step.ts";
import { relativeError } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import { shapeOf } from "./step_dump.ts";
import { fits, type Suspect } from "./suspect.ts";

/** The cause of a quantity whose array has the wrong number of entries. */
export function wrongShape(suspect: Suspect): Cause {
  const { symbol, shape, data, sizes, own } = suspect;
  const quantities = STEP.filter((one) => !one.symbol.endsWith("'")).map(({ symbol }) =>
    [symbol, own[symbol] as RunTimeMatrix] as const
  );
  const sums = quantities.flatMap(([name, matrix]): (readonly [string, RunTimeMatrix])[] => {
    const columns = matrix.columnSums as unknown as RunTimeMatrix;
    const rows = matrix.rowSums as unknown as RunTimeMatrix;
    const total = rows.columnSums as unknown as RunTimeMatrix;
    return [
      [name, matrix],
      [`columnSum(${name})`, columns],
      [`rowSum(${name})`, rows],
      [`sum(${name})`, total],
    ];
  });
  const logarithms = MISTAKES.filter(({ id }) => id === "P/log-softmax").flatMap(({ compute }) => {
    const lnP = compute(own), onehot = own.onehot as RunTimeMatrix;
    return lnP === undefined
      ? []
      : [["-onehot ln P", lnP.zip(onehot, (p, y) => y === 0 ? 0 : -p)] as const];
  });
  // the shape is wrong anyway: the numbers tell which way round they are
  const isSame = (matrix: AnyMatrix) => {
    if (matrix.data.length !== data.length) return false;
    const recorded = Matrix.of(dim("rows", matrix.rows), dim("columns", matrix.columns), data);
    return fits(suspect, relativeError(recorded, matrix));
  };
  const equals = [...sums, ...logarithms].find(([, matrix]) =>
    isSame(matrix) || isSame(matrix.transposed)
  )?.[0];
  return { kind: "shape", shape, need: shapeOf(symbol, sizes), equals };
}
