/** Builds small data sets in MNIST's format. */

/** Files by the names that they have in the data set's folder. */
export type Files = Record<string, Uint8Array<ArrayBuffer>>;

interface SmallSet {
  readonly train?: number;
  readonly test?: number;
  readonly height?: number;
  readonly width?: number;
  readonly classes?: number;
}

/** An IDX file of unsigned bytes. */
export function idxFile(
  sizes: readonly number[],
  bytes: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  const start = 4 + 4 * sizes.length;
  const file = new Uint8Array(start + bytes.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x800 + sizes.length);
  sizes.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  file.set(bytes, start);
  return file;
}

/**
 * A whole set under MNIST's names: 40 and 20 images of 4x3 in 3 classes, so that an epoch takes no
 * time.
 */
export function smallSet({ train = 40, test = 20, ...rest }: SmallSet = {}): Files {
  return { ...half("train", train, rest), ...half("t10k", test, rest) };
}

/**
 * The classes take turns. In an image of class k each `classes`th pixel from k on is bright; the
 * others are of grey that differs from image to image.
 */
function half(
  name: string,
  count: number,
  { height = 4, width = 3, classes = 3 }: SmallSet,
): Files {
  const size = height * width;
  const pixels = Uint8Array.from({ length: count * size }, (_, i) => {
    const image = Math.floor(i / size), pixel = i % size;
    return pixel % classes === image % classes ? 200 + (image % 50) : (37 * i * i + 11 * i) % 60;
  });
  const labels = Uint8Array.from({ length: count }, (_, image) => image % classes);
  return {
    [`${name}-images-idx3-ubyte`]: idxFile([count, height, width], pixels),
    [`${name}-labels-idx1-ubyte`]: idxFile([count], labels),
  };
}
