// Hashes of a run, so that two people can compare their runs in one line.
import type { Parameters } from "../network/network.ts";
import { hex } from "../text/numbers.ts";
import { PARAMETER_NAMES } from "./parameters_file.ts";

/** SHA-256 of numbers: of 8 bytes each, the least significant first, on every machine. */
export async function hashNumbers(...arrays: readonly ArrayLike<number>[]): Promise<string> {
  const count = arrays.reduce((sum, { length }) => sum + length, 0);
  const bytes = new DataView(new ArrayBuffer(8 * count));
  let offset = 0;
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++, offset += 8) bytes.setFloat64(offset, array[i]!, true);
  }
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

export type RunHashes = Awaited<ReturnType<typeof runHashes>>;

/** Hashes the parameters of a run, in the order of the file, and its last loss, if there is one. */
export async function runHashes<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  loss?: number,
): Promise<{ readonly parameters: string; readonly loss?: string }> {
  const arrays = PARAMETER_NAMES.map((name) => parameters[name].data);
  return {
    parameters: await hashNumbers(...arrays),
    ...(loss !== undefined && { loss: await hashNumbers([loss]) }),
  };
}

/**
 * One line that identifies the result of a run: two runs whose lines are equal have the same
 * parameters and the same last loss, bit for bit. `train --hash` prints it, and `inspect` prints it
 * of a saved run.
 *
 * A resumed run has the line of the run that never stopped, also if it was resumed from a file
 * without the losses of earlier epochs: therefore it has only the last loss.
 *
 * A hash is SHA-256 of float64 numbers, 8 bytes each, the least significant first; NumPy computes it
 * from `a.astype("<f8").tobytes()`.
 *
 * @param parameters hashed one after the other in the order of the file: W1, W2, b1, b2
 * @param loss the mean loss of the last epoch so far, in nats: `crossEntropy` of the last progress
 * that {@linkcode train} yielded, or the last of a saved run
 * @returns `parameters HASH, loss HASH` or `parameters HASH`, with 64 hexadecimal digits each
 * @throws {TypeError} in a page of a browser that was not loaded from https or localhost, where
 * there is no `crypto.subtle`
 *
 * @example
 * ```ts
 * import { initialise, runHash } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * // sha256 of 23 zeros of 8 bytes
 * const hash = "d81bfb50e59a9abbe66f6ae0c6b45c7b9c0bc6eead2cf982118ac4d62b6ffeda";
 * strictEqual(await runHash(initialise(4, 3, 2, { normal: () => 0 })), `parameters ${hash}`);
 * ```
 *
 * @category 8 Saved runs
 */
export async function runHash<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  loss?: number,
): Promise<string> {
  return formatHashes(await runHashes(parameters, loss));
}

export function formatHashes({ parameters, loss }: RunHashes): string {
  return `parameters ${parameters}${loss === undefined ? "" : `, loss ${loss}`}`;
}
