// The report's figures 1 to 4; images of weights, and PNG files.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BOTTOM, LEFT, RIGHT, TOP } from "../../lib/charts/axes.ts";
import { drawFigure, FIGURE_NUMBERS } from "../../lib/charts/figures.ts";
import { madeUpRows } from "../helpers/history.ts";
import { wellFormed } from "../helpers/markup.ts";
import { drawUnit, weightScale } from "../../lib/charts/weights.ts";
import { Matrix } from "../../mod.ts";
import fc from "fast-check";
import { encodePng, type IndexedImage } from "../../lib/charts/encode_png.ts";
import { decodePng } from "../../lib/system/png.ts";

function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text]) => text!);
}

/** The positions of the lines that stand for the report's values. */
function references(svg: string): number[] {
  return wellFormed(svg)
    .filter(({ attributes }) => attributes.get("class")?.startsWith("reference "))
    .map(({ attributes }) => {
      const [, from, at, to] = /^M([\d.]+),([\d.]+)H([\d.]+)$/.exec(attributes.get("d")!)!;
      deepStrictEqual([Number(from), Number(to)], [LEFT, RIGHT]);
      return Number(at);
    });
}

Deno.test("example: drawFigure() has the report's captions, in both languages, losses in figures 1 and 3, rates in 2 and 4", () => {
  const shown = (lang: "en" | "ja") =>
    FIGURE_NUMBERS.map((number) => {
      const svg = drawFigure(number, madeUpRows(100), { lang })!, all = texts(svg);
      strictEqual(wellFormed(svg)[0]!.attributes.get("lang"), lang);
      const caption = all.find((text) => text.includes("mini_"))!;
      ok(svg.includes(`<title id="title">${caption}</title>`));
      const axes = [/nats|%|nat）/, /^(?:epoch|エポック)/];
      return [caption, ...axes.map((axis) => all.find((text) => axis.test(text)))].join(" | ");
    });
  const notes = "epoch, logarithmic (line: mean, band: range of several epochs)";
  deepStrictEqual(shown("en"), [
    "Figure 1: mini_loss | Cross-entropy (nats) | epoch",
    "Figure 2: mini_rate | Accuracy (%) | epoch",
    `Figure 3: mini_loss | Cross-entropy (nats), logarithmic | ${notes}`,
    `Figure 4: mini_rate | Accuracy (%) | ${notes}`,
  ]);
  const captions = ["図 1 mini_loss", "図 2 mini_rate", "図 3 mini_loss", "図 4 mini_rate"];
  deepStrictEqual(shown("ja").map((all) => all.split(" | ")[0]), captions);
});

Deno.test("example: drawFigure() shows the first 30 epochs in figures 1 and 2, the whole run in 3 and 4", () => {
  const rows = madeUpRows(100);
  for (const number of FIGURE_NUMBERS) {
    const last = number <= 2 ? 30 : 100, all = texts(drawFigure(number, rows)!);
    ok(all.some((text) => text.startsWith(`This run, epoch ${last}: train `)), `${all}`);
  }
  deepStrictEqual(drawFigure(1, rows), drawFigure(1, rows.slice(0, 30)));
  ok(
    texts(drawFigure(1, rows.slice(0, 3))!).includes("This run, epoch 3: train 0.7694, test 1.159"),
  );
  ok(texts(drawFigure(4, rows)!).includes("This run, epoch 100: train 99.50 %, test 94.60 %"));
});

Deno.test("example: drawFigure() gives nothing if a run is too short, or its history begins too late", () => {
  const drawn = (from: number, to: number) =>
    FIGURE_NUMBERS.filter((number) => drawFigure(number, madeUpRows(to).slice(from - 1)));
  deepStrictEqual(drawn(1, 1), [1, 2]);
  deepStrictEqual(drawn(1, 30), [1, 2]);
  deepStrictEqual(drawn(1, 31), [1, 2, 3, 4]);
  deepStrictEqual(drawn(30, 31), [1, 2, 3, 4]);
  deepStrictEqual(drawn(31, 40), [3, 4]);
});

