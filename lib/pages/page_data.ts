// What the page has besides its elements: data blocks and images to train on. A served page loads
// the images; a saved one contains them.
import { fromBase64 } from "../formats/base64.ts";
import type { Block } from "./blocks.ts";
import { PageError } from "./errors.ts";

/**
 * The images to train on and those to test with, each an npz file that `readDataset` reads. A blob
 * is passed to a worker without being copied.
 */
export interface TrainingData {
  readonly train: Blob;
  readonly test: Blob;
}

/** The number of images to train on, and of those to test with. */
export type ImageCounts = Readonly<Record<keyof TrainingData, number>>;

/** All images to train on and to test with, or the first of each, which are enough for Break. */
export type Selection = "all" | "few";

const loaded = new Map<Selection, Promise<TrainingData>>();

/** A data block in the page. */
export function block(id: string): Block & { readonly bytes: Uint8Array<ArrayBuffer> } {
  const { dataset: { sizes = "" }, textContent } = document.getElementById(id)!;
  return { sizes: sizes.split(" ").map(Number), bytes: fromBase64(textContent!.trim()) };
}

/**
 * The images to train on and to test with, to be passed to a worker: loaded once.
 *
 * @throws {PageError} if they cannot be loaded; the next call tries again
 */
export function trainingData(selection: Selection = "all"): Promise<TrainingData> {
  const known = loaded.get(selection);
  if (known) return known;
  const data = Promise.all([loadImages("train", selection), loadImages("test", selection)])
    .then(([train, test]) => ({ train, test }));
  loaded.set(selection, data);
  data.catch(() => loaded.delete(selection));
  return data;
}

async function loadImages(half: keyof TrainingData, selection: Selection): Promise<Blob> {
  if (document.getElementById(`${half}-npz`)) {
    const packed = new Blob([block(`${half}-npz`).bytes]).stream();
    return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).blob();
  }
  const response = await fetch(`${selection === "all" ? "" : "few_"}${half}.npz`)
    .catch(() => undefined);
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
