// The text of a matrix: columns, decimals, and the shortening of long axes.
import { strictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import { Matrix } from "../../mod.ts";

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

Deno.test("example: Matrix.toString() writes NaN and infinities as JavaScript does", () => {
  assertLines(Matrix.fromRows([[NaN], [-Infinity], [1.5]]), [
    "Matrix 3x1",
    "[[      NaN]",
    " [-Infinity]",
    " [      1.5]]",
  ]);
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
