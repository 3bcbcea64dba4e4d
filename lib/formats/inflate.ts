/**
 * Inflates data of a declared size, and stops soon after it turns out to be larger.
 *
 * @module
 */
import { Inflate, inflateSync } from "fflate";
import { cannotRead, FormatError } from "./format_error.ts";
import { type NativeZlib, nativeZlib } from "./native_zlib.ts";

/** Deflate's best ratio: 258 bytes in two bits. */
const BEST_RATIO = 1032;
/** The shortest stream, an empty one, has 10 bits. */
const MIN_BYTES = 2;
/** Bytes inflated at a time: a bomb is found after at most 1032 times as many, 34 MB. */
const STEP = 32_768;
/**
 * A stored block of 65,535 bytes can yield nothing in two steps. After three, the stream has ended:
 * only empty blocks, which no compressor repeats so often, could be silent for as long.
 */
const MAX_SILENT_STEPS = 3;

/**
 * Inflates raw deflate data that must fill `size` bytes exactly and end with its last byte.
 *
 * Without zlib it accepts some damage that zlib refuses, such as codes that are incomplete or
 * symbols without a meaning: what that changes in the result, a checksum of the result must find.
 *
 * @param data the compressed bytes
 * @param size size of the inflated data in bytes, which are allocated
 * @param subject names what is read in errors
 * @param zlib the system's zlib; with null, fflate inflates
 * @throws {FormatError} if the data is damaged, ends early, has bytes after its end, or inflates to
 * another size
 */
export function inflate(
  data: Uint8Array,
  size: number,
  subject: string,
  zlib: NativeZlib | null = nativeZlib,
): Uint8Array {
  if (data.length < MIN_BYTES || size > data.length * BEST_RATIO) {
    throw cannotRead(subject, `${data.length} compressed bytes cannot hold the declared ${size}`);
  }
  const { result, hasSurplus } = zlib === null
    ? inflateWithFflate(data, size, subject)
    : inflateWithZlib(zlib, data, size, subject);
  if (result.length > size) throw tooLong(subject, size);
  if (result.length < size) {
    const found = `inflates to ${result.length} bytes`;
    throw cannotRead(subject, `compressed data ${found}, ${size} are declared`);
  }
  if (hasSurplus()) throw surplus(subject);
  return result;
}

/** Inflated data of at most the declared size, and whether bytes follow its end. */
interface Inflated {
  readonly result: Uint8Array;
  readonly hasSurplus: () => boolean;
}

function inflateWithZlib(
  zlib: NativeZlib,
  data: Uint8Array,
  size: number,
  subject: string,
): Inflated {
  try {
    // it does not take a length of 0
    const options = { maxOutputLength: Math.max(size, 1), info: true } as const;
    const { buffer, engine } = zlib.inflateRawSync(data, options);
    const result = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
    return { result, hasSurplus: () => engine.bytesWritten < data.length };
  } catch (error) {
    const { code } = error as { code?: string };
    throw code === "ERR_BUFFER_TOO_LARGE" ? tooLong(subject, size) : damaged(subject);
  }
}

function inflateWithFflate(data: Uint8Array, size: number, subject: string): Inflated {
  const result = new Uint8Array(size);
  let filled = 0;
  const stream = new Inflate((piece) => {
    if (filled + piece.length > size) throw tooLong(subject, size);
    result.set(piece, filled);
    filled += piece.length;
  });
  try {
    for (let at = 0, silent = 0; at < data.length; at += STEP) {
      const before = filled;
      stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
      silent = filled > before ? 0 : silent + 1;
      // without this the stream would collect all that follows its end, copying it at each step
      if (silent === MAX_SILENT_STEPS) throw surplus(subject);
    }
  } catch (error) {
    throw error instanceof FormatError ? error : damaged(subject);
  }
  return { result: result.subarray(0, filled), hasSurplus: () => endsBefore(data, size) };
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

function damaged(subject: string): FormatError {
  return cannotRead(subject, "compressed data is damaged or cut short");
}

function tooLong(subject: string, size: number): FormatError {
  return cannotRead(subject, `compressed data inflates to more than the declared ${size} bytes`);
}

function surplus(subject: string): FormatError {
  return cannotRead(subject, "bytes follow the end of the compressed data");
}
