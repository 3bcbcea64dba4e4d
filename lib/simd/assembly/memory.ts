// The engine's sizes and arrays.
// Matrices are cut into blocks of BLOCK_WIDTH hidden units or classes; a row is a double for each
// of them. The padding of the last block is computed like the rest, but nothing reads it.

/** Doubles in a row: eight vectors of two, so that eight sums and four factors fit in registers. */
export const BLOCK_WIDTH: u32 = 16;

/** Bytes of a row: two cache lines. */
export const ROW_BYTES: u32 = BLOCK_WIDTH * 8;

/** Pixels in a tile of the lists: their rows of a block and their entries stay in the cache. */
export const PIXELS_PER_TILE: u32 = 1024;

/** Pixels in a tile of X: their rows of a block of W1 stay in the first-level cache. */
export const PIXELS_PER_X_TILE: u32 = 64;

/** Bytes of an image in a tile of X: a cache line more than it has, so that all sets are used. */
export const X_IMAGE_BYTES: u32 = PIXELS_PER_X_TILE * 8 + 64;

/** Bytes of a thread's queue: a cache line. */
export const QUEUE_BYTES: u32 = 64;

/** Bytes of a processor's second-level cache, about. */
export const SECOND_LEVEL_CACHE: u32 = 1 << 20;

/** The number of tiles that hold the pixels of an image. */
@inline
export function tileCount(): u32 {
  return (engine.D + PIXELS_PER_TILE - 1) / PIXELS_PER_TILE;
}

/** The number of blocks that hold n hidden units or classes. */
@inline export function blockCount(n: u32): u32 { return (n + BLOCK_WIDTH - 1) / BLOCK_WIDTH; }

/** Where a part begins if n things are divided into parts as equal as possible. */
@inline
export function startOfPart(n: u32, part: u32, parts: u32): u32 {
  return <u32>(<u64>n * part / parts);
}

/** [256] f64: byte / 255. At the start of memory, so that the address costs nothing (build.ts). */
export const pixelValues: usize = 0;

/** The first address for arrays: the compiler's constants are below it. */
export const heapBase: usize = __heap_base;

export const zeros: usize = memory.data(ROW_BYTES, 16);

/** The sizes and the addresses of arrays. Each is four bytes (build.ts). */
@unmanaged
class Variables {
  D: u32; // inputs
  M: u32; // hidden units
  K: u32; // classes
  B: u32; // images in the batch

  // the work of the threads: chunks.ts
  threads: u32;
  queues: usize; // [thread] QUEUE_BYTES: the chunks that are not claimed
  imagesPerChunk: u32;
  blockGroups: u32; // groups of hidden blocks, and
  imageRanges: u32; // ranges of images: a chunk of the first layer is one of each
  pixelRanges: u32; // ranges of pixels: a chunk of W1's update is one, in a block

  // the data set
  exampleTiles: usize; // [example][tile] u32: first entry of the tile; then the end
  exampleEntries: usize; // u32: the entries (sparse.ts) of pixels, ascending, then b1
  listed: u32; // how many of them are listed so far
  image: usize; // [D + 8] u8: the pixels of the image to list, then 0
  exampleLabels: usize; // [example] u8

  // the parameters
  W1: usize; // [hidden block][pixel, then b1] rows of hidden units
  W2: usize; // [hidden block][class] rows of hidden units
  W2T: usize; // [class block][hidden unit] rows of classes: W2 transposed
  b2: usize; // [class block] rows of classes

  // the batch
  batchIndices: usize; // [image] u32: its example
  Y1: usize; // [hidden block][image] rows of hidden units: first A1, then Y1
  dA1: usize; // [hidden block][image] rows of hidden units: first dY1, then dA1
  A2: usize; // [image][class block] rows of classes: first A2, then P, then dA2
  dA2T: usize; // [class][image] f64: dA2 transposed
  sums: usize; // [image] f64: Σ e^(a - max), for the loss
  labelScores: usize; // [image] f64: a - max of the label's class, for the loss
  predicted: usize; // [image] i32: the class of the largest score; -1 if not finite

  // the batch's pixels, where most of the data set's are not 0: sums are of X then, not of lists
  isDense: u32;
  X: usize; // [tile][image] X_IMAGE_BYTES: f64 of the tile's pixels, the last b1's 1

  // the batch's nonzero pixels by pixel
  pixelStarts: usize; // [pixel + 3] u32
  pixelEntries: usize; // u32: the entries of images, ascending
}

/** The variables, in memory that all threads share: TypeScript sets them (../memory.ts). */
export const engine: Variables = changetype<Variables>(2048);

/** The board of chunks.ts: three cache lines, after those of the variables. */
export const board: usize = 2304;
