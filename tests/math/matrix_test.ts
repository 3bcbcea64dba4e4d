// Matrix: its operations, worked by hand and by the laws of linear algebra; and the largest
// absolute value.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { clamp } from "../../lib/math/clamp.ts";
import { describeEntry } from "../../lib/math/matrix.ts";
import { maxAbs } from "../../lib/math/max_abs.ts";
import { dim, Matrix, ShapeError } from "../../mod.ts";
import { matrix, size, upTo } from "../helpers/arbitraries.ts";
import fc from "fast-check";

// products and sums of these are exact, so that the laws of numbers hold to the bit
const integer = fc.integer({ min: -99, max: 99 });
const [R, C, K, L] = [size("R"), size("C"), size("K"), size("L")];

Deno.test("example: Matrix.of() takes numbers row by row, and a copy of them", () => {
  for (const numbers of [[1, 2, 3, 4, 5, 6], Float64Array.of(1, 2, 3, 4, 5, 6)]) {
    const A = Matrix.of(2, 3, numbers);
    numbers[0] = 9;
    deepStrictEqual([A.at(0, 0), A.at(0, 2), A.at(1, 0)], [1, 3, 4]);
  }
});

Deno.test("example: Matrix.multiply() of 2x3 by 3x2, worked by hand", () => {
  const A = Matrix.of(2, 3, [1, 2, 3, 4, 5, 6]), B = Matrix.of(3, 2, [7, 8, 9, 10, 11, 12]);
  deepStrictEqual(A.multiply(B), Matrix.of(2, 2, [58, 64, 139, 154]));
});

Deno.test("example: Matrix.transposed exchanges rows and columns", () => {
  deepStrictEqual(
    Matrix.of(2, 3, [1, 2, 3, 4, 5, 6]).transposed,
    Matrix.of(3, 2, [1, 4, 2, 5, 3, 6]),
  );
});

Deno.test("example: Matrix sums and maxima of rows and columns", () => {
  const A = Matrix.of(2, 3, [1, -2, 3, -4, -5, 6]);
  deepStrictEqual(A.rowSums, Matrix.of(2, 1, [2, -3]));
  deepStrictEqual(A.columnSums, Matrix.of(1, 3, [-3, -7, 9]));
  deepStrictEqual(A.columnMaxima, Matrix.of(1, 3, [1, -2, 6]));
  deepStrictEqual(Matrix.of(4, 2, [1, 8, 5, 2, 3, 4, 7, 6]).columnMaxima, Matrix.of(1, 2, [7, 8]));
});

Deno.test("example: Matrix.plusColumn() and zipRow() apply to every column and row", () => {
  const A = Matrix.of(2, 3, [1, 2, 3, 4, 5, 6]);
  deepStrictEqual(
    A.plusColumn(Matrix.of(2, 1, [10, 20])),
    Matrix.of(2, 3, [11, 12, 13, 24, 25, 26]),
  );
  const scaled = A.zipRow(Matrix.of(1, 3, [1, 10, 100]), (a, s) => a * s);
  deepStrictEqual(scaled, Matrix.of(2, 3, [1, 20, 300, 4, 50, 600]));
});

Deno.test("example: Matrix.map(), zip() and zipRow() call once for each entry, row by row", () => {
  const A = Matrix.of(2, 2, [1, 2, 3, 4]), calls: number[][] = [];
  const called = (...entries: number[]) => calls.push(entries);
  A.map(called);
  A.zip(Matrix.of(2, 2, [5, 6, 7, 8]), called);
  A.zipRow(Matrix.of(1, 2, [9, 10]), called);
  deepStrictEqual(calls, [
    ...[[1], [2], [3], [4]],
    ...[[1, 5], [2, 6], [3, 7], [4, 8]],
    ...[[1, 9], [2, 10], [3, 9], [4, 10]],
  ]);
});

Deno.test("example: Matrix sums start at +0 and add in ascending order, with one accumulator", () => {
  // in any other order, or by pairs, 1 is not lost: 1 + 2⁵³ is 2⁵³
  const row = Matrix.of(1, 4, [1, 2 ** 53, -(2 ** 53), 1]), ones = Matrix.of(4, 1, [1, 1, 1, 1]);
  strictEqual(row.multiply(ones).at(0, 0), 1);
  strictEqual(row.rowSums.at(0, 0), 1);
  strictEqual(row.transposed.columnSums.at(0, 0), 1);
  const negative = Matrix.of(1, 1, [-0]);
  for (
    const sum of [negative.rowSums, negative.columnSums, negative.multiply(Matrix.of(1, 1, [1]))]
  ) {
    ok(Object.is(sum.at(0, 0), 0));
  }
});

