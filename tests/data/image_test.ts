// Images of ink, before there is any.
import { throws } from "node:assert/strict";
import { blankImage } from "../../mod.ts";

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
