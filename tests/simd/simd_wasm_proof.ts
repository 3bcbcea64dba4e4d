// The committed WebAssembly code is what its source compiles to.
import { ok, strictEqual } from "node:assert/strict";
import { testIf } from "../helpers/conditional.ts";

const build = ["--config", "lib/simd/assembly/deno.json", "--frozen"];
const script = "lib/simd/assembly/build.ts";

function deno(...args: string[]) {
  const cwd = new URL("../..", import.meta.url);
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), { args, cwd }).outputSync();
  return {
    success,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  };
}

testIf(
  deno("cache", ...build, script).success,
  "AssemblyScript is available",
  "example: `deno task wasm` gives simd_wasm.ts to the byte",
  () => {
    const { success, stdout, stderr } = deno("run", "-A", ...build, script, "--print");
    ok(success, stderr);
    strictEqual(
      stdout,
      Deno.readTextFileSync(new URL("../../lib/simd/generated/simd_wasm.ts", import.meta.url)),
    );
  },
);
