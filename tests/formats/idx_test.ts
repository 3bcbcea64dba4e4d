/** IDX files: what is read, and what is refused. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { FormatError } from "../../lib/formats/errors.ts";
import { type IdxOptions, readIdx, readIdxHeader } from "../../lib/formats/idx.ts";

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

Deno.test("example: readIdx() copies bytes in shared memory", () => {
  const file = idx(0x801, [3], 3);
  const shared = new Uint8Array(new SharedArrayBuffer(file.length + 2)).subarray(2);
  shared.set(file);
  const { data } = readIdx(shared);
  shared.fill(9);
  deepStrictEqual(data, Uint8Array.of(0, 1, 2));
  ok(data.buffer instanceof ArrayBuffer);
});

Deno.test("example: readIdx() takes 1 and 1,000,000 items, and items of 65,536 pixels", () => {
  strictEqual(readIdx(idx(0x801, [1], 1)).data.length, 1);
  strictEqual(readIdx(idx(0x801, [1_000_000], 1_000_000)).data.length, 1_000_000);
  strictEqual(readIdx(idx(0x803, [2, 256, 256], 131_072)).data.length, 131_072);
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

Deno.test("law: readIdx() raises nothing but FormatError, whatever the bytes", () => {
  const start = fc.constantFrom([], [0, 0, 8, 1], [0, 0, 8, 2, 0, 0, 0, 1], [0, 0, 8, 3, 0, 0]);
  fc.assert(fc.property(start, fc.uint8Array({ maxLength: 40 }), (start, rest) => {
    try {
      const { shape, data } = readIdx(new Uint8Array([...start, ...rest]));
      strictEqual(data.length, shape.reduce((product, size) => product * size));
    } catch (error) {
      ok(error instanceof FormatError);
    }
  }));
});
