// Messages between the page and the worker that trains a broken network beside the right one.
import type { Language } from "../../../text/layout.ts";
import type { EpochState } from "../break/broken_run.ts";
import type { StepCheck } from "../break/rule_check.ts";
import type { ErrorWords } from "../../errors.ts";
import type { TrainingData } from "../../page_data.ts";

/** What the page asks for. The images come first, then a rule, then its training. */
export type BreakRequest =
  | { readonly type: "data"; readonly data: TrainingData }
  /** Begins anew with a rule: its check, and both networks before training. */
  | { readonly type: "choose"; readonly rule: string }
  /** Trains for so many epochs at most. */
  | { readonly type: "train"; readonly epochs: number }
  | { readonly type: "pause" };

/** What the checks say to a rule, and to the right step. */
export interface CheckedMessage {
  readonly type: "checked";
  readonly right: StepCheck;
  readonly broken: StepCheck;
}

/** Both networks after an epoch. */
export interface EpochMessage extends EpochState {
  readonly type: "epoch";
  /** The curves so far in each language, as SVG. */
  readonly curves: Readonly<Record<Language, string>>;
  /** The numbers of training images, of test images, and of classes. */
  readonly trainImages: number;
  readonly testImages: number;
  readonly classes: number;
}

/** What the worker answers. */
export type BreakMessage =
  & (
    | CheckedMessage
    | EpochMessage
    /** A training has been paused or is at its end. */
    | { readonly type: "stopped" }
    | { readonly type: "error"; readonly error: ErrorWords }
  )
  & {
    /**
     * The request that it answers, counted from 1: for a rule's check and its epochs, the one that
     * chose the rule; for the end of a training, the one that began it.
     */
    readonly request: number;
  };
