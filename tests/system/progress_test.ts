// Durations; progress_proof.ts runs the display in a terminal.
import { deepStrictEqual } from "node:assert/strict";
import { formatDuration } from "../../lib/system/progress.ts";

Deno.test("example: formatDuration() gives the two greatest units", () => {
  deepStrictEqual([0, 59, 60, 61, 3599, 3600, 3725, 90_000].map(formatDuration), [
    ...["0 s", "59 s", "1 min 0 s", "1 min 1 s", "59 min 59 s"],
    ...["1 h 0 min", "1 h 2 min", "25 h 0 min"],
  ]);
});
