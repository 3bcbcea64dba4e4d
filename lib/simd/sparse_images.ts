// Images as sparse lists of their nonzero pixels: four fifths of MNIST's pixels are 0.
// An image is copied and listed when it is first used, so that training begins at once.
import type { Dataset } from "../data/dataset.ts";
import type { Indices } from "../math/indices.ts";
import { CONSTANTS } from "./generated/simd_wasm.ts";
import type { ArraySizes, SimdMemory } from "./memory.ts";

/** Pixels in a piece, at most: those of the largest image. */
const PIECE_PIXELS = 65536;

/** Arrays of the functions below, which read 16 pixels at once. */
export const PIECE_ARRAYS = { pixels: PIECE_PIXELS + 16, positions: 256 * 8 };

/** Numbers in `exampleTiles` for each example: the first entry of each tile, and the end. */
function boundsPerExample(inputs: number): number {
  return Math.ceil(inputs / CONSTANTS.PIXELS_PER_TILE) + 1;
}

/** The number of pixels that are not 0. */
export function countNonzero<D extends number>(
  { count, inputs, pixels }: Dataset<D>,
  memory: SimdMemory,
): number {
  const most = Math.floor(PIECE_PIXELS / inputs);
  const piece = memory.view(Uint8Array, "pixels", PIECE_PIXELS);
  let nonzero = 0;
  for (let first = 0; first < count; first += most) {
    const images = Math.min(most, count - first);
    piece.set(pixels.subarray(first * inputs, (first + images) * inputs));
    nonzero += memory.code.countNonzero(images);
  }
  return nonzero;
}

/** The arrays of {@linkcode listNonzero}, which writes up to 8 entries after the last one. */
export function listArrays<D extends number>(
  { count, inputs }: Dataset<D>,
  nonzero: number,
): ArraySizes {
  return {
    exampleTiles: count * boundsPerExample(inputs) * 4,
    exampleEntries: (nonzero + count + 8) * 4,
  };
}

/** Lists the pixels of the examples that have no list yet; returns how many all of them have. */
export function listNonzero<D extends number, B extends number>(
  { count, inputs, pixels }: Dataset<D>,
  memory: SimdMemory,
  examples: Indices<B>,
): number {
  const stride = boundsPerExample(inputs);
  const bounds = memory.view(Uint32Array, "exampleTiles", stride * count);
  const image = memory.view(Uint8Array, "pixels", inputs);
  let entries = 0;
  for (const example of examples.values) {
    const first = stride * example, last = first + stride - 1;
    if (bounds[last] === 0) {
      image.set(pixels.subarray(example * inputs, (example + 1) * inputs));
      if (!memory.code.listNonzero(example)) {
        throw new RangeError(
          `Cannot use example ${example}: pixels have changed since the engine was made`,
        );
      }
    }
    entries += bounds[last]! - bounds[first]!;
  }
  return entries;
}
