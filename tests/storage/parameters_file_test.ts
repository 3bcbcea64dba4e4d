// Files of parameters: NumPy's bytes, and what is rejected.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  dim,
  FormatError,
  initialise,
  Matrix,
  RandomState,
  readNpz,
  readParameters,
  type WritableArray,
  writeNpz,
  writeParameters,
} from "../../mod.ts";
import { parameters, sizes, upTo } from "../helpers/arbitraries.ts";
import { fixture } from "../helpers/fixtures.ts";

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

Deno.test("example: writeParameters() puts W1, W2, b1, b2 into arr_0 … arr_3, in this order", () => {
  const shapes = [...readNpz(writeParameters(network))].map(([name, { shape }]) => [name, shape]);
  deepStrictEqual(shapes, [["arr_0", [3, 4]], ["arr_1", [2, 3]], ["arr_2", [3, 1]], ["arr_3", [
    2,
    1,
  ]]]);
});

Deno.test("example: readParameters() takes any real numbers, and leaves further members alone", () => {
  const integers = { shape: [2, 1], data: BigInt64Array.of(1n, -2n) };
  const objects = { shape: [3], data: Uint8Array.of(1, 2, 3) };
  const { b2, W1 } = readParameters(file({ arr_3: integers, arr_4: objects, state: objects }));
  deepStrictEqual(b2, Matrix.of(dim("classes", 2), 1, [1, -2]));
  deepStrictEqual(W1, network.W1);
});

Deno.test("example: readParameters() and writeParameters() take 4,096 hidden units", () => {
  const [M, D, K] = [4096, 1, 2];
  const widest = { arr_0: zeros(M, D), arr_1: zeros(K, M), arr_2: zeros(M, 1), arr_3: zeros(K, 1) };
  const parameters = readParameters(file(widest));
  strictEqual(parameters.W1.rows as number, M);
  deepStrictEqual(readParameters(writeParameters(parameters)), parameters);
});

Deno.test("example: readParameters() names the wrong array and what is needed", () => {
  const broken = (...shape: number[]) => {
    const array = zeros(...shape);
    array.data[array.data.length - 1] = NaN;
    return array;
  };
  const first = { shape: [3, 4], data: new Float64Array(12).with(0, NaN) };
  const refused: [string, WritableArray | undefined, string][] = [
    ["arr_0", undefined, '"arr_0" as W1: is missing, need an array of shape (M, D)'],
    ["arr_3", undefined, '"arr_3" as b2: is missing, need an array of shape (2, 1)'],
    ["arr_0", zeros(12), '"arr_0" as W1: shape (12,), need shape (M, D)'],
    ["arr_0", zeros(3, 0), '"arr_0" as W1: shape (3, 0), need shape (M, D)'],
    ["arr_0", zeros(4097, 1), '"arr_0" as W1: shape (4097, 1), need 1 to 4096 hidden units'],
    ["arr_1", zeros(2, 4), '"arr_1" as W2: shape (2, 4), need shape (2, 3)'],
    ["arr_2", zeros(1, 3), '"arr_2" as b1: shape (1, 3), need shape (3, 1)'],
    ["arr_1", broken(2, 3), '"arr_1" as W2: entry (1, 2) is NaN, need finite numbers'],
    ["arr_3", broken(2, 1), '"arr_3" as b2: entry (1, 0) is NaN, need finite numbers'],
    ["arr_0", first, '"arr_0" as W1: entry (0, 0) is NaN, need finite numbers'],
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

Deno.test("example: writeParameters() refuses a file of more than 64 MiB", () => {
  const D = dim("inputs", 2 ** 23), one = Matrix.zeros(1, 1);
  // W1 and three numbers; npy header, local header, directory entry, and twice the name, of four
  // members; end record
  const length = 2 ** 26 + 3 * 8 + 4 * (128 + 30 + 46 + 2 * "arr_0.npy".length) + 22;
  throws(
    () => writeParameters({ W1: Matrix.zeros(1, D), b1: one, W2: one, b2: one }),
    new RangeError(
      `Cannot write npz: file would have ${length} bytes, need at most 67108864 (64 MiB)`,
    ),
  );
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
