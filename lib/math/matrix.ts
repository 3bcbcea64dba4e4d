/**
 * Dense matrices of doubles whose shapes are checked twice: by the type checker, and in every operation at run time.
 *
 * Each sum has one accumulator that starts at +0 and runs over its index in ascending order, so that another program that
 * adds in the same order gets the same bits.
 *
 * @module
 */

import { checkSize, ShapeError, type SingleSize } from "./shape.ts";

/** Any matrix, its sizes forgotten: what files, prints and plots need. */
export interface AnyMatrix {
  /** How many rows. */
  readonly rows: number;
  /** How many columns. */
  readonly columns: number;
  /** The entries, row by row. */
  readonly data: Float64Array<ArrayBuffer>;
}

/**
 * A dense matrix of R rows and C columns of doubles, row by row. Operations leave it as it is and return a new one.
 *
 * @example
 * ```ts
 * import { Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const W = Matrix.of(2, 3, [1, 2, 3, 4, 5, 6]);
 * const X = Matrix.of(3, 1, [1, 0, -1]);
 * deepStrictEqual(W.multiply(X), Matrix.of(2, 1, [-2, -2]));
 * // X.multiply(W) does not compile: 3x1 by 2x3
 * ```
 */
export class Matrix<in out R extends number, in out C extends number> implements AnyMatrix {
  private constructor(
    /** How many rows. */
    readonly rows: R,
    /** How many columns. */
    readonly columns: C,
    /** The entries, row by row: the one in row i and column j stands at i * columns + j. */
    readonly data: Float64Array<ArrayBuffer>,
  ) {}

  /**
   * Rows x columns zeros.
   *
   * @throws {RangeError} if a size is no integer from 1 on
   */
  static zeros<R extends number, C extends number>(
    rows: SingleSize<R>,
    columns: SingleSize<C>,
  ): Matrix<R, C> {
    const [r, c] = [rows as R, columns as C];
    checkSize("rows", r);
    checkSize("columns", c);
    return new Matrix(r, c, new Float64Array(r * c));
  }

  /**
   * A matrix of a copy of the numbers, given row by row.
   *
   * @throws {ShapeError} if there are not rows · columns of them
   * @throws {RangeError} if a size is no integer from 1 on
   */
  static of<R extends number, C extends number>(
    rows: SingleSize<R>,
    columns: SingleSize<C>,
    numbers: ArrayLike<number>,
  ): Matrix<R, C> {
    const [r, c] = [rows as R, columns as C];
    checkSize("rows", r);
    checkSize("columns", c);
    if (numbers.length !== r * c) {
      throw new ShapeError(
        `Cannot fill a ${r}x${c} matrix with ${numbers.length} numbers: need ${r * c}`,
      );
    }
    return new Matrix(r, c, Float64Array.from(numbers));
  }

  /**
   * The entry in the given row and column, both counted from 0.
   *
   * @throws {RangeError} if there is no such entry
   */
  at(row: number, column: number): number {
    const isIn = (index: number, size: number) =>
      Number.isInteger(index) && index >= 0 && index < size;
    if (!isIn(row, this.rows) || !isIn(column, this.columns)) {
      throw new RangeError(
        `Cannot take entry (${row}, ${column}) of a ${shape(this)} matrix: no such row or column`,
      );
    }
    return this.data[row * this.columns + column]!;
  }

  /**
   * The matrix product, R x K.
   *
   * @param right C x K
   * @throws {ShapeError} if the inner sizes differ
   */
  multiply<K extends number>(right: Matrix<C, K>): Matrix<R, K> {
    if ((this.columns as number) !== right.rows) {
      throw new ShapeError(
        `Cannot multiply ${shape(this)} by ${
          shape(right)
        }: right matrix must have ${this.columns} rows`,
      );
    }
    const a = this.data, b = right.data, columns = right.columns;
    const product = new Float64Array(this.rows * columns);
    // rows of b innermost: all three matrices are then walked in the order in which they lie in memory
    for (let i = 0, p = 0; i < this.rows; i++) {
      for (let k = 0; k < this.columns; k++, p++) {
        const aik = a[p]!;
        for (let j = 0, from = k * columns, to = i * columns; j < columns; j++) {
          product[to + j]! += aik * b[from + j]!;
        }
      }
    }
    return new Matrix(this.rows, columns, product);
  }

