// What the page has besides its elements: data blocks and images to train on. A served page loads
// the images; a saved one contains them.
import { fromBase64 } from "../formats/base64.ts";
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

let data: Promise<TrainingData> | undefined;

/** The bytes of a data block in the page. */
export function dataBlock(name: string): Uint8Array<ArrayBuffer> {
  return fromBase64(document.getElementById(`${name}-npz`)!.textContent);
}

/**
 * The images to train on and to test with, to be passed to a worker: loaded once.
 *
 * @throws {PageError} if they cannot be loaded; the next call tries again
 */
export function trainingData(): Promise<TrainingData> {
  data ??= Promise.all([loadImages("train"), loadImages("test")])
    .then(([train, test]) => ({ train, test }));
  data.catch(() => data = undefined);
  return data;
}

async function loadImages(half: keyof TrainingData): Promise<Blob> {
  if (document.getElementById(`${half}-npz`)) {
    const packed = new Blob([dataBlock(half)]).stream();
    return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).blob();
  }
  const failure = (en: string, ja: string) =>
    new PageError({
      en: `Cannot load the ${{ train: "training", test: "test" }[half]} images: ${en}`,
      ja: `${{ train: "訓練", test: "テスト" }[half]}画像を読み込めない（${ja}）`,
    });
  const response = await fetch(`${half}.npz`).catch(() => {
    throw failure("the server does not answer", "サーバーが応答しない");
  });
  if (response.ok) return await response.blob();
  // with 500 the server says why it cannot read the images
  const reason = response.status === 500
    ? (await response.text()).trim()
    : `HTTP ${response.status}`;
  throw failure(reason, reason);
}
