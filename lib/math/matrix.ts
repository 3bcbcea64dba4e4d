// Dense matrices of doubles. Shapes are checked by the type checker, and at run time in every
// operation.
//
// Each sum starts at +0 and adds its terms in ascending order of their index, so that a program
// that adds in the same order gets the same bits.
import { describeValue } from "../text/escape.ts";
import { formatMatrix, heatMap } from "./format_matrix.ts";
import {
  checkSize,
  type Dim,
  type LengthOf,
  type Multipliable,
  type Rectangular,
  ShapeError,
  type SingleSize,
} from "./shape.ts";

/**
 * A matrix whose sizes are not part of its type, for files, text and charts.
 *
 * @category 1 Matrices
 */
export interface AnyMatrix {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** The entries, row by row. */
  readonly data: Float64Array<ArrayBuffer>;
}

/**
 * A matrix whose sizes are known only at run time. Both have one name, so that such matrices and
 * their transposes can be multiplied; whether they fit is checked at run time.
 *
 * @category 1 Matrices
 */
export type RunTimeMatrix = Matrix<Dim<"any">, Dim<"any">>;

/**
 * A matrix of R rows and C columns of doubles. Operations return a new matrix and leave this one
 * unchanged. They throw {@linkcode ShapeError} if shapes do not fit, and RangeError if memory does
 * not suffice.
 *
 * @example
 * ```ts
 * import { Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const W: Matrix<2, 3> = Matrix.fromRows([[1, 2, 3], [4, 5, 6]]);
 * const X = Matrix.fromRows([[1], [0], [-1]]);
 * deepStrictEqual(W.multiply(X), Matrix.fromRows([[-2], [-2]]));
 * // X.multiply(W) does not compile:
 * // "Cannot multiply 3x1 by 2x3: the right matrix must have 1 rows"
 * ```
 *
 * @category 1 Matrices
 */
export class Matrix<in out R extends number, in out C extends number> implements AnyMatrix {
  /** Makes the type nominal: an object of the same properties is not accepted. */
  declare private readonly brand: never;

  private constructor(
    /** Number of rows. */
    readonly rows: SingleSize<R>,
    /** Number of columns. */
    readonly columns: SingleSize<C>,
    /** The entries, row by row: the entry in row i and column j has index i * columns + j. */
    readonly data: Float64Array<ArrayBuffer>,
  ) {}

  /**
   * A matrix of zeros, R x C.
   *
   * @throws {RangeError} if a size is not an integer of at least 1
   */
  static zeros<R extends number, C extends number>(
    rows: SingleSize<R>,
    columns: SingleSize<C>,
  ): Matrix<R, C> {
    checkSize("rows", rows);
    checkSize("columns", columns);
    return new Matrix(rows, columns, allocate(rows, columns));
  }

  /**
   * A matrix of the given numbers, row by row, which are copied; R x C.
   *
   * @throws {ShapeError} if their number is not rows · columns
   * @throws {RangeError} if a size is not an integer of at least 1
   * @throws {TypeError} if an entry is no number, such as JSON's null or a bigint
   */
  static of<R extends number, C extends number>(
    rows: SingleSize<R>,
    columns: SingleSize<C>,
    numbers: ArrayLike<number>,
  ): Matrix<R, C> {
    checkSize("rows", rows);
    checkSize("columns", columns);
    const count = rows * columns;
    if (numbers.length !== count) {
      throw new ShapeError(
        `Cannot fill a ${rows}x${columns} matrix with ${numbers.length} numbers: need ${count}`,
      );
    }
    if (!(numbers instanceof Float64Array)) checkNumbers(numbers, rows, columns);
    return new Matrix(rows, columns, Float64Array.from(numbers));
  }

