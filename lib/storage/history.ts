// The history of a training run: a CSV (RFC 4180) with a row for each epoch, and members of an npz
// file with a column each (docs/training.md). A cell is empty if it was not evaluated. The npz file
// has neither rate nor seconds, so that its bytes depend on the run alone.
import { cannotRead } from "../formats/errors.ts";
import { describeArray } from "../formats/nd_array.ts";
import type { WritableArray } from "../formats/npy.ts";
import { quote } from "../text/escape.ts";
import { integers, isInRange, numbers, POSITIVE, type Range } from "../training/settings.ts";

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

/** A row of the CSV: one epoch, with its learning rate, and its duration if that is known. */
export interface HistoryRow extends EpochResult {
  readonly learningRate: number;
  readonly seconds?: number | undefined;
}

/** A column: where its numbers are in a row, which are valid, and whether one may be missing. */
type Column = readonly [name: string, path: string, range: Range, isOptional?: boolean];

const NOT_NEGATIVE = numbers(0, Number.MAX_VALUE, "a finite number of at least 0");
const SHARE = numbers(0, 1, "a number from 0 to 1");

/** The columns of {@linkcode EpochResult}, in the order of the file. */
const RESULT_COLUMNS: readonly Column[] = [
  ["epoch", "epoch", integers(1)],
  ["cross_entropy", "running.crossEntropy", NOT_NEGATIVE],
  ["accuracy", "running.accuracy", SHARE],
  ["test_cross_entropy", "test.crossEntropy", NOT_NEGATIVE, true],
  ["test_accuracy", "test.accuracy", SHARE, true],
  ["train_cross_entropy", "train.crossEntropy", NOT_NEGATIVE, true],
  ["train_accuracy", "train.accuracy", SHARE, true],
];

const COLUMNS: readonly Column[] = [
  ...RESULT_COLUMNS,
  ["learning_rate", "learningRate", POSITIVE],
  ["seconds", "seconds", NOT_NEGATIVE, true],
];

/** The columns of which a row has both or neither. */
const PAIRS: readonly (readonly [number, number])[] = [[3, 4], [5, 6]];

export const HISTORY_HEADER: string = `${COLUMNS.map(([name]) => name).join(",")}\n`;

/** The number that an object has at a path such as `test.accuracy`. */
export function valueAt(object: object, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as never)?.[key], object);
}

export function setAt(object: object, path: string, value: unknown): void {
  const keys = path.split("."), last = keys.pop()!;
  const owner = keys.reduce<Record<string, object>>(
    (owner, key) => (owner[key] ??= {}) as Record<string, object>,
    object as Record<string, object>,
  );
  owner[last] = value as object;
}

export function formatHistoryRow(row: HistoryRow): string {
  return `${COLUMNS.map(([, path]) => valueAt(row, path) ?? "").join(",")}\n`;
}

/** Reads a CSV of consecutive epochs, not always from the first. An empty file has no rows. */
export function readHistory(text: string): HistoryRow[] {
  if (text === "") return [];
  const [header, ...lines] = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const needed = HISTORY_HEADER.trimEnd();
  if (header !== needed) {
    throw cannotRead("history", `line 1 is ${quote(header!)}, need the columns ${needed}`);
  }
  const first = readCell(lines[0]?.split(",")[0] ?? "") ?? 1;
  return lines.map((line, i) => {
    const cells = line.split(","), at = `in line ${i + 2}`;
    if (cells.length !== COLUMNS.length) {
      const found = `number of cells ${at} is ${cells.length}`;
      throw cannotRead("history", `${found}, need ${COLUMNS.length}`);
    }
    const row = toRow(COLUMNS, cells.map(readCell), (column, needed) => {
      const cell = cells[column]!, found = cell === "" ? "empty" : quote(cell);
      return cannotRead("history", `${COLUMNS[column]![0]} ${at} is ${found}, need ${needed}`);
    }, first + i);
    return row as HistoryRow;
  });
}

/** The number in a cell, undefined if it is empty, `NaN` if it holds anything else. */
const readCell = (cell: string) =>
  cell === "" ? undefined : /^\d+(\.\d+)?(e[-+]?\d+)?$/i.test(cell) ? Number(cell) : NaN;

/** The row of these numbers, one for each column: of a CSV or an npz file. */
function toRow(
  columns: readonly Column[],
  values: readonly (number | undefined)[],
  refusal: (column: number, needed: string) => Error,
  epoch = values[0],
): EpochResult {
  const row = {};
  columns.forEach(([, path, range, isOptional], i) => {
    const x = values[i];
    if (x === undefined ? !isOptional : !isInRange(x, range)) throw refusal(i, range.needed.en);
    if (x !== undefined) setAt(row, path, x);
  });
  if (values[0] !== epoch) throw refusal(0, `${epoch}`);
  for (const [one, other] of PAIRS) {
    const isOne = values[one] === undefined;
    if (isOne === (values[other] === undefined)) continue;
    const [missing, there] = isOne ? [one, other] : [other, one];
    throw refusal(missing, `both or neither with ${columns[there]![0]}`);
  }
  return row as EpochResult;
}

export function isSameResult(one: EpochResult, other: EpochResult): boolean {
  return RESULT_COLUMNS.every(([, path]) => valueAt(one, path) === valueAt(other, path));
}

/** The names of the members by column: `history_epoch`, … A file has all of them or none. */
export const HISTORY_MEMBERS: readonly string[] = RESULT_COLUMNS.map(([name]) => `history_${name}`);

/** Bytes that an epoch adds to an npz file. */
export const BYTES_PER_EPOCH: number = RESULT_COLUMNS.length * Float64Array.BYTES_PER_ELEMENT;

/** The members of these epochs: float64 of shape (epochs,), NaN where a number is missing. */
export function historyArrays(rows: readonly EpochResult[]): [string, WritableArray][] {
  return RESULT_COLUMNS.map(([, path], i) => {
    const data = Float64Array.from(rows, (row) => valueAt(row, path) as number ?? NaN);
    return [HISTORY_MEMBERS[i]!, { shape: [rows.length], data }];
  });
}

/** The epochs that members of a file hold, or are to hold: consecutive ones up to the last. */
export function historyFrom(
  member: (name: string) => WritableArray,
  lastEpoch: number,
  refusal: (name: string, found: string, needed: string) => Error,
): EpochResult[] {
  const { length } = member(HISTORY_MEMBERS[0]!).data;
  const columns = HISTORY_MEMBERS.map((name) => {
    const { shape, data } = member(name);
    if (data instanceof Float64Array && shape.length === 1 && data.length === length) return data;
    throw refusal(name, `is ${describeArray({ shape, data })}`, `float64 of shape (${length},)`);
  });
  return Array.from({ length }, (_, i) => {
    const values = columns.map((column) => Number.isNaN(column[i]!) ? undefined : column[i]!);
    const refuse = (column: number, needed: string) =>
      refusal(HISTORY_MEMBERS[column]!, `entry ${i} is ${columns[column]![i]}`, needed);
    return toRow(RESULT_COLUMNS, values, refuse, lastEpoch - length + 1 + i);
  });
}
