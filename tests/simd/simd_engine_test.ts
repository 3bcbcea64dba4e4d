// SimdEngine: its memory, limits, errors and parameters.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { CONSTANTS } from "../../lib/simd/generated/simd_wasm.ts";
import {
  BLOCK_WIDTH,
  blockCount,
  countNonzero,
  fromBlocks,
  listArrays,
  listNonzero,
  PIECE_ARRAYS,
  SimdMemory,
  toBlocks,
} from "../../lib/simd/memory.ts";
import {
  type AnyParameters,
  Dataset,
  dim,
  initialise,
  Matrix,
  RandomState,
  SimdEngine,
} from "../../mod.ts";
import { matrix, size } from "../helpers/arbitraries.ts";
import { assertSameParameters, batchOf, EnginePair } from "../helpers/engine_equivalence.ts";
import { runs } from "../helpers/fixtures.ts";
import { assertRun, prepareReplay, runName } from "../helpers/replay.ts";

Deno.test("example: SimdMemory.allocate() takes all memory but the last page, and refuses one byte more", () => {
  const grow = WebAssembly.Memory.prototype.grow, grown: number[] = [];
  WebAssembly.Memory.prototype.grow = (pages) => grown.push(pages);
  try {
    const memory = new SimdMemory(), all = 65535 * 65536;
    strictEqual(memory.allocate("a test", { W1: 64, W2: all - 128 }, 0), all - 64);
    strictEqual(memory.allocate("a test", { W1: 64, W2: all - 64 }, 0), all);
    deepStrictEqual(grown, [65534, 65534]); // besides the first page
    throws(
      () => memory.allocate("a test", { W1: 64, W2: all - 63 }, 0),
      new RangeError(
        "Cannot allocate a test: need 4096 MiB of memory, WebAssembly has less than 4096",
      ),
    );
    strictEqual(grown.length, 2);
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
});

Deno.test("example: SimdMemory.allocate() begins each array at the next cache line", () => {
  const memory = new SimdMemory();
  strictEqual(memory.allocate("a test", { W1: 1, W2: 64, Y1: 65, b2: 8 }, 2809), 3080);
  deepStrictEqual((["W1", "W2", "Y1", "b2"] as const).map((name) => memory.get(name)), [
    2816,
    2880,
    2944,
    3072,
  ]);
});

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
        return list.map((entry) => pixel(entry >>> 11, (entry & 2047) / 8));
      });
    }),
  };
}

/** Index and byte of a pixel as one number: lists of pairs take long to compare. */
function pixel(index: number, byte: number): number {
  return 256 * index + byte;
}

/** The same lists, made pixel by pixel, in tiles; last of b1. */
function listsByPixel(rows: Rows) {
  const images = rows.map((row) => {
    const tiles: number[][] = [];
    for (let i = 0; i < row.length; i++) {
      if (i % 1024 === 0) tiles.push([]);
      if (row[i] !== 0) tiles.at(-1)!.push(pixel(i, row[i]!));
    }
    tiles.at(-1)!.push(pixel(row.length, 255));
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
        [[pixel(1, 7), pixel(3, 255)]],
        [[pixel(3, 255)]],
        [[pixel(0, 255), pixel(1, 1), pixel(2, 128), pixel(3, 255)]],
        [[pixel(2, 9), pixel(3, 255)]],
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
      [16385, 4], // the last image alone is a piece
      [200, 784],
      [3, 1024],
      [3, 32769],
      [2, 65536],
    ] as const
  ) {
    const rows = random(count, width, count), expected = listsByPixel(rows);
    strictEqual(expected.end > 0, true);
    for (const threads of [1, 2]) deepStrictEqual(lists(rows, { threads }), expected);
  }
});

/** Four images of 3x2 pixels in three classes. */
const images = Dataset.of(
  { width: 3, height: 2 },
  Uint8Array.of(0, 9, 255, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 0, 0, 50, 60, 0, 0),
  Uint8Array.of(2, 0, 1, 1),
);

/** Parameters for images of 3x2 pixels. */
function draw(hidden = 5, classes = 3, inputs = 6): AnyParameters {
  const sizes = [dim("inputs", inputs), dim("hidden", hidden), dim("classes", classes)] as const;
  return initialise(...sizes, new RandomState(1));
}

for (const run of runs().filter(({ settings }) => settings.limit)) {
  Deno.test(`reference: SimdEngine has NumPy's losses and accuracy: ${runName(run)}`, () => {
    const { random, engine: { parameters, data } } = prepareReplay(run);
    assertRun(run, { random, engine: new SimdEngine(parameters, data) });
  });
}

