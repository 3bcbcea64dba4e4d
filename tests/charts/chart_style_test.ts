// Colours of the charts.
import { ok } from "node:assert/strict";
import { CHART_STYLE, type Colour, COLOURS } from "../../lib/charts/chart_style.ts";

/** Relative luminance, from 0 to 1 (WCAG 2). */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

Deno.test("example: COLOURS are legible on light and on dark paper, and training is darker than the test in grey", () => {
  // WCAG 2 asks for 4.5 for text (1.4.3) and for 3 for lines (1.4.11)
  const lines = { running: 3, train: 3, test: 3 };
  const needed: Partial<Record<Colour, number>> = { text: 4.5, faint: 4.5, ...lines };
  for (const scheme of ["light", "dark"] as const) {
    for (const [role, least] of Object.entries(needed)) {
      const found = contrast(COLOURS[role as Colour][scheme], COLOURS.paper[scheme]);
      ok(found >= least, `${role}, ${scheme}: ${found.toFixed(2)}, need ${least}`);
    }
  }
  // in grey, two lines need a contrast to each other of 2 or so to look different
  ok(contrast(COLOURS.running.light, COLOURS.test.light) >= 2);
  // what is printed is light
  ok(CHART_STYLE.text.startsWith("\n@media screen and (prefers-color-scheme: dark) {\n"));
});
