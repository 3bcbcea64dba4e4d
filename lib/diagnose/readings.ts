// The matrices that an array may stand for: rows for columns, axes of length 1, flattened images.
import { Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { dim } from "../math/shape.ts";

/** One way of reading an array as a matrix. */
export interface Reading {
  /** The matrix. */
  readonly matrix: RunTimeMatrix;
  /** Whether the array holds its transpose. */
  readonly transposed: boolean;
}

/**
 * The ways in which an array can be read as a matrix of so many rows and columns: none, one, or
 * two if both ways round fit. Axes are joined where they are adjacent, so that (B, 28, 28) and (B,
 * 784, 1) are B x 784.
 *
 * @param shape of the array
 * @param data its numbers in C order
 */
export function readings(
  { shape, data }: { readonly shape: readonly number[]; readonly data: Float64Array },
  rows: number,
  columns: number,
): Reading[] {
  if (data.length !== rows * columns) return [];
  const R = dim("any", rows), C = dim("any", columns);
  return waysRound(shape, rows, columns).map((transposed) => ({
    matrix: transposed ? Matrix.of(C, R, data).transposed : Matrix.of(R, C, data),
    transposed,
  }));
}

/** The ways in which a shape can be read: `false` upright, `true` as the transpose. */
export function waysRound(shape: readonly number[], rows: number, columns: number): boolean[] {
  if (shape.reduce((product, size) => product * size, 1) !== rows * columns) return [];
  if (rows === 1 || columns === 1) return [false];
  return [...splits(shape, rows) ? [false] : [], ...splits(shape, columns) ? [true] : []];
}

/** Whether the first axes together have such a length, so that the others are the columns. */
function splits(shape: readonly number[], rows: number): boolean {
  let length = 1;
  return rows === 1 || shape.some((size) => (length *= size) === rows);
}
