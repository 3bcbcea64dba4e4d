// RandomState against what NumPy drew (fixtures/random_streams.json), its laws, and Mt19937.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  Mt19937,
  RandomState,
  type RandomStateSnapshot,
  type Shufflable,
} from "../../lib/random/random_state.ts";

/** A call and what it draws: its ends, so that a failure shows numbers, and the SHA-256 of all. */
interface Call {
  readonly call:
    | "randomSample"
    | "normal"
    | "standardNormal"
    | "randn"
    | "randint"
    | "permutation"
    | "shuffle";
  readonly arguments: readonly [number, number, number];
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly sha256: string;
}

/** A state whose key is text: SHA-256 or base64. */
type StateText = Omit<RandomStateSnapshot, "key"> & { readonly key: string };

interface Stream {
  readonly seed: number;
  readonly calls: readonly Call[];
  readonly state: StateText;
}

interface Streams {
  readonly streams: readonly Stream[];
  readonly continued: readonly {
    readonly seed: number;
    readonly before: readonly Call[];
    readonly taken: StateText;
    readonly after: readonly Call[];
    readonly end: StateText;
  }[];
}

const numpy: Streams = JSON.parse(
  Deno.readTextFileSync(new URL("../../fixtures/random_streams.json", import.meta.url)),
);

function draw(random: RandomState, { call, arguments: [a, b, c] }: Call): ArrayLike<number> {
  switch (call) {
    case "randomSample":
      return random.randomSample(a);
    case "normal":
      return random.normal(a, b, c);
    case "standardNormal":
      return random.standardNormal(a);
    case "randn":
      return random.randn(a, b);
    case "randint":
      return random.randint(a, b, c);
    case "permutation":
      return random.permutation(a);
    case "shuffle": {
      const halves = Float64Array.from({ length: a }, (_, i) => i / 2);
      random.shuffle(halves);
      return halves;
    }
  }
}

/** Of the values' bytes: float64 when they came as such, else int64. */
function sha256(values: ArrayLike<number>): string {
  const bytes = values instanceof Float64Array || values instanceof Uint32Array
    ? values
    : BigInt64Array.from(Array.from(values, BigInt));
  return createHash("sha256").update(new Uint8Array(bytes.buffer)).digest("hex");
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}

function stateOf(text: StateText): RandomStateSnapshot {
  return { ...text, key: new Uint32Array(bytesOf(text.key)) };
}

function assertCalls(random: RandomState, seed: number, calls: readonly Call[]): void {
  for (const wanted of calls) {
    const drawn = draw(random, wanted), values = Array.from(drawn);
    const ends = { first: values.slice(0, 3), last: values.slice(-3) };
    deepStrictEqual({ seed, ...wanted, ...ends, sha256: sha256(drawn) }, { seed, ...wanted });
  }
}

function assertState(random: RandomState, wanted: StateText): void {
  const state = random.getState();
  deepStrictEqual({ ...state, key: sha256(state.key) }, wanted);
}

function assertStream({ seed, calls, state }: Stream): void {
  const random = new RandomState(seed);
  assertCalls(random, seed, calls);
  assertState(random, state);
}

Deno.test("reference: RandomState draws NumPy's numbers, whichever of its seven calls alternate, and ends in NumPy's state", () => {
  const kinds = new Set(numpy.streams.flatMap(({ calls }) => calls.map(({ call }) => call)));
  strictEqual(kinds.size, 7);
  numpy.streams.forEach(assertStream);
});

Deno.test("reference: RandomState.fromState() continues from NumPy's state, with and without a stored normal number", () => {
  for (const { seed, before, taken, after, end } of numpy.continued) {
    const random = new RandomState(seed);
    assertCalls(random, seed, before);
    deepStrictEqual(random.getState(), stateOf(taken));
    const other = RandomState.fromState(stateOf(taken));
    assertCalls(other, seed, after);
    assertState(other, end);
  }
  deepStrictEqual(new Set(numpy.continued.map(({ taken }) => taken.hasGauss)), new Set([0, 1]));
});

const anySeed = fc.nat({ max: 0xffffffff });
const anyCount = fc.nat({ max: 700 });

/** Somewhere in a stream, every other time with a normal number stored for the next call. */
const anyPlace = fc.record({ seed: anySeed, normals: anyCount });

function randomAt({ seed, normals }: { seed: number; normals: number }): RandomState {
  const random = new RandomState(seed);
  random.normal(0, 1, normals);
  return random;
}

const anyBounds = fc.tuple(fc.maxSafeInteger(), fc.maxSafeInteger())
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  .filter(([low, high]) => low < high && Number.isSafeInteger(high - low));

