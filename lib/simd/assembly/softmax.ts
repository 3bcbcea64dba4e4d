// The last layer, forward and backward: lib/network/softmax_cross_entropy.ts.
import { exp } from "./exp";
import { A2, B, blocks, dA2T, exampleLabels, K, picked, rights, ROW, sums } from "./memory";
import { both, div, sub } from "./vector";

/** How many images have their greatest score, the first of equals, at their label. */
export let correct: u32 = 0;

/** P = softmax(A2), dA2 = (P - onehot) / B, and what the loss is made of. */
export function softmaxCrossEntropy(): void {
  let a = A2;
  correct = 0;
  for (let b: u32 = 0; b < B; b++, a += blocks(K) * ROW) {
    const end = a + (K << 3); // where vectors end too, or one lane of padding later
    const label = a + (<u32>load<u8>(exampleLabels + load<u32>(picked + (b << 2))) << 3);
    let best = a, right: f64 = 0, sum: f64 = 0;
    for (let i = a + 8; i < end; i += 8) if (load<f64>(i) > load<f64>(best)) best = i;
    if (best == label) correct++;
    const most = load<f64>(best);
    // 0 for the other classes is not left out: where a - max is -Infinity, the reference's loss is NaN
    for (let i = a; i < end; i += 8) right += (i == label ? 1.0 : 0.0) * (load<f64>(i) - most);
    for (let i = a; i < end; i += 16) v128.store(i, exp(sub(v128.load(i), both(most))));
    for (let i = a; i < end; i += 8) sum += load<f64>(i);
    for (let i = a; i < end; i += 16) v128.store(i, div(v128.load(i), both(sum)));
    store<f64>(label, load<f64>(label) - 1);
    for (let i = a; i < end; i += 16) v128.store(i, div(v128.load(i), both(B)));
    for (let k: u32 = 0; k < K; k++) store<f64>(dA2T + (k * B + b << 3), load<f64>(a + (k << 3)));
    store<f64>(rights + (b << 3), right);
    store<f64>(sums + (b << 3), sum);
  }
}
