// Hashes of a run, so that two people can compare their runs in one line.
import type { Parameters } from "../network/network.ts";
import { hex } from "../text/numbers.ts";
import { PARAMETER_NAMES } from "./parameters_file.ts";

/**
 * SHA-256 of numbers: of their 8 bytes each as float64, little-endian on every machine, all arrays
 * one after the other.
 *
 * NumPy computes the same from `a.astype("<f8").tobytes()`.
 *
 * @returns 64 hexadecimal digits
 * @throws {TypeError} in a page of a browser that was not loaded from https or localhost, where
 * there is no `crypto.subtle`
 *
 * @example
 * ```ts
 * import { hashNumbers } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const hash = await hashNumbers([0.5, -1]); // of the bytes 00 … 00 e0 3f 00 … 00 f0 bf
 * strictEqual(hash, "b908ca8cb2cfc68c65f8f5a7fb8e6b118544248ad71278c8aa9dc2fbfdfd8d2f");
 * strictEqual(hash, await hashNumbers([0.5], [-1]));
 * ```
 *
 * @category 8 Saved runs
 */
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
 * @param parameters hashed by {@linkcode hashNumbers} in the order of the file: W1, W2, b1, b2
 * @param loss the mean loss of the last epoch so far, in nats: `crossEntropy` of the last progress
 * that {@linkcode train} yielded, or the last of a saved run. It is hashed too; without
 * it the line has the parameters only.
 * @returns `parameters HASH, loss HASH` or `parameters HASH`
 * @throws {TypeError} where {@linkcode hashNumbers} does
 *
 * @example
 * ```ts
 * import { hashNumbers, initialise, RandomState, runHash } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const parameters = initialise(4, 3, 2, new RandomState(601)), { W1, W2, b1, b2 } = parameters;
 * const hash = await hashNumbers(W1.data, W2.data, b1.data, b2.data);
 * const line = `parameters ${hash}, loss ${await hashNumbers([2.5])}`;
 * strictEqual(await runHash(parameters, 2.5), line);
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
