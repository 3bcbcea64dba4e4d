/**
 * The fast engine: the reference's step in WebAssembly with SIMD (one instruction, two numbers), equal to it to the bit.
 *
 * The equations stand in assembly/; here is what goes in and comes out.
 *
 * @module
 */

import { log } from "../math/exp_log.ts";
import { Indices } from "../math/indices.ts";
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Parameters } from "../network/network.ts";
import { ShapeError, type SingleSize } from "../math/shape.ts";
import type { BatchResult, Engine, ScoresAndLosses } from "../training/engine.ts";
import { countNonzero, toSparse } from "./sparse_images.ts";
import {
  BLOCK_ROW_BYTES,
  BLOCK_WIDTH,
  type BlockLayout,
  blocks,
  fromBlocks,
  toBlocks,
} from "./block_layout.ts";
import { SimdMemory } from "./memory.ts";

/** Positions of pixels are kept in 16 bits. */
const MOST_INPUTS = 65536;

/**
 * Trains as {@linkcode ReferenceEngine} does, some twenty times as fast.
 *
 * Losses, parameters and scores are the reference's to the bit, as long as the parameters are finite: an infinite weight of
 * a dark pixel, which is left out here, turns the reference's sums NaN.
 *
 * @example
 * ```ts
 * import { Dataset, dim, Indices, initialise, RandomState, ReferenceEngine, SimdEngine } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * // two images of 1x2 pixels, one of each class
 * const data = Dataset.of({ width: 2, height: 1 }, Uint8Array.of(255, 0, 0, 255), Uint8Array.of(0, 1));
 * const parameters = initialise(data.inputs, dim("hidden", 3), data.classes, new RandomState(1));
 * const fast = new SimdEngine(parameters, data), reference = new ReferenceEngine(parameters, data);
 * const both = Indices.of(2, [0, 1]);
 * deepStrictEqual(fast.step(both, 0.5), reference.step(both, 0.5));
 * deepStrictEqual(fast.parameters, reference.parameters);
 * ```
 */
