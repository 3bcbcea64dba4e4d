// Files of arrays: npy and IDX.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { readParameters } from "../../lib/storage/parameters_file.ts";
import { readNpz } from "../../lib/formats/npz.ts";
import { fromBase64, toBase64 } from "../../lib/formats/base64.ts";
import { readIdx, readIdxHeader } from "../../lib/formats/idx.ts";
import { dtypeName, formatShape, type NdData, toFloat64 } from "../../lib/formats/nd_array.ts";
import { readNpy, type WritableArray, writeNpy } from "../../lib/formats/npy.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { concat } from "../helpers/zip_builder.ts";

const GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** An npy file of version 1.0 with any header, and so many bytes counting up behind it. */
function npy(header: string, count = 16): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const prefix = Uint8Array.of(...MAGIC, 1, 0, text.length & 255, text.length >> 8);
  return concat([prefix, text, Uint8Array.from({ length: count }, (_, i) => i)]);
}

/** The dtypes that are needed, in errors. */
const DTYPES = "need f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1";

Deno.test("example: readNpy() reads a header with its keys in any order, quotes and spaces", () => {
  const data = new Float64Array(npy("", 16).slice(-16).buffer);
  for (
    const header of [
      GOOD,
      " " + GOOD + "      \n",
      "{'shape':(2,),'fortran_order':False,'descr':'<f8'}",
      '{ "shape" : ( 2 , ) ,\n "descr" : "<f8" , "fortran_order" : False }',
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2L,)}",
    ]
  ) {
    const wanted = { shape: [2], dtype: "<f8", fortranOrder: false, data };
    deepStrictEqual(readNpy(npy(header)), wanted);
  }
});

Deno.test("example: readNpy() keeps the bits of NaN, whatever the order", () => {
  const bits = Uint32Array.of(0x7f800001, 0xff800001, 0x7fc00000, 0); // two signal
  const file = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2)}", 16);
  file.set(new Uint8Array(bits.buffer), file.length - 16);
  const [a, b, c, d] = bits;
  deepStrictEqual(new Uint32Array(readNpy(file).data.buffer), Uint32Array.of(a!, c!, b!, d!));
});

Deno.test("example: readNpy() returns a copy of the data, at any alignment", () => {
  const file = npy(GOOD);
  const shifted = new Uint8Array(file.length + 3);
  shifted.set(file, 3);
  // the slice() of a Node.js Buffer is a view
  const buffer = Buffer.from(shifted.buffer, 3);
  const copies = [shifted.subarray(3), buffer].map((bytes) => readNpy(bytes).data);
  shifted.fill(0);
  for (const data of copies) deepStrictEqual(data, readNpy(file).data);
});

Deno.test("example: readNpy() reads bool as bytes of 0 and 1, which writeNpy() writes as |u1", () => {
  const file = npy(GOOD.replace("<f8", "|b1"), 2);
  const array = readNpy(file);
  deepStrictEqual([array.dtype, array.data], ["|b1", Uint8Array.of(0, 1)]);
  strictEqual(readNpy(writeNpy(array)).dtype, "|u1");
});

