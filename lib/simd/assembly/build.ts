// Compiles the AssemblyScript of this folder to ../generated/simd_wasm.ts: `deno task wasm`.
import asc from "assemblyscript/asc";
import { existsSync } from "node:fs";
import { base64Constant, writeModule } from "../../../scripts/generated_file.ts";

const OPTIONS = [
  "-O2", // -O3 only inlines the inner loop in more places
  "--noAssert",
  "--enable=simd", // not relaxed-simd, whose results depend on the processor
  "--runtime=stub", // no allocator: TypeScript allocates all arrays
  "--use=abort=",
  "--importMemory",
  "--memoryBase=2496", // pixelValues, the variables and the board of memory.ts are below it
];

/** For memory that threads share: as much as 32 bits address, less a page (../memory.ts). */
const SHARED = ["--sharedMemory", "--maximumMemory=65535", "--enable=threads"];

const alone = await compile("index.ts"), shared = await compile("shared.ts", SHARED);
const module = new WebAssembly.Module(Uint8Array.from(alone));
const memory = new WebAssembly.Memory({ initial: 1 });
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const constants = Object.entries(exports).flatMap(([name, found]) =>
  found instanceof WebAssembly.Global && name !== "lastRead" ? [[name, found.value]] as const : []
);
const source = Deno.readTextFileSync(new URL("memory.ts", import.meta.url));
const variables = [...source.matchAll(/^ {2}(\w+): (?:u32|usize);/gm)].map(([, name], i) =>
  [name!, i] as const
);
writeModule(new URL("../generated/simd_wasm.ts", import.meta.url), {
  task: "wasm",
  summary: ["The WebAssembly code of SimdEngine, compiled from assembly/."],
  code: [
    objectConstant(
      "CONSTANTS",
      "Constants of assembly/memory.ts and assembly/chunks.ts.",
      constants,
    ),
    objectConstant("VARIABLES", "Index of each variable of assembly/memory.ts.", variables),
    base64Constant("SIMD_WASM", "A WebAssembly module for one thread, in base64.", alone),
    base64Constant("SHARED_SIMD_WASM", "The same for memory that threads share.", shared),
  ].join("\n"),
});

function objectConstant(
  name: string,
  comment: string,
  entries: readonly (readonly [string, number])[],
): string {
  const lines = entries.map(([key, value]) => `  ${key}: ${value},\n`).join("");
  return `/** ${comment} */\nexport const ${name} = {\n${lines}} as const;\n`;
}

async function compile(entry: string, more: readonly string[] = []): Promise<Uint8Array> {
  let code = new Uint8Array(), messages = "";
  const { error } = await asc.main([entry, "--outFile=simd.wasm", ...OPTIONS, ...more], {
    // the compiler also asks for files of its own library, and expects null for them
    readFile(name: string) {
      const file = new URL(name, import.meta.url);
      return existsSync(file) ? Deno.readTextFileSync(file) : null;
    },
    writeFile(_: string, contents: Uint8Array | string) {
      code = Uint8Array.from(contents as Uint8Array);
    },
    stderr: { write: (text: string) => messages += text },
  });
  // warnings too
  if (error !== null || messages !== "") throw new Error(`Cannot compile ${entry}:\n${messages}`);
  return code;
}
