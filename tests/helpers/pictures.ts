/** Draws SVG as librsvg and Chromium draw it, and compares the pixels. */
import { Buffer } from "node:buffer";
import { decodePng } from "../../lib/system/png.ts";
import { run } from "../../scripts/run_program.ts";
import { CHROMIUM, FLAGS } from "./chromium.ts";
import { Folder } from "./folder.ts";

/** A picture in grey: 0 is black, 255 is white. */
export interface GreyPicture {
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
export async function drawWithLibrsvg(svg: string): Promise<GreyPicture> {
  using folder = new Folder({ "a.svg": svg });
  await run("rsvg-convert", ["--output", folder.file("a.png"), folder.file("a.svg")]);
  return decode(folder.read("a.png"));
}

/** The places of pictures on a page, in pixels. */
const COLUMNS = 4, SLOT_WIDTH = 500, SLOT_HEIGHT = 640;

/**
 * Pictures as Chromium draws them in light or dark: SVG files, and elements of a page.
 *
 * @param style the page's style sheet
 */
export async function drawWithChromium(
  svgs: readonly string[],
  scheme: "light" | "dark",
  style: string,
): Promise<GreyPicture[]> {
  const slots = svgs.map((svg, i) => {
    const [width, height] = sizeOf(svg), [x, y] = slot(i);
    // an element of a page inherits its style; a file is a document of its own
    const content = svg.includes("<title")
      ? `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`
      : svg;
    return `<div style="left:${x}px;top:${y}px;width:${width}px;height:${height}px">${content}</div>`;
  });
  const page = `<!DOCTYPE html><meta charset="utf-8"><style>${style}
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
export function decode(png: Uint8Array): GreyPicture {
  const { width, height, data } = decodePng(png);
  const pixels = Float64Array.from({ length: width * height }, (_, i) => {
    const at = 4 * i, opacity = data[at + 3]!;
    // Rec. 601, as a copier sees colours
    const grey = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    return 255 + (grey - 255) * opacity / 255;
  });
  return { width, height, pixels };
}

function crop(
  { width, pixels }: GreyPicture,
  x: number,
  y: number,
  w: number,
  h: number,
): GreyPicture {
  const rows = Array.from({ length: h }, (_, row) => {
    const start = (y + row) * width + x;
    return pixels.subarray(start, start + w);
  });
  const whole = new Float64Array(w * h);
  rows.forEach((row, i) => whole.set(row, i * w));
  return { width: w, height: h, pixels: whole };
}

/** The share of the pixels that are darker than the middle of black and white. */
export function darkShare({ pixels }: GreyPicture): number {
  return pixels.reduce((sum, grey) => sum + (grey < 128 ? 1 : 0), 0) / pixels.length;
}

/** The mean grey of each square of `side` pixels; what is left at the edges is left out. */
export function squares({ width, height, pixels }: GreyPicture, side: number): Float64Array {
  const columns = Math.floor(width / side), rows = Math.floor(height / side);
  const means = new Float64Array(columns * rows);
  for (let y = 0; y < rows * side; y++) {
    for (let x = 0; x < columns * side; x++) {
      means[Math.floor(y / side) * columns + Math.floor(x / side)]! += pixels[y * width + x]! /
        side ** 2;
    }
  }
  return means;
}
