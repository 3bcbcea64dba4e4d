/** Arrays for tests of npz files, and a reader that distinguishes rejected files from failures. */
import { ok } from "node:assert/strict";
import { FormatError } from "../../lib/formats/errors.ts";
import type { NdArray } from "../../lib/formats/nd_array.ts";
import type { WritableArray } from "../../lib/formats/npy.ts";
import { readNpz } from "../../lib/formats/npz.ts";

/** An array and its name in the file. */
export type NamedArray = [name: string, array: WritableArray];

/** Special values of float64. */
export const SPECIAL: Float64Array<ArrayBuffer> = Float64Array.of(
  0,
  -0,
  5e-324,
  -5e-324,
  1.7976931348623157e308,
  Infinity,
  -Infinity,
  NaN,
);

/** The arrays of a small file. */
export const SAMPLE: NamedArray[] = [
  ["arr_0", { shape: [2, 4], data: SPECIAL }],
  ["arr_1", { shape: [], data: Float64Array.of(0.1) }],
];

/**
 * What a file holds, or undefined if it is rejected with a FormatError; another error fails the
 * test.
 */
export function readUnlessRejected(bytes: Uint8Array): Map<string, NdArray> | undefined {
  try {
    return readNpz(bytes);
  } catch (error) {
    ok(error instanceof FormatError, `raised ${error}`);
    return undefined;
  }
}