Deno.test("example: SimdEngine.parameters returns what was set, for sizes around the block width", () => {
  for (const hidden of [1, 15, 16, 17, 33]) {
    for (const classes of [1, 2, 16, 17, 256]) {
      const initial = draw(hidden, classes),
        other = initialise(
          initial.W1.columns,
          initial.W1.rows,
          initial.W2.rows,
          new RandomState(hidden * 1000 + classes),
        );
      const engine = new SimdEngine(initial, images);
      assertSameParameters(engine.parameters, initial);
      engine.parameters = other;
      assertSameParameters(engine.parameters, other);
    }
  }
});

Deno.test("example: SimdEngine continues from parameters set in the middle of a run", () => {
  const engine = new SimdEngine(draw(), images);
  engine.step(batchOf([0, 1, 2]), 0.5);
  const saved = engine.parameters, result = engine.step(batchOf([3, 0]), 0.5);
  const after = engine.parameters;
  engine.parameters = saved;
  deepStrictEqual(engine.step(batchOf([3, 0]), 0.5), result);
  assertSameParameters(engine.parameters, after);
});

Deno.test("example: SimdEngine works at the limits: 65,536 pixels, 4,096 hidden units, 256 classes", () => {
  const wide = Dataset.of(
    { width: 256, height: 256 },
    Uint8Array.from({ length: 3 * 65536 }, (_, i) => i % 3 ? 0 : i % 256),
    Uint8Array.of(0, 1, 2),
  );
  new EnginePair(draw(2, 3, 65536), wide).step([0, 2, 1, 1], 0.1);
  const many = Dataset.of(images.size, images.pixels, Uint8Array.of(2, 0, 255, 1));
  new EnginePair(draw(4096, 256), many).step([0, 1, 2, 3], 0.1);
});

/** What SimdEngine refuses, besides what every engine does (tests/training/). */
const REFUSALS: readonly (readonly [use: () => unknown, line: string])[] = [
  [
    () => {
      const pixels = new Uint8Array(65537), size = { width: 65537, height: 1 };
      return new SimdEngine(draw(1, 1, 65537), Dataset.of(size, pixels, Uint8Array.of(0)));
    },
    "Cannot train on images of 65537 pixels: need at most 65536",
  ],
  [
    () => new SimdEngine(draw(), images).step(batchOf(new Uint32Array(2 ** 21 + 1)), 0.1),
    "Cannot train on a batch of 2097153 images: need at most 2097152",
  ],
  ...[0, -1, 1.5, NaN, 257].map((threads) =>
    [
      () => new SimdEngine(draw(), images, { threads }),
      `Cannot compute with ${threads} threads: need an integer from 1 to 256`,
    ] as const
  ),
];

Deno.test("example: SimdEngine throws RangeError beyond its limits", () => {
  for (const [use, line] of REFUSALS) throws(use, new RangeError(line));
});

Deno.test("example: SimdEngine throws RangeError if a batch needs too much memory, and still works", () => {
  const engines = new EnginePair(draw(), images), batch = batchOf(new Uint32Array(12_000_000));
  // three rows, three class scores, two terms of the loss, the index and the predicted class; and
  // for each of image 0's three nonzero pixels and for b1 an entry in the list by pixel
  const need = 12e6 * (3 * 16 * 8 + 3 * 8 + 2 * 8 + 4 + 4 + 4 * 4);
  throws(() => engines.fast.scores(batch), (error) => {
    ok(error instanceof RangeError);
    const [, images, needed] = error.message.match(
      /^Cannot allocate a batch of (\d+) images: need (\d+) MiB of memory, WebAssembly has less than 4096$/,
    )!;
    strictEqual(images, "12000000");
    // other arrays are small, but each begins at a cache line
    ok(Math.abs(Number(needed) - need / 2 ** 20) < 2, `${needed} of ${need / 2 ** 20}`);
    return true;
  });
  engines.step([0, 1, 2, 3], 0.1);
});

Deno.test("example: SimdEngine throws RangeError if the system refuses memory", () => {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory");
  };
  try {
    const wide = Matrix.zeros(dim("hidden", 1000), images.inputs);
    throws(
      () => new SimdEngine({ ...draw(1000), W1: wide }, images),
      new RangeError(
        "Cannot allocate 4 images and a 6-1000-3 network: need 1 MiB of memory, the system has less",
      ),
    );
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
});
