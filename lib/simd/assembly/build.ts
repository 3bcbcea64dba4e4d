/**
 * Compiles the AssemblyScript of this folder to ../generated/simd_wasm.ts: `deno task wasm`.
 *
 * @module
 */

import asc from "assemblyscript/asc";
import { base64Constant, writeModule } from "../../../scripts/generated_file.ts";

const OPTIONS = [
  "-O2", // -O3 only inlines the inner loop in more places
  "--noAssert",
  "--enable=simd", // not relaxed-simd, whose results depend on the processor
  "--runtime=stub", // no allocator: TypeScript allocates all arrays
  "--use=abort=",
  "--importMemory",
];

writeModule(new URL("../generated/simd_wasm.ts", import.meta.url), {
  task: "wasm",
  summary: ["The WebAssembly code of SimdEngine, compiled from assembly/."],
  code: base64Constant("SIMD_WASM", "A WebAssembly module in base64.", await compile("index.ts")),
});

async function compile(entry: string): Promise<Uint8Array> {
  let code = new Uint8Array(), messages = "";
  const { error } = await asc.main([entry, "--outFile=simd.wasm", ...OPTIONS], {
    readFile: (name: string) => readIfThere(new URL(name, import.meta.url)),
    writeFile: (_: string, contents: Uint8Array | string) => {
      if (typeof contents === "string") throw new Error(`Cannot use text as ${entry}'s module`);
      code = Uint8Array.from(contents);
    },
    stderr: { write: (text: string) => messages += text },
  });
  if (error !== null) throw new Error(`Cannot compile ${entry}: ${error.message}\n${messages}`);
  if (messages !== "") throw new Error(`Cannot compile ${entry} without warnings:\n${messages}`);
  return code;
}

/** The compiler also asks for files of its own library, and expects null for them. */
function readIfThere(file: URL): string | null {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