export class SimdEngine<D extends number, M extends number, K extends number>
  implements Engine<D, M, K> {
  readonly #sizes: { readonly D: D; readonly M: M; readonly K: K };
  readonly #memory: SimdMemory = new SimdMemory();
  /** Where the arrays that stay end, and those of a batch begin. */
  readonly #stayEnd: number;
  /** What the arrays of a batch have room for. */
  #room = { images: 0, entries: 0 };

  /**
   * Takes parameters and a data set of the same D.
   *
   * @throws {ShapeError} if the shapes do not fit
   * @throws {RangeError} if an image has more than 65,536 pixels, or WebAssembly's 4 GiB of memory do not suffice
   */
  constructor(
    parameters: Parameters<D, M, K>,
    /** The examples. */
    readonly data: Dataset<D>,
  ) {
    const { inputs: D, count } = data, M = parameters.W1.rows, K = parameters.W2.rows;
    this.#sizes = { D, M, K };
    this.#checkShapes(parameters);
    if (D > MOST_INPUTS) {
      throw new RangeError(`Cannot hold images of ${D} pixels: at most ${MOST_INPUTS}`);
    }
    const memory = this.#memory, lit = countNonzero(data.pixels);
    this.#stayEnd = memory.place(`${count} images and a ${D}-${M}-${K} network`, {
      zeros: BLOCK_ROW_BYTES,
      pixelValues: 256 * 8,
      W1: blocks(M) * (D + 1) * BLOCK_ROW_BYTES,
      W2: blocks(M) * K * BLOCK_ROW_BYTES,
      W2T: blocks(K) * M * BLOCK_ROW_BYTES,
      b2: blocks(K) * BLOCK_ROW_BYTES,
      pixelStarts: (D + 3) * 4,
      exampleLabels: count,
      exampleStarts: (count + 1) * 4,
      litPixels: (lit + 1) * 2,
      litBytes: lit + 1,
    }, memory.get("firstFree"));
    memory.set({ D, M, K });
    memory.view(Float64Array, "pixelValues", 256).forEach((_, byte, values) =>
      values[byte] = byte / 255
    );
    memory.view(Uint8Array, "exampleLabels", count).set(data.labels);
    toSparse(
      data,
      memory.view(Uint32Array, "exampleStarts", count + 1),
      memory.view(Uint16Array, "litPixels", lit + 1),
      memory.view(Uint8Array, "litBytes", lit + 1),
    );
    this.parameters = parameters;
  }

  /**
   * A copy of the present parameters; may be set, to others of the same shapes.
   *
   * @throws {ShapeError} if a shape is another
   */
  get parameters(): Parameters<D, M, K> {
    const { D, M, K } = this.#sizes, { W1, b1, W2, b2 } = this.#rows;
    return {
      W1: fromBlocks(M, D, W1),
      b1: fromBlocks(M, 1, b1),
      W2: fromBlocks(M, K, W2).transposed,
      b2: fromBlocks(K, 1, b2),
    };
  }

  set parameters(parameters: Parameters<D, M, K>) {
    this.#checkShapes(parameters);
    const { W1, b1, W2, b2 } = this.#rows;
    toBlocks(parameters.W1, W1);
    toBlocks(parameters.b1, b1);
    toBlocks(parameters.W2.transposed, W2);
    toBlocks(parameters.b2, b2);
  }

  /**
   * Takes one step of gradient descent on the picked examples.
   *
   * @throws {RangeError} if there is no such example, if its label is not below K, if the learning rate is not finite and
   * greater than 0, or if memory does not suffice for so large a batch; the parameters are unchanged then
   */
  step<B extends number>(picked: Indices<B>, learningRate: number): BatchResult {
    // at any other the update of a dark pixel's weight, which is left out, would change it
    if (!(learningRate > 0 && learningRate < Infinity)) {
      throw new RangeError(`Cannot step at learning rate ${learningRate}: must be finite and > 0`);
    }
    this.#pick(picked);
    this.#checkLabels(picked);
    this.#memory.code.step(learningRate);
    const loss = this.#losses(picked).rowSums.at(0, 0);
    return { crossEntropy: loss / picked.count, correct: this.#memory.get("correct") };
  }

  /**
   * The scores of the picked examples, K x B.
   *
   * @throws {RangeError} if there is no such example, or if memory does not suffice for so many
   */
  scores<B extends number>(picked: Indices<B>): Matrix<K, B> {
    this.#pick(picked);
    this.#memory.code.forward();
    const { K } = this.#sizes, B = picked.count, stride = blocks(K) * BLOCK_WIDTH;
    const A2 = this.#memory.view(Float64Array, "A2", B * stride);
    const scores = Matrix.zeros<K, B>(K as SingleSize<K>, B as SingleSize<B>);
    for (let k = 0, at = 0; k < K; k++) {
      for (let j = 0; j < B; j++, at++) scores.data[at] = A2[j * stride + k]!;
    }
    return scores;
  }

  /**
   * The scores of the picked examples, and how far they are from the labels.
   *
   * @throws {RangeError} as {@linkcode scores}, and if a label is not below K
   */
  scoresAndLosses<B extends number>(picked: Indices<B>): ScoresAndLosses<K, B> {
    const scores = this.scores(picked);
    this.#checkLabels(picked);
    this.#memory.code.softmaxCrossEntropy();
    return { scores, losses: this.#losses(picked) };
  }

  /** ln Σ e^(a - max) - (a - max) of each example, of what the machine code has left. */
  #losses<B extends number>({ count: B }: Indices<B>): Matrix<1, B> {
    const sums = this.#memory.view(Float64Array, "sums", B);
    const rights = this.#memory.view(Float64Array, "rights", B);
    const losses = Matrix.zeros<1, B>(1, B as SingleSize<B>);
    for (let j = 0; j < B; j++) losses.data[j] = log(sums[j]!) - rights[j]!;
    return losses;
  }

  /** Names the batch to the machine code, and sees that there is room for it. */
  #pick<B extends number>(picked: Indices<B>): void {
    picked.checkBelow(this.data.count, "examples");
    const starts = this.#memory.view(Uint32Array, "exampleStarts", this.data.count + 1);
    let entries = picked.count as number; // b1 counts as a lit pixel of every image
    for (const example of picked.values) entries += starts[example + 1]! - starts[example]!;
    this.#makeRoom(picked.count, entries);
    this.#memory.set({ B: picked.count });
    this.#memory.view(Uint32Array, "picked", picked.count).set(picked.values);
  }

  #makeRoom(B: number, litEntries: number): void {
    if (B <= this.#room.images && litEntries <= this.#room.entries) return;
    const images = Math.max(B, this.#room.images);
    const entries = Math.max(litEntries, this.#room.entries);
    const { M, K } = this.#sizes, every = Math.max(images, K, BLOCK_WIDTH);
    this.#memory.place(`a batch of ${B} images`, {
      picked: images * 4,
      Y1: blocks(M) * images * BLOCK_ROW_BYTES,
      dA1: blocks(M) * images * BLOCK_ROW_BYTES,
      A2: blocks(K) * images * BLOCK_ROW_BYTES,
      dA2T: K * images * 8,
      sums: images * 8,
      rights: images * 8,
      imageStarts: (images + 1) * 4,
      imageOffsets: entries * 4,
      imageValues: entries * 8,
      pixelOffsets: entries * 4,
      pixelFactors: entries * 8,
      everyOffset: every * 4,
    }, this.#stayEnd);
    this.#memory.view(Uint32Array, "everyOffset", every).forEach((_, i, offsets) =>
      offsets[i] = i * BLOCK_ROW_BYTES
    );
    this.#room = { images, entries };
  }

  /** Where the parameters lie. */
  get #rows(): { [Name in keyof Parameters<D, M, K>]: BlockLayout } {
    const { D, M, K } = this.#sizes;
    const W1 = this.#memory.view(Float64Array, "W1", blocks(M) * (D + 1) * BLOCK_WIDTH);
    const W2 = this.#memory.view(Float64Array, "W2", blocks(M) * K * BLOCK_WIDTH);
    const b2 = this.#memory.view(Float64Array, "b2", blocks(K) * BLOCK_WIDTH);
    return {
      W1: { data: W1, ofBlock: D + 1, first: 0 },
      b1: { data: W1, ofBlock: D + 1, first: D },
      W2: { data: W2, ofBlock: K, first: 0 },
      b2: { data: b2, ofBlock: 1, first: 0 },
    };
  }

  #checkShapes({ W1, b1, W2, b2 }: Parameters<D, M, K>): void {
    const { D, M, K } = this.#sizes;
    const check = (name: string, { rows, columns }: AnyMatrix, R: number, C: number) => {
      if (rows === R && columns === C) return;
      throw new ShapeError(
        `Cannot use ${rows}x${columns} as ${name} of a ${D}-${M}-${K} network: need ${R}x${C}`,
      );
    };
    check("W1", W1, M, D);
    check("b1", b1, M, 1);
    check("W2", W2, K, M);
    check("b2", b2, K, 1);
  }

  #checkLabels<B extends number>({ count, values }: Indices<B>): void {
    if (this.data.classes <= this.#sizes.K) return;
    const labels = Uint8Array.from(values, (example) => this.data.labels[example]!);
    Indices.of(count as SingleSize<B>, labels).checkBelow(this.#sizes.K, "classes");
  }
}
