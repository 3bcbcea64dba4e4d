// The parameters in the program are those that the report's experiment ended with.
import { deepStrictEqual, ok } from "node:assert/strict";
import { loadParameters, loadParametersOrPretrained } from "../../lib/system/load_parameters.ts";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

Deno.test("example: the kept parameters are those of docs/reproduction/, to the bit", async () => {
  const { parameters } = await loadParametersOrPretrained(undefined);
  const file = new URL("docs/reproduction/parameter_10000.npz", root);
  deepStrictEqual(parameters, loadParameters(fileURLToPath(file)));
});

Deno.test("example: `deno task pretrained` gives pretrained_parameters.ts to the byte", () => {
  const args = ["run", "--allow-read", "docs/reproduction/embed_parameters.ts", "--print"];
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), { args, cwd: root })
    .outputSync();
  const text = new TextDecoder();
  ok(success, text.decode(stderr));
  const kept = Deno.readTextFileSync(
    new URL("lib/storage/generated/pretrained_parameters.ts", root),
  );
  ok(text.decode(stdout) === kept, "pretrained_parameters.ts is not what its source gives");
});
