// Data sets: what fits together, batches, and their images.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { ReferenceEngine } from "../../lib/training/reference_engine.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import type { NdArray, NdData } from "../../lib/formats/nd_array.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import { initialise } from "../../lib/network/network.ts";
import { Indices } from "../../lib/math/indices.ts";
import { FormatError } from "../../lib/formats/errors.ts";
import { dim, ShapeError } from "../../lib/math/shape.ts";
import { Dataset, datasetFromIdx } from "../../lib/data/dataset.ts";
import { classify } from "../../lib/training/classify.ts";
import { blankImage, checkPixels } from "../../lib/data/image.ts";

const data = Dataset.of(
  { width: 2, height: 1 },
  Uint8Array.of(0, 255, 51, 0, 102, 153),
  Uint8Array.of(3, 0, 1),
);

function idx(shape: number[], data: NdData, dtype = "|u1"): NdArray {
  return { shape, dtype, fortranOrder: false, data };
}

Deno.test("example: Dataset.of() takes its sizes from the data", () => {
  deepStrictEqual([data.count, data.inputs, data.classes].map(Number), [3, 2, 4]);
  const single = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(9), Uint8Array.of(0));
  strictEqual(single.classes as number, 1);
});

Deno.test("example: Dataset.of() copies pixels, labels and size", () => {
  const size = { width: 2, height: 1 };
  const pixels = Uint8Array.of(0, 255, 51, 0), labels = Uint8Array.of(3, 0);
  const made = Dataset.of(size, pixels, labels);
  size.width = 4;
  pixels.fill(9);
  labels.fill(200);
  deepStrictEqual(
    [made.size, [...made.pixels], [...made.labels]],
    [{ width: 2, height: 1 }, [0, 255, 51, 0], [3, 0]],
  );
});

Deno.test("law: Dataset.ofNumbers() takes byte / 255 as float64 or float32, and any number 1e-6 away, for the byte", () => {
  const offset = fc.double({ min: -0.999e-6, max: 0.999e-6, noNaN: true }); // a sum is rounded
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 50 });
  fc.assert(fc.property(bytes, offset, fc.nat({ max: 255 }), (bytes, offset, label) => {
    const size = { width: bytes.length, height: 1 };
    const numbers = Float64Array.from(bytes, (byte) => byte / 255);
    for (const pixels of [numbers, new Float32Array(numbers), numbers.map((x) => x + offset)]) {
      const made = Dataset.ofNumbers(size, pixels, [label]);
      deepStrictEqual(made, Dataset.of(size, bytes, Uint8Array.of(label)));
    }
  }));
});

Deno.test("law: Dataset.ofNumbers() refuses numbers between bytes", () => {
  const between = fc.double({ min: 2e-6, max: 1 / 255 - 2e-6, noNaN: true });
  fc.assert(fc.property(fc.nat({ max: 254 }), between, (k, offset) => {
    const value = k / 255 + offset, size = { width: 1, height: 1 };
    throws(() => Dataset.ofNumbers(size, [value], [0]), RangeError);
  }));
});

Deno.test("example: without copy Dataset.of() and datasetFromIdx() keep the arrays", () => {
  const pixels = Uint8Array.of(0, 255, 51, 0), labels = Uint8Array.of(7, 3);
  const images = idx([2, 1, 2], pixels), classes = idx([2], labels);
  for (const copy of [false, true]) {
    const size = { width: 2, height: 1 };
    for (
      const data of [
        Dataset.of(size, pixels, labels, { copy }),
        datasetFromIdx(images, classes, { copy }),
      ]
    ) {
      strictEqual(data.pixels === pixels, !copy);
      strictEqual(data.labels === labels, !copy);
      deepStrictEqual([data.pixels, data.labels, data.classes], [pixels, labels, 8]);
    }
  }
});