Deno.test("example: Matrix.multiply() does not skip zeros: 0 times NaN or Infinity is NaN", () => {
  for (const lost of [NaN, Infinity]) {
    strictEqual(Matrix.of(1, 2, [0, 1]).multiply(Matrix.of(2, 1, [lost, 1])).at(0, 0), NaN);
    strictEqual(Matrix.of(1, 2, [lost, 1]).multiply(Matrix.of(2, 1, [0, 1])).at(0, 0), NaN);
  }
});

Deno.test("law: Matrix.multiply() is associative and distributes over sums", () => {
  const matrices = fc.tuple(R, C, K, L).chain(([r, c, k, l]) =>
    fc.tuple(
      matrix(r, c, integer),
      matrix(c, k, integer),
      matrix(c, k, integer),
      matrix(k, l, integer),
    )
  );
  fc.assert(fc.property(matrices, ([A, B1, B2, D]) => {
    deepStrictEqual(A.multiply(B1).multiply(D), A.multiply(B1.multiply(D)));
    deepStrictEqual(A.multiply(B1.plus(B2)), A.multiply(B1).plus(A.multiply(B2)));
  }));
});

Deno.test("example: Matrix.fromRows() takes a list of rows, and a copy of them", () => {
  const rows = [[1, 2, 3], [4, 5, 6]] as [[number, number, number], [number, number, number]];
  const A: Matrix<2, 3> = Matrix.fromRows(rows);
  rows[1][0] = 9;
  deepStrictEqual(A, Matrix.of(2, 3, [1, 2, 3, 4, 5, 6]));
});

Deno.test("example: Matrix.fromRows() takes typed arrays, and rows whose sizes are known at run time only", () => {
  const A = Matrix.fromRows([Float64Array.of(1, 2), Uint8Array.of(3, 4)]);
  deepStrictEqual<unknown>(A, Matrix.of(2, 2, [1, 2, 3, 4]));
  const B = Matrix.fromRows(JSON.parse("[[1, 2], [3, 4]]") as number[][]);
  deepStrictEqual<unknown>(B.multiply(B.transposed), Matrix.of(2, 2, [5, 11, 11, 25]));
});

Deno.test("example: Matrix.plus() and scale(), worked by hand", () => {
  const A = Matrix.fromRows([[1, 2], [3, 4]]);
  deepStrictEqual(A.plus(Matrix.fromRows([[10, 20], [30, -4]])), Matrix.of(2, 2, [11, 22, 33, 0]));
  deepStrictEqual(A.scale(-0.5), Matrix.of(2, 2, [-0.5, -1, -1.5, -2]));
});

Deno.test("law: Matrix.transposed reverses products, and is its own inverse", () => {
  const pairs = fc.tuple(R, C, K).chain(([r, c, k]) =>
    fc.tuple(matrix(r, c, integer), matrix(c, k, integer))
  );
  fc.assert(fc.property(pairs, ([A, B]) => {
    deepStrictEqual(A.multiply(B).transposed, B.transposed.multiply(A.transposed));
    deepStrictEqual(A.transposed.transposed, A);
  }));
});

Deno.test("law: Matrix.map(), zip(), plusColumn() and zipRow() do not change their arguments", () => {
  const cases = fc.tuple(R, C).chain(([r, c]) =>
    fc.tuple(
      matrix(r, c, upTo(9)),
      matrix(r, c, upTo(9)),
      matrix(r, 1 as const, upTo(9)),
      matrix(1 as const, c, upTo(9)),
    )
  );
  fc.assert(fc.property(cases, (matrices) => {
    const before = matrices.map(({ data }) => [...data]);
    const [A, B, column, row] = matrices;
    A.map(() => 7);
    A.zip(B, () => 7);
    A.plusColumn(column);
    A.zipRow(row, () => 7);
    A.columnMaxima.data.fill(7);
    deepStrictEqual(matrices.map(({ data }) => [...data]), before);
  }));
});

