// The playground's Drawing, without a browser: strokes, examples and undo.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Drawing, type ShownImage, type Stroke } from "../../lib/pages/draw/drawing.ts";
import { blankImage } from "../../lib/data/image.ts";
import { drawStroke } from "../../lib/drawing/pen.ts";
import { upscale } from "../../lib/drawing/resample.ts";
import { type GreyImage, normalizeDigit } from "../../mod.ts";
import { sameImage } from "../helpers/drawings.ts";

const SIZE = { width: 28, height: 28 };
const BLANK = blankImage({ width: 448, height: 448 });

function copyOf(image: GreyImage): GreyImage {
  return { ...image, pixels: image.pixels.slice() };
}

function example(index: number): ShownImage {
  const image = blankImage(SIZE);
  image.pixels.set([50 + index, 100, 255], 400);
  return { index, label: 3, image };
}

const points = fc.array(
  fc.record({ x: fc.integer({ min: -20, max: 470 }), y: fc.integer({ min: -20, max: 470 }) }),
  { minLength: 1, maxLength: 5 },
);
/** A drawing and all strokes begun: the pointer of each may still be down. */
interface Session {
  readonly drawing: Drawing;
  readonly strokes: Stroke[];
}
type Action = (session: Session) => void;

const edit = fc.oneof(
  points.map(([first, ...rest]): Action => ({ drawing, strokes }) => {
    const stroke = drawing.beginStroke(first!);
    strokes.push(stroke);
    drawing.extendStroke(stroke, rest);
  }),
  fc.nat(9).map((index): Action => ({ drawing }) => drawing.show(example(index))),
);
const action = fc.oneof(
  edit,
  fc.tuple(fc.nat(), points).map(([which, points]): Action => ({ drawing, strokes }) => {
    if (strokes.length > 0) drawing.extendStroke(strokes[which % strokes.length]!, points);
  }),
  fc.constant<Action>(({ drawing }) => drawing.clear()),
  fc.constant<Action>(({ drawing }) => drawing.undo()),
);

/** A session after these actions. */
function session(actions: readonly Action[]): Session {
  const session = { drawing: new Drawing(SIZE), strokes: [] };
  for (const action of actions) action(session);
  return session;
}

Deno.test("law: Drawing.undo() undoes the last edit, whatever it was", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 8 }), edit, (before, last) => {
      const now = session(before), { drawing } = now;
      const ink = copyOf(drawing.image), { shown } = drawing;
      last(now);
      drawing.undo();
      sameImage(drawing.image, ink);
      strictEqual(drawing.shown, shown);
    }),
    { numRuns: 45 },
  );
});

Deno.test("law: Drawing.clear() clears the image, and unfinished strokes stay cleared", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 8 }), points, (before, points) => {
      const { drawing, strokes } = session(before);
      drawing.clear();
      for (const stroke of strokes) drawing.extendStroke(stroke, points);
      sameImage(drawing.image, BLANK);
      strictEqual(drawing.networkInput, undefined);
    }),
    { numRuns: 60 },
  );
});

Deno.test("law: Drawing.networkInput is that of the image shown, after any edits", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 8 }), (actions) => {
      const { drawing: { networkInput, shown, image } } = session(actions);
      if (shown) sameImage(image, upscale(shown.image, 16));
      if (shown) strictEqual(networkInput, shown.image);
      else strictEqual(networkInput === undefined, image.pixels.every((pixel) => pixel === 0));
    }),
    { numRuns: 60 },
  );
});

Deno.test("example: Drawing.networkInput of a digit is the same at any size, not a blob", () => {
  /** An 8 of so many pixels. */
  const eight = (size: number) => {
    const drawing = new Drawing(SIZE),
      at = (a: number, b: number) => ({
        x: 224 + size * 0.28 * Math.sin(2 * a),
        y: 224 - size / 2 * Math.cos(b),
      });
    const points = Array.from({ length: 65 }, (_, i) => at(Math.PI * i / 32, Math.PI * i / 32));
    drawing.extendStroke(drawing.beginStroke(points[0]!), points.slice(1));
    return drawing.networkInput!;
  };
  const large = eight(284), hole = 9 * 28 + 14;
  strictEqual(large.pixels[hole], 0);
  for (const size of [200, 120, 60]) {
    const small = eight(size);
    strictEqual(small.pixels[hole], 0, `${size}`);
    // a drawing of whole pixels has rough edges when it is small
    const differing = small.pixels.filter((pixel, i) => Math.abs(pixel - large.pixels[i]!) > 100);
    ok(differing.length < 40, `${size}: ${differing.length}`);
  }
});

Deno.test("example: Drawing.networkInput of a dot is round, and of a long line has the pen's width", () => {
  const input = (...points: { x: number; y: number }[]) => {
    const drawing = new Drawing(SIZE);
    drawing.extendStroke(drawing.beginStroke(points[0]!), points.slice(1));
    deepStrictEqual(drawing.networkInput, normalizeDigit(drawing.image, SIZE));
  };
  input({ x: 100, y: 100 });
  input({ x: 100, y: 100 }, { x: 110, y: 105 });
  input({ x: 100, y: 50 }, { x: 100, y: 400 });
});

