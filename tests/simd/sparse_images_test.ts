// Lists of nonzero pixels.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { countNonzero, toSparse } from "../../lib/simd/sparse_images.ts";
import { Dataset } from "../../mod.ts";

function lists(width: number, pixels: Uint8Array) {
  const count = pixels.length / width, total = countNonzero(pixels);
  const starts = new Uint32Array(count + 1), indices = new Uint16Array(total + 1);
  const bytes = new Uint8Array(total + 1);
  toSparse(
    Dataset.of({ width, height: 1 }, pixels, new Uint8Array(count)),
    starts,
    indices,
    bytes,
  );
  return {
    starts: [...starts],
    indices: [...indices.slice(0, -1)],
    bytes: [...bytes.slice(0, -1)],
  };
}

Deno.test("example: toSparse() skips zeros, also where a whole image is zero or nonzero", () => {
  const pixels = Uint8Array.of(0, 7, 0, 0, 0, 0, 255, 1, 128, 0, 0, 9);
  strictEqual(countNonzero(pixels), 5);
  deepStrictEqual(lists(3, pixels), {
    starts: [0, 1, 1, 4, 5],
    indices: [1, 0, 1, 2, 2],
    bytes: [7, 255, 1, 128, 9],
  });
});

Deno.test("law: toSparse() keeps every pixel that is not 0", () => {
  const byte = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
  const images = fc.integer({ min: 1, max: 9 }).chain((width) =>
    fc.array(fc.array(byte, { minLength: width, maxLength: width }), { minLength: 1 })
  );
  fc.assert(fc.property(images, (rows) => {
    const width = rows[0]!.length;
    const { starts, indices, bytes } = lists(width, Uint8Array.from(rows.flat()));
    const back = rows.map((_, i) => {
      const image = new Array(width).fill(0);
      for (let at = starts[i]!; at < starts[i + 1]!; at++) image[indices[at]!] = bytes[at];
      return image;
    });
    deepStrictEqual(back, rows);
  }));
});
