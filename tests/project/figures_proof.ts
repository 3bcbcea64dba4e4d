/** A figure in the documents that takes all of MNIST's training images. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { mnist } from "../helpers/fixtures.ts";

Deno.test("example: docs/performance.md states how many pixels are not zero, and what that saves", () => {
  const { pixels } = mnist("train");
  let nonzero = 0;
  for (const byte of pixels) if (byte !== 0) nonzero++;
  const share = nonzero / pixels.length;
  const [D, M, K] = [784, 80, 10];
  const small = 3 * M * K; // the second layer forward, dY1 and dW2
  const sparse = 2 * share * D * M + small, dense = 2 * D * M + small; // A1 and dW1
  const times = (work: number) => (work / sparse).toFixed(1);
  const page = new URL("../../docs/performance.md", import.meta.url);
  const text = Deno.readTextFileSync(page).replaceAll(/\s+/g, " "); // wherever its lines are broken
  const wanted = [
    `${(100 * share).toFixed(2)} % of MNIST's training pixels are not zero`,
    `takes ${times(dense + D * M)} times as many multiplications (${times(dense)} times without`,
  ];
  deepStrictEqual(wanted.filter((sentence) => !text.includes(sentence)), []);
  // docs/errata.md: delta_x is a third of the multiplications
  strictEqual((D * M / (dense + D * M)).toFixed(2), "0.33");
});
