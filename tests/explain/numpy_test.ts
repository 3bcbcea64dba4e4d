/** Equations as programs write them; their numbers are tested with those of the mistakes. */
import { strictEqual } from "node:assert/strict";
import { numpyOf } from "../../lib/explain/numpy.ts";
import { QUANTITIES } from "../../lib/network/step.ts";

Deno.test("example: numpyOf() writes an equation in the names of the report's listing", () => {
  const listing = {
    rowsAreExamples: false,
    nameOf: (symbol: keyof typeof QUANTITIES) => QUANTITIES[symbol].listing ?? symbol,
  };
  const twice = "delta_y1 * (1 - output1) * output1 * output1";
  strictEqual(numpyOf("dA1 = dY1 (1 - Y1) Y1 Y1", listing), twice);
  strictEqual(numpyOf(QUANTITIES.dW1.equation, listing), "delta_a @ img.T");
  strictEqual(numpyOf("dW1 = dA1 Xᵀ / B", listing), "delta_a @ img.T / B");
  strictEqual(numpyOf("dA2 = -(P - onehot) / B", listing), "-(output_last - onehot) / B");
  strictEqual(numpyOf(QUANTITIES["W1'"].equation, listing), "W1 - my * delta_W1");
  strictEqual(numpyOf("dA1 = -(dY1 - Y1) X", listing), "-(delta_y1 - output1) @ img");
  strictEqual(numpyOf(QUANTITIES.onehot.equation, listing), undefined);
});

Deno.test("example: numpyOf() reverses products where rows are the examples, but for weights stored as in PyTorch", () => {
  const rows = { rowsAreExamples: true, nameOf: (symbol: string) => symbol };
  const pytorch = { ...rows, isTransposed: (symbol: string) => /W\d/.test(symbol) };
  strictEqual(numpyOf(QUANTITIES.A2.equation, rows), "Y1 @ W2 + b2");
  strictEqual(numpyOf(QUANTITIES.A2.equation, pytorch), "Y1 @ W2.T + b2");
  strictEqual(numpyOf(QUANTITIES.dY1.equation, rows), "dA2 @ W2.T");
  strictEqual(numpyOf(QUANTITIES.dY1.equation, pytorch), "dA2 @ W2");
});