Deno.test("example: Dataset.batch() and first() give copies and shared memory", () => {
  const made = Dataset.of(data.size, data.pixels, data.labels);
  const { X, labels } = made.batch(Indices.of(1, [0]));
  X.data.fill(7);
  labels.values.fill(7);
  deepStrictEqual(made, data);
  const one = made.first(1);
  deepStrictEqual(
    [one.pixels.buffer, one.labels.buffer],
    [made.pixels.buffer, made.labels.buffer],
  );
});

Deno.test("example: Dataset.batch() puts each image of the batch into a column, pixels divided by 255", () => {
  const { X, labels } = data.batch(Indices.of(3, [2, 0, 2]));
  deepStrictEqual(
    X,
    Matrix.of(dim("inputs", 2), 3, [0.4, 0, 0.4, 0.6, 1, 0.6]),
  );
  deepStrictEqual([...labels.values], [1, 3, 1]);
});

Deno.test("example: Dataset.withInputs() is the same data set for a network with a literal number of inputs", () => {
  const literal: Dataset<2> = data.withInputs(2);
  deepStrictEqual<unknown>(literal, data);
  strictEqual(literal.pixels, data.pixels);
  const parameters = initialise(2, 3, 4, new RandomState(1));
  strictEqual(new ReferenceEngine(parameters, literal).step([0, 1, 2], 0.1).correct >= 0, true);
  strictEqual(classify(parameters, data.image(0)).probabilities.length, 4);
});

Deno.test("law: Dataset.batch() divides every byte by 255, to the bit", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), (pixels) => {
    const one = Dataset.of({ width: pixels.length, height: 1 }, pixels, Uint8Array.of(0));
    deepStrictEqual(
      [...one.batch(Indices.of(1, [0])).X.data],
      Array.from(pixels, (byte) => byte / 255),
    );
  }));
});

Deno.test("example: Dataset.first() keeps the number of classes", () => {
  const two = data.first(2);
  deepStrictEqual([two.count, two.pixels.length, [...two.labels]], [2, 4, [3, 0]]);
  strictEqual(data.first(1).classes as number, 4);
  deepStrictEqual(data.first(3), data);
  // also where the class with the greatest number comes later
  const late = Dataset.of(data.size, data.pixels, Uint8Array.of(0, 1, 3));
  strictEqual(late.first(2).classes as number, 4);
});

Deno.test("example: Dataset.image() is one image, not copied", () => {
  deepStrictEqual(data.image(0), { width: 2, height: 1, pixels: Uint8Array.of(0, 255) });
  deepStrictEqual(data.first(2).image(1), { width: 2, height: 1, pixels: Uint8Array.of(51, 0) });
  strictEqual(data.image(2).pixels.buffer, data.pixels.buffer);
  const high = Dataset.of({ width: 1, height: 2 }, data.pixels, data.labels);
  deepStrictEqual(high.image(1), { width: 1, height: 2, pixels: Uint8Array.of(51, 0) });
});

