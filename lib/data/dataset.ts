/**
 * Data sets of images and labels in the form of MNIST. Pixels are bytes; only batches are matrices.
 *
 * The 60,000 training images take 47 MB as bytes, and would take 376 MB as doubles.
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

/** Examples in a chunk: limits the memory for their scores. */
const CHUNK = 500;

/** The network's input for each value of a pixel's byte: byte / 255. */
export const PIXEL_VALUES: Float64Array = new Float64Array(256).map((_, byte) => byte / 255);

/**
 * Images of D pixels, one byte each, and a label for each image.
 *
 * @category 4 Data sets
 */
export class Dataset<in out D extends number> {
  private constructor(
    /** D, pixels in an image. */
    readonly inputs: SingleSize<D>,
    /** Width and height of the images. */
    readonly size: Size,
    /** Number of images. */
    readonly count: number,
    /** The pixels, image by image and row by row: 0 is the background. */
    readonly pixels: Uint8Array,
    /** The class of each image, counted from 0. */
    readonly labels: Uint8Array,
    /** Number of classes. */
    readonly classes: Dim<"classes">,
  ) {}

  /**
   * A data set of the given images and labels, which are not copied. The number of classes is the
   * greatest label plus 1.
   *
   * @param size width and height of the images
   * @param pixels the pixels, image by image and row by row
   * @param labels the class of each image, counted from 0
   * @throws {ShapeError} if the number of pixels is not width · height for each label
   * @throws {RangeError} if there are no labels, or width · height is not an integer of at least 1
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
    const classes = dim("classes", labels.reduce((max, label) => Math.max(max, label), 0) + 1);
    return new Dataset(inputs, size, count, pixels, labels, classes);
  }

  /**
   * The first images and their labels. The number of classes stays the same.
   *
   * @param count number of images
   * @throws {RangeError} if it is not an integer from 1 to the number of images
   */
  first(count: number): Dataset<D> {
    if (!Number.isInteger(count) || count < 1 || count > this.count) {
      throw new RangeError(
        `Cannot take the first ${count} of ${this.count} examples: need an integer from 1 to ${this.count}`,
      );
    }
    const pixels = this.pixels.subarray(0, count * this.inputs);
    const labels = this.labels.subarray(0, count);
    return new Dataset<D>(this.inputs, this.size, count, pixels, labels, this.classes);
  }

  /**
   * The inputs and labels of a batch.
   *
   * @param batchIndices the batch's examples, by their indices; an index may occur more than once
   * @throws {RangeError} if an index is not less than the number of examples
   *
   * @example
   * ```ts
   * import { Dataset, Indices } from "@sanso/sanso";
   * import { deepStrictEqual } from "node:assert/strict";
   *
   * const pixels = Uint8Array.of(0, 255, 51, 0), labels = Uint8Array.of(7, 3);
   * const data = Dataset.of({ width: 2, height: 1 }, pixels, labels);
   * const batch = data.batch(Indices.of(2, [1, 0]));
   * deepStrictEqual([...batch.X.data], [0.2, 0, 0, 1]); // each column is an example
   * deepStrictEqual([...batch.labels.values], [3, 7]);
   * ```
   */
  batch<B extends number>(batchIndices: Indices<B>): Batch<D, B> {
    batchIndices.checkBelow(this.count, "examples");
    const D = this.inputs, B = batchIndices.count;
    const X = Matrix.zeros(D, B);
    for (let j = 0; j < B; j++) {
      const image = batchIndices.values[j]! * D;
      for (let i = 0; i < D; i++) X.data[i * B + j] = PIXEL_VALUES[this.pixels[image + i]!]!;
    }
    const labels = Uint8Array.from(batchIndices.values, (example) => this.labels[example]!);
    return { X, labels: Indices.of(B, labels) };
  }

  /**
   * One image; its pixels are not copied.
   *
   * @param index the image's index, counted from 0
   * @throws {RangeError} if there is no such image
   *
   * @example
   * ```ts
   * import { Dataset } from "@sanso/sanso";
   * import { deepStrictEqual } from "node:assert/strict";
   *
   * const pixels = Uint8Array.of(0, 255, 51, 0), labels = Uint8Array.of(7, 3);
   * const data = Dataset.of({ width: 2, height: 1 }, pixels, labels);
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

  /** The indices of all examples in order, up to 500 at a time. */
  *chunks(): Generator<Indices<Dim<"chunk">>, void, void> {
    for (let start = 0; start < this.count; start += CHUNK) {
      const count = dim("chunk", Math.min(CHUNK, this.count - start));
      yield Indices.of(count, Array.from({ length: count }, (_, i) => start + i));
    }
  }
}

/**
 * A data set from two arrays that {@linkcode readIdx} returned: images and labels.
 *
 * @param images shape (N, height, width)
 * @param labels shape (N)
 * @throws {FormatError} if an array has another number of dimensions, or the counts differ
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
    throw new FormatError(
      `Cannot label ${count} images with ${labelCount} labels: need one for each image`,
    );
  }
  return Dataset.of(
    { width: width!, height: height! },
    images.data as Uint8Array,
    labels.data as Uint8Array,
  );
}
