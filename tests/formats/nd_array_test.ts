/** Arrays of files: their conversion to doubles, and their shapes as text. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { dtypeName, formatShape, type NdData, toFloat64 } from "../../lib/formats/nd_array.ts";

const of = (data: NdData) => ({ shape: [data.length], dtype: "", fortranOrder: false, data });

Deno.test("example: toFloat64() returns an array of doubles itself", () => {
  const data = Float64Array.of(-0, NaN);
  strictEqual(toFloat64(of(data)), data);
});

Deno.test("example: toFloat64() keeps every value that a double can hold", () => {
  deepStrictEqual(toFloat64(of(Float32Array.of(0.5, -0))), Float64Array.of(0.5, -0));
  deepStrictEqual(toFloat64(of(Int16Array.of(-32768))), Float64Array.of(-32768));
  deepStrictEqual(toFloat64(of(Uint32Array.of(2 ** 32 - 1))), Float64Array.of(2 ** 32 - 1));
  deepStrictEqual(toFloat64(of(BigInt64Array.of(-(2n ** 53n)))), Float64Array.of(-(2 ** 53)));
});

Deno.test("example: toFloat64() rounds a 64-bit integer to the nearest double", () => {
  const odd = BigUint64Array.of(2n ** 53n + 1n, 2n ** 53n + 3n, 2n ** 64n - 1n);
  deepStrictEqual(toFloat64(of(odd)), Float64Array.of(2 ** 53, 2 ** 53 + 4, 2 ** 64));
});

Deno.test("example: formatShape() writes a Python tuple", () => {
  deepStrictEqual([[], [3], [3, 4]].map(formatShape), ["()", "(3,)", "(3, 4)"]);
});

Deno.test("example: dtypeName() is NumPy's name of a dtype", () => {
  deepStrictEqual(["<f8", ">f4", "<f2", "|i1", "|u1", ">u8", "<i4", "|b1"].map(dtypeName), [
    ...["float64", "float32", "float16", "int8", "uint8", "uint64", "int32", "bool"],
  ]);
});
