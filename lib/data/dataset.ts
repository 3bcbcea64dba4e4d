// Data sets of images and labels in the form of MNIST. Pixels are bytes; only batches are matrices.
import { checkImageSize, type GreyImage, type Size } from "./image.ts";
import { FormatError } from "../formats/errors.ts";
import type { NdArray } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import { Matrix } from "../math/matrix.ts";
import type { Batch } from "../network/network.ts";
import { type Dim, dim, ShapeError, type SingleSize } from "../math/shape.ts";
import { describeClass, describeValue, quote } from "../text/escape.ts";

/** Examples in a chunk: limits the memory for their scores. */
const CHUNK = 500;

/** How far from k / 255 {@linkcode Dataset.ofNumbers} takes a number for it. */
const PIXEL_TOLERANCE = 1e-6;

/** The network's input for each value of a pixel's byte: byte / 255. */
export const PIXEL_VALUES: Float64Array = new Float64Array(256).map((_, byte) => byte / 255);

/**
 * Images of D pixels, one byte each, and a label for each image.
 *
 * A data set copies what it is made of, unless `copy` is false. `pixels`, `labels`, `first()` and
 * `image()` share its memory and must not be changed; batches are copies.
 *
 * @example
 * ```ts
 * import { Dataset } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const size = { width: 2, height: 1 };
 * const data = Dataset.of(size, Uint8Array.of(0, 255, 51, 0), Uint8Array.of(7, 3));
 * deepStrictEqual(Dataset.ofNumbers(size, [0, 1, 0.2, 0], [7, 3]), data);
 * deepStrictEqual([...data.batch([1, 0]).X.data], [0.2, 0, 0, 1]); // each column is an example
 * ```
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
   * A data set of the given images, pixels row by row, and the class of each, counted from 0. The
   * number of classes is the greatest label plus 1.
   *
   * @param options `copy` false: the data set keeps the arrays, which must not be changed
   * @throws {TypeError} if pixels or labels are not bytes
   * @throws {ShapeError} if the number of pixels is not width · height for each label
   * @throws {RangeError} if there are no labels, or width or height is no integer of at least 1
   */
  static of(
    size: Size,
    pixels: Uint8Array,
    labels: Uint8Array,
    { copy = true }: { readonly copy?: boolean } = {},
  ): Dataset<Dim<"inputs">> {
    checkBytes("pixels", pixels, "for numbers from 0 to 1 use Dataset.ofNumbers()");
    checkBytes("labels", labels, "each label is an integer from 0 to 255");
    checkCounts(size, pixels, labels);
    const own = (bytes: Uint8Array) => copy ? new Uint8Array(bytes) : bytes;
    return Dataset.#create(size, own(pixels), own(labels));
  }

  /**
   * A data set as {@linkcode Dataset.of} makes it, of numbers from 0 to 1, which become bytes.
   *
   * A number that is k / 255 to within 1e-6 becomes the byte k, so float32 values of bytes are
   * taken. Engines and checkpoints hold pixels as bytes; for inputs that are not, such as lengths
   * in cm, train with {@linkcode forward}, {@linkcode backward} and {@linkcode sgd}
   * (`examples/train_own_data.ts`).
   *
   * @throws {RangeError} if a pixel is not from 0 to 1, or lies between two bytes, or a label is not
   * an integer from 0 to 255; and as {@linkcode Dataset.of}
   */
  static ofNumbers(
    size: Size,
    pixels: ArrayLike<number>,
    labels: ArrayLike<number>,
  ): Dataset<Dim<"inputs">> {
    checkCounts(size, pixels, labels);
    const bytes = new Uint8Array(pixels.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = toByte(pixels[i]!, i);
    const classes = new Uint8Array(labels.length);
    for (let i = 0; i < classes.length; i++) {
      classes[i] = Number(labels[i]!);
      // not equal either if it is no number at all, such as a 64-bit integer of NumPy's
      if (classes[i] !== labels[i]) {
        throw new RangeError(
          `Cannot use ${describeValue(labels[i])} as label ${i}: need an integer from 0 to 255`,
        );
      }
    }
    return Dataset.#create(size, bytes, classes);
  }

  /** A data set that keeps these arrays. */
  static #create({ width, height }: Size, pixels: Uint8Array, labels: Uint8Array) {
    const inputs = dim("inputs", width * height);
    const classes = dim("classes", labels.reduce((max, label) => Math.max(max, label), 0) + 1);
    return new Dataset(inputs, { width, height }, labels.length, pixels, labels, classes);
  }

  /**
   * The first images and their labels, not copied. The number of classes stays the same.
   *
   * @throws {RangeError} if it is not an integer from 1 to the number of images
   */
  first(count: number): Dataset<D> {
    if (!Number.isInteger(count) || count < 1 || count > this.count) {
      throw new RangeError(
        `Cannot take the first ${describeValue(count)} of ${this.count} examples: ` +
          `need an integer from 1 to ${this.count}`,
      );
    }
    const pixels = this.pixels.subarray(0, count * this.inputs);
    const labels = this.labels.subarray(0, count);
    return new Dataset<D>(this.inputs, this.size, count, pixels, labels, this.classes);
  }

  /**
   * The same data set, its number of inputs a literal or a name of the caller's: for a network of
   * `initialise(784, 80, 10, random)`, `data.withInputs(784)`.
   *
   * @throws {ShapeError} if the images have another number of pixels
   */
  withInputs<N extends number>(inputs: SingleSize<N>): Dataset<N> {
    if (inputs !== this.inputs as number) {
      throw new ShapeError(
        `Cannot take images of ${this.inputs} pixels for ${describeValue(inputs)} inputs`,
      );
    }
    return new Dataset<N>(
      inputs,
      ...[this.size, this.count, this.pixels, this.labels, this.classes] as const,
    );
  }

  /**
   * The inputs and labels of a batch, as copies. An example may occur more than once.
   *
   * @throws {RangeError} if an index is not less than the number of examples
   */
  batch<B extends number = Dim<"batch">>(
    batchIndices: Indices<B> | ArrayLike<number>,
  ): Batch<D, B> {
    const examples = Indices.from<B>(batchIndices);
    examples.checkBelow(this.count, "examples");
    const D = this.inputs, B = examples.count;
    const X = Matrix.zeros(D, B);
    for (let j = 0; j < B; j++) {
      const image = examples.values[j]! * D;
      for (let i = 0; i < D; i++) X.data[i * B + j] = PIXEL_VALUES[this.pixels[image + i]!]!;
    }
    const labels = Uint8Array.from(examples.values, (example) => this.labels[example]!);
    return { X, labels: Indices.of(B, labels) };
  }

  /**
   * One image, by its index, counted from 0; its pixels are not copied.
   *
   * @throws {RangeError} if there is no such image
   */
  image(index: number): GreyImage {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new RangeError(
        `Cannot take image ${describeValue(index)}: there are ${this.count}, counted from 0`,
      );
    }
    const { width, height } = this.size, start = index * this.inputs;
    return { width, height, pixels: this.pixels.subarray(start, start + this.inputs) };
  }

  /** The indices of all examples in order, up to 500 at a time. */
  *chunks(): Generator<Indices<Dim<"chunk">>, void, void> {
    for (let start = 0; start < this.count; start += CHUNK) {
      const count = dim("chunk", Math.min(CHUNK, this.count - start));
      yield Indices.of(count, new Uint32Array(count).map((_, i) => start + i));
    }
  }
}

