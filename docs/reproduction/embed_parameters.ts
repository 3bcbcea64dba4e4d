/**
 * Makes lib/storage/generated/pretrained_parameters.ts of the parameters in parameter_10000.npz: `deno task pretrained`.
 *
 * With `--print` it goes to standard output instead: a test compares that with the file.
 *
 * @module
 */

import { toBase64 } from "../../lib/formats/base64.ts";
import { readParameters, writeParameters } from "../../lib/storage/parameters_file.ts";

const checkpoint = Deno.readFileSync(new URL("parameter_10000.npz", import.meta.url));
// the parameters alone: the state of the run is not needed to read digits
const npz = writeParameters(readParameters(checkpoint));
const module = `/**
 * The parameters that the report's experiment, done again, ended with (docs/reproduction.md), put here by \`deno task pretrained\`. Not to
 * be edited.
 *
 * They are a module, and no file to be read, so that every binary has them inside, and every copy from a registry.
 *
 * @module
 */

/** An npz file in base64. */
export const PRETRAINED_PARAMETERS: string = \`
${toBase64(npz).replaceAll(/.{100}(?=.)/g, "$&\n")}
\`;
`;
if (Deno.args.includes("--print")) await new Response(module).body!.pipeTo(Deno.stdout.writable);
else {
  Deno.writeTextFileSync(
    new URL("../../lib/storage/generated/pretrained_parameters.ts", import.meta.url),
    module,
  );
}
