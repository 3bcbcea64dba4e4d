/** The error for files. */
import { ok, strictEqual } from "node:assert/strict";
import { cannotRead, FormatError } from "../../lib/formats/format_error.ts";

Deno.test("example: FormatError is a SyntaxError with a name and an optional offset", () => {
  const error = cannotRead('"W.npy"', "has 3 bytes, need 4", 3);
  ok(error instanceof FormatError && error instanceof SyntaxError);
  strictEqual(String(error), 'FormatError: Cannot read "W.npy": has 3 bytes, need 4');
  strictEqual(error.offset, 3);
  strictEqual(new FormatError("no").offset, undefined);
});
