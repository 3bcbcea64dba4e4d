// Messages between the page and its training worker.
import type { Quality } from "../../../storage/history.ts";
import type { Language } from "../../../text/layout.ts";
import type { Guessing } from "../train/guessing.ts";
import type { Hyperparameters } from "../train/training_settings.ts";
import type { ErrorWords } from "./page_error.ts";
import type { TrainingData } from "./page_data.ts";

/** How far a training is to go: to its last epoch, or by one epoch or one batch. */
export type Goal = "end" | "epoch" | "batch";

/** The first message to the worker. */
export interface DataMessage {
  readonly type: "data";
  /** The images of the page. */
  readonly data: TrainingData;
  /** The number of classes of the network: at least that of the images. */
  readonly classes: number;
  /** The number of test images whose answers the page shows. */
  readonly examples: number;
}

/** Messages from the page to the worker. */
export type TrainerRequest =
  | DataMessage
  /** Begins a training, and goes on to the goal or, if it is a number, by so many batches. */
  | {
    readonly type: "start";
    readonly settings: Hyperparameters;
    readonly goal: Goal | number;
    readonly language: Language;
  }
  | { readonly type: "continue"; readonly goal: Goal }
  | { readonly type: "pause" }
  /** Asks for the file of the present network. */
  | { readonly type: "save" }
  /** Asks for the curves in another language. */
  | { readonly type: "language"; readonly language: Language };

/** What a training has reached. */
export interface ProgressMessage {
  readonly type: "progress";
  /** The number of batches so far. */
  readonly batches: number;
  /** The number of finished epochs. */
  readonly epochs: number;
  /** The number of batches in an epoch. */
  readonly batchesPerEpoch: number;
  /** Means over the batches of the unfinished epoch, or else of the last one. */
  readonly running: Quality | undefined;
  /** The last test, and the number of batches before it. */
  readonly tested: { readonly batches: number; readonly quality: Quality };
  /** What guessing reaches on the test images. */
  readonly guessing: Guessing;
  /** Epochs per second since the training was started or continued; 0 before the first batch. */
  readonly speed: number;
  /** The number of threads. */
  readonly threads: number;
  /** The curves of the cross-entropy and of the accuracy, as SVG. */
  readonly curves: string;
  /** Why the training goes no further, if it does not go on by itself. */
  readonly ended: "paused" | "finished" | undefined;
}

/** The current parameters. */
export interface ParametersMessage {
  readonly type: "parameters";
  /** D, M and K. */
  readonly sizes: readonly [inputs: number, hidden: number, classes: number];
  /** The entries of W1, b1, W2 and b2. */
  readonly entries: readonly [
    W1: Float64Array<ArrayBuffer>,
    b1: Float64Array<ArrayBuffer>,
    W2: Float64Array<ArrayBuffer>,
    b2: Float64Array<ArrayBuffer>,
  ];
  /** `weightScale` of W1, which takes long to compute for many weights. */
  readonly weightScale: number;
  /** The network's answers to the first test images. */
  readonly answers: Uint8Array<ArrayBuffer>;
}

/** Messages from the worker to the page. */
export type TrainerMessage =
  | {
    readonly type: "started";
    readonly images: number;
    readonly classes: number;
  }
  | ProgressMessage
  | ParametersMessage
  /** The file of the present network, and its test. */
  | {
    readonly type: "file";
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly batches: number;
    readonly test: Quality;
  }
  | { readonly type: "error"; readonly error: ErrorWords };
