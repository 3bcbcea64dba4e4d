/**
 * Matrices as mistakes rearrange them.
 *
 * @module
 */

import { Matrix } from "../math/matrix.ts";

/** Aᵀ in the place of A, which fits if A is square. */
export function transposeIfSquare<R extends number, C extends number>(
  A: Matrix<R, C>,
): Matrix<R, C> | undefined {
  return isSquare(A) ? A.transposed as unknown as Matrix<R, C> : undefined;
}

/**
 * The entries of Aᵀ, row by row, in the shape of A: what `reshape` makes where a transpose is
 * needed. If A is square, that is Aᵀ itself: {@linkcode transposeIfSquare}.
 */
export function reshapeTranspose<R extends number, C extends number>(
  A: Matrix<R, C>,
): Matrix<R, C> | undefined {
  return isSquare(A) ? undefined : Matrix.of<R, C>(A.rows, A.columns, A.transposed.data);
}

function isSquare({ rows, columns }: { readonly rows: number; readonly columns: number }): boolean {
  return rows === columns;
}

/** The last column of A, repeated in A's shape: the last example in the place of each. */
export function repeatLastColumn<R extends number, C extends number>(
  A: Matrix<R, C>,
): Matrix<R, C> {
  return select(A, (row, _, at) => at(row, A.columns - 1));
}

/** The last column of A, the others zero: a loop that overwrites a sum keeps its last term. */
export function keepLastColumn<R extends number, C extends number>(A: Matrix<R, C>): Matrix<R, C> {
  return select(A, (row, column, at) => column === A.columns - 1 ? at(row, column) : 0);
}

/** A matrix of A's shape whose entries are picked from A by row and column. */
export function select<R extends number, C extends number>(
  A: Matrix<R, C>,
  pick: (row: number, column: number, at: (row: number, column: number) => number) => number,
): Matrix<R, C> {
  const { columns, data } = A;
  const at = (row: number, column: number) => data[row * columns + column]!;
  const picked = data.map((_, i) => pick(Math.floor(i / columns), i % columns, at));
  return Matrix.of<R, C>(A.rows, columns, picked);
}

/** The sum of all entries. */
export function total(A: { readonly data: Float64Array }): number {
  return A.data.reduce((sum, x) => sum + x, 0);
}
