/** What readers refuse before they read: what is no Uint8Array. */
import { ok, throws } from "node:assert/strict";
import { FormatError, readIdx, readNpy, readNpz, readParameters } from "../../mod.ts";
import { readIdxHeader } from "../../lib/formats/idx.ts";

Deno.test("example: readNpz(), readNpy() and readIdx() throw TypeError for what is no Uint8Array, and say what it is", () => {
  const readers: [(bytes: Uint8Array) => unknown, string][] = [
    [readNpz, "zip archive"],
    [readParameters, "zip archive"],
    [readNpy, "npy"],
    [(bytes) => readNpy(bytes, "W1.npy"), '"W1.npy"'],
    [readIdx, "IDX"],
    [readIdxHeader, "IDX"],
  ];
  const cases: [unknown, string][] = [
    [new ArrayBuffer(2), "ArrayBuffer: need a Uint8Array; new Uint8Array(buffer) makes one"],
    [[0, 0, 8, 1], "Array: need a Uint8Array"],
    [null, "null: need a Uint8Array"],
  ];
  for (const [read, subject] of readers) {
    for (const [bytes, found] of cases) {
      const message = `Cannot read ${subject} from ${found}`;
      throws(() => read(bytes as Uint8Array), { name: "TypeError", message });
    }
  }
});

Deno.test("example: FormatError is a SyntaxError", () => {
  ok(new FormatError("Cannot read npy: has 3 bytes") instanceof SyntaxError);
});
