/** The error for files, and how what is found in them is shown. */
import { hex32 } from "../../lib/text/hex.ts";
import { quote } from "../../lib/text/escape.ts";
import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { cannotRead, FormatError } from "../../lib/formats/format_error.ts";

Deno.test("example: FormatError is a SyntaxError with a name and an optional offset", () => {
  const error = cannotRead('"W.npy"', "has 3 bytes, need 4", 3);
  ok(error instanceof FormatError && error instanceof SyntaxError);
  strictEqual(String(error), 'FormatError: Cannot read "W.npy": has 3 bytes, need 4');
  strictEqual(error.offset, 3);
  strictEqual(new FormatError("no").offset, undefined);
});

Deno.test("example: quote() leaves words of any script as they are", () => {
  for (const name of ["arr_0.npy", "重み 1", "naïve", "Ω²"]) strictEqual(quote(name), `"${name}"`);
});

Deno.test("example: quote() escapes quotes, controls, bidirectional marks and invisible characters", () => {
  strictEqual(quote('a"b\\c'), '"a\\"b\\\\c"');
  strictEqual(quote("\u001b[2J\n\u0000\u007f\u009b"), '"\\u{1b}[2J\\u{a}\\u{0}\\u{7f}\\u{9b}"');
  strictEqual(quote("\u202e\u2066\u200f\u061c"), '"\\u{202e}\\u{2066}\\u{200f}\\u{61c}"');
  strictEqual(
    quote("\u2028\u00a0\u200b\ufeff\ud800"),
    '"\\u{2028}\\u{a0}\\u{200b}\\u{feff}\\u{d800}"',
  );
});

Deno.test("example: quote() cuts at 60 characters, never inside an escape", () => {
  strictEqual(quote("x".repeat(60)), `"${"x".repeat(60)}"`);
  strictEqual(quote("x".repeat(61)), `"${"x".repeat(60)}…"`);
  strictEqual(quote("\n".repeat(30)), `"${"\\u{a}".repeat(12)}…"`);
  strictEqual(quote("x".repeat(58) + "\u202e"), `"${"x".repeat(58)}…"`);
});

Deno.test("law: quote() returns one short line without control characters, whatever the name", () => {
  // any UTF-16, valid or not
  fc.assert(fc.property(fc.uint16Array({ maxLength: 100 }), (units) => {
    const shown = quote(String.fromCharCode(...units));
    ok(shown.length <= 63);
    ok(/^"[^\p{C}\u2028\u2029]*"$/u.test(shown));
  }));
});

Deno.test("example: hex32() writes eight digits", () => {
  strictEqual(hex32(0x803), "0x00000803");
  strictEqual(hex32(0xffffffff), "0xffffffff");
});
