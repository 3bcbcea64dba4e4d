/**
 * The numbers of the report's program under NumPy, read from fixtures/.
 *
 * @module
 */

import { readNpz, toFloat64 } from "../../../mod.ts";
import { readPackageFile } from "../../system/files.ts";

/** The NumPy that computed the fixtures; fixtures/random_streams.json names it too. */
export const NUMPY = "NumPy 1.24.2 on Linux (x86-64 with FMA, glibc 2.36)";

/** Numbers of one run of the original program: see fixtures/generate.py. */
export interface Trace {
  /** The settings of the run. */
  readonly settings: {
    readonly seed: number;
    readonly hidden: number;
    readonly batch: number;
    readonly learningRate: number;
    readonly epochs: number;
  };
  /** The parameters that it drew, by name. */
  readonly initial: ReadonlyMap<string, Float64Array>;
  /** Its variables in some steps, before the update: `step599_dW2`, with steps counted from 0. */
  readonly steps: ReadonlyMap<string, Float64Array>;
  /** Mean cross-entropy of each epoch. */
  readonly losses: readonly number[];
}

/** Reads the trace of the report's own run. */
export async function readTrace(): Promise<Trace> {
  const [runs, initial, steps] = await Promise.all(
    ["runs.json", "initial_601.npz", "trace_601.npz"].map((name) =>
      readPackageFile(`fixtures/${name}`)
    ),
  );
  const [{ settings, losses }] = JSON.parse(new TextDecoder().decode(runs));
  return { settings, losses, initial: arrays(initial!), steps: arrays(steps!) };
}

/** The arrays of an npz file. */
export function arrays(npz: Uint8Array<ArrayBuffer>): Map<string, Float64Array> {
  return new Map([...readNpz(npz)].map(([name, array]) => [name, toFloat64(array)]));
}
