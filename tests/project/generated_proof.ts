// The files that take long to generate are what their tasks generate.
import { BUNDLER } from "../../lib/pages/generated/scripts.ts";
import { testIf } from "../helpers/conditional.ts";
import { assertUpToDate, deno, GENERATED } from "../helpers/generated_files.ts";

const assembly = "lib/simd/assembly/";
const { success: hasAssemblyScript } = await deno(
  ...["cache", "--config", `${assembly}deno.json`, "--frozen", `${assembly}build.ts`],
);

/** Each task, and what it needs. */
const TASKS: readonly (readonly [task: string, available: boolean, need: string])[] = [
  ["wasm", hasAssemblyScript, "AssemblyScript"],
  ["page", Deno.version.deno === BUNDLER, `Deno ${BUNDLER}, whose bundler wrote the file`],
  ["mistakes", true, "nothing"],
];

for (const [task, available, need] of TASKS) {
  const names = GENERATED[task]!.join(" and ");
  testIf(available, need, `example: \`deno task ${task}\` generates ${names}`, async () => {
    await assertUpToDate(task);
  });
}
