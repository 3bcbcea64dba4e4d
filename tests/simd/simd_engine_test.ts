// SimdEngine: its memory, limits, errors and parameters.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  BLOCK_WIDTH,
  blockCount,
  fromBlocks,
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
