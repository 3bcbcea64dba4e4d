/**
 * NumPy's legacy `numpy.random.RandomState`: the same seed draws the same numbers here as there.
 *
 * Integers and uniform numbers are NumPy's exactly. Normal numbers pass through a logarithm, ours here and the C
 * library's there; both are within 1 ulp of the true one, so that a normal number is within 4 ulp of NumPy's and nearly
 * always equal.
 *
 * @module
 */
import { log } from "../math/exp_log.ts";
import { Mt19937, type Seed } from "./mt19937.ts";

/**
 * All that a {@linkcode RandomState} remembers, by the names of NumPy's `get_state(legacy=False)`.
 *
 * @category 5 Random numbers
 */
export interface RandomStateSnapshot {
  /** the 624 words of the Mersenne Twister's present block */
  readonly key: Uint32Array;
  /** how many of them are used up, 0..624 */
  readonly pos: number;
  /** 1 when a normal number is kept for the next call, else 0 */
  readonly hasGauss: 0 | 1;
  /** that number, of mean 0 and standard deviation 1; 0 when there is none */
  readonly gauss: number;
}

/**
 * An array or typed array, whatever its items.
 *
 * @category 5 Random numbers
 */
export interface Shufflable {
  /** how many items there are */
  readonly length: number;
  /** the item at a position */
  [index: number]: unknown;
  /** a copy */
  slice(): Shufflable;
  /** named here to keep strings and readonly arrays out */
  reverse(): unknown;
}

/**
 * A stream of random numbers that is NumPy's, down to the words each call uses up.
 *
 * A seed is always needed: nothing here depends on the clock or on anything global. Some slack of NumPy's is refused: a
 * mean or scale that is NaN or infinite, and a permutation of fewer than no items.
 *
 * @example the first weight of the report's network
 * ```ts
 * import { RandomState } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const random = new RandomState(601); // np.random.seed(601)
 * strictEqual(random.normal(0, Math.sqrt(1 / 784)), 0.011855564916458014);
 * ```
 *
 * @category 5 Random numbers
 */
export class RandomState {
  readonly #generator: Mt19937;
  /** the second number of the last pair from the polar method, until it is asked for */
  #gauss: number | undefined;

  /**
   * Starts a stream, the same one for the same seed.
   *
   * @param seed an integer in 0..2³²-1, or one or more of them; an array of one starts another stream than its integer
   * does, as a list does in NumPy
   * @throws {RangeError} if the array is empty, or a number is not an integer in 0..2³²-1
   */
  constructor(seed: Seed) {
    this.#generator = new Mt19937(seed);
  }

  /**
   * A generator that goes on from a state, ours or NumPy's.
   *
   * @throws {RangeError} if no such state exists
   *
   * @example
   * ```ts
   * import { RandomState } from "@sanso/sanso";
   * import { strictEqual } from "node:assert/strict";
   *
   * const random = new RandomState(601);
   * const twin = RandomState.fromState(random.getState());
   * strictEqual(twin.randomSample(), random.randomSample());
   * ```
   */
  static fromState(state: RandomStateSnapshot): RandomState {
    const random = new RandomState(0);
    random.setState(state);
    return random;
  }

  /** A copy of the whole state: later draws do not change it. */
  getState(): RandomStateSnapshot {
    return {
      ...this.#generator.getState(),
      hasGauss: this.#gauss === undefined ? 0 : 1,
      gauss: this.#gauss ?? 0,
    };
  }

  /**
   * Goes on from a state, which is copied.
   *
   * @throws {RangeError} if no such state exists; the generator then stays as it was
   */
  setState({ key, pos, hasGauss, gauss }: RandomStateSnapshot): void {
    if (hasGauss !== 0 && hasGauss !== 1) {
      throw new RangeError(`Cannot restore the generator: hasGauss is ${hasGauss}, need 0 or 1`);
    }
    if (!Number.isFinite(gauss)) {
      throw new RangeError(`Cannot restore the generator: gauss is ${gauss}, need a finite number`);
    }
    this.#generator.setState({ key, pos });
    this.#gauss = hasGauss === 1 ? gauss : undefined;
  }

  /**
   * A number drawn uniformly from [0, 1), a multiple of 2⁻⁵³; with `count`, as many.
   *
   * @throws {RangeError} if `count` is not an integer in 0..2³²-1
   *
   * @example
   * ```ts
   * import { RandomState } from "@sanso/sanso";
   * import { strictEqual } from "node:assert/strict";
   *
   * strictEqual(new RandomState(42).randomSample(), 0.3745401188473625);
   * ```
   */
  randomSample(): number;
  /** `count` numbers drawn uniformly from [0, 1). */
  randomSample(count: number): Float64Array;
  randomSample(count?: number): number | Float64Array {
    const draw = () => this.#uniform();
    return count === undefined ? draw() : Float64Array.from(places(count), draw);
  }

