// Bytes and words in hexadecimal.
import { strictEqual } from "node:assert/strict";
import { hex, hex32 } from "../../lib/text/hex.ts";

Deno.test("example: hex() writes two digits for each byte", () => {
  strictEqual(hex(Uint8Array.of(0, 9, 16, 255)), "000910ff");
  strictEqual(hex(Uint8Array.of(0, 9, 16, 255), " "), "00 09 10 ff");
});

Deno.test("example: hex32() writes eight digits", () => {
  strictEqual(hex32(0x803), "0x00000803");
  strictEqual(hex32(0xffffffff), "0xffffffff");
});
