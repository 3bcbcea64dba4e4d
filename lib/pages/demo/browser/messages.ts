/**
 * What the page and its background, which trains, tell each other.
 *
 * @module
 */

import type { Size } from "../../../../mod.ts";
import type { Quality } from "../../../storage/history.ts";

/** The page asks for a training: it goes on until the worker is ended, or for the report's 10,000 epochs. */
export interface TrainingOrder {
  /** η, greater than 0. */
  readonly learningRate: number;
  /** Hidden units. */
  readonly hidden: number;
  /** Classes: those of the training images, or more. */
  readonly classes: number;
  /** Of the random numbers. */
  readonly seed: number;
  /** Examples to be counted right or wrong as the training goes on. */
  readonly examples: {
    readonly size: Size;
    readonly pixels: Uint8Array;
    readonly labels: Uint8Array;
  };
}

/** How far the training is. */
export interface ProgressNews {
  readonly kind: "progress";
  /** The epochs that have ended since the last news, in order: means over their mini-batches. */
  readonly ended: readonly Quality[];
  /** The same of the epoch that is under way, if it has begun. */
  readonly running: Quality | undefined;
  /** How long the training has been at it. */
  readonly seconds: number;
}

/** What has been learnt so far. */
export interface ParametersNews {
  readonly kind: "parameters";
  /** The parameters as an npz file. */
  readonly npz: Uint8Array<ArrayBuffer>;
  /** What `fullColour` gives of their first weights: to find it takes a while where there are many. */
  readonly fullColour: number;
  /** How many of the examples they get right. */
  readonly correct: number;
}

/** What the background tells the page. */
export type TrainingNews =
  | { readonly kind: "begun"; readonly images: number; readonly classes: number }
  | ProgressNews
  | ParametersNews
  | { readonly kind: "finished" }
  | { readonly kind: "failure"; readonly words: string };
