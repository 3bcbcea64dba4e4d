import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { BLOCK_WIDTH, blocks, fromBlocks, toBlocks } from "../../lib/simd/block_layout.ts";
import { Matrix } from "../../mod.ts";
import { matrix, size } from "../helpers/arbitraries.ts";

Deno.test("example: toRows() puts a matrix's rows into lanes, and into the next block after sixteen", () => {
  const data = new Float64Array(2 * 3 * BLOCK_WIDTH);
  const numbers = Array.from({ length: 17 * 2 }, (_, i) => i + 1);
  toBlocks(Matrix.of(17, 2, numbers), { data, ofBlock: 3, first: 1 });
  deepStrictEqual([...data.subarray(0, BLOCK_WIDTH)], new Array(BLOCK_WIDTH).fill(0));
  deepStrictEqual([...data.subarray(BLOCK_WIDTH, BLOCK_WIDTH + 3)], [1, 3, 5]); // the first column
  deepStrictEqual([...data.subarray(2 * BLOCK_WIDTH, 2 * BLOCK_WIDTH + 3)], [2, 4, 6]);
  deepStrictEqual([...data.subarray(4 * BLOCK_WIDTH, 4 * BLOCK_WIDTH + 2)], [33, 0]); // row 17's
  deepStrictEqual([...data.subarray(5 * BLOCK_WIDTH, 5 * BLOCK_WIDTH + 2)], [34, 0]);
});

Deno.test("law: fromRows() undoes toRows(), and two matrices in the same blocks leave each other alone", () => {
  const pairs = fc.tuple(size("rows", 40), size("columns", 5), size("more", 5)).chain(([R, C, N]) =>
    fc.tuple(matrix(R, C), matrix(R, N))
  );
  fc.assert(fc.property(pairs, ([one, other]) => {
    const ofBlock = one.columns + other.columns;
    const data = new Float64Array(blocks(one.rows) * ofBlock * BLOCK_WIDTH);
    toBlocks(one, { data, ofBlock, first: 0 });
    toBlocks(other, { data, ofBlock, first: one.columns });
    const [R, C, N] = [one.rows, one.columns, other.columns];
    deepStrictEqual(fromBlocks(R, C, { data, ofBlock, first: 0 }), one);
    deepStrictEqual(fromBlocks(R, N, { data, ofBlock, first: C }), other);
  }));
});

Deno.test("example: blocks() is how many blocks of sixteen lanes hold so many numbers", () => {
  deepStrictEqual([1, 16, 17, 32, 33].map(blocks), [1, 1, 2, 2, 3]);
});
