// The Mersenne Twister MT19937, the source of all random numbers of NumPy's legacy generator.
// Source: M. Matsumoto and T. Nishimura, ACM TOMACS 8 (1998); seeded as in mt19937ar.c of 2002.
import { describeValue } from "../text/escape.ts";

/**
 * The seed of a generator: an integer from 0 to 2³² - 1, or a list of one or more of them.
 *
 * @category 5 Random numbers
 */
export type Seed = number | readonly number[] | Uint32Array;

/** The state of an {@linkcode Mt19937}, in the form that NumPy gives it. */
export interface Mt19937State {
  /** The 624 words of the current block. */
  readonly key: Uint32Array;
  /** Number of these words that have been used, 0 to 624. */
  readonly pos: number;
}

/** The greatest seed, as in NumPy. */
export const MAX_SEED = 0xffffffff;

/** The paper's n, words in a block, and m, the distance to the word that is mixed in. */
const LENGTH = 624, AHEAD = 397;

/** A stream of 32-bit words with period 2¹⁹⁹³⁷ - 1. */
export class Mt19937 {
  readonly #key = new Uint32Array(LENGTH);
  #pos = LENGTH;

  /** An integer is passed to the paper's `init_genrand`, a list (even of 1) to `init_by_array`. */
  constructor(seed: Seed) {
    const need = `need an integer in 0..${MAX_SEED}`;
    if (typeof seed === "number") {
      if (!isUint32(seed)) throw new RangeError(`Cannot seed with ${seed}: ${need}`);
      seedByNumber(this.#key, seed);
    } else if (!isList(seed)) {
      throw new TypeError(`Cannot seed with ${describeValue(seed)}: ${need} or a list of them`);
    } else {
      if (seed.length === 0) {
        throw new RangeError("Cannot seed with an empty array: need at least one integer");
      }
      for (const [i, word] of seed.entries()) {
        if (isUint32(word)) continue;
        throw new RangeError(`Cannot seed with ${describeValue(word)} at position ${i}: ${need}`);
      }
      seedByArray(this.#key, seed);
    }
  }

  /** The next word, an integer from 0 to 2³² - 1. */
  nextUint32(): number {
    if (this.#pos === LENGTH) {
      renew(this.#key);
      this.#pos = 0;
    }
    // tempering: makes the upper bits of successive words equally distributed
    let y = this.#key[this.#pos++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** A copy of the state, from which the stream can be continued. */
  getState(): Mt19937State {
    return { key: this.#key.slice(), pos: this.#pos };
  }

  /** Continues from a state, which is copied; of one that is refused nothing is taken. */
  setState({ key, pos }: Mt19937State): void {
    const isWords = key instanceof Uint32Array;
    if (!isWords || key.length !== LENGTH) {
      const found = isWords ? `a Uint32Array of ${key.length}` : "no Uint32Array";
      throw cannotRestore(`key is ${found}, need a Uint32Array of ${LENGTH}`);
    }
    if (!Number.isInteger(pos) || pos < 0 || pos > LENGTH) {
      throw cannotRestore(`pos is ${pos}, need an integer in 0..${LENGTH}`);
    }
    // only the top bit of the first word counts; from a state of zeros only zeros follow
    if (key[0]! < 0x80000000 && key.subarray(1).every((word) => word === 0)) {
      throw cannotRestore("key is all zeros, need one bit set");
    }
    this.#key.set(key);
    this.#pos = pos;
  }
}

/** The error of a state that is invalid. */
export function cannotRestore(reason: string): RangeError {
  return new RangeError(`Cannot restore the generator: ${reason}`);
}

/** `init_genrand`: fills the key from one integer, with Knuth's multiplier (TAOCP 2, p. 106). */
function seedByNumber(key: Uint32Array, seed: number): void {
  key[0] = seed;
  for (let i = 1; i < LENGTH; i++) {
    key[i] = Math.imul(1812433253, scrambled(key[i - 1]!)) + i;
  }
}

/** `init_by_array`: a first pass mixes the seed in, a second spreads it over the key. */
function seedByArray(key: Uint32Array, seed: ArrayLike<number>): void {
  seedByNumber(key, 19650218);
  let i = 1;
  const mix = (factor: number, addend: number) => {
    key[i] = (key[i]! ^ Math.imul(factor, scrambled(key[i - 1]!))) + addend;
    if (++i === LENGTH) {
      key[0] = key[LENGTH - 1]!;
      i = 1;
    }
  };
  for (let step = 0; step < Math.max(LENGTH, seed.length); step++) {
    const j = step % seed.length;
    mix(1664525, seed[j]! + j);
  }
  for (let step = 1; step < LENGTH; step++) mix(1566083941, -i);
  key[0] = 0x80000000; // so that no seed gives a state of zeros
}

/** x with its two highest bits xored into its two lowest. */
function scrambled(x: number): number {
  return x ^ (x >>> 30);
}

/** Computes the next block from the current one, in place. */
function renew(key: Uint32Array): void {
  for (let i = 0; i < LENGTH; i++) {
    const y = (key[i]! & 0x80000000) | (key[(i + 1) % LENGTH]! & 0x7fffffff);
    const twist = (y & 1) === 0 ? 0 : 0x9908b0df;
    key[i] = key[(i + AHEAD) % LENGTH]! ^ (y >>> 1) ^ twist;
  }
}

function isUint32(x: number): boolean {
  return Number.isInteger(x) && x >= 0 && x <= MAX_SEED;
}

export function isList(x: unknown): boolean {
  return Array.isArray(x) || (ArrayBuffer.isView(x) && !(x instanceof DataView));
}
