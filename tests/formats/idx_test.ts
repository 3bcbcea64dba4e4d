/** IDX files, base64, arrays of files: what is read, and what is refused. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { type IdxOptions, readIdx, readIdxHeader } from "../../lib/formats/idx.ts";
import { fromBase64, toBase64 } from "../../lib/formats/base64.ts";
import { readNpy, readNpz, readParameters } from "../../mod.ts";
import { dtypeName, formatShape, type NdData, toFloat64 } from "../../lib/formats/nd_array.ts";

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
  deepStrictEqual(readIdx(bytes, { dimensions: 3 }), wanted);
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
  const labels = "0x00000801 (labels)", images = "0x00000803 (images)", huge = 0xffffffff;
  const magic = (found: number, needed: string) =>
    `magic number at byte 0 is 0x${found.toString(16).padStart(8, "0")}, need ${needed}`;
  const items = (count: number) => `number of items at byte 4 is ${count}, need 1 to 1000000`;
  const pixels = (...sides: number[]) =>
    `items at byte 8 are of ${sides.join(" x ")} pixels, need 1 to 65536`;
  const cases: [file: Uint8Array, reason: string, options?: IdxOptions][] = [
    [new Uint8Array(), "file has 0 bytes, need 4 for the magic number"],
    [idx(0x801, [], 3), "file has 7 bytes, need 8 for the header of 1 dimensions"],
    [idx(0x803, [1, 1], 3), "file has 15 bytes, need 16 for the header of 3 dimensions"],
    [idx(0x801, [3], 3), magic(0x801, images), { dimensions: 3 }],
    [idx(0x803, [1, 1, 1], 1), magic(0x803, labels), { dimensions: 1 }],
    // nothing, no dimension, four, floats instead of bytes, not zero at first, gzip
    ...[0, 0x800, 0x804, 0xd03, 0x10000803, 0x1f8b0808].map((found): [Uint8Array, string] => [
      idx(found, [1, 1, 1, 1], 1),
      magic(found, `one of ${labels}, 0x00000802, ${images}`),
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
  for (const [file, reason, options] of cases) {
    const error = { name: "FormatError", message: `Cannot read IDX: ${reason}` };
    throws(() => readIdx(file, options), error);
    throws(() => readIdxHeader(file, options), error);
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