  /** Rows made columns, C x R. */
  get transposed(): Matrix<C, R> {
    const { rows, columns, data } = this;
    const turned = new Float64Array(data.length);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j]!;
    }
    return new Matrix(columns, rows, turned);
  }

  /** `f` of every entry, R x C; called row by row. */
  map(f: (entry: number) => number): Matrix<R, C> {
    const mapped = new Float64Array(this.data.length);
    for (let i = 0; i < mapped.length; i++) mapped[i] = f(this.data[i]!);
    return new Matrix(this.rows, this.columns, mapped);
  }

  /**
   * `f` of every pair of entries that stand in the same place, R x C.
   *
   * @throws {ShapeError} if the shapes differ
   */
  zip(right: Matrix<R, C>, f: (left: number, right: number) => number): Matrix<R, C> {
    if ((this.rows as number) !== right.rows || (this.columns as number) !== right.columns) {
      throw new ShapeError(
        `Cannot combine ${shape(this)} with ${shape(right)} entry by entry: shapes must be equal`,
      );
    }
    const zipped = new Float64Array(this.data.length);
    for (let i = 0; i < zipped.length; i++) zipped[i] = f(this.data[i]!, right.data[i]!);
    return new Matrix(this.rows, this.columns, zipped);
  }

  /**
   * `column` added to every column, R x C.
   *
   * @throws {ShapeError} if `column` is not R x 1
   */
  plusColumn(column: Matrix<R, 1>): Matrix<R, C> {
    if ((this.rows as number) !== column.rows || (column.columns as number) !== 1) {
      throw new ShapeError(
        `Cannot add ${shape(column)} to each column of ${shape(this)}: need ${this.rows}x1`,
      );
    }
    const { rows, columns, data } = this;
    const sum = new Float64Array(data.length);
    for (let i = 0, p = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, p++) sum[p] = data[p]! + column.data[i]!;
    }
    return new Matrix(rows, columns, sum);
  }

  /**
   * `f` of every entry and the one of `row` in its column, R x C.
   *
   * @throws {ShapeError} if `row` is not 1 x C
   */
  zipRow(row: Matrix<1, C>, f: (entry: number, ofRow: number) => number): Matrix<R, C> {
    if ((this.columns as number) !== row.columns || (row.rows as number) !== 1) {
      throw new ShapeError(
        `Cannot combine each row of ${shape(this)} with ${shape(row)}: need 1x${this.columns}`,
      );
    }
    const { rows, columns, data } = this;
    const zipped = new Float64Array(data.length);
    for (let i = 0, p = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, p++) zipped[p] = f(data[p]!, row.data[j]!);
    }
    return new Matrix(rows, columns, zipped);
  }

  /** The sum of each row, R x 1. */
  get rowSums(): Matrix<R, 1> {
    const { rows, columns, data } = this;
    const sums = new Float64Array(rows);
    for (let i = 0, p = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, p++) sums[i]! += data[p]!;
    }
    return new Matrix<R, 1>(rows, 1, sums);
  }

  /** The sum of each column, 1 x C. */
  get columnSums(): Matrix<1, C> {
    const { rows, columns, data } = this;
    const sums = new Float64Array(columns);
    for (let i = 0, p = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, p++) sums[j]! += data[p]!;
    }
    return new Matrix<1, C>(1, columns, sums);
  }

  /** The greatest entry of each column, 1 x C. */
  get columnMaxima(): Matrix<1, C> {
    const { rows, columns, data } = this;
    const maxima = data.slice(0, columns);
    for (let i = 1, p = columns; i < rows; i++) {
      for (let j = 0; j < columns; j++, p++) if (data[p]! > maxima[j]!) maxima[j] = data[p]!;
    }
    return new Matrix<1, C>(1, columns, maxima);
  }
}

function shape(matrix: { readonly rows: number; readonly columns: number }): string {
  return `${matrix.rows}x${matrix.columns}`;
}
