/** Base64, compared with an example of RFC 4648 and with Node. */
import fc from "fast-check";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fromBase64, toBase64 } from "../../lib/formats/base64.ts";

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

Deno.test("example: toBase64() takes more bytes than a call may have arguments", () => {
  const bytes = Uint8Array.from({ length: 1_000_001 }, (_, i) => i * i);
  deepStrictEqual(fromBase64(toBase64(bytes)), bytes);
});

Deno.test("example: fromBase64() refuses other characters", () => {
  throws(() => fromBase64("Zm9v!"), { name: "InvalidCharacterError" });
});
