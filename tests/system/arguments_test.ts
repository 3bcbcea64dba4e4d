// Parsers of the values of options.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { integer, oneOf, path, positive } from "../../lib/system/arguments.ts";

/** Asserts that a parser refuses each of these texts with one message. */
function refuses(parse: (text: string) => unknown, texts: readonly string[], message: string) {
  for (const text of texts) {
    throws(() => parse(text), { code: "commander.invalidArgument", message }, JSON.stringify(text));
  }
}

Deno.test("example: integer() takes both ends of its range and nothing beyond", () => {
  const parse = integer(1, 65535);
  deepStrictEqual(["1", "007", "65535"].map(parse), [1, 7, 65535]);
  refuses(
    parse,
    ["0", "65536", "-1", "+1", "1.0", "1e3", "0x10", " 1", "", "one", "१"],
    "Must be an integer from 1 to 65535",
  );
  strictEqual(integer(0)("9007199254740991"), Number.MAX_SAFE_INTEGER);
  refuses(integer(0), ["9007199254740992"], "Must be an integer from 0 to 9007199254740991");
});

Deno.test("example: seed() takes NumPy's seeds", () => {
  deepStrictEqual(["0", "4294967295"].map(seed), [0, 4294967295]);
  refuses(seed, ["4294967296", "-1"], "Must be an integer from 0 to 4294967295");
});

Deno.test("example: positive() takes decimal numbers greater than 0", () => {
  deepStrictEqual(["0.01", ".5", "2.", "1e-3", "1E+2", "5e-324"].map(positive), [
    ...[0.01, 0.5, 2, 0.001, 100, 5e-324],
  ]);
  refuses(
    positive,
    ["0", "0.0", "-1", "1e999", "1e-999", "Infinity", "NaN", "0x1", "1_0", ".", "e1", " 1", ""],
    "Must be a finite number greater than 0, such as 0.01 or 1e-3",
  );
});

Deno.test("example: oneOf() takes one of its words, and path() any text but the empty one", () => {
  const parse = oneOf("test", "train");
  strictEqual(parse("train"), "train");
  refuses(parse, ["", "Test", "te", "test,train"], "Must be test or train");
  strictEqual(path(" "), " ");
  refuses(path, [""], "Must not be empty");
});
