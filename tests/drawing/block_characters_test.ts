// Images as block characters.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { blockCharacters, shade } from "../../lib/drawing/block_characters.ts";

Deno.test("example: blockCharacters() shows two pixels, one above the other, as one character", () => {
  const above = [0, 0, 255, 255], below = [0, 128, 128, 255];
  const image = { width: 4, height: 2, pixels: Uint8Array.from([...above, ...below]) };
  deepStrictEqual(blockCharacters(image, 40), [" ░▓█"]);
  // of three rows the middle one is shared: a third of each line
  const three = { width: 1, height: 3, pixels: Uint8Array.of(255, 0, 255) };
  deepStrictEqual(blockCharacters(three, 40), ["▓", "▓"]);
});

Deno.test("example: blockCharacters() shrinks a wide image, to at least one line", () => {
  const wide = { width: 200, height: 2, pixels: new Uint8Array(400).fill(255) };
  deepStrictEqual(blockCharacters(wide, 40), ["█".repeat(40)]);
  const square = { width: 100, height: 100, pixels: new Uint8Array(10_000) };
  deepStrictEqual(blockCharacters(square, 40), Array(20).fill(" ".repeat(40)));
});

Deno.test("example: shade() takes the nearest of five characters", () => {
  const edges = [0, 31, 32, 95, 96, 159, 160, 223, 224, 255];
  strictEqual(edges.map(shade).join(""), "  ░░▒▒▓▓██");
});
