/**
 * Writes the parameters of parameter_10000.npz to lib/storage/generated/pretrained_parameters.ts:
 * `deno task pretrained`.
 *
 * @module
 */

import { base64Constant, writeModule } from "../../scripts/generated_file.ts";

const npz = Deno.readFileSync(new URL("parameter_10000.npz", import.meta.url));
const file = new URL("../../lib/storage/generated/pretrained_parameters.ts", import.meta.url);
writeModule(file, {
  task: "pretrained",
  summary: [
    "The parameters after 10,000 epochs of the report's experiment (docs/reproduction.md).",
    "",
    "A module rather than a file, so that compiled binaries and registry copies contain them.",
  ],
  code: base64Constant("PRETRAINED_PARAMETERS", "An npz file in base64.", npz),
});
