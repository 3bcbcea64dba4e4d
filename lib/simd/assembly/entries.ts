// Entries of the lists of nonzero pixels.
//
// An entry is a u32: in the upper 21 bits the index of a row, which is that of the pixel or of the
// image, and in the lower 11 the offset in `pixelValues` of the row's factor, the pixel's value.
import { pixelValues, ROW_BYTES } from "./memory";

const FACTOR_BITS: u32 = 11;
const FACTOR_MASK: u32 = 255 << 3;

/** The entry of a row whose factor is 1. */
@inline
export function unitEntry(row: u32): u32 {
  return row << FACTOR_BITS | FACTOR_MASK;
}

/** The entries of four rows with the bytes of four pixels. */
@inline
export function entriesOf(rows: v128, bytes: v128): v128 {
  return v128.or(i32x4.shl(rows, FACTOR_BITS), i32x4.shl(bytes, 3));
}

/** An entry with another row. */
@inline
export function withRow(entry: u32, row: u32): u32 {
  return row << FACTOR_BITS | entry & FACTOR_MASK;
}

/** The index of an entry's row. */
@inline
export function rowOf(entry: u32): u32 {
  return entry >> FACTOR_BITS;
}

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
