/** npz files: NumPy's own of every kind, what is written, and what damage does to it. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { FormatError } from "../../lib/formats/errors.ts";
import { type WritableArray, writeNpy } from "../../lib/formats/npy.ts";
import { readNpz, writeNpz } from "../../lib/formats/npz.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { buildZip } from "../helpers/zip_builder.ts";

/** An array and its name in the file. */
type NamedArray = [name: string, array: WritableArray];

const SPECIAL = Float64Array.of(0, -0, 5e-324, -5e-324, Number.MAX_VALUE, Infinity, -Infinity, NaN);
const SAMPLE: NamedArray[] = [
  ["arr_0", { shape: [2, 4], data: SPECIAL }],
  ["arr_1", { shape: [], data: Float64Array.of(0.1) }],
];

interface ExpectedArray {
  readonly shape: number[];
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly values: string[];
}

const expected: Record<string, Record<string, ExpectedArray>> = JSON.parse(
  new TextDecoder().decode(odd("expected.json")),
);

function odd(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`../../fixtures/odd/${name}`, import.meta.url));
}

/** A value as Python writes it; floats are widened first, as tolist() does. */
function parse(text: string, sample: number | bigint): number | bigint {
  if (typeof sample === "bigint") return BigInt(text);
  const special: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return special[text] ?? Number(text);
}

for (const [file, arrays] of Object.entries(expected)) {
  Deno.test(`reference: readNpz() finds in ${file}.npz what NumPy does`, () => {
    const read = readNpz(odd(`${file}.npz`));
    deepStrictEqual([...read.keys()], Object.keys(arrays));
    for (const [name, { values, ...facts }] of Object.entries(arrays)) {
      const { data, ...found } = read.get(name)!;
      deepStrictEqual(found, facts);
      const numbers: (number | bigint)[] = [...data];
      deepStrictEqual(numbers, values.map((text, i) => parse(text, numbers[i] ?? NaN)));
    }
  });
}

Deno.test("reference: readNpz() converts every float16 number as NumPy does", () => {
  const file = Deno.readFileSync(new URL("../../fixtures/float16.npz", import.meta.url));
  const { float16, float64 } = Object.fromEntries(readNpz(file));
  deepStrictEqual([float16!.dtype, float64!.dtype, float16!.shape], ["<f2", "<f8", [65_536]]);
  // distinguishes -0 from 0; a NaN equals every NaN
  strictEqual([...float16!.data].findIndex((x, i) => !Object.is(x, float64!.data[i])), -1);
});

Deno.test("example: readNpz() refuses object arrays, but reads those beside them that are wanted", () => {
  const file = odd("objects.npz");
  throws(() => readNpz(file), {
    name: "FormatError",
    message: 'Cannot read "arr_1.npy": descr is "|O" (Python objects), ' +
      "need f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1",
  });
  const arrays = readNpz(file, { names: ["arr_0", "arr_9"] });
  deepStrictEqual([...arrays.keys()], ["arr_0"]);
  deepStrictEqual(arrays.get("arr_0")!.data, Float64Array.of(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5));
});

Deno.test("example: readNpz() refuses two members that name one array, if it is wanted", () => {
  const one = writeNpy({ shape: [1], data: Float64Array.of(1) });
  const of = (...names: string[]) => buildZip(names.map((name) => ({ name, contents: one })));
  const zip = of("W", "b.npy", "W.npy");
  const message = 'Cannot read "W.npy": the member "W" has the name of the same array, ' +
    "need one of them";
  throws(() => readNpz(zip), { name: "FormatError", message });
  throws(() => readNpz(zip, { names: ["W"] }), { name: "FormatError", message });
  deepStrictEqual([...readNpz(zip, { names: ["b"] }).keys()], ["b"]);
  // to NumPy, "W.npy" is the array in this member, and the one in "W.npy.npy"
  const twice = of("W.npy.npy", "W.npy");
  throws(() => readNpz(twice), {
    name: "FormatError",
    message: message.replaceAll(/W(?=\b)/g, "W.npy"),
  });
  deepStrictEqual([...readNpz(twice, { names: ["W"] }).keys()], ["W"]);
});

Deno.test("example: writeNpz() dates its members 1 January 1980, whatever the day and the time zone", () => {
  const view = new DataView(writeNpz(SAMPLE).buffer);
  strictEqual(view.getUint32(10, true), 0x21 << 16); // after signature, version, flags and method
});

Deno.test("example: writeNpz() refuses names that NumPy, a terminal or a file system could trip over, and arrays that do not fit", () => {
  const array = { shape: [1], data: Float64Array.of(1) };
  const name = (shown: string) =>
    `npz: name of an array is "${shown}", ` +
    "need 1 to 60 letters, digits, spaces, _, . or -, and no .npy at the end";
  const cases: [arrays: NamedArray[], line: string][] = [
    [[["", array]], name("")],
    [[["a/b", array]], name("a/b")],
    [[["a\\b", array]], name("a\\\\b")],
    [[["a\nb", array]], name("a\\u{a}b")],
    [[["\u202ea", array]], name("\\u{202e}a")],
    [[["a.npy", array]], name("a.npy")],
    [[["x".repeat(61), array]], name(`${"x".repeat(60)}…`)],
    [[...SAMPLE, ...SAMPLE], 'npz: two arrays have the name "arr_0", need one'],
    [
      [["b", { ...array, shape: [3] }]],
      '"b.npy": shape (3,) has 3 numbers, data has 1, need the same',
    ],
  ];
  for (const [arrays, line] of cases) {
    throws(() => writeNpz(arrays), { name: "RangeError", message: `Cannot write ${line}` });
  }
});

