// The batch's nonzero pixels: listed by image for the forward pass (compressed sparse rows) and by
// pixel for the backward pass (the transpose).
//
// Four fifths of MNIST's pixels are 0: skipping them is where most of the speed comes from.
import {
  B, batchIndices, D, exampleEntries, imageOffsets, imageStarts, imageValues, nonzeroBytes,
  nonzeroPixels, pixelFactors, pixelOffsets, PIXELS_PER_TILE, pixelStarts, pixelValues, ROW_BYTES,
  tileCount, tileCursors, tileStarts,
} from "./memory";
import { prefetch } from "./prefetch";

// Functions copy addresses into local variables, as V8 reads a global from memory at each use. They
// take four entries at a time where they can, as each load has a cost of its own.

/** The address of the start of an image's entries in the data set, and then of their end. */
@inline
export function startOf(image: u32): usize {
  return exampleEntries + (load<u32>(batchIndices + (image << 2)) << 3);
}

/**
 * Lists the nonzero pixels of the images from `first` to `end - 1`. b1 comes last, as pixel D,
 * which is 1 in every image.
 */
export function listByImage(first: u32, end: u32): void {
  const pixels = nonzeroPixels, bytes = nonzeroBytes;
  const offsets = imageOffsets, values = imageValues, table = pixelValues;
  let entry = load<u32>(imageStarts + (first << 2));
  prefetchEntries(first, end);
  for (let b = first; b < end; b++) {
    const start = startOf(b), end = load<u32>(start, 4);
    const tiles = tileStarts + (b * tileCount() << 2);
    let i = load<u32>(start);
    for (let tile: u32 = 0; tile < tileCount(); tile++) {
      store<u32>(tiles + (tile << 2), entry);
      const tileEnd = (tile + 1) * PIXELS_PER_TILE;
      for (; i + 4 <= end; i += 4, entry += 4) {
        const four = v128.load64_zero(pixels + (i << 1)), byte = load<u32>(bytes + i);
        if (<u32>i16x8.extract_lane_u(four, 3) >= tileEnd) break;
        const rows = i32x4.shl(i32x4.extend_low_i16x8_u(four), ctz(ROW_BYTES));
        v128.store(offsets + (entry << 2), rows);
        const to = values + (entry << 3);
        store<f64>(to, valueOf(table, byte & 255));
        store<f64>(to, valueOf(table, byte >> 8 & 255), 8);
        store<f64>(to, valueOf(table, byte >> 16 & 255), 16);
        store<f64>(to, valueOf(table, byte >> 24), 24);
      }
      for (; i < end; i++, entry++) {
        const pixel = <u32>load<u16>(pixels + (i << 1));
        if (pixel >= tileEnd) break;
        store<u32>(offsets + (entry << 2), pixel * ROW_BYTES);
        store<f64>(values + (entry << 3), valueOf(table, load<u8>(bytes + i)));
      }
    }
    store<u32>(offsets + (entry << 2), D * ROW_BYTES);
    store<f64>(values + (entry++ << 3), 1);
    store<u32>(tiles + (tileCount() << 2), entry);
  }
}

/** Prefetches the entries of the images from `first` to `end - 1`. */
function prefetchEntries(first: u32, end: u32): void {
  for (let b = first; b < end; b++) {
    const start = load<u32>(startOf(b)), end = load<u32>(startOf(b), 4);
    prefetch(nonzeroPixels + (start << 1), nonzeroPixels + (end << 1));
    prefetch(nonzeroBytes + start, nonzeroBytes + end);
  }
}

/**
 * Lists the nonzero pixels of the batch with a counting sort: the images of each pixel ascend. The
 * lists of one tile are filled before those of the next, so that they stay in the cache.
 */
export function listByPixel(): void {
  const pixels = nonzeroPixels, bytes = nonzeroBytes, table = pixelValues;
  const starts = pixelStarts;
  prefetchEntries(0, B);
  // The count of pixel n is added to starts[n + 2]. After the running sum, starts[n + 1] is where
  // pixel n begins; filling the lists moves it to where pixel n ends, which is where n + 1 begins.
  memory.fill(starts, 0, (D + 3) << 2);
  for (let b: u32 = 0; b < B; b++) {
    const start = startOf(b);
    const end = load<u32>(start, 4);
    let i = load<u32>(start);
    for (; i + 4 <= end; i += 4) {
      const four = load<u64>(pixels + (i << 1));
      countPixel(starts, <u32>four & 65535);
      countPixel(starts, <u32>four >> 16);
      countPixel(starts, <u32>(four >> 32) & 65535);
      countPixel(starts, <u32>(four >> 48));
    }
    for (; i < end; i++) countPixel(starts, load<u16>(pixels + (i << 1)));
  }
  store<u32>(starts + (D << 2), B, 8); // b1
  let sum: u32 = 0;
  for (let n: u32 = 0; n < D + 3; n++) {
    store<u32>(starts + (n << 2), sum += load<u32>(starts + (n << 2)));
  }
  const cursors = tileCursors;
  for (let b: u32 = 0; b < B; b++) store<u32>(cursors + (b << 2), load<u32>(startOf(b)));
  for (let tile: u32 = 0; tile < tileCount(); tile++) {
    const tileEnd = (tile + 1) * PIXELS_PER_TILE;
    for (let b: u32 = 0; b < B; b++) {
      const end = load<u32>(startOf(b), 4), row = b * ROW_BYTES;
      let i = load<u32>(cursors + (b << 2));
      for (; i + 4 <= end; i += 4) {
        const four = load<u64>(pixels + (i << 1)), byte = load<u32>(bytes + i);
        const last = <u32>(four >> 48);
        if (last >= tileEnd) break;
        addEntry(starts, <u32>four & 65535, row, valueOf(table, byte & 255));
        addEntry(starts, <u32>four >> 16, row, valueOf(table, byte >> 8 & 255));
        addEntry(starts, <u32>(four >> 32) & 65535, row, valueOf(table, byte >> 16 & 255));
        addEntry(starts, last, row, valueOf(table, byte >> 24));
      }
      for (; i < end; i++) {
        const pixel = <u32>load<u16>(pixels + (i << 1));
        if (pixel >= tileEnd) break;
        addEntry(starts, pixel, row, valueOf(table, load<u8>(bytes + i)));
      }
      store<u32>(cursors + (b << 2), i);
    }
  }
  for (let b: u32 = 0; b < B; b++) addEntry(starts, D, b * ROW_BYTES, 1);
}

/** The value of a pixel's byte. */
@inline
function valueOf(table: usize, byte: u32): f64 {
  return load<f64>(table + (byte << 3));
}

/** Counts an entry of a pixel. */
@inline
function countPixel(starts: usize, pixel: u32): void {
  const count = starts + (pixel << 2);
  store<u32>(count, load<u32>(count, 8) + 1, 8);
}

/** Appends an entry to the list of a pixel. */
@inline
function addEntry(starts: usize, pixel: u32, row: u32, factor: f64): void {
  const next = starts + (pixel << 2), entry = load<u32>(next, 4);
  store<u32>(next, entry + 1, 4);
  store<u32>(pixelOffsets + (entry << 2), row);
  store<f64>(pixelFactors + (entry << 3), factor);
}
