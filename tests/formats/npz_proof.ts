/** npy and npz files: many of NumPy's, and damage to every single byte or bit. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { NdArray } from "../../lib/formats/nd_array.ts";
import { readNpy } from "../../lib/formats/npy.ts";
import { readNpz, writeNpz } from "../../lib/formats/npz.ts";
import { Folder } from "../helpers/folder.ts";
import { readUnlessRejected, SAMPLE } from "../helpers/npz_samples.ts";
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
  "reference: readNpy() and readNpz() never read what NumPy does not, whichever bit of a file is flipped",
  () => {
    using folder = new Folder({});
    let refused = 0, read = 0;
    for (const [name, flips] of numpyFiles<(Facts | null)[]>("flips", folder)) {
      const bytes = Deno.readFileSync(join(folder.path, name));
      const original = facts(name, bytes), isNpz = name.endsWith(".npz");
      strictEqual(flips.length, 8 * bytes.length);
      flips.forEach((arrays, bit) => {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const found = factsUnlessRejected(name, bytes);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        if (found === undefined) return void refused++;
        read++;
        // npz files have checksums: what is read at all is what was written; NumPy also refuses the
        // versions of zip that it does not know
        deepStrictEqual(found, isNpz ? original : arrays, `${name}, bit ${bit}`);
      });
    }
    ok(refused > 10 * read);
  },
);

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