Deno.test("example: data sets refuse other pixels, labels, sizes and indices, and say what is needed", () => {
  const size = { width: 2, height: 1 }, bytes = Uint8Array.of(0, 1);
  const of = (pixels: unknown, labels: unknown) =>
    Dataset.of(size, pixels as Uint8Array, labels as Uint8Array);
  const ofNumbers = (pixels: unknown, labels: unknown) =>
    Dataset.ofNumbers(size, pixels as number[], labels as number[]);
  const numbers = "for numbers from 0 to 1 use Dataset.ofNumbers()";
  const pixelsIn = (found: string) =>
    new TypeError(`Cannot make a data set of pixels in ${found}: need a Uint8Array; ${numbers}`);
  const pixel = (found: string) =>
    new RangeError(`Cannot use ${found} as pixel 1: need a number from 0 to 1`);
  const label = (found: string) =>
    new RangeError(`Cannot use ${found} as label 0: need an integer from 0 to 255`);
  const first = (count: number) =>
    new RangeError(`Cannot take the first ${count} of 3 examples: need an integer from 1 to 3`);
  const image = (index: number) =>
    new RangeError(`Cannot take image ${index}: there are 3, counted from 0`);
  const dtype = (name: string, dtype: string, advice: string) =>
    new FormatError(
      `Cannot make a data set of ${name} of dtype "${dtype}": need "|u1" (uint8)${advice}`,
    );
  const images = idx([1, 1, 2], bytes), labels = idx([1], Uint8Array.of(1));
  const refused: [() => unknown, Error][] = [
    [() => of(Float64Array.of(0.5, 1), bytes), pixelsIn("Float64Array")],
    [
      () => of(bytes, BigInt64Array.of(1n)),
      new TypeError(
        "Cannot make a data set of labels in BigInt64Array: need a Uint8Array; " +
          "each label is an integer from 0 to 255",
      ),
    ],
    [
      () => Dataset.of({ width: 2, height: 3 }, new Uint8Array(11), bytes),
      new ShapeError("Cannot make 2 images of 3x2 from 11 pixels: need 12"),
    ],
    ...[NaN, -2e-6, 1 + 2e-6, 255, null].map((bad): [() => unknown, Error] => [
      () => ofNumbers([0, bad], [0]),
      pixel(String(bad)),
    ]),
    [
      () => ofNumbers([0.5, 0], [0]),
      new RangeError(
        "Cannot use 0.5 as pixel 0: need k / 255 to within 0.000001, 128 is the nearest k; " +
          "Dataset.of() takes bytes",
      ),
    ],
    ...[-1, 256, 0.5].map((bad): [() => unknown, Error] => [
      () => ofNumbers([0, 0], [bad]),
      label(String(bad)),
    ]),
    [
      () => data.withInputs(3),
      new ShapeError("Cannot take images of 2 pixels for 3 inputs"),
    ],
    ...[0, 4, 1.5, -1].map((n): [() => unknown, Error] => [() => data.first(n), first(n)]),
    ...[3, -1, 0.5, NaN].map((i): [() => unknown, Error] => [() => data.image(i), image(i)]),
    ...([
      [">f8", Float64Array.of(0, 1)],
      ["<i8", BigInt64Array.of(0n, 1n)],
      ["|b1", Uint8Array.of(0, 1)], // NumPy's bool, whose true is no white pixel
    ] as const).flatMap(([type, values]): [() => unknown, Error][] => [
      [
        () => datasetFromIdx(idx([1, 1, 2], values, type), labels),
        dtype("images", type, `; ${numbers}`),
      ],
      [
        () => datasetFromIdx(images, idx([1], values.slice(1), type)),
        dtype("labels", type, ""),
      ],
    ]),
    [
      () => datasetFromIdx(images, idx([2], bytes)),
      new FormatError("Cannot label 1 images with 2 labels: need one for each image"),
    ],
    [
      () => datasetFromIdx(idx([1, 2], bytes), labels),
      new FormatError(
        "Cannot make a data set of shapes (1,2) and (1): need (images, height, width) and (images)",
      ),
    ],
  ];
  for (const [call, error] of refused) throws(call, error);
});

Deno.test("example: an image has sides of at least 1 and at most 2³¹ - 1 pixels, and as many values", () => {
  const sizes = [[0, 1], [1.5, 1], [65536, 32768]] as const;
  for (const [width, height] of sizes) {
    const error = new RangeError(
      `Cannot make an image ${width} wide and ${height} high: ` +
        "need integers greater than 0, and at most 2147483647 pixels",
    );
    throws(() => blankImage({ width, height }), error);
    throws(() => checkPixels({ width, height }, new Uint8Array(5)), error);
  }
  throws(
    () => checkPixels({ width: 2, height: 3 }, new Uint8Array(23), 4),
    new ShapeError("Cannot take 23 values as 3x2 pixels of 4 values: need 24"),
  );
});
