// Files of parameters: NumPy's bytes, and what is rejected.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type AnyParameters,
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

const zeros = (...shape: number[]): WritableArray => ({
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
    ["arr_1", zeros(2, 4), '"arr_1" as W2: shape (2, 4), need (2, 3), as W1 has 3 rows'],
    ["arr_2", zeros(1, 3), '"arr_2" as b1: shape (1, 3), need shape (3, 1)'],
    ["arr_1", broken(2, 3), '"arr_1" as W2: entry (1, 2) is NaN, need finite numbers'],
    ["arr_3", broken(2, 1), '"arr_3" as b2: entry (1, 0) is NaN, need finite numbers'],
    ["arr_0", first, '"arr_0" as W1: entry (0, 0) is NaN, need finite numbers'],
  ];
  for (const [name, array, message] of refused) {
    throws(() => readParameters(file({ [name]: array })), new FormatError(`Cannot use ${message}`));
  }
});

Deno.test("law: writeParameters() refuses parameters with a RangeError, or readParameters() gives them back", () => {
  const side = fc.constantFrom(1, 2), hidden = fc.constantFrom(1, 2, 4096, 4097);
  const entry = fc.oneof(
    { weight: 200, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
  );
  // sizes that fit together, but for one of them; one entry fills a matrix, but for its first
  const any = fc.record({
    D: side,
    M: hidden,
    K: side,
    changed: fc.constantFrom("W1", "b1", "W2", "b2", undefined),
    rows: hidden,
    columns: side,
    entries: fc.tuple(entry, entry),
  }).map(({ D, M, K, changed, rows, columns, entries: [first, others] }) => {
    const shapes = { W1: [M, D], b1: [M, 1], W2: [K, M], b2: [K, 1] };
    if (changed !== undefined) shapes[changed] = [rows, columns];
    const matrix = ([rows, columns]: number[]) => {
      const [r, c] = [dim("rows", rows!), dim("columns", columns!)];
      return Matrix.of(r, c, new Float64Array(r * c).fill(others).with(0, first));
    };
    return Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, matrix(shape)]),
    ) as unknown as AnyParameters;
  });
  let refused = 0, readBack = 0;
  fc.assert(fc.property(any, (parameters) => {
    let file;
    try {
      file = writeParameters(parameters);
    } catch (error) {
      strictEqual((error as Error).name, "RangeError");
      refused++;
      return;
    }
    deepStrictEqual(readParameters(file), parameters);
    readBack++;
  }));
  ok(refused >= 10 && readBack >= 10, `${refused} refused, ${readBack} read back`);
});

Deno.test("example: writeParameters() refuses shapes that do not fit together", () => {
  const b1 = network.b2 as unknown as typeof network.b1;
  throws(
    () => writeParameters({ ...network, b1 }),
    new RangeError("Cannot save b1: shape (2, 1), need shape (3, 1)"),
  );
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
  const narrow = ({ shape, data }: WritableArray, kind: "f4" | "i2") => ({
    shape,
    data: kind === "f4" ? Float32Array.from(data as Float64Array) : new Int16Array(data.length),
  });
  const lines = (changed: Record<string, WritableArray>) => {
    const lines: string[] = [];
    readParameters(file(changed), (line) => lines.push(line));
    return lines;
  };
  const { arr_0, arr_1, arr_2, arr_3 } = Object.fromEntries(readNpz(file())) as Record<
    string,
    WritableArray
  >;
  deepStrictEqual(lines({}), []);
  deepStrictEqual(lines({ arr_1: narrow(arr_1!, "f4") }), ["arr_1 is float32, read as float64"]);
  deepStrictEqual(
    lines({
      arr_0: narrow(arr_0!, "f4"),
      arr_2: narrow(arr_2!, "i2"),
      arr_3: narrow(arr_3!, "f4"),
    }),
    ["arr_0, arr_3 are float32, read as float64", "arr_2 is int16, read as float64"],
  );
});
