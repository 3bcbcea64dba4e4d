/** Sample histories, and what a run wrote. */
import { ok } from "node:assert/strict";
import {
  formatHistoryRow,
  HISTORY_HEADER,
  type HistoryRow,
  readHistory,
} from "../../lib/storage/history.ts";

/** Rows that fall and rise like those of a training run, evaluated on test after each epoch. */
export function madeUpRows(epochs: number): HistoryRow[] {
  return Array.from({ length: epochs }, (_, i) => {
    const epoch = i + 1, wobble = Math.sin(epoch * epoch) / 50;
    return {
      epoch,
      running: { crossEntropy: (2.3 + wobble) / epoch, accuracy: 1 - 0.5 / epoch },
      test: { crossEntropy: (2 + wobble) / Math.sqrt(epoch), accuracy: 0.95 - 0.4 / epoch },
      learningRate: 0.01,
      seconds: 0.75,
    };
  });
}

/** The file of these rows. */
export function historyFile(rows: readonly HistoryRow[]): string {
  return HISTORY_HEADER + rows.map(formatHistoryRow).join("");
}

/** The rows of a whole history, without their seconds, which must be plausible. */
export function rowsOf(history: Uint8Array): Omit<HistoryRow, "seconds">[] {
  return readHistory(new TextDecoder().decode(history)).map(({ seconds, ...row }) => {
    ok(seconds! > 0 && seconds! < 60, `${seconds}`);
    return row;
  });
}
