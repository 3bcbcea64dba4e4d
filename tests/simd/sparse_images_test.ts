// Lists of nonzero pixels.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { CONSTANTS } from "../../lib/simd/generated/simd_wasm.ts";
import { SimdMemory } from "../../lib/simd/memory.ts";
import {
  countNonzero,
  listArrays,
  listNonzero,
  PIECE_ARRAYS,
} from "../../lib/simd/sparse_images.ts";
import { Dataset } from "../../mod.ts";
import { batchOf } from "../helpers/engine_equivalence.ts";

/** One row of pixels for each image. */
type Rows = readonly ArrayLike<number>[];

/** The lists that the WebAssembly code makes; the memory around them must not change. */
function lists(rows: Rows, { threads = 1, order = [...rows.keys()] } = {}) {
  const count = rows.length, width = rows[0]!.length;
  const pixels = Uint8Array.from(rows.flatMap((row) => [...Array.from(row)]));
  const data = Dataset.of({ width, height: 1 }, pixels, new Uint8Array(count));
  const memory = new SimdMemory(threads);
  const start = memory.allocate("test", PIECE_ARRAYS, CONSTANTS.heapBase);
  memory.view(Uint8Array, "pixels", PIECE_ARRAYS.pixels).fill(7); // not 0 after the last image
  memory.set({ D: width });
  const nonzero = countNonzero(data, memory), listed = nonzero + count;
  const bounds = Math.ceil(width / 1024) + 1;
  memory.set({ maxListed: listed });
  const after = memory.allocate("test", listArrays(data, nonzero), start);
  memory.allocate("test", { b2: 64 }, after);
  memory.view(Uint8Array, "b2", 64).fill(9);
  memory.code.preparePositions();
  for (const example of order) listNonzero(data, memory, batchOf([example, order[0]!]));
  deepStrictEqual(new Set(memory.view(Uint8Array, "b2", 64)), new Set([9]));
  strictEqual(listNonzero(data, memory, batchOf([...rows.keys()])), listed);
  const entries = memory.view(Uint32Array, "exampleEntries", listed);
  const starts = memory.view(Uint32Array, "exampleTiles", bounds * count);
  return {
    end: memory.get("listed"),
    images: rows.map((_, example) => {
      const tiles = starts.subarray(bounds * example, bounds * (example + 1));
      return Array.from({ length: bounds - 1 }, (_, tile) => {
        const list = [...entries.subarray(tiles[tile], tiles[tile + 1])];
        return list.map((entry) => [entry >>> 11, (entry & 2047) / 8]);
      });
    }),
  };
}

/** The same lists, made pixel by pixel: index and byte of each, in tiles; last of b1. */
function listsByPixel(rows: Rows) {
  const images = rows.map((row) => {
    const tiles: number[][][] = [];
    for (let i = 0; i < row.length; i++) {
      if (i % 1024 === 0) tiles.push([]);
      if (row[i] !== 0) tiles.at(-1)!.push([i, row[i]!]);
    }
    tiles.at(-1)!.push([row.length, 255]);
    return tiles;
  });
  return { end: images.flat(2).length, images };
}

Deno.test("example: listNonzero() skips zeros, also where a whole image is zero or nonzero", () => {
  const rows = [[0, 7, 0], [0, 0, 0], [255, 1, 128], [0, 0, 9]];
  for (const order of [[0, 1, 2, 3], [1, 3, 0, 2, 3, 1]]) {
    deepStrictEqual(lists(rows, { order }), {
      end: 9, // one entry of each is b1's
      images: [
        [[[1, 7], [3, 255]]],
        [[[3, 255]]],
        [[[0, 255], [1, 1], [2, 128], [3, 255]]],
        [[[2, 9], [3, 255]]],
      ],
    });
  }
});

Deno.test("law: listNonzero() lists what a loop over the pixels lists, in any order of the images", () => {
  const byte = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
  const rows = fc.integer({ min: 1, max: 70 }).chain((width) => {
    const row = fc.oneof(
      fc.array(byte, { minLength: width, maxLength: width }),
      fc.constantFrom(0, 1, 255).map((value) => new Array(width).fill(value)),
    );
    return fc.array(row, { minLength: 1, maxLength: 20 });
  });
  const images = rows.chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      order: fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }),
    })
  );
  fc.assert(fc.property(images, ({ rows, order }) => {
    deepStrictEqual(lists(rows, { order }), listsByPixel(rows));
  }));
});

Deno.test("law: listNonzero() lists images that are counted in several pieces, in both kinds of memory", () => {
  const random = (count: number, width: number, seed: number) =>
    Array.from({ length: count }, (_, image) =>
      Uint8Array.from({ length: width }, (_, i) => {
        const hash = Math.imul(image * width + i + seed, 0x9e3779b1) >>> 16;
        return hash % 3 === 0 ? hash % 256 : 0;
      }));
  for (
    const [count, width] of [
      [65537, 1],
      [200, 784],
      [3, 1023],
      [3, 1024],
      [3, 1025],
      [3, 2048],
      [3, 32768],
      [3, 32769],
      [2, 65535],
      [2, 65536],
    ] as const
  ) {
    const rows = random(count, width, count), expected = listsByPixel(rows);
    strictEqual(expected.end > 0, true);
    for (const threads of [1, 2]) deepStrictEqual(lists(rows, { threads }), expected);
  }
});

Deno.test("example: listNonzero() lists the largest images wholly dark and wholly lit", () => {
  for (const value of [0, 200]) {
    const rows = [new Uint8Array(65536).fill(value), new Uint8Array(65536).fill(value)];
    deepStrictEqual(lists(rows), listsByPixel(rows));
  }
});
