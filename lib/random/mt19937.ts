// The Mersenne Twister MT19937, the source of all random numbers of NumPy's legacy generator.
// Source: M. Matsumoto and T. Nishimura, ACM TOMACS 8 (1998); seeded as in mt19937ar.c of 2002.
import { describeValue } from "../text/escape.ts";

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

  /** Starts the stream of a seed, an integer from 0 to 2³² - 1: the paper's `init_genrand`. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED) {
      throw new RangeError(
        `Cannot seed with ${describeValue(seed)}: need an integer in 0..${MAX_SEED}`,
      );
    }
    this.#key[0] = seed;
    for (let i = 1; i < LENGTH; i++) {
      const word = this.#key[i - 1]!;
      this.#key[i] = Math.imul(1812433253, word ^ (word >>> 30)) + i; // Knuth, TAOCP 2, p. 106
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

/** Computes the next block from the current one, in place. */
function renew(key: Uint32Array): void {
  for (let i = 0; i < LENGTH; i++) {
    const y = (key[i]! & 0x80000000) | (key[(i + 1) % LENGTH]! & 0x7fffffff);
    const twist = (y & 1) === 0 ? 0 : 0x9908b0df;
    key[i] = key[(i + AHEAD) % LENGTH]! ^ (y >>> 1) ^ twist;
  }
}

export function isList(x: unknown): boolean {
  return Array.isArray(x) || (ArrayBuffer.isView(x) && !(x instanceof DataView));
}
