// Matrices as mistakes rearrange them.
import { Matrix } from "../math/matrix.ts";

/** What `f` makes of a matrix, if there is one. */
export function ifPossible<Matrix extends object, Result>(
  matrix: Matrix | undefined,
  f: (matrix: Matrix) => Result,
): Result | undefined {
  return matrix && f(matrix);
}

/** Aᵀ in the place of A, which fits if A is square. */
export function transposeIfSquare<R extends number, C extends number>(
  A: Matrix<R, C>,
): Matrix<R, C> | undefined {
  return A.rows as number === A.columns ? A.transposed as unknown as Matrix<R, C> : undefined;
}

/** A B, which fits if both are square. */
export function squareProduct<R extends number, C extends number>(
  A: Matrix<R, C>,
  B: Matrix<R, C>,
): Matrix<R, C> | undefined {
  // casts, because no type says that R is C
  return A.rows as number === A.columns
    ? A.multiply(B as never) as unknown as Matrix<R, C>
    : undefined;
}

/** The entries of Aᵀ, row by row, in the shape of A: `reshape` instead of a transpose. */
export function reshapeTranspose<R extends number, C extends number>(
  A: Matrix<R, C>,
): Matrix<R, C> | undefined {
  const { rows, columns, transposed } = A;
  return rows as number === columns ? undefined : Matrix.of<R, C>(rows, columns, transposed.data);
}

/** The last column of A, repeated in A's shape: the last example in the place of each. */
export const repeatLastColumn = <R extends number, C extends number>(A: Matrix<R, C>) =>
  select(A, (row, _, at) => at(row, A.columns - 1));

/** The last column of A, the others zero: a loop that overwrites a sum keeps its last term. */
export const keepLastColumn = <R extends number, C extends number>(A: Matrix<R, C>) =>
  select(A, (row, column, at) => column === A.columns - 1 ? at(row, column) : 0);

/** The columns of [A b] but the first: a column of biases is cut off at the wrong end. */
export const withoutFirst = <R extends number, C extends number>(
  A: Matrix<R, C>,
  b: Matrix<R, 1>,
) => select(A, (row, column, at) => column + 1 < A.columns ? at(row, column + 1) : b.data[row]!);

/** The columns of [b A] but the last. */
export const withoutLast = <R extends number, C extends number>(A: Matrix<R, C>, b: Matrix<R, 1>) =>
  select(A, (row, column, at) => column > 0 ? at(row, column - 1) : b.data[row]!);

/** A matrix of A's shape whose entries are picked from A by row and column. */
export function select<R extends number, C extends number>(
  A: Matrix<R, C>,
  pick: (
    row: number,
    column: number,
    at: (row: number, column: number) => number,
    size: { readonly rows: number; readonly columns: number },
  ) => number,
): Matrix<R, C> {
  const { rows, columns, data } = A;
  const at = (row: number, column: number) => data[row * columns + column]!;
  const picked = data.map((_, i) => pick(Math.floor(i / columns), i % columns, at, A));
  return Matrix.of<R, C>(rows, columns, picked);
}

export function total(A: { readonly data: Float64Array }): number {
  return A.data.reduce((sum, x) => sum + x, 0);
}
