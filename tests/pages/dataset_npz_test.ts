// Data sets as npz files: reading inverts writing, and anything else is rejected.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { readDataset, writeDataset } from "../../lib/pages/dataset_npz.ts";
import type { NdData } from "../../lib/formats/nd_array.ts";
import { Dataset, FormatError, readNpz, writeNpz } from "../../mod.ts";

const data = Dataset.of(
  { width: 3, height: 1 },
  Uint8Array.of(1, 2, 3, 4, 5, 6),
  Uint8Array.of(7, 0),
);

Deno.test("example: readDataset() inverts writeDataset(), whose arrays are (N, height, width) and (N)", () => {
  deepStrictEqual(readDataset(writeDataset(data)), data);
  strictEqual(readDataset(writeDataset(data.first(1))).classes as number, 8);
  const arrays = readNpz(writeDataset(data));
  deepStrictEqual([...arrays].map(([name, { shape, dtype }]) => [name, shape, dtype]), [
    ["pixels", [2, 1, 3], "|u1"],
    ["labels", [2], "|u1"],
  ]);
});

Deno.test("example: readDataset() refuses arrays that are missing or of another type", () => {
  const pixels = { shape: [1, 2, 2], data: Uint8Array.of(1, 2, 3, 4) as NdData };
  const labels = { shape: [1], data: Uint8Array.of(1) as NdData };
  const cases: [Record<string, typeof pixels>, string][] = [
    [{ labels }, 'Cannot read data set: array "pixels" is missing'],
    [{ pixels }, 'Cannot read data set: array "labels" is missing'],
    [
      { pixels, labels: { shape: [1], data: Float64Array.of(0.5) } },
      'Cannot make a data set of labels of dtype "<f8": need "|u1" (uint8)',
    ],
  ];
  for (const [arrays, words] of cases) {
    throws(() => readDataset(writeNpz(Object.entries(arrays))), new FormatError(words));
  }
});
