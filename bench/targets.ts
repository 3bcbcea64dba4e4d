/**
 * What the engine is to reach, and whether the measurements say that it does.
 *
 * @module
 */

import { allThreads, gainOfThreads, timesAsFast } from "./comparisons.ts";
import type { Measurements, Part } from "./measurements.ts";
import {
  FULL_HISTORY,
  NO_HISTORY,
  NUMPY,
  NUMPY_MATRICES,
  PYTORCH,
  SANSO,
  TEST_HISTORY,
} from "./programs.ts";
import { isAllNonzero, isHalfNonzero, nameOf, type Shape, SHAPES } from "./shapes.ts";

/** A target with what was measured. */
export interface Target {
  readonly what: string;
  /** The bound, in words. */
  readonly needed: string;
  readonly measured: string;
  readonly met: boolean;
}

/** All targets, judged by the medians. */
export function targets(measurements: Measurements): Target[] {
  const row = (part: Part, program: string) => allThreads(measurements, part, program);
  const over = (program: string) =>
    measurements.ratio(measurements.better(row("quiet", program)), row("quiet", SANSO)).median;
  const gain = (part: Part) => gainOfThreads(measurements, part, SANSO).median;
  const history = (program: string) =>
    measurements.ratio(row("train", program), row("train", NO_HISTORY)).median;
  const started = row("train", TEST_HISTORY);
  const { median: creating } = measurements.of(
    row("quiet", SANSO),
    ({ marks }) => marks && marks["creating the engine"]! - marks["drawing the parameters"]!,
  );
  const isHard = (shape: Shape) => isAllNonzero(shape) && shape.hidden >= 1024;
  const least = (filter: (shape: Shape) => boolean) => slowest(measurements, filter);
  const usual = least((shape) => !isHard(shape)), hard = least(isHard);
  const half = (program: string) =>
    timesAsFast(measurements, SHAPES.find(isHalfNonzero)!, "all", program).median;
  const { processors } = measurements.machine;
  return [
    atLeast(`${NUMPY}: times as fast`, over(NUMPY), 2.5, 3.5),
    atLeast(`${PYTORCH}: times as fast`, over(PYTORCH), 2, 3),
    atLeast(`${processors} threads against one, quiet machine`, gain("quiet"), 1.6),
    atLeast(`${processors} threads against one, busy machine`, gain("busy"), 0.95),
    atMost("`train` with the default history against none", history(TEST_HISTORY), 1.1),
    atMost("`train` with `--evaluate-train` against none", history(FULL_HISTORY), 1.35),
    atMost("peak memory of `train`, MB", measurements.of(started, ({ peakMB }) => peakMB).max, 300),
    atMost(
      "`train`: start to the loss of the first batch, ms",
      measurements.of(started, ({ firstStep }) => firstStep).median,
      250,
    ),
    atMost("creating the engine, ms", creating, 60),
    atLeast(`half of the pixels not zero, ${NUMPY}: times as fast`, half(NUMPY), 1.5),
    atLeast(`half of the pixels not zero, ${NUMPY_MATRICES}`, half(NUMPY_MATRICES), 1.5),
    atLeast(`other networks and data, the slowest (${usual.name})`, usual.times, 1),
    atLeast("all pixels not zero and at least 1,024 hidden units", hard.times, 0.5),
  ];
}

/** The network that fares worst against NumPy, with all threads. */
function slowest(
  measurements: Measurements,
  filter: (shape: Shape) => boolean,
): { readonly name: string; readonly times: number } {
  return SHAPES.filter(filter)
    .map((shape) => ({
      name: nameOf(shape),
      times: timesAsFast(measurements, shape, "all").median,
    }))
    .reduce((least, one) => one.times < least.times ? one : least);
}

function atLeast(what: string, value: number, bound: number, aim?: number): Target {
  const needed = `at least ${bound}${aim === undefined ? "" : ` (aim: ${aim})`}`;
  return { what, needed, ...judge(value, (value) => value >= bound, 2) };
}

function atMost(what: string, value: number, bound: number): Target {
  const digits = bound < 10 ? 2 : 0;
  return { what, needed: `at most ${bound}`, ...judge(value, (value) => value <= bound, digits) };
}

/** A figure, with one more digit if it were otherwise rounded to the other side of the bound. */
function judge(
  value: number,
  meets: (value: number) => boolean,
  digits: number,
): Pick<Target, "measured" | "met"> {
  const met = meets(value), rounded = value.toFixed(digits);
  return { met, measured: meets(Number(rounded)) === met ? rounded : value.toFixed(digits + 1) };
}
