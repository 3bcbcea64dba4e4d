/**
 * Inflates data of a declared size (RFC 1951), and stops as soon as it turns out to be larger.
 *
 * fflate inflates too, but neither stops at a size nor says where the compressed data ends.
 *
 * @module
 */
import { cannotRead, type FormatError } from "./format_error.ts";

/** Deflate's best ratio: 258 bytes in two bits. */
const BEST_RATIO = 1032;
/** The shortest stream, an empty one, has 10 bits. */
const MIN_BYTES = 2;

const STORED = 0, FIXED = 1, DYNAMIC = 2;
/** Codes of up to this many bits are looked up, longer ones, which are rare, are counted out. */
const LOOKUP_BITS = 10;
const MAX_CODE_BITS = 15;
const END_OF_BLOCK = 256;
/** Literals, the end of the block and lengths; distances: two more of each have no meaning. */
const MAX_LITERALS = 286, MAX_DISTANCES = 30;
/** The order in which a dynamic block has the lengths of the code for code lengths. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The extra bits of each length code, from 257 on, and of each distance code. */
const LENGTH_BITS = Uint8Array.from(
  { length: 29 },
  (_, i) => i === 28 ? 0 : Math.max(0, (i >> 2) - 1),
);
const DISTANCE_BITS = Uint8Array.from({ length: 30 }, (_, i) => Math.max(0, (i >> 1) - 1));
/** The smallest length or distance of each code. */
const LENGTHS = startsOf(LENGTH_BITS, 3).with(28, 258);
const DISTANCES = startsOf(DISTANCE_BITS, 1);

/** A canonical Huffman code. */
interface HuffmanCode {
  /** Symbol · 16 + length, by the next bits of the data; 0 for longer codes. */
  readonly lookup: Uint16Array;
  /** The number of codes of each length. */
  readonly counts: Uint16Array;
  /** The symbols in the order of their codes. */
  readonly symbols: Uint16Array;
}

const FIXED_LITERALS = huffmanCode(
  Uint8Array.from({ length: 288 }, (_, i) => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8),
)!;
const FIXED_DISTANCES = huffmanCode(new Uint8Array(32).fill(5))!;

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
  return new Inflater(data, size, subject).run();
}

class Inflater {
  readonly #data: Uint8Array;
  readonly #result: Uint8Array;
  readonly #subject: string;
  /** The next byte to take into `#bits`; beyond the end, zeros are taken. */
  #at = 0;
  /** Bits not yet used, the next one lowest, and how many they are. */
  #bits = 0;
  #count = 0;
  #filled = 0;

  constructor(data: Uint8Array, size: number, subject: string) {
    this.#data = data;
    this.#result = new Uint8Array(size);
    this.#subject = subject;
  }

  run(): Uint8Array {
    for (let last = 0; last === 0;) {
      last = this.#take(1);
      const type = this.#take(2);
      if (type === STORED) this.#copyStored();
      else if (type === FIXED) this.#decode(FIXED_LITERALS, FIXED_DISTANCES);
      else if (type === DYNAMIC) this.#decodeDynamic();
      else throw this.#damaged("invalid block type");
    }
    const size = this.#result.length;
    if (this.#filled !== size) {
      const found = `compressed data inflates to ${this.#filled} bytes`;
      throw cannotRead(this.#subject, `${found}, ${size} are declared`);
    }
    if (this.#position < this.#data.length) {
      throw cannotRead(this.#subject, "bytes follow the end of the compressed data");
    }
    return this.#result;
  }

  /** The next bits as a number, at most 16. */
  #take(count: number): number {
    this.#refill();
    const value = this.#bits & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  /** The next symbol of a code in which every sequence of bits begins with one. */
  #symbol(code: HuffmanCode): number {
    this.#refill();
    const entry = lookUp(code, this.#bits);
    this.#drop(entry & 15);
    return entry >> 4;
  }

  /** Takes bytes until there are 25 bits or more. */
  #refill(): void {
    for (; this.#count <= 24; this.#count += 8, this.#at++) {
      this.#bits |= this.#data[this.#at]! << this.#count; // beyond the end undefined, which is 0
    }
  }

  #drop(count: number): void {
    this.#bits >>>= count;
    this.#count -= count;
    if (this.#position > this.#data.length) throw this.#cutShort();
  }

  /** The offset of the first byte of which no bit is used. */
  get #position(): number {
    return this.#at - (this.#count >> 3);
  }

