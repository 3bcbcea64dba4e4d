// Data sets as npz files, the form in which the page receives them.
import {
  type Dataset,
  datasetFromIdx,
  type Dim,
  FormatError,
  readNpz,
  writeNpz,
} from "../../mod.ts";

/**
 * A data set as an npz file: bytes "pixels" of shape (N, height, width) and "labels" of shape (N).
 *
 * @throws {RangeError} if the data set is too large for an npz file
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
 * The data set that {@linkcode writeDataset} has written, with as many classes as its labels need.
 *
 * @throws {FormatError} if the file is damaged or holds no data set
 */
export function readDataset(bytes: Uint8Array): Dataset<Dim<"inputs">> {
  const names = ["pixels", "labels"], arrays = readNpz(bytes, { names });
  const missing = names.find((name) => !arrays.has(name));
  if (missing) throw new FormatError(`Cannot read data set: array "${missing}" is missing`);
  return datasetFromIdx(arrays.get("pixels")!, arrays.get("labels")!);
}
