// A drawing with undo: its strokes and examples, and the image that they make.
import { blankImage } from "../../data/image.ts";
import { drawStroke, type Point } from "../../drawing/pen.ts";
import { upscale } from "../../drawing/resample.ts";
import { clamp } from "../../math/clamp.ts";
import { type Dataset, type Dim, type GreyImage, normalizeDigit, type Size } from "../../../mod.ts";

/** Length of the canvas's longer side, in pixels. */
const CANVAS_SIZE = 448;

/** The pen's width as a share of that side: strokes become about as wide as MNIST's. */
const PEN_WIDTH = 0.08;

/**
 * The width of MNIST's strokes as a share of the length of a digit between the middles of its
 * strokes. The network's input of a smaller digit has a thinner pen, or it would be a blob.
 */
const STROKE_SHARE = 0.126;

/** The pen's positions, in pixels of the canvas; `extendStroke` adds more. */
export type Stroke = { readonly points: Point[] };

/** An image that replaces the drawing, and its index and class if it is one of a data set. */
export type ShownImage = Partial<ReturnType<typeof exampleOf>> & { readonly image: GreyImage };

/** A drawing for a network that takes images of one size. */
export class Drawing {
  /** The pen's width, in pixels of the canvas. */
  readonly penWidth: number;
  /** The drawing at the canvas's resolution, and the number of its changes. */
  image: GreyImage;
  version = 0;
  /** Canvas pixels per pixel of the network's image, in each direction. */
  readonly #scale: number;
  /** What there is after each edit: an image, and strokes on it. */
  #sheets: { cover?: ShownImage; readonly strokes: readonly Stroke[] }[] = [{ strokes: [] }];
  /** The input of the network, until the drawing changes. */
  #input: { readonly image: GreyImage | undefined } | undefined;

  constructor(readonly size: Size) {
    const side = Math.max(size.width, size.height);
    this.#scale = Math.max(1, Math.floor(CANVAS_SIZE / side));
    this.penWidth = Math.max(1, PEN_WIDTH * this.#scale * side);
    this.image = this.#blank();
  }

  get #sheet() {
    return this.#sheets.at(-1)!;
  }

  /** The image that is shown, as long as nothing is drawn on it. */
  get shown(): ShownImage | undefined {
    return this.#sheet.strokes.length === 0 ? this.#sheet.cover : undefined;
  }

  /** The network's input: an image as it is, a drawing normalised, undefined if empty. */
  get networkInput(): GreyImage | undefined {
    this.#input ??= { image: this.shown?.image ?? normalizeDigit(this.#ink(), this.size) };
    return this.#input.image;
  }

  /** What an address holds: the example, or the drawing as the network takes it. */
  get inAddress() {
    const example = this.shown?.index, pixels = this.networkInput?.pixels;
    return { example, drawing: example === undefined && pixels ? pixels.slice() : undefined };
  }

  beginStroke(point: Point): Stroke {
    const stroke = { points: [point] }, { strokes } = this.#sheet;
    this.#sheets.push({ ...this.#sheet, strokes: [...strokes, stroke] });
    this.#draw(stroke.points);
    return stroke;
  }

  /** Extends a stroke. One that has been undone, cleared or covered by an example stays so. */
  extendStroke(stroke: Stroke, points: readonly Point[]): void {
    if (points.length === 0 || !this.#sheet.strokes.includes(stroke)) return;
    this.#draw([stroke.points.at(-1)!, ...points]);
    stroke.points.push(...points);
  }

  clear(): void {
    const { cover, strokes } = this.#sheet;
    if (!cover && strokes.length === 0) return;
    this.#sheets.push({ strokes: [] });
    this.#redraw();
  }

  /** Replaces the drawing by an image. */
  show(cover: ShownImage): void {
    this.#sheets.push({ cover, strokes: [] });
    this.#redraw();
  }

  /** Undoes the last change. */
  undo(): void {
    if (this.#sheets.length > 1) this.#sheets.pop();
    this.#redraw();
  }

  #redraw(): void {
    const { cover, strokes } = this.#sheet;
    this.image = cover ? upscale(cover.image, this.#scale) : this.#blank();
    for (const { points } of [{ points: [] }, ...strokes]) this.#draw(points);
  }

  #draw(points: readonly Point[]): void {
    this.version++;
    this.#input = undefined;
    drawStroke(this.image, points, this.penWidth);
  }

  /** The drawing, with strokes as wide as those of MNIST's digits of this size. */
  #ink(): GreyImage {
    const { cover, strokes } = this.#sheet, { width, height } = this.image;
    if (cover || strokes.length === 0) return this.image;
    const points = strokes.flatMap(({ points }) => points);
    const extent = (axis: "x" | "y", most: number) => {
      const inside = Float64Array.from(points, (point) => clamp(point[axis], 0, most)).sort();
      return inside.at(-1)! - inside[0]!;
    };
    const length = Math.max(extent("x", width), extent("y", height)), pen = STROKE_SHARE * length;
    if (pen >= this.penWidth || length < this.penWidth) return this.image; // a dot is round
    const image = this.#blank();
    for (const { points } of strokes) drawStroke(image, points, pen);
    return image;
  }

  #blank(): GreyImage {
    const { width, height } = this.size;
    return blankImage({ width: width * this.#scale, height: height * this.#scale });
  }
}

/** An image of a data set, with its class. */
export function exampleOf(examples: Dataset<Dim<"inputs">>, index: number) {
  return { index, label: examples.labels[index]!, image: examples.image(index) };
}
