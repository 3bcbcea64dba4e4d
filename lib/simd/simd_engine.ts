// Engine that takes the training step in WebAssembly with SIMD, equal to the reference bit for bit.
import { log } from "../math/log.ts";
import { Indices } from "../math/indices.ts";
import { Matrix } from "../math/matrix.ts";
import { type Dataset, PIXEL_VALUES } from "../data/dataset.ts";
import type { Parameters } from "../network/network.ts";
import type { SingleSize } from "../math/shape.ts";
import {
  type BatchResult,
  checkGiven,
  checkLearningRate,
  checkParameters,
  type Engine,
  type PredictionsAndLosses,
} from "../training/engine.ts";
import { CONSTANTS } from "./generated/simd_wasm.ts";
import {
  BLOCK_WIDTH,
  blockCount,
  type BlockLayout,
  fromBlocks,
  ROW_BYTES,
  SimdMemory,
  toBlocks,
} from "./memory.ts";
import { sharing, Threads } from "./threads.ts";

/** Pixel indices are stored in 16 bits, and images in lists in 21 (assembly/sparse.ts). */
const MAX_INPUTS = 65536, MAX_BATCH = 2 ** 21;

/** The largest number of threads. */
export const MAX_THREADS = 256;

/** Chunks of a task for each thread: so short that no thread waits long for the last one. */
const CHUNKS_PER_THREAD = 8;

/** The share of nonzero pixels, of the first ones, from which lists cost more than they save. */
const DENSE_SHARE = 0.8, MAX_COUNTED = 1e5;

/** The most images in a chunk: their lists of pixels and their sums stay in the cache. */
const MAX_IMAGES = 128;

/**
 * Trains as {@linkcode ReferenceEngine} does, to the same bits and much faster
 * (docs/performance.md).
 *
 * Losses, parameters and scores equal the reference's bit for bit as long as the parameters are
 * finite. This engine skips pixels of value 0; the reference multiplies them, and 0 times an
 * infinite weight is NaN.
 *
 * It copies the labels, and the pixels of an image when it first uses the image.
 *
 * With several threads the numbers are the same. All but the caller's are workers. They are started
 * when tasks have taken 50 ms, one with each task, and help as soon as they run; where they cannot
 * be started or cannot share memory, as in a page that is not cross-origin isolated, the engine
 * computes with fewer. They end with {@linkcode SimdEngine.close}, with `using`, or by themselves
 * after a second without work. If one fails, or no thread makes progress for ten seconds, parameters
 * may be updated only in part: the engine throws an Error, then and at each later use. Continue with
 * a new engine, from parameters that were read before.
 *
 * @example
 * ```ts
 * import { Dataset, dim, Indices, initialise, RandomState } from "@sanso/sanso";
 * import { ReferenceEngine, SimdEngine } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * // two images of 1x2 pixels, one of each class
 * const pixels = Uint8Array.of(255, 0, 0, 255), labels = Uint8Array.of(0, 1);
 * const data = Dataset.of({ width: 2, height: 1 }, pixels, labels);
 * const parameters = initialise(data.inputs, dim("hidden", 3), data.classes, new RandomState(1));
 * const fast = new SimdEngine(parameters, data), reference = new ReferenceEngine(parameters, data);
 * const both = Indices.of(2, [0, 1]);
 * deepStrictEqual(fast.step(both, 0.5), reference.step(both, 0.5));
 * deepStrictEqual(fast.parameters, reference.parameters);
 * ```
 *
 * @category 6 Training
 */
