// Images of ink, before there is any.
import { throws } from "node:assert/strict";
import { checkPixels } from "../../lib/data/image.ts";
import { blankImage } from "../../lib/data/image.ts";
import { drawStroke } from "../../lib/drawing/pen.ts";
import { ShapeError } from "../../mod.ts";

Deno.test("example: blankImage() throws RangeError for sizes that are not positive integers, and for too many pixels", () => {
  for (
    const [width, height] of [[0, 1], [1, -1], [1.5, 1], [1, NaN], [Infinity, 1], [
      65536,
      32768,
    ]] as const
  ) {
    throws(
      () => blankImage({ width, height }),
      new RangeError(
        `Cannot make an image ${width} wide and ${height} high: ` +
          "need integers greater than 0, and at most 2147483647 pixels",
      ),
    );
  }
});

Deno.test("example: checkPixels() throws RangeError for sides that are no positive integers, though their product fits", () => {
  for (const [width, height] of [[2.5, 2], [-5, -1]] as const) {
    const message = `Cannot make an image ${width} wide and ${height} high: ` +
      "need integers greater than 0, and at most 2147483647 pixels";
    throws(() => checkPixels({ width, height }, new Uint8Array(5)), new RangeError(message));
    const image = { width, height, pixels: new Uint8Array(5) };
    throws(() => drawStroke(image, [{ x: 0, y: 0 }], 1), new RangeError(message));
  }
  throws(() => checkPixels({ width: 2, height: 2 }, new Uint8Array(5)), ShapeError);
});
