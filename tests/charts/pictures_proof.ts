// Every picture that the project makes, as librsvg and as Chromium draw it in light and dark.
import { ok, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { drawCurvesFile, drawSeries, seriesOf } from "../../lib/charts/curves.ts";
import { decodePng } from "../../lib/system/png.ts";
import { SUMMARY_STYLE } from "../../lib/pages/generated/styles.ts";
import { readHistory } from "../../lib/storage/history.ts";
import { run, succeeds } from "../../scripts/run_program.ts";
import { CHROMIUM, FLAGS } from "../helpers/chromium.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { madeUpRows } from "../helpers/history.ts";

const here = new URL("../../docs/reproduction/", import.meta.url);
const rows = readHistory(Deno.readTextFileSync(new URL("history_30.csv", here)));
const KNOWN = { batchSize: 100, learningRate: 0.01, seed: 601, epochs: 30 } as const;
const SETTINGS = { network: [784, 80, 10], ...KNOWN } as const;

/** The element of a page, as a file of its own for librsvg. */
function element(svg: string): string {
  return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ');
}

const PICTURES: Readonly<Record<string, string>> = {
  "plot": drawCurvesFile(rows, { settings: SETTINGS }),
  "plot of 10,000 epochs": drawCurvesFile(madeUpRows(10_000), { log: true, logEpochs: true }),
  "plot --lang ja": drawCurvesFile(rows, { settings: SETTINGS, lang: "ja" }),
  // the report's figures are among them
  ...Object.fromEntries(
    [...Deno.readDirSync(here)].filter(({ name }) => name.endsWith(".svg"))
      .map(({ name }) => [name, Deno.readTextFileSync(new URL(name, here))]),
  ),
  "cross-entropy of summary": element(`${drawSeries(seriesOf(rows, "en"), "crossEntropy")}`),
  "accuracy of summary": element(`${drawSeries(seriesOf(rows, "en"), "accuracy")}`),
};

/** The grey of the dark paper. */
const DARK_PAPER = 23.7;

testIf(
  succeeds("rsvg-convert", ["--version"]) && succeeds(CHROMIUM, ["--version"]),
  "rsvg-convert or Chromium",
  "reference: every picture is dark on white in librsvg and Chromium, and light on dark in a dark Chromium",
  async (t) => {
    const svgs = Object.values(PICTURES);
    const light = await drawWithChromium(svgs, "light");
    const dark = await drawWithChromium(svgs, "dark");
    const librsvg = await Promise.all(svgs.map(drawWithLibrsvg));
    for (const [i, name] of Object.keys(PICTURES).entries()) {
      const [a, b, c] = [light[i]!, librsvg[i]!, dark[i]!];
      await t.step(name, () => {
        for (const picture of [a, b]) {
          strictEqual(picture.pixels[0], 255, "white paper");
          ok(darkShare(picture) < 1 / 3, `${darkShare(picture)} of it is dark`);
          ok(picture.pixels.some((grey) => grey < 128), "nothing on it is dark");
        }
        ok(Math.abs(c.pixels[0]! - DARK_PAPER) < 1, `dark paper is ${c.pixels[0]}`);
        ok(1 - darkShare(c) < 1 / 3, `${1 - darkShare(c)} of the dark one is light`);
      });
    }
  },
);

/** A picture in grey: 0 is black, 255 is white. */
interface GreyPicture {
  readonly width: number;
  readonly height: number;
  /** Row by row. */
  readonly pixels: Float64Array;
}

/** The size in the root element of an SVG file. */
function sizeOf(svg: string): [width: number, height: number] {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!;
  return [Number(width), Number(height)];
}

/** A picture as librsvg draws it: as GNOME, GitHub and others do. */
async function drawWithLibrsvg(svg: string): Promise<GreyPicture> {
  using folder = new Folder({ "a.svg": svg });
  await run("rsvg-convert", ["--output", folder.file("a.png"), folder.file("a.svg")]);
  return decode(folder.read("a.png"));
}

/** Where pictures are on a page, in pixels. */
const COLUMNS = 4, SLOT_WIDTH = 500, SLOT_HEIGHT = 640;

/** Pictures as Chromium draws them: SVG files, and elements of the page of `summary`. */
async function drawWithChromium(
  svgs: readonly string[],
  scheme: "light" | "dark",
): Promise<GreyPicture[]> {
  const slots = svgs.map((svg, i) => {
    const [width, height] = sizeOf(svg), [x, y] = slot(i);
    // an element of a page inherits its style; a file is a document of its own
    const content = svg.includes("<title")
      ? `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`
      : svg;
    return `<div style="left:${x}px;top:${y}px;width:${width}px;height:${height}px">${content}</div>`;
  });
  const page = `<!DOCTYPE html><meta charset="utf-8"><style>${SUMMARY_STYLE}
    html, body { margin: 0; padding: 0; max-width: none } div { position: absolute; overflow: hidden }
    div > * { display: block; filter: none }</style>${slots.join("")}`;
  const rows = Math.ceil(svgs.length / COLUMNS);
  using folder = new Folder({ "page.html": page });
  await run(CHROMIUM, [
    "--headless",
    ...FLAGS,
    `--user-data-dir=${folder.file("profile")}`,
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    `--blink-settings=preferredColorScheme=${scheme === "dark" ? 0 : 1}`,
    `--window-size=${COLUMNS * SLOT_WIDTH},${rows * SLOT_HEIGHT}`,
    `--screenshot=${folder.file("page.png")}`,
    `file://${folder.file("page.html")}`,
  ]);
  const whole = decode(folder.read("page.png"));
  return svgs.map((svg, i) => crop(whole, ...slot(i), ...sizeOf(svg)));
}

function slot(i: number): [x: number, y: number] {
  return [SLOT_WIDTH * (i % COLUMNS), SLOT_HEIGHT * Math.floor(i / COLUMNS)];
}

/** A PNG file in grey, on white where it is transparent. */
function decode(png: Uint8Array): GreyPicture {
  const { width, height, data } = decodePng(png);
  const pixels = Float64Array.from({ length: width * height }, (_, i) => {
    const at = 4 * i, opacity = data[at + 3]!;
    // Rec. 601, as a copier sees colours
    const grey = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    return 255 + (grey - 255) * opacity / 255;
  });
  return { width, height, pixels };
}

function crop(whole: GreyPicture, x: number, y: number, w: number, h: number): GreyPicture {
  const at = (i: number) => (y + Math.floor(i / w)) * whole.width + x + i % w;
  const pixels = Float64Array.from({ length: w * h }, (_, i) => whole.pixels[at(i)]!);
  return { width: w, height: h, pixels };
}

/** The share of the pixels that are darker than the middle of black and white. */
function darkShare({ pixels }: GreyPicture): number {
  return pixels.filter((grey) => grey < 128).length / pixels.length;
}
