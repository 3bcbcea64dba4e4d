// Enlarged images, compared with the textbook formula of bilinear interpolation.
import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { upscale } from "../../lib/drawing/resample.ts";
import type { GreyImage } from "../../mod.ts";
import { drawing } from "../helpers/drawings.ts";

/** Bilinear interpolation between four neighbours; values outside are 0. */
function interpolate({ width, height, pixels }: GreyImage, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)], [right, down] = [x - left, y - top];
  const at = (x: number, y: number) =>
    x >= 0 && x < width && y >= 0 && y < height ? pixels[y * width + x]! : 0;
  return (1 - down) * ((1 - right) * at(left, top) + right * at(left + 1, top)) +
    down * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
}

Deno.test("law: upscale() interpolates between the centres of pixels", () => {
  fc.assert(
    fc.property(drawing, fc.integer({ min: 1, max: 6 }), (image, factor) => {
      const large = upscale(image, factor);
      deepStrictEqual([large.width, large.height], [factor * image.width, factor * image.height]);
      large.pixels.forEach((value, i) => {
        const x = (i % large.width + 0.5) / factor - 0.5;
        const y = (Math.floor(i / large.width) + 0.5) / factor - 0.5;
        // 0.5 for rounding to bytes, 1e-9 for rounding errors before that
        const wanted = interpolate(image, x, y);
        ok(Math.abs(value - wanted) <= 0.5 + 1e-9, `${value} at (${x}, ${y}), need ${wanted}`);
      });
    }),
    { numRuns: 30 },
  );
});
