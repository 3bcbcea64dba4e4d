// The history of a training run: a CSV (RFC 4180) with a row for each epoch, and members of an npz
// file with a column each.
//
// | column | what |
// |---|---|
// | epoch | 1, 2, 3, … |
// | cross_entropy, accuracy | means over the epoch's mini-batches, each taken before its step |
// | test_cross_entropy, test_accuracy | on the test images, after the epoch |
// | train_cross_entropy, train_accuracy | on the training images, after the epoch |
// | learning_rate | of the epoch |
// | seconds | how long the epoch took |
//
// Cross-entropies are in nats, accuracies from 0 to 1. A cell is empty if it was not evaluated;
// that of `seconds`, if the time is not known. Numbers have the fewest digits that read back as the
// same double. The npz file leaves out the last two columns, so that its bytes depend on the run
// alone.
import { cannotRead, type FormatError } from "../formats/errors.ts";
import { describeArray } from "../formats/nd_array.ts";
import type { WritableArray } from "../formats/npy.ts";
import { quote } from "../text/escape.ts";

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

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A column: where its number is in a row, and which numbers are valid. */
interface Column {
  readonly name: string;
  readonly value: (row: Partial<HistoryRow>) => number | undefined;
  readonly set: (row: Writable<Partial<HistoryRow>>, x: number) => void;
  readonly allows: (x: number) => boolean;
  /** The valid numbers, as text. */
  readonly needed: string;
  /** Whether the number may be missing. */
  readonly isOptional?: boolean;
  /** How many columns further the number is that must be missing too, then and only then. */
  readonly partner?: number;
}

const NOT_NEGATIVE = {
  allows: (x: number) => x >= 0 && x < Infinity,
  needed: "a finite number of at least 0",
};

function qualityColumns(split: "running" | "test" | "train"): Column[] {
  const prefix = split === "running" ? "" : `${split}_`, isOptional = split !== "running";
  return [
    {
      name: `${prefix}cross_entropy`,
      value: (row) => row[split]?.crossEntropy,
      set: (row, crossEntropy) => row[split] = { crossEntropy, accuracy: NaN },
      ...NOT_NEGATIVE,
      isOptional,
      partner: 1,
    },
    {
      name: `${prefix}accuracy`,
      value: (row) => row[split]?.accuracy,
      set: (row, accuracy) => row[split] = { crossEntropy: NaN, ...row[split], accuracy },
      allows: (x) => x >= 0 && x <= 1,
      needed: "a number from 0 to 1",
      isOptional,
      partner: -1,
    },
  ];
}

/** The columns of {@linkcode EpochResult}, in the order of the file. */
const RESULT_COLUMNS: readonly Column[] = [
  {
    name: "epoch",
    value: (row) => row.epoch,
    set: (row, x) => row.epoch = x,
    allows: (x) => Number.isSafeInteger(x) && x >= 1,
    needed: "an integer of at least 1",
  },
  ...qualityColumns("running"),
  ...qualityColumns("test"),
  ...qualityColumns("train"),
];

