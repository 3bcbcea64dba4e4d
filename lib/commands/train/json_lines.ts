/**
 * The lines that `train --json` prints: one after each epoch, and one at the end.
 *
 * @module
 */

import type { Dim, EpochResult, Evaluation, TrainingPosition } from "../../../mod.ts";
import { RESULT_COLUMNS } from "../../storage/history.ts";
import type { RunHashes } from "../../storage/run_hash.ts";
import { toJson } from "../../text/json.ts";

/** The line of an epoch: the columns of the history by their names there, without the time. */
export function epochLine(result: EpochResult, learningRate: number): string {
  const numbers = RESULT_COLUMNS.map(({ name, value }) => [name, value(result) ?? null]);
  return toJson({ ...Object.fromEntries(numbers), learning_rate: learningRate });
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
    parameters_sha256: hashes.parameters,
    loss_sha256: hashes.loss ?? null,
    train: figures(train),
    test: figures(test),
  });
}

function figures(evaluation: Evaluation<Dim<"classes">> | undefined) {
  if (evaluation === undefined) return null;
  const { crossEntropy, accuracy, correct, count } = evaluation;
  return { cross_entropy: crossEntropy, accuracy, correct, count };
}
