/** Values of any type in messages. */
import { strictEqual } from "node:assert/strict";
import { describeClass, describeValue } from "../../lib/text/describe_value.ts";

Deno.test("example: describeValue() tells strings and bigints from numbers, and stays on one line", () => {
  strictEqual(describeValue(7), "7");
  strictEqual(describeValue("7"), 'the string "7"');
  strictEqual(describeValue(7n), "the bigint 7");
  strictEqual(describeValue("a\nb"), 'the string "a\\u{a}b"');
  strictEqual(describeValue([7]), "an object");
  strictEqual(describeValue(null), "null");
  strictEqual(describeValue(undefined), "undefined");
});

Deno.test("example: describeClass() names the class of a value, and object for one that has none", () => {
  strictEqual(describeClass(new ArrayBuffer(2)), "ArrayBuffer");
  strictEqual(describeClass(7), "Number");
  strictEqual(describeClass(null), "null");
  strictEqual(describeClass(undefined), "undefined");
  strictEqual(describeClass(Object.create(null)), "object");
});
