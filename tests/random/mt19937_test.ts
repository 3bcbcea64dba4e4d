// Mt19937 against its authors' published words, and its state.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Mt19937, type Mt19937State, type Seed } from "../../lib/random/mt19937.ts";

function words(generator: Mt19937, count: number): number[] {
  return Array.from({ length: count }, () => generator.nextUint32());
}

Deno.test("reference: Mt19937 seeded by an array gives the words of mt19937ar.out", () => {
  const generator = new Mt19937([0x123, 0x234, 0x345, 0x456]);
  deepStrictEqual(words(generator, 5), [
    1067595299,
    955945823,
    477289528,
    4107218783,
    4228976476,
  ]);
});

Deno.test("reference: Mt19937 seeded by 5489 gives the 10,000th word that the C++ standard names", () => {
  strictEqual(words(new Mt19937(5489), 10000).at(-1), 4123659995); // [rand.predef] of ISO C++
});

Deno.test("law: Mt19937 takes the same seed as number[] and as Uint32Array", () => {
  fc.assert(
    fc.property(fc.uint32Array({ minLength: 1 }), (seed) => {
      deepStrictEqual(words(new Mt19937(seed), 3), words(new Mt19937([...seed]), 3));
    }),
  );
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
  const integer = "need an integer in 0..4294967295";
  const refused: [unknown, string][] = [
    ...[-1, 2 ** 32, 0.5, NaN, Infinity].map((seed): [number, string] => [
      seed,
      `${seed}: ${integer}`,
    ]),
    [[], "an empty array: need at least one integer"],
    [new Uint32Array(0), "an empty array: need at least one integer"],
    [[1, -1], `-1 at position 1: ${integer}`],
    [[2 ** 32], `4294967296 at position 0: ${integer}`],
    [[1, 2, 0.5], `0.5 at position 2: ${integer}`],
    [["7"], `the string "7" at position 0: ${integer}`],
    [BigUint64Array.of(7n), `the bigint 7 at position 0: ${integer}`],
    [new Array(2), `undefined at position 0: ${integer}`],
    ["601", `the string "601": ${integer} or a list of them`],
    [undefined, `undefined: ${integer} or a list of them`],
    [{ length: 1, 0: 601 }, `an object: ${integer} or a list of them`],
    [new DataView(new ArrayBuffer(4)), `an object: ${integer} or a list of them`],
  ];
  for (const [seed, message] of refused) {
    throws(() => new Mt19937(seed as Seed), { message: `Cannot seed with ${message}` });
  }
});

Deno.test("example: Mt19937.setState() throws RangeError for an invalid state, and is then unchanged", () => {
  const key = new Mt19937(601).getState().key;
  // all but the top bit of the first word is left out of account by the recurrence
  const zeros = Uint32Array.from(key, (_, i) => i === 0 ? 0x7fffffff : 0);
  const refused: [Mt19937State, string][] = [
    [{ key: key.slice(1), pos: 0 }, "key is a Uint32Array of 623, need a Uint32Array of 624"],
    [
      { key: new Uint32Array(625), pos: 0 },
      "key is a Uint32Array of 625, need a Uint32Array of 624",
    ],
    [
      { key: [...key] as unknown as Uint32Array, pos: 0 },
      "key is no Uint32Array, need a Uint32Array of 624",
    ],
    [{ key, pos: -1 }, "pos is -1, need an integer in 0..624"],
    [{ key, pos: 625 }, "pos is 625, need an integer in 0..624"],
    [{ key, pos: 0.5 }, "pos is 0.5, need an integer in 0..624"],
    [{ key, pos: NaN }, "pos is NaN, need an integer in 0..624"],
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
