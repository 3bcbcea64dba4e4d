// Classification of one image, compared with forward(); other tests compare that with NumPy.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { classify } from "../../lib/training/classify.ts";
import { dim, forward, initialise, Matrix, RandomState, ShapeError } from "../../mod.ts";

const parameters = initialise(
  dim("inputs", 4),
  dim("hidden", 3),
  dim("classes", 2),
  new RandomState(601),
);

Deno.test("example: classify() is forward() of the pixels divided by 255", () => {
  const image = { width: 2, height: 2, pixels: Uint8Array.of(0, 51, 102, 255) };
  const { Y1, P } = forward(parameters, Matrix.of(dim("inputs", 4), 1, [0, 0.2, 0.4, 1]));
  const reading = classify(parameters, image);
  deepStrictEqual([reading.activations, reading.probabilities], [Y1.data, P.data]);
  strictEqual(P.data[reading.class], Math.max(...P.data));
});

Deno.test("example: classify() throws ShapeError for an image of another size", () => {
  const image = { width: 3, height: 2, pixels: new Uint8Array(6) };
  throws(
    () => classify(parameters, image),
    new ShapeError("Cannot classify an image of 2x3: need 4 pixels, as many as W1 has columns"),
  );
});