Deno.test("example: readNpy() refuses what is no npy file, or of another kind", () => {
  const magic = "need 93 4e 55 4d 50 59 (npy)", wrong = npy(GOOD);
  wrong[5] = 0x5a;
  const version = (...version: number[]) =>
    concat([npy(GOOD).subarray(0, 6), Uint8Array.from(version), npy(GOOD).subarray(8)]);
  const header = "header is cut short, or longer than 10000 bytes";
  const invalid = (text: string) =>
    `header is ${text}, need a dictionary of descr (one dtype), fortran_order and shape (a tuple)`;
  const of = (descr: string, contents = "") => `descr is "${descr}"${contents}, ${DTYPES}`;
  const shape = (found: string) => `shape is ${found}, need at most 64 sizes from 0 to 67108864`;
  const present = (count: number, needed: number | bigint = 16, shape = "(2,)") =>
    `shape ${shape} of "<f8" needs ${needed} bytes of data, ${count} are present`;
  const large = "(67108864, 67108864, 4096)"; // 2²⁶ · 2²⁶ · 2¹² · 8 = 2⁶⁷ is 0 in 64 bits
  const cases: [file: Uint8Array, reason: string][] = [
    [new Uint8Array(), `begins with nothing, ${magic}`],
    [npy(GOOD).subarray(0, 4), `begins with 93 4e 55 4d, ${magic}`],
    [wrong, `begins with 93 4e 55 4d 50 5a, ${magic}`],
    [version(4, 0), "npy version is 4.0, need 1.0, 2.0 or 3.0"],
    [npy(GOOD).subarray(0, 9), header],
    [npy(GOOD, 0).subarray(0, -1), header],
    [npy(GOOD.padEnd(10_001)), header],
    [Uint8Array.of(...MAGIC, 2, 0, 255, 255, 255, 255), header], // 4 GiB
    [npy(GOOD, 0), present(0)],
    [npy(GOOD, 17), present(17)],
    [npy(GOOD.replace("(2,)", large), 0), present(0, 2n ** 67n, large)],
    [npy(GOOD.replace("<f8", "|b1").replace("2", "3"), 3), "entry 2 of bool is 2, need 0 or 1"],
    // a negative size is refused even where the product is plausible
    [npy(GOOD.replace("(2,)", "(-4, -784)"), 4 * 784 * 8), shape('"(-4, -784)"')],
    [npy(GOOD.replace("(2,)", `(0, ${"9".repeat(80)})`)), shape(`"(0, ${"9".repeat(56)}…"`)],
    [npy(GOOD.replace("(2,)", `(${"1, ".repeat(64)}2)`)), shape(`"(${"1, ".repeat(19)}1,…"`)],
  ];
  const others: Record<string, string> = {
    "|O": "Python objects",
    "<c8": "complex numbers",
    ">c16": "complex numbers",
    "<f16": "extended precision",
    "<f12": "extended precision",
    "<U5": "strings",
    "|S3": "byte strings",
    "|V8": "raw bytes",
    "<M8[s]": "dates and times",
    "<m8[ns]": "time differences",
  };
  for (const [descr, contents] of Object.entries(others)) {
    cases.push([npy(GOOD.replace("<f8", descr)), of(descr, ` (${contents})`)]);
  }
  for (const descr of ["f8", "=f8", "<u1", "<f3", "", "<constructor"]) {
    cases.push([npy(GOOD.replace("<f8", descr)), of(descr)]);
  }
  for (
    const header of [
      "{'descr': '<f8', 'shape': (2,)}",
      "{descr: '<f8', 'fortran_order': False, 'shape': (2,)}",
      GOOD.replace("'<f8'", "[('a', '<f8')]"), // a structured array
      GOOD.replace("{", "{'a': 1, "),
      GOOD.replace("{", "{'shape': (2,), "),
      ...["(2)", "(2.0,)", "(1, 2", "[2]"]
        .map((shape) => GOOD.replace("(2,)", shape)),
    ]
  ) {
    const shown = header.length > 60 ? `"${header.slice(0, 60)}…"` : `"${header}"`;
    cases.push([npy(header), invalid(shown)]);
  }
  for (const [file, reason] of cases) {
    throws(() => readNpy(file, "W.npy"), {
      name: "FormatError",
      message: `Cannot read "W.npy": ${reason}`,
    });
  }
});

/** Arrays of every kind, with shapes of 0 to 4 dimensions. */
const arrays = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, side) => product * side, 1);
  const exactly = { minLength: length, maxLength: length };
  const kinds: fc.Arbitrary<NdData>[] = [
    ...[fc.float64Array(exactly), fc.float32Array(exactly)],
    ...[fc.int8Array(exactly), fc.int16Array(exactly), fc.int32Array(exactly)],
    ...[fc.uint8Array(exactly), fc.uint16Array(exactly), fc.uint32Array(exactly)],
    ...[fc.bigInt64Array(exactly), fc.bigUint64Array(exactly)],
  ];
  return fc.oneof(...kinds).map((data) => ({ shape, data }));
});

Deno.test("law: readNpy() reads what writeNpy() wrote, of every kind and shape", () => {
  fc.assert(fc.property(arrays, (array) => {
    const { shape, data, fortranOrder } = readNpy(writeNpy(array));
    deepStrictEqual({ shape, data }, array); // distinguishes -0 from 0, and NaN equals NaN
    strictEqual(fortranOrder, false);
  }));
});

Deno.test("law: writeNpy() writes the same for an array that begins in the middle of its buffer", () => {
  fc.assert(fc.property(arrays, ({ shape, data }) => {
    const { BYTES_PER_ELEMENT: size, byteLength } = data;
    const buffer = new ArrayBuffer(byteLength + 2 * size);
    new Uint8Array(buffer).fill(7);
    new Uint8Array(buffer, size, byteLength).set(new Uint8Array(data.buffer));
    const view = Reflect.construct(data.constructor, [buffer, size, data.length]) as NdData;
    deepStrictEqual(writeNpy({ shape, data: view }), writeNpy({ shape, data }));
  }));
});

