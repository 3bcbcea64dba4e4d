// The library as one declaration file: `deno doc --html` lists categories only for such a file.
/**
 * A three-layer neural network for MNIST, equation by equation: the library, chapter by chapter.
 *
 * @module
 */
export * from "../mod.ts";
export * from "../lib/storage/onnx_file.ts";
