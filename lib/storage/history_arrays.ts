/**
 * The history of a run as members of an npz file: one float64 array of shape (epochs,) for each
 * column, NaN where a number was not evaluated. Times are left out, so that the bytes depend on the
 * run alone; the learning rate is in the state.
 *
 * @module
 */

import { describeArray } from "../formats/nd_array.ts";
import type { WritableArray } from "../formats/npy.ts";
import {
  checkNumbers,
  countEpochs,
  type EpochResult,
  RESULT_COLUMNS,
  toResult,
} from "./history.ts";

/** The columns by the names of their members: `history_epoch`, `history_cross_entropy`, … */
const COLUMNS = RESULT_COLUMNS.map((column) => ({ ...column, name: `history_${column.name}` }));

/** Names of the members; a file has all of them or none. */
export const HISTORY_MEMBERS: readonly string[] = COLUMNS.map(({ name }) => name);

/** Bytes that an epoch adds to a file. */
export const BYTES_PER_EPOCH: number = COLUMNS.length * Float64Array.BYTES_PER_ELEMENT;

/** The members of these epochs. */
export function historyArrays(
  rows: readonly EpochResult[],
): [name: string, array: WritableArray][] {
  return COLUMNS.map(({ name, value }) => [
    name,
    { shape: [rows.length], data: Float64Array.from(rows, (row) => value(row) ?? NaN) },
  ]);
}

/** The epochs that members of a file hold, or are to hold: consecutive ones up to the last.
 * @param member gives the array of a name
 * @param lastEpoch the last finished epoch
 * @param refusal makes the error of a member that is refused
 */
export function historyFrom(
  member: (name: string) => WritableArray,
  lastEpoch: number,
  refusal: (name: string, found: string, needed: string) => Error,
): EpochResult[] {
  let count: number | undefined;
  const columns = COLUMNS.map(({ name }) => {
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
    throw refusal(
      COLUMNS[0]!.name,
      `has ${countEpochs(length)}`,
      `at most ${lastEpoch}, as many as are finished`,
    );
  }
  const last = columns[0]!.at(-1);
  if (last !== undefined && last !== lastEpoch) {
    throw refusal(
      COLUMNS[0]!.name,
      `ends with epoch ${last}`,
      `${lastEpoch}, the last finished epoch`,
    );
  }
  return Array.from({ length }, (_, i) => {
    const numbers = columns.map((column) => Number.isNaN(column[i]!) ? undefined : column[i]!);
    const refuse = (column: number, needed: string) =>
      refusal(COLUMNS[column]!.name, `entry ${i} is ${columns[column]![i]}`, needed);
    const epoch = lastEpoch - length + 1 + i;
    if (numbers[0] !== epoch) throw refuse(0, `${epoch}`);
    checkNumbers(COLUMNS, numbers, refuse);
    return toResult(numbers);
  });
}
