/** Entry points that run outside Deno, in browsers too, and the packages that each may import. */
export const PORTABLE_ENTRIES: Readonly<Record<string, readonly string[]>> = {
  "mod.ts": ["fflate"],
  "lib/storage/onnx_file.ts": ["pbf"],
  "lib/pages/page.tsx": ["fflate", "preact", "preact-render-to-string"],
  "lib/pages/main.tsx": ["fflate", "preact"],
  "lib/pages/worker.ts": ["d3-scale", "fflate"],
};
