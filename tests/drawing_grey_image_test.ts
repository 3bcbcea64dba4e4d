// Images of ink, before there is any.
import { throws } from "node:assert/strict";
import { blankImage } from "../mod.ts";

Deno.test("blankImage() refuses sizes that are none", () => {
  for (const [width, height] of [[0, 1], [1, -1], [1.5, 1], [1, NaN]] as const) {
    throws(
      () => blankImage({ width, height }),
      new RangeError(
        `Cannot make an image ${width} wide and ${height} high: need integers greater than 0`,
      ),
    );
  }
});