  #copyStored(): void {
    this.#take(this.#count & 7); // to the next whole byte
    const length = this.#take(16);
    if (this.#take(16) !== (length ^ 0xffff)) throw this.#damaged("invalid stored block length");
    const start = this.#position, end = start + length;
    if (end > this.#data.length) throw this.#cutShort();
    if (length > this.#result.length - this.#filled) throw this.#tooLarge();
    this.#result.set(this.#data.subarray(start, end), this.#filled);
    this.#filled += length;
    [this.#at, this.#bits, this.#count] = [end, 0, 0];
  }

  #decodeDynamic(): void {
    const literals = this.#take(5) + 257, distances = this.#take(5) + 1;
    const lengthCodes = this.#take(4) + 4;
    if (literals > MAX_LITERALS || distances > MAX_DISTANCES) {
      throw this.#damaged("too many symbols");
    }
    const ofLengths = new Uint8Array(LENGTH_ORDER.length);
    for (let i = 0; i < lengthCodes; i++) ofLengths[LENGTH_ORDER[i]!] = this.#take(3);
    const lengthCode = huffmanCode(ofLengths, false);
    if (lengthCode === undefined) throw this.#damaged("invalid code lengths");
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length;) {
      const symbol = this.#symbol(lengthCode);
      if (symbol < 16) lengths[i++] = symbol;
      else {
        if (symbol === 16 && i === 0) throw this.#damaged("no length to repeat");
        const value = symbol === 16 ? lengths[i - 1]! : 0;
        const times = symbol === 16
          ? 3 + this.#take(2)
          : symbol === 17
          ? 3 + this.#take(3)
          : 11 + this.#take(7);
        if (i + times > lengths.length) throw this.#damaged("too many lengths");
        lengths.fill(value, i, i += times);
      }
    }
    if (lengths[END_OF_BLOCK] === 0) throw this.#damaged("no end of block");
    const literalCode = huffmanCode(lengths.subarray(0, literals));
    const distanceCode = huffmanCode(lengths.subarray(literals));
    if (literalCode === undefined) throw this.#damaged("invalid literal code");
    if (distanceCode === undefined) throw this.#damaged("invalid distance code");
    this.#decode(literalCode, distanceCode);
  }

  /** Literals and repetitions up to the end of a block. */
  #decode(literalCode: HuffmanCode, distanceCode: HuffmanCode): void {
    const data = this.#data, result = this.#result, end = data.length, size = result.length;
    let at = this.#at, bits = this.#bits, count = this.#count, filled = this.#filled;
    for (;;) {
      // as #refill(), but on variables for speed; a code and a length's extra bits are 20 bits
      for (; count <= 24; count += 8) bits |= data[at++]! << count;
      let entry = lookUp(literalCode, bits);
      if (entry === 0) throw this.#damaged("invalid code");
      bits >>>= entry & 15;
      count -= entry & 15;
      if (at - (count >> 3) > end) throw this.#cutShort();
      const symbol = entry >> 4;
      if (symbol < END_OF_BLOCK) {
        if (filled === size) throw this.#tooLarge();
        result[filled++] = symbol;
        continue;
      }
      if (symbol === END_OF_BLOCK) break;
      const lengthBits = LENGTH_BITS[symbol - 257];
      if (lengthBits === undefined) throw this.#damaged("invalid code");
      const length = LENGTHS[symbol - 257]! + (bits & ((1 << lengthBits) - 1));
      bits >>>= lengthBits;
      count -= lengthBits;
      for (; count <= 24; count += 8) bits |= data[at++]! << count;
      entry = lookUp(distanceCode, bits);
      bits >>>= entry & 15;
      count -= entry & 15;
      for (; count <= 24; count += 8) bits |= data[at++]! << count;
      const distanceBits = DISTANCE_BITS[entry >> 4];
      if (entry === 0 || distanceBits === undefined) throw this.#damaged("invalid distance code");
      const distance = DISTANCES[entry >> 4]! + (bits & ((1 << distanceBits) - 1));
      bits >>>= distanceBits;
      count -= distanceBits;
      if (at - (count >> 3) > end) throw this.#cutShort();
      if (distance > filled) throw this.#damaged("invalid distance");
      if (length > size - filled) throw this.#tooLarge();
      // one by one: a repetition may overlap itself
      for (const stop = filled + length; filled < stop; filled++) {
        result[filled] = result[filled - distance]!;
      }
    }
    [this.#at, this.#bits, this.#count, this.#filled] = [at, bits, count, filled];
  }

  #damaged(why: string): FormatError {
    return cannotRead(this.#subject, `compressed data is damaged (${why})`);
  }

  #cutShort(): FormatError {
    return cannotRead(this.#subject, "compressed data is cut short");
  }

  #tooLarge(): FormatError {
    const found = "compressed data inflates to more than the declared";
    return cannotRead(this.#subject, `${found} ${this.#result.length} bytes`);
  }
}

/** The smallest value of each code: each continues where the values of the one before end. */
function startsOf(extraBits: Uint8Array, first: number): Uint16Array {
  let next = first;
  return Uint16Array.from(extraBits, (bits) => (next += 1 << bits) - (1 << bits));
}

/**
 * The canonical code of the given code lengths, or undefined if there is none: too many codes, or
 * too few.
 *
 * @param allowsOne whether one code of one bit, or none at all, is not too few, as in zlib
 */
function huffmanCode(lengths: Uint8Array, allowsOne = true): HuffmanCode | undefined {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const length of lengths) counts[length]!++;
  const used = lengths.length - counts[0]!;
  counts[0] = 0;
  const offsets = new Uint16Array(MAX_CODE_BITS + 2);
  const codes = new Uint16Array(MAX_CODE_BITS + 2);
  let free = 1;
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    free = 2 * free - counts[length]!;
    if (free < 0) return undefined;
    offsets[length + 1] = offsets[length]! + counts[length]!;
    codes[length + 1] = (codes[length]! + counts[length]!) << 1;
  }
  if (free > 0 && !(allowsOne && used === counts[1]!)) return undefined;
  const symbols = new Uint16Array(used), lookup = new Uint16Array(1 << LOOKUP_BITS);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    symbols[offsets[length]!++] = symbol;
    const code = codes[length]!++;
    if (length > LOOKUP_BITS) return;
    // the data has the highest bit of a code first
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= (code >> bit & 1) << (length - 1 - bit);
    for (let i = reversed; i < lookup.length; i += 1 << length) lookup[i] = symbol << 4 | length;
  });
  return { lookup, counts, symbols };
}

/** Symbol · 16 + length of the code that the bits begin with; 0 if they begin with none. */
function lookUp({ lookup, counts, symbols }: HuffmanCode, bits: number): number {
  const entry = lookup[bits & (lookup.length - 1)]!;
  if (entry !== 0) return entry;
  for (let length = 1, code = 0, first = 0, index = 0; length <= MAX_CODE_BITS; length++) {
    code |= (bits >>> (length - 1)) & 1;
    const count = counts[length]!;
    if (code - first < count) return symbols[index + code - first]! << 4 | length;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return 0;
}
