// examples/report.ts on MNIST: ten seconds an epoch.
import { ok, strictEqual } from "node:assert/strict";
import { runs } from "../helpers/fixtures.ts";
import { example } from "../helpers/examples.ts";
import { Folder } from "../helpers/folder.ts";

Deno.test("reference: examples/report.ts prints the loss of the original program", async () => {
  using folder = new Folder();
  const [loss, finish] = (await example("report.ts", ["1"], folder)).split("\n");
  const [numpy] = runs()[0]!.losses;
  // NumPy's sums of products have another order: a few units in the last place
  ok(Math.abs(Number(loss) - numpy!) <= 1e-15 * numpy!, `${loss}, NumPy ${numpy}`);
  strictEqual(finish, "finish");
});
