/** Entry points that run outside Deno, in browsers too, and the packages that each may import. */
export const PORTABLE_ENTRIES: Readonly<Record<string, readonly string[]>> = {
  "mod.ts": ["fflate"],
  "lib/storage/onnx_file.ts": ["pbf"],
  "lib/pages/playground/playground_page.ts": [
    "fflate",
    "preact",
    "preact-render-to-string",
  ],
  "lib/pages/playground/browser/main.ts": ["fflate", "preact"],
  "lib/pages/playground/browser/trainer.ts": ["d3-scale", "d3-shape", "fflate"],
  "lib/pages/playground/browser/breaker.ts": ["d3-scale", "d3-shape", "fflate"],
};
