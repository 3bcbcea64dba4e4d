/**
 * What the reader and the writer of PNG files (ISO 15948) have in common.
 *
 * @module
 */

/** The first bytes of every PNG file. */
export const PNG_SIGNATURE: Uint8Array = Uint8Array.of(
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
);

/** The largest number of pixels: decoding takes some 45 bytes of memory per pixel, 0.8 GB. */
export const MAX_PNG_PIXELS: number = 4096 * 4096;

/**
 * The largest number of bytes: that of the decoded pixels of such an image, so that an uncompressed
 * one must be smaller.
 */
export const MAX_PNG_BYTES: number = 4 * MAX_PNG_PIXELS;

/** Whether an image of this size is read and written. */
export function isPngSize(width: number, height: number): boolean {
  const isSide = (pixels: number) => Number.isInteger(pixels) && pixels >= 1;
  return isSide(width) && isSide(height) && width * height <= MAX_PNG_PIXELS;
}
