// Greyscale images in the form of MNIST: one byte per pixel, 0 for the background.
import { ShapeError } from "../math/shape.ts";
import { describeValue } from "../text/escape.ts";

/** The largest array of bytes that every JavaScript engine allows. */
const MAX_PIXELS = 2 ** 31 - 1;

/**
 * Width and height in pixels.
 *
 * @category 4 Data sets
 */
export interface Size {
  /** Pixels in a row. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
}

/**
 * A greyscale image.
 *
 * @category 4 Data sets
 */
export interface GreyImage extends Size {
  /** The pixels, row by row: 0 is the background, 255 is full ink. */
  readonly pixels: Uint8Array;
}

/** A blank image, to draw into. */
export function blankImage(size: Size): GreyImage {
  checkImageSize(size);
  const { width, height } = size;
  return { width, height, pixels: new Uint8Array(width * height) };
}

/** Refuses sides that are no integers greater than 0, and more than 2³¹ - 1 pixels. */
export function checkImageSize({ width, height }: Size): void {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || width * height > MAX_PIXELS) {
      throw new RangeError(
        `Cannot make an image ${describeValue(width)} wide and ${describeValue(height)} high: ` +
          `need integers greater than 0, and at most ${MAX_PIXELS} pixels`,
      );
    }
  }
}

/** Checks the size of an image, and that the number of values is width · height · perPixel. */
export function checkPixels(size: Size, values: ArrayLike<number>, perPixel = 1): void {
  checkImageSize(size);
  const { width, height } = size, wanted = width * height * perPixel;
  if (values.length !== wanted) {
    const per = perPixel === 1 ? "" : ` of ${perPixel} values`;
    throw new ShapeError(
      `Cannot take ${values.length} values as ${height}x${width} pixels${per}: need ${wanted}`,
    );
  }
}
