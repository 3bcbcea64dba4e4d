/**
 * Compiles the AssemblyScript of this folder to ../generated/simd_wasm.ts: `deno task wasm`.
 *
 * `--print` writes the module to standard output instead; a test compares that with the file.
 *
 * @module
 */

import asc from "assemblyscript/asc";
import { toBase64 } from "../../formats/base64.ts";

const OPTIONS = [
  "-O2", // -O3 only inlines the inner loop in more places
  "--noAssert",
  "--enable=simd", // not relaxed-simd, whose results depend on the processor
  "--runtime=stub", // no allocator: TypeScript allocates all arrays
  "--use=abort=",
  "--importMemory",
];

const module = `/**
 * WebAssembly code of SimdEngine, compiled from assembly/ by \`deno task wasm\`. Do not edit.
 *
 * @module
 */

/** The WebAssembly module in base64. */
export const SIMD_WASM: string = \`
${toBase64(await compile("index.ts")).replaceAll(/.{100}(?=.)/g, "$&\n")}
\`;
`;
if (Deno.args.includes("--print")) await new Response(module).body!.pipeTo(Deno.stdout.writable);
else Deno.writeTextFileSync(new URL("../generated/simd_wasm.ts", import.meta.url), module);

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
