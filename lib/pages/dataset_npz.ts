// Data sets as npz files, the form in which the page receives them.
import {
  type Dataset,
  datasetFromIdx,
  type Dim,
  FormatError,
  type NdArray,
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
  const arrays = readNpz(bytes, { names: ["pixels", "labels"] });
  const [pixels, labels] = ["pixels", "labels"].map((name) => needed(name, arrays.get(name)));
  return datasetFromIdx(pixels!, labels!);
}

function needed(name: string, array: NdArray | undefined): NdArray {
  if (array !== undefined) return array;
  throw new FormatError(`Cannot read data set: array "${name}" is missing`);
}
