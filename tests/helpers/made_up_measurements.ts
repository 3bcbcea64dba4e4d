/** Measurements that nobody has made: every row of every part, in three rounds. */
import { type Machine, Measurements, type Part, type Row } from "../../bench/measurements.ts";
import { rowsOf } from "../../bench/programs.ts";

const PARTS = ["quiet", "busy", "train", "shapes"] as const satisfies Part[];

/** Of a machine with two processors; a row takes as many seconds as the function says. */
export function madeUpMeasurements(
  seconds: (row: Row, round: number) => number,
): Measurements {
  const rows = PARTS.flatMap((part) => rowsOf(part, 2));
  const runs = [1, 2, 3].flatMap((round) =>
    rows.map((row) => ({
      ...row,
      round,
      seconds: seconds(row, round),
      firstStep: 200 + round,
      firstLoss: 700,
      peakMB: 100 + round,
      marks: { "drawing the parameters": 90, "creating the engine": 140 + round },
    }))
  );
  const machine: Machine = {
    date: "2026-11-01",
    processor: "made up",
    processors: 2,
    load: 0,
    kernel: "Haswell",
    versions: [],
  };
  return new Measurements(machine, runs);
}
