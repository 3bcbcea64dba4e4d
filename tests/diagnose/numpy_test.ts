/** Steps that NumPy computed, with its own sums and exponentials. */
import { ok, strictEqual } from "node:assert/strict";
import { describeDiagnosis, diagnose, readNpz } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";

const COUNT = 36;

numpyTest("reference: diagnose() finds every quantity of NumPy's right steps right", () => {
  using folder = new Folder();
  python(
    Deno.readTextFileSync(new URL("record_steps.py", import.meta.url)),
    folder.path,
    `${COUNT}`,
  );
  for (let step = 0; step < COUNT; step++) {
    const found = diagnose(readNpz(folder.read(`${step}.npz`)));
    ok(found.verdict === "right", `${step}: ${describeDiagnosis(found, "en")}`);
    strictEqual(found.precision, step % 2 === 0 ? "float32" : "float64");
    ok(found.quantities.length >= 16);
    for (const { symbol, error, tolerance } of found.quantities) {
      ok(2 * error <= tolerance, `${step} ${symbol}: ${error} of ${tolerance}`);
    }
  }
});
