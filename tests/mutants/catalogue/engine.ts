/**
 * Mutants of the WebAssembly engine, which must equal the reference to the bit. Each is compiled.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const FOLDER = "lib/simd/assembly";

const STEPS = [
  "simd/engine_equivalence_test.ts",
  "law: SimdEngine takes steps equal to the reference's to the bit",
] as const;

const WIDE = [
  "simd/engine_equivalence_test.ts",
  "example: SimdEngine equals the reference on images of several tiles of pixels",
] as const;

/** The engine's AssemblyScript. */
export const engine: Chapter = {
  title: "WebAssembly engine",
  mutants: [
    {
      title: "Scores from W2 of before the last step: its transpose is not made anew",
      file: `${FOLDER}/chunks.ts`,
      search: "if (task == SCORES || task == LOSSES || task == GRADIENTS) transposeW2();",
      replace: "if (task == SCORES || task == LOSSES) transposeW2();",
      caughtBy: STEPS,
    },
    {
      title: "A failed thread's chunk is computed from its start: rows are updated twice",
      file: `${FOLDER}/chunks.ts`,
      search: `  atomic.store<u32>(claimed, chunk);
  work(chunk, done);`,
      replace: `  atomic.store<u32>(claimed, chunk);
  work(chunk, 0);`,
      caughtBy: [
        "simd/threads_test.ts",
        "example: SimdEngine updates no parameter twice after a worker throws at the end of a chunk",
      ],
    },
    {
      title: "Without lists: a failed thread's chunk is computed from its start",
      file: `${FOLDER}/backward.ts`,
      search: `      if (count++ < done) continue;
      denseUpdate`,
      replace: `      count++;
      denseUpdate`,
      caughtBy: [
        "simd/threads_test.ts",
        "example: SimdEngine updates no parameter twice after a worker throws at the end of a chunk",
      ],
    },
    {
      title: "A chunk from another thread's queue is taken for one of its own",
      file: `${FOLDER}/chunks.ts`,
      search: "startOfPart(load<u32>(board, CHUNKS), queue, threads)",
      replace: "startOfPart(load<u32>(board, CHUNKS), thread, threads)",
      caughtBy: [
        "simd/threads_test.ts",
        "example: SimdEngine has the same bits before, while and after its workers start",
      ],
    },
    {
      title: "Threads keep the sizes of an earlier batch",
      file: "lib/simd/worker.ts",
      search: "if (version !== Atomics.load(values, 0)) update();",
      replace: "",
      caughtBy: [
        "simd/threads_test.ts",
        "example: SimdEngine has the same bits before, while and after its workers start",
      ],
    },
    {
      title: "Workers outlive close()",
      file: "lib/simd/threads.ts",
      search: "    this.#memory.code.stop(); //",
      replace: "    //",
      caughtBy: [
        "simd/threads_test.ts",
        "example: SimdEngine.close() ends the workers, and the engine continues alone",
      ],
    },
    {
      title: "Wide images: the second tile's sums begin at 0",
      file: `${FOLDER}/forward.ts`,
      search: "tile == 0 ? zeros : a;",
      replace: "zeros;",
      caughtBy: WIDE,
    },
    {
      title: "Without lists: the second tile's sums begin at 0",
      file: `${FOLDER}/dense.ts`,
      search: "pixel == 0 ? zeros : a0,",
      replace: "zeros,",
      caughtBy: WIDE,
    },
    {
      title: "Workers are started for the first task, which may be the only one",
      file: "lib/simd/threads.ts",
      search: "this.#alone >= sharing.delay ||",
      replace: "true ||",
      caughtBy: [
        "simd/threads_test.ts",
        "example: SimdEngine starts its workers only after it has worked for a while, also after a pause",
      ],
    },
    {
      title: "A batch of more entries than 32 bits count is not refused",
      file: "lib/simd/simd_engine.ts",
      search: "this.#reserve(B, entries);",
      replace: "this.#reserve(B, entries >>> 0);",
      caughtBy: [
        "simd/simd_engine_test.ts",
        "example: SimdEngine throws RangeError for batches whose arrays 32 bits cannot address",
      ],
    },
    {
      title: "An image is listed each time it is used: the lists grow into the next array",
      file: "lib/simd/sparse_images.ts",
      search: "if (bounds[last] === 0) {",
      replace: "{",
      caughtBy: [
        "simd/sparse_images_test.ts",
        "example: listNonzero() skips zeros, also where a whole image is zero or nonzero",
      ],
    },
    {
      title: "Without lists: an image keeps pixels of the batch before",
      file: `${FOLDER}/dense.ts`,
      search: "memory.fill(x, 0, PIXELS_PER_X_TILE << 3);",
      replace: "",
      caughtBy: WIDE,
    },
    {
      title: "(1 - y) y multiplied first: the same number, but not the same bits",
      file: `${FOLDER}/backward.ts`,
      search: "mul(mul(v128.load(to), sub(one, v128.load(y))), v128.load(y))",
      replace: "mul(v128.load(to), mul(sub(one, v128.load(y)), v128.load(y)))",
      caughtBy: STEPS,
    },
    {
      title: "Multiplied by 1/B, not divided by B: rounded once more",
      file: `${FOLDER}/softmax.ts`,
      search: "div(v128.load(i), splat(B))",
      replace: "f64x2.mul(v128.load(i), splat(1.0 / <f64>B))",
      caughtBy: STEPS,
    },
    {
      title: "The last of equal scores counts as the prediction",
      file: `${FOLDER}/softmax.ts`,
      search: "score > load<f64>(largest)",
      replace: "score >= load<f64>(largest)",
      caughtBy: [
        "simd/engine_equivalence_test.ts",
        "example: SimdEngine.step() counts the first of equal scores as the answer, as the reference does",
      ],
    },
    {
      title: "An image whose probabilities are NaN counts as right",
      file: `${FOLDER}/softmax.ts`,
      search: "isFinite(max) ? <i32>(largest - a >> 3) : -1",
      replace: "<i32>(largest - a >> 3)",
      caughtBy: [
        "training/evaluate_test.ts",
        "example: evaluate() and Engine.step() count no example as right whose probabilities are NaN",
      ],
    },
    {
      title: "An array two entries too short: the next one's first are overwritten",
      file: "lib/simd/simd_engine.ts",
      search: "pixelStarts: (D + 3) * 4",
      replace: "pixelStarts: (D + 1) * 4",
      caughtBy: STEPS,
    },
    {
      title: "Labels are not checked where only predictions and losses are asked for",
      file: "lib/simd/simd_engine.ts",
      search: `    this.#checkLabels(batchIndices);
    this.#runHidden(Task.hidden);
    this.#run(Task.losses);`,
      replace: `    this.#runHidden(Task.hidden);
    this.#run(Task.losses);`,
      caughtBy: [
        "training/engine_checks_test.ts",
        "example: Engine.step() and scores throw RangeError for invalid examples, labels and learning rates, and change nothing",
      ],
    },
    {
      title: "The last page is used too: an array that ends there ends at address 0",
      file: "lib/simd/memory.ts",
      search: "const MAX_PAGES = 65535;",
      replace: "const MAX_PAGES = 65536;",
      caughtBy: [
        "simd/memory_test.ts",
        "example: SimdMemory.allocate() takes all memory but the last page, and refuses one byte more",
      ],
    },
    {
      title: "Addresses taken for signed numbers: from 2 GiB on they are negative",
      file: "lib/simd/memory.ts",
      search: ".value >>> 0",
      replace: ".value",
      caughtBy: [
        "simd/memory_test.ts",
        "example: SimdMemory.get() returns addresses of 2³¹ and more as they were set",
      ],
    },
    {
      title: "NaN lost: the arguments of pmin swapped",
      file: `${FOLDER}/exp.ts`,
      search: "f64x2.pmin(x, constant(MAX))",
      replace: "f64x2.pmin(constant(MAX), x)",
      caughtBy: [
        "simd/engine_equivalence_test.ts",
        "example: SimdEngine.step() overflows where the reference does, and to the same",
      ],
    },
  ],
};
