// The path of one weight: the chain rule's product, the loss over the weight, and left-out factors.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  batchStep,
  type ExplainedStep,
  smallStep,
  updatedParameters,
} from "../../lib/explain/explained_step.ts";
import {
  agreeingDigits,
  CUTS,
  differenceQuotient,
  secant,
  stepWithout,
  weightPath,
} from "../../lib/explain/weight_path.ts";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { MISTAKES, runStep } from "../../mod.ts";
import { lazyStep } from "../../lib/network/step.ts";
import { mnist } from "../helpers/fixtures.ts";

const data = mnist("test"), { parameters } = await loadParametersOrPretrained(undefined);
const focus = { M: 3, D: 400 };
const one = batchStep(data, [8], parameters, 0.01, focus);
const steps: readonly (readonly [string, ExplainedStep])[] = [
  ["test image 8", one],
  ["a blank pixel", batchStep(data, [8], parameters, 0.01, { M: 3, D: 0 })],
  ["a saturated unit", batchStep(data, [8], parameters, 0.01, { M: 48, D: 400 })],
  ["16 images", batchStep(data, Array.from({ length: 16 }, (_, i) => i), parameters, 0.01, focus)],
  ["3 hidden units", smallStep(601)],
];

Deno.test("law: the path of a weight that is not changed is that of the step, to the bit", () => {
  for (const [name, step] of steps) {
    const { values, focus: { M, D } } = step, { images, ...path } = weightPath(step);
    deepStrictEqual(
      path,
      {
        weight: values.W1.at(M, D),
        gradient: values.dW1.at(M, D),
        loss: values.E.at(0, 0),
      },
      name,
    );
    images.forEach(({ classes, output, told, passed, loss }, i) => {
      deepStrictEqual(
        [output, told, passed, loss],
        [values.Y1.at(M, i), values.dY1.at(M, i), values.dA1.at(M, i), values.L.at(0, i)],
        name,
      );
      classes.forEach(({ probability, error }, k) => {
        deepStrictEqual([probability, error], [values.P.at(k, i), values.dA2.at(k, i)], name);
      });
    });
  }
});

Deno.test("law: the loss over the weight is that of the whole network", () => {
  for (const [name, step] of steps) {
    const { values, focus: { M, D } } = step, { X, labels, b1, W2, b2 } = values;
    for (const weight of [-6, 0, 3]) {
      const W1 = values.W1.scale(1);
      W1.data[M * W1.columns + D] = weight;
      const expected = lazyStep({ X, labels, W1, b1, W2, b2 }).E.at(0, 0);
      const { loss } = weightPath(step, { weight });
      // the sums differ in one term of many: some units in the last place
      ok(agreeingDigits(loss, expected) > 11, `${name}: ${loss} ${expected}`);
    }
  }
});

Deno.test("reference: secant() agrees in the digits of explain's differences", () => {
  for (const [name, step] of steps) {
    const { focus: { M, D } } = step, { h, quotient } = differenceQuotient(step, "dW1", M, D)!;
    // both have the error of rounding: 10⁻¹⁶ / h
    ok(Math.abs(secant(step, h, weightPath(step).weight).slope - quotient) < 2e-11, name);
  }
  const path = weightPath(one);
  const digits = [1, 0.1, 0.01, 0.001, 1e-4].map((h) =>
    Math.floor(agreeingDigits(secant(one, h, path.weight).slope, path.gradient))
  );
  deepStrictEqual(digits.slice(0, 4), [1, 3, 5, 7]);
  ok(digits[4]! >= 9, `${digits[4]}`); // rounding decides about the last one
});

Deno.test("law: without a factor the product is that of a step with the same mistake", () => {
  for (const { id, quantity, mistake } of CUTS) {
    for (const [name, step] of steps) {
      const { gradient } = weightPath(step, { cut: id }), { M, D } = step.focus;
      const { dW1 } = stepWithout(step, id).values;
      ok(agreeingDigits(gradient, dW1.at(M, D)) > 12, `${id}, ${name}`);
    }
    const found = MISTAKES.find((one) => one.id === mistake);
    if (mistake === undefined) continue;
    strictEqual(found?.quantity, quantity, id);
    for (const [name, step] of steps) {
      const { values, batchIndices, focus: { M, D } } = step;
      const wrong = runStep(values, step.data.batch(batchIndices), 0.01, {
        [quantity]: (values: Parameters<typeof found.compute>[0]) => found.compute(values),
      });
      const { gradient } = weightPath(step, { cut: id }), made = stepWithout(step, id);
      ok(agreeingDigits(gradient, wrong.dW1.at(M, D)) > 12, `${id}, ${name}`);
      const after = runStep(updatedParameters(wrong), step.data.batch(batchIndices), 0.01);
      ok(agreeingDigits(made.after.E, after.E.at(0, 0)) > 10, `${id}, ${name}`);
    }
  }
});

Deno.test("example: a weight whose factor is left out", () => {
  const { images: [image] } = weightPath(one);
  const cut = (id: "weight" | "pixel") => weightPath(one, { cut: id }).gradient;
  strictEqual(cut("pixel"), image!.passed);
  strictEqual(Math.abs(cut("weight")), 0, "the errors of a column sum to 0: no rounding is shown");
});