Deno.test("example: drawFigure() draws the report's values where the axis has them", () => {
  const rows = madeUpRows(100), flat = { crossEntropy: 0.0016, accuracy: 0.95 };
  const figures = FIGURE_NUMBERS.map((number) => drawFigure(number, rows)!);
  deepStrictEqual(figures.map((svg) => references(svg).length), [0, 0, 1, 2]);
  // a curve of that value lies on the line
  const same = rows.map(({ epoch }) => ({ epoch, running: flat }));
  for (const number of [3, 4] as const) {
    const svg = drawFigure(number, same)!;
    const [, line] = wellFormed(svg)
      .filter(({ attributes }) => attributes.get("class") === "line stroke-running");
    const at = /^M[\d.]+,([\d.]+)/.exec(line!.attributes.get("d")!)![1];
    strictEqual(Number(at), references(svg).at(-1));
    // its label is in the panel, below the line or, at the foot, above it
    for (const [, y] of svg.matchAll(/y="([\d.]+)">report: /g)) ok(Number(y) <= BOTTOM, y);
  }
  strictEqual(references(figures[3]!)[0], TOP);
  for (const at of figures.flatMap(references)) ok(at >= TOP && at <= BOTTOM);
});

Deno.test("example: drawFigure() quotes the report, with its erratum", () => {
  const report = (lang: "en" | "ja") =>
    texts(drawFigure(4, madeUpRows(100), { lang })!).filter((text) => /report|レポート/.test(text));
  deepStrictEqual(report("en"), [
    ...["report: 100 %", "report: 95 %"],
    "The report, 10,000 epochs: train close to 100 %, test 95 % (printed 0.95%)",
  ]);
  deepStrictEqual(report("ja"), [
    ...["レポート: 100 %", "レポート: 95 %"],
    "レポート、10,000 エポック: 訓練 100 % 近く、テスト 95 %（原文 0.95%）",
  ]);
});

Deno.test("example: drawUnit() gives 0 no colour, and weights of opposite sign different colours", () => {
  const W1 = Matrix.of(2, 4, [9, 9, 9, 9, -2, -0.5, 0, 0.5]);
  const { pixels, palette } = drawUnit(W1, 1, { width: 2, height: 2 }, 1);
  const [strong, blue, none, orange] = [...pixels].map((i) => palette![i]!);
  deepStrictEqual([strong![3], none![3]], [255, 0]); // -2 is beyond -1, which has full opacity
  deepStrictEqual(strong!.slice(0, 3), blue!.slice(0, 3));
  strictEqual(blue![3], orange![3]);
  ok(blue![2] > blue![0] && orange![0] > orange![2]);
});

Deno.test("example: weightScale() is the 99.5 % quantile of the units shown, also if all are 0", () => {
  const weights = Array.from({ length: 400 }, (_, i) => i % 2 ? i : -i);
  const W1 = Matrix.of(2, 400, [...weights, ...weights.map((w) => 1000 * w)]);
  strictEqual(weightScale(W1, 1), 398);
  const zeros = Matrix.zeros(1, 4), scale = weightScale(zeros, 1);
  const { pixels, palette } = drawUnit(zeros, 0, { width: 2, height: 2 }, scale);
  deepStrictEqual([...pixels].map((i) => palette![i]![3]), [0, 0, 0, 0]);
});

const byte = fc.nat(255), side = fc.integer({ min: 1, max: 40 });
const palettes = fc.array(fc.tuple(byte, byte, byte, byte), { minLength: 1, maxLength: 256 });
const images = fc.tuple(side, side, fc.integer(), fc.option(palettes)).map(
  ([width, height, seed, palette]): IndexedImage => {
    const colours = palette?.length ?? 256;
    const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
      return (Math.imul(seed, i + 1) >>> 13) % colours;
    });
    return { width, height, pixels, ...(palette && { palette }) };
  },
);

Deno.test("law: decodePng() gives back what encodePng() wrote, with a palette and in greys", () => {
  fc.assert(fc.property(images, (image) => {
    const { width, height, pixels, palette } = image;
    const data = [...pixels].flatMap((pixel) => palette?.[pixel] ?? [pixel, pixel, pixel, 255]);
    deepStrictEqual(decodePng(encodePng(image)), { width, height, data: Uint8Array.from(data) });
  }));
});