  /**
   * A matrix of the given rows, arrays or typed arrays, which are copied. Its type has the sizes
   * that the list has; those known only at run time, as of a `number[][]`, have the name "any".
   *
   * @throws {ShapeError} if the rows differ in length
   * @throws {RangeError} if there is no row, or the rows are empty
   * @throws {TypeError} if a row is no list, or an entry no number
   */
  static fromRows<const Rows extends readonly ArrayLike<number>[]>(
    rows: Rows & Rectangular<Rows>,
  ): Matrix<LengthOf<Rows>, LengthOf<Rows[number]>> {
    const columns = rows[0]?.length ?? 0;
    for (const [i, row] of rows.entries()) {
      if (!Array.isArray(row) && !ArrayBuffer.isView(row)) {
        throw new TypeError(
          `Cannot make a matrix of rows: row ${i} is ${describeValue(row)}, need a list of numbers`,
        );
      }
      if (row.length !== columns) {
        throw new ShapeError(
          `Cannot make a matrix of rows of different lengths: row 0 has ${columns} numbers, ` +
            `row ${i} has ${row.length}`,
        );
      }
    }
    // casts, because the type checker does not see that the list has the sizes of its type
    return Matrix.of<LengthOf<Rows>, LengthOf<Rows[number]>>(
      rows.length as number as SingleSize<LengthOf<Rows>>,
      columns as number as SingleSize<LengthOf<Rows[number]>>,
      rows.flatMap((row) => Array.from(row)),
    );
  }

  /**
   * The entry in the given row and column, both counted from 0.
   *
   * @throws {RangeError} if there is no such entry
   */
  at(row: number, column: number): number {
    const isIndex = (x: number, size: number) => Number.isInteger(x) && x >= 0 && x < size;
    if (!isIndex(row, this.rows) || !isIndex(column, this.columns)) {
      throw new RangeError(
        `Cannot take entry (${row}, ${column}) of a ${shape(this)} matrix: ` +
          `need a row from 0 to ${this.rows - 1} and a column from 0 to ${this.columns - 1}`,
      );
    }
    return this.data[row * this.columns + column]!;
  }

  /** The product with a C x K matrix, R x K; for another the type checker prints both shapes. */
  multiply<RightRows extends number, K extends number>(
    right: Matrix<RightRows, K> & Multipliable<R, C, RightRows, K>,
  ): Matrix<R, K> {
    const inner: number = this.columns;
    if (right.rows !== inner) {
      throw new ShapeError(
        `Cannot multiply ${shape(this)} by ${
          shape(right)
        }: the right matrix must have ${inner} rows`,
      );
    }
    const a = this.data, b = right.data, columns = right.columns;
    const product = allocate(this.rows, columns);
    // the innermost loops run along rows: all three matrices are then read in memory order; two rows
    // and four terms at a time, added one after the other, take a sixth of the time and give the
    // same bits
    const spare = new Float64Array(columns); // in the place of a row after the last
    for (let i = 0; i < this.rows; i += 2) {
      const isLast = i + 1 === this.rows, row = product.subarray(i * columns, (i + 1) * columns);
      const next = isLast ? spare : product.subarray((i + 1) * columns, (i + 2) * columns);
      let k = 0, p = i * inner, q = isLast ? p : p + inner;
      for (; k + 4 <= inner; k += 4, p += 4, q += 4) {
        const a0 = a[p]!, a1 = a[p + 1]!, a2 = a[p + 2]!, a3 = a[p + 3]!;
        const c0 = a[q]!, c1 = a[q + 1]!, c2 = a[q + 2]!, c3 = a[q + 3]!;
        for (let j = 0, at = k * columns; j < columns; j++, at++) {
          const b0 = b[at]!, b1 = b[at + columns]!;
          const b2 = b[at + 2 * columns]!, b3 = b[at + 3 * columns]!;
          row[j] = row[j]! + a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3;
          next[j] = next[j]! + c0 * b0 + c1 * b1 + c2 * b2 + c3 * b3;
        }
      }
      for (; k < inner; k++, p++, q++) {
        for (let j = 0, at = k * columns; j < columns; j++, at++) {
          row[j]! += a[p]! * b[at]!;
          next[j]! += a[q]! * b[at]!;
        }
      }
    }
    return new Matrix(this.rows, columns, product);
  }

