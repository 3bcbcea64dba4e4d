// The library as one declaration file: `deno doc --html` lists categories only for such a file.
/**
 * A student's NumPy network for MNIST, reimplemented in typed, tested TypeScript: one function per
 * equation. Each category is a chapter.
 *
 * @module
 */
export * from "../mod.ts";
export * from "../lib/storage/onnx_file.ts";
