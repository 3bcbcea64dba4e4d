// The batch's nonzero pixels: listed by image for the forward pass (compressed sparse rows) and by
// pixel for the backward pass (the transpose).
//
// Four fifths of MNIST's pixels are 0: skipping them is where most of the speed comes from.
import {
  B, batchIndices, D, exampleStarts, imageOffsets, imageStarts, imageValues, nonzeroBytes,
  nonzeroPixels, pixelFactors, pixelOffsets, pixelStarts, pixelValues, ROW_BYTES,
} from "./memory";

// Functions copy addresses into local variables, as V8 reads a global from memory at each use.

/** Lists the nonzero pixels of each image. b1 comes last, as pixel D, which is 1 in every image. */
export function listByImage(): void {
  prefetch();
  const pixels = nonzeroPixels, bytes = nonzeroBytes;
  const offsets = imageOffsets, values = imageValues, table = pixelValues;
  let entry: u32 = 0;
  for (let b: u32 = 0; b < B; b++) {
    store<u32>(imageStarts + (b << 2), entry);
    const example = exampleStarts + (load<u32>(batchIndices + (b << 2)) << 2);
    for (let i = load<u32>(example), end = load<u32>(example, 4); i < end; i++, entry++) {
      store<u32>(offsets + (entry << 2), load<u16>(pixels + (i << 1)) * ROW_BYTES);
      store<f64>(values + (entry << 3), load<f64>(table + (<u32>load<u8>(bytes + i) << 3)));
    }
    store<u32>(offsets + (entry << 2), D * ROW_BYTES);
    store<f64>(values + (entry++ << 3), 1);
  }
  store<u32>(imageStarts + (B << 2), entry);
}

/** Reads one entry of each cache line of the batch's images, so that their cache misses overlap. */
function prefetch(): void {
  const pixels = nonzeroPixels, bytes = nonzeroBytes;
  let total: u32 = 0;
  for (let b: u32 = 0; b < B; b++) {
    const example = exampleStarts + (load<u32>(batchIndices + (b << 2)) << 2);
    for (let i = load<u32>(example), end = load<u32>(example, 4); i < end; i += 32) {
      total += load<u16>(pixels + (i << 1)) + load<u8>(bytes + i);
    }
  }
  store<u32>(imageStarts, total); // overwritten later; unused loads would be optimised away
}

/** Transposes these lists with a counting sort: the images of each pixel ascend. */
export function listByPixel(): void {
  const starts = pixelStarts, offsets = pixelOffsets, factors = pixelFactors;
  const from = imageOffsets, values = imageValues;
  // The count of pixel n is added to starts[n + 2]. After the running sum, starts[n + 1] is where
  // pixel n begins; filling the lists moves it to where pixel n ends, which is where n + 1 begins.
  memory.fill(starts, 0, (D + 3) << 2);
  for (let i: u32 = 0, end = load<u32>(imageStarts + (B << 2)); i < end; i++) {
    const count = starts + (load<u32>(from + (i << 2)) / ROW_BYTES << 2);
    store<u32>(count, load<u32>(count, 8) + 1, 8);
  }
  let sum: u32 = 0;
  for (let n: u32 = 0; n < D + 3; n++) {
    store<u32>(starts + (n << 2), sum += load<u32>(starts + (n << 2)));
  }
  for (let b: u32 = 0; b < B; b++) {
    const image = imageStarts + (b << 2);
    for (let i = load<u32>(image), end = load<u32>(image, 4); i < end; i++) {
      const next = starts + (load<u32>(from + (i << 2)) / ROW_BYTES << 2);
      const entry = load<u32>(next, 4);
      store<u32>(next, entry + 1, 4);
      store<u32>(offsets + (entry << 2), b * ROW_BYTES);
      store<f64>(factors + (entry << 3), load<f64>(values + (i << 3)));
    }
  }
}
