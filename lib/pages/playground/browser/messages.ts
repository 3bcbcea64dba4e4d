/**
 * Messages between the page and its training worker.
 *
 * @module
 */

import type { Size } from "../../../../mod.ts";
import type { ErrorWords } from "./page_error.ts";
import type { Quality } from "../../../storage/history.ts";
import type { TrainingData } from "./page_data.ts";

/** Asks the worker to train until the page terminates it or 10,000 epochs have passed. */
export interface TrainingRequest {
  /** The images of the page. */
  readonly data: TrainingData;
  /** η, greater than 0. */
  readonly learningRate: number;
  /** The number of hidden units. */
  readonly hidden: number;
  /** The number of classes: at least that of the training images. */
  readonly classes: number;
  /** Seed of the random numbers. */
  readonly seed: number;
  /** Examples to be classified during training. */
  readonly examples: {
    readonly size: Size;
    readonly pixels: Uint8Array;
    readonly labels: Uint8Array;
  };
}

/** Reports progress. */
export interface ProgressMessage {
  readonly type: "progress";
  /** The epochs finished since the last message, in order: means over their mini-batches. */
  readonly finished: readonly Quality[];
  /** The same of the unfinished epoch, if it has begun. */
  readonly running: Quality | undefined;
  /** Seconds since the training began. */
  readonly seconds: number;
}

/** Delivers the current parameters. */
export interface ParametersMessage {
  readonly type: "parameters";
  /** The parameters as an npz file. */
  readonly npz: Uint8Array<ArrayBuffer>;
  /** `weightScale` of their W1, which takes long to compute for many weights. */
  readonly weightScale: number;
  /** The number of examples classified correctly. */
  readonly correct: number;
}

/** Messages from the worker to the page. */
export type TrainingMessage =
  | { readonly type: "started"; readonly images: number; readonly classes: number }
  | ProgressMessage
  | ParametersMessage
  | { readonly type: "finished" }
  | { readonly type: "error"; readonly error: ErrorWords };
