/** Numbers as Python prints them. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { pythonFloat } from "../../lib/text/python_float.ts";
import { numpyTest, python } from "../helpers/numpy.ts";

Deno.test("example: pythonFloat() writes the report's losses as the report has them", () => {
  for (const text of ["2.1195802822692515", "1.6942129635495269", "1.0160632470686923"]) {
    strictEqual(pythonFloat(Number(text)), text);
  }
});

Deno.test("example: pythonFloat() has an exponent of two digits below 1e-4 and from 1e16 on, otherwise a point", () => {
  const cases: [number, string][] = [
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [-12, "-12.0"],
    [0.1, "0.1"],
    [0.0001, "0.0001"],
    [0.00009999999999999999, "9.999999999999999e-05"],
    [5e-5, "5e-05"],
    [-1.5e-7, "-1.5e-07"],
    [1e-10, "1e-10"],
    [5e-324, "5e-324"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1e+16"],
    [123456789012345680, "1.2345678901234568e+17"],
    [1e21, "1e+21"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
    [NaN, "nan"],
  ];
  deepStrictEqual(cases.map(([x]) => pythonFloat(x)), cases.map(([, text]) => text));
});

Deno.test("law: pythonFloat() distinguishes every double from its neighbours, and looks like a float", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
    const text = pythonFloat(x);
    ok(Object.is(Number(text), x), text);
    ok(/^-?\d+(\.\d+)?(e[-+]\d{2,3})?$/.test(text) && /[.e]/.test(text), text);
  }));
});

numpyTest("reference: pythonFloat() writes doubles as Python's repr does", () => {
  const any = fc.sample(fc.double(), 2000);
  // around the two powers of ten where the form changes
  const near = fc.sample(fc.double({ min: -1, max: 1, noNaN: true }), 1000)
    .flatMap((x) => [1e-4 * (1 + x / 1e3), 1e16 * (1 + x / 1e3)]);
  const numbers = Float64Array.from([...any, ...near, 1e-4, 1e16, 1e22, 1e23, 2 ** 53]);
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(file, new Uint8Array(numbers.buffer));
    const program =
      "import sys, numpy\nfor x in numpy.fromfile(sys.argv[1]): print(repr(float(x)))";
    deepStrictEqual(python(program, file).trimEnd().split("\n"), Array.from(numbers, pythonFloat));
  } finally {
    Deno.removeSync(file);
  }
});
