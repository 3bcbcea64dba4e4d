/**
 * Tells whether data is the data a run began with.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { DataFingerprint } from "../storage/checkpoint_file.ts";
import type { Dataset } from "../data/dataset.ts";

/** Counts and SHA-256 of the images a run trains on and is tested on. */
export function fingerprint<D extends number>(
  training: Dataset<D>,
  test: Dataset<D>,
): DataFingerprint {
  return {
    trainCount: training.count,
    trainDigest: digest(training),
    testCount: test.count,
    testDigest: digest(test),
  };
}

/** SHA-256 of every pixel, image by image, and then every label. */
function digest<D extends number>({ pixels, labels }: Dataset<D>): Uint8Array {
  return new Uint8Array(createHash("sha256").update(pixels).update(labels).digest());
}
