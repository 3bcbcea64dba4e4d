/**
 * Inflates data of a declared size, and stops as soon as it turns out to be larger.
 *
 * @module
 */
import { Inflate, inflateSync } from "fflate";
import { cannotRead, FormatError } from "./format_error.ts";

/** Bytes inflated at a time: one step gives at most 1032 times as many, which limits bombs. */
const STEP = 16_384;
/**
 * A stored block of 65,535 bytes yields nothing until its last byte; a longer silence means the
 * stream has ended.
 */
const MAX_SILENT_BYTES = 4 * STEP;
/** Deflate's best ratio: 258 bytes in two bits. */
const BEST_RATIO = 1032;
/** The shortest stream, an empty one, has 10 bits. */
const MIN_BYTES = 2;

/**
 * Inflates raw deflate data that must fill `size` bytes exactly and end with its last byte.
 *
 * @param data the compressed bytes
 * @param size size of the inflated data in bytes, which are allocated
 * @param subject names what is read in errors
 * @throws {FormatError} if the data is damaged, ends early, has bytes after its end, or inflates to
 * another size
 */
export function inflate(data: Uint8Array, size: number, subject: string): Uint8Array {
  if (data.length < MIN_BYTES || size > data.length * BEST_RATIO) {
    throw cannotRead(subject, `${data.length} compressed bytes cannot hold the declared ${size}`);
  }
  const result = new Uint8Array(size);
  let filled = 0;
  let silentSince = 0;
  const stream = new Inflate((piece) => {
    if (filled + piece.length > size) {
      throw cannotRead(subject, `compressed data inflates to more than the declared ${size} bytes`);
    }
    result.set(piece, filled);
    filled += piece.length;
  });
  try {
    for (let at = 0, before = 0; at < data.length; at += STEP, before = filled) {
      // without this the stream would collect all that follows its end, copying it at each step
      if (at - silentSince > MAX_SILENT_BYTES) throw surplus(subject);
      stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
      if (filled > before) silentSince = at + STEP;
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    // fflate throws Error for damage that it detects, and RangeError or TypeError for other damage
    const { message } = error as Error;
    throw cannotRead(subject, `compressed data is damaged or cut short (${message})`);
  }
  if (filled !== size) {
    throw cannotRead(subject, `compressed data inflates to ${filled} bytes, ${size} are declared`);
  }
  if (endsBefore(data, size)) throw surplus(subject);
  return result;
}

/**
 * Whether the last byte is not needed to inflate `size` bytes: fflate does not report where
 * the stream ends.
 */
function endsBefore(data: Uint8Array, size: number): boolean {
  try {
    inflateSync(data.subarray(0, -1), { out: new Uint8Array(size) });
    return true;
  } catch {
    return false;
  }
}

function surplus(subject: string): FormatError {
  return cannotRead(subject, "bytes follow the end of the compressed data");
}
