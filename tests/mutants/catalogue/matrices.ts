/**
 * Mutants of matrices and lists of indices.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const MATRIX = "lib/math/matrix.ts";

/** Matrices. */
export const matrices: Chapter = {
  title: "Matrices",
  mutants: [
    {
      title: "A matrix keeps the caller's array: who changes one changes the other",
      file: MATRIX,
      search: "new Matrix(rows, columns, Float64Array.from(numbers))",
      replace: "new Matrix(rows, columns, numbers)",
      caughtBy: [
        "math/matrix_test.ts",
        "example: Matrix.of() takes numbers row by row, and a copy of them",
      ],
    },
    {
      title: "JSON's null, which it has for NaN, is an entry of 0",
      file: MATRIX,
      search: "if (!(numbers instanceof Float64Array)) checkNumbers(numbers, rows, columns);",
      replace: "",
      caughtBy: [
        "math/matrix_test.ts",
        "example: Matrix.of() and fromRows() throw TypeError for an entry that is no number, and say which",
      ],
    },
    {
      title: "Indices keep the caller's array",
      file: "lib/math/indices.ts",
      search: "const copy = new Uint32Array(count);",
      replace: "const copy = values as Uint32Array<ArrayBuffer>;",
      caughtBy: [
        "math/shape_test.ts",
        "example: Indices.of() takes a copy, of a Uint32Array too",
      ],
    },
    {
      title: "Shapes compared by their number of entries: 2x3 fits 3x2",
      file: MATRIX,
      search: "this.rows !== right.rows || this.columns !== right.columns",
      replace: "this.data.length !== right.data.length",
      caughtBy: [
        "math/matrix_test.ts",
        "example: Matrix operations throw ShapeError with both shapes when they do not fit",
      ],
    },
    {
      title: "Zeros skipped in a product: 0 times NaN is 0",
      file: MATRIX,
      search: "const aik = a[p]!;",
      replace: "const aik = a[p]!; if (aik === 0) continue;",
      caughtBy: [
        "math/matrix_test.ts",
        "example: Matrix.multiply() does not skip zeros: 0 times NaN or Infinity is NaN",
      ],
    },
    {
      title: "Row and column interchanged in the errors that name an entry",
      file: MATRIX,
      search: "(${Math.floor(index / columns)}, ${index % columns})",
      replace: "(${index % columns}, ${Math.floor(index / columns)})",
      caughtBy: [
        "math/matrix_test.ts",
        "example: describeEntry() gives row and column, and the number",
      ],
    },
  ],
};
