// The training steps that the playground shows, and the parts of their quantities.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  batchStep,
  focusOn,
  initialParameters,
  placeOf,
  updatedParameters,
} from "../../lib/explain/explained_step.ts";
import { QUANTITIES } from "../../lib/network/step.ts";
import { INITIAL_STATE, type PageState, SHOWN_SYMBOLS } from "../../lib/pages/state.ts";
import { sliceOf } from "../../lib/pages/step/entry.tsx";
import {
  batchOf,
  DEFAULT_EXAMPLE,
  type SequenceStep,
  stepSequence,
} from "../../lib/pages/step/step_sequence.ts";
import { dim, Indices, runStep } from "../../mod.ts";
import { mnist } from "../helpers/fixtures.ts";

const examples = mnist("test").first(20);
const parameters = initialParameters(601, examples.inputs, 10);
const drawing = new Uint8Array(examples.inputs).fill(128, 300, 400);

/** The step of a state, after as many calls as it needs. */
function stepOf(sequence: ReturnType<typeof stepSequence>, state: PageState): SequenceStep {
  let found = sequence(state, parameters);
  while (found.losses.length < state.updates) found = sequence(state, parameters);
  return found;
}

Deno.test("example: batchOf() takes the example or drawing, and those after it", () => {
  const imagesOf = (changes: Partial<typeof INITIAL_STATE>) => {
    const { data, images } = batchOf({ ...INITIAL_STATE, ...changes }, examples);
    return [images, data !== examples];
  };
  deepStrictEqual(imagesOf({}), [[DEFAULT_EXAMPLE], false]);
  deepStrictEqual(imagesOf({ example: 3, batch: 2 }), [[3, 4], false]);
  deepStrictEqual(imagesOf({ example: 19, batch: 3 }), [[19, 0, 1], false]);
  deepStrictEqual(imagesOf({ drawing, batch: 3 }), [[20, 0, 1], true]);
  const { data } = batchOf({ ...INITIAL_STATE, drawing, label: 7 }, examples);
  deepStrictEqual(data.image(20).pixels, drawing);
  strictEqual(data.labels[20], 7);
});

Deno.test("example: stepSequence() takes the updates that the state names, some at a time", () => {
  const sequence = stepSequence(examples);
  const state = { ...INITIAL_STATE, example: 3, batch: 2, rate: 0.1, updates: 9 };
  deepStrictEqual(sequence(state, parameters).losses, [], "a step for each call");
  const found = stepOf(sequence, state);

  const batch = examples.batch(Indices.of(dim("batch", 2), [3, 4])), losses: number[] = [];
  let expected = runStep(parameters, batch, 0.1);
  for (let update = 0; update < 9; update++) {
    losses.push(expected.E.at(0, 0));
    expected = runStep(updatedParameters(expected), batch, 0.1);
  }
  deepStrictEqual(found.losses, losses);
  deepStrictEqual(found.step.values.dW1, expected.dW1);

  const first = stepOf(sequence, { ...state, updates: 0 });
  deepStrictEqual(first.losses, []);
  deepStrictEqual(first.step.values.E, runStep(parameters, batch, 0.1).E);
  const other = stepOf(sequence, { ...state, updates: 0, example: 4 });
  deepStrictEqual(other.step.batchIndices.values, Uint32Array.of(4, 5));
});

Deno.test("example: stepSequence() ignores a focus or class that is not there", () => {
  const focus = { D: 9999, M: 3, K: 10, B: 1 }, sequence = stepSequence(examples);
  const { step } = stepOf(sequence, { ...INITIAL_STATE, focus, drawing, label: 99 });
  strictEqual(step.focus.M, 3);
  ok(step.focus.D < 784 && step.focus.K < 10);
  strictEqual(step.focus.B, 0);
  strictEqual(step.values.labels.values[0], 9);
});

Deno.test("law: sliceOf() holds the entry in focus of every quantity at its place", () => {
  const focus = { D: 400, M: 3, K: 7, B: 2 };
  const step = batchStep(examples, [8, 9, 10, 11], parameters, 0.1, focus);
  for (const symbol of SHOWN_SYMBOLS) {
    const [row, column] = placeOf(step.focus, symbol);
    const { values, at, along, size } = sliceOf(step, symbol);
    strictEqual(values[at], step.values[symbol].at(row, column), symbol);
    ok(QUANTITIES[symbol].axes.includes(along));
    ok(size.width * size.height >= values.length, symbol);
    deepStrictEqual(placeOf({ ...focus, ...focusOn(symbol, row, column) }, symbol), [row, column]);
  }
  deepStrictEqual(sliceOf(step, "dW1").size, { width: 28, height: 28 });
  deepStrictEqual(sliceOf(step, "dW2").size, { width: 8, height: 10 });
  deepStrictEqual(sliceOf(step, "P").size, { width: 1, height: 10 });
});
