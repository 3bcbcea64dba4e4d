// Matrices in blocks of sixteen rows, as the WebAssembly code reads them.
import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { BLOCK_WIDTH, blockCount, fromBlocks, toBlocks } from "../../lib/simd/block_layout.ts";
import { Matrix } from "../../mod.ts";
import { matrix, size } from "../helpers/arbitraries.ts";

Deno.test("example: toBlocks() writes a matrix's columns as rows, sixteen of its rows to a block", () => {
  const data = new Float64Array(2 * 3 * BLOCK_WIDTH);
  const numbers = Array.from({ length: 17 * 2 }, (_, i) => i + 1);
  toBlocks(Matrix.of(17, 2, numbers), { data, rowsPerBlock: 3, firstRow: 1 });
  deepStrictEqual([...data.subarray(0, BLOCK_WIDTH)], new Array(BLOCK_WIDTH).fill(0));
  deepStrictEqual([...data.subarray(BLOCK_WIDTH, BLOCK_WIDTH + 3)], [1, 3, 5]); // the first column
  deepStrictEqual([...data.subarray(2 * BLOCK_WIDTH, 2 * BLOCK_WIDTH + 3)], [2, 4, 6]);
  deepStrictEqual([...data.subarray(4 * BLOCK_WIDTH, 4 * BLOCK_WIDTH + 2)], [33, 0]); // row 16
  deepStrictEqual([...data.subarray(5 * BLOCK_WIDTH, 5 * BLOCK_WIDTH + 2)], [34, 0]);
});

Deno.test("law: fromBlocks() inverts toBlocks(), also where two matrices share blocks", () => {
  const pairs = fc.tuple(size("rows", 40), size("columns", 5), size("more", 5)).chain(([R, C, N]) =>
    fc.tuple(matrix(R, C), matrix(R, N))
  );
  fc.assert(fc.property(pairs, ([one, other]) => {
    const rowsPerBlock = one.columns + other.columns;
    const data = new Float64Array(blockCount(one.rows) * rowsPerBlock * BLOCK_WIDTH);
    toBlocks(one, { data, rowsPerBlock, firstRow: 0 });
    toBlocks(other, { data, rowsPerBlock, firstRow: one.columns });
    const [R, C, N] = [one.rows, one.columns, other.columns];
    deepStrictEqual(fromBlocks(R, C, { data, rowsPerBlock, firstRow: 0 }), one);
    deepStrictEqual(fromBlocks(R, N, { data, rowsPerBlock, firstRow: C }), other);
  }));
});

Deno.test("example: blockCount() is the number of blocks of sixteen that hold n numbers", () => {
  deepStrictEqual([1, 16, 17, 32, 33].map(blockCount), [1, 1, 2, 2, 3]);
});
