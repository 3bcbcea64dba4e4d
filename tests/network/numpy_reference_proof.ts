// Whole runs have the original program's numbers under NumPy: fixtures/generate.py.
import { type Run, runs } from "../helpers/fixtures.ts";
import { assertRun, prepareReplay, replay, runName } from "../helpers/replay.ts";

for (
  const run of runs().filter(({ settings: { limit, loadsItself } }) =>
    !(limit! <= 500) && !loadsItself
  )
) {
  Deno.test(`reference: train() has NumPy's losses and accuracy: ${runName(run)}`, () =>
    assertRun(run));
}

Deno.test("reference: train() has NumPy's losses when the listing loads what it saved", () => {
  const [run, loaded] = runs().filter(({ settings }) => settings.seed === 5) as [Run, Run];
  // drawn again with the same seed and then replaced: the same batches, from other parameters
  const again = prepareReplay(loaded);
  again.engine.parameters = replay(run).parameters;
  replay(loaded, again);
});