  /** The transpose, C x R. */
  get transposed(): Matrix<C, R> {
    const { rows, columns, data } = this;
    const transposed = new Float64Array(data.length);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) transposed[j * rows + i] = data[i * columns + j]!;
    }
    return new Matrix(columns, rows, transposed);
  }

  /** Applies `f` to every entry, row by row; R x C. */
  map(f: (entry: number) => number): Matrix<R, C> {
    const mapped = new Float64Array(this.data.length);
    for (let i = 0; i < mapped.length; i++) mapped[i] = f(this.data[i]!);
    return new Matrix(this.rows, this.columns, mapped);
  }

  /** Applies `f` to every pair of entries in the same row and column, R x C. */
  zip(right: Matrix<R, C>, f: (left: number, right: number) => number): Matrix<R, C> {
    if (this.rows !== right.rows || this.columns !== right.columns) {
      throw new ShapeError(
        `Cannot combine ${shape(this)} with ${shape(right)} entry by entry: shapes must be equal`,
      );
    }
    const zipped = new Float64Array(this.data.length);
    for (let i = 0; i < zipped.length; i++) zipped[i] = f(this.data[i]!, right.data[i]!);
    return new Matrix(this.rows, this.columns, zipped);
  }

  /** The sum, entry by entry, R x C. */
  plus(right: Matrix<R, C>): Matrix<R, C> {
    return this.zip(right, (a, b) => a + b);
  }

  /** Every entry times `factor`, R x C. */
  scale(factor: number): Matrix<R, C> {
    return this.map((entry) => entry * factor);
  }

  /** Adds `column`, R x 1, to every column, R x C. */
  plusColumn(column: Matrix<R, 1>): Matrix<R, C> {
    if (this.rows !== column.rows || column.columns !== 1) {
      throw new ShapeError(
        `Cannot add ${shape(column)} to each column of ${shape(this)}: need ${this.rows}x1`,
      );
    }
    return this.transposed.zipRow(column.transposed, (entry, added) => entry + added).transposed;
  }

  /** Applies `f` to every entry and the entry of `row`, 1 x C, in its column; R x C. */
  zipRow(row: Matrix<1, C>, f: (entry: number, rowEntry: number) => number): Matrix<R, C> {
    if (this.columns !== row.columns || row.rows !== 1) {
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
    return new Matrix(rows, 1, sums);
  }

  /** The sum of each column, 1 x C. */
  get columnSums(): Matrix<1, C> {
    return this.transposed.rowSums.transposed;
  }

  /** The greatest entry of each column, 1 x C. */
  get columnMaxima(): Matrix<1, C> {
    const { rows, columns, data } = this;
    const maxima = data.slice(0, columns);
    for (let i = 1, p = columns; i < rows; i++) {
      for (let j = 0; j < columns; j++, p++) if (data[p]! > maxima[j]!) maxima[j] = data[p]!;
    }
    return new Matrix(1, columns, maxima);
  }

  /**
   * The shape and the rows, with up to four decimals; an axis longer than 10 is shortened to its
   * first and last three entries. `console.log` prints the same.
   */
  toString(): string {
    return formatMatrix(this);
  }

  /** What `console.log` prints, in Node and Deno. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return formatMatrix(this);
  }

  /** What a notebook of Deno's Jupyter kernel shows: a heat map, orange positive, blue negative. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": formatMatrix(this), "text/html": heatMap(this) };
  }
}

/** Refuses values that would be cast: null, which JSON has for NaN, to 0. */
function checkNumbers(values: ArrayLike<unknown>, rows: number, columns: number): void {
  const at = Array.prototype.findIndex.call(values, (value) => typeof value !== "number");
  if (at < 0) return;
  const type = values[at] === null ? "null" : typeof values[at];
  throw new TypeError(
    `Cannot fill a ${rows}x${columns} matrix: entry (${Math.floor(at / columns)}, ` +
      `${at % columns}) is of type ${type}, need number`,
  );
}

function allocate(rows: number, columns: number): Float64Array<ArrayBuffer> {
  try {
    return new Float64Array(rows * columns);
  } catch {
    throw new RangeError(
      `Cannot make a ${rows}x${columns} matrix: ${8 * rows * columns} bytes cannot be allocated`,
    );
  }
}

function shape(matrix: { readonly rows: number; readonly columns: number }): string {
  return `${matrix.rows}x${matrix.columns}`;
}

/** An entry as text, by its index in `data`: `entry (0, 3) is NaN`. */
export function describeEntry({ columns, data }: AnyMatrix, index: number): string {
  return `entry (${Math.floor(index / columns)}, ${index % columns}) is ${data[index]}`;
}
