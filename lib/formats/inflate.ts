/**
 * Inflates data of which only the size is believed to be claimed: stops where the claim ends.
 *
 * @module
 */
import { Inflate, inflateSync } from "fflate";
import { cannotRead, FormatError } from "./format_error.ts";

/** Bytes inflated at a time: a bomb comes to 1032 times as many before it is noticed. */
const STEP = 16_384;
/** A stored block of 65,535 bytes shows nothing until its last, four steps after its first; longer silence is the end. */
const LONGEST_SILENCE = 4 * STEP;
/** Deflate's best: 258 bytes in two bits. */
const BEST_RATIO = 1032;
/** The shortest stream, an empty one, is of 10 bits. */
const SHORTEST = 2;

/**
 * Inflates raw deflate data that must fill `size` bytes exactly and end with its last byte.
 *
 * @param data the compressed bytes
 * @param size how many bytes must come out; not more than the caller is ready to allocate
 * @param subject what an error says could not be read
 * @throws {FormatError} if the data is damaged, ends early, goes on behind its end, or comes to another size
 */
export function inflate(data: Uint8Array, size: number, subject: string): Uint8Array {
  if (data.length < SHORTEST || size > data.length * BEST_RATIO) {
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
      // without this the stream would hoard all that follows its end, copying the hoard at each step
      if (at - silentSince > LONGEST_SILENCE) throw surplus(subject);
      stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
      if (filled > before) silentSince = at + STEP;
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    // fflate throws Error for damage it looks for, and RangeError or TypeError for what it meets unprepared
    const { message } = error as Error;
    throw cannotRead(subject, `compressed data is damaged or cut short (${message})`);
  }
  if (filled !== size) {
    throw cannotRead(subject, `compressed data inflates to ${filled} bytes, ${size} are declared`);
  }
  if (endsBefore(data, size)) throw surplus(subject);
  return result;
}

/** Whether data that inflates to `size` bytes does so without its last byte too: fflate does not say where it stopped. */
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
