// Images of weights.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { drawScale, drawUnit, weightScale } from "../../lib/charts/weights.ts";
import { Matrix } from "../../mod.ts";

Deno.test("example: drawUnit() gives 0 no colour, and weights of opposite sign different colours", () => {
  const W1 = Matrix.of(2, 4, [9, 9, 9, 9, -2, -0.5, 0, 0.5]);
  const { pixels, palette } = drawUnit(W1, 1, { width: 2, height: 2 }, 1);
  const [strong, blue, none, orange] = [...pixels].map((i) => palette![i]!);
  deepStrictEqual([strong![3], none![3]], [255, 0]); // -2 is beyond -1, which has full opacity
  deepStrictEqual(strong!.slice(0, 3), blue!.slice(0, 3));
  strictEqual(blue![3], orange![3]);
  ok(blue![2] > blue![0] && orange![0] > orange![2]);
});

Deno.test("example: weightScale() is the 99.5 % quantile of the units shown, also if all are 0", () => {
  const weights = Array.from({ length: 400 }, (_, i) => i % 2 ? i : -i);
  const W1 = Matrix.of(2, 400, [...weights, ...weights.map((w) => 1000 * w)]);
  strictEqual(weightScale(W1, 1), 398);
  const zeros = Matrix.zeros(1, 4), scale = weightScale(zeros, 1);
  const { pixels, palette } = drawUnit(zeros, 0, { width: 2, height: 2 }, scale);
  deepStrictEqual([...pixels].map((i) => palette![i]![3]), [0, 0, 0, 0]);
});

Deno.test("example: drawScale() goes from the most negative colour through none to the most positive", () => {
  const { pixels, palette, width } = drawScale();
  strictEqual(pixels.length, width);
  const ends = [0, (width - 1) / 2, width - 1].map((i) => palette![pixels[i]!]![3]);
  deepStrictEqual(ends, [255, 0, 255]);
});