Deno.test("example: Drawing.undo() does nothing on an empty drawing", () => {
  const drawing = new Drawing(SIZE);
  drawing.undo();
  drawing.clear();
  drawing.undo();
  sameImage(drawing.image, BLANK);
  strictEqual(drawing.networkInput, undefined);
});

Deno.test("law: Drawing.extendStroke() draws in parts what drawStroke() draws at once", () => {
  fc.assert(
    fc.property(points, points, (first, second) => {
      const drawing = new Drawing(SIZE);
      const stroke = drawing.beginStroke(first[0]!);
      drawing.extendStroke(stroke, first.slice(1));
      drawing.extendStroke(stroke, second);
      drawing.extendStroke(stroke, []);
      const whole = blankImage(drawing.image);
      drawStroke(whole, [...first, ...second], drawing.penWidth);
      sameImage(drawing.image, whole);
    }),
    { numRuns: 30 },
  );
});

Deno.test("example: Drawing.extendStroke() does not draw a stroke that was undone", () => {
  const drawing = new Drawing(SIZE);
  const stroke = drawing.beginStroke({ x: 9, y: 9 });
  drawing.undo();
  drawing.extendStroke(stroke, [{ x: 99, y: 99 }]);
  strictEqual(drawing.networkInput, undefined);
});

Deno.test("example: Drawing.extendStroke() does not draw a stroke covered by an example", () => {
  const drawing = new Drawing(SIZE), covering = example(1);
  const stroke = drawing.beginStroke({ x: 9, y: 9 }), ink = copyOf(drawing.image);
  drawing.show(covering);
  drawing.extendStroke(stroke, [{ x: 300, y: 300 }]);
  sameImage(drawing.image, upscale(covering.image, 16));
  strictEqual(drawing.networkInput, covering.image);
  drawing.undo();
  sameImage(drawing.image, ink);
});

Deno.test("example: Drawing.extendStroke() does not draw a cleared stroke until the clearing is undone", () => {
  const drawing = new Drawing(SIZE);
  const stroke = drawing.beginStroke({ x: 9, y: 9 }), ink = copyOf(drawing.image);
  drawing.clear();
  drawing.extendStroke(stroke, [{ x: 300, y: 300 }]);
  strictEqual(drawing.networkInput, undefined);
  drawing.beginStroke({ x: 200, y: 200 });
  drawing.undo();
  strictEqual(drawing.networkInput, undefined);
  drawing.undo();
  sameImage(drawing.image, ink);
  drawing.extendStroke(stroke, [{ x: 300, y: 300 }]); // visible again, it is extended
  ok(drawing.image.pixels[300 * 448 + 300]! > 0);
});

Deno.test("example: Drawing draws two strokes at a time, as of two fingers", () => {
  const drawing = new Drawing(SIZE), whole = blankImage(drawing.image);
  const paths = [0, 1].map((i) => [{ x: 90 + 200 * i, y: 50 }, { x: 90 + 200 * i, y: 300 }]);
  const strokes = paths.map(([start]) => drawing.beginStroke(start!));
  strokes.forEach((stroke, i) => drawing.extendStroke(stroke, paths[i]!.slice(1)));
  for (const path of paths) drawStroke(whole, path, drawing.penWidth);
  sameImage(drawing.image, whole);
});

Deno.test("example: Drawing.networkInput is the shown example until something is drawn on it", () => {
  const drawing = new Drawing(SIZE), one = example(1);
  drawing.show(one);
  strictEqual(drawing.networkInput, one.image);
  const stroke = drawing.beginStroke({ x: 30, y: 40 });
  strictEqual(drawing.shown, undefined);
  deepStrictEqual(drawing.networkInput, normalizeDigit(drawing.image, SIZE));
  ok(drawing.image.pixels[232 * 448 + 150]! > 0, "the example is visible below the stroke");
  drawing.extendStroke(stroke, [{ x: 60, y: 70 }]);
  drawing.undo();
  strictEqual(drawing.networkInput, one.image);
});

Deno.test("example: Drawing accepts images of any size and aspect ratio", () => {
  for (const [width, height] of [[3, 4], [1, 1], [28, 14], [256, 256], [600, 2]] as const) {
    const drawing = new Drawing({ width, height }), { image } = drawing;
    strictEqual(image.width * height, image.height * width);
    ok(Math.max(image.width, image.height) <= Math.max(448, width, height));
    drawing.beginStroke({ x: image.width / 2, y: image.height / 2 });
    const input = drawing.networkInput!;
    deepStrictEqual([input.width, input.height], [width, height]);
    ok(input.pixels.some((pixel) => pixel > 0));
  }
});
