// The playground's Drawing, without a browser: strokes, examples and undo.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { blankImage } from "../../lib/data/image.ts";
import { drawStroke, type Point } from "../../lib/drawing/pen.ts";
import { upscale } from "../../lib/drawing/resample.ts";
import { Drawing, type ShownImage, type Stroke } from "../../lib/pages/draw/drawing.ts";
import { normalizeDigit } from "../../mod.ts";
import { sameImage } from "../helpers/drawings.ts";

const SIZE = { width: 28, height: 28 };

/** A drawing of one stroke. */
function drawn(size: typeof SIZE, [first, ...rest]: readonly Point[]): Drawing {
  const drawing = new Drawing(size);
  drawing.extendStroke(drawing.beginStroke(first!), rest);
  return drawing;
}

/** A drawing, all strokes begun, and what has been visible: the last of these is now. */
interface Session {
  readonly drawing: Drawing;
  readonly begun: { readonly stroke: Stroke; readonly line: Point[] }[];
  readonly visible: { readonly cover?: ShownImage; readonly lines: readonly Point[][] }[];
}

const place = fc.integer({ min: -20, max: 470 });
const points = fc.array(fc.record({ x: place, y: place }), { minLength: 1, maxLength: 5 });
type Action = (session: Session) => void;
const action = fc.oneof(
  points.map(([first, ...rest]): Action => ({ drawing, begun, visible }) => {
    const stroke = drawing.beginStroke(first!), line = [first!, ...rest];
    drawing.extendStroke(stroke, rest);
    begun.push({ stroke, line });
    visible.push({ ...visible.at(-1)!, lines: [...visible.at(-1)!.lines, line] });
  }),
  // the pointer of each stroke may still be down
  fc.tuple(fc.nat(), fc.oneof(points, fc.constant([]))).map(
    ([which, more]): Action => ({ drawing, begun, visible }) => {
      const { stroke, line } = begun[which % begun.length] ?? {};
      if (!stroke) return;
      const isVisible = visible.at(-1)!.lines.includes(line!);
      drawing.extendStroke(stroke, more);
      if (isVisible) line!.push(...more);
    },
  ),
  fc.nat(9).map((index): Action => ({ drawing, visible }) => {
    const image = blankImage(SIZE), cover = { index, label: 3, image };
    image.pixels.set([50 + index, 100, 255], 400);
    drawing.show(cover);
    visible.push({ cover, lines: [] });
  }),
  fc.constant<Action>(({ drawing, visible }) => {
    drawing.clear();
    const { cover, lines } = visible.at(-1)!;
    if (cover || lines.length > 0) visible.push({ lines: [] });
  }),
  fc.constant<Action>(({ drawing }) => void drawing.networkInput),
  fc.constant<Action>(({ drawing, visible }) => {
    drawing.undo();
    if (visible.length > 1) visible.pop();
  }),
);

Deno.test("law: Drawing has what is visible after any edits, and its network's input, and undo undoes the last edit", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
      const drawing = new Drawing(SIZE),
        session: Session = { drawing, begun: [], visible: [{ lines: [] }] };
      for (const action of actions) action(session);
      const { cover, lines } = session.visible.at(-1)!;
      const image = cover ? upscale(cover.image, 16) : blankImage(drawing.image);
      for (const line of lines) drawStroke(image, line, drawing.penWidth);
      sameImage(drawing.image, image);
      strictEqual(drawing.shown, lines.length === 0 ? cover : undefined);
      if (drawing.shown) strictEqual(drawing.networkInput, cover!.image);
      else if (cover) deepStrictEqual(drawing.networkInput, normalizeDigit(image, SIZE));
      else strictEqual(drawing.networkInput === undefined, image.pixels.every((x) => x === 0));
    }),
    { numRuns: 40 },
  );
});

Deno.test("example: Drawing.networkInput of a digit is the same at any size, not a blob", () => {
  const eight = (size: number) =>
    drawn(
      SIZE,
      Array.from({ length: 65 }, (_, i) => ({
        x: 224 + size * 0.28 * Math.sin(Math.PI * i / 16),
        y: 224 - size / 2 * Math.cos(Math.PI * i / 32),
      })),
    ).networkInput!;
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
  for (const [x, y, toX, toY] of [[99, 99, 99, 99], [99, 99, 110, 105], [100, 50, 100, 400]]) {
    const drawing = drawn(SIZE, [{ x: x!, y: y! }, { x: toX!, y: toY! }]);
    deepStrictEqual(drawing.networkInput, normalizeDigit(drawing.image, SIZE));
  }
});

Deno.test("example: Drawing accepts images of any size and aspect ratio", () => {
  for (const [width, height] of [[3, 4], [1, 1], [28, 14], [256, 256], [600, 2]] as const) {
    const { image } = new Drawing({ width, height });
    strictEqual(image.width * height, image.height * width);
    ok(Math.max(image.width, image.height) <= Math.max(448, width, height));
    const middle = { x: image.width / 2, y: image.height / 2 };
    const input = drawn({ width, height }, [middle]).networkInput!;
    deepStrictEqual([input.width, input.height], [width, height]);
    ok(input.pixels.some((pixel) => pixel > 0));
  }
});
