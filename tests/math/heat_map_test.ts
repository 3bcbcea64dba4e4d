// A matrix in a notebook: the pixels of its heat map, and its caption.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Matrix } from "../../mod.ts";

/** What a notebook shows: HTML, and text for what shows none. */
function display(matrix: object): Record<string, string> {
  const shown = matrix as { [name: symbol]: () => Record<string, string> };
  return shown[Symbol.for("Jupyter.display")]!();
}

Deno.test("example: a notebook shows a matrix as a heat map: orange positive, blue negative, grey NaN", () => {
  const matrix = Matrix.of(2, 3, [4, -4, 0, 2, NaN, Infinity]);
  const { "text/plain": text, "text/html": html } = display(matrix);
  strictEqual(text, matrix.toString());
  ok(html!.includes("<figcaption>Matrix 2x3, -4.000 to 4.000</figcaption>"));
  const source = /base64,([^"]+)"/.exec(html!)![1]!;
  const bytes = Uint8Array.from(atob(source), (character) => character.charCodeAt(0));
  const colour = (index: number) => [...bytes.subarray(54 + 4 * index, 57 + 4 * index)].reverse();
  const rows = [bytes.subarray(1078, 1081), bytes.subarray(1082, 1085)]; // each of four bytes
  deepStrictEqual(rows.map((row) => Array.from(row, colour)), [
    [[226, 88, 16], [31, 119, 200], [255, 255, 255]],
    [[240, 171, 135], [128, 128, 128], [226, 88, 16]],
  ]);
});

Deno.test("example: the heat map of a large matrix shows its first rows and columns, and says so", () => {
  const { "text/html": html } = display(Matrix.zeros(2, 1200));
  ok(html!.includes("Matrix 2x1200, 0.000 to 0.000, the first 2x1000 entries"), html);
});