  /**
   * A number drawn from the normal distribution; with `count`, as many.
   *
   * @param mean any finite number
   * @param scale the standard deviation, finite and >= 0
   * @throws {RangeError} if one of these is not so, or `count` is not an integer in 0..2³²-1
   *
   * @example
   * ```ts
   * import { RandomState } from "@sanso/sanso";
   * import { strictEqual } from "node:assert/strict";
   *
   * strictEqual(new RandomState(42).normal(0, 1), 0.4967141530112327);
   * ```
   */
  normal(mean: number, scale: number): number;
  /** `count` numbers drawn from the normal distribution. */
  normal(mean: number, scale: number, count: number): Float64Array;
  normal(mean: number, scale: number, count?: number): number | Float64Array {
    if (!Number.isFinite(mean) || !Number.isFinite(scale) || scale < 0) {
      throw new RangeError(
        `Cannot draw normal numbers with mean ${mean} and scale ${scale}: ` +
          "both must be finite and the scale >= 0",
      );
    }
    const draw = () => mean + scale * this.#standardNormal();
    return count === undefined ? draw() : Float64Array.from(places(count), draw);
  }

  /**
   * An integer drawn uniformly from `low` to `high - 1`; with `count`, as many.
   *
   * @throws {RangeError} if `low` < `high` does not hold, one of them or `high - low` is not an integer that doubles
   * hold exactly (up to 2⁵³-1), or `count` is not an integer in 0..2³²-1
   *
   * @example
   * ```ts
   * import { RandomState } from "@sanso/sanso";
   * import { deepStrictEqual } from "node:assert/strict";
   *
   * deepStrictEqual(new RandomState(42).randint(0, 100, 5), [51, 92, 14, 71, 60]);
   * ```
   */
  randint(low: number, high: number): number;
  /** `count` integers drawn uniformly from `low` to `high - 1`. */
  randint(low: number, high: number, count: number): number[];
  randint(low: number, high: number, count?: number): number | number[] {
    const span = high - low;
    if (![low, high, span].every(Number.isSafeInteger) || span < 1) {
      throw new RangeError(
        `Cannot draw integers from ${low} to below ${high}: ` +
          "need integers, low < high, and no more than 2^53 - 1 between them",
      );
    }
    const draw = () => low + this.#upTo(span - 1);
    return count === undefined ? draw() : Array.from(places(count), draw);
  }

  /**
   * Puts the items of an array into random order, in place, each order as likely as any other.
   *
   * @example
   * ```ts
   * import { RandomState } from "@sanso/sanso";
   * import { deepStrictEqual } from "node:assert/strict";
   *
   * const names = ["a", "b", "c", "d"];
   * new RandomState(42).shuffle(names);
   * deepStrictEqual(names, ["b", "d", "a", "c"]);
   * ```
   */
  shuffle(array: Shufflable): void {
    // Fisher and Yates, from the end as NumPy goes
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.#upTo(i);
      [array[i], array[j]] = [array[j], array[i]];
    }
  }

  /**
   * The integers 0..n-1 in random order, or a shuffled copy of an array.
   *
   * @throws {RangeError} if n is not an integer in 0..2³²-1
   *
   * @example
   * ```ts
   * import { RandomState } from "@sanso/sanso";
   * import { deepStrictEqual } from "node:assert/strict";
   *
   * deepStrictEqual(new RandomState(42).permutation(5), [1, 4, 2, 0, 3]);
   * ```
   */
  permutation(n: number): number[];
  /** A copy of an array in random order. */
  permutation<A extends Shufflable>(array: A): A;
  permutation(source: number | Shufflable): Shufflable {
    const copy = typeof source === "number"
      ? Array.from(places(source), (_, i) => i)
      : source.slice();
    this.shuffle(copy);
    return copy;
  }

  /** A multiple of 2⁻⁵³ in [0, 1): 27 bits of one word above 26 of the next. */
  #uniform(): number {
    const upper = this.#generator.nextUint32() >>> 5, lower = this.#generator.nextUint32() >>> 6;
    return (upper * TWO_26 + lower) / TWO_53;
  }

  /** Marsaglia's polar method: a point in the unit disc makes two normal numbers, and the one of y goes first. */
  #standardNormal(): number {
    if (this.#gauss !== undefined) {
      const kept = this.#gauss;
      this.#gauss = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * this.#uniform() - 1, y = 2 * this.#uniform() - 1;
      const r2 = x * x + y * y;
      if (r2 > 0 && r2 < 1) {
        const factor = Math.sqrt(-2 * log(r2) / r2);
        this.#gauss = factor * x;
        return factor * y;
      }
    }
  }

  /** An integer in 0..greatest, below 2⁵³: as many bits as `greatest` has are drawn until they make no more than it. */
  #upTo(greatest: number): number {
    if (greatest === 0) return 0; // NumPy uses up no word for it
    const upperMask = maskOf(Math.floor(greatest / TWO_32));
    const lowerMask = upperMask === 0 ? maskOf(greatest) : 0xffffffff;
    for (;;) {
      // two words, the upper first, only where one is too short
      const upper = upperMask === 0 ? 0 : this.#generator.nextUint32() & upperMask;
      const lower = (this.#generator.nextUint32() & lowerMask) >>> 0;
      const value = upper * TWO_32 + lower;
      if (value <= greatest) return value;
    }
  }
}

const TWO_26 = 67108864, TWO_32 = 4294967296, TWO_53 = 9007199254740992;

/** As many one bits as x has bits, for x in 0..2³²-1. */
function maskOf(x: number): number {
  return x === 0 ? 0 : 0xffffffff >>> Math.clz32(x);
}

/** What `Array.from` makes an array of `count` items of. */
function places(count: number): { length: number } {
  if (!Number.isInteger(count) || count < 0 || count >= TWO_32) {
    throw new RangeError(`Cannot draw ${count} numbers: need an integer in 0..4294967295`);
  }
  return { length: count };
}
