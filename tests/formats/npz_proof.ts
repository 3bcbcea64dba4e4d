/** npz files: damage to every single byte. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readNpz, writeNpz } from "../../lib/formats/npz.ts";
import { readUnlessRejected, SAMPLE } from "../helpers/npz_samples.ts";

Deno.test("example: readNpz() refuses or reads the same, whichever byte of a file is changed to whatever", () => {
  const file = writeNpz(SAMPLE);
  const original = readNpz(file);
  // dates, versions and attributes, which nothing here depends on
  const harmless = 2 * (6 + 14);
  const read = new Set<number>();
  for (let at = 0; at < file.length; at++) {
    for (let change = 1; change < 256; change++) {
      file[at]! ^= change;
      const arrays = readUnlessRejected(file);
      if (arrays !== undefined) {
        deepStrictEqual(arrays, original);
        read.add(at);
      }
      file[at]! ^= change;
    }
  }
  strictEqual(read.size, harmless);
});
