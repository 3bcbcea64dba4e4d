// Entry of the WebAssembly module: variables that TypeScript sets, functions that it calls.
import { backward } from "./backward";
import { forward } from "./forward";
import { softmaxCrossEntropy } from "./softmax";

export * from "./memory";
export { correct } from "./softmax";
export { forward, softmaxCrossEntropy };

/** One step of gradient descent; `correct`, `sums` and `labelScores` hold its result. */
export function step(learningRate: f64): void {
  forward();
  softmaxCrossEntropy();
  backward(learningRate);
}
