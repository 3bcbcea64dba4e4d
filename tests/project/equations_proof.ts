/** The losses that the report prints, in docs/equations.md, are those of such a run. */
import { ok, strictEqual } from "node:assert/strict";
import * as sanso from "../../mod.ts";
import { mnist } from "../helpers/fixtures.ts";
import { tables } from "../helpers/markdown.ts";

const text = Deno.readTextFileSync(new URL("../../docs/equations.md", import.meta.url));

/** The table of losses: epoch, the report's, NumPy's. */
const losses = tables(text).filter((rows) => rows.length === 5).map((rows) =>
  rows.map((row) => row.map(Number))
)
  .find(([first]) => first?.length === 3 && first.every((number) => number > 0)) as [
    number,
    number,
    number,
  ][];

Deno.test("example: the losses that the report prints lie between those of two seeds, in every epoch", () => {
  const data = mnist("train"), random = new sanso.RandomState(5);
  const drawn = sanso.initialise(data.inputs, sanso.dim("hidden", 80), data.classes, random);
  const engine = new sanso.SimdEngine(drawn, data);
  const settings = { epochs: 5, batchSize: 100, learningRate: 0.01 };
  const below = [...sanso.train(engine, random, settings)].filter(({ event: done }) =>
    done === "epoch"
  );
  strictEqual(losses.length, 5);
  losses.forEach(([epoch, report, above], i) => {
    ok(below[i]!.crossEntropy < report && report < above, `epoch ${epoch}`);
  });
});