Deno.test("law: RandomState's scalar and count forms consume the same words", () => {
  fc.assert(
    fc.property(anyPlace, anyCount, anyBounds, (place, count, [low, high]) => {
      const random = randomAt(place);
      const forms: [(r: RandomState) => number, (r: RandomState) => ArrayLike<number>][] = [
        [(r) => r.randomSample(), (r) => r.randomSample(count)],
        [(r) => r.normal(1, 2), (r) => r.normal(1, 2, count)],
        [(r) => r.standardNormal(), (r) => r.standardNormal(count)],
        [(r) => r.randn(), (r) => r.randn(count)],
        [(r) => r.randint(low, high), (r) => r.randint(low, high, count)],
      ];
      for (const [one, many] of forms) {
        const twin = RandomState.fromState(random.getState());
        const singly = Array.from({ length: count }, () => one(twin));
        deepStrictEqual(Array.from(many(random)), singly);
        deepStrictEqual(random.getState(), twin.getState());
      }
    }),
  );
});

Deno.test("law: RandomState.randint() stays within [low, high)", () => {
  fc.assert(
    fc.property(anyPlace, anyBounds, (place, [low, high]) => {
      const random = randomAt(place);
      for (const value of random.randint(low, high, 20)) {
        ok(Number.isSafeInteger(value) && low <= value && value < high, `${value}`);
      }
    }),
  );
});

Deno.test("law: RandomState.standardNormal() and randn() draw what normal(0, 1) draws, as many as the shape has entries", () => {
  const sizes = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(anyPlace, sizes, (place, [first, ...others]) => {
      const random = randomAt(place), twin = RandomState.fromState(random.getState());
      const count = others.reduce((a, b) => a * b, first!);
      const expected = twin.normal(0, 1, count);
      const again = RandomState.fromState(random.getState());
      deepStrictEqual(random.randn(first!, ...others), expected);
      deepStrictEqual(again.standardNormal(count), expected);
      deepStrictEqual(random.getState(), twin.getState());
    }),
  );
});

Deno.test("law: RandomState.permutation() of an array takes its items in the order of permutation(n)", () => {
  const arrays: fc.Arbitrary<Shufflable> = fc.oneof(
    fc.array(fc.string()),
    fc.float64Array(),
    fc.uint8Array(),
    fc.bigInt64Array(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)), // its slice() shares memory
  );
  fc.assert(
    fc.property(anyPlace, arrays, (place, array) => {
      const random = randomAt(place);
      const twin = RandomState.fromState(random.getState()), original = Array.from(array);
      const order = twin.permutation(array.length);
      const shuffled = random.permutation(array);
      strictEqual(shuffled.constructor, array.constructor);
      order.forEach((from, to) => strictEqual(shuffled[to], array[from]));
      deepStrictEqual(Array.from(array), original);
    }),
  );
});

Deno.test("law: RandomState.shuffle() does in place what permutation() does to a copy", () => {
  fc.assert(
    fc.property(anyPlace, fc.array(fc.string()), (place, array) => {
      const random = randomAt(place);
      const expected = RandomState.fromState(random.getState()).permutation(array);
      random.shuffle(array);
      deepStrictEqual(array, expected);
    }),
  );
});

// type: RandomState.shuffle() accepts writable arrays only; a count determines the result's type
check((random) => {
  const words: string[] = random.permutation(["a"]);
  const floats: Float32Array = random.permutation(new Float32Array(1));
  // @ts-expect-error a readonly array cannot be shuffled in place
  random.shuffle([1] as readonly number[]);
  // @ts-expect-error nor can a string
  random.shuffle("ab");
  const one: number = random.normal(0, 1), many: Float64Array = random.normal(0, 1, 2);
  // @ts-expect-error with a count there are many
  const notOne: number = random.randint(0, 1, 2);
  return [words, floats, one, many, notOne];
});

function check(_claims: (random: RandomState) => unknown): void {} // types only: never called

