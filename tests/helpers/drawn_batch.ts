/** Parameters and batches of the report's sizes, drawn from a seed. */
import { dim, Indices, initialise, RandomState } from "../../mod.ts";
import { mnist } from "./fixtures.ts";

/**
 * Draws parameters and a batch of MNIST's training images.
 *
 * @param hidden hidden units: few, so that differences take little time
 */
export function drawnBatch(seed: number, hidden = 6, samples = 3) {
  const data = mnist("train");
  const random = new RandomState(seed);
  const p = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
  const picked = Indices.of(dim("batch", samples), random.randint(0, data.count, samples));
  return { p, batch: data.batch(picked), random };
}

/** Parameters that are sure of class 3, and right: little is left of the gradient. */
export function sureOfClass3(seed: number, by: number) {
  const { p, batch: { X }, random } = drawnBatch(seed);
  const sure = { ...p, b2: p.b2.map((b) => b) };
  sure.b2.data[3]! += by;
  return { p: sure, batch: { X, labels: Indices.of(X.columns, [3, 3, 3]) }, random };
}
