// Charts: curves, the report's figures, weights.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Matrix } from "../../lib/math/matrix.ts";
import {
  accuracyAxis,
  type Axis,
  BOTTOM,
  crossEntropyAxis,
  epochAxis,
  LEFT,
  RIGHT,
  TOP,
} from "../../lib/charts/axes.ts";
import { type Colour, COLOURS } from "../../lib/charts/chart_style.ts";
import {
  drawCurvesFile,
  drawSeries,
  type Series,
  seriesOf,
  TEST_DASHES,
} from "../../lib/charts/curves.ts";
import { encodePng, type IndexedImage } from "../../lib/charts/encode_png.ts";
import { drawFigure, FIGURE_NUMBERS } from "../../lib/charts/figures.ts";
import { Markup, markup } from "../../lib/charts/html.ts";
import { drawUnit, weightScale } from "../../lib/charts/weights.ts";
import type { HistoryRow } from "../../lib/storage/history.ts";
import { decodePng } from "../../lib/system/png.ts";
import { madeUpRows } from "../helpers/history.ts";
import { type Tag, wellFormed } from "../helpers/markup.ts";

const SCALES = [{}, { log: true }, { logEpochs: true }, { log: true, logEpochs: true }];

/** The texts of a chart. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text]) => text!);
}

/** The lines of one series, first that of the legend. */
function linesOf(tags: readonly Tag[], series: string): Tag[] {
  return tags.filter(({ attributes }) => attributes.get("class") === `line stroke-${series}`);
}

/** The paths of these in the panels, cross-entropy first. */
function paths(tags: readonly Tag[], series: string): string[] {
  return linesOf(tags, series).map(({ attributes }) => attributes.get("d")!).slice(1);
}

