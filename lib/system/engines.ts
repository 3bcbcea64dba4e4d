/**
 * The training engines by name.
 *
 * @module
 */

import type { Option } from "commander";
import type { AnyParameters, Dataset, Dim, Engine } from "../../mod.ts";
import { MAX_THREADS, SimdEngine } from "../simd/simd_engine.ts";
import { ReferenceEngine } from "../training/reference_engine.ts";
import { integer, oneOf, option } from "./arguments.ts";
import { UserError } from "./errors.ts";

/** Values of `--engine`. */
export type EngineKind = "simd" | "reference";

/** The option `--engine`. */
export function engineOption(): Option {
  const kinds = oneOf<EngineKind>("simd", "reference");
  return option("--engine <which>", "simd or reference; both compute the same bits", kinds)
    .default("simd");
}

/** The most threads without `--threads`. */
const MAX_DEFAULT_THREADS = 4;

/** Pixels times hidden units from which threads save more time than it takes to start them. */
const MIN_WORK = 1e9;

/** The option `--threads`. */
export function threadsOption(): Option {
  const help = "threads of the simd engine, which do not change the numbers " +
    `(default: one per processor, at most ${MAX_DEFAULT_THREADS}; for little data: 1)`;
  return option("--threads <n>", help, integer(1, MAX_THREADS));
}

/** The number of threads without `--threads`. */
export function defaultThreads(
  { W1 }: AnyParameters,
  { pixels }: Dataset<Dim<"inputs">>,
): number {
  const isLittle = pixels.length * W1.rows < MIN_WORK;
  return isLittle ? 1 : Math.min(navigator.hardwareConcurrency, MAX_DEFAULT_THREADS);
}

/** An engine whose sizes are known only at run time. */
export type AnyEngine = Engine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

/**
 * An engine with these parameters on a data set.
 *
 * @param threads how many threads it has, if it is the simd engine; nobody needs to close it, as
 * unused threads end by themselves, and all end with the program
 * @throws {UserError} if they do not fit into the memory of the engine
 */
export function makeEngine(
  kind: EngineKind,
  parameters: AnyParameters,
  data: Dataset<Dim<"inputs">>,
  threads: number = defaultThreads(parameters, data),
): AnyEngine {
  try {
    return kind === "simd"
      ? new SimdEngine(parameters, data, { threads })
      : new ReferenceEngine(parameters, data);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`--engine ${kind}: ${error.message}`);
    throw error;
  }
}