Deno.test("example: RandomState refuses other arguments, says what it was given, and draws nothing", () => {
  const random = new RandomState(601);
  random.normal(0, 1);
  const before = random.getState();
  const normal = (mean: number, scale: number) =>
    new RangeError(
      `Cannot draw normal numbers with mean ${mean} and scale ${scale}: ` +
        "both must be finite and the scale not negative",
    );
  const randint = (low: number, high: number) =>
    new RangeError(
      `Cannot draw integers from ${low} to below ${high}: ` +
        "need integers, low < high, and no more than 2^53 - 1 between them",
    );
  const count = (count: number, max = 4294967295) =>
    new RangeError(`Cannot draw ${count} numbers: need an integer in 0..${max}`);
  const list = (found: string) =>
    new TypeError(`Cannot shuffle ${found}: need an array or a typed array`);
  const state = (message: string) => new RangeError(`Cannot restore the generator: ${message}`);
  const refused: [(bad: never) => unknown, Error, unknown?][] = [
    [() => random.normal(0, -1), normal(0, -1)],
    [() => random.normal(NaN, 1), normal(NaN, 1)],
    [() => random.normal(0, 1, -1), count(-1)],
    [() => random.randn(2, 0.5), count(0.5)],
    [() => random.randn(2 ** 31, 2), count(2 ** 32)],
    [() => random.randint(5, 5), randint(5, 5)],
    [() => random.randint(6, 5, 0), randint(6, 5)],
    [() => random.randint(0, 2 ** 53), randint(0, 2 ** 53)],
    [() => random.randint(-1, 2 ** 53 - 1), randint(-1, 2 ** 53 - 1)],
    [() => random.randint(0, 5, 1.5), count(1.5, 1e8)],
    [() => random.randomSample(2 ** 32), count(2 ** 32)],
    [() => random.permutation(-1), count(-1, 1e8)],
    [(bad) => random.permutation(bad), list('the string "abc"'), "abc"],
    [(bad) => random.shuffle(bad), list("5"), 5],
    [(bad) => RandomState.fromState(bad), state("pos is 625, need an integer in 0..624"), {
      pos: 625,
    }],
    [(bad) => RandomState.fromState(bad), state("hasGauss is 2, need 0 or 1"), { hasGauss: 2 }],
    [(bad) => RandomState.fromState(bad), state("gauss is NaN, need a finite number"), {
      gauss: NaN,
    }],
  ];
  for (const [call, error, bad] of refused) {
    const isState = error.message.includes("restore");
    throws(() => call((isState ? { ...before, ...(bad as object) } : bad) as never), error);
    deepStrictEqual(random.getState(), before);
  }
});

function words(generator: Mt19937, count: number): number[] {
  return Array.from({ length: count }, () => generator.nextUint32());
}

Deno.test("reference: Mt19937 seeded by 5489 gives the 10,000th word that the C++ standard names", () => {
  strictEqual(words(new Mt19937(5489), 10000).at(-1), 4123659995); // [rand.predef] of ISO C++
});

Deno.test("example: Mt19937.setState() at pos 0 gives the whole block again", () => {
  const generator = new Mt19937(601);
  const block = words(generator, 624);
  generator.setState({ ...generator.getState(), pos: 0 });
  deepStrictEqual(words(generator, 624), block);
});

Deno.test("example: Mt19937.getState() and setState() copy", () => {
  const generator = new Mt19937(601), twin = new Mt19937(601);
  const state = generator.getState();
  state.key.fill(1);
  deepStrictEqual(generator.getState(), twin.getState());
  twin.setState(state);
  const taken = twin.getState();
  state.key.fill(2);
  deepStrictEqual(twin.getState(), taken);
});

Deno.test("example: Mt19937 refuses other seeds, and says what they are", () => {
  const refused: [unknown, string][] = [
    ...[-1, 2 ** 32, 0.5, NaN, Infinity, undefined].map((x): [unknown, string] => [x, `${x}`]),
    ["601", 'the string "601"'],
    [[601], "an object"],
  ];
  for (const [seed, found] of refused) {
    const message = `Cannot seed with ${found}: need an integer in 0..4294967295`;
    throws(() => new Mt19937(seed as number), new RangeError(message));
  }
});

Deno.test("example: Mt19937.setState() throws RangeError for an invalid state, and is then unchanged", () => {
  const key = new Mt19937(601).getState().key;
  // all but the top bit of the first word is left out of account by the recurrence
  const zeros = Uint32Array.from(key, (_, i) => i === 0 ? 0x7fffffff : 0);
  const refused: [Pick<RandomStateSnapshot, "key" | "pos">, string][] = [
    [{ key: key.slice(1), pos: 0 }, "key is a Uint32Array of 623, need a Uint32Array of 624"],
    [{ key, pos: -1 }, "pos is -1, need an integer in 0..624"],
    [{ key, pos: 625 }, "pos is 625, need an integer in 0..624"],
    [{ key: zeros, pos: 624 }, "key is all zeros, need one bit set"],
  ];
  const generator = new Mt19937(5), before = generator.getState();
  for (const [state, message] of refused) {
    throws(() => generator.setState(state), {
      name: "RangeError",
      message: `Cannot restore the generator: ${message}`,
    });
    deepStrictEqual(generator.getState(), before);
  }
  zeros[0] = 0x80000000;
  generator.setState({ key: zeros, pos: 624 });
  strictEqual(words(generator, 2000).some((word) => word !== 0), true);
  generator.setState({ key: Uint32Array.from(key, (_, i) => i === 1 ? 1 : 0), pos: 624 });
  strictEqual(words(generator, 2000).some((word) => word !== 0), true);
});
