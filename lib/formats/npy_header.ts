/**
 * The header of an npy file: a Python dictionary of exactly `descr`, `fortran_order` and `shape`.
 * It is tokenized, never evaluated.
 *
 *     93 4e 55 4d 50 59   magic: \x93NUMPY
 *     vv 00               version 1.0, 2.0 or 3.0
 *     nn nn [nn nn]       length of the rest, little-endian; two bytes in version 1.0, else four
 *     …                   {'descr': '<f8', 'fortran_order': False, 'shape': (80, 784), }
 *     20 … 0a             spaces and a line feed
 *
 * Source: numpy/lib/format.py (NumPy 1.24).
 *
 * @module
 */
import { quote } from "../text/escape.ts";
import { hex } from "../text/hex.ts";
import { cannotRead, type FormatError } from "./format_error.ts";
import { formatShape } from "./nd_array.ts";

/** The contents of an npy header, which describe the numbers after it. */
export interface NpyHeader {
  /** The dtype as the header spells it: `<f8`. */
  readonly descr: string;
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  /** The size of each dimension, from 0. */
  readonly shape: readonly number[];
}

/** NumPy 2's limit; NumPy 1 writes and reads up to 32. */
export const MAX_DIMENSIONS = 64;
/** The largest size of one dimension: no file that is read can hold more bytes. */
export const MAX_SIZE: number = 64 * 1024 * 1024;
const MAX_HEADER_BYTES = 10_000;

/** Magic, version and the longer kind of length: every valid file has more. */
const MIN_BYTES = 12;
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
const KEYS = ["descr", "fortran_order", "shape"] as const;
/** Without escapes: no dtype has one. */
const STRING = /'([^'\\]*)'|"([^"\\]*)"/y;
const INTEGER = /(-?(?:0|[1-9]\d*))(?![\w.])/y;
/** With the L of Python 2's long integers, which NumPy still reads in versions 1.0 and 2.0. */
const LONG_INTEGER = /(-?(?:0|[1-9]\d*))L?(?![\w.])/y;

/**
 * Reads the header of an npy file, and finds where the numbers begin.
 *
 * Keys may come in any order and strings in either kind of quotes, as NumPy reads them.
 *
 * @param subject names what is read in errors
 * @throws {FormatError} if NumPy would not read it, or it describes anything but one plain array
 */
export function readNpyHeader(
  bytes: Uint8Array,
  subject: string,
): NpyHeader & { readonly dataStart: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < MIN_BYTES) {
    throw cannotRead(subject, `has ${bytes.length} bytes, need a magic and a header`);
  }
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
    const found = hex(bytes.subarray(0, MAGIC.length), " ");
    throw cannotRead(subject, `magic at byte 0 is ${found}, need ${hex(MAGIC, " ")} (npy)`, 0);
  }
  const [major, minor] = [view.getUint8(6), view.getUint8(7)];
  if (major < 1 || major > 3 || minor !== 0) {
    throw cannotRead(subject, `npy version is ${major}.${minor}, need 1.0, 2.0 or 3.0`, 6);
  }
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES) {
    throw cannotRead(subject, `header has ${length} bytes, need at most ${MAX_HEADER_BYTES}`, 8);
  }
  if (start + length > bytes.length) {
    const present = bytes.length - start;
    throw cannotRead(subject, `header is declared as ${length} bytes, ${present} are present`, 8);
  }
  // one character per byte, so that a position is an offset: valid headers of every version are
  // ASCII
  const text = String.fromCharCode(...bytes.subarray(start, start + length));
  const integer = major < 3 ? LONG_INTEGER : INTEGER;
  return { ...parseDictionary(text, start, integer, subject), dataStart: start + length };
}

/**
 * The header of version 1.0 for numbers in C order, byte for byte as NumPy writes it: room for the
 * first dimension to grow to 21 digits, then spaces and a line feed up to a multiple of 64 bytes.
 *
 * @param descr the dtype
 * @param shape at most {@linkcode MAX_DIMENSIONS} sizes, so that two bytes hold the length
 */
