// Matrix: its operations, by hand and by the laws of linear algebra; its text; named sizes.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { Matrix } from "../../lib/math/matrix.ts";
import { Indices } from "../../lib/math/indices.ts";
import { dim, ShapeError } from "../../lib/math/shape.ts";
import { maxAbs } from "../../lib/math/max_abs.ts";
import { matrix, size } from "../helpers/arbitraries.ts";

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
    [() => A.plus(B), entryByEntry("2x2 with 3x3")],
    [
      () => A.plusColumn(Matrix.zeros(three, 1)),
      new ShapeError("Cannot add 3x1 to each column of 2x2: need 2x1"),
    ],
    [
      () => A.zipRow(Matrix.zeros(1, three), (a) => a),
      new ShapeError("Cannot combine each row of 2x2 with 1x3: need 1x2"),
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
    [() => Matrix.fromRows([] as unknown as [[1]]), size(0, "rows")],
    [() => Matrix.fromRows([[]]), size(0, "columns")],
    // a row instead of rows, and a hole
    ...([[[1, 2], "1"], [[, [1]], "undefined"], [["1"], 'the string "1"']] as const).map(
      ([rows, found]): [() => unknown, Error] => [
        () => Matrix.fromRows(rows as unknown as number[][]),
        new TypeError(
          `Cannot make a matrix of rows: row 0 is ${found}, need a list of numbers`,
        ),
      ],
    ),
    [() => Matrix.zeros(many, many), bytes("1000000000x1000000000", 8e18)],
    [
      () => Matrix.zeros(million, 1).multiply(Matrix.zeros(1, million)),
      bytes("1000000x1000000", 8e12),
    ],
    // null is JSON's NaN, which a typed array takes for 0
    ...[null, "3"].flatMap((bad: unknown): [() => unknown, Error][] => {
      const type = bad === null ? "null" : typeof bad;
      const error = new TypeError(
        `Cannot fill a 2x2 matrix: entry (1, 0) is of type ${type}, need number`,
      );
      return [
        [() => Matrix.of(2, 2, [1, 2, bad as number, 4]), error],
        [() => Matrix.fromRows([[1, 2], [bad as number, 4]]), error],
      ];
    }),
    ...[[2, 0], [0, 2], [1, -1], [0.5, 0]].map(
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

Deno.test("example: maxAbs() is the largest absolute value, 0 for no numbers and NaN if one is NaN", () => {
  deepStrictEqual([[1, -3, 2], Uint8Array.of(7, 9), [], [1, NaN, 2]].map(maxAbs), [3, 9, 0, NaN]);
});

function assertLines(matrix: { toString(): string }, wanted: string[]): void {
  strictEqual(matrix.toString(), wanted.join("\n"));
}

Deno.test("example: Matrix.toString() aligns entries in columns of one width", () => {
  assertLines(Matrix.fromRows([[1, -20, 3], [4, 5, 6000]]), [
    "Matrix 2x3",
    "[[   1  -20    3]",
    " [   4    5 6000]]",
  ]);
});

Deno.test("example: Matrix.toString() writes as many decimals as are needed, up to four", () => {
  assertLines(Matrix.fromRows([[0.5, 2, -0.125]]), ["Matrix 1x3", "[[ 0.500  2.000 -0.125]]"]);
  assertLines(Matrix.fromRows([[1 / 3, 2]]), ["Matrix 1x2", "[[0.3333 2.0000]]"]);
});

Deno.test("example: Matrix.toString() writes exponents if an entry is below 0.0001 or from a million on", () => {
  assertLines(Matrix.fromRows([[0.0001, 999_999]]), ["Matrix 1x2", "[[     0.0001 999999.0000]]"]);
  assertLines(Matrix.fromRows([[0.0000999, 0]]), ["Matrix 1x2", "[[9.99e-5 0.00e+0]]"]);
  assertLines(Matrix.fromRows([[-1e6]]), ["Matrix 1x1", "[[-1e+6]]"]);
  assertLines(Matrix.fromRows([[1e6, -25]]), ["Matrix 1x2", "[[ 1.0e+6 -2.5e+1]]"]);
});

Deno.test("example: Matrix.toString() shortens an axis longer than 10 to three entries at each end", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  assertLines(Matrix.of(2, 11, numbers(22)), [
    "Matrix 2x11",
    "[[ 0  1  2 ...  8  9 10]",
    " [11 12 13 ... 19 20 21]]",
  ]);
  assertLines(Matrix.of(11, 1, numbers(11)), [
    "Matrix 11x1",
    "[[ 0]",
    " [ 1]",
    " [ 2]",
    " ...",
    " [ 8]",
    " [ 9]",
    " [10]]",
  ]);
  assertLines(Matrix.of(1, 10, numbers(10)), ["Matrix 1x10", "[[0 1 2 3 4 5 6 7 8 9]]"]);
});

Deno.test("example: Matrix prints alike in Deno's and in Node's console.log", () => {
  const A = Matrix.fromRows([[1, 2], [3, 4]]);
  const printed = "Matrix 2x2\n[[1 2]\n [3 4]]";
  strictEqual(Deno.inspect(A), printed);
  strictEqual(inspect(A), printed); // Node's own function looks for Node's symbol
  strictEqual(String(A), printed);
});

Deno.test("example: Indices.of() takes a copy, of a Uint32Array too", () => {
  for (const values of [[1, 2], Uint32Array.of(1, 2)]) {
    const indices = Indices.of(2, values);
    values[0] = 9;
    strictEqual(indices.values[0], 1);
  }
});

Deno.test("example: Indices.from() takes an array of any length, and leaves indices as they are", () => {
  const indices = Indices.from([4, 2]);
  deepStrictEqual<unknown>(indices, Indices.of(2, [4, 2]));
  strictEqual(Indices.from(indices), indices);
  deepStrictEqual<unknown>(Indices.from(Uint8Array.of(7)), Indices.of(1, [7]));
});

Deno.test("example: dim() and Indices refuse other sizes, counts and indices, and say what is needed", () => {
  const refused: [() => unknown, Error][] = [
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 53].map((size): [() => unknown, Error] => [
      () => dim("batch", size),
      new RangeError(`Cannot use ${size} as the size of "batch": must be an integer >= 1`),
    ]),
    [() => Indices.of(2, [1, 2, 3]), new ShapeError("Cannot make 2 indices of 3 numbers: need 2")],
    ...[-1, 0.5, NaN, 2 ** 32].map((bad): [() => unknown, Error] => [
      () => Indices.of(2, [0, bad]),
      new RangeError(`Cannot use ${bad} as index 1: must be an integer from 0 to 4294967295`),
    ]),
    [
      () => Indices.from([]),
      new RangeError('Cannot use 0 as the size of "batch": must be an integer >= 1'),
    ],
    [
      () => Indices.of(3, [0, 9, 10]).checkBelow(10, "classes"),
      new RangeError("Cannot use 10 as index 2: there are 10 classes, counted from 0"),
    ],
  ];
  for (const [call, error] of refused) throws(call, error);
  Indices.of(3, [0, 9, 10]).checkBelow(11, "classes");
});

