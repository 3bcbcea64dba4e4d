/**
 * The Mersenne Twister MT19937: where every random number of NumPy's legacy generator comes from.
 *
 * M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
 * generator", ACM TOMACS 8 (1998); seeded as in the authors' mt19937ar.c of 2002, which NumPy follows.
 *
 * @module
 */

/**
 * What a generator starts from: an integer in 0..2³²-1, or one or more of them.
 *
 * @category 5 Random numbers
 */
export type Seed = number | readonly number[] | Uint32Array;

/**
 * All that an {@linkcode Mt19937} remembers, as NumPy keeps it.
 *
 * @category 5 Random numbers
 */
export interface Mt19937State {
  /** the 624 words of the present block */
  readonly key: Uint32Array;
  /** how many of them are used up, 0..624 */
  readonly pos: number;
}

/** The greatest seed, as NumPy has it: 2³²-1. */
export const MAX_SEED = 0xffffffff;

/** n of the paper: words in a block. */
const LENGTH = 624;
/** m of the paper: how far ahead the word lies that is mixed in. */
const AHEAD = 397;

/**
 * A stream of 32-bit words with period 2¹⁹⁹³⁷ - 1.
 *
 * @example
 * ```ts
 * import { Mt19937 } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const generator = new Mt19937(5489); // the authors' default seed
 * strictEqual(generator.nextUint32(), 3499211612);
 * ```
 *
 * @category 5 Random numbers
 */
export class Mt19937 {
  readonly #key = new Uint32Array(LENGTH);
  #pos = LENGTH;

  /**
   * Starts a stream, the same one for the same seed.
   *
   * @param seed an integer starts the stream of `init_genrand`, an array (even of one) that of `init_by_array`
   * @throws {RangeError} if the array is empty, or a number is not an integer in 0..2³²-1
   */
  constructor(seed: Seed) {
    if (typeof seed === "number") {
      if (!isUint32(seed)) {
        throw new RangeError(`Cannot seed with ${seed}: need an integer in 0..${MAX_SEED}`);
      }
      seedByNumber(this.#key, seed);
    } else {
      if (seed.length === 0) {
        throw new RangeError("Cannot seed with an empty array: need at least one integer");
      }
      for (const [i, word] of seed.entries()) {
        if (!isUint32(word)) {
          throw new RangeError(
            `Cannot seed with ${word} at position ${i}: need an integer in 0..${MAX_SEED}`,
          );
        }
      }
      seedByArray(this.#key, seed);
    }
  }

  /** The next word, an integer in 0..2³²-1. */
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

  /** A copy of the state, from which the stream can go on. */
  getState(): Mt19937State {
    return { key: this.#key.slice(), pos: this.#pos };
  }

  /**
   * Goes on from a state, which is copied.
   *
   * @throws {RangeError} if no such state exists; the generator then stays as it was
   */
  setState({ key, pos }: Mt19937State): void {
    if (!(key instanceof Uint32Array) || key.length !== LENGTH) {
      throw new RangeError(
        `Cannot restore the generator: key is ${describe(key)}, need a Uint32Array of ${LENGTH}`,
      );
    }
    if (!Number.isInteger(pos) || pos < 0 || pos > LENGTH) {
      throw new RangeError(
        `Cannot restore the generator: pos is ${pos}, need an integer in 0..${LENGTH}`,
      );
    }
    // of the first word only the top bit counts; a state of zeros would yield zeros for ever
    if (key[0]! < 0x80000000 && key.subarray(1).every((word) => word === 0)) {
      throw new RangeError("Cannot restore the generator: key is all zeros, need one bit set");
    }
    this.#key.set(key);
    this.#pos = pos;
  }
}

/** `init_genrand`: Knuth's linear congruential sequence (TAOCP vol. 2, 3rd ed., p. 106) fills the key. */
function seedByNumber(key: Uint32Array, seed: number): void {
  key[0] = seed;
  for (let i = 1; i < LENGTH; i++) {
    key[i] = Math.imul(1812433253, scrambled(key[i - 1]!)) + i;
  }
}

/** `init_by_array`: one pass mixes the seed in, and a second spreads it over the whole key. */
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
  key[0] = 0x80000000; // one bit set: no seed gives a state of zeros
}

/** x with its two upper bits folded into its two lowest. */
function scrambled(x: number): number {
  return x ^ (x >>> 30);
}

/** Makes the next block out of the present one, word by word in place. */
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

function describe(key: unknown): string {
  return key instanceof Uint32Array ? `a Uint32Array of ${key.length}` : `no Uint32Array`;
}
