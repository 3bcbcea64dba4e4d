// What the page has besides its elements: data blocks and images to train on. A served page loads
// the images; a saved one contains them.
import { fromBase64 } from "../formats/base64.ts";
import type { Block } from "./blocks.ts";
import { PageError } from "./errors.ts";

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

/** The files of each selection: of all images, or of the first ones, which are enough for Break. */
const PREFIXES = { all: "", few: "few_" };

const loaded = new Map<string, Promise<TrainingData>>();

const sizesOf = ({ dataset: { sizes = "" } }: HTMLElement) => sizes.split(" ").map(Number);

/** A data block in the page. */
export function block(id: string): Block {
  const element = document.getElementById(id)!;
  return { sizes: sizesOf(element), bytes: fromBase64(element.textContent!.trim()) };
}

/**
 * The images to train on and to test with, to be passed to a worker: loaded once.
 *
 * @throws {PageError} if they cannot be loaded; the next call tries again
 */
export function trainingData(selection: keyof typeof PREFIXES = "all"): Promise<TrainingData> {
  const known = loaded.get(selection);
  if (known) return known;
  const sizes = sizesOf(document.getElementById("examples")!), prefix = PREFIXES[selection];
  const data = Promise.all([loadImages("train", prefix), loadImages("test", prefix)])
    .then(([train, test]) => ({ train, test, sizes }));
  loaded.set(selection, data);
  data.catch(() => loaded.delete(selection));
  return data;
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
  throw new PageError({
    en: `Cannot load the ${en} images: ${status ?? "the server does not answer"}`,
    ja: `${ja}画像を読み込めない（${status ?? "サーバーが応答しない"}）`,
  });
}
