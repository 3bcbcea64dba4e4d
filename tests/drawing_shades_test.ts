// Images in plain characters.
import { deepStrictEqual } from "node:assert/strict";
import { shades } from "../lib/drawing/shades.ts";

Deno.test("example: shades() shows two pixels, one below the other, as one character", () => {
  const above = [0, 0, 255, 255], below = [0, 128, 128, 255];
  const image = { width: 4, height: 2, pixels: Uint8Array.from([...above, ...below]) };
  deepStrictEqual(shades(image, 40), [" ░▓█"]);
  // of three rows the middle one is shared: a third of each line
  const three = { width: 1, height: 3, pixels: Uint8Array.of(255, 0, 255) };
  deepStrictEqual(shades(three, 40), ["▓", "▓"]);
});

Deno.test("shades() shows a wide image smaller, and never less than a line", () => {
  const wide = { width: 200, height: 2, pixels: new Uint8Array(400).fill(255) };
  deepStrictEqual(shades(wide, 40), ["█".repeat(40)]);
  const square = { width: 100, height: 100, pixels: new Uint8Array(10_000) };
  deepStrictEqual(shades(square, 40), Array(20).fill(" ".repeat(40)));
});
