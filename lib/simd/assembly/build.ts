/**
 * Makes ../simd_wasm.ts of the AssemblyScript beside this file: `deno task wasm`.
 *
 * With `--print` it goes to standard output instead: a test compares that with the file.
 *
 * @module
 */

import asc from "assemblyscript/asc";
import { toBase64 } from "../../formats/base64.ts";

const OPTIONS = [
  "-O2", // -O3 only copies the inner loop to more places
  "--noAssert",
  "--enable=simd", // not relaxed-simd: its results depend on the processor
  "--runtime=stub", // nothing is allocated there: TypeScript lays the memory out
  "--use=abort=",
  "--importMemory",
];

const module = `/**
 * The engine's machine code, made by \`deno task wasm\` of the AssemblyScript in assembly/. Not to be edited.
 *
 * @module
 */

/** WebAssembly in base64. */
export const SIMD_WASM: string = \`
${toBase64(await compile("engine.ts")).replaceAll(/.{100}(?=.)/g, "$&\n")}
\`;
`;
if (Deno.args.includes("--print")) await new Response(module).body!.pipeTo(Deno.stdout.writable);
else Deno.writeTextFileSync(new URL("../generated/simd_wasm.ts", import.meta.url), module);

async function compile(entry: string): Promise<Uint8Array> {
  let code = new Uint8Array(), messages = "";
  const { error } = await asc.main([entry, "--outFile=engine.wasm", ...OPTIONS], {
    readFile: (name: string) => readIfThere(new URL(name, import.meta.url)),
    writeFile: (_: string, contents: Uint8Array<ArrayBuffer>) => code = contents,
    stderr: { write: (text: string) => messages += text },
  });
  if (error !== null) throw new Error(`Cannot compile ${entry}: ${error.message}\n${messages}`);
  if (messages !== "") throw new Error(`Cannot take ${entry} with warnings:\n${messages}`);
  return code;
}

/** The compiler asks for files of its own library too, and then wants null. */
function readIfThere(file: URL): string | null {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
