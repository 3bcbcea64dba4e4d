// The embedded parameters are those at the end of the report's experiment.
import { deepStrictEqual } from "node:assert/strict";
import { loadParameters, loadParametersOrPretrained } from "../../lib/system/npz_files.ts";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

Deno.test("example: the pretrained parameters are those of docs/reproduction/, to the bit", async () => {
  const { parameters } = await loadParametersOrPretrained(undefined);
  const file = new URL("docs/reproduction/parameter_10000.npz", root);
  deepStrictEqual(parameters, loadParameters(fileURLToPath(file)));
});
