// Softmax with cross-entropy, forward and backward: lib/network/softmax_cross_entropy.ts.
import { exp } from "./exp";
import { blockCount, engine, ROW_BYTES } from "./memory";
import { div, splat, sub } from "./vector";

/** P = softmax(A2), dA2 = (P - onehot) / B, the loss in two terms, and the predicted class. */
export function softmaxCrossEntropy(first: u32, end: u32): void {
  const K = engine.K, B = engine.B, dA2T = engine.dA2T;
  let a = engine.A2 + first * blockCount(K) * ROW_BYTES;
  for (let b = first; b < end; b++, a += blockCount(K) * ROW_BYTES) {
    const end = a + (K << 3); // vectors end here too, or one number of padding later
    const example = load<u32>(engine.batchIndices + (b << 2));
    const label = a + (<u32>load<u8>(engine.exampleLabels + example) << 3);
    let largest = a, sum: f64 = 0;
    for (let i = a + 8; i < end; i += 8) {
      const score = load<f64>(i);
      if (score > load<f64>(largest) || isNaN(score)) largest = i;
    }
    const max = load<f64>(largest); // NaN if a score is
    store<i32>(engine.predicted + (b << 2), isFinite(max) ? <i32>(largest - a >> 3) : -1);
    store<f64>(engine.labelScores + (b << 3), load<f64>(label) - max);
    for (let i = a; i < end; i += 16) v128.store(i, exp(sub(v128.load(i), splat(max))));
    for (let i = a; i < end; i += 8) sum += load<f64>(i);
    for (let i = a; i < end; i += 16) v128.store(i, div(v128.load(i), splat(sum)));
    store<f64>(label, load<f64>(label) - 1);
    for (let i = a; i < end; i += 16) v128.store(i, div(v128.load(i), splat(B)));
    for (let k: u32 = 0; k < K; k++) store<f64>(dA2T + (k * B + b << 3), load<f64>(a + (k << 3)));
    store<f64>(engine.sums + (b << 3), sum);
  }
}
