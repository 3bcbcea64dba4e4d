// Files of parameters: NumPy's bytes, what is rejected; the hashes of a run.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { WritableArray } from "../../lib/formats/npy.ts";
import { readParameters, writeParameters } from "../../lib/storage/parameters_file.ts";
import { readNpz, writeNpz } from "../../lib/formats/npz.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import { initialise, type Parameters } from "../../lib/network/network.ts";
import { hashNumbers, runHash } from "../../lib/storage/run_hash.ts";
import { FormatError } from "../../lib/formats/errors.ts";
import { dim } from "../../lib/math/shape.ts";
import { parameters, sizes, upTo } from "../helpers/arbitraries.ts";
import { fixture } from "../helpers/fixtures.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";

const network = initialise(
  dim("inputs", 4),
  dim("hidden", 3),
  dim("classes", 2),
  new RandomState(601),
);

/** The file of a small network, with members replaced or (undefined) left out. */
function file(changed: Record<string, WritableArray | undefined> = {}) {
  const members = { ...Object.fromEntries(readNpz(writeParameters(network))), ...changed };
  return writeNpz(
    Object.entries(members).filter((entry): entry is [string, WritableArray] =>
      entry[1] !== undefined
    ),
  );
}

const zeros = (...shape: number[]) => ({
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b, 1)),
});

Deno.test("law: readParameters() of writeParameters() is the same to the bit", () => {
  const any = sizes.chain((size) =>
    parameters(size, fc.oneof(upTo(1), fc.double({ noNaN: true, noDefaultInfinity: true })))
  );
  fc.assert(fc.property(any, (p) => deepStrictEqual(readParameters(writeParameters(p)), { ...p })));
});

Deno.test("reference: readParameters() reads what np.savez wrote, and writeParameters() writes its bytes", () => {
  const bytes = fixture("parameter.npz"), { W1, b1, W2, b2 } = readParameters(bytes);
  deepStrictEqual([W1, b1, W2, b2].map((m) => [m.rows, m.columns]), [[8, 784], [8, 1], [10, 8], [
    10,
    1,
  ]]);
  // the zip around them may differ; the members are NumPy's to the byte
  const written = readNpz(writeParameters({ W1, b1, W2, b2 })), saved = readNpz(bytes);
  deepStrictEqual([...written], [...saved]);
});

Deno.test("example: readParameters() takes any real numbers, and leaves further members alone", () => {
  const integers = { shape: [2, 1], data: BigInt64Array.of(1n, -2n) };
  const objects = { shape: [3], data: Uint8Array.of(1, 2, 3) };
  const { b2, W1 } = readParameters(file({ arr_3: integers, arr_4: objects, state: objects }));
  deepStrictEqual(b2, Matrix.of(dim("classes", 2), 1, [1, -2]));
  deepStrictEqual(W1, network.W1);
});

Deno.test("example: readParameters() names the wrong array and what is needed", () => {
  const broken = (...shape: number[]) => {
    const array = zeros(...shape);
    array.data[array.data.length - 1] = NaN;
    return array;
  };
  const refused: [string, WritableArray | undefined, string][] = [
    ["arr_0", undefined, '"arr_0" as W1: is missing, need an array of shape (M, D)'],
    ["arr_3", undefined, '"arr_3" as b2: is missing, need an array of shape (2, 1)'],
    ["arr_0", zeros(3, 0), '"arr_0" as W1: shape (3, 0), need shape (M, D)'],
    ["arr_0", zeros(4097, 1), '"arr_0" as W1: shape (4097, 1), need 1 to 4096 hidden units'],
    ["arr_1", zeros(2, 4), '"arr_1" as W2: shape (2, 4), need shape (2, 3)'],
    ["arr_2", zeros(1, 3), '"arr_2" as b1: shape (1, 3), need shape (3, 1)'],
    ["arr_1", broken(2, 3), '"arr_1" as W2: entry (1, 2) is NaN, need finite numbers'],
  ];
  for (const [name, array, message] of refused) {
    throws(() => readParameters(file({ [name]: array })), new FormatError(`Cannot use ${message}`));
  }
});

Deno.test("example: writeParameters() refuses what readParameters() refuses", () => {
  const b1 = network.b2 as unknown as typeof network.b1, b2 = network.b2.map(() => NaN);
  const cases: [changed: Partial<typeof network>, reason: string][] = [
    [{ b1 }, '"arr_2" as b1: shape (2, 1), need shape (3, 1)'],
    [{ b2 }, '"arr_3" as b2: entry (0, 0) is NaN, need finite numbers'],
  ];
  for (const [changed, reason] of cases) {
    const error = new RangeError(`Cannot save ${reason}`);
    throws(() => writeParameters({ ...network, ...changed }), error);
  }
});

Deno.test("example: readParameters() reports each dtype but float64, with the members that have it", () => {
  const singles = (...shape: number[]) => ({
    shape,
    data: Float32Array.from(zeros(...shape).data),
  });
  const cases: [changed: Record<string, WritableArray>, lines: string[]][] = [
    [{}, []],
    [{ arr_1: singles(2, 3) }, ["arr_1 is float32, read as float64"]],
    [
      {
        arr_0: singles(3, 4),
        arr_2: { shape: [3, 1], data: new Int16Array(3) },
        arr_3: singles(2, 1),
      },
      ["arr_0, arr_3 are float32, read as float64", "arr_2 is int16, read as float64"],
    ],
  ];
  for (const [changed, expected] of cases) {
    const lines: string[] = [];
    readParameters(file(changed), (line) => lines.push(line));
    deepStrictEqual(lines, expected);
  }
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
