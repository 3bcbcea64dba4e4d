/**
 * Which files are changed, and which test files must notice: those about the file, the quick ones first.
 *
 * @module
 */

/** A source file under lib/ and test files under tests/, each without its ending. */
export const TARGETS: Readonly<Record<string, readonly string[]>> = {
  "elementary": ["elementary", "random_state"],
  "matrix": ["matrix", "affine", "softmax_cross_entropy"],
  "layers/affine": ["affine", "network"],
  "layers/sigmoid": ["sigmoid", "network"],
  "layers/softmax_cross_entropy": ["softmax_cross_entropy", "network"],
  "network": ["network", "train"],
  "sgd": ["network"],
  "random/mt19937": ["mt19937", "random_state"],
  "random/random_state": ["random_state"],
  "formats/crc32": ["crc32"],
  "formats/format_error": ["format_error"],
  "formats/idx": ["idx"],
  "formats/inflate": ["zip", "npz"],
  "formats/nd_array": ["nd_array", "npy"],
  "formats/npy": ["npy", "npz"],
  "formats/npy_header": ["npy", "npz"],
  "formats/npz": ["npz"],
  "formats/zip": ["zip", "npz"],
  "formats/zip_records": ["zip", "npz"],
  "mnist": ["mnist"],
  "parameters_file": ["parameters_file"],
  "accuracy": ["evaluate", "train"],
  "evaluate": ["evaluate"],
  "train": ["train"],
  "checkpoint_file": ["checkpoint_file"],
};
