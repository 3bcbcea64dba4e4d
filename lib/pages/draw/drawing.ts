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

/** An image that replaces the drawing. */
export interface ShownImage {
  /** Its index in the data set, if it is one of its images. */
  readonly index?: number;
  /** Its class, if it has one. */
  readonly label?: number;
  /** The image itself. */
  readonly image: GreyImage;
}

/** A stroke, which can be extended. */
export interface Stroke {
  /** The pen's positions, in pixels of the canvas. */
  readonly points: Point[];
}

/** A change that can be undone. */
type Edit = Stroke | "clear" | ShownImage;

/** A drawing for a network that takes images of one size. */
export class Drawing {
  /** The pen's width in pixels of the canvas. */
  readonly penWidth: number;
  /** Canvas pixels per pixel of the network's image, in each direction. */
  readonly #scale: number;
  #image: GreyImage;
  #edits: Edit[] = [];
  /** The input of the network, until the drawing changes. */
  #input: { readonly image: GreyImage | undefined } | undefined;
  #version = 0;
  #lastExample: number | undefined;

  /** Creates an empty drawing. */
  constructor(
    /** Size of the images that the network takes. */
    readonly size: Size,
  ) {
    const side = Math.max(size.width, size.height);
    this.#scale = Math.max(1, Math.floor(CANVAS_SIZE / side));
    this.penWidth = Math.max(1, PEN_WIDTH * this.#scale * side);
    this.#image = this.#blank();
  }

  /** The drawing at the canvas's resolution. */
  get image(): GreyImage {
    return this.#image;
  }

  /** The number of its changes. */
  get version(): number {
    return this.#version;
  }

  /** The image that is shown, as long as nothing is drawn on it. */
  get shown(): ShownImage | undefined {
    const last = this.#edits.at(-1);
    return isShownImage(last) ? last : undefined;
  }

  /** The example that was shown last; undefined before the first. */
  get lastExample(): number | undefined {
    return this.#lastExample;
  }

  /** The network's input: an image as it is, a drawing normalised, undefined if empty. */
  get networkInput(): GreyImage | undefined {
    this.#input ??= { image: this.shown?.image ?? normalizeDigit(this.#ink(), this.size) };
    return this.#input.image;
  }

  /** Whether a stroke has neither been undone, nor cleared or covered by an example. */
  has(stroke: Stroke): boolean {
    return this.#edits.lastIndexOf(stroke) > this.#lastFill;
  }

  /** Begins a stroke. */
  beginStroke(point: Point): Stroke {
    const stroke: Stroke = { points: [point] };
    this.#edits.push(stroke);
    this.#draw(stroke.points);
    return stroke;
  }

  /** Extends a stroke. One that has been undone, cleared or covered by an example stays so. */
  extendStroke(stroke: Stroke, points: readonly Point[]): void {
    if (points.length === 0 || !this.has(stroke)) return;
    this.#draw([stroke.points.at(-1)!, ...points]);
    stroke.points.push(...points);
  }

  /** Clears the drawing. */
  clear(): void {
    if (this.#edits.length === 0 || this.#edits.at(-1) === "clear") return;
    this.#apply("clear");
  }

  /** Replaces the drawing by an image. */
  show(image: ShownImage): void {
    this.#lastExample = image.index ?? this.#lastExample;
    this.#apply(image);
  }

  /** Undoes the last change. */
  undo(): void {
    this.#edits.pop();
    this.#redraw();
  }

  #apply(edit: "clear" | ShownImage): void {
    this.#edits.push(edit);
    this.#redraw();
  }

  /** The index of the last edit that filled the image, or -1; it hides the edits before it. */
  get #lastFill(): number {
    return this.#edits.findLastIndex((edit) => edit === "clear" || isShownImage(edit));
  }

  /** Draws the last edit that filled the whole image and the strokes after it. */
  #redraw(): void {
    this.#version++;
    this.#input = undefined;
    const index = this.#lastFill, fill = this.#edits[index];
    this.#image = isShownImage(fill) ? upscale(fill.image, this.#scale) : this.#blank();
    for (const edit of this.#edits.slice(index + 1)) this.#draw((edit as Stroke).points);
  }

  #draw(points: readonly Point[]): void {
    this.#version++;
    this.#input = undefined;
    drawStroke(this.#image, points, this.penWidth);
  }

  /** The drawing, with strokes as wide as those of MNIST's digits of this size. */
  #ink(): GreyImage {
    const first = this.#lastFill + 1, strokes = this.#edits.slice(first) as Stroke[];
    const { width, height } = this.#image, points = strokes.flatMap(({ points }) => points);
    const extent = (places: readonly number[], most: number) => {
      const inside = places.map((place) => clamp(place, 0, most));
      return inside.reduce((a, b) => Math.max(a, b), 0) - inside.reduce((a, b) => Math.min(a, b));
    };
    if (points.length === 0 || isShownImage(this.#edits[first - 1])) return this.#image;
    const length = Math.max(
      extent(points.map(({ x }) => x), width),
      extent(points.map(({ y }) => y), height),
    );
    const pen = STROKE_SHARE * length;
    if (pen >= this.penWidth || length < this.penWidth) return this.#image; // a dot is round
    const image = this.#blank();
    for (const { points } of strokes) drawStroke(image, points, pen);
    return image;
  }

  #blank(): GreyImage {
    const { width, height } = this.size;
    return blankImage({ width: width * this.#scale, height: height * this.#scale });
  }
}

function isShownImage(edit: Edit | undefined): edit is ShownImage {
  return typeof edit === "object" && "image" in edit;
}

/** An image of a data set, with its class. */
export function exampleOf(examples: Dataset<Dim<"inputs">>, index: number): ShownImage {
  return { index, label: examples.labels[index]!, image: examples.image(index) };
}

/** What an address holds of a drawing: its example, or the drawing as the network takes it. */
export function drawnBy({ shown, networkInput }: Drawing): {
  readonly example: number | undefined;
  readonly drawing: Uint8Array<ArrayBuffer> | undefined;
} {
  const example = shown?.index;
  const isDrawn = example === undefined && networkInput !== undefined;
  return { example, drawing: isDrawn ? new Uint8Array(networkInput.pixels) : undefined };
}
