// Named sizes, and lists of indices.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { dim, Indices, ShapeError } from "../../mod.ts";

Deno.test("example: dim() returns the size it names", () => {
  strictEqual(dim("batch", 100) as number, 100);
});

Deno.test("example: Indices.of() takes a copy, of a Uint32Array too", () => {
  for (const values of [[1, 2], Uint32Array.of(1, 2)]) {
    const indices = Indices.of(2, values);
    values[0] = 9;
    strictEqual(indices.values[0], 1);
  }
});

Deno.test("example: Indices.from() takes an array of any length, and leaves indices as they are", () => {
  const indices = Indices.from([4, 2]);
  deepStrictEqual<unknown>(indices, Indices.of(2, [4, 2]));
  strictEqual(Indices.from(indices), indices);
  deepStrictEqual<unknown>(Indices.from(Uint8Array.of(7)), Indices.of(1, [7]));
});

Deno.test("example: dim() and Indices refuse other sizes, counts and indices, and say what is needed", () => {
  const refused: [() => unknown, Error][] = [
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 53].map((size): [() => unknown, Error] => [
      () => dim("batch", size),
      new RangeError(`Cannot use ${size} as the size of "batch": must be an integer >= 1`),
    ]),
    [() => Indices.of(2, [1, 2, 3]), new ShapeError("Cannot make 2 indices of 3 numbers: need 2")],
    ...[-1, 0.5, NaN, 2 ** 32].map((bad): [() => unknown, Error] => [
      () => Indices.of(2, [0, bad]),
      new RangeError(`Cannot use ${bad} as index 1: must be an integer from 0 to 4294967295`),
    ]),
    ...([["2", 'the string "2"'], [7n, "the bigint 7"]] as const).map(
      ([bad, found]): [() => unknown, Error] => [
        () => Indices.of(1, [bad] as unknown as number[]),
        new RangeError(`Cannot use ${found} as index 0: must be an integer from 0 to 4294967295`),
      ],
    ),
    [
      () => Indices.from(5 as unknown as number[]),
      new TypeError("Cannot use 5 as indices: need Indices or an array of integers"),
    ],
    [
      () => Indices.from([]),
      new RangeError('Cannot use 0 as the size of "batch": must be an integer >= 1'),
    ],
    [
      () => Indices.of(3, [0, 9, 10]).checkBelow(10, "classes"),
      new RangeError("Cannot use 10 as index 2: there are 10 classes, counted from 0"),
    ],
  ];
  for (const [call, error] of refused) throws(call, error);
  Indices.of(3, [0, 9, 10]).checkBelow(11, "classes");
});
