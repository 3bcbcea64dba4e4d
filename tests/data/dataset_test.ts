// Data sets: sizes, batches, single images, and what is rejected.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  Dataset,
  datasetFromIdx,
  dim,
  FormatError,
  Indices,
  Matrix,
  type NdArray,
  ShapeError,
} from "../../mod.ts";

const data = Dataset.of(
  { width: 2, height: 1 },
  Uint8Array.of(0, 255, 51, 0, 102, 153),
  Uint8Array.of(3, 0, 1),
);

Deno.test("example: Dataset.of() takes its sizes from the data", () => {
  deepStrictEqual([data.count, data.inputs, data.classes].map(Number), [3, 2, 4]);
  const single = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(9), Uint8Array.of(0));
  strictEqual(single.classes as number, 1);
});

Deno.test("example: Dataset.batch() puts each image of the batch into a column, pixels divided by 255", () => {
  const { X, labels } = data.batch(Indices.of(3, [2, 0, 2]));
  deepStrictEqual(
    X,
    Matrix.of(dim("inputs", 2), 3, [0.4, 0, 0.4, 0.6, 1, 0.6]),
  );
  deepStrictEqual([...labels.values], [1, 3, 1]);
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

Deno.test("law: Dataset.chunks() yields the index of every example once, in order", () => {
  fc.assert(fc.property(fc.constantFrom(1, 499, 500, 501, 1203), (count) => {
    const many = Dataset.of({ width: 1, height: 1 }, new Uint8Array(count), new Uint8Array(count));
    const chunks = [...many.chunks()];
    deepStrictEqual(
      chunks.flatMap(({ values }) => [...values]),
      Array.from({ length: count }, (_, i) => i),
    );
    strictEqual(chunks.length, Math.ceil(count / 500));
  }));
});

Deno.test("example: Dataset.batch() throws RangeError for an index that is too great", () => {
  throws(
    () => data.batch(Indices.of(2, [0, 3])),
    new RangeError("Cannot use 3 as index 1: there are 3 examples, counted from 0"),
  );
});

Deno.test("example: Dataset.first() keeps the number of classes", () => {
  const two = data.first(2);
  deepStrictEqual([two.count, two.pixels.length, [...two.labels]], [2, 4, [3, 0]]);
  strictEqual(data.first(1).classes as number, 4);
  deepStrictEqual(data.first(3), data);
  for (const count of [0, 4, 1.5, -1]) {
    throws(
      () => data.first(count),
      new RangeError(`Cannot take the first ${count} of 3 examples: need an integer from 1 to 3`),
    );
  }
});

Deno.test("example: Dataset.image() is one image, not copied", () => {
  deepStrictEqual(data.image(0), { width: 2, height: 1, pixels: Uint8Array.of(0, 255) });
  deepStrictEqual(data.first(2).image(1), { width: 2, height: 1, pixels: Uint8Array.of(51, 0) });
  strictEqual(data.image(2).pixels.buffer, data.pixels.buffer);
});

Deno.test("example: Dataset.image() throws RangeError for an index that is out of range", () => {
  for (const index of [3, -1, 0.5, NaN]) {
    const words = `Cannot take image ${index}: there are 3, counted from 0`;
    throws(() => data.image(index), new RangeError(words));
  }
  throws(() => data.first(1).image(1), RangeError);
});

Deno.test("example: Dataset.of() throws ShapeError unless there are width · height pixels for each label", () => {
  throws(
    () => Dataset.of({ width: 2, height: 3 }, new Uint8Array(11), Uint8Array.of(1, 2)),
    new ShapeError("Cannot make 2 images of 3x2 from 11 pixels: need 12"),
  );
});

Deno.test("example: Dataset.of() throws RangeError without labels, and for a size that is not an integer of at least 1", () => {
  throws(
    () => Dataset.of({ width: 2, height: 3 }, new Uint8Array(0), new Uint8Array(0)),
    new RangeError('Cannot use 0 as the size of "examples": must be an integer >= 1'),
  );
  throws(
    () => Dataset.of({ width: 2, height: 0 }, new Uint8Array(0), Uint8Array.of(1)),
    new RangeError('Cannot use 0 as the size of "inputs": must be an integer >= 1'),
  );
});

Deno.test("example: datasetFromIdx() of two images of 1x3 and their labels", () => {
  const array = (shape: number[], ...bytes: number[]) => {
    return { shape, dtype: "|u1", fortranOrder: false, data: Uint8Array.from(bytes) };
  };
  const two = datasetFromIdx(array([2, 1, 3], 1, 2, 3, 4, 5, 6), array([2], 1, 0));
  deepStrictEqual(two.size, { width: 3, height: 1 });
  deepStrictEqual([[...two.pixels], [...two.labels]], [[1, 2, 3, 4, 5, 6], [1, 0]]);
});

Deno.test("example: datasetFromIdx() throws FormatError for other shapes, and for counts that differ", () => {
  const array = (...shape: number[]): NdArray => ({
    shape,
    dtype: "|u1",
    fortranOrder: false,
    data: new Uint8Array(shape.reduce((a, b) => a * b, 1)),
  });
  throws(
    () => datasetFromIdx(array(3, 2, 2), array(4)),
    new FormatError("Cannot label 3 images with 4 labels: need one for each image"),
  );
  throws(
    () => datasetFromIdx(array(3, 4), array(3)),
    new FormatError(
      "Cannot make a data set of shapes (3,4) and (3): need (images, height, width) and (images)",
    ),
  );
});
