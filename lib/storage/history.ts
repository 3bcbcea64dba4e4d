/**
 * The history of a training run: CSV (RFC 4180), one row an epoch, written as it goes.
 *
 * | column | what |
 * |---|---|
 * | epoch | 1, 2, 3, … |
 * | cross_entropy, accuracy | means over the epoch's mini-batches, each taken before its step, while the parameters move |
 * | test_cross_entropy, test_accuracy | on the test images, after the epoch |
 * | train_cross_entropy, train_accuracy | on the training images, after the epoch: at the same parameters as test |
 * | learning_rate | of the epoch |
 * | seconds | how long the epoch took |
 *
 * Cross-entropies are in nats, accuracies from 0 to 1. What was not evaluated is an empty cell. Numbers have the fewest digits
 * that read back the same.
 *
 * @module
 */

import { quote } from "../text/escape.ts";
import { cannotRead, type FormatError } from "../formats/format_error.ts";

/** How good a network was on some examples; an {@linkcode Evaluation} is one. */
export interface Quality {
  /** Mean over the examples, in nats. */
  readonly crossEntropy: number;
  /** Share of the examples that have their greatest score at their label, from 0 to 1. */
  readonly accuracy: number;
}

/** What is known of one epoch. */
export interface HistoryRow {
  /** From 1. */
  readonly epoch: number;
  /** Means over the epoch's mini-batches, each taken before its step. */
  readonly running: Quality;
  /** On the test images after the epoch, if it was evaluated. */
  readonly test?: Quality | undefined;
  /** On the training images after the epoch, if it was evaluated. */
  readonly train?: Quality | undefined;
  /** η in this epoch, greater than 0. */
  readonly learningRate: number;
  /** How long the epoch took. */
  readonly seconds: number;
}

/** What {@linkcode readHistory} found. */
export interface History {
  /** The row of epoch n stands at n - 1. */
  readonly rows: readonly HistoryRow[];
  /**
   * What stands behind the last line feed, if anything: a line that a kill cut off. It is no row even where it looks like one, as
   * its last number may have lost digits.
   */
  readonly cutOff: string;
}

/** A column: its values, and which of them make sense. */
interface Column {
  readonly name: string;
  readonly value: (row: HistoryRow) => number | undefined;
  readonly allows: (x: number) => boolean;
  readonly needed: string;
  readonly mayBeEmpty?: true;
}

const ACCURACY = {
  allows: (x: number) => x >= 0 && x <= 1,
  needed: "a number from 0 to 1",
};
const NOT_NEGATIVE = {
  allows: (x: number) => x >= 0 && x < Infinity,
  needed: "a finite number from 0 on",
};
const POSITIVE = {
  allows: (x: number) => x > 0 && x < Infinity,
  needed: "a finite number greater than 0",
};
const COUNT = {
  allows: (x: number) => Number.isSafeInteger(x) && x >= 1,
  needed: "an integer from 1 on",
};

const COLUMNS: readonly Column[] = [
  { name: "epoch", value: (row) => row.epoch, ...COUNT },
  { name: "cross_entropy", value: (row) => row.running.crossEntropy, ...NOT_NEGATIVE },
  { name: "accuracy", value: (row) => row.running.accuracy, ...ACCURACY },
  ...(["test", "train"] as const).flatMap((split): Column[] => [
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
  { name: "learning_rate", value: (row) => row.learningRate, ...POSITIVE },
  { name: "seconds", value: (row) => row.seconds, ...NOT_NEGATIVE },
];

const HEADER = COLUMNS.map(({ name }) => name).join(",");

/** The first line, its line feed included. */
export function formatHistoryHeader(): string {
  return `${HEADER}\n`;
}

/**
 * The line of one epoch, its line feed included.
 *
 * @throws {RangeError} if a number is not one that {@linkcode readHistory} takes
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
  const cells = COLUMNS.map(({ name, value, allows, needed }) => {
    const x = value(row);
    if (x !== undefined && !allows(x)) {
      throw new RangeError(`Cannot write history: ${name} is ${x}, need ${needed}`);
    }
    return x ?? "";
  });
  return `${cells.join(",")}\n`;
}

/**
 * Reads a history. Lines may end in CR LF too.
 *
 * A run that is resumed after `epoch` keeps the rows up to there: `rows.slice(0, epoch)`.
 *
 * @param text the whole file
 * @throws {FormatError} if the header is another, a cell is missing or no number that its column may have, or epochs do not count
 * 1, 2, 3, …; the message says line and column
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
  const numbers = COLUMNS.map((column, i) => readCell(cells[i]!, column, lineNumber));
  if (numbers[0] !== epoch) {
    throw refuse(`epoch in line ${lineNumber} is ${numbers[0]}, need ${epoch}`);
  }
  const pair = (at: number): Quality | undefined => {
    const crossEntropy = numbers[at], accuracy = numbers[at + 1];
    if (crossEntropy !== undefined && accuracy !== undefined) return { crossEntropy, accuracy };
    if (crossEntropy === accuracy) return undefined; // neither
    const [there, missing] = crossEntropy === undefined ? [at + 1, at] : [at, at + 1];
    throw refuse(
      `${COLUMNS[missing]!.name} in line ${lineNumber} is empty, need both or neither with ` +
        COLUMNS[there]!.name,
    );
  };
  const test = pair(3), train = pair(5);
  return {
    epoch,
    running: pair(1)!,
    ...(test && { test }),
    ...(train && { train }),
    learningRate: numbers[7]!,
    seconds: numbers[8]!,
  };
}

function readCell(cell: string, column: Column, line: number): number | undefined {
  if (cell === "" && column.mayBeEmpty) return undefined;
  const x = /^\d+(\.\d+)?(e[-+]?\d+)?$/i.test(cell) ? Number(cell) : NaN;
  if (column.allows(x)) return x;
  throw refuse(
    `${column.name} in line ${line} is ${cell === "" ? "empty" : quote(cell)}, ` +
      `need ${column.needed}`,
  );
}

function refuse(reason: string): FormatError {
  return cannotRead("history", reason);
}
