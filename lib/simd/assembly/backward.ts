// Back-propagation and descent: `backward` of lib/network/network.ts with lib/network/sgd.ts, row by row, so that no gradient of a whole
// matrix ever lies in memory.
import {
  A2, B, b2, blocks, D, dA1, dA2T, everyOffset, K, LANES, M, pixelFactors, pixelOffsets, pixelStarts, ROW, W1, W2, Y1, zeros,
} from "./memory";
import { descendRow, sumRows } from "./rows";
import { listByPixel } from "./sparse";
import { both, mul, sub } from "./vector";

/** From dA2 to new parameters. */
export function backward(rate: f64): void {
  hiddenDeltas(); // before W2 changes
  descendSecond(rate);
  listByPixel();
  descendFirst(rate);
}

/** dY1 = W2ᵀ dA2, dA1 = dY1 (1 - Y1) Y1 */
function hiddenDeltas(): void {
  const one = both(1);
  let to = dA1, y = Y1, w = W2;
  for (let m: u32 = 0; m < M; m += LANES, w += K * ROW) {
    for (let b: u32 = 0, d = A2; b < B; b++, d += blocks(K) * ROW) {
      sumRows(to, zeros, w, everyOffset, d, K);
      for (const end = to + ROW; to < end; to += 16, y += 16) {
        v128.store(to, mul(mul(v128.load(to), sub(one, v128.load(y))), v128.load(y)));
      }
    }
  }
}

/** W2 -= rate · dA2 Y1ᵀ, b2 -= rate · rowSum(dA2) */
function descendSecond(rate: f64): void {
  let w = W2;
  for (let m: u32 = 0, y = Y1; m < M; m += LANES, y += B * ROW) {
    for (let k: u32 = 0; k < K; k++, w += ROW) descendRow(w, rate, y, everyOffset, dA2T + (k * B << 3), B);
  }
  for (let k: u32 = 0, d = dA2T; k < K; k++) {
    let sum: f64 = 0;
    for (const end = d + (B << 3); d < end; d += 8) sum += load<f64>(d);
    const b = b2 + (k << 3);
    store<f64>(b, load<f64>(b) - rate * sum);
  }
}

/** W1 -= rate · dA1 Xᵀ, and as its last row b1 -= rate · rowSum(dA1) */
function descendFirst(rate: f64): void {
  const starts = pixelStarts;
  let w = W1;
  for (let m: u32 = 0, d = dA1; m < M; m += LANES, d += B * ROW) {
    for (let pixel: u32 = 0; pixel <= D; pixel++, w += ROW) {
      const start = load<u32>(starts + (pixel << 2)), end = load<u32>(starts + (pixel << 2), 4);
      // dark in every image of the batch: W - rate · 0 is W
      if (start == end) continue;
      descendRow(w, rate, d, pixelOffsets + (start << 2), pixelFactors + (start << 3), end - start);
    }
  }
}