/** Refuses an impossible size of the images, no labels, and another number of pixels. */
function checkCounts(size: Size, pixels: ArrayLike<number>, labels: ArrayLike<number>): void {
  checkImageSize(size);
  const { width, height } = size, { length } = pixels, count = dim("examples", labels.length);
  if (length !== count * width * height) {
    throw new ShapeError(
      `Cannot make ${count} images of ${height}x${width} from ${length} pixels: ` +
        `need ${count * width * height}`,
    );
  }
}

/** Other typed arrays would be cast: 0.5 to 0, 256 to 0. */
function checkBytes(what: string, values: unknown, advice: string): void {
  if (values instanceof Uint8Array) return;
  throw new TypeError(
    `Cannot make a data set of ${what} in ${describeClass(values)}: need a Uint8Array; ${advice}`,
  );
}

/** The byte whose pixel value a number is. */
function toByte(value: number, index: number): number {
  // null, which JSON has for NaN, would be 0
  const isPixel = typeof value === "number" && value >= -PIXEL_TOLERANCE &&
    value <= 1 + PIXEL_TOLERANCE;
  if (!isPixel) {
    throw new RangeError(
      `Cannot use ${describeValue(value)} as pixel ${index}: need a number from 0 to 1`,
    );
  }
  const byte = Math.round(value * 255);
  if (Math.abs(value - PIXEL_VALUES[byte]!) > PIXEL_TOLERANCE) {
    throw new RangeError(
      `Cannot use ${value} as pixel ${index}: need k / 255 to within ${PIXEL_TOLERANCE}, ` +
        `${byte} is the nearest k; Dataset.of() takes bytes`,
    );
  }
  return byte;
}

/**
 * A data set from two arrays of bytes, such as {@linkcode readIdx} returns: images of shape (N,
 * height, width) and labels of shape (N).
 *
 * @param options as of {@linkcode Dataset.of}
 * @throws {FormatError} if an array has another dtype or number of dimensions, or the counts differ
 *
 * @example Two images of 1x2 pixels
 * ```ts
 * import { datasetFromIdx, readIdx } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const sizes = [0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2];
 * const images = readIdx(Uint8Array.of(0, 0, 8, 3, ...sizes, 0, 255, 51, 0));
 * const labels = readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 3));
 * deepStrictEqual(datasetFromIdx(images, labels).image(1).pixels, Uint8Array.of(51, 0));
 * ```
 *
 * @category 4 Data sets
 */
export function datasetFromIdx(
  images: NdArray,
  labels: NdArray,
  options: { readonly copy?: boolean } = {},
): Dataset<Dim<"inputs">> {
  for (const [name, { dtype }] of Object.entries({ images, labels })) {
    if (dtype === "|u1") continue;
    const advice = name === "images" ? "; for numbers from 0 to 1 use Dataset.ofNumbers()" : "";
    throw new FormatError(
      `Cannot make a data set of ${name} of dtype ${quote(dtype)}: need "|u1" (uint8)${advice}`,
    );
  }
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
  const size = { width: width!, height: height! };
  return Dataset.of(size, images.data as Uint8Array, labels.data as Uint8Array, options);
}