Deno.test("example: Matrix refuses shapes that do not fit, sizes, entries and indices, and says what is needed", () => {
  // one type, two sizes: what the type checker cannot see
  const two = dim("n", 2), three = dim("n", 3), many = dim("many", 1e9), million = dim("m", 1e6);
  const A = Matrix.zeros(two, two), B = Matrix.zeros(three, three);
  const entryByEntry = (shapes: string) =>
    new ShapeError(`Cannot combine ${shapes} entry by entry: shapes must be equal`);
  const size = (size: number, name: string) =>
    new RangeError(`Cannot use ${size} as the size of "${name}": must be an integer >= 1`);
  const bytes = (shape: string, bytes: number) =>
    new RangeError(`Cannot make a ${shape} matrix: ${bytes} bytes cannot be allocated`);
  const refused: [() => unknown, Error][] = [
    [
      () => A.multiply(B),
      new ShapeError("Cannot multiply 2x2 by 3x3: the right matrix must have 2 rows"),
    ],
    [() => A.zip(B, (a) => a), entryByEntry("2x2 with 3x3")],
    [() => A.zip(Matrix.zeros(two, three), (a) => a), entryByEntry("2x2 with 2x3")],
    [() => A.zip(Matrix.zeros(three, two), (a) => a), entryByEntry("2x2 with 3x2")],
    [() => A.plus(B), entryByEntry("2x2 with 3x3")],
    [
      () => A.plusColumn(Matrix.zeros(three, 1)),
      new ShapeError("Cannot add 3x1 to each column of 2x2: need 2x1"),
    ],
    [
      () => A.plusColumn(A as never),
      new ShapeError("Cannot add 2x2 to each column of 2x2: need 2x1"),
    ],
    [
      () => A.zipRow(Matrix.zeros(1, three), (a) => a),
      new ShapeError("Cannot combine each row of 2x2 with 1x3: need 1x2"),
    ],
    [
      () => A.zipRow(A as never, (a) => a),
      new ShapeError("Cannot combine each row of 2x2 with 2x2: need 1x2"),
    ],
    [
      () => Matrix.fromRows([[1, 2], [3, 4, 5]] as unknown as [[1, 2], [3, 4]]),
      new ShapeError(
        "Cannot make a matrix of rows of different lengths: row 0 has 2 numbers, row 1 has 3",
      ),
    ],
    ...[5, 7].map((count): [() => unknown, Error] => [
      () => Matrix.of(2, 3, Array(count).fill(0)),
      new ShapeError(`Cannot fill a 2x3 matrix with ${count} numbers: need 6`),
    ]),
    [() => Matrix.zeros(0, 3), size(0, "rows")],
    [() => Matrix.zeros(3, 2.5), size(2.5, "columns")],
    [() => Matrix.of(0, 3, []), size(0, "rows")],
    [() => Matrix.of(3, -1, []), size(-1, "columns")],
    [() => Matrix.fromRows([] as unknown as [[1]]), size(0, "rows")],
    [() => Matrix.fromRows([[]]), size(0, "columns")],
    [
      () => Matrix.zeros("2" as unknown as 2, 3),
      new RangeError('Cannot use the string "2" as the size of "rows": must be an integer >= 1'),
    ],
    // a row in place of rows, and a hole
    ...([[[1, 2], "1"], [[, [1]], "undefined"], [["1"], 'the string "1"']] as const).map(
      ([rows, found]): [() => unknown, Error] => [
        () => Matrix.fromRows(rows as unknown as number[][]),
        new TypeError(
          `Cannot make a matrix of rows: row 0 is ${found}, need a list of numbers`,
        ),
      ],
    ),
    [
      () => Matrix.fromRows([[1, , 3]] as number[][]),
      new TypeError(
        "Cannot fill a 1x3 matrix: entry (0, 1) is of type undefined, need number",
      ),
    ],
    [() => Matrix.zeros(many, many), bytes("1000000000x1000000000", 8e18)],
    [
      () => Matrix.zeros(million, 1).multiply(Matrix.zeros(1, million)),
      bytes("1000000x1000000", 8e12),
    ],
    // null is JSON's NaN, which a typed array takes for 0
    ...[null, undefined, "3", 3n, true].flatMap((bad: unknown): [() => unknown, Error][] => {
      const type = bad === null ? "null" : typeof bad;
      const error = new TypeError(
        `Cannot fill a 2x2 matrix: entry (1, 0) is of type ${type}, need number`,
      );
      return [
        [() => Matrix.of(2, 2, [1, 2, bad as number, 4]), error],
        [() => Matrix.fromRows([[1, 2], [bad as number, 4]]), error],
      ];
    }),
    ...[[2, 0], [0, 2], [-1, 2], [1, -1], [0.5, 0], [1 / 3, 0], [NaN, 0]].map(
      ([i, j]): [() => unknown, Error] => [
        () => A.at(i!, j!),
        new RangeError(
          `Cannot take entry (${i}, ${j}) of a 2x2 matrix: ` +
            "need a row from 0 to 1 and a column from 0 to 1",
        ),
      ],
    ),
  ];
  for (const [call, error] of refused) throws(call, error);
});

Deno.test("example: describeEntry() gives row and column, and the number", () => {
  const A = Matrix.of(2, 3, [1, 2, 3, 4, 5, NaN]);
  strictEqual(describeEntry(A, 1), "entry (0, 1) is 2");
  strictEqual(describeEntry(A, 5), "entry (1, 2) is NaN");
});

Deno.test("example: maxAbs() is the largest absolute value, 0 for no numbers and NaN if one is NaN", () => {
  deepStrictEqual([[1, -3, 2], Uint8Array.of(7, 9), [], [1, NaN, 2]].map(maxAbs), [3, 9, 0, NaN]);
});

Deno.test("example: clamp() limits a number to a range", () => {
  deepStrictEqual([7, -7, 2.5].map((x) => clamp(x, 0, 5)), [5, 0, 2.5]);
});
