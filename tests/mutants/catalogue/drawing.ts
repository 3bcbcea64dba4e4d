/**
 * Mutants of the code that brings drawings and pictures into MNIST's form.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const INK = "lib/drawing/foreground.ts";
const FORM = "lib/drawing/normalize_digit.ts";
const PEN = "lib/drawing/pen.ts";

const EACH_PIXEL = [
  "drawing/pen_test.ts",
  "law: drawStroke() gives each pixel the ink of its distance, wherever the points lie",
] as const;

/** Pen, ink and MNIST's form. */
export const drawing: Chapter = {
  title: "Drawings and pictures",
  mutants: [
    {
      title: "Distance to the whole line, not to the stroke between its ends",
      file: PEN,
      search: "clamp((px * dx + py * dy) / squared)",
      replace: "(px * dx + py * dy) / squared",
      caughtBy: EACH_PIXEL,
    },
    {
      title: "The pixel's corner measured, not its centre",
      file: PEN,
      search: "px = x + 0.5 - a.x, py = y + 0.5 - a.y",
      replace: "px = x - a.x, py = y - a.y",
      caughtBy: EACH_PIXEL,
    },
    {
      title: "A picture's pixels taken as they are: black on white becomes a white sheet of ink",
      file: INK,
      search: "median(Uint8Array.from(frame, (i) => colours[3 * i + channel]!))",
      replace: "0",
      caughtBy: [
        "drawing/foreground_test.ts",
        "law: extractForeground() gives back black on white and white on black to the byte",
      ],
    },
    {
      title: "Colours under full transparency seen",
      file: INK,
      search: "Math.round(opacity * data[from + channel]! + (1 - opacity) * under)",
      replace: "data[from + channel]!",
      caughtBy: [
        "drawing/foreground_test.ts",
        "example: extractForeground() puts what is transparent on white or on black, whichever shows more",
      ],
    },
    {
      title: "Specks on the paper of a scan taken for ink: the digit becomes small",
      file: INK,
      search: "AT_LEAST * strongest, AT_MOST",
      replace: "0, AT_MOST",
      caughtBy: [
        "drawing/foreground_test.ts",
        "example: extractForeground() does not take specks and noise of bright paper for ink",
      ],
    },
    {
      title: "Samples of 16 bits taken for bytes",
      file: "lib/formats/png_decode.ts",
      search: "Math.round(sample / greatest * 255)",
      replace: "sample",
      caughtBy: [
        "formats/png_decode_test.ts",
        "law: decodePng() reads every colour type, depth and filter, and of 8 bits and more the interlaced",
      ],
    },
    {
      title: "A drawing stretched to a square: a 1 becomes a block",
      file: FORM,
      search:
        `  const step = Math.max(width * OF / (size.width * FILLED), height * OF / (size.height * FILLED));
  const scaled = resample({ width, height, values: pixels }, over(width, step), over(height, step));
`,
      replace: `  const across = over(width, width * OF / (size.width * FILLED));
  const down = over(height, height * OF / (size.height * FILLED));
  const scaled = resample({ width, height, values: pixels }, across, down);
`,
      caughtBy: [
        "drawing/normalize_digit_test.ts",
        "law: normalizeDigit() of a box keeps its proportions",
      ],
    },
    {
      title: "The bounding box centred, not the mass of ink",
      file: FORM,
      search: "place(right / mass, width, frame.width)",
      replace: "place((width - 1) / 2, width, frame.width)",
      caughtBy: [
        "drawing/normalize_digit_test.ts",
        "example: normalizeDigit() cuts no ink where centring would push it over the edge",
      ],
    },
    {
      title: "A thin line of a large drawing made pale by averaging",
      file: FORM,
      search: "const factor = strongest / greatest(values);",
      replace: "const factor = Math.min(1, strongest / greatest(values));",
      caughtBy: [
        "drawing/normalize_digit_test.ts",
        "example: normalizeDigit() keeps a hair line of a large drawing visible",
      ],
    },
    {
      title: "A stroke that goes on after the drawing was cleared still seen",
      file: "lib/pages/playground/browser/drawing.ts",
      search: "this.#edits.lastIndexOf(stroke) <= this.#lastFill",
      replace: "!this.#edits.includes(stroke)",
      caughtBy: [
        "pages/playground/drawing_test.ts",
        "law: Drawing.clear() clears the image, and unfinished strokes stay cleared",
      ],
    },
    {
      title: "A probability of nearly 1 called 100 %",
      file: "lib/text/percent.ts",
      search: "if (share < 1 && share > 0.9999)",
      replace: "if (false)",
      caughtBy: [
        "text/percent_test.ts",
        "example: percent() claims all or nothing only where it is so",
      ],
    },
  ],
};
