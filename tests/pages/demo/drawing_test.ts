/** What the page does with strokes, without a browser: the ink, undoing, and how well drawn digits are read. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Drawing, type Example, type Stroke } from "../../../lib/pages/demo/browser/drawing.ts";
import { blankImage, drawStroke, type GreyImage, normalizeDigit, upscale } from "../../../mod.ts";
import { sameImage } from "../../helpers/drawings.ts";

const SIZE = { width: 28, height: 28 };
const BLANK = blankImage({ width: 448, height: 448 });

function copyOf(image: GreyImage): GreyImage {
  return { ...image, pixels: image.pixels.slice() };
}

function example(index: number): Example {
  const image = blankImage(SIZE);
  image.pixels.set([50 + index, 100, 255], 400);
  return { index, label: 3, image };
}

const points = fc.array(
  fc.record({ x: fc.integer({ min: -20, max: 470 }), y: fc.integer({ min: -20, max: 470 }) }),
  { minLength: 1, maxLength: 5 },
);
/** A drawing under way, and every stroke that was begun: the pointer of any may still be down. */
interface Session {
  readonly drawing: Drawing;
  readonly strokes: Stroke[];
}
type Act = (session: Session) => void;

const deed = fc.oneof(
  points.map(([first, ...rest]): Act => ({ drawing, strokes }) => {
    const stroke = drawing.begin(first!);
    strokes.push(stroke);
    drawing.extend(stroke, rest);
  }),
  fc.nat(9).map((index): Act => ({ drawing }) => drawing.show(example(index))),
);
const act = fc.oneof(
  deed,
  fc.tuple(fc.nat(), points).map(([which, points]): Act => ({ drawing, strokes }) => {
    if (strokes.length > 0) drawing.extend(strokes[which % strokes.length]!, points);
  }),
  fc.constant<Act>(({ drawing }) => drawing.clear()),
  fc.constant<Act>(({ drawing }) => drawing.undo()),
);

/** Does one thing after the other. */
function session(acts: readonly Act[]): Session {
  const session = { drawing: new Drawing(SIZE), strokes: [] };
  for (const act of acts) act(session);
  return session;
}

Deno.test("law: Drawing.undo() takes back the last deed, whatever it was", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 8 }), deed, (before, last) => {
      const now = session(before), { drawing } = now;
      const ink = copyOf(drawing.raster), { example } = drawing;
      last(now);
      drawing.undo();
      sameImage(drawing.raster, ink);
      strictEqual(drawing.example, example);
    }),
    { numRuns: 60 },
  );
});

Deno.test("law: Drawing.clear() leaves no ink, and strokes still under way leave none after it", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 8 }), points, (before, points) => {
      const { drawing, strokes } = session(before);
      drawing.clear();
      for (const stroke of strokes) drawing.extend(stroke, points);
      sameImage(drawing.raster, BLANK);
      strictEqual(drawing.form, undefined);
    }),
    { numRuns: 60 },
  );
});

Deno.test("law: Drawing.form is of what is seen, whatever was done", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 8 }), (acts) => {
      const { drawing: { form, example, raster } } = session(acts);
      if (example) sameImage(raster, upscale(example.image, 16));
      deepStrictEqual(form, example ? example.image : normalizeDigit(raster, SIZE));
    }),
    { numRuns: 60 },
  );
});

Deno.test("example: Drawing.undo() of nothing leaves nothing", () => {
  const drawing = new Drawing(SIZE);
  drawing.undo();
  drawing.clear();
  drawing.undo();
  sameImage(drawing.raster, BLANK);
  strictEqual(drawing.form, undefined);
});

