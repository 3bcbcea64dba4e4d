import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { blocks, fromRows, LANES, toRows } from "../lib/engine/rows.ts";
import { Matrix } from "../mod.ts";
import { matrix, size } from "./_arbitraries.ts";

Deno.test("example: toRows() puts a matrix's rows into lanes, and into the next block after sixteen", () => {
  const data = new Float64Array(2 * 3 * LANES);
  const numbers = Array.from({ length: 17 * 2 }, (_, i) => i + 1);
  toRows(Matrix.of(17, 2, numbers), { data, ofBlock: 3, first: 1 });
  deepStrictEqual([...data.subarray(0, LANES)], new Array(LANES).fill(0));
  deepStrictEqual([...data.subarray(LANES, LANES + 3)], [1, 3, 5]); // the first column
  deepStrictEqual([...data.subarray(2 * LANES, 2 * LANES + 3)], [2, 4, 6]);
  deepStrictEqual([...data.subarray(4 * LANES, 4 * LANES + 2)], [33, 0]); // row 17's
  deepStrictEqual([...data.subarray(5 * LANES, 5 * LANES + 2)], [34, 0]);
});

Deno.test("law: fromRows() undoes toRows(), and two matrices in the same blocks leave each other alone", () => {
  const pairs = fc.tuple(size("rows", 40), size("columns", 5), size("more", 5)).chain(([R, C, N]) =>
    fc.tuple(matrix(R, C), matrix(R, N))
  );
  fc.assert(fc.property(pairs, ([one, other]) => {
    const ofBlock = one.columns + other.columns;
    const data = new Float64Array(blocks(one.rows) * ofBlock * LANES);
    toRows(one, { data, ofBlock, first: 0 });
    toRows(other, { data, ofBlock, first: one.columns });
    const [R, C, N] = [one.rows, one.columns, other.columns];
    deepStrictEqual(fromRows(R, C, { data, ofBlock, first: 0 }), one);
    deepStrictEqual(fromRows(R, N, { data, ofBlock, first: C }), other);
  }));
});

Deno.test("blocks() is how many blocks of sixteen lanes hold so many numbers", () => {
  deepStrictEqual([1, 16, 17, 32, 33].map(blocks), [1, 1, 2, 2, 3]);
});
