/** Figures in the documents that take all of MNIST's training images. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { dim, initialise, RandomState, SimdEngine, train } from "../../mod.ts";
import { mnist } from "../helpers/fixtures.ts";
import { tables } from "../helpers/markdown.ts";

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

Deno.test("example: the losses that the report prints lie between those of seeds 5 and 601, in every epoch", () => {
  const page = new URL("../../docs/equations.md", import.meta.url);
  const rows = tables(Deno.readTextFileSync(page)).find((rows) =>
    rows.length === 5 && rows.every((row, i) => row.length === 3 && row[0] === `${i + 1}`)
  )!;
  const data = mnist("train"), random = new RandomState(5);
  const drawn = initialise(data.inputs, dim("hidden", 80), data.classes, random);
  const settings = { epochs: 5, batchSize: 100, learningRate: 0.01 };
  const epochs = [...train(new SimdEngine(drawn, data), random, settings)]
    .filter(({ event }) => event === "epoch");
  rows.forEach(([epoch, report, numpy], i) => {
    const loss = epochs[i]!.crossEntropy;
    ok(loss < Number(report) && Number(report) < Number(numpy), `epoch ${epoch}`);
  });
});
