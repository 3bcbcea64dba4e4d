/**
 * Values of any type in messages.
 *
 * @module
 */

import { quote } from "./escape.ts";

/**
 * A value of any type for a message, so that the string "7" and the bigint 7n are told from the
 * number 7.
 */
export function describeValue(x: unknown): string {
  if (typeof x === "string") return `the string ${quote(x)}`;
  if (typeof x === "bigint") return `the bigint ${x}`;
  return typeof x === "object" && x !== null ? "an object" : String(x);
}

/** The class of a value for a message: `ArrayBuffer`; `object` if it has none, `null` for null. */
export function describeClass(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  return x.constructor?.name ?? typeof x;
}
