/**
 * The header of an npy file: a Python dictionary of exactly `descr`, `fortran_order` and `shape`, read by a tokenizer and
 * never evaluated.
 *
 *     93 4e 55 4d 50 59   magic: \x93NUMPY
 *     vv 00               version 1.0, 2.0 or 3.0
 *     nn nn [nn nn]       length of the dictionary, little-endian; two bytes in version 1.0, else four
 *     …                   {'descr': '<f8', 'fortran_order': False, 'shape': (80, 784), }, spaces and a line feed
 *
 * Source: numpy/lib/format.py (NumPy 1.24).
 *
 * @module
 */
import { quote } from "../text/escape.ts";
import { cannotRead, type FormatError } from "./format_error.ts";
import { formatShape } from "./nd_array.ts";

/** What an npy header says of the numbers behind it. */
export interface NpyHeader {
  /** The kind of number, as it stands there. */
  readonly descr: string;
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  /** The size of each dimension, 0 and up. */
  readonly shape: readonly number[];
}

/** The most dimensions an array may have; NumPy's own limit until 2.0. */
export const MOST_DIMENSIONS = 32;
/** The greatest size of one dimension: no file that is read could hold more bytes. */
export const GREATEST_SIZE: number = 64 * 1024 * 1024;
const LONGEST_HEADER = 10_000;

/** Magic, version and the longer kind of length; no dictionary is so short that this refuses a good file. */
const SHORTEST = 12;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;
const KEYS = ["descr", "fortran_order", "shape"] as const;
/** Without escapes: no name of a number kind has one. */
const STRING = /'([^'\\]*)'|"([^"\\]*)"/y;
/** With the L of Python 2's long integers, which NumPy still reads. */
const INTEGER = /(-?(?:0|[1-9]\d*))L?(?![\w.])/y;

/**
 * Reads the header of an npy file, and says where the numbers begin.
 *
 * @param subject what an error says could not be read
 * @throws {FormatError} if NumPy would not have written it
 */
export function readNpyHeader(
  bytes: Uint8Array,
  subject: string,
): NpyHeader & { readonly dataStart: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < SHORTEST) {
    throw cannotRead(subject, `has ${bytes.length} bytes, need a magic and a header`);
  }
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
    const found = hex(bytes.subarray(0, MAGIC.length));
    throw cannotRead(subject, `magic at byte 0 is ${found}, need ${hex(MAGIC)} (npy)`, 0);
  }
  const [major, minor] = [view.getUint8(6), view.getUint8(7)];
  if (major < 1 || major > 3 || minor !== 0) {
    throw cannotRead(subject, `npy version is ${major}.${minor}, need 1.0, 2.0 or 3.0`, 6);
  }
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER) {
    throw cannotRead(subject, `header has ${length} bytes, need at most ${LONGEST_HEADER}`, 8);
  }
  if (start + length > bytes.length) {
    const present = bytes.length - start;
    throw cannotRead(subject, `header is declared as ${length} bytes, ${present} are present`, 8);
  }
  // one character a byte, so that a position is an offset: what may stand here is ASCII in each version's encoding
  const text = String.fromCharCode(...bytes.subarray(start, start + length));
  return { ...parseDictionary(text, start, subject), dataStart: start + length };
}

/**
 * The header of version 1.0 for numbers in C order, byte for byte as NumPy writes it: room for the first dimension to grow
 * to 21 digits, then spaces and a line feed up to a multiple of 64 bytes.
 *
 * @param descr the kind of number
 * @param shape at most 32 dimensions, so that two bytes hold the length
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

/** Reads the dictionary; `start` is where it stands in the file. */
function parseDictionary(text: string, start: number, subject: string): NpyHeader {
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
    } else if (key === "shape") found.shape = shape(scanner);
    else throw scanner.error(`header has the key ${quote(key)}, need only ${KEYS.join(", ")}`);
    if (!scanner.has(/}/y)) scanner.need(/,/y, '","');
  }
  scanner.need(/}/y, '"}"');
  scanner.need(/$/y, "nothing behind the dictionary");
  const missing = KEYS.filter((key) => !Object.hasOwn(found, key));
  if (missing.length > 0) throw scanner.error(`header has no ${missing.join(" and no ")}, need it`);
  return { descr: found.descr!, fortranOrder: found.fortran_order!, shape: found.shape! };
}

function descr(scanner: Scanner): string {
  if (scanner.has(/\[/y)) {
    throw scanner.error("descr is a list (a structured array), need a plain kind of number");
  }
  return scanner.need(STRING, "descr in quotes");
}

function shape(scanner: Scanner): number[] {
  const sizes: number[] = [];
  scanner.need(/\(/y, 'shape as a tuple, "("');
  while (!scanner.has(/\)/y)) {
    const size = BigInt(scanner.need(INTEGER, "an integer"));
    if (size < 0n || size > GREATEST_SIZE) {
      const found = `size ${sizes.length} of the shape is ${quote(String(size))}`;
      throw scanner.error(`${found}, need 0 to ${GREATEST_SIZE}`);
    }
    sizes.push(Number(size));
    // in Python (3) is a number, only (3,) a tuple
    if (sizes.length === 1 || !scanner.has(/\)/y)) scanner.need(/,/y, '","');
  }
  scanner.need(/\)/y, '")"');
  if (sizes.length > MOST_DIMENSIONS) {
    throw scanner.error(`shape has ${sizes.length} dimensions, need at most ${MOST_DIMENSIONS}`);
  }
  return sizes;
}

/** Walks over the tokens of a text, each a sticky pattern, with white space between them. */
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

  /** Whether such a token comes next; it stays where it is. */
  has(token: RegExp): boolean {
    token.lastIndex = this.#at;
    return token.test(this.#text);
  }

  /** Takes such a token and gives its first group that matched. */
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

function hex(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
