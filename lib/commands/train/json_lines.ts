/**
 * The lines that `train --json` prints: one after each epoch, and one at the end.
 *
 * @module
 */

import type { Dim, EpochResult, Evaluation, Quality, TrainingPosition } from "../../../mod.ts";
import type { RunHashes } from "../../storage/run_hash.ts";
import { toJson } from "../../text/escape.ts";

/** The line of an epoch: what a history has of it, without the time. */
export function epochLine(
  { epoch, running: { crossEntropy, accuracy }, train, test }: EpochResult,
  learningRate: number,
): string {
  return toJson({
    epoch,
    crossEntropy,
    accuracy,
    train: train ? figures(train) : null,
    test: test ? figures(test) : null,
    learningRate,
  });
}

/** What the last line is made from. */
export interface RunEnd {
  /** The file of the parameters. */
  readonly saved: string;
  /** The CSV, if there is one. */
  readonly history: string | undefined;
  /** SHA-256 of the parameters and of the last loss. */
  readonly hashes: RunHashes;
  /** The position at which a signal stopped the run. */
  readonly stopped?: TrainingPosition;
  /** The network on the training images, unless the run was stopped. */
  readonly train?: Evaluation<Dim<"classes">>;
  /** The network on the test images, unless the run was stopped. */
  readonly test?: Evaluation<Dim<"classes">>;
}

/** The last line: files, hashes and figures. */
export function endLine({ saved, history, hashes, stopped, train, test }: RunEnd): string {
  return toJson({
    saved,
    history: history ?? null,
    stopped: stopped ? { epoch: stopped.epoch, iteration: stopped.iteration } : null,
    hashes: { loss: null, ...hashes },
    train: train ? figures(train) : null,
    test: test ? figures(test) : null,
  });
}

/** The figures that a line has; those of an epoch have no counts. */
function figures(
  { crossEntropy, accuracy, correct, count }: Quality & { correct?: number; count?: number },
) {
  return { crossEntropy, accuracy, correct, count };
}
