// Counts and lists the nonzero pixels of the data set, 16 at a time.
import { engine, PIXELS_PER_TILE, tileCount } from "./memory";
import { FACTOR_BITS, FACTOR_MASK } from "./sparse";

/** The entries of four rows with the bytes of four pixels. */
@inline
function entriesOf(rows: v128, bytes: v128): v128 {
  return v128.or(i32x4.shl(rows, FACTOR_BITS), i32x4.shl(bytes, 3));
}

/** One bit for each of the 16 bytes at an address: 1 if it is not 0. */
@inline
function nonzeroMask(address: usize): u32 {
  return i8x16.bitmask(i8x16.ne(v128.load(address), i8x16.splat(0)));
}

/** The number of nonzero pixels of the first images in `pixels`. */
export function countNonzero(images: u32): u32 {
  const start = engine.pixels, length = engine.D * images;
  let total: u32 = 0, i: u32 = 0;
  for (; i + 16 <= length; i += 16) total += popcnt(nonzeroMask(start + i));
  for (; i < length; i++) total += u32(load<u8>(start + i) != 0);
  return total;
}

/** Stores, for each mask of 8 pixels, the positions of its nonzero ones, ascending. */
export function preparePositions(): void {
  for (let mask: u32 = 0; mask < 256; mask++) {
    let address = engine.positions + (mask << 3);
    for (let bits = mask; bits != 0; bits &= bits - 1) store<u8>(address++, <u8>ctz(bits));
  }
}

/** Lists the pixels of the image in `pixels`, and b1; returns false if they are too many. */
export function listNonzero(example: u32): bool {
  if (engine.listed + countNonzero(1) >= engine.maxListed) return false;
  const image = engine.pixels, width = engine.D;
  const entries = engine.exampleEntries, table = engine.positions;
  const tiles = engine.exampleTiles + (example * (tileCount() + 1) << 2);
  let end = engine.listed;
  for (let i: u32 = 0; i < width; i += 16) { // a dark piece of an image costs one test
    if (i % PIXELS_PER_TILE == 0) store<u32>(tiles + (i / PIXELS_PER_TILE << 2), end);
    let mask = nonzeroMask(image + i);
    if (width - i < 16) mask &= (1 << (width - i)) - 1; // the rest is not the image's
    if (mask == 0) continue;
    for (let half: u32 = 0; half < 16; half += 8) {
      // writes 8 entries, and the next ones over those that are too many: cheaper than a branch
      // for each pixel, which would be unpredictable
      const bits = mask >> half & 255, at = v128.load64_zero(table + (bits << 3));
      const values = i8x16.swizzle(v128.load64_zero(image + i + half), at);
      const value = i16x8.extend_low_i8x16_u(values);
      const index = i16x8.add(i16x8.splat(<i16>(i + half)), i16x8.extend_low_i8x16_u(at));
      const low = entriesOf(i32x4.extend_low_i16x8_u(index), i32x4.extend_low_i16x8_u(value));
      const high = entriesOf(i32x4.extend_high_i16x8_u(index), i32x4.extend_high_i16x8_u(value));
      v128.store(entries + (end << 2), low);
      v128.store(entries + (end << 2), high, 16);
      end += popcnt(bits);
    }
  }
  store<u32>(entries + (end++ << 2), width << FACTOR_BITS | FACTOR_MASK); // b1's factor is 1
  store<u32>(tiles + (tileCount() << 2), end);
  engine.listed = end;
  return true;
}
