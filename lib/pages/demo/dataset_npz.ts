/**
 * Images and their labels on their way to the page: an npz file.
 *
 * @module
 */

import { FormatError } from "../../formats/format_error.ts";
import type { NdArray } from "../../formats/nd_array.ts";
import { readNpz, writeNpz } from "../../formats/npz.ts";
import { type Dataset, datasetFromIdx } from "../../data/dataset.ts";
import type { Dim } from "../../math/shape.ts";

/**
 * A data set as an npz file: bytes "pixels", shape (N, height, width), and "labels", shape (N).
 *
 * @throws {RangeError} if it is too large for one
 */
export function writeDataset(
  { size: { width, height }, count, pixels, labels }: Dataset<Dim<"inputs">>,
): Uint8Array<ArrayBuffer> {
  return writeNpz([
    ["pixels", { shape: [count, height, width], data: new Uint8Array(pixels) }],
    ["labels", { shape: [count], data: new Uint8Array(labels) }],
  ]);
}

/**
 * The data set that {@linkcode writeDataset} wrote, but for classes beyond the greatest label.
 *
 * @throws {FormatError} if the file is damaged, or holds none
 */
export function readDataset(bytes: Uint8Array): Dataset<Dim<"inputs">> {
  const arrays = readNpz(bytes, { names: ["pixels", "labels"] });
  const [pixels, labels] = ["pixels", "labels"].map((name) => checkBytes(name, arrays.get(name)));
  return datasetFromIdx(pixels!, labels!);
}

function checkBytes(name: string, array: NdArray | undefined): NdArray {
  if (array?.data instanceof Uint8Array) return array;
  const found = array ? `of ${array.dtype}` : "missing";
  throw new FormatError(`Cannot read data set: array "${name}" is ${found}, need bytes (|u1)`);
}
