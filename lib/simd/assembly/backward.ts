// Back-propagation and the update: `backward` of lib/network/network.ts with lib/network/sgd.ts.
//
// Each row of parameters is updated as soon as its gradient is known, so that no gradient of a
// whole matrix is stored.
import { sumRows, updateRow } from "./accumulate_rows";
import {
  A2, B, b2, BLOCK_WIDTH, blockCount, D, dA1, dA2T, denseOffsets, K, M, pixelFactors, pixelOffsets,
  pixelStarts, ROW_BYTES, W1, W2, Y1, zeros,
} from "./memory";
import { listByPixel } from "./sparse";
import { mul, splat, sub } from "./vector";

/** From dA2 to the new parameters. */
export function backward(rate: f64): void {
  hiddenGradients(); // before W2 changes
  updateSecondLayer(rate);
  listByPixel();
  updateFirstLayer(rate);
}

/** dY1 = W2ᵀ dA2, dA1 = dY1 (1 - Y1) Y1 */
function hiddenGradients(): void {
  const one = splat(1);
  let to = dA1, y = Y1, w = W2;
  for (let m: u32 = 0; m < M; m += BLOCK_WIDTH, w += K * ROW_BYTES) {
    for (let b: u32 = 0, d = A2; b < B; b++, d += blockCount(K) * ROW_BYTES) {
      sumRows(to, zeros, w, denseOffsets, d, K);
      for (const end = to + ROW_BYTES; to < end; to += 16, y += 16) {
        v128.store(to, mul(mul(v128.load(to), sub(one, v128.load(y))), v128.load(y)));
      }
    }
  }
}

/** W2 -= rate · dA2 Y1ᵀ, b2 -= rate · rowSum(dA2) */
function updateSecondLayer(rate: f64): void {
  let w = W2;
  for (let m: u32 = 0, y = Y1; m < M; m += BLOCK_WIDTH, y += B * ROW_BYTES) {
    for (let k: u32 = 0; k < K; k++, w += ROW_BYTES) {
      updateRow(w, rate, y, denseOffsets, dA2T + (k * B << 3), B);
    }
  }
  for (let k: u32 = 0, d = dA2T; k < K; k++) {
    let sum: f64 = 0;
    for (const end = d + (B << 3); d < end; d += 8) sum += load<f64>(d);
    const b = b2 + (k << 3);
    store<f64>(b, load<f64>(b) - rate * sum);
  }
}

/** W1 -= rate · dA1 Xᵀ, and as its last row b1 -= rate · rowSum(dA1) */
function updateFirstLayer(rate: f64): void {
  const starts = pixelStarts;
  let w = W1;
  for (let m: u32 = 0, d = dA1; m < M; m += BLOCK_WIDTH, d += B * ROW_BYTES) {
    for (let pixel: u32 = 0; pixel <= D; pixel++, w += ROW_BYTES) {
      const start = load<u32>(starts + (pixel << 2)), end = load<u32>(starts + (pixel << 2), 4);
      // a pixel that is 0 in every image of the batch: W - rate · 0 is W
      if (start == end) continue;
      const offsets = pixelOffsets + (start << 2), factors = pixelFactors + (start << 3);
      updateRow(w, rate, d, offsets, factors, end - start);
    }
  }
}
