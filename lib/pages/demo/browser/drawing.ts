/**
 * What is drawn: strokes one after the other, which can be taken back, and the ink that they leave.
 *
 * @module
 */

import {
  blankImage,
  drawStroke,
  type GreyImage,
  normalizeDigit,
  type Point,
  type Size,
  upscale,
} from "../../../../mod.ts";

/** The longer side of the raster that is drawn on, in pixels. */
const RASTER = 448;

/** The pen's width as a share of that side: strokes of usual digits become as wide as MNIST's. */
const PEN = 0.08;

/** An image out of a data set. */
export interface Example {
  /** Which it is. */
  readonly index: number;
  /** What it is of. */
  readonly label: number;
  /** The image itself. */
  readonly image: GreyImage;
}

/** A stroke under way. */
export interface Stroke {
  /** Where the pen went, in pixels of the raster. */
  readonly points: Point[];
}

/** One thing that was done: it can be undone. */
type Deed = Stroke | "clear" | Example;

/** A drawing for images of one size. */
export class Drawing {
  /** How wide the pen is, in pixels of the raster. */
  readonly penWidth: number;
  /** Pixels of the raster along one of the network's image. */
  readonly #factor: number;
  #raster: GreyImage;
  #deeds: Deed[] = [];

  /** An empty one. */
  constructor(
    /** Of the images that the network takes. */
    readonly size: Size,
  ) {
    const side = Math.max(size.width, size.height);
    this.#factor = Math.max(1, Math.floor(RASTER / side));
    this.penWidth = Math.max(1, PEN * this.#factor * side);
    this.#raster = this.#blank();
  }

  /** The ink, as it is to be shown. */
  get raster(): GreyImage {
    return this.#raster;
  }

  /** The example that is shown, as long as nothing is drawn over it. */
  get example(): Example | undefined {
    const last = this.#deeds.at(-1);
    return typeof last === "object" && "image" in last ? last : undefined;
  }

  /** What the network is to see: an example as it is, a drawing in MNIST's form; undefined if there is no ink. */
  get form(): GreyImage | undefined {
    return this.example?.image ?? normalizeDigit(this.#raster, this.size);
  }

  /** Puts the pen down. */
  begin(at: Point): Stroke {
    const stroke: Stroke = { points: [at] };
    this.#deeds.push(stroke);
    this.#draw(stroke.points);
    return stroke;
  }

  /** Moves the pen on; a stroke that is undone, cleared or covered by an example already stays so. */
  extend(stroke: Stroke, points: readonly Point[]): void {
    if (points.length === 0 || this.#deeds.lastIndexOf(stroke) <= this.#ground) return;
    this.#draw([stroke.points.at(-1)!, ...points]);
    stroke.points.push(...points);
  }

  /** Begins anew. */
  clear(): void {
    if (this.#deeds.length === 0 || this.#deeds.at(-1) === "clear") return;
    this.#do("clear");
  }

  /** Shows an example in place of what there is. */
  show(example: Example): void {
    this.#do(example);
  }

  /** Takes the last deed back. */
  undo(): void {
    this.#deeds.pop();
    this.#redraw();
  }

  #do(deed: Deed): void {
    this.#deeds.push(deed);
    this.#redraw();
  }

  /** Which deed last filled the raster anew, or -1: what was done before it is not seen. */
  get #ground(): number {
    return this.#deeds.findLastIndex((deed) => deed === "clear" || "image" in deed);
  }

  /** Draws what was done since the raster was last filled anew. */
  #redraw(): void {
    const from = this.#ground, ground = this.#deeds[from];
    this.#raster = typeof ground === "object" && "image" in ground
      ? upscale(ground.image, this.#factor)
      : this.#blank();
    for (const deed of this.#deeds.slice(from + 1)) this.#draw((deed as Stroke).points);
  }

  #draw(points: readonly Point[]): void {
    drawStroke(this.#raster, points, this.penWidth);
  }

  #blank(): GreyImage {
    const { width, height } = this.size;
    return blankImage({ width: width * this.#factor, height: height * this.#factor });
  }
}
