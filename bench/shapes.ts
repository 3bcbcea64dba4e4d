/**
 * Other networks and data than the report's, made for the bench.
 *
 * @module
 */

import { loadDataset } from "../lib/system/data.ts";

/** A network with data for it. */
export interface Shape {
  /** Width and height of an image. */
  readonly side: number;
  /** M, hidden units. */
  readonly hidden: number;
  /** K, classes. */
  readonly classes: number;
  /** B, images in a batch. */
  readonly batch: number;
  /** Which pixels are not zero. */
  readonly nonzero: Nonzero;
  /** Number of images: an epoch has images / batch steps. */
  readonly images: number;
  /** Number of timed epochs, after one that is not timed. */
  readonly epochs: number;
}

/** MNIST's pixels, a share of pixels at random places, or runs of pixels. */
type Nonzero = "MNIST" | typeof HALF | number;

/** Half of the pixels, as of Fashion-MNIST: a run of them in the middle of each row. */
const HALF = "50 %, in runs";

/** The rows of the table; with the same images they can share a file. */
export const SHAPES: readonly Shape[] = [
  shape(28, 80, 10, 100, "MNIST", { images: 10_000, epochs: 5 }),
  shape(28, 80, 10, 100, HALF, { images: 10_000, epochs: 3 }),
  shape(28, 80, 10, 100, 1, { images: 10_000, epochs: 2 }),
  shape(28, 80, 10, 5000, "MNIST", { images: 10_000, epochs: 5 }),
  shape(28, 4096, 10, 100, "MNIST", { images: 300, epochs: 1 }),
  shape(28, 4096, 10, 100, 1, { images: 300, epochs: 1 }),
  shape(256, 80, 10, 100, 0.02, { images: 300, epochs: 1 }),
  shape(256, 80, 10, 100, 0.19, { images: 300, epochs: 1 }),
  shape(256, 80, 10, 100, 1, { images: 300, epochs: 1 }),
  shape(28, 80, 200, 100, "MNIST", { images: 10_000, epochs: 4 }),
  shape(28, 1, 10, 100, "MNIST", { images: 10_000, epochs: 5 }),
];

function shape(
  side: number,
  hidden: number,
  classes: number,
  batch: number,
  nonzero: Nonzero,
  work: Pick<Shape, "images" | "epochs">,
): Shape {
  return { side, hidden, classes, batch, nonzero, ...work };
}

/** Its sizes: `784-80-10`. */
export function network({ side, hidden, classes }: Shape): string {
  return `${side ** 2}-${hidden}-${classes}`;
}

/** Which of its pixels are not zero, in words. */
export function describeNonzero({ nonzero }: Shape): string {
  if (nonzero === "MNIST") return "19 % (MNIST)";
  return typeof nonzero === "number" ? `${100 * nonzero} %` : nonzero;
}

/** A name that no other shape has. */
export function nameOf(shape: Shape): string {
  return `${network(shape)}, batch ${shape.batch}, ${describeNonzero(shape)}`;
}

/** Whether half of the pixels are not zero, as of Fashion-MNIST. */
export function isHalfNonzero({ nonzero }: Shape): boolean {
  return nonzero === HALF;
}

/** Writes a shape's data under MNIST's names. */
export function writeData(folder: string, shape: Shape): void {
  const { side, classes, images } = shape;
  // the last image has the last class, so that their number can be told from the labels
  const labels = Uint8Array.from({ length: images }, (_, i) => Math.floor(uniform(i) * classes))
    .fill(classes - 1, -1);
  writeIdx(`${folder}/train-images-idx3-ubyte`, [images, side, side], makePixels(shape));
  writeIdx(`${folder}/train-labels-idx1-ubyte`, [images], labels);
}

function makePixels({ side, nonzero, images }: Shape): Uint8Array {
  const count = images * side ** 2;
  if (nonzero === "MNIST") return loadDataset(undefined, "train").data.pixels.subarray(0, count);
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    // a run of a random length, half of the row on average, in its middle
    const run = () => uniform(Math.floor(i / side)) > Math.abs(2 * (i % side) + 1 - side) / side;
    const isNonzero = typeof nonzero === "number" ? uniform(2 * i) < nonzero : run();
    if (isNonzero) bytes[i] = 1 + Math.floor(255 * uniform(2 * i + 1));
  }
  return bytes;
}

/** A number from 0 to below 1 that looks random: an integer's hash. */
function uniform(i: number): number {
  const once = Math.imul(i ^ (i >>> 16), 0x45d9f3b);
  const twice = Math.imul(once ^ (once >>> 16), 0x45d9f3b);
  return ((twice ^ (twice >>> 16)) >>> 0) / 2 ** 32;
}

function writeIdx(path: string, sizes: readonly number[], bytes: Uint8Array): void {
  const header = new DataView(new ArrayBuffer(4 + 4 * sizes.length));
  header.setUint32(0, 0x800 + sizes.length);
  sizes.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  Deno.writeFileSync(path, new Uint8Array(header.buffer));
  Deno.writeFileSync(path, bytes, { append: true });
}