export class SimdEngine<D extends number, M extends number, K extends number>
  implements Engine<D, M, K> {
  /** K, the number of classes of the network. */
  readonly classes: SingleSize<K>;
  readonly #sizes: { D: SingleSize<D>; M: SingleSize<M>; K: SingleSize<K> };
  readonly #memory: SimdMemory;
  readonly #threads: Threads;
  readonly #isDense: boolean; // whether most pixels are not 0: sums are of X then, not of lists
  readonly #hasClasses: boolean; // whether all labels are below K, so that none needs to be checked
  readonly #chunks: number; // about how many a task has
  readonly #batchStart: number; // the address of the batch's arrays, after all others
  #capacity = { images: 0, entries: 0 }; // of these arrays
  #isLittle = false; // whether the selected batch is too little work for several threads

  /**
   * Creates an engine at these parameters, which are copied, for a data set of the same D.
   *
   * @param options `threads`: the number of threads, 1 by default, the caller's among them
   * @throws {ShapeError} if a parameter's shape does not match the data's or another parameter's
   * @throws {RangeError} if an image has more than 65,536 pixels, if images and parameters need
   * more than WebAssembly's 4 GiB of memory, or if the number of threads is not from 1 to 256
   */
  constructor(
    parameters: Parameters<D, M, K>,
    /** The examples. */
    readonly data: Dataset<D>,
    { threads = 1 }: { readonly threads?: number } = {},
  ) {
    checkGiven("make an engine", { parameters, data });
    if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
      throw new RangeError(
        `Cannot compute with ${threads} threads: need an integer from 1 to ${MAX_THREADS}`,
      );
    }
    const { inputs: D, count } = data, M = parameters.W1.rows, K = parameters.W2.rows;
    this.#sizes = { D, M, K };
    this.classes = K;
    checkParameters(this.#sizes, parameters);
    if (D > MAX_INPUTS) {
      throw new RangeError(`Cannot train on images of ${D} pixels: need at most ${MAX_INPUTS}`);
    }
    const memory = this.#memory = createMemory(threads);
    const purpose = `${count} images and a ${D}-${M}-${K} network`;
    memory.set({ D, M, K });
    this.#batchStart = memory.allocate(purpose, {
      queues: memory.threads * CONSTANTS.QUEUE_BYTES,
      W1: blockCount(M) * (D + 1) * ROW_BYTES,
      W2: blockCount(M) * K * ROW_BYTES,
      W2T: blockCount(K) * M * ROW_BYTES,
      b2: blockCount(K) * ROW_BYTES,
      pixelStarts: (D + 3) * 4,
      exampleLabels: count,
      image: D + 8,
      exampleTiles: count * this.#boundsPerImage * 4,
      exampleEntries: count * (D + 1) * 4, // memory that is not written to is not taken
    }, CONSTANTS.heapBase);
    const counted = data.pixels.subarray(0, MAX_COUNTED);
    const nonzero = counted.reduce((n, byte) => byte === 0 ? n : n + 1, 0);
    this.#isDense = nonzero >= DENSE_SHARE * counted.length;
    this.#chunks = memory.threads === 1 ? 1 : memory.threads * CHUNKS_PER_THREAD;
    memory.set({
      isDense: Number(this.#isDense),
      blockGroups: Math.min(this.#chunks, blockCount(M)),
      // of large images more: no chunk may take seconds (sharing.maxWaits)
      pixelRanges: Math.ceil(Math.max(this.#chunks / blockCount(M), D / 1024)),
    });
    this.#threads = new Threads(memory);
    memory.view(Float64Array, CONSTANTS.pixelValues, 256).set(PIXEL_VALUES);
    this.#labels.set(data.labels);
    this.#hasClasses = this.#labels.every((label) => label < K);
    this.parameters = parameters;
  }

  /** A copy of the parameters, as {@linkcode Engine} says. */
  get parameters(): Parameters<D, M, K> {
    this.#threads.check();
    const { D, M, K } = this.#sizes, { W1, b1, W2, b2 } = this.#layouts;
    return {
      W1: fromBlocks(M, D, W1),
      b1: fromBlocks(M, 1, b1),
      W2: fromBlocks(M, K, W2).transposed,
      b2: fromBlocks(K, 1, b2),
    };
  }

  set parameters({ W1, b1, W2, b2 }: Parameters<D, M, K>) {
    this.#threads.check();
    checkParameters(this.#sizes, { W1, b1, W2, b2 });
    const layouts = this.#layouts, W2T = W2.transposed; // all that can throw is done
    toBlocks(W1, layouts.W1);
    toBlocks(b1, layouts.b1);
    toBlocks(W2T, layouts.W2);
    toBlocks(b2, layouts.b2);
  }

  /**
   * One step, as {@linkcode Engine} says; `examples` may also be an array of integers.
   *
   * @throws {RangeError} also if a batch has more than 2,097,152 examples or needs too much memory
   */
  step<B extends number>(
    examples: Indices<B> | ArrayLike<number>,
    learningRate: number,
  ): BatchResult {
    const batchIndices = Indices.from(examples);
    // weights of pixels of value 0 are not updated, and W - rate · 0 is W at such rates only
    checkLearningRate("step", learningRate);
    if (batchIndices.count > MAX_BATCH) {
      throw new RangeError(
        `Cannot train on a batch of ${batchIndices.count} images: need at most ${MAX_BATCH}`,
      );
    }
    this.#selectBatch(batchIndices);
    this.#checkLabels(batchIndices);
    this.#runHidden(CONSTANTS.HIDDEN_AND_LIST);
    this.#run(CONSTANTS.GRADIENTS);
    this.#run(CONSTANTS.UPDATE, learningRate);
    const { count, values } = batchIndices, labels = this.#labels;
    const { predictions, losses } = this.#results(batchIndices);
    let correct = 0;
    for (let j = 0; j < count; j++) correct += Number(predictions[j] === labels[values[j]!]);
    return { crossEntropy: losses.rowSums.at(0, 0) / count, correct };
  }

  /**
   * The scores A2 of a batch, K x B.
   *
   * @throws {RangeError} if there is no such example, or if the batch needs too much memory
   */
  scores<B extends number>(batchIndices: Indices<B>): Matrix<K, B> {
    this.#selectBatch(batchIndices);
    this.#runHidden(CONSTANTS.HIDDEN);
    this.#run(CONSTANTS.SCORES);
    const { K } = this.#sizes, B = batchIndices.count, stride = blockCount(K) * BLOCK_WIDTH;
    const A2 = this.#memory.view(Float64Array, "A2", B * stride);
    const scores = Matrix.zeros(K, B);
    for (let k = 0, entry = 0; k < K; k++) {
      for (let j = 0; j < B; j++, entry++) scores.data[entry] = A2[j * stride + k]!;
    }
    return scores;
  }

  /**
   * The predicted class and the cross-entropy of each example of a batch.
   *
   * @throws {RangeError} as {@linkcode scores}, and if a label is not below K
   */
  predictionsAndLosses<B extends number>(batchIndices: Indices<B>): PredictionsAndLosses<B> {
    this.#selectBatch(batchIndices);
    this.#checkLabels(batchIndices);
    this.#runHidden(CONSTANTS.HIDDEN);
    this.#run(CONSTANTS.LOSSES);
    return this.#results(batchIndices);
  }

  /** What WebAssembly has stored; a loss is ln Σ e^(a - max) - (a - max). */
  #results<B extends number>({ count: B }: Indices<B>): PredictionsAndLosses<B> {
    const sums = this.#memory.view(Float64Array, "sums", B);
    const labelScores = this.#memory.view(Float64Array, "labelScores", B);
    const losses = Matrix.zeros(1, B);
    for (let j = 0; j < B; j++) losses.data[j] = log(sums[j]!) - labelScores[j]!;
    return { predictions: this.#memory.view(Int32Array, "predicted", B).slice(), losses };
  }

  /** Allocates memory for a batch and passes its indices to the WebAssembly code. */
  #selectBatch<B extends number>(batchIndices: Indices<B>): void {
    this.#threads.check();
    batchIndices.checkBelow(this.data.count, "examples");
    const { count: B, values } = batchIndices;
    const entries = this.#listPixels(batchIndices);
    this.#reserve(B, entries);
    this.#isLittle = entries * blockCount(this.#sizes.M) < sharing.minWork;
    this.#memory.view(Uint32Array, "batchIndices", B).set(values);
    if (B === this.#memory.get("B")) return;
    this.#memory.set({
      B,
      imagesPerChunk: Math.min(Math.ceil(B / this.#chunks), MAX_IMAGES),
      // half as many chunks as other tasks have: each reads its blocks of W1 anew
      imageRanges: Math.ceil(
        Math.max(Math.min(this.#chunks / 2 / blockCount(this.#sizes.M), B), B / MAX_IMAGES),
      ),
    });
  }

  /** Lists the nonzero pixels of the images that have no list yet; counts the entries of all. */
  #listPixels<B extends number>({ values }: Indices<B>): number {
    const { inputs: D, count, pixels } = this.data, stride = this.#boundsPerImage;
    const bounds = this.#memory.view(Uint32Array, "exampleTiles", count * stride);
    const image = this.#memory.view(Uint8Array, "image", D);
    let entries = 0;
    for (const example of values) {
      const first = stride * example, last = first + stride - 1;
      if (bounds[last] === 0) {
        image.set(pixels.subarray(example * D, (example + 1) * D));
        this.#memory.code.listPixels(example);
      }
      entries += bounds[last]! - bounds[first]!;
    }
    return entries;
  }

  /** Of an image's list: the first entry of each tile, and the end. */
  get #boundsPerImage(): number {
    return Math.ceil(this.data.inputs / CONSTANTS.PIXELS_PER_TILE) + 1;
  }

  /** Makes the batch's arrays as large as needed, and no smaller than they were. */
  #reserve(B: number, entriesNeeded: number): void {
    if (B <= this.#capacity.images && entriesNeeded <= this.#capacity.entries) return;
    const images = Math.max(B, this.#capacity.images);
    const entries = Math.max(entriesNeeded, this.#capacity.entries);
    const { D, M, K } = this.#sizes;
    const tiles = Math.ceil((D + 1) / CONSTANTS.PIXELS_PER_X_TILE);
    this.#memory.allocate(`a batch of ${B} images`, {
      batchIndices: images * 4,
      Y1: blockCount(M) * images * ROW_BYTES,
      dA1: blockCount(M) * images * ROW_BYTES,
      A2: blockCount(K) * images * ROW_BYTES,
      dA2T: K * images * 8,
      sums: images * 8,
      labelScores: images * 8,
      predicted: images * 4,
      ...(this.#isDense
        ? { X: tiles * images * CONSTANTS.X_IMAGE_BYTES }
        : { pixelEntries: entries * 4 }),
    }, this.#batchStart);
    this.#capacity = { images, entries };
  }

  /** Computes Y1 with one of two tasks, and X before it, if sums are of X. */
  #runHidden(task: number): void {
    if (this.#isDense) this.#run(CONSTANTS.FILL_X);
    this.#run(task);
  }

  #run(task: number, learningRate = 0): void {
    this.#threads.run(task, learningRate, this.#isLittle);
  }

  /** The number of threads that compute now, the caller's among them. */
  get threads(): number {
    return this.#threads.running;
  }

  /**
   * Ends the workers at once; they would end after a second without work. The engine can still be
   * used, with one thread.
   */
  close(): void {
    this.#threads.close();
  }

  /** {@linkcode close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The place of each parameter in memory. */
  get #layouts(): { [Name in keyof Parameters<D, M, K>]: BlockLayout } {
    const { D, M, K } = this.#sizes;
    const W1 = this.#memory.view(Float64Array, "W1", blockCount(M) * (D + 1) * BLOCK_WIDTH);
    const W2 = this.#memory.view(Float64Array, "W2", blockCount(M) * K * BLOCK_WIDTH);
    const b2 = this.#memory.view(Float64Array, "b2", blockCount(K) * BLOCK_WIDTH);
    return {
      W1: { data: W1, rowsPerBlock: D + 1, firstRow: 0 },
      b1: { data: W1, rowsPerBlock: D + 1, firstRow: D },
      W2: { data: W2, rowsPerBlock: K, firstRow: 0 },
      b2: { data: b2, rowsPerBlock: 1, firstRow: 0 },
    };
  }

  /** The engine's own copy of the labels. */
  get #labels(): Uint8Array {
    return this.#memory.view(Uint8Array, "exampleLabels", this.data.count);
  }

  #checkLabels<B extends number>({ count, values }: Indices<B>): void {
    if (this.#hasClasses) return;
    const all = this.#labels, labels = Uint8Array.from(values, (example) => all[example]!);
    Indices.of(count, labels).checkBelow(this.#sizes.K, "classes");
  }
}

/** Memory for this many threads, or for one where workers cannot share it. */
function createMemory(threads: number): SimdMemory {
  // false in a page whose server does not isolate it from other origins
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (threads > 1 && crossOriginIsolated !== false) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0); // a page itself cannot wait
      return new SimdMemory(threads); // throws if 4 GiB of addresses cannot be reserved
    } catch {
      // one thread
    }
  }
  return new SimdMemory();
}
