/** Entry points that run outside Deno, in browsers too, and the packages that each may import. */
export const PORTABLE_ENTRIES: Readonly<Record<string, readonly string[]>> = {
  "mod.ts": ["npm:fflate"],
  "lib/storage/onnx_file.ts": ["npm:pbf"],
  "lib/pages/playground/playground_page.ts": ["npm:fflate"],
  "lib/pages/playground/browser/main.ts": ["npm:fflate"],
  "lib/pages/playground/browser/trainer.ts": ["npm:d3-scale", "npm:d3-shape", "npm:fflate"],
  "lib/pages/playground/browser/breaker.ts": ["npm:d3-scale", "npm:d3-shape", "npm:fflate"],
};
