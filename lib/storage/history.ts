/**
 * The history of a training run: CSV (RFC 4180), one row per epoch, written as the run goes.
 *
 * | column | what |
 * |---|---|
 * | epoch | 1, 2, 3, … |
 * | cross_entropy, accuracy | means over the epoch's mini-batches, each taken before its step |
 * | test_cross_entropy, test_accuracy | on the test images, after the epoch |
 * | train_cross_entropy, train_accuracy | on the training images, after the epoch |
 * | learning_rate | of the epoch |
 * | seconds | how long the epoch took |
 *
 * Cross-entropies are in nats, accuracies from 0 to 1. A cell is empty if it was not evaluated;
 * that of `seconds`, if the time is not known. Numbers have the fewest digits that read back as the
 * same double.
 *
 * @module
 */

import { quote } from "../text/escape.ts";
import { cannotRead, type FormatError } from "../formats/errors.ts";

/**
 * Loss and accuracy of a network on some examples, such as an {@linkcode Evaluation}.
 *
 * @category 8 Saved runs
 */
export interface Quality {
  /** Mean over the examples, in nats. */
  readonly crossEntropy: number;
  /** Share of the examples whose largest score is at their label, from 0 to 1. */
  readonly accuracy: number;
}

/**
 * The figures of one epoch.
 *
 * @category 8 Saved runs
 */
export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  /** Means over the epoch's mini-batches, each taken before its step. */
  readonly running: Quality;
  /** On the test images after the epoch, if it was evaluated. */
  readonly test?: Quality | undefined;
  /** On the training images after the epoch, if it was evaluated. */
  readonly train?: Quality | undefined;
}

/** A row of the CSV: one epoch. */
export interface HistoryRow extends EpochResult {
  /** η in this epoch, greater than 0. */
  readonly learningRate: number;
  /** Duration of the epoch, if it is known. */
  readonly seconds?: number | undefined;
}

/** The result of {@linkcode readHistory}. */
export interface History {
  /** The row of epoch n is at index n - 1. */
  readonly rows: readonly HistoryRow[];
  /**
   * The text after the last line feed: a line that a kill cut off, or nothing. It is not a row even
   * if it looks like one, since its last number may have lost digits.
   */
  readonly cutOff: string;
}

/** A column: its values, and which of them are valid. */
export interface Column<Row> {
  /** As in the header. */
  readonly name: string;
  /** The number of a row, undefined if it is missing. */
  readonly value: (row: Row) => number | undefined;
  /** Whether a number is valid. */
  readonly allows: (x: number) => boolean;
  /** The valid numbers, as text. */
  readonly needed: string;
  /** Whether the number may be missing: both of a pair on test or training images, or the time. */
  readonly mayBeEmpty?: true;
}

const ACCURACY = {
  allows: (x: number) => x >= 0 && x <= 1,
  needed: "a number from 0 to 1",
};
const NOT_NEGATIVE = {
  allows: (x: number) => x >= 0 && x < Infinity,
  needed: "a finite number of at least 0",
};
const POSITIVE = {
  allows: (x: number) => x > 0 && x < Infinity,
  needed: "a finite number greater than 0",
};
const COUNT = {
  allows: (x: number) => Number.isSafeInteger(x) && x >= 1,
  needed: "an integer of at least 1",
};

/** The columns of {@linkcode EpochResult}, in the order of the file. */
export const RESULT_COLUMNS: readonly Column<EpochResult>[] = [
  { name: "epoch", value: (row) => row.epoch, ...COUNT },
  { name: "cross_entropy", value: (row) => row.running.crossEntropy, ...NOT_NEGATIVE },
  { name: "accuracy", value: (row) => row.running.accuracy, ...ACCURACY },
  ...(["test", "train"] as const).flatMap((split): Column<EpochResult>[] => [
    {
      name: `${split}_cross_entropy`,
      value: (row) => row[split]?.crossEntropy,
      ...NOT_NEGATIVE,
      mayBeEmpty: true,
    },
    {
      name: `${split}_accuracy`,
      value: (row) => row[split]?.accuracy,
      ...ACCURACY,
      mayBeEmpty: true,
    },
  ]),
];

const COLUMNS: readonly Column<HistoryRow>[] = [
  ...RESULT_COLUMNS,
  { name: "learning_rate", value: (row) => row.learningRate, ...POSITIVE },
  { name: "seconds", value: (row) => row.seconds, ...NOT_NEGATIVE, mayBeEmpty: true },
];

const HEADER = COLUMNS.map(({ name }) => name).join(",");

/** The first line with its line feed. */
export function formatHistoryHeader(): string {
  return `${HEADER}\n`;
}

/** A number of epochs, as text: `1 epoch`, `5 epochs`. */
export function countEpochs(count: number): string {
  return `${count} ${count === 1 ? "epoch" : "epochs"}`;
}

