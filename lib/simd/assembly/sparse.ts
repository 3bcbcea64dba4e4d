// The batch's lit pixels, listed by image for the forward pass and by pixel for the backward pass.
//
// Four fifths of MNIST's pixels are dark: leaving them out is where most of the speed comes from.
import {
  B, D, exampleStarts, imageOffsets, imageStarts, imageValues, litBytes, litPixels, picked, pixelFactors, pixelOffsets,
  pixelStarts, pixelValues, ROW,
} from "./memory";

// Arrays are named anew inside of functions, as V8 reads a global from memory at each use.

/** Lists each image's lit pixels, and behind them b1 as pixel D, which is always 1: so it is added last. */
export function listByImage(): void {
  fetch();
  const pixels = litPixels, bytes = litBytes, offsets = imageOffsets, values = imageValues, table = pixelValues;
  let at: u32 = 0;
  for (let b: u32 = 0; b < B; b++) {
    store<u32>(imageStarts + (b << 2), at);
    const example = exampleStarts + (load<u32>(picked + (b << 2)) << 2);
    for (let i = load<u32>(example), end = load<u32>(example, 4); i < end; i++, at++) {
      store<u32>(offsets + (at << 2), load<u16>(pixels + (i << 1)) * ROW);
      store<f64>(values + (at << 3), load<f64>(table + (<u32>load<u8>(bytes + i) << 3)));
    }
    store<u32>(offsets + (at << 2), D * ROW);
    store<f64>(values + (at++ << 3), 1);
  }
  store<u32>(imageStarts + (B << 2), at);
}

/** Touches all that is read next. The images lie anywhere in many megabytes: so the waits for them overlap. */
function fetch(): void {
  const pixels = litPixels, bytes = litBytes;
  let touched: u32 = 0;
  for (let b: u32 = 0; b < B; b++) {
    const example = exampleStarts + (load<u32>(picked + (b << 2)) << 2);
    // by cache lines of litPixels
    for (let i = load<u32>(example), end = load<u32>(example, 4); i < end; i += 32) {
      touched += load<u16>(pixels + (i << 1)) + load<u8>(bytes + i);
    }
  }
  store<u32>(imageStarts, touched); // of no use, but loads without any would be left out
}

/** The same lists transposed, by a counting sort: within each pixel the images ascend. */
export function listByPixel(): void {
  const starts = pixelStarts, offsets = pixelOffsets, factors = pixelFactors, from = imageOffsets, values = imageValues;
  // Counted two places up: once summed, place n + 1 is where pixel n begins, and filling moves it to where n ends.
  memory.fill(starts, 0, (D + 3) << 2);
  for (let i: u32 = 0, end = load<u32>(imageStarts + (B << 2)); i < end; i++) {
    const count = starts + (load<u32>(from + (i << 2)) / ROW << 2);
    store<u32>(count, load<u32>(count, 8) + 1, 8);
  }
  let sum: u32 = 0;
  for (let n: u32 = 0; n < D + 3; n++) store<u32>(starts + (n << 2), sum += load<u32>(starts + (n << 2)));
  for (let b: u32 = 0; b < B; b++) {
    const image = imageStarts + (b << 2);
    for (let i = load<u32>(image), end = load<u32>(image, 4); i < end; i++) {
      const next = starts + (load<u32>(from + (i << 2)) / ROW << 2), at = load<u32>(next, 4);
      store<u32>(next, at + 1, 4);
      store<u32>(offsets + (at << 2), b * ROW);
      store<f64>(factors + (at << 3), load<f64>(values + (i << 3)));
    }
  }
}