export function writeNpyHeader(descr: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${
    formatShape(shape)
  }, }${" ".repeat(room)}`;
  // NumPy pads with 1 to 64 spaces, never none
  const total = 64 * (Math.floor((10 + dictionary.length + 1) / 64) + 1);
  const header = new Uint8Array(total).fill(0x20);
  header.set(MAGIC);
  header.set([1, 0], 6);
  new DataView(header.buffer).setUint16(8, total - 10, true);
  header.set(new TextEncoder().encode(dictionary), 10);
  header[total - 1] = 0x0a;
  return header;
}

/** Reads the dictionary; `start` is its offset in the file, `integer` a size in its shape. */
function parseDictionary(
  text: string,
  start: number,
  integer: RegExp,
  subject: string,
): NpyHeader {
  const scanner = new Scanner(text, start, subject);
  const found: { descr?: string; fortran_order?: boolean; shape?: number[] } = {};
  scanner.need(/{/y, '"{"');
  while (!scanner.has(/}/y)) {
    const key = scanner.need(STRING, "a key in quotes");
    if (Object.hasOwn(found, key)) {
      throw scanner.error(`header has ${quote(key)} twice, need it once`);
    }
    scanner.need(/:/y, '":"');
    if (key === "descr") found.descr = descr(scanner);
    else if (key === "fortran_order") {
      found.fortran_order = scanner.need(/(True|False)\b/y, "True or False") === "True";
    } else if (key === "shape") found.shape = shape(scanner, integer);
    else throw scanner.error(`header has the key ${quote(key)}, need only ${KEYS.join(", ")}`);
    if (!scanner.has(/}/y)) scanner.need(/,/y, '","');
  }
  scanner.need(/}/y, '"}"');
  scanner.need(/$/y, "nothing after the dictionary");
  const missing = KEYS.filter((key) => !Object.hasOwn(found, key));
  if (missing.length > 0) throw scanner.error(`header has no ${missing.join(" and no ")}, need it`);
  return { descr: found.descr!, fortranOrder: found.fortran_order!, shape: found.shape! };
}

function descr(scanner: Scanner): string {
  if (scanner.has(/\[/y)) {
    throw scanner.error("descr is a list (a structured array), need a plain dtype");
  }
  return scanner.need(STRING, "descr in quotes");
}

function shape(scanner: Scanner, integer: RegExp): number[] {
  const sizes: number[] = [];
  scanner.need(/\(/y, 'shape as a tuple, "("');
  while (!scanner.has(/\)/y)) {
    const size = BigInt(scanner.need(integer, "an integer"));
    if (size < 0n || size > MAX_SIZE) {
      const found = `size ${sizes.length} of the shape is ${quote(String(size))}`;
      throw scanner.error(`${found}, need 0 to ${MAX_SIZE}`);
    }
    sizes.push(Number(size));
    // in Python (3) is a number, only (3,) a tuple
    if (sizes.length === 1 || !scanner.has(/\)/y)) scanner.need(/,/y, '","');
  }
  scanner.need(/\)/y, '")"');
  if (sizes.length > MAX_DIMENSIONS) {
    throw scanner.error(`shape has ${sizes.length} dimensions, need at most ${MAX_DIMENSIONS}`);
  }
  return sizes;
}

/** Reads the tokens of a text, each a sticky pattern, with white space between them. */
class Scanner {
  readonly #text: string;
  readonly #start: number;
  readonly #subject: string;
  #at = 0;

  constructor(text: string, start: number, subject: string) {
    this.#text = text;
    this.#start = start;
    this.#subject = subject;
    this.#skipSpace();
  }

  /** Whether such a token comes next. */
  has(token: RegExp): boolean {
    token.lastIndex = this.#at;
    return token.test(this.#text);
  }

  /** Reads such a token and returns its first group that matched. */
  need(token: RegExp, description: string): string {
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    if (match === null) {
      const rest = this.#text.slice(this.#at);
      const found = rest === "" ? "ends" : `is ${quote(rest)}`;
      throw this.error(`header ${found} at byte ${this.#start + this.#at}, need ${description}`);
    }
    this.#at += match[0].length;
    this.#skipSpace();
    return match.slice(1).find((group) => group !== undefined) ?? "";
  }

  error(reason: string): FormatError {
    return cannotRead(this.#subject, reason, this.#start + this.#at);
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && " \t\r\n".includes(this.#text[this.#at]!)) this.#at++;
  }
}
