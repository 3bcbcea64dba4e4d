/** npy and npz files: many of NumPy's, and damage to every single bit. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { NdArray } from "../../lib/formats/nd_array.ts";
import { readNpy } from "../../lib/formats/npy.ts";
import { readNpz } from "../../lib/formats/npz.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, pythonScript } from "../helpers/numpy.ts";

/** What NumPy reads from a file: each array with its name, which is empty for an npy file. */
type Facts = readonly (readonly [name: string, array: unknown])[];

/** Runs fixtures/numpy_files.py in a folder; returns what NumPy reads. */
function numpyFiles<T>(command: "files" | "flips", folder: Folder): readonly [string, T][] {
  pythonScript("numpy_files.py", command, folder.path);
  return JSON.parse(Deno.readTextFileSync(folder.file("expected.json")));
}

/** The facts of what is read from a file, by its name. */
function facts(name: string, bytes: Uint8Array): Facts {
  const arrays = name.endsWith(".npz") ? readNpz(bytes) : new Map([["", readNpy(bytes)]]);
  return [...arrays].map(([name, { data, ...array }]: [string, NdArray]) => {
    return [name, { ...array, bytes: Buffer.from(data.buffer).toString("hex") }];
  });
}

function factsUnlessRejected(name: string, bytes: Uint8Array): Facts | undefined {
  try {
    return facts(name, bytes);
  } catch (error) {
    strictEqual((error as Error).name, "FormatError");
    return undefined;
  }
}

numpyTest("reference: readNpy() and readNpz() read 1,072 files as NumPy does", () => {
  using folder = new Folder({});
  const expected = numpyFiles<Facts>("files", folder);
  strictEqual(expected.length, 1072);
  for (const [name, arrays] of expected) {
    const found = facts(name, Deno.readFileSync(join(folder.path, name)));
    deepStrictEqual(found, arrays, name);
  }
});

numpyTest(
  "reference: readNpy() never reads what NumPy does not, whichever bit of a file is flipped",
  () => {
    using folder = new Folder({});
    for (const [name, flips] of numpyFiles<(Facts | null)[]>("flips", folder)) {
      const bytes = Deno.readFileSync(join(folder.path, name));
      strictEqual(flips.length, 8 * bytes.length);
      flips.forEach((arrays, bit) => {
        const found = factsUnlessRejected(name, flipped(bytes, bit));
        if (found !== undefined) deepStrictEqual(found, arrays, `${name}, bit ${bit}`);
      });
    }
  },
);

Deno.test("law: readNpz() refuses a file or reads the same, whichever bit of it is flipped", () => {
  const folder = new URL("../../fixtures/odd/", import.meta.url);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".npz") && name !== "objects.npz") // which is refused as it is
    .map((name) => [name, Deno.readFileSync(new URL(name, folder))] as const)
    .filter(([, { length }]) => length <= 700); // for the sake of time
  strictEqual(files.length, 25);
  for (const [name, bytes] of files) {
    const original = facts(name, bytes);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const found = factsUnlessRejected(name, flipped(bytes, bit));
      if (found !== undefined) deepStrictEqual(found, original, `${name}, bit ${bit}`);
    }
  }
});

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice();
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}
