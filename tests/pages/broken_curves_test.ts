// The curves of a broken network and of the right one.
import { deepStrictEqual, ok } from "node:assert/strict";
import { withCurves } from "../../lib/pages/break/breaker.ts";
import type { Comparison, NetworkState } from "../../lib/pages/break/comparison.ts";
import { wellFormed } from "../helpers/markup.ts";

/** A network of this loss. */
function network(crossEntropy: number): NetworkState {
  const quality = { crossEntropy, accuracy: 0.5 };
  return { train: quality, test: quality, units: [] };
}

/** The curves of a right network with losses 2, 1, 0.5, and of a broken one. */
function curves(losses: readonly number[], lang: "en" | "ja" = "en"): string {
  const epochs = [2, 1, 0.5].map((loss, epoch) => ({
    epoch,
    hashes: undefined,
    right: network(loss),
    broken: losses[epoch] === undefined ? undefined : network(losses[epoch]),
  }));
  const data = { count: 1, classes: 10 };
  return withCurves(epochs, { training: data, test: data } as Comparison).curves[lang];
}

Deno.test("example: withCurves() draws two panels of four curves, each described", () => {
  for (const lang of ["en", "ja"] as const) {
    const tags = wellFormed(`<div>${curves([2, 1.5, 1.2], lang)}</div>`);
    const panels = tags.filter(({ name }) => name === "svg");
    deepStrictEqual(panels.map(({ attributes }) => attributes.get("lang")), [lang, lang]);
    const lines = tags.filter(({ attributes }) => attributes.get("d")?.includes("L"));
    deepStrictEqual(lines.length, 8);
  }
  const [loss] = curves([2, 1.5, 1.2]).split("</svg>");
  ok(loss!.includes("right, test images: 2 in epoch 0, 0.5 in epoch 2"), loss);
  ok(loss!.includes("broken, test images: 2 in epoch 0, 1.2 in epoch 2"), loss);
});

Deno.test("example: withCurves() ends the curves where the broken network diverged, and has a logarithmic axis for large losses", () => {
  const diverged = curves([2, 1.5]);
  ok(diverged.includes("broken, test images: 2 in epoch 0, 1.5 in epoch 1"));
  ok(!diverged.includes("logarithmic"));
  ok(curves([2, 700, 1e6]).includes("Cross-entropy (nats), logarithmic"));
});
