/** CRC-32 against the value that is published for it and against zlib. */
import { strictEqual } from "node:assert/strict";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { nativeZlib } from "../../lib/formats/native_zlib.ts";
import { crc32 } from "../../lib/formats/crc32.ts";

Deno.test("example: crc32() of the nine digits is the check value of its definition", () => {
  for (const zlib of new Set([nativeZlib, null])) {
    strictEqual(crc32(new TextEncoder().encode("123456789"), zlib), 0xcbf43926);
    strictEqual(crc32(new Uint8Array(), zlib), 0);
  }
});

Deno.test("law: crc32() without zlib is zlib's", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
    strictEqual(crc32(bytes, null), zlibCrc32(bytes));
  }));
});
