// The engine's sizes and arrays. TypeScript allocates the arrays and sets all variables, in every
// thread (../memory.ts).
//
// The letters are those of lib/network/network.ts. Matrices are cut into blocks of BLOCK_WIDTH
// hidden units or classes. A row is BLOCK_WIDTH doubles side by side, one for each hidden unit or
// class of a block. The padding of the last block is computed like the rest, but nothing reads it.

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

/** Bytes of the board of chunks.ts: three cache lines. */
export const BOARD_BYTES: u32 = 192;

/** Bytes of a thread's queue: a cache line. */
export const QUEUE_BYTES: u32 = 64;

/** Bytes of a processor's second-level cache, about. */
export const SECOND_LEVEL_CACHE: u32 = 1 << 20;

/** The number of tiles that hold the pixels of an image. */
@inline
export function tileCount(): u32 {
  return (D + PIXELS_PER_TILE - 1) / PIXELS_PER_TILE;
}

/** The number of blocks that hold n hidden units or classes. */
@inline
export function blockCount(n: u32): u32 {
  return (n + BLOCK_WIDTH - 1) / BLOCK_WIDTH;
}

/** Where a part begins if n things are divided into parts as equal as possible. */
@inline
export function startOfPart(n: u32, part: u32, parts: u32): u32 {
  return <u32>(<u64>n * part / parts);
}

/** [256] f64: byte / 255. At the start of memory, so that the address costs nothing (build.ts). */
export const pixelValues: usize = 0;

/** The first address for arrays: the compiler's constants are below it. */
export const heapBase: usize = __heap_base;

export let D: u32 = 0; // inputs
export let M: u32 = 0; // hidden units
export let K: u32 = 0; // classes
export let B: u32 = 0; // images in the batch

// the work of the threads: chunks.ts
export let threads: u32 = 1;
export let thread: u32 = 0; // this thread's number; the calling thread's is 0
export let board: usize = 0;
export let queues: usize = 0; // [thread] QUEUE_BYTES: the chunks that are not claimed
export let imagesPerChunk: u32 = 0;
export let blockGroups: u32 = 1; // groups of hidden blocks, and
export let imageRanges: u32 = 1; // ranges of images: a chunk of the first layer is one of each
export let pixelRanges: u32 = 1; // ranges of pixels: a chunk of W1's update is one, in a block

// the data set
export let exampleTiles: usize = 0; // [example][tile] u32: first entry of the tile; then the end
export let exampleEntries: usize = 0; // u32: the entries (entries.ts) of pixels, ascending, then b1
export let exampleLabels: usize = 0; // [example] u8

// its pixels, some images at a time, while they are counted or listed
export let pixels: usize = 0; // [65536 + 16] u8
export let positions: usize = 0; // [256][8] u8: of the bits of a byte that are 1

// the parameters
export let W1: usize = 0; // [hidden block][pixel, then b1] rows of hidden units
export let W2: usize = 0; // [hidden block][class] rows of hidden units
export let W2T: usize = 0; // [class block][hidden unit] rows of classes: W2 transposed
export let b2: usize = 0; // [class block] rows of classes

// the batch
export let batchIndices: usize = 0; // [image] u32: its example
export let Y1: usize = 0; // [hidden block][image] rows of hidden units: first A1, then Y1
export let dA1: usize = 0; // [hidden block][image] rows of hidden units: first dY1, then dA1
export let A2: usize = 0; // [image][class block] rows of classes: first A2, then P, then dA2
export let dA2T: usize = 0; // [class][image] f64: dA2 transposed
export let sums: usize = 0; // [image] f64: Σ e^(a - max), for the loss
export let labelScores: usize = 0; // [image] f64: a - max of the label's class, for the loss
export let predicted: usize = 0; // [image] i32: the class of the largest score; -1 if not finite

// the batch's pixels, where most of the data set's are not 0: sums are of X then, not of lists
export let isDense: u32 = 0;
export let X: usize = 0; // [tile][image] X_IMAGE_BYTES: f64 of the tile's pixels, the last b1's 1

// the batch's nonzero pixels by pixel
export let pixelStarts: usize = 0; // [pixel + 3] u32
export let pixelEntries: usize = 0; // u32: the entries of images, ascending

export let zeros: usize = 0; // a row of zeros