function coordinates(path: string): [x: number, y: number][] {
  return [...path.matchAll(/([-\d.e]+),([-\d.e]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

Deno.test("example: drawCurvesFile() writes SVG with a title, a description, and axes with units and scales", () => {
  const svg = drawCurvesFile(madeUpRows(3)), [root, title, desc] = wellFormed(svg);
  strictEqual(root?.attributes.get("xmlns"), "http://www.w3.org/2000/svg");
  strictEqual(root.attributes.get("role"), "img");
  deepStrictEqual([title?.name, desc?.name], ["title", "desc"]);
  ok(svg.includes(">Cross-entropy and accuracy (epochs 1–3)</title>"));
  ok(svg.includes("test, after epoch: 55 in epoch 1, 81.67 in epoch 3."));
  const plain = texts(svg);
  for (const title of ["Cross-entropy (nats)", "Accuracy (%)", "epoch"]) ok(plain.includes(title));
  const log = texts(drawCurvesFile(madeUpRows(3), { log: true, logEpochs: true }));
  for (const title of ["Cross-entropy (nats), logarithmic", "Accuracy (%)", "epoch, logarithmic"]) {
    ok(log.includes(title), title);
  }
});

Deno.test("example: drawCurvesFile() writes its words in English or Japanese, with lang attributes", () => {
  for (const lang of ["en", "ja"] as const) {
    const svg = drawCurvesFile(madeUpRows(3), { lang, logEpochs: true });
    const [root] = wellFormed(svg);
    deepStrictEqual(["lang", "xml:lang"].map((name) => root!.attributes.get(name)), [lang, lang]);
    // Japanese has Latin letters in units only
    const words = svg.replace(/<metadata>.*<\/style>/s, "").replaceAll(/<[^>]*>/g, " ");
    deepStrictEqual(words.match(/[a-z]{2,}/gi)?.includes("train"), lang === "en");
    strictEqual(/\p{Script=Katakana}/u.test(words), lang === "ja");
    if (lang === "ja") deepStrictEqual([...new Set(words.match(/[a-z]{2,}/gi))], ["nat"]);
    const element = drawSeries(seriesOf(madeUpRows(3), lang), "accuracy", { lang });
    strictEqual(wellFormed(`${element}`)[0]!.attributes.get("lang"), lang);
  }
});

Deno.test("example: drawSeries() draws the curves of two runs, from epoch 0 on, in one panel", () => {
  const run = (label: string, colour: Series["colour"], values: readonly number[]): Series => ({
    label,
    colour,
    dashes: colour === "test" ? TEST_DASHES : undefined,
    points: values.map((crossEntropy, epoch) => ({
      epoch,
      quality: { crossEntropy, accuracy: 0 },
    })),
  });
  const series = [run("right", "running", [2.5, 1, 0.5]), run("broken", "test", [2.5, 2])];
  const svg = `${drawSeries(series, "crossEntropy")}`, tags = wellFormed(svg);
  const [right] = paths(tags, "running"), [broken] = paths(tags, "test");
  const [[x0, y0], , [x2]] = coordinates(right!) as [[number, number], unknown, [number, number]];
  const [start, end] = coordinates(broken!);
  deepStrictEqual(start, [x0, y0]);
  ok(end![0] === (x0 + x2) / 2 && end![1] > y0); // y grows downwards
  ok(svg.includes('aria-label="Cross-entropy (nats): right: 2.5 in epoch 0, 0.5 in epoch 2; '));
  ok(svg.includes(">broken</text>"));
  ok(!`${drawSeries(series, "crossEntropy", { legend: false })}`.includes(">broken</text>"));
  // on an axis of 4 epochs, 2 are half of it
  const wider = wellFormed(`${drawSeries(series, "crossEntropy", { epochs: [0, 4] })}`);
  const half = coordinates(paths(wider, "running")[0]!);
  deepStrictEqual(half.map(([x]) => x), [x0, (3 * x0 + x2) / 4, (x0 + x2) / 2]);
});

Deno.test("example: drawCurvesFile() prints the settings of the run as far as they are known", () => {
  const known = { batchSize: 100, learningRate: 0.01, seed: 601, epochs: 30 } as const;
  const settings = { network: [784, 80, 10], ...known } as const;
  const all = "784-80-10, batch size 100, learning rate 0.01, seed 601, 30 epochs";
  ok(texts(drawCurvesFile(madeUpRows(3), { settings })).includes(all));
  const some = texts(drawCurvesFile(madeUpRows(3), { settings: { learningRate: 0.01 } }));
  ok(some.includes("learning rate 0.01"));
  // the greatest of all numbers still fit: no line has more than 74 characters
  const great = { batchSize: 60000, seed: 2 ** 32 - 1, epochs: 1e6 } as const;
  const big = { network: [65536, 4096, 1000], ...great } as const;
  ok(texts(drawCurvesFile(madeUpRows(3), { settings: big })).every((text) => text.length <= 74));
});

Deno.test("example: drawCurvesFile() begins its axis at the first epoch of a history that begins later", () => {
  const svg = drawCurvesFile(madeUpRows(30).slice(4));
  ok(svg.includes(">Cross-entropy and accuracy (epochs 5–30)</title>"));
  const [path] = paths(wellFormed(svg), "running");
  strictEqual(coordinates(path!)[0]![0], LEFT + 8);
  const one = drawCurvesFile(madeUpRows(5).slice(4));
  ok(one.includes(">Cross-entropy and accuracy (epoch 5)</title>"));
});

Deno.test("example: drawCurvesFile() gives each element its colours as attributes, not by its style sheet alone", () => {
  const tags = wellFormed(drawCurvesFile(madeUpRows(500)));
  for (const { name, attributes } of tags) {
    const stroke = /stroke-(\w+)/.exec(attributes.get("class") ?? "")?.[1] as Colour | undefined;
    strictEqual(attributes.get("stroke"), stroke && COLOURS[stroke].light, name);
    // black is what renderers fill with
    if (["path", "rect", "circle"].includes(name)) ok(attributes.has("fill"), name);
  }
});

Deno.test("example: drawCurvesFile() gives each series a dash of its own, in the legend too", () => {
  const rows = madeUpRows(30).map((row) => ({ ...row, train: row.running }));
  const tags = wellFormed(drawCurvesFile(rows));
  const dashes = ["running", "train", "test"].map((series) => {
    const lines = linesOf(tags, series).map(({ attributes }) => attributes.get("stroke-dasharray"));
    strictEqual(lines.length, 3); // legend and two panels
    strictEqual(new Set(lines).size, 1);
    return lines[0];
  });
  strictEqual(new Set(dashes).size, 3);
  const samples = tags.map(({ attributes }) => attributes.get("d")!).filter((d) => /h26$/.test(d));
  deepStrictEqual(samples, ["M8,14h26", "M208,14h26", "M8,32h26"]); // side by side, then below
  strictEqual(dashes[0], undefined);
});

Deno.test("example: drawCurvesFile() draws dots for up to 12 epochs, in the legend too, hollow ones for the test", () => {
  const dots = (epochs: number, series: string) =>
    wellFormed(drawCurvesFile(madeUpRows(epochs)))
      .filter(({ name }) => name === "circle")
      .filter(({ attributes }) => attributes.get("class")!.endsWith(` stroke-${series}`));
  for (const series of ["running", "test"] as const) {
    const drawn = dots(12, series);
    strictEqual(drawn.length, 1 + 2 * 12);
    const fills = new Set(drawn.map(({ attributes }) => attributes.get("fill")));
    deepStrictEqual([...fills], [COLOURS[series === "test" ? "paper" : series].light]);
    strictEqual(dots(13, series).length, 0);
  }
});

Deno.test("example: drawCurvesFile() draws each series in both panels, with a point per epoch", () => {
  const rows = madeUpRows(10);
  const counts = (change: (row: HistoryRow) => HistoryRow) => {
    const tags = wellFormed(drawCurvesFile(rows.map(change)));
    return ["running", "test", "train"].map((series) =>
      paths(tags, series).map((path) => coordinates(path).length)
    );
  };
  deepStrictEqual(counts((row) => row), [[10, 10], [10, 10], []]);
  const three = counts((row) => ({ ...row, train: row.running }));
  deepStrictEqual(three, [[10, 10], [10, 10], [10, 10]]);
  const some = counts((row) => row.epoch % 5 ? { ...row, test: undefined } : row);
  deepStrictEqual(some, [[10, 10], [2, 2], []]);
});

const quality = fc.record({
  crossEntropy: fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }),
  accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
});
const measured = fc.array(
  fc.record({ running: quality, test: quality, train: quality }, { requiredKeys: ["running"] }),
  { minLength: 1, maxLength: 30 },
);

Deno.test("law: drawCurvesFile() stays inside the image, for any numbers and scales", () => {
  fc.assert(fc.property(measured, fc.constantFrom(...SCALES), (some, options) => {
    const rows = some.map((row, i) => ({ epoch: i + 1, ...row, learningRate: 1, seconds: 1 }));
    const svg = drawCurvesFile(rows, options), tags = wellFormed(svg);
    ok(!/NaN|Infinity/.test(svg));
    const [, , width, height] = tags[0]!.attributes.get("viewBox")!.split(" ").map(Number);
    const drawn = ["running", "test", "train"].flatMap((series) => paths(tags, series));
    for (const [x, y] of drawn.flatMap(coordinates)) {
      ok(x >= 0 && x <= width! && y >= 0 && y <= height! / 2, `${x}, ${y}`);
    }
    for (const { name, attributes } of tags) {
      if (name === "text") {
        for (const at of ["x", "y"]) ok(isFinite(Number(attributes.get(at))));
      }
    }
  }));
});

Deno.test("example: drawCurvesFile() of 10,000 epochs is small, and hides no spike", () => {
  const rows: HistoryRow[] = madeUpRows(10_000);
  const spike = { crossEntropy: 2, accuracy: 0.1 };
  const spiky = rows.with(5000, { ...rows[5000]!, test: spike });
  for (const options of SCALES) {
    const svg = drawCurvesFile(spiky, options);
    ok(svg.length < 150_000, `${svg.length} characters`);
    const tags = wellFormed(svg);
    const drawn = paths(tags, "test").map(coordinates), firsts = drawn.map(([first]) => first!);
    // the spike's loss is the first epoch's within 0.02 nats: 1.5 pixels on the linear scale
    const [top] = drawn[0]!.filter(([x]) => x > 200).map(([, y]) => y).sort((a, b) => a - b);
    ok(Math.abs(top! - firsts[0]![1]) <= 2, `${top}, need ${firsts[0]![1]}`);
    const lowest = Math.max(...drawn[1]!.map(([, y]) => y));
    ok(lowest > firsts[1]![1], "an accuracy of 0.1 below the first epoch's");
  }
});

function labels({ ticks }: Axis): string {
  return ticks.map(({ label }) => label).filter((label) => label).join(" ");
}

Deno.test("example: epochAxis() labels whole epochs, on a logarithmic axis those that fit, and puts a single one into the middle", () => {
  strictEqual(epochAxis(7, 7, false).scale(7), (LEFT + RIGHT) / 2);
  strictEqual(labels(epochAxis(7, 7, false)), "7");
  strictEqual(labels(epochAxis(1, 5, false)), "1 2 3 4 5");
  for (const last of [11, 12]) { // as many as the dots of a curve: one for each
    const all = Array.from({ length: last }, (_, i) => i + 1).join(" ");
    strictEqual(labels(epochAxis(1, last, false)), all);
  }
  strictEqual(labels(epochAxis(1, 13, false)), "2 4 6 8 10 12");
  strictEqual(labels(epochAxis(5, 30, false)), "5 10 15 20 25 30");
  strictEqual(labels(epochAxis(1, 10_000, false)), "2,000 4,000 6,000 8,000 10,000");
  strictEqual(labels(epochAxis(1, 2, true)), "1 2");
  strictEqual(labels(epochAxis(1, 40, true)), "1 2 3 4 5 10 20 30 40");
  strictEqual(labels(epochAxis(5, 40, true)), "5 6 7 8 9 10 20 30 40");
  strictEqual(labels(epochAxis(1, 300, true)), "1 2 5 10 20 50 100 200");
  strictEqual(labels(epochAxis(1, 10_000, true)), "1 10 100 1,000 10,000");
});

Deno.test("example: crossEntropyAxis() begins at 0, or is logarithmic with as many labels as fit, and 0 at the foot", () => {
  for (const log of [false, true]) strictEqual(crossEntropyAxis([2, 0], log).scale(0), BOTTOM);
  ok(crossEntropyAxis([2, 0, 1e-9], true).scale(1e-9) < BOTTOM);
  strictEqual(labels(crossEntropyAxis([2.1, 0.3], false)), "0.0 0.5 1.0 1.5 2.0 2.5");
  strictEqual(labels(crossEntropyAxis([2.1, 0.3], true)), "0.5 1 2");
  strictEqual(labels(crossEntropyAxis([2.1, 0.0016], true)), "0.01 0.1 1");
  strictEqual(labels(crossEntropyAxis([0.33, 0.32], true)), "0.28 0.3 0.32 0.34 0.36 0.38");
  strictEqual(labels(crossEntropyAxis([2.1e12], false)), "0 5e11 1e12 1.5e12 2e12 2.5e12");
});

Deno.test("example: accuracyAxis() ends at 100 % and shows 1 % at least", () => {
  strictEqual(labels(accuracyAxis([47.5, 91])), "40 50 60 70 80 90 100");
  strictEqual(labels(accuracyAxis([100])), "99.0 99.2 99.4 99.6 99.8 100.0");
});

Deno.test("law: no labels of an axis overlap, whatever it shows", () => {
  const apart = ({ ticks }: Axis, room: (label: string) => number) => {
    const shown = ticks.filter(({ label }) => label !== "").toSorted((a, b) => a.at - b.at);
    shown.slice(1).forEach((tick, i) => {
      const gap = tick.at - shown[i]!.at, need = (room(tick.label) + room(shown[i]!.label)) / 2;
      ok(gap >= need, `${shown[i]!.label} and ${tick.label}: ${gap} pixels apart, need ${need}`);
    });
  };
  // digits of 13 pixels are 7.3 wide, commas 3.7; a line of text is 12 high
  const wide = (label: string) => [...label].reduce((sum, c) => sum + (c === "," ? 3.7 : 7.3), 0);
  const epoch = fc.integer({ min: 1, max: 500_000 });
  fc.assert(fc.property(epoch, epoch, fc.boolean(), (a, b, log) => {
    const x = epochAxis(Math.min(a, b), Math.max(a, b), log);
    apart(x, wide);
    ok(x.ticks.every(({ at }) => at >= LEFT && at <= RIGHT));
  }));
  const loss = fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true });
  const losses = fc.array(fc.oneof(loss, fc.double({ min: 0, max: 3, noNaN: true })), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(fc.property(losses, fc.boolean(), (values, log) => {
    const y = crossEntropyAxis(values, log);
    apart(y, () => 12);
    ok(y.ticks.every(({ at }) => at >= TOP && at <= BOTTOM));
  }));
});

Deno.test("example: markup escapes text, and nothing else", () => {
  const inner = markup`<b>${"<&>"}</b>`, more = [inner, new Markup("<br>"), 1, undefined];
  const wanted = '<i title="&quot;&#39;"><b>&lt;&amp;&gt;</b><br>1</i>';
  strictEqual(`${markup`<i title="${"\"'"}">${more}</i>`}`, wanted);
  // what XML does not allow even escaped
  strictEqual(`${markup`${"a\ud800b\u0000\uffff😀"}`}`, "a\ufffdb\ufffd\ufffd😀");
});

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
  deepStrictEqual(shown("en"), [
    "Figure 1: mini_loss | Cross-entropy (nats) | epoch",
    "Figure 2: mini_rate | Accuracy (%) | epoch",
    `Figure 3: mini_loss | Cross-entropy (nats), logarithmic | epoch, logarithmic`,
    `Figure 4: mini_rate | Accuracy (%) | epoch, logarithmic`,
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
