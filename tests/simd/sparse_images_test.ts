// Lists of nonzero pixels.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { SimdMemory } from "../../lib/simd/memory.ts";
import {
  countNonzero,
  PIECE_ARRAYS,
  SPARE_ENTRIES,
  toSparse,
} from "../../lib/simd/sparse_images.ts";
import { Dataset } from "../../mod.ts";

/** One row of pixels for each image. */
type Rows = readonly ArrayLike<number>[];

/** The lists that the WebAssembly code makes; the memory around them must not change. */
function lists(rows: Rows, threads = 1) {
  const count = rows.length, width = rows[0]!.length;
  const pixels = Uint8Array.from(rows.flatMap((row) => [...Array.from(row)]));
  const data = Dataset.of({ width, height: 1 }, pixels, new Uint8Array(count));
  const memory = new SimdMemory(threads);
  const start = memory.allocate("test", PIECE_ARRAYS, memory.get("heapBase"));
  memory.view(Uint8Array, "pixels", PIECE_ARRAYS.pixels).fill(7); // not 0 after the last image
  memory.set({ D: width });
  const nonzero = countNonzero(data, memory), entries = nonzero + SPARE_ENTRIES;
  const after = memory.allocate("test", {
    exampleStarts: 4 * (count + 1),
    nonzeroPixels: 2 * entries,
    nonzeroBytes: entries,
  }, start);
  memory.allocate("test", { b2: 64 }, after);
  memory.view(Uint8Array, "b2", 64).fill(9);
  toSparse(data, memory);
  deepStrictEqual(new Set(memory.view(Uint8Array, "b2", 64)), new Set([9]));
  return {
    starts: [...memory.view(Uint32Array, "exampleStarts", count + 1)],
    indices: [...memory.view(Uint16Array, "nonzeroPixels", nonzero)],
    bytes: [...memory.view(Uint8Array, "nonzeroBytes", nonzero)],
  };
}

/** The same lists, made pixel by pixel. */
function listsByPixel(rows: Rows) {
  const starts = [0], indices: number[] = [], bytes: number[] = [];
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      if (row[i] === 0) continue;
      indices.push(i);
      bytes.push(row[i]!);
    }
    starts.push(indices.length);
  }
  return { starts, indices, bytes };
}

Deno.test("example: toSparse() skips zeros, also where a whole image is zero or nonzero", () => {
  const rows = [[0, 7, 0], [0, 0, 0], [255, 1, 128], [0, 0, 9]];
  deepStrictEqual(lists(rows), {
    starts: [0, 1, 1, 4, 5],
    indices: [1, 0, 1, 2, 2],
    bytes: [7, 255, 1, 128, 9],
  });
});

Deno.test("law: toSparse() lists what a loop over the pixels lists", () => {
  const byte = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
  const images = fc.integer({ min: 1, max: 70 }).chain((width) => {
    const row = fc.oneof(
      fc.array(byte, { minLength: width, maxLength: width }),
      fc.constantFrom(0, 1, 255).map((value) => new Array(width).fill(value)),
    );
    return fc.array(row, { minLength: 1, maxLength: 20 });
  });
  fc.assert(fc.property(images, (rows) => deepStrictEqual(lists(rows), listsByPixel(rows))));
});

Deno.test("law: toSparse() lists images that need several pieces, in both kinds of memory", () => {
  const random = (count: number, width: number, seed: number) =>
    Array.from({ length: count }, (_, image) =>
      Uint8Array.from({ length: width }, (_, i) => {
        const hash = Math.imul(image * width + i + seed, 0x9e3779b1) >>> 16;
        return hash % 3 === 0 ? hash % 256 : 0;
      }));
  for (
    const [count, width] of [[65537, 1], [200, 784], [3, 32768], [3, 32769], [2, 65535], [
      2,
      65536,
    ]] as const
  ) {
    const rows = random(count, width, count), expected = listsByPixel(rows);
    strictEqual(expected.indices.length > 0, true);
    for (const threads of [1, 2]) deepStrictEqual(lists(rows, threads), expected);
  }
});

Deno.test("example: toSparse() lists the largest images wholly dark and wholly lit", () => {
  for (const value of [0, 200]) {
    const rows = [new Uint8Array(65536).fill(value), new Uint8Array(65536).fill(value)];
    deepStrictEqual(lists(rows), listsByPixel(rows));
  }
});
