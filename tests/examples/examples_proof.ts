// Whole runs of examples/: report.ts on MNIST, ten seconds an epoch, and whole classes.
import { ok, strictEqual } from "node:assert/strict";
import { runs } from "../helpers/fixtures.ts";
import { example } from "./example.ts";
import { Folder } from "../helpers/folder.ts";

Deno.test("reference: examples/report.ts prints the loss of the original program", async () => {
  using folder = new Folder();
  const [loss, finish] = (await example("report.ts", ["1"], folder)).split("\n");
  const [numpy] = runs()[0]!.losses;
  // NumPy's sums of products have another order: a few units in the last place
  ok(Math.abs(Number(loss) - numpy!) <= 1e-15 * numpy!, `${loss}, NumPy ${numpy}`);
  strictEqual(finish, "finish");
});

/** Right by another convention or network in some steps, or zero, as other wrong sums are. */
const OPEN =
  /: (onehot\/smoothed|E\/summed|dA2\/not-divided-by-B|db2\/summed-over-everything) is not named$/;

Deno.test("example: examples/diagnose_class.ts names each mistake of a class of sixty that is none by another convention, with any seed", async () => {
  using folder = new Folder();
  for (const seed of [601, 1, 2, 3, 4]) {
    const printed = await example("diagnose_class.ts", ["class", "wrong", "60", `${seed}`], folder);
    const unnamed = printed.split("\n").filter((line) => line.endsWith(" is not named"));
    ok(unnamed.length < 6 && unnamed.every((line) => OPEN.test(line)), `seed ${seed}: ${printed}`);
  }
});

Deno.test("example: examples/diagnose_class.ts calls none of 200 right steps wrong, with any seed", async () => {
  using folder = new Folder();
  for (const seed of [601, 1, 2, 3, 4]) {
    const printed = await example(
      "diagnose_class.ts",
      ["class", "right", "200", `${seed}`],
      folder,
    );
    strictEqual(printed, "200 steps: 0 called wrong, 0 mistakes named\n", `seed ${seed}`);
  }
});
