// What the workers of the page that train have in common.
import { type CurvesOptions, drawSeries, type Series } from "../charts/curves.ts";
import { type Language, t, type Text } from "../text/layout.ts";
import { readDataset } from "./dataset_npz.ts";
import type { Images } from "./training_run.ts";

const { port1, port2 } = new MessageChannel();

/** Lets a worker receive messages, and its own workers start, before it goes on computing. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(undefined); // a timer would wait for some milliseconds
  });
}

/** The images of an npz file of the page. */
export async function readImages(file: Blob): Promise<Images> {
  return readDataset(new Uint8Array(await file.arrayBuffer()));
}

/** The curves of the cross-entropy and of the accuracy, one below the other, as SVG. */
export function drawCurves(series: (lang: Language) => Series[], options: CurvesOptions): Text {
  const draw = (lang: Language) =>
    (["crossEntropy", "accuracy"] as const).map((measure) => {
      const legend = measure === "crossEntropy";
      return drawSeries(series(lang), measure, { ...options, lang, legend });
    }).join("\n");
  return t(draw("en"), draw("ja"));
}
