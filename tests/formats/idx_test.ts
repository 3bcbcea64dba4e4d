/** IDX files: what is read, and what is rejected. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { FormatError } from "../../lib/formats/format_error.ts";
import { readIdx, readIdxHeader } from "../../lib/formats/idx.ts";

/** An IDX header of any magic number and sizes, and so many bytes counting up behind it. */
function idx(magic: number, sizes: readonly number[], count: number): Uint8Array<ArrayBuffer> {
  const start = 4 + 4 * sizes.length;
  const bytes = new Uint8Array(start + count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  sizes.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  for (let i = 0; i < count; i++) bytes[start + i] = i;
  return bytes;
}

/** Asserts that both readers of a header reject it with the same message. */
function refuses(bytes: Uint8Array<ArrayBuffer>, reason: string, offset?: number) {
  const error = { name: "FormatError", message: `Cannot read IDX: ${reason}`, offset };
  throws(() => readIdx(bytes), error);
  throws(() => readIdxHeader(bytes), error);
}

Deno.test("example: readIdx() reads two images of 2 x 3", () => {
  const bytes = idx(0x803, [2, 2, 3], 12);
  deepStrictEqual(readIdx(bytes, { dimensions: 3 }), {
    shape: [2, 2, 3],
    dtype: "|u1",
    fortranOrder: false,
    data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
  });
});

Deno.test("example: readIdx() reads labels and rows of one dimension less than images", () => {
  deepStrictEqual(readIdx(idx(0x801, [3], 3)).shape, [3]);
  deepStrictEqual(readIdx(idx(0x802, [3, 2], 6)).shape, [3, 2]);
});

Deno.test("example: readIdx() returns a view on the bytes, not a copy", () => {
  const file = new Uint8Array([9, 9, ...idx(0x801, [3], 3)]);
  const { data } = readIdx(file.subarray(2));
  strictEqual(data.buffer, file.buffer);
  deepStrictEqual(data, Uint8Array.of(0, 1, 2));
});

Deno.test("example: readIdx() reads what node:zlib decompressed", () => {
  const { data } = readIdx(gunzipSync(gzipSync(idx(0x801, [3], 3))));
  deepStrictEqual(data, Uint8Array.of(0, 1, 2)); // not a Buffer
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

Deno.test("example: readIdx() refuses a magic number that is not the one needed", () => {
  const labels = idx(0x801, [3], 3);
  const message = "Cannot read IDX: magic number at byte 0 is 0x00000801, need 0x00000803 (images)";
  throws(() => readIdx(labels, { dimensions: 3 }), { name: "FormatError", message, offset: 0 });
  throws(() => readIdxHeader(labels, { dimensions: 3 }), { message });
  throws(() => readIdx(idx(0x803, [1, 1, 1], 1), { dimensions: 1 }), {
    message: "Cannot read IDX: magic number at byte 0 is 0x00000803, need 0x00000801 (labels)",
  });
});

Deno.test("example: readIdx() refuses a magic number of another kind of IDX file", () => {
  // nothing, one less than bytes, no dimension, four, floats instead of bytes, not zero at first,
  // gzip
  for (const magic of [0, 0x7ff, 0x800, 0x804, 0xd03, 0x10000803, 0x1f8b0808]) {
    const found = `0x${magic.toString(16).padStart(8, "0")}`;
    const needed = "one of 0x00000801 (labels), 0x00000802, 0x00000803 (images)";
    refuses(idx(magic, [1, 1, 1, 1], 1), `magic number at byte 0 is ${found}, need ${needed}`, 0);
  }
});

Deno.test("example: readIdx() refuses a file that ends in its header", () => {
  refuses(new Uint8Array(), "file has 0 bytes, need 4 for the magic number");
  refuses(idx(0x801, [], 3), "file has 7 bytes, need 8 for the header of 1 dimensions");
  refuses(idx(0x803, [1, 1], 3), "file has 15 bytes, need 16 for the header of 3 dimensions");
});

Deno.test("example: readIdx() refuses 0 items, and more than 1,000,000", () => {
  for (const items of [0, 1_000_001, 0xffffffff]) {
    const found = `number of items at byte 4 is ${items}`;
    refuses(idx(0x803, [items, 1, 1], 0), `${found}, need 1 to 1000000`, 4);
  }
});

Deno.test("example: readIdx() refuses images of 0 pixels, and of more than 65,536", () => {
  for (const sides of [[0, 28], [28, 0], [0xffffffff, 0], [65_537, 1], [257, 256]]) {
    const found = `items at byte 8 are of ${sides.join(" x ")} pixels`;
    refuses(idx(0x803, [1, ...sides], 0), `${found}, need 1 to 65536`, 8);
  }
  // 4294967295² wraps round to 1 in 32 bits
  const huge = 0xffffffff;
  refuses(
    idx(0x803, [1, huge, huge], 0),
    `items at byte 8 are of ${huge} x ${huge} pixels, need 1 to 65536`,
    8,
  );
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
