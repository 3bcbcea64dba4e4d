// The engine's machine code: what TypeScript sets and calls.
import { backward } from "./backward";
import { forward } from "./forward";
import { softmaxCrossEntropy } from "./softmax";

export * from "./memory";
export { correct } from "./softmax";
export { forward, softmaxCrossEntropy };

/** One step of gradient descent on the picked examples; leaves what its result is made of. */
export function step(rate: f64): void {
  forward();
  softmaxCrossEntropy();
  backward(rate);
}
