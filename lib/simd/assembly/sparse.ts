// Entries of lists of nonzero pixels, and the lists by pixel of a batch for the backward pass: the
// transpose of the lists by image (compressed sparse rows), which are made once.
//
// An entry is a u32: in the upper 21 bits the index of a row, which is that of the pixel or of the
// image, and in the lower 11 the offset in `pixelValues` of the row's factor, the pixel's value.
import { engine, PIXELS_PER_TILE, pixelValues, ROW_BYTES, tileCount } from "./memory";

export const FACTOR_BITS: u32 = 11;
export const FACTOR_MASK: u32 = 255 << 3;
const CACHE_LINE_BYTES: usize = 64;

@inline export function rowOf(entry: u32): u32 { return entry >> FACTOR_BITS; }

/** The offset of an entry's row among rows of a block. */
@inline
export function rowOffsetOf(entry: u32): usize {
  return (entry >> FACTOR_BITS) * ROW_BYTES;
}

/** The address of an entry's factor. */
@inline
export function factorOf(entry: u32): usize {
  return pixelValues + <usize>(entry & FACTOR_MASK);
}

/** What was read last: a load whose value is not used would be optimised away. */
export let lastRead: u32 = 0;

/** Reads one word of each cache line before it is needed: the waits for memory overlap. */
export function prefetch(from: usize, end: usize): void {
  let sum: u32 = 0;
  from &= ~(CACHE_LINE_BYTES - 1);
  for (; from < end; from += CACHE_LINE_BYTES) sum += load<u32>(from);
  lastRead = sum;
}

/** Lists the nonzero pixels of the image in `image`, and b1. */
export function listPixels(example: u32): void {
  const image = engine.image, D = engine.D, entries = engine.exampleEntries;
  let bound = engine.exampleTiles + (example * (tileCount() + 1) << 2), end = engine.listed;
  for (let i: u32 = 0; i < D; i += 8) {
    if (i % PIXELS_PER_TILE == 0) store<u32>(bound, end), bound += 4;
    // eight pixels at once, as most are 0; others are overwritten, cheaper than a branch for each
    for (let bytes = load<u64>(image + i), pixel = i; bytes != 0; bytes >>= 8, pixel++) {
      store<u32>(entries + (end << 2), pixel << FACTOR_BITS | <u32>(bytes & 255) << 3);
      end += u32((bytes & 255) != 0);
    }
  }
  store<u32>(entries + (end++ << 2), D << FACTOR_BITS | FACTOR_MASK); // b1's factor is 1
  store<u32>(bound, end);
  engine.listed = end;
}

/** The address of the first entry of a tile of an image, or of the end of the tile before. */
@inline
export function startOfTile(image: u32, tile: u32): usize {
  const example = load<u32>(engine.batchIndices + (image << 2));
  const start = load<u32>(engine.exampleTiles + (example * (tileCount() + 1) + tile << 2));
  return engine.exampleEntries + (start << 2);
}

/** Prefetches the entries of a tile of the images from `first` to `end - 1`. */
export function prefetchEntries(tile: u32, first: u32, end: u32): void {
  for (let b = first; b < end; b++) prefetch(startOfTile(b, tile), startOfTile(b, tile + 1));
}

/** Lists the pixels of the batch by pixel, with a counting sort, one tile after the other. */
export function listByPixel(): void {
  const D = engine.D, B = engine.B;
  // copied, as V8 reads a global from memory at each use
  const starts = engine.pixelStarts, list = engine.pixelEntries, tiles = tileCount();
  // The count of pixel n is added to starts[n + 2]. After the running sum, starts[n + 1] is where
  // pixel n begins; filling the lists moves it to where pixel n ends, which is where n + 1 begins.
  memory.fill(starts, 0, (D + 3) << 2);
  if (tiles == 1) prefetchEntries(0, 0, B); // more than a tile may not fit the cache
  for (let b: u32 = 0; b < B; b++) {
    const end = startOfTile(b, tiles);
    for (let entry = startOfTile(b, 0); entry < end; entry += 4) {
      const count = starts + (rowOf(load<u32>(entry)) << 2);
      store<u32>(count, load<u32>(count, 8) + 1, 8);
    }
  }
  let sum: u32 = 0;
  for (let n: u32 = 0; n < D + 3; n++) {
    store<u32>(starts + (n << 2), sum += load<u32>(starts + (n << 2)));
  }
  for (let tile: u32 = 0; tile < tiles; tile++) {
    for (let b: u32 = 0; b < B; b++) {
      const end = startOfTile(b, tile + 1);
      for (let entry = startOfTile(b, tile); entry < end; entry += 4) {
        const found = load<u32>(entry), next = starts + (rowOf(found) << 2);
        const index = load<u32>(next, 4);
        store<u32>(next, index + 1, 4);
        store<u32>(list + (index << 2), b << FACTOR_BITS | found & FACTOR_MASK);
      }
    }
  }
}
