/** A figure in the documents that takes a whole run on MNIST. */
import { ok } from "node:assert/strict";
import { dim, initialise, RandomState, SimdEngine, train } from "../../mod.ts";
import { mnist } from "../helpers/fixtures.ts";
import { tables } from "../helpers/markdown.ts";

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