const COLUMNS: readonly Column[] = [
  ...RESULT_COLUMNS,
  {
    name: "learning_rate",
    value: (row) => row.learningRate,
    set: (row, x) => row.learningRate = x,
    allows: (x) => x > 0 && x < Infinity,
    needed: "a finite number greater than 0",
  },
  {
    name: "seconds",
    value: (row) => row.seconds,
    set: (row, x) => row.seconds = x,
    ...NOT_NEGATIVE,
    isOptional: true,
  },
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

/** The line of one epoch with its line feed; refuses numbers that a history may not have. */
export function formatHistoryRow(row: HistoryRow): string {
  const numbers = COLUMNS.map(({ value }) => value(row));
  toRow(COLUMNS, numbers, (column, needed) => {
    const found = `${COLUMNS[column]!.name} is ${numbers[column] ?? "missing"}`;
    return new RangeError(`Cannot write history: ${found}, need ${needed}`);
  });
  return `${numbers.map((x) => x ?? "").join(",")}\n`;
}

/**
 * Reads a CSV: the row of epoch n is at index n - 1. Lines may end in CR LF, and the last one may
 * lack its end. An empty file has no rows.
 */
export function readHistory(text: string): HistoryRow[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const [header = HEADER, ...rows] = lines;
  if (header !== HEADER) {
    throw refuse(`line 1 is ${quote(header)}, need the columns ${HEADER}`);
  }
  return rows.map((line, i) => {
    const cells = line.split(","), at = `in line ${i + 2}`;
    if (cells.length !== COLUMNS.length) {
      throw refuse(`number of cells ${at} is ${cells.length}, need ${COLUMNS.length}`);
    }
    const row = toRow(COLUMNS, cells.map(readCell), (column, needed) => {
      const cell = cells[column]!, found = cell === "" ? "empty" : quote(cell);
      return refuse(`${COLUMNS[column]!.name} ${at} is ${found}, need ${needed}`);
    });
    if (row.epoch !== i + 1) throw refuse(`epoch ${at} is ${row.epoch}, need ${i + 1}`);
    return row as HistoryRow;
  });
}

/** The number in a cell, undefined if it is empty, `NaN` if it holds anything else. */
function readCell(cell: string): number | undefined {
  if (cell === "") return undefined;
  return /^\d+(\.\d+)?(e[-+]?\d+)?$/i.test(cell) ? Number(cell) : NaN;
}

function refuse(reason: string): FormatError {
  return cannotRead("history", reason);
}

/** The row of these numbers, one for each column: the rules of the writers and of the readers. */
function toRow(
  columns: readonly Column[],
  numbers: readonly (number | undefined)[],
  refusal: (column: number, needed: string) => Error,
): EpochResult {
  const row: Writable<Partial<HistoryRow>> = {};
  columns.forEach(({ allows, needed, isOptional, set }, i) => {
    const x = numbers[i];
    if (x === undefined ? !isOptional : !allows(x)) throw refusal(i, needed);
    if (x !== undefined) set(row, x);
  });
  columns.forEach(({ partner }, i) => {
    if (partner !== undefined && numbers[i] === undefined && numbers[i + partner] !== undefined) {
      throw refusal(i, `both or neither with ${columns[i + partner]!.name}`);
    }
  });
  return row as EpochResult;
}

/** The first column in which an epoch differs from another result of it, with both numbers. */
export function findDifference(
  one: EpochResult,
  other: EpochResult,
): { readonly name: string; readonly numbers: readonly (number | undefined)[] } | undefined {
  return RESULT_COLUMNS
    .map(({ name, value }) => ({ name, numbers: [value(one), value(other)] }))
    .find(({ numbers: [a, b] }) => a !== b);
}

/** The names of the members by column: `history_epoch`, … A file has all of them or none. */
export const HISTORY_MEMBERS: readonly string[] = RESULT_COLUMNS.map(({ name }) =>
  `history_${name}`
);

/** Bytes that an epoch adds to an npz file. */
export const BYTES_PER_EPOCH: number = RESULT_COLUMNS.length * Float64Array.BYTES_PER_ELEMENT;

/** The members of these epochs: float64 of shape (epochs,), NaN where a number is missing. */
export function historyArrays(
  rows: readonly EpochResult[],
): [name: string, array: WritableArray][] {
  return RESULT_COLUMNS.map(({ value }, i) => [
    HISTORY_MEMBERS[i]!,
    { shape: [rows.length], data: Float64Array.from(rows, (row) => value(row) ?? NaN) },
  ]);
}

/** The epochs that members of a file hold, or are to hold: consecutive ones up to the last. */
export function historyFrom(
  member: (name: string) => WritableArray,
  lastEpoch: number,
  refusal: (name: string, found: string, needed: string) => Error,
): EpochResult[] {
  const [EPOCH] = HISTORY_MEMBERS as [string];
  let count: number | undefined;
  const columns = HISTORY_MEMBERS.map((name) => {
    const { shape, data } = member(name);
    if (
      !(data instanceof Float64Array) || shape.length !== 1 ||
      data.length !== (count ??= data.length)
    ) {
      const found = `is ${describeArray({ shape, data })}`;
      throw refusal(name, found, `float64 of shape (${count ?? "epochs"},)`);
    }
    return data;
  });
  const length = count!;
  if (length > lastEpoch) {
    const needed = `at most ${lastEpoch}, as many as are finished`;
    throw refusal(EPOCH, `has ${countEpochs(length)}`, needed);
  }
  const last = columns[0]!.at(-1);
  if (last !== undefined && last !== lastEpoch) {
    throw refusal(EPOCH, `ends with epoch ${last}`, `${lastEpoch}, the last finished epoch`);
  }
  return Array.from({ length }, (_, i) => {
    const numbers = columns.map((column) => Number.isNaN(column[i]!) ? undefined : column[i]!);
    const refuse = (column: number, needed: string) =>
      refusal(HISTORY_MEMBERS[column]!, `entry ${i} is ${columns[column]![i]}`, needed);
    const epoch = lastEpoch - length + 1 + i;
    if (numbers[0] !== epoch) throw refuse(0, `${epoch}`);
    return toRow(RESULT_COLUMNS, numbers, refuse);
  });
}
