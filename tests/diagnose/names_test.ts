/** The names of arrays, and what they stand for. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { symbolsOf } from "../../lib/diagnose/dump.ts";
import {
  describeDiagnosis,
  diagnose,
  type NdArray,
  RandomState,
  STEP,
  STEP_INPUTS,
} from "../../mod.ts";
import { PROJECT, record, stepWith } from "./dumps.ts";

Deno.test("law: symbolsOf() knows every symbol, and every name of the listing", () => {
  for (const { symbol, listing } of [...STEP_INPUTS, ...STEP]) {
    deepStrictEqual(symbolsOf(symbol), [symbol]);
    if (listing === undefined || symbol.endsWith("'")) continue;
    deepStrictEqual(symbolsOf(listing), [symbol]);
  }
});

Deno.test("example: symbolsOf() knows the names of the textbook and of PyTorch", () => {
  const names = {
    ...{ x: "X", t: "labels", y: "P", loss: "E", dy: "dA2", "grads['W1']": "dW1" },
    ...{ 'grads["b2"]': "db2", grads_W2: "dW2", z2: "A2", logits: "A2", "W1 after": "W1'" },
    ...{ "fc1.weight": "W1", "fc1.weight.grad": "dW1", "fc2.bias.grad": "db2", W1_new: "W1'" },
    ...{ lr: "η", my: "η", crossE: "E", x_batch: "X", "W1′": "W1'", Delta_W1: "dW1" },
  };
  for (const [name, symbol] of Object.entries(names)) deepStrictEqual(symbolsOf(name), [symbol]);
  deepStrictEqual(symbolsOf("da1"), ["dA1", "dY1"]);
  deepStrictEqual(symbolsOf("dA1"), ["dA1"]);
  for (const name of ["epoch", "", "W3", "__proto__"]) deepStrictEqual(symbolsOf(name), []);
});

Deno.test("example: diagnose() reads z as sums and a as outputs where the numbers say so", () => {
  const values = stepWith({ D: 9, M: 5, K: 3, B: 7 }, new RandomState(2), []);
  const arrays = record(values, PROJECT);
  const renamed = { A1: "z1", Y1: "a1", A2: "z2", P: "a2", dA2: "dz2", dA1: "dz1" };
  const names = new Map<string, string>(Object.entries(renamed));
  const read = diagnose(
    new Map(
      [...arrays].map(([name, array]): [string, NdArray] => [names.get(name) ?? name, array]),
    ),
  );
  ok(read.verdict === "right", describeDiagnosis(read, "en"));
  const found = read.quantities.filter(({ name }) => [...names.values()].includes(name));
  deepStrictEqual(
    Object.fromEntries(found.map(({ symbol, name }) => [symbol, name])),
    renamed,
  );
});