Deno.test("example: writeNpz() refuses more than readNpz() would read", () => {
  const many = Array.from(
    { length: 1025 },
    (_, i): NamedArray => [`${i}`, { shape: [], data: Int8Array.of(1) }],
  );
  strictEqual(readNpz(writeNpz(many.slice(1))).size, 1024);
  throws(() => writeNpz(many), {
    name: "RangeError",
    message: "Cannot write npz: there are 1025 arrays, need at most 1024",
  });
  // npy header, name twice, local header, directory entry, end record
  const overhead = 128 + 2 * 5 + 30 + 46 + 22;
  const write = (length: number) =>
    writeNpz([["a", { shape: [length], data: new Uint8Array(length) }]]);
  const length = 64 * 1024 * 1024 - overhead;
  strictEqual(write(length).length, 67108864);
  throws(() => write(length + 1), {
    name: "RangeError",
    message: "Cannot write npz: file would have 67108865 bytes, need at most 67108864 (64 MiB)",
  });
});

const names = fc.constantFrom(
  ...["arr_0", "W1", "__proto__", "10", "重み", "a b", "a.b-c", "e\u0301", "constructor"],
);
const arrays = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, side) => product * side, 1);
  const numbers = fc.oneof(fc.double(), fc.constantFrom(...SPECIAL));
  return fc.array(numbers, { minLength: length, maxLength: length })
    .map((numbers): WritableArray => ({ shape, data: Float64Array.from(numbers) }));
});

Deno.test("law: readNpz() reads what writeNpz() wrote, in the same order", () => {
  const named = fc.uniqueArray(fc.tuple(names, arrays), { selector: ([name]) => name });
  fc.assert(fc.property(named, (named) => {
    const read = [...readNpz(writeNpz(named))];
    deepStrictEqual(
      read,
      named.map(([name, array]) => [name, { ...array, dtype: "<f8", fortranOrder: false }]),
    );
  }));
});

Deno.test("example: readNpz() refuses a file that is cut short, wherever", () => {
  for (const file of [writeNpz(SAMPLE), odd("compressed.npz"), odd("data_descriptors.npz")]) {
    for (let length = 0; length < file.length; length++) {
      throws(() => readNpz(file.subarray(0, length)), FormatError);
    }
  }
});

Deno.test("law: readNpz() raises nothing but FormatError, whatever is done to a file", () => {
  const files = ["compressed", "zip64_data_descriptors", "zip64", "extra_members"];
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat(6),
    insert: fc.uint8Array({ maxLength: 6 }),
  });
  const edits = fc.array(edit, { minLength: 1, maxLength: 5 });
  const contents = files.map((name) => [...odd(`${name}.npz`)]);
  fc.assert(
    fc.property(fc.constantFrom(...contents), edits, (contents, edits) => {
      const bytes = [...contents];
      for (const { at, remove, insert } of edits) {
        bytes.splice(at % bytes.length, remove, ...insert);
      }
      try {
        readNpz(Uint8Array.from(bytes));
      } catch (error) {
        ok(error instanceof FormatError, `raised ${error}`);
      }
    }),
    { numRuns: 200 },
  );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => throws(() => readNpz(bytes), FormatError)));
});

numpyTest("reference: np.load() reads what writeNpz() wrote, without pickle", () => {
  const named: NamedArray[] = [
    ...SAMPLE,
    ["重み 1", { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) }],
    ["empty", { shape: [0, 3], data: new Float64Array() }],
    ["i8", { shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) }],
    ["u1", { shape: [3, 1], data: Uint8Array.of(0, 1, 255) }],
    ["b1", { shape: [2], data: Uint8Array.of(0, 1), bool: true }],
  ];
  using folder = new Folder({ "a.npz": writeNpz(named) });
  const code = `
import json, sys, numpy as np
with np.load(sys.argv[1], allow_pickle=False) as arrays:
    print(json.dumps([[n, a.dtype.str, a.shape, a.tobytes().hex()] for n, a in arrays.items()]))
`;
  const found = JSON.parse(python(code, folder.file("a.npz")));
  const dtypes = ["<f8", "<f8", "<f8", "<f8", "<i8", "|u1", "|b1"];
  const hex = ({ data }: WritableArray) => Buffer.from(data.buffer).toString("hex");
  const wanted = named.map(([name, array], i) => [name, dtypes[i], array.shape, hex(array)]);
  deepStrictEqual(found, wanted);
});