Deno.test("example: writeNpy() refuses what is no array of NumPy's", () => {
  const six = new Float64Array(6);
  const ones = (dimensions: number): number[] => new Array(dimensions).fill(1);
  const refuses = (array: { shape: unknown; data: unknown }, error: string) => {
    const [name, reason] = error.split(/: (.*)/) as [string, string];
    const message = `Cannot write "W.npy": ${reason}`;
    throws(() => writeNpy(array as WritableArray, "W.npy"), { name, message });
  };
  const numbers = "RangeError: shape (2, 2) has 4 numbers, data has 6, need the same";
  refuses({ shape: [2, 2], data: six }, numbers);
  for (const shape of [[-2, -3], [1.5, 4], [NaN, 6], [0, 2 ** 26 + 1], ones(65)]) {
    const needed = "need at most 64 integers from 0 to 67108864";
    refuses({ shape, data: six }, `RangeError: shape is (${shape.join(", ")}), ${needed}`);
  }
  // 6 is what NumPy takes
  for (const [shape, found] of [[6, "6"], [undefined, "undefined"], ["6", 'the string "6"']]) {
    refuses({ shape, data: six }, `TypeError: shape is ${found}, need an array of sizes`);
  }
  const kinds = "Float64Array, Float32Array, Int8Array, Uint8Array, Int16Array, Uint16Array, " +
    "Int32Array, Uint32Array, BigInt64Array, BigUint64Array";
  for (const data of [[1, 2], new Uint8ClampedArray(2)]) {
    const found = `data is of type ${data.constructor.name}`;
    refuses({ shape: [2], data }, `TypeError: ${found}, need one of ${kinds}`);
  }
  // the greatest that are not refused
  for (const shape of [[0, 2 ** 26], ones(64)]) {
    const data = new Float64Array(shape[0]!);
    deepStrictEqual(readNpy(writeNpy({ shape, data })).shape, shape);
  }
});

Deno.test("type: writeNpy() of a plain array or a Uint8ClampedArray does not compile", () => {
  // @ts-expect-error no typed array
  throws(() => writeNpy({ shape: [2], data: [1, 2] }), TypeError);
  // @ts-expect-error no dtype of NumPy
  throws(() => writeNpy({ shape: [2], data: new Uint8ClampedArray(2) }), TypeError);
});

numpyTest("reference: writeNpy() writes the bytes that np.save writes", () => {
  // headers of many lengths, so that every amount of padding occurs, 1 and 64 spaces too
  const shapes: number[][] = [[], [0], [6], [2, 3], [3, 2, 1], [123456, 0]];
  for (let ones = 0; ones <= 30; ones++) {
    for (const side of [1, 10, 100]) shapes.push([0, side, ...new Array<number>(ones).fill(1)]);
  }
  const code = `
import io, json, sys, numpy as np
for shape in json.loads(sys.argv[1]):
    array = np.arange(np.prod(shape, dtype=int), dtype='<f8').reshape(shape)
    stream = io.BytesIO()
    np.save(stream, array)
    print(stream.getvalue().hex())
`;
  const expected = python(code, JSON.stringify(shapes)).trim().split("\n");
  const written = shapes.map((shape) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const bytes = writeNpy({ shape, data: Float64Array.from({ length }, (_, i) => i) });
    return Buffer.from(bytes).toString("hex");
  });
  deepStrictEqual(written, expected);
});

/** An IDX header of any magic number and sizes, and so many bytes counting up behind it. */
function idx(magic: number, sizes: readonly number[], count: number): Uint8Array<ArrayBuffer> {
  const start = 4 + 4 * sizes.length;
  const bytes = new Uint8Array(start + count), view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  sizes.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  for (let i = 0; i < count; i++) bytes[start + i] = i;
  return bytes;
}

Deno.test("example: readIdx() reads two images of 2 x 3", () => {
  const bytes = idx(0x803, [2, 2, 3], 12);
  const data = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  const wanted = { shape: [2, 2, 3], dtype: "|u1", fortranOrder: false, data };
  deepStrictEqual(readIdx(bytes), wanted);
});

Deno.test("example: readIdx() returns a view on the bytes, not a copy, and no Buffer", () => {
  const file = Buffer.from([9, 9, ...idx(0x801, [3], 3)]);
  const { data } = readIdx(file.subarray(2));
  strictEqual(data.buffer, file.buffer);
  deepStrictEqual(data, Uint8Array.of(0, 1, 2));
});

