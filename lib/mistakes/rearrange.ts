// Matrices as mistakes rearrange them.
import { type AnyMatrix, Matrix, type RunTimeMatrix } from "../math/matrix.ts";

/** What `f` makes of a matrix, if there is one. */
export function ifPossible<Result>(
  matrix: RunTimeMatrix | undefined,
  f: (matrix: RunTimeMatrix) => Result,
): Result | undefined {
  return matrix && f(matrix);
}

/** Aᵀ in the place of A, which fits if A is square. */
export function transposeIfSquare(A: RunTimeMatrix): RunTimeMatrix | undefined {
  return A.rows === A.columns ? A.transposed : undefined;
}

/** The entries of Aᵀ, row by row, in the shape of A: `reshape` instead of a transpose. */
export function reshapeTranspose({ rows, columns, transposed }: RunTimeMatrix) {
  return rows === columns ? undefined : Matrix.of(rows, columns, transposed.data);
}

/** The last column of A, repeated in A's shape: the last example in the place of each. */
export const repeatLastColumn = (A: RunTimeMatrix) =>
  select(A, (row, _, at) => at(row, A.columns - 1));

/** The last column of A, the others zero: a loop that overwrites a sum keeps its last term. */
export const keepLastColumn = (A: RunTimeMatrix) =>
  select(A, (row, column, at) => column === A.columns - 1 ? at(row, column) : 0);

/** The columns of [A b] but the first: a column of biases is cut off at the wrong end. */
export const withoutFirst = (A: RunTimeMatrix, b: AnyMatrix) =>
  select(A, (row, column, at) => column + 1 < A.columns ? at(row, column + 1) : b.data[row]!);

/** The columns of [b A] but the last. */
export const withoutLast = (A: RunTimeMatrix, b: AnyMatrix) =>
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

export function total({ data }: RunTimeMatrix): number {
  return data.reduce((sum, x) => sum + x, 0);
}
