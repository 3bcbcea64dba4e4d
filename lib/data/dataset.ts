/**
 * Images and their classes, as MNIST and the sets of its form hold them: bytes, until a batch is asked for.
 *
 * All 60,000 training images as one matrix of doubles would take 376 MB; as bytes they take 47.
 *
 * @module
 */

import type { GreyImage, Size } from "./image.ts";
import { FormatError } from "../formats/format_error.ts";
import type { NdArray } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import { Matrix } from "../math/matrix.ts";
import type { Batch } from "../network/network.ts";
import { type Dim, dim, ShapeError, type SingleSize } from "../math/shape.ts";

/** How many examples a chunk has: this bounds the memory that their scores take. */
const CHUNK = 500;

/** What a pixel's byte stands for: byte / 255. */
const PIXEL_VALUES = Float64Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * Images of D pixels, one byte each, and the class of each image.
 *
 * @category 4 Data sets
 */
export class Dataset<in out D extends number> {
  private constructor(
    /** How many pixels an image has (D). */
    readonly inputs: SingleSize<D>,
    /** How the pixels of an image lie: rows of `width`, `height` of them. */
    readonly size: Size,
    /** How many images there are. */
    readonly count: number,
    /** Every pixel, image by image and row by row: 0 is the background. */
    readonly pixels: Uint8Array,
    /** The class of every image, from 0. */
    readonly labels: Uint8Array,
    /** How many classes there are. */
    readonly classes: Dim<"classes">,
  ) {}

  /**
   * A data set of images and labels; neither is copied. It has one class more than its greatest label.
   *
   * @param size pixels of an image
   * @param pixels every pixel, image by image and row by row
   * @param labels the class of each image
   * @throws {ShapeError} if the pixels do not make as many images as there are labels
   */
  static of(
    size: Size,
    pixels: Uint8Array,
    labels: Uint8Array,
  ): Dataset<Dim<"inputs">> {
    const inputs = dim("inputs", size.width * size.height);
    const count = dim("examples", labels.length);
    if (pixels.length !== count * inputs) {
      throw new ShapeError(
        `Cannot make ${count} images of ${size.height}x${size.width} from ${pixels.length} pixels: ` +
          `need ${count * inputs}`,
      );
    }
    const classes = dim("classes", labels.reduce((most, label) => Math.max(most, label), 0) + 1);
    return new Dataset(inputs, size, count, pixels, labels, classes);
  }

  /**
   * The first images only; the classes stay those of all.
   *
   * @param count how many
   * @throws {RangeError} if it is no integer from 1 to as many as there are
   */
  first(count: number): Dataset<D> {
    if (!Number.isInteger(count) || count < 1 || count > this.count) {
      throw new RangeError(`Cannot take the first ${count} of ${this.count} examples`);
    }
    const pixels = this.pixels.subarray(0, count * this.inputs);
    const labels = this.labels.subarray(0, count);
    return new Dataset<D>(this.inputs, this.size, count, pixels, labels, this.classes);
  }

  /**
   * Gathers a batch.
   *
   * @param picked which examples; one may come more than once
   * @throws {RangeError} if there is no such example
   *
   * @example
   * ```ts
   * import { Dataset, Indices } from "@sanso/sanso";
   * import { deepStrictEqual } from "node:assert/strict";
   *
   * const data = Dataset.of({ width: 2, height: 1 }, Uint8Array.of(0, 255, 51, 0), Uint8Array.of(7, 3));
   * const { X, labels } = data.batch(Indices.of(2, [1, 0]));
   * deepStrictEqual([...X.data], [0.2, 0, 0, 1]); // a column an example
   * deepStrictEqual([...labels.values], [3, 7]);
   * ```
   */
  batch<B extends number>(picked: Indices<B>): Batch<D, B> {
    picked.checkBelow(this.count, "examples");
    const D = this.inputs, B = picked.count;
    const X = Matrix.zeros<D, B>(D, B);
    for (let j = 0; j < B; j++) {
      const image = picked.values[j]! * D;
      for (let i = 0; i < D; i++) X.data[i * B + j] = PIXEL_VALUES[this.pixels[image + i]!]!;
    }
    const labels = Uint8Array.from(picked.values, (example) => this.labels[example]!);
    return { X, labels: Indices.of<B>(B, labels) };
  }

  /**
   * One image; its pixels are no copy.
   *
   * @param index which, counted from 0
   * @throws {RangeError} if there is no such image
   *
   * @example
   * ```ts
   * import { Dataset } from "@sanso/sanso";
   * import { deepStrictEqual } from "node:assert/strict";
   *
   * const data = Dataset.of({ width: 2, height: 1 }, Uint8Array.of(0, 255, 51, 0), Uint8Array.of(7, 3));
   * deepStrictEqual(data.image(1), { width: 2, height: 1, pixels: Uint8Array.of(51, 0) });
   * ```
   */
  image(index: number): GreyImage {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new RangeError(`Cannot take image ${index}: there are ${this.count}, counted from 0`);
    }
    const { width, height } = this.size, start = index * this.inputs;
    return { width, height, pixels: this.pixels.subarray(start, start + this.inputs) };
  }

  /** All examples in order, some hundreds at a time. */
  *chunks(): Generator<Indices<Dim<"chunk">>, void, void> {
    for (let start = 0; start < this.count; start += CHUNK) {
      const count = dim("chunk", Math.min(CHUNK, this.count - start));
      yield Indices.of(count, Array.from({ length: count }, (_, i) => start + i));
    }
  }
}

/**
 * A data set from what {@linkcode readIdx} returned for a file of images and a file of labels.
 *
 * @param images shape (N, height, width)
 * @param labels shape (N)
 * @throws {FormatError} if the shapes are others, or the counts differ
 *
 * @category 4 Data sets
 */
export function datasetFromIdx(images: NdArray, labels: NdArray): Dataset<Dim<"inputs">> {
  const [count, height, width] = images.shape, [labelCount] = labels.shape;
  if (images.shape.length !== 3 || labels.shape.length !== 1) {
    throw new FormatError(
      `Cannot make a data set of shapes (${images.shape}) and (${labels.shape}): ` +
        "need (images, height, width) and (images)",
    );
  }
  if (count !== labelCount) {
    throw new FormatError(`Cannot label ${count} images with ${labelCount} labels: need as many`);
  }
  return Dataset.of(
    { width: width!, height: height! },
    images.data as Uint8Array,
    labels.data as Uint8Array,
  );
}
