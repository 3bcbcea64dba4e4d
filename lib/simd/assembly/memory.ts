// The engine's sizes and arrays: TypeScript lays the arrays out and sets all of these (../simd_memory.ts).
//
// The letters are those of lib/network/network.ts. A row is LANES doubles side by side, of hidden units or of classes, which are
// therefore cut into blocks of LANES. Padding in the last block is computed like the rest, and never read by the rest.

/** Doubles in a row: eight vectors of two, so that eight sums stay in registers beside four factors. */
export const LANES: u32 = 16;

/** Bytes of a row: two cache lines. */
export const ROW: u32 = LANES * 8;

/** How many blocks hold n hidden units or classes. */
@inline
export function blocks(n: u32): u32 {
  return (n + LANES - 1) / LANES;
}

/** Where TypeScript may begin: below lie constants. */
export const firstFree: usize = __heap_base;

export let D: u32 = 0; // inputs
export let M: u32 = 0; // hidden units
export let K: u32 = 0; // classes
export let B: u32 = 0; // images of the batch

// the data set
export let pixelValues: usize = 0; // [256] f64: byte / 255
export let exampleStarts: usize = 0; // [example + 1] u32: where its lit pixels begin in the next two
export let litPixels: usize = 0; // [lit pixel] u16: which of the image's pixels, ascending
export let litBytes: usize = 0; // [lit pixel] u8: how bright, 1 to 255
export let exampleLabels: usize = 0; // [example] u8

// the parameters
export let W1: usize = 0; // [hidden block][pixel, then b1] rows of hidden units
export let W2: usize = 0; // [hidden block][class] rows of hidden units
export let W2T: usize = 0; // [class block][hidden unit] rows of classes: W2 once more
export let b2: usize = 0; // [class block] rows of classes

// the batch
export let picked: usize = 0; // [image] u32: which example
export let Y1: usize = 0; // [hidden block][image] rows of hidden units: first A1, then Y1
export let dA1: usize = 0; // [hidden block][image] rows of hidden units: first dY1, then dA1
export let A2: usize = 0; // [image][class block] rows of classes: first A2, then P, then dA2
export let dA2T: usize = 0; // [class][image] f64: dA2 once more
export let sums: usize = 0; // [image] f64: Σ e^(a - max), for the loss
export let rights: usize = 0; // [image] f64: a - max of the right class, for the loss

// the batch's lit pixels by image, as offsets of rows in a block of W1 and what to multiply those by
export let imageStarts: usize = 0; // [image + 1] u32
export let imageOffsets: usize = 0; // [entry] u32: the pixel times ROW
export let imageValues: usize = 0; // [entry] f64

// the same by pixel, as offsets of rows in a block of dA1 and what to multiply those by
export let pixelStarts: usize = 0; // [pixel + 3] u32
export let pixelOffsets: usize = 0; // [entry] u32: the image times ROW
export let pixelFactors: usize = 0; // [entry] f64

export let everyOffset: usize = 0; // [as many as B, K and LANES] u32: 0, ROW, 2 ROW, …, which leaves no row out
export let zeros: usize = 0; // a row of them
