/**
 * The files that the generic mutants change, each with the test files that must fail, fast ones
 * first.
 *
 * @module
 */

import { existsSync } from "node:fs";

/**
 * A source file under lib/ and its tests under tests/, each without its ending: `_test.ts`, and
 * `_proof.ts` if there is one.
 */
export const TARGETS: Readonly<Record<string, readonly string[]>> = {
  "math/exp": ["math/exp"],
  "math/fma": ["math/fma"],
  "math/log": ["math/log", "random/random_state"],
  "math/matrix": ["math/matrix", "network/affine", "network/softmax_cross_entropy"],
  "math/format_matrix": ["math/format_matrix"],
  "network/affine": ["network/affine", "network/network"],
  "network/sigmoid": ["network/sigmoid", "network/network"],
  "network/softmax_cross_entropy": ["network/softmax_cross_entropy", "network/network"],
  "network/network": ["network/network", "training/train"],
  "network/sgd": ["network/network"],
  "random/mt19937": ["random/mt19937", "random/random_state"],
  "random/random_state": ["random/random_state"],
  "formats/crc32": ["formats/crc32"],
  "formats/float16": ["formats/npy", "formats/npz"],
  "formats/format_error": ["formats/format_error"],
  "formats/idx": ["formats/idx"],
  "formats/inflate": ["formats/inflate"],
  "formats/nd_array": ["formats/nd_array", "formats/npy"],
  "formats/npy": ["formats/npy", "formats/npz"],
  "formats/npy_header": ["formats/npy", "formats/npz"],
  "formats/npz": ["formats/npz"],
  "formats/zip/end_records": ["formats/zip/end_records", "formats/npz"],
  "formats/zip/zip": ["formats/zip/zip", "formats/npz"],
  "formats/zip/zip_records": ["formats/zip/zip", "formats/npz"],
  "data/dataset": ["data/dataset"],
  "storage/parameters_file": ["storage/parameters_file"],
  "training/classify": ["training/evaluate", "training/train", "training/classify"],
  "training/evaluate": ["training/evaluate"],
  "training/train": ["training/train"],
  "storage/checkpoint_file": ["storage/checkpoint_file"],
};

/** The test files of a source file, from tests/, the fast ones before the slow ones. */
export function testsOf(file: string): string[] {
  const files = ["test", "proof"].flatMap((size) =>
    (TARGETS[file] ?? []).map((name) => `${name}_${size}.ts`)
  );
  return files.filter((name) => existsSync(new URL(`../../${name}`, import.meta.url)));
}
