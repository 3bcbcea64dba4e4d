// NumPy's legacy `numpy.random.RandomState`: the same seed gives the same numbers.
//
// All numbers equal those of NumPy on Linux (glibc 2.28 or later) on x86-64 with FMA, bit for bit.
// Integers and uniform numbers are the same on every platform. NumPy's normal numbers are not: they
// are computed with the C library's `log`, which differs in its last bit between platforms.
import { log } from "../math/log.ts";
import { describeValue } from "../text/escape.ts";

/** The greatest seed, as in NumPy. */
export const MAX_SEED = 0xffffffff;

/**
 * The state of a {@linkcode RandomState}; NumPy's `get_state(legacy=False)` has the same four
 * values.
 *
 * @category 5 Random numbers
 */
export interface RandomStateSnapshot {
  /** The 624 words of the Mersenne Twister's current block. */
  readonly key: Uint32Array;
  /** Number of these words that have been used, 0 to 624. */
  readonly pos: number;
  /** 1 if a normal number is stored for the next call, else 0 (NumPy's `has_gauss`). */
  readonly hasGauss: 0 | 1;
  /**
   * That number, of mean 0 and standard deviation 1. If there is none: 0, or as in NumPy what the
   * state had from which the stream continues; it is not used.
   */
  readonly gauss: number;
}

/** @internal An array or typed array: strings and readonly arrays lack `reverse`. */
export interface Shufflable {
  readonly length: number;
  [index: number]: unknown;
  slice(): Shufflable;
  reverse(): unknown;
}

/**
 * NumPy's stream of random numbers; each call consumes as many random words as NumPy's does.
 *
 * A seed is required: nothing depends on the clock or on global state. Some arguments that NumPy
 * accepts are refused: a list of seeds, a mean or scale that is NaN or infinite, and a permutation
 * of a negative number of items.
 *
 * @example
 * ```ts
 * import { RandomState } from "@sanso/sanso";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const random = new RandomState(601); // np.random.seed(601)
 * strictEqual(random.normal(0, Math.sqrt(1 / 784)), 0.011855564916458014); // the report's W1[0, 0]
 * const twin = RandomState.fromState(random.getState());
 * deepStrictEqual(twin.randint(0, 100, 5), random.randint(0, 100, 5));
 * ```
 *
 * @category 5 Random numbers
 */
export class RandomState {
  readonly #generator: Mt19937;
  /** Whether the second number of the polar method's last pair is still to be used. */
  #hasGauss = false;
  /** That number; otherwise 0, or what the state had that was set. */
  #gauss = 0;

  /**
   * Starts a stream.
   *
   * @throws {RangeError} if the seed is not an integer from 0 to 2³² - 1
   */
  constructor(seed: number) {
    this.#generator = new Mt19937(seed);
  }

  /**
   * Creates a generator that continues from a state, this library's or NumPy's, which is copied.
   *
   * @throws {RangeError} if the state is invalid
   */
  static fromState({ key, pos, hasGauss, gauss }: RandomStateSnapshot): RandomState {
    const isFlag = hasGauss === 0 || hasGauss === 1;
    if (!isFlag) throw cannotRestore(`hasGauss is ${hasGauss}, need 0 or 1`);
    if (!Number.isFinite(gauss)) throw cannotRestore(`gauss is ${gauss}, need a finite number`);
    const random = new RandomState(0);
    random.#generator.setState({ key, pos });
    random.#hasGauss = hasGauss === 1;
    random.#gauss = gauss;
    return random;
  }

