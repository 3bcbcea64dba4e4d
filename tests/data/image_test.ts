// The sizes of images.
import { throws } from "node:assert/strict";
import { blankImage, checkPixels } from "../../lib/data/image.ts";
import { ShapeError } from "../../mod.ts";

Deno.test("example: an image has sides of at least 1 and at most 2³¹ - 1 pixels, and as many values", () => {
  const sizes = [[0, 1], [1.5, 1], [65536, 32768]] as const;
  for (const [width, height] of sizes) {
    const error = new RangeError(
      `Cannot make an image ${width} wide and ${height} high: ` +
        "need integers greater than 0, and at most 2147483647 pixels",
    );
    throws(() => blankImage({ width, height }), error);
    throws(() => checkPixels({ width, height }, new Uint8Array(5)), error);
  }
  throws(
    () => checkPixels({ width: 2, height: 3 }, new Uint8Array(23), 4),
    new ShapeError("Cannot take 23 values as 3x2 pixels of 4 values: need 24"),
  );
});
