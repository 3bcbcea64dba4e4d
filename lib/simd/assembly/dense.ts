// The first layer where most pixels are not 0: to skip the others would take more time than it
// saves. Two sums over the same rows share every load of a row.
// Terms of value 0 change no bits.
import { factorOf, rowOf, startOfTile } from "./sparse";
import { engine, PIXELS_PER_X_TILE, ROW_BYTES, tileCount, X_IMAGE_BYTES, zeros } from "./memory";
import { add, mul, splat, sub } from "./vector";

/** Bytes of half a row, of which two sums are computed at a time. */
const HALF_ROW: usize = ROW_BYTES / 2;

/** The address of a pixel of an image. */
@inline
function at(pixel: u32, image: u32): usize {
  const tile = pixel / PIXELS_PER_X_TILE;
  return engine.X + (tile * engine.B + image) * X_IMAGE_BYTES + (pixel % PIXELS_PER_X_TILE << 3);
}

/** Fills the images of X from `first` to `end - 1`. Pixel D is b1's, which is always 1. */
export function fillX(first: u32, end: u32): void {
  for (let b = first; b < end; b++) {
    const end = startOfTile(b, tileCount());
    let list = startOfTile(b, 0);
    for (let tileStart: u32 = 0; tileStart <= engine.D; tileStart += PIXELS_PER_X_TILE) {
      const x = at(tileStart, b);
      memory.fill(x, 0, PIXELS_PER_X_TILE << 3);
      for (; list < end; list += 4) {
        const entry = load<u32>(list), pixel = rowOf(entry) - tileStart;
        if (pixel >= PIXELS_PER_X_TILE) break;
        store<f64>(x + (pixel << 3), load<f64>(factorOf(entry)));
      }
    }
  }
}

/** A1 = W1 X + b1 in some blocks, for the images from `first` to `end - 1`. */
export function denseFirstLayer(firstBlock: u32, endBlock: u32, first: u32, end: u32): void {
  const D = engine.D, Y1 = engine.Y1, B = engine.B;
  for (let pixel: u32 = 0; pixel <= D; pixel += PIXELS_PER_X_TILE) {
    const rows = min(PIXELS_PER_X_TILE, D + 1 - pixel);
    for (let block = firstBlock; block < endBlock; block++) {
      const w = engine.W1 + (block * (D + 1) + pixel) * ROW_BYTES;
      for (let b = first; b < end; b += 2) {
        const other = min(b + 1, end - 1); // an image without another is computed twice
        const x0 = at(pixel, b), x1 = at(pixel, other);
        for (let half: usize = 0; half < ROW_BYTES; half += HALF_ROW) {
          const a0 = Y1 + (block * B + b) * ROW_BYTES + half;
          const a1 = Y1 + (block * B + other) * ROW_BYTES + half;
          const from0 = pixel == 0 ? zeros : a0, from1 = pixel == 0 ? zeros : a1;
          accumulate(a0, a1, from0, from1, w + half, x0, x1, 8, rows, false, 0);
        }
      }
    }
  }
}

/** W1 -= rate · dA1 Xᵀ in the rows of an even pixel and of the next, if there is one. */
export function denseUpdate(block: u32, pixel: u32, rate: f64): void {
  const D = engine.D, B = engine.B;
  const other = min(pixel + 1, D); // a pixel without another is computed twice
  for (let half: usize = 0; half < ROW_BYTES; half += HALF_ROW) {
    const w = engine.W1 + block * (D + 1) * ROW_BYTES + half;
    const d = engine.dA1 + block * B * ROW_BYTES + half;
    accumulate(
      w + pixel * ROW_BYTES, w + other * ROW_BYTES, zeros, zeros, d, at(pixel, 0), at(other, 0),
      X_IMAGE_BYTES, B, true, rate,
    );
  }
}

/** Two sums of half rows over values `step` bytes apart; all is loaded before it is stored. */
@inline
function accumulate(
  to0: usize, to1: usize, from0: usize, from1: usize, rows: usize, x0: usize, x1: usize,
  step: usize, count: u32, update: bool, rate: f64,
): void {
  let a0 = v128.load(from0), a1 = v128.load(from0, 16);
  let a2 = v128.load(from0, 32), a3 = v128.load(from0, 48);
  let b0 = v128.load(from1), b1 = v128.load(from1, 16);
  let b2 = v128.load(from1, 32), b3 = v128.load(from1, 48);
  const end = rows + count * ROW_BYTES;
  for (; rows < end; rows += ROW_BYTES, x0 += step, x1 += step) {
    const r0 = v128.load(rows), r1 = v128.load(rows, 16);
    const r2 = v128.load(rows, 32), r3 = v128.load(rows, 48);
    const x = v128.load64_splat(x0), y = v128.load64_splat(x1);
    a0 = add(a0, mul(x, r0)), a1 = add(a1, mul(x, r1));
    a2 = add(a2, mul(x, r2)), a3 = add(a3, mul(x, r3));
    b0 = add(b0, mul(y, r0)), b1 = add(b1, mul(y, r1));
    b2 = add(b2, mul(y, r2)), b3 = add(b3, mul(y, r3));
  }
  if (update) {
    const r = splat(rate);
    a0 = sub(v128.load(to0), mul(r, a0)), a1 = sub(v128.load(to0, 16), mul(r, a1));
    a2 = sub(v128.load(to0, 32), mul(r, a2)), a3 = sub(v128.load(to0, 48), mul(r, a3));
    b0 = sub(v128.load(to1), mul(r, b0)), b1 = sub(v128.load(to1, 16), mul(r, b1));
    b2 = sub(v128.load(to1, 32), mul(r, b2)), b3 = sub(v128.load(to1, 48), mul(r, b3));
  }
  v128.store(to0, a0), v128.store(to0, a1, 16), v128.store(to0, a2, 32), v128.store(to0, a3, 48);
  v128.store(to1, b0), v128.store(to1, b1, 16), v128.store(to1, b2, 32), v128.store(to1, b3, 48);
}
