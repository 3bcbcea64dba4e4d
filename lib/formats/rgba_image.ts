/**
 * Colour images: decoded PNG files, and the `ImageData` of a canvas.
 *
 * @module
 */

/**
 * An image in colours, such as the `ImageData` of a canvas.
 *
 * @category 2 File formats
 */
export interface RgbaImage {
  /** Pixels of a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Red, green, blue and opacity of every pixel, row by row, from 0 to 255. */
  readonly data: Uint8Array | Uint8ClampedArray;
}
