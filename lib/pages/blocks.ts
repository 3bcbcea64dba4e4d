// Networks and images as plain bytes, in the page, in what it loads and between it and its workers.
import { type AnyParameters, Dataset, type Dim, dim, Matrix } from "../../mod.ts";

/** Bytes, and the sizes by which they are read. */
export interface Block {
  readonly sizes: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** W1, b1, W2 and b2, one after the other; the sizes are D, M and K. */
export function parametersBlock({ W1, b1, W2, b2 }: AnyParameters): Block {
  const parts = [W1, b1, W2, b2].map(({ data }) => data);
  const numbers = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((start, data) => (numbers.set(data, start), start + data.length), 0);
  return { sizes: [W1.columns, W1.rows, W2.rows], bytes: new Uint8Array(numbers.buffer) };
}

/** The parameters of {@linkcode parametersBlock}. */
export function blockParameters({ sizes: [D, M, K], bytes }: Block): AnyParameters {
  const [inputs, hidden, classes] = [dim("inputs", D!), dim("hidden", M!), dim("classes", K!)];
  const numbers = new Float64Array(bytes.slice().buffer), W2 = M! * D! + M!, b2 = W2 + K! * M!;
  return {
    W1: Matrix.of(hidden, inputs, numbers.subarray(0, M! * D!)),
    b1: Matrix.of(hidden, 1, numbers.subarray(M! * D!, W2)),
    W2: Matrix.of(classes, hidden, numbers.subarray(W2, b2)),
    b2: Matrix.of(classes, 1, numbers.subarray(b2)),
  };
}

/** The pixels of all images, then their labels; the sizes are those of an image. */
export function imagesBlock({ size, pixels, labels }: Dataset<Dim<"inputs">>): Block {
  const bytes = new Uint8Array(pixels.length + labels.length);
  bytes.set(pixels);
  bytes.set(labels, pixels.length);
  return { sizes: [size.width, size.height], bytes };
}

/** The images of {@linkcode imagesBlock}. */
export function blockImages({ sizes: [width, height], bytes }: Block): Dataset<Dim<"inputs">> {
  const count = bytes.length / (width! * height! + 1), end = bytes.length - count;
  const size = { width: width!, height: height! };
  return Dataset.of(size, bytes.subarray(0, end), bytes.subarray(end), { copy: false });
}
