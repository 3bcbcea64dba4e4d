// Networks and images as plain bytes: in the page, in what it loads and between it and its workers.
// A served page loads the images to train on; a saved one contains them.
import { type AnyParameters, Dataset, type Dim, dim, Matrix } from "../../mod.ts";
import { fromBase64 } from "../formats/base64.ts";
import { t } from "../text/layout.ts";
import { PageError } from "./texts.ts";

/** Bytes, and the sizes by which they are read. */
export interface Block {
  readonly sizes: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** W1, b1, W2 and b2, one after the other; the sizes are D, M and K. */
export function parametersBlock({ W1, b1, W2, b2 }: AnyParameters): Block {
  const numbers = new Float64Array([...W1.data, ...b1.data, ...W2.data, ...b2.data]);
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

/**
 * The images to train on and those to test with, the bytes of `imagesBlock`. A blob is passed to a
 * worker without being copied.
 */
export interface TrainingData extends Pick<Block, "sizes"> {
  readonly train: Blob;
  readonly test: Blob;
}

/** The number of images to train on, and of those to test with. */
export type ImageCounts = Readonly<Record<"train" | "test", number>>;

/** A data block in the page. */
export function block(id: string): Block {
  const { dataset: { sizes = "" }, textContent } = document.getElementById(id)!;
  return { sizes: sizes.split(" ").map(Number), bytes: fromBase64(textContent!.trim()) };
}

/** The images that have been loaded: every training has another worker, which needs them anew. */
const loaded = new Map<string, Promise<TrainingData>>();

/**
 * The images to train on and to test with: all, or the first few, which are enough for Break.
 *
 * @throws {PageError} if they cannot be loaded; the next call tries again
 */
export function trainingData(selection: "all" | "few" = "all"): Promise<TrainingData> {
  const data = loaded.get(selection) ?? loadData(selection === "few" ? "few_" : "");
  loaded.set(selection, data);
  data.catch(() => loaded.delete(selection));
  return data;
}

async function loadData(prefix: string): Promise<TrainingData> {
  const { sizes } = block("examples");
  const halves = (["train", "test"] as const).map((half) => loadImages(half, prefix));
  const [train, test] = await Promise.all(halves);
  return { train: train!, test: test!, sizes };
}

async function loadImages(half: keyof ImageCounts, prefix: string): Promise<Blob> {
  if (document.getElementById(`${half}-images`)) {
    const packed = new Blob([block(`${half}-images`).bytes]).stream();
    return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).blob();
  }
  const response = await fetch(`${prefix}${half}.images`).catch(() => undefined);
  if (response?.ok) return await response.blob();
  // with 500 the server says why it cannot read the images
  const reason = response?.status === 500 ? (await response.text()).trim() : undefined;
  const status = reason ?? (response && `HTTP ${response.status}`);
  const [en, ja] = { train: ["training", "訓練"], test: ["test", "テスト"] }[half];
  const words = t(
    `Cannot load the ${en} images: ${status ?? "the server does not answer"}`,
    `${ja}画像を読み込めない（${status ?? "サーバーが応答しない"}）`,
  );
  throw new PageError(words);
}