/** What a notebook shows: HTML, and text for what shows none. */
function display(matrix: object): Record<string, string> {
  const shown = matrix as { [name: symbol]: () => Record<string, string> };
  return shown[Symbol.for("Jupyter.display")]!();
}

Deno.test("example: a notebook shows a matrix as a heat map: orange positive, blue negative, grey NaN", () => {
  const matrix = Matrix.of(2, 3, [4, -4, 0, 2, NaN, Infinity]);
  const { "text/plain": text, "text/html": html } = display(matrix);
  strictEqual(text, matrix.toString());
  ok(html!.includes("<figcaption>Matrix 2x3, -4.000 to 4.000</figcaption>"));
  const source = /base64,([^"]+)"/.exec(html!)![1]!;
  const bytes = Uint8Array.from(atob(source), (character) => character.charCodeAt(0));
  const colour = (index: number) => [...bytes.subarray(54 + 4 * index, 57 + 4 * index)].reverse();
  const rows = [bytes.subarray(1078, 1081), bytes.subarray(1082, 1085)]; // each of four bytes
  deepStrictEqual(rows.map((row) => Array.from(row, colour)), [
    [[226, 88, 16], [31, 119, 200], [255, 255, 255]],
    [[240, 171, 135], [128, 128, 128], [226, 88, 16]],
  ]);
});

Deno.test("example: the heat map of a large matrix shows its first rows and columns, and says so", () => {
  const { "text/html": html } = display(Matrix.zeros(2, 1200));
  ok(html!.includes("Matrix 2x1200, 0.000 to 0.000, the first 2x1000 entries"), html);
});
