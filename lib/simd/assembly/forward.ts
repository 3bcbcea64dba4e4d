// Forward propagation, from X to A2: `forward` of lib/network/network.ts, for some images of the
// batch: those from `first` to `end - 1`.
import { sumListed, sumRows } from "./accumulate_rows";
import { denseFirstLayer } from "./dense";
import { exp } from "./exp";
import {
  BLOCK_WIDTH, blockCount, engine, PIXELS_PER_TILE, ROW_BYTES, SECOND_LEVEL_CACHE, tileCount,
  zeros,
} from "./memory";
import { prefetch, prefetchEntries, startOfTile } from "./sparse";
import { add, div, splat } from "./vector";

/** A1 = W1 X + b1, Y1 = 1 / (1 + e^(-A1)) in the blocks from `firstBlock` to `endBlock - 1` */
export function firstLayer(firstBlock: u32, endBlock: u32, first: u32, end: u32): void {
  if (engine.isDense) denseFirstLayer(firstBlock, endBlock, first, end);
  else sparseFirstLayer(firstBlock, endBlock, first, end);
  const one = splat(1);
  for (let block = firstBlock; block < endBlock; block++) {
    let y = engine.Y1 + (block * engine.B + first) * ROW_BYTES;
    for (const last = y + (end - first) * ROW_BYTES; y < last; y += 16) {
      v128.store(y, div(one, add(one, exp(f64x2.neg(v128.load(y))))));
    }
  }
}

/** A1 = W1 X + b1 with lists of the nonzero pixels. */
function sparseFirstLayer(firstBlock: u32, endBlock: u32, first: u32, end: u32): void {
  const D = engine.D;
  const isLarge = blockCount(engine.M) * (D + 1) * ROW_BYTES > SECOND_LEVEL_CACHE
    && entryCount(first, end) > D / 4;
  // tiles in the outer loop, images in the inner: rows and entries of a tile stay in the cache
  for (let tile: u32 = 0; tile < tileCount(); tile++) {
    const firstRow = tile * PIXELS_PER_TILE;
    const endRow = tile == tileCount() - 1 ? D + 1 : firstRow + PIXELS_PER_TILE;
    prefetchEntries(tile, first, end);
    for (let block = firstBlock; block < endBlock; block++) {
      const w = engine.W1 + block * (D + 1) * ROW_BYTES;
      if (isLarge) prefetch(w + firstRow * ROW_BYTES, w + endRow * ROW_BYTES);
      let a = engine.Y1 + (block * engine.B + first) * ROW_BYTES;
      for (let b = first; b < end; b++, a += ROW_BYTES) {
        const from = tile == 0 ? zeros : a; // later tiles continue the sums
        sumListed(a, from, w, startOfTile(b, tile), startOfTile(b, tile + 1));
      }
    }
  }
}

function entryCount(first: u32, end: u32): u32 {
  let bytes: usize = 0;
  for (let b = first; b < end; b++) bytes += startOfTile(b, tileCount()) - startOfTile(b, 0);
  return <u32>bytes >> 2;
}

/** W2T = W2ᵀ: rows of hidden units become rows of classes. */
export function transposeW2(): void {
  const M = engine.M, K = engine.K;
  for (let m: u32 = 0; m < M; m++) {
    let from = engine.W2 + m / BLOCK_WIDTH * K * ROW_BYTES + (m % BLOCK_WIDTH << 3);
    for (let k: u32 = 0; k < K; k++, from += ROW_BYTES) {
      const to = engine.W2T + (k / BLOCK_WIDTH * M + m) * ROW_BYTES + (k % BLOCK_WIDTH << 3);
      store<f64>(to, load<f64>(from));
    }
  }
}

/** A2 = W2 Y1 + b2. W2 must have been transposed. */
export function secondLayer(first: u32, end: u32): void {
  const K = engine.K, M = engine.M, stride = engine.B * ROW_BYTES;
  let to = engine.A2 + first * blockCount(K) * ROW_BYTES;
  for (let b = first; b < end; b++) {
    let w = engine.W2T, bias = engine.b2;
    for (let k: u32 = 0; k < K; k += BLOCK_WIDTH, to += ROW_BYTES, bias += ROW_BYTES) {
      let from = zeros, y = engine.Y1 + b * ROW_BYTES;
      for (let m: u32 = 0; m < M; m += BLOCK_WIDTH, y += stride) {
        const units = min(BLOCK_WIDTH, M - m);
        sumRows(to, from, w, y, units);
        w += units * ROW_BYTES;
        from = to; // the next block's units continue the sums
      }
      for (let i: usize = 0; i < ROW_BYTES; i += 16) {
        v128.store(to + i, add(v128.load(to + i), v128.load(bias + i)));
      }
    }
  }
}
