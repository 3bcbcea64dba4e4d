/** Gradients of the report's network against finite differences, for several seeds. */
import { ok, strictEqual } from "node:assert/strict";
import { checkGradients } from "../../lib/commands/gradcheck_command.ts";
import { drawnBatch } from "../helpers/drawn_batch.ts";

Deno.test("example: checkGradients() finds errors of 1e-9 at most in every gradient, for 10 seeds of the report's network", () => {
  for (let seed = 0; seed < 10; seed++) {
    const { p, batch, random } = drawnBatch(seed, 80, 2);
    const results = checkGradients(p, batch, { entries: 16, random });
    strictEqual(results.length, 11);
    for (const { check, error } of results) {
      ok(error <= 1e-9, `${check.name}, seed ${seed}: ${error}`);
    }
  }
});
