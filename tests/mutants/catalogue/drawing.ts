/**
 * Mutants of the code that brings drawings and pictures into MNIST's form.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const FOREGROUND = "lib/drawing/foreground.ts";
const NORMALIZE = "lib/drawing/normalize_digit.ts";
const PEN = "lib/drawing/pen.ts";

const EACH_PIXEL = [
  "drawing/pen_test.ts",
  "law: drawStroke() gives each pixel the value of its distance, for any points",
] as const;

/** Strokes, foreground and normalisation. */
export const drawing: Chapter = {
  title: "Drawings and pictures",
  mutants: [
    {
      title: "Distance to the whole line, not to the stroke between its ends",
      file: PEN,
      search: "clamp((px * dx + py * dy) / squared, 0, 1)",
      replace: "(px * dx + py * dy) / squared",
      caughtBy: EACH_PIXEL,
    },
    {
      title: "The distance measured from the pixel's corner, not from its centre",
      file: PEN,
      search: "px = x + 0.5 - a.x, py = y + 0.5 - a.y",
      replace: "px = x - a.x, py = y - a.y",
      caughtBy: EACH_PIXEL,
    },
    {
      title: "A picture's pixels used as they are: black on white becomes all foreground",
      file: FOREGROUND,
      search: "median(Uint8Array.from(border, (i) => colours[3 * i + channel]!))",
      replace: "0",
      caughtBy: [
        "drawing/foreground_test.ts",
        "law: extractForeground() recovers black on white and white on black exactly",
      ],
    },
    {
      title: "The colours of fully transparent pixels are seen",
      file: FOREGROUND,
      search: "Math.round(opacity * data[from + channel]! + (1 - opacity) * backdrop)",
      replace: "data[from + channel]!",
      caughtBy: [
        "drawing/foreground_test.ts",
        "example: extractForeground() puts a transparent image on white or black, whichever gives more contrast",
      ],
    },
    {
      title: "Specks on the paper of a scan taken for ink: the digit becomes small",
      file: FOREGROUND,
      search: "MIN_THRESHOLD * largest, MAX_THRESHOLD",
      replace: "0, MAX_THRESHOLD",
      caughtBy: [
        "drawing/foreground_test.ts",
        "example: extractForeground() treats specks and noise of bright paper as background",
      ],
    },
    {
      title: "A critical chunk of PNG that is unknown is passed over",
      file: "lib/formats/png_decode.ts",
      search: "/^[A-Z]/.test(type) && !CRITICAL.includes(type)",
      replace: "false",
      caughtBy: [
        "formats/png_decode_test.ts",
        "example: decodePng() refuses each kind of damage, and names it",
      ],
    },
    {
      title: "Samples of 16 bits taken for bytes",
      file: "lib/formats/png_decode.ts",
      search: "Math.round(sample / max * 255)",
      replace: "sample",
      caughtBy: [
        "formats/png_decode_test.ts",
        "law: decodePng() reads every colour type, depth and filter, and of 8 bits and more the interlaced",
      ],
    },
    {
      title: "A drawing stretched to a square: a 1 becomes a block",
      file: NORMALIZE,
      search: "cover(width, step), down = cover(height, step)",
      replace: "cover(width, horizontal), down = cover(height, vertical)",
      caughtBy: [
        "drawing/normalize_digit_test.ts",
        "law: normalizeDigit() keeps the aspect ratio of a box",
      ],
    },
    {
      title: "The bounding box centred, not the mass of ink",
      file: NORMALIZE,
      search: "offset(sumX / mass, width, image.width)",
      replace: "offset((width - 1) / 2, width, image.width)",
      caughtBy: [
        "drawing/normalize_digit_test.ts",
        "example: normalizeDigit() stops at the edge where centring would cut the drawing",
      ],
    },
    {
      title: "A thin line of a large drawing fades when pixels are averaged",
      file: NORMALIZE,
      search: "const factor = largest / maxAbs(values);",
      replace: "const factor = Math.min(1, largest / maxAbs(values));",
      caughtBy: [
        "drawing/normalize_digit_test.ts",
        "example: normalizeDigit() keeps a thin line of a large drawing visible",
      ],
    },
    {
      title: "A stroke that was begun before the drawing was cleared stays visible",
      file: "lib/pages/playground/browser/drawing.ts",
      search: "this.#edits.lastIndexOf(stroke) <= this.#lastFill",
      replace: "!this.#edits.includes(stroke)",
      caughtBy: [
        "pages/playground/drawing_test.ts",
        "law: Drawing.clear() clears the image, and unfinished strokes stay cleared",
      ],
    },
    {
      title: "A probability of nearly 1 printed as 100 %",
      file: "lib/text/percent.ts",
      search: "if (share < 1 && share > 0.9999)",
      replace: "if (false)",
      caughtBy: [
        "text/percent_test.ts",
        "example: percent() prints 0 % and 100 % only for 0 and 1",
      ],
    },
    {
      title: "Colours in the style sheet only: charts are black outside browsers",
      file: "lib/charts/chart_style.ts",
      search: '`fill="${fill ? COLOURS[fill].light : "none"}"`,',
      replace: "",
      caughtBy: [
        "charts/curves_test.ts",
        "example: every element of drawCurvesFile() has its colours as attributes, those of its classes",
      ],
    },
    {
      title: "The curve of the test has no dashes: in black and white it is that of training",
      file: "lib/charts/curves.ts",
      search: '{ name: "test", dashes: TEST_DASHES }',
      replace: '{ name: "test", dashes: undefined }',
      caughtBy: [
        "charts/curves_test.ts",
        "example: drawCurvesFile() gives each series a dash of its own, in the legend too",
      ],
    },
    {
      title: "The report's 0.95% taken at its word: the line is at the foot of figure 4",
      file: "lib/charts/figures.ts",
      search: "{ value: 95, label",
      replace: "{ value: 0.95, label",
      caughtBy: [
        "charts/figures_test.ts",
        "example: drawFigure() draws the report's values where the axis has them",
      ],
    },
  ],
};
