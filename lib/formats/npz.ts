// Reads and writes npz, NumPy's format for several named arrays: a zip archive of npy files.
import { zipSync } from "fflate";
import { quote } from "../text/escape.ts";
import { cannotRead } from "./errors.ts";
import type { NdArray } from "./nd_array.ts";
import { readNpy, type WritableArray, writeNpy } from "./npy.ts";
import { MAX_ARCHIVE_BYTES, MAX_MEMBERS, readZip } from "./zip.ts";

const SUFFIX = ".npy";
/** Letters, digits, and marks without a meaning to file systems and terminals. */
const PLAIN_NAME = /^[\p{L}\p{M}\p{N}_. -]{1,60}$/u;

/** @internal Options of {@linkcode readNpz}. */
export interface NpzOptions {
  /** The arrays to read, all by default: others may be of any kind, and one may be missing. */
  readonly names?: readonly string[];
  /** The most bytes of the file and of its arrays; 64 MiB, for all together 128, by default. */
  readonly maxBytes?: number;
}

/**
 * Reads the arrays of an npz file, as `np.savez` or `np.savez_compressed` writes it, by their names
 * without ".npy". The CRC-32 of every member is checked; other members are then ignored.
 *
 * @param bytes the whole file
 * @throws {TypeError} if the bytes are not a Uint8Array
 * @throws {FormatError} if what is read of the archive is damaged, unsupported or too large, two
 * members have the name of a requested array, or {@linkcode readNpy} refuses it
 *
 * @example
 * ```ts
 * import { readNpz, writeNpz } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bytes = writeNpz([["arr_0", { shape: [2], data: Float64Array.of(1, 2) }]]);
 * deepStrictEqual(readNpz(bytes).get("arr_0")?.data, Float64Array.of(1, 2));
 * ```
 *
 * @category 2 File formats
 */
export function readNpz(bytes: Uint8Array, options: NpzOptions = {}): Map<string, NdArray> {
  return new Map(Array.from(readNpzMembers(bytes, options), ([name, read]) => [name, read()]));
}

/** Functions that read the arrays of an npz file, by their names; the archive is checked. */
export function readNpzMembers(
  bytes: Uint8Array,
  { names, maxBytes }: NpzOptions = {},
): Map<string, () => NdArray> {
  const members = readZip(bytes, undefined, maxBytes), arrays = new Map<string, () => NdArray>();
  for (const [member, contents] of members) {
    const name = member.slice(0, -SUFFIX.length);
    if (!member.endsWith(SUFFIX) || names?.includes(name) === false) continue;
    // NumPy finds a member by either of the two names, and the one without ".npy" first
    if (members.has(name)) {
      const found = `the member ${quote(name)} has the name of the same array`;
      throw cannotRead(quote(member), `${found}, need one of them`);
    }
    arrays.set(name, () => readNpy(contents, member));
  }
  return arrays;
}

/**
 * An npz file that `np.load` reads with `allow_pickle=False`. The bytes depend on names and numbers
 * alone: members are stored as they are, in the order given, and dated 1 January 1980.
 *
 * @param arrays names and arrays, such as a Map; a name has 1 to 60 letters, digits, spaces, and
 * marks out of `_.-`
 * @throws {RangeError} if a name has other characters, ends in ".npy" or comes twice, the numbers
 * of an array do not fit its shape, or {@linkcode readNpz} would find the file too large
 *
 * @example
 * ```ts
 * import { readNpz, writeNpz } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const W = { shape: [1, 2], data: Float64Array.of(0.5, -0.5) };
 * const bytes = writeNpz(new Map([["W1", W], ["W2", W]]));
 * deepStrictEqual([...readNpz(bytes).keys()], ["W1", "W2"]);
 * ```
 *
 * @category 2 File formats
 */
export function writeNpz(
  arrays: Iterable<readonly [name: string, array: WritableArray]>,
): Uint8Array<ArrayBuffer> {
  const files = new Map<string, Uint8Array>();
  for (const [name, array] of arrays) {
    // NumPy returns the same array for the names "a" and "a.npy"
    if (!PLAIN_NAME.test(name) || name.endsWith(SUFFIX)) {
      const needed = "need 1 to 60 letters, digits, spaces, _, . or -, and no .npy at the end";
      throw new RangeError(`Cannot write npz: name of an array is ${quote(name)}, ${needed}`);
    }
    const member = name + SUFFIX;
    if (files.has(member)) {
      throw new RangeError(`Cannot write npz: two arrays have the name ${quote(name)}, need one`);
    }
    files.set(member, writeNpy(array, member));
  }
  if (files.size > MAX_MEMBERS) {
    const found = `there are ${files.size} arrays`;
    throw new RangeError(`Cannot write npz: ${found}, need at most ${MAX_MEMBERS}`);
  }
  // a date in local time: that is how fflate reads it
  const bytes = zipSync(Object.fromEntries(files), { level: 0, mtime: new Date(1980, 0, 1) });
  if (bytes.length > MAX_ARCHIVE_BYTES) {
    const found = `file would have ${bytes.length} bytes`;
    throw new RangeError(
      `Cannot write npz: ${found}, need at most ${MAX_ARCHIVE_BYTES} (64 MiB)`,
    );
  }
  return bytes;
}
