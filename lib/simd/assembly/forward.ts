// Forward propagation of a batch: `forward` of lib/network/network.ts, up to A2.
import { exp } from "./exp";
import {
  A2, B, b2, blocks, D, everyOffset, imageOffsets, imageStarts, imageValues, K, LANES, M, ROW, W1, W2, W2T, Y1, zeros,
} from "./memory";
import { sumRows } from "./rows";
import { listByImage } from "./sparse";
import { add, both, div } from "./vector";

/** Y1 and A2 of the picked examples. */
export function forward(): void {
  listByImage();
  hiddenSums();
  sigmoid();
  transposeW2();
  scores();
}

/** A1 = W1 X + b1 */
function hiddenSums(): void {
  let to = Y1, w = W1;
  // blocks outside, images inside: a block of W1 stays in the cache
  for (let m: u32 = 0; m < M; m += LANES, w += (D + 1) * ROW) {
    for (let b: u32 = 0; b < B; b++, to += ROW) {
      const start = load<u32>(imageStarts + (b << 2)), end = load<u32>(imageStarts + (b << 2), 4);
      sumRows(to, zeros, w, imageOffsets + (start << 2), imageValues + (start << 3), end - start);
    }
  }
}

/** Y1 = 1 / (1 + e^(-A1)) */
function sigmoid(): void {
  const one = both(1);
  for (let y = Y1, end = y + blocks(M) * B * ROW; y < end; y += 16) {
    v128.store(y, div(one, add(one, exp(f64x2.neg(v128.load(y))))));
  }
}

/** From rows of hidden units to rows of classes. */
function transposeW2(): void {
  for (let m: u32 = 0; m < M; m++) {
    let from = W2 + m / LANES * K * ROW + (m % LANES << 3);
    for (let k: u32 = 0; k < K; k++, from += ROW) {
      store<f64>(W2T + (k / LANES * M + m) * ROW + (k % LANES << 3), load<f64>(from));
    }
  }
}

/** A2 = W2 Y1 + b2 */
function scores(): void {
  let to = A2;
  for (let b: u32 = 0; b < B; b++) {
    let w = W2T, bias = b2;
    for (let k: u32 = 0; k < K; k += LANES, to += ROW, bias += ROW) {
      let from = zeros, y = Y1 + b * ROW;
      for (let m: u32 = 0; m < M; m += LANES, y += B * ROW) {
        const units = min(LANES, M - m);
        sumRows(to, from, w, everyOffset, y, units);
        w += units * ROW;
        from = to; // the next block's units continue the sums
      }
      for (let i: usize = 0; i < ROW; i += 16) v128.store(to + i, add(v128.load(to + i), v128.load(bias + i)));
    }
  }
}
