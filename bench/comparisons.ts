/**
 * What the tables and the chart compare.
 *
 * @module
 */

import type { Measurements, Row, Statistic } from "./measurements.ts";
import { NUMPY_MATRICES, SANSO } from "./programs.ts";
import { nameOf, type Shape } from "./shapes.ts";

/** Steps of an epoch of the report's training. */
export const STEPS = 600;

/** A program's row with as many threads as the machine has processors. */
export function allThreads(
  { machine: { processors: threads } }: Measurements,
  part: Row["part"],
  program: string,
): Row {
  return { part, program, threads };
}

/** The row of a program that trains another network. */
export function shapeRow(shape: Shape, program: string, threads: number): Row {
  return { part: "shapes", program, threads, shape: nameOf(shape) };
}

/**
 * How many times as fast as a program under NumPy sanso trains a network: each with one thread, or
 * sanso with all threads against NumPy's better number of threads.
 */
export function timesAsFast(
  measurements: Measurements,
  shape: Shape,
  threads: "one" | "all",
  program = NUMPY_MATRICES,
): Statistic {
  const count = threads === "one" ? 1 : measurements.machine.processors;
  const numpy = shapeRow(shape, program, count);
  return measurements.ratio(
    threads === "one" ? numpy : measurements.better(numpy),
    shapeRow(shape, SANSO, count),
  );
}