Deno.test("law: Drawing.extend() draws piece by piece what one stroke would be", () => {
  fc.assert(
    fc.property(points, points, (first, second) => {
      const drawing = new Drawing(SIZE);
      const stroke = drawing.begin(first[0]!);
      drawing.extend(stroke, first.slice(1));
      drawing.extend(stroke, second);
      drawing.extend(stroke, []);
      const whole = blankImage(drawing.raster);
      drawStroke(whole, [...first, ...second], drawing.penWidth);
      sameImage(drawing.raster, whole);
    }),
    { numRuns: 30 },
  );
});

Deno.test("example: Drawing.extend() leaves a stroke undone that was undone under way", () => {
  const drawing = new Drawing(SIZE);
  const stroke = drawing.begin({ x: 9, y: 9 });
  drawing.undo();
  drawing.extend(stroke, [{ x: 99, y: 99 }]);
  strictEqual(drawing.form, undefined);
});

Deno.test("example: Drawing.extend() leaves a stroke as it was that an example covers", () => {
  const drawing = new Drawing(SIZE), covering = example(1);
  const stroke = drawing.begin({ x: 9, y: 9 }), ink = copyOf(drawing.raster);
  drawing.show(covering);
  drawing.extend(stroke, [{ x: 300, y: 300 }]);
  sameImage(drawing.raster, upscale(covering.image, 16));
  strictEqual(drawing.form, covering.image);
  drawing.undo();
  sameImage(drawing.raster, ink);
});

Deno.test("example: Drawing.extend() leaves a stroke as it was that is cleared, and undo takes back the next alone", () => {
  const drawing = new Drawing(SIZE);
  const stroke = drawing.begin({ x: 9, y: 9 }), ink = copyOf(drawing.raster);
  drawing.clear();
  drawing.extend(stroke, [{ x: 300, y: 300 }]);
  strictEqual(drawing.form, undefined);
  drawing.begin({ x: 200, y: 200 });
  drawing.undo();
  strictEqual(drawing.form, undefined);
  drawing.undo();
  sameImage(drawing.raster, ink);
  drawing.extend(stroke, [{ x: 300, y: 300 }]); // seen again, it goes on
  ok(drawing.raster.pixels[300 * 448 + 300]! > 0);
});

Deno.test("example: Drawing draws two strokes at once, as two fingers do", () => {
  const drawing = new Drawing(SIZE), whole = blankImage(drawing.raster);
  const paths = [0, 1].map((i) => [{ x: 90 + 200 * i, y: 50 }, { x: 90 + 200 * i, y: 300 }]);
  const strokes = paths.map(([start]) => drawing.begin(start!));
  strokes.forEach((stroke, i) => drawing.extend(stroke, paths[i]!.slice(1)));
  for (const path of paths) drawStroke(whole, path, drawing.penWidth);
  sameImage(drawing.raster, whole);
});

Deno.test("example: Drawing.form is an example as it is, until something is drawn over it", () => {
  const drawing = new Drawing(SIZE), one = example(1);
  drawing.show(one);
  strictEqual(drawing.form, one.image);
  const stroke = drawing.begin({ x: 30, y: 40 });
  strictEqual(drawing.example, undefined);
  deepStrictEqual(drawing.form, normalizeDigit(drawing.raster, SIZE));
  ok(drawing.raster.pixels[232 * 448 + 150]! > 0, "the example is still seen below the stroke");
  drawing.extend(stroke, [{ x: 60, y: 70 }]);
  drawing.undo();
  strictEqual(drawing.form, one.image);
});

Deno.test("example: Drawing takes images of any size and proportion", () => {
  for (const [width, height] of [[3, 4], [1, 1], [28, 14], [256, 256], [600, 2]] as const) {
    const drawing = new Drawing({ width, height }), { raster } = drawing;
    strictEqual(raster.width * height, raster.height * width);
    ok(Math.max(raster.width, raster.height) <= Math.max(448, width, height));
    drawing.begin({ x: raster.width / 2, y: raster.height / 2 });
    const form = drawing.form!;
    deepStrictEqual([form.width, form.height], [width, height]);
    ok(form.pixels.some((pixel) => pixel > 0));
  }
});