Deno.test("example: readIdxHeader() returns the length of a file from its first 16 bytes", () => {
  strictEqual(readIdxHeader(idx(0x803, [60_000, 28, 28], 0)).byteLength, 47_040_016);
  strictEqual(readIdxHeader(idx(0x801, [60_000], 8)).byteLength, 60_008);
});

Deno.test("example: readIdx() and readIdxHeader() refuse the same headers", () => {
  const huge = 0xffffffff, needed = "need 0x00000801 (labels) or 0x00000803 (images)";
  const magic = (found: number) =>
    `magic number at byte 0 is 0x${found.toString(16).padStart(8, "0")}, ${needed}`;
  const items = (count: number) => `number of items at byte 4 is ${count}, need 1 to 1000000`;
  const pixels = (...sides: number[]) =>
    `items at byte 8 are of ${sides.join(" x ")} pixels, need 1 to 65536`;
  const cases: [file: Uint8Array, reason: string][] = [
    [new Uint8Array(), "file has 0 bytes, need 4 for the magic number"],
    [idx(0x801, [], 3), "file has 7 bytes, need 8 for the header of 1 dimensions"],
    [idx(0x803, [1, 1], 3), "file has 15 bytes, need 16 for the header of 3 dimensions"],
    // nothing, no dimension, four, floats instead of bytes, not zero at first, gzip
    ...[0, 0x800, 0x804, 0xd03, 0x10000803, 0x1f8b0808].map((found): [Uint8Array, string] => [
      idx(found, [1, 1, 1, 1], 1),
      magic(found),
    ]),
    ...[0, 1_000_001, huge].map((count): [Uint8Array, string] => [
      idx(0x803, [count, 1, 1], 0),
      items(count),
    ]),
    // the square of the greatest wraps round to 1 in 32 bits
    ...[[0, 28], [28, 0], [huge, 0], [65_537, 1], [257, 256], [huge, huge]].map(
      (sides): [Uint8Array, string] => [idx(0x803, [1, ...sides], 0), pixels(...sides)],
    ),
  ];
  for (const [file, reason] of cases) {
    const error = { name: "FormatError", message: `Cannot read IDX: ${reason}` };
    throws(() => readIdx(file), error);
    throws(() => readIdxHeader(file), error);
  }
});

Deno.test("example: readIdx() refuses a file that is a byte too short or too long", () => {
  for (const length of [11, 13]) {
    throws(() => readIdx(idx(0x803, [2, 2, 3], length)), {
      name: "FormatError",
      message: `Cannot read IDX: file has ${16 + length} bytes, header announces ` +
        "16 + 2 x 2 x 3 = 28 bytes",
    });
  }
});

Deno.test("law: toBase64() is Node's base64, and fromBase64() takes it back, in lines too", () => {
  strictEqual(toBase64(new TextEncoder().encode("fooba")), "Zm9vYmE="); // of RFC 4648
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const encoded = toBase64(bytes);
      strictEqual(encoded, Buffer.from(bytes).toString("base64"));
      deepStrictEqual(fromBase64(encoded), new Uint8Array(bytes));
      deepStrictEqual(fromBase64(encoded.replaceAll(/.{4}/g, "$&\n")), new Uint8Array(bytes));
    }),
  );
});

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

const of = (data: NdData) => ({ shape: [data.length], dtype: "", fortranOrder: false, data });

Deno.test("example: toFloat64() returns an array of doubles itself", () => {
  const data = Float64Array.of(-0, NaN);
  strictEqual(toFloat64(of(data)), data);
});

Deno.test("example: toFloat64() rounds a 64-bit integer to the nearest double", () => {
  const odd = BigUint64Array.of(2n ** 53n + 1n, 2n ** 53n + 3n, 2n ** 64n - 1n);
  deepStrictEqual(toFloat64(of(odd)), Float64Array.of(2 ** 53, 2 ** 53 + 4, 2 ** 64));
});

Deno.test("example: formatShape() writes a Python tuple", () => {
  deepStrictEqual([[], [3], [3, 4]].map(formatShape), ["()", "(3,)", "(3, 4)"]);
});

Deno.test("example: dtypeName() is NumPy's name of a dtype", () => {
  deepStrictEqual(["<f8", ">f4", "<f2", "|i1", "|u1", ">u8", "<i4", "|b1"].map(dtypeName), [
    ...["float64", "float32", "float16", "int8", "uint8", "uint64", "int32", "bool"],
  ]);
});
