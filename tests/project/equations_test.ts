/** docs/equations.md: what it names exists, and its numbers are those of the fixtures. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as sanso from "../../mod.ts";
import { runs } from "../helpers/fixtures.ts";

const text = Deno.readTextFileSync(new URL("../../docs/equations.md", import.meta.url));

/** Files whose functions are the report's equations. */
const EQUATIONS = [
  "lib/network/affine.ts",
  "lib/network/sigmoid.ts",
  "lib/network/softmax_cross_entropy.ts",
  "lib/network/network.ts",
  "lib/network/sgd.ts",
];

async function exportsOf(path: string): Promise<Record<string, unknown>> {
  return await import(new URL(`../../${path}`, import.meta.url).href);
}

Deno.test("example: docs/equations.md names every function of the layers, the network and the step, in entries with tests", async () => {
  const entries = text.split(/^#+ /m);
  for (const path of EQUATIONS) {
    for (const [name, value] of Object.entries(await exportsOf(path))) {
      if (!(name in sanso)) continue; // for the project alone
      strictEqual(sanso[name as keyof typeof sanso], value, `${name} of mod.ts`);
      const own = entries.filter((entry) => entry.includes(`[\`${name}\`](../${path})`));
      ok(own.length > 0, `${name} has no entry`);
      ok(own.every((entry) => entry.includes("**Tests**")), `${name} has an entry without tests`);
      ok(text.includes(`| \`${name}\` `), `${name} is not in the first table`);
    }
  }
});

/** The table of losses: epoch, the report's, NumPy's. */
const losses = [...text.matchAll(/^\| (\d) +\| ([\d.]+) +\| ([\d.]+) +\|$/gm)].map((row) =>
  row.slice(1).map(Number) as [number, number, number]
);

Deno.test("reference: docs/equations.md shows the losses of the original program under NumPy", () => {
  const { settings, losses: wanted } = runs()[0]!;
  deepStrictEqual([settings.seed, settings.epochs], [601, 5]);
  deepStrictEqual(
    losses.map(([epoch, , numpy]) => [epoch, numpy]),
    wanted.map((x, i) => [i + 1, x]),
  );
});