/**
 * The line of one epoch with its line feed.
 *
 * @throws {RangeError} if {@linkcode readHistory} would refuse a number of the row (it also needs
 * epochs in order, from 1)
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * const running = { crossEntropy: 2.125, accuracy: 0.4375 };
 * const line = formatHistoryRow({ epoch: 1, running, learningRate: 0.01, seconds: 0.75 });
 * strictEqual(line, "1,2.125,0.4375,,,,,0.01,0.75\n");
 * ```
 */
export function formatHistoryRow(row: HistoryRow): string {
  const numbers = COLUMNS.map(({ value }) => value(row));
  checkNumbers(COLUMNS, numbers, (column, needed) => {
    const found = `${COLUMNS[column]!.name} is ${numbers[column] ?? "missing"}`;
    return new RangeError(`Cannot write history: ${found}, need ${needed}`);
  });
  return `${numbers.map((x) => x ?? "").join(",")}\n`;
}

/**
 * Reads a history. Lines may end in CR LF too.
 *
 * A run that is resumed after `epoch` keeps the rows up to it: `rows.slice(0, epoch)`.
 *
 * @param text the whole file
 * @throws {FormatError} if the header differs, a cell is missing or not valid in its column, or
 * epochs are not 1, 2, 3, …; the message names line and column
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * const running = { crossEntropy: 2.125, accuracy: 0.4375 };
 * const row = formatHistoryRow({ epoch: 1, running, learningRate: 0.01, seconds: 0.75 });
 * const { rows, cutOff } = readHistory(formatHistoryHeader() + row + "2,1.69");
 * strictEqual(rows.length, 1);
 * strictEqual(rows[0]?.running.crossEntropy, 2.125);
 * strictEqual(cutOff, "2,1.69");
 * ```
 */
export function readHistory(text: string): History {
  const lines = text.split("\n");
  const cutOff = lines.pop()!;
  const [header, ...rows] = lines.map((line) => line.replace(/\r$/, ""));
  if (header === undefined ? !HEADER.startsWith(cutOff.replace(/\r$/, "")) : header !== HEADER) {
    throw refuse(`line 1 is ${quote(header ?? cutOff)}, need the columns ${HEADER}`);
  }
  if (header !== undefined && /[^\d.,e+\r-]/.test(cutOff)) {
    throw refuse(`line ${lines.length + 1} is ${quote(cutOff)}, need numbers`);
  }
  return { rows: rows.map((line, i) => readRow(line, i + 1)), cutOff };
}

function readRow(line: string, epoch: number): HistoryRow {
  const lineNumber = epoch + 1; // the header is line 1
  const cells = line.split(",");
  if (cells.length !== COLUMNS.length) {
    throw refuse(
      `number of cells in line ${lineNumber} is ${cells.length}, need ${COLUMNS.length}`,
    );
  }
  const numbers = cells.map(readCell);
  checkNumbers(COLUMNS, numbers, (column, needed) => {
    const cell = cells[column]!, found = cell === "" ? "empty" : quote(cell);
    return refuse(`${COLUMNS[column]!.name} in line ${lineNumber} is ${found}, need ${needed}`);
  });
  if (numbers[0] !== epoch) {
    throw refuse(`epoch in line ${lineNumber} is ${numbers[0]}, need ${epoch}`);
  }
  const [, , , , , , , learningRate, seconds] = numbers;
  return {
    ...toResult(numbers),
    learningRate: learningRate!,
    ...(seconds !== undefined && { seconds }),
  };
}

/** The epoch whose valid numbers are these, in the order of {@linkcode RESULT_COLUMNS}. */
export function toResult(numbers: readonly (number | undefined)[]): EpochResult {
  const pair = (at: number): Quality | undefined => {
    const crossEntropy = numbers[at], accuracy = numbers[at + 1];
    return crossEntropy === undefined ? undefined : { crossEntropy, accuracy: accuracy! };
  };
  const test = pair(3), train = pair(5);
  return {
    epoch: numbers[0]!,
    running: pair(1)!,
    ...(test && { test }),
    ...(train && { train }),
  };
}

/** The number in a cell, undefined if it is empty, `NaN` if it holds anything else. */
function readCell(cell: string): number | undefined {
  if (cell === "") return undefined;
  return /^\d+(\.\d+)?(e[-+]?\d+)?$/i.test(cell) ? Number(cell) : NaN;
}

/**
 * Checks the numbers of a row, one for each column: the rules of the writer and of the reader.
 *
 * @param refusal makes the error of a column that is refused
 */
export function checkNumbers<Row>(
  columns: readonly Column<Row>[],
  numbers: readonly (number | undefined)[],
  refusal: (column: number, needed: string) => Error,
): void {
  columns.forEach(({ allows, needed, mayBeEmpty }, i) => {
    const x = numbers[i];
    if (x === undefined ? !mayBeEmpty : !allows(x)) throw refusal(i, needed);
  });
  for (const [a, b] of [[3, 4], [5, 6]] as const) {
    if ((numbers[a] === undefined) === (numbers[b] === undefined)) continue;
    const [missing, there] = numbers[a] === undefined ? [a, b] : [b, a];
    throw refusal(missing, `both or neither with ${columns[there]!.name}`);
  }
}

function refuse(reason: string): FormatError {
  return cannotRead("history", reason);
}
