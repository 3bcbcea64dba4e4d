/** CRC-32 against the value that is published for it and against zlib. */
import { strictEqual } from "node:assert/strict";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { crc32 } from "../../lib/formats/crc32.ts";

Deno.test("example: crc32() of the nine digits is the check value of its definition", () => {
  strictEqual(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  strictEqual(crc32(new Uint8Array()), 0);
});

Deno.test("law: crc32() is zlib's", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
    strictEqual(crc32(bytes), zlibCrc32(bytes));
  }));
});
