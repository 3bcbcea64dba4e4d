/** The hashes of a run: bytes, order, and what changes them. */
import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { hashNumbers, Matrix, type Parameters, runHash, writeParameters } from "../../mod.ts";
import { parameters, sizes } from "../helpers/arbitraries.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";

Deno.test("example: hashNumbers() of no numbers is the SHA-256 of no bytes, from FIPS 180", async () => {
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  strictEqual(await hashNumbers(), empty);
  strictEqual(await hashNumbers([], new Float64Array()), empty);
});

Deno.test("example: hashNumbers() hashes the bytes of float64, least significant first", async () => {
  // `printf '\x00\x00\x00\x00\x00\x00\xe0\x3f\x00\x00\x00\x00\x00\x00\xf0\xbf' | sha256sum`
  const hash = "b908ca8cb2cfc68c65f8f5a7fb8e6b118544248ad71278c8aa9dc2fbfdfd8d2f";
  strictEqual(await hashNumbers([0.5, -1]), hash);
  strictEqual(await hashNumbers(Float64Array.of(0.5), Float32Array.of(-1)), hash);
});

/** Parameters of a 2-1-2 network. */
function small(): Parameters<2, 1, 2> {
  return {
    W1: Matrix.of(1, 2, [1, 2]),
    b1: Matrix.of(1, 1, [5]),
    W2: Matrix.of(2, 1, [3, 4]),
    b2: Matrix.of(2, 1, [6, 7]),
  };
}

Deno.test("example: runHash() hashes W1, W2, b1, b2 in this order, and the loss apart from them", async () => {
  const part = `parameters ${await hashNumbers([1, 2, 3, 4, 5, 6, 7])}`;
  strictEqual(await runHash(small()), part);
  strictEqual(await runHash(small(), 2.5), `${part}, loss ${await hashNumbers([2.5])}`);
});

numpyTest("reference: runHash() is NumPy's and hashlib's hash of the saved file", async () => {
  const code = "import sys, hashlib, numpy as np\n" +
    'arrays = [np.load(sys.argv[1])[f"arr_{i}"] for i in range(4)]\n' +
    'print(hashlib.sha256(b"".join(a.astype("<f8").tobytes() for a in arrays)).hexdigest())';
  const [drawn] = fc.sample(sizes.chain((size) => parameters(size)), { numRuns: 1, seed: 601 });
  using folder = new Folder({ "p.npz": writeParameters(drawn!) });
  strictEqual(await runHash(drawn!), `parameters ${python(code, folder.file("p.npz")).trim()}`);
});
