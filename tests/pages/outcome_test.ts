// What one sees of a mistake at the end of a training.
import { deepStrictEqual } from "node:assert/strict";
import { conclusion } from "../../lib/pages/break/break_view.tsx";

Deno.test("example: conclusion() says what the accuracies show, for every kind of end", () => {
  const words = [0.93, 0.9, 0.885, 0.88, 0.792, 0.5, 0.499, 0.2, 0.199, 0.05, 0.049, 0]
    .map((broken) => conclusion(0.889, broken, 0.1));
  const kinds = [/even better/, /not show/, /learns too:/, /more slowly/, /no better/, /far below/];
  deepStrictEqual(words.map((text) => kinds.findIndex((kind) => kind.test(text))), [
    ...[0, 0, 1, 1, 2, 2],
    ...[3, 3, 4, 4, 5, 5],
  ]);
});
