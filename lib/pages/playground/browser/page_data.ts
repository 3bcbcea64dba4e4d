// What the page has besides its elements: data blocks, images to train on, and the scripts of its
// workers. A served page loads the images and the scripts; an exported one contains them.
import { fromBase64 } from "../../../formats/base64.ts";
import type { WorkerName } from "../workers.ts";
import type { ShownRule } from "../break/broken_rules.ts";
import { byId } from "./elements.ts";
import { PageError } from "./page_error.ts";

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

/** The bytes of a data block in the page. */
export function dataBlock(name: string): Uint8Array<ArrayBuffer> {
  return fromBase64(byId(`${name}-npz`, HTMLScriptElement).text);
}

/** The rules that can be broken. */
export function pageRules(): ShownRule[] {
  return JSON.parse(byId("rules", HTMLScriptElement).text);
}

/** How many images the page can train on and test with; undefined if it has none. */
export function imageCounts(): ImageCounts | undefined {
  const { trainImages, testImages } = byId("main", HTMLElement).dataset;
  return trainImages === undefined
    ? undefined
    : { train: Number(trainImages), test: Number(testImages) };
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

/** Starts a worker. */
export function startWorker(name: WorkerName): Worker {
  const script = document.getElementById(`${name}-script`);
  if (!script) return new Worker(`${name}.js`);
  const address = URL.createObjectURL(new Blob([script.textContent], { type: "text/javascript" }));
  return new Worker(address);
}

async function loadImages(half: keyof TrainingData, selection: Selection): Promise<Blob> {
  if (document.getElementById(`${half}-npz`)) {
    const packed = new Blob([dataBlock(half)]).stream();
    return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).blob();
  }
  const failure = (reason: string) => new PageError(`error.load.${half}`, { reason });
  const response = await fetch(`${selection === "all" ? "" : "few_"}${half}.npz`).catch((error) => {
    throw failure(error.message);
  });
  if (response.ok) return await response.blob();
  // with 500 the server says why it cannot read the images
  throw failure(
    response.status === 500 ? (await response.text()).trim() : `HTTP ${response.status}`,
  );
}
