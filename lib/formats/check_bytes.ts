/**
 * The requirement of every reader on what it is given.
 *
 * @module
 */

import { describeClass } from "../text/describe_value.ts";

/**
 * Refuses what is not bytes, such as the ArrayBuffer that `fetch` gives.
 *
 * @param subject names what is read in errors
 * @throws {TypeError} if it is not a Uint8Array
 */
export function checkBytes(bytes: unknown, subject: string): void {
  if (bytes instanceof Uint8Array) return;
  const advice = bytes instanceof ArrayBuffer ? "; new Uint8Array(buffer) makes one" : "";
  throw new TypeError(
    `Cannot read ${subject} from ${describeClass(bytes)}: need a Uint8Array${advice}`,
  );
}
