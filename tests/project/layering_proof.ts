// What runs in a browser uses nothing of Deno, and nothing that Node 20 lacks: `deno check` with
// the libraries of these.
import { strictEqual } from "node:assert/strict";
import { PORTABLE_ENTRIES } from "./portable_entries.ts";

const root = new URL("../..", import.meta.url);

Deno.test("example: what runs in a browser type-checks with the libraries of a browser and of Node 20 alone", async () => {
  const { imports, compilerOptions } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", root)),
  );
  const config = await Deno.makeTempFile({ suffix: ".json" });
  try {
    // what Node 20 has; where a browser lacks Symbol.dispose, there is no `using` either
    const lib = ["dom", "dom.iterable", "es2023", "es2024.string", "esnext.disposable"];
    const browser = { ...compilerOptions, lib };
    await Deno.writeTextFile(config, JSON.stringify({ imports, compilerOptions: browser }));
    const args = ["check", "--config", config, "--no-lock", ...Object.keys(PORTABLE_ENTRIES)];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
    strictEqual(code, 0, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(config);
  }
});