  /** A copy of the state: later draws do not change it. */
  getState(): RandomStateSnapshot {
    const hasGauss = this.#hasGauss ? 1 : 0;
    return { ...this.#generator.getState(), hasGauss, gauss: this.#gauss };
  }

  /**
   * Draws a number uniformly from [0, 1), a multiple of 2⁻⁵³.
   *
   * @throws {RangeError} if `count` is not an integer from 0 to 2³² - 1
   */
  randomSample(): number;
  /** Draws `count` of these numbers. */
  randomSample(count: number): Float64Array;
  randomSample(count?: number): number | Float64Array {
    return drawn(count, () => this.#uniform());
  }

  /**
   * Draws a number from a normal distribution.
   *
   * @param mean any finite number
   * @param scale the standard deviation, finite and >= 0
   * @throws {RangeError} if `mean`, `scale` or `count` is out of range; `count` is an integer from
   * 0 to 2³² - 1
   */
  normal(mean: number, scale: number): number;
  /** Draws `count` of these numbers. */
  normal(mean: number, scale: number, count: number): Float64Array;
  normal(mean: number, scale: number, count?: number): number | Float64Array {
    if (!Number.isFinite(mean) || !Number.isFinite(scale) || scale < 0) {
      throw new RangeError(
        `Cannot draw normal numbers with mean ${describeValue(mean)} and scale ` +
          `${describeValue(scale)}: both must be finite and the scale not negative`,
      );
    }
    return drawn(count, () => mean + scale * this.#nextNormal());
  }

  /**
   * Draws a number from the normal distribution of mean 0 and standard deviation 1.
   *
   * @throws {RangeError} if `count` is not an integer from 0 to 2³² - 1
   */
  standardNormal(): number;
  /** Draws `count` of these numbers. */
  standardNormal(count: number): Float64Array;
  standardNormal(count?: number): number | Float64Array {
    return drawn(count, () => this.#nextNormal());
  }

  /**
   * Draws a number as {@linkcode RandomState.standardNormal} does; with a shape, the entries of an
   * array of that shape, row by row.
   *
   * @throws {RangeError} if a size, or the product of all, is not an integer from 0 to 2³² - 1
   */
  randn(): number;
  /** Draws the entries of an array. */
  randn(...shape: [number, ...number[]]): Float64Array;
  randn(...shape: number[]): number | Float64Array {
    if (shape.length === 0) return this.standardNormal();
    return this.standardNormal(shape.reduce((count, size) => count * places(size).length, 1));
  }

  /**
   * Draws an integer uniformly from `low` to `high - 1`, or from 0 to `high - 1`.
   *
   * @throws {RangeError} unless `low` < `high`, and `low`, `high` and `high - low` are integers of
   * absolute value up to 2⁵³ - 1, and `count` is an integer from 0 to 10⁸
   */
  randint(high: number): number;
  /** Draws from `low` to `high - 1`. */
  randint(low: number, high: number): number;
  /** Draws `count` of these integers. */
  randint(low: number, high: number, count: number): number[];
  randint(low: number, high?: number, count?: number): number | number[] {
    if (high === undefined) [low, high] = [0, low];
    const span = high - low;
    if (![low, high, span].every(Number.isSafeInteger) || span < 1) {
      throw new RangeError(
        `Cannot draw integers from ${describeValue(low)} to below ${describeValue(high)}: ` +
          "need integers, low < high, and no more than 2^53 - 1 between them",
      );
    }
    const draw = () => low + this.#upTo(span - 1);
    return count === undefined ? draw() : Array.from(places(count, MAX_LIST), draw);
  }

  /**
   * Shuffles an array in place; all orders are equally likely.
   *
   * @throws {TypeError} if it is neither an array nor a typed array
   */
  shuffle(array: Shufflable): void {
    checkList(array);
    // Fisher-Yates, from the end, as in NumPy
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.#upTo(i);
      [array[i], array[j]] = [array[j], array[i]];
    }
  }

  /**
   * The integers from 0 to n - 1 in random order.
   *
   * @throws {RangeError} if n is not an integer from 0 to 10⁸
   * @throws {TypeError} if the source is neither a number nor an array nor a typed array
   */
  permutation(n: number): number[];
  /** A shuffled copy of an array. */
  permutation<A extends Shufflable>(array: A): A;
  permutation(source: number | Shufflable): Shufflable {
    if (typeof source !== "number") checkList(source);
    const copy = typeof source === "number"
      ? Array.from(places(source, MAX_LIST), (_, i) => i)
      : ArrayBuffer.isView(source)
      ? copyTypedArray.call(source as Uint8Array)
      : source.slice();
    this.shuffle(copy);
    return copy;
  }

  /** A multiple of 2⁻⁵³ in [0, 1): 27 bits of one word above 26 of the next. */
  #uniform(): number {
    const upper = this.#generator.nextUint32() >>> 5, lower = this.#generator.nextUint32() >>> 6;
    return (upper * TWO_26 + lower) / TWO_53;
  }

  /** Marsaglia's polar method: a point (x, y) in the unit disc gives two normal numbers. */
  #nextNormal(): number {
    if (this.#hasGauss) {
      const stored = this.#gauss;
      this.#hasGauss = false;
      this.#gauss = 0;
      return stored;
    }
    for (;;) {
      const x = 2 * this.#uniform() - 1, y = 2 * this.#uniform() - 1;
      const r2 = x * x + y * y;
      if (r2 > 0 && r2 < 1) {
        const factor = Math.sqrt(-2 * log(r2) / r2);
        this.#hasGauss = true;
        this.#gauss = factor * x;
        return factor * y;
      }
    }
  }

  /** An integer from 0 to `max`, below 2⁵³: as many bits as it has, until they are at most that. */
  #upTo(max: number): number {
    if (max === 0) return 0; // NumPy consumes no word then
    const upperMask = maskOf(Math.floor(max / TWO_32));
    const lowerMask = upperMask === 0 ? maskOf(max) : 0xffffffff;
    for (;;) {
      // two words, the upper first, but only if one has too few bits
      const upper = upperMask === 0 ? 0 : this.#generator.nextUint32() & upperMask;
      const lower = (this.#generator.nextUint32() & lowerMask) >>> 0;
      const value = upper * TWO_32 + lower;
      if (value <= max) return value;
    }
  }
}

/** The state of the words alone. */
type Words = Pick<RandomStateSnapshot, "key" | "pos">;

/** The paper's n, words in a block, and m, the distance to the word that is mixed in. */
const LENGTH = 624, AHEAD = 397;

/**
 * The Mersenne Twister MT19937, a stream of 32-bit words with period 2¹⁹⁹³⁷ - 1 (M. Matsumoto and T.
 * Nishimura, ACM TOMACS 8, 1998; seeded as in mt19937ar.c of 2002).
 */
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
  getState(): Words {
    return { key: this.#key.slice(), pos: this.#pos };
  }

  /** Continues from a state, which is copied; of one that is refused nothing is taken. */
  setState({ key, pos }: Words): void {
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

/** Computes the next block from the current one, in place. */
function renew(key: Uint32Array): void {
  for (let i = 0; i < LENGTH; i++) {
    const y = (key[i]! & 0x80000000) | (key[(i + 1) % LENGTH]! & 0x7fffffff);
    const twist = (y & 1) === 0 ? 0 : 0x9908b0df;
    key[i] = key[(i + AHEAD) % LENGTH]! ^ (y >>> 1) ^ twist;
  }
}

const TWO_26 = 67108864, TWO_32 = 4294967296, TWO_53 = 9007199254740992;

/** The longest array: with more numbers, JavaScript engines end the process or throw. */
const MAX_LIST = 1e8;

/** Copies a typed array of any type; a Node.js `Buffer` has a `slice` of its own, which shares. */
const copyTypedArray = Uint8Array.prototype.slice;

/** 2ⁿ - 1, where n is the number of bits of x, for x from 0 to 2³² - 1. */
function maskOf(x: number): number {
  return x === 0 ? 0 : 0xffffffff >>> Math.clz32(x);
}

/** Anything else has no items, or none that can be written to, and would stay as it is. */
function checkList(array: unknown): void {
  if (Array.isArray(array) || (ArrayBuffer.isView(array) && !(array instanceof DataView))) return;
  throw new TypeError(`Cannot shuffle ${describeValue(array)}: need an array or a typed array`);
}

/** One number, or `count` of them. */
function drawn(count: number | undefined, draw: () => number): number | Float64Array {
  return count === undefined ? draw() : Float64Array.from(places(count), draw);
}

/** An array-like of `count` items, for `Array.from`. */
function places(count: number, max = TWO_32 - 1): { length: number } {
  if (!Number.isInteger(count) || count < 0 || count > max) {
    throw new RangeError(
      `Cannot draw ${describeValue(count)} numbers: need an integer in 0..${max}`,
    );
  }
  return { length: count };
}

/** The error of a state that is invalid. */
function cannotRestore(reason: string): RangeError {
  return new RangeError(`Cannot restore the generator: ${reason}`);
}
