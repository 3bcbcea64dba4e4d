/** npy files: what is read and written, and what is rejected. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { FormatError } from "../../lib/formats/format_error.ts";
import type { NdData } from "../../lib/formats/nd_array.ts";
import { readNpy, type WritableArray, writeNpy } from "../../lib/formats/npy.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { concat } from "../helpers/zip_builder.ts";

const GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** An npy file of version 1.0 with any header, and so many bytes counting up behind it. */
function npy(header: string, count = 16): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const prefix = Uint8Array.of(...MAGIC, 1, 0, text.length & 255, text.length >> 8);
  return concat([prefix, text, Uint8Array.from({ length: count }, (_, i) => i)]);
}

function refuses(bytes: Uint8Array, reason: string, offset?: number) {
  throws(() => readNpy(bytes, "W.npy"), (error) => {
    ok(error instanceof FormatError);
    strictEqual(error.message, `Cannot read "W.npy": ${reason}`);
    if (offset !== undefined) strictEqual(error.offset, offset);
    return true;
  });
}

/** The dtypes that are needed, in errors. */
const DTYPES = "need f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1";

/** The dtype that an array is written with. */
const writtenDtype = (array: WritableArray) => readNpy(writeNpy(array)).dtype;

const refusesHeader = (header: string, reason: string, offset?: number) =>
  refuses(npy(header), reason, offset);

Deno.test("example: readNpy() reads a header with its keys in any order, quotes and spaces", () => {
  const data = new Float64Array(npy("", 16).slice(-16).buffer);
  for (
    const header of [
      GOOD,
      " " + GOOD + "      \n",
      "{'shape':(2,),'fortran_order':False,'descr':'<f8'}",
      '{ "shape" : ( 2 , ) ,\n "descr" : "<f8" , "fortran_order" : False }',
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2L,)}",
    ]
  ) {
    deepStrictEqual(readNpy(npy(header)), {
      shape: [2],
      dtype: "<f8",
      fortranOrder: false,
      data,
    });
  }
});

Deno.test("example: readNpy() reads Python 2's long integers in versions 1.0 and 2.0 only, as NumPy does", () => {
  const header = GOOD.replace("(2,)", "(2L,)");
  const text = new TextEncoder().encode(header);
  const version = (major: number) => {
    const prefix = Uint8Array.of(...MAGIC, major, 0, text.length, 0, 0, 0);
    return concat([prefix, text, new Uint8Array(16)]);
  };
  deepStrictEqual([readNpy(npy(header)).shape, readNpy(version(2)).shape], [[2], [2]]);
  refuses(version(3), 'header is "2L,), }" at byte 63, need an integer', 63);
});

Deno.test("example: readNpy() transposes Fortran order into C order", () => {
  const header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}";
  const { data, fortranOrder } = readNpy(npy(header, 6));
  // columns (0, 1), (2, 3), (4, 5) become rows
  deepStrictEqual(data, Uint8Array.of(0, 2, 4, 1, 3, 5));
  strictEqual(fortranOrder, true);
});

Deno.test("example: readNpy() swaps the bytes of big-endian numbers", () => {
  const header = "{'descr': '>u2', 'fortran_order': False, 'shape': (2,)}";
  deepStrictEqual(readNpy(npy(header, 4)).data, Uint16Array.of(0x0001, 0x0203));
});

Deno.test("example: readNpy() swaps big-endian numbers in Fortran order", () => {
  const header = "{'descr': '>u2', 'fortran_order': True, 'shape': (2, 2)}";
  const { data } = readNpy(npy(header, 8));
  deepStrictEqual(data, Uint16Array.of(0x0001, 0x0405, 0x0203, 0x0607));
});

Deno.test("example: readNpy() returns a copy of the data, at any alignment", () => {
  const file = npy(GOOD);
  const shifted = new Uint8Array(file.length + 3);
  shifted.set(file, 3);
  const { data } = readNpy(shifted.subarray(3));
  strictEqual(data.buffer.byteLength, 16);
  shifted.fill(0);
  deepStrictEqual(data, readNpy(file).data);
});

Deno.test("example: readNpy() refuses a file without npy's magic number", () => {
  refuses(new Uint8Array(), "has 0 bytes, need a magic and a header");
  refuses(npy(GOOD).subarray(0, 11), "has 11 bytes, need a magic and a header");
  const wrong = npy(GOOD);
  wrong[5] = 0x5a;
  refuses(wrong, "magic at byte 0 is 93 4e 55 4d 50 5a, need 93 4e 55 4d 50 59 (npy)", 0);
});

Deno.test("example: readNpy() refuses versions that do not exist", () => {
  for (const [major, minor] of [[0, 0], [1, 1], [4, 0]] as const) {
    const bytes = npy(GOOD);
    bytes.set([major, minor], 6);
    refuses(bytes, `npy version is ${major}.${minor}, need 1.0, 2.0 or 3.0`, 6);
  }
});

Deno.test("example: readNpy() reads a header of 10,000 bytes and refuses a longer one", () => {
  strictEqual(readNpy(npy(GOOD.padEnd(10_000))).data.length, 2);
  refusesHeader(GOOD.padEnd(10_001), "header has 10001 bytes, need at most 10000", 8);
  // version 2.0 can declare 4 GiB
  const bytes = Uint8Array.of(...MAGIC, 2, 0, 255, 255, 255, 255);
  refuses(bytes, "header has 4294967295 bytes, need at most 10000", 8);
});

Deno.test("example: readNpy() refuses a header longer than the file", () => {
  const bytes = npy(GOOD, 0).subarray(0, -1);
  const length = GOOD.length;
  refuses(bytes, `header is declared as ${length} bytes, ${length - 1} are present`, 8);
});

Deno.test("example: readNpy() refuses object arrays, and names the reason", () => {
  const header = GOOD.replace("<f8", "|O");
  refusesHeader(header, `descr is "|O" (Python objects), ${DTYPES}`);
});

Deno.test("example: readNpy() refuses NumPy's other dtypes, and names what they hold", () => {
  const dtypes: Record<string, string> = {
    "<c8": "complex numbers",
    ">c16": "complex numbers",
    "<f16": "extended precision",
    "<f12": "extended precision",
    "<U5": "strings",
    "|S3": "byte strings",
    "|V8": "raw bytes",
    "<M8[s]": "dates and times",
    "<m8[ns]": "time differences",
  };
  for (const [descr, contents] of Object.entries(dtypes)) {
    refusesHeader(GOOD.replace("<f8", descr), `descr is "${descr}" (${contents}), ${DTYPES}`);
  }
});

Deno.test("example: readNpy() refuses a dtype that NumPy does not write", () => {
  // no order, the machine's own, order where none is, none where one is, sizes that do not exist
  for (const descr of ["f8", "=f8", "<u1", ">b1", "|f8", "|f2", "<f3", "<i3", "|b2", "", "<"]) {
    refusesHeader(GOOD.replace("<f8", descr), `descr is "${descr}", ${DTYPES}`);
  }
  // names that every object of JavaScript has
  for (const descr of ["<constructor", "<toString", "<__proto__"]) {
    refusesHeader(GOOD.replace("<f8", descr), `descr is "${descr}", ${DTYPES}`);
  }
});

Deno.test("example: readNpy() reads float16 as doubles", () => {
  // 1, -2, the greatest, the smallest, -0, infinity
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00);
  const numbers = Float64Array.of(1, -2, 65_504, 2 ** -24, -0, Infinity);
  for (const order of ["<", ">"]) {
    const file = npy(GOOD.replace("<f8", `${order}f2`).replace("(2,)", "(6,)"), 12);
    const view = new DataView(file.buffer, file.length - 12);
    bits.forEach((bits, i) => view.setUint16(2 * i, bits, order === "<"));
    const { dtype, data } = readNpy(file);
    deepStrictEqual([dtype, data], [`${order}f2`, numbers]);
    strictEqual(writtenDtype(readNpy(file)), "<f8");
  }
});

Deno.test("example: readNpy() reads bool as bytes of 0 and 1, which writeNpy() writes as |u1 unless asked", () => {
  const file = npy(GOOD.replace("<f8", "|b1"), 2);
  const array = readNpy(file);
  deepStrictEqual([array.dtype, array.data], ["|b1", Uint8Array.of(0, 1)]);
  strictEqual(writtenDtype(array), "|u1");
  strictEqual(writtenDtype({ ...array, bool: true }), "|b1");
  deepStrictEqual(readNpy(writeNpy({ ...array, bool: true })), array);
});

Deno.test("example: readNpy() refuses a bool that is neither 0 nor 1", () => {
  refuses(
    npy(GOOD.replace("<f8", "|b1").replace("2", "3"), 3),
    "entry 2 of bool is 2, need 0 or 1",
  );
});

Deno.test("example: readNpy() refuses a structured array, and names the reason", () => {
  refusesHeader(
    GOOD.replace("'<f8'", "[('a', '<f8')]"),
    "descr is a list (a structured array), need a plain dtype",
    20,
  );
});

Deno.test("example: readNpy() refuses a header without one of the keys, with another or one twice", () => {
  refusesHeader("{'descr': '<f8', 'shape': (2,)}", "header has no fortran_order, need it");
  refusesHeader("{}", "header has no descr and no fortran_order and no shape, need it");
  const only = "need only descr, fortran_order, shape";
  refusesHeader(GOOD.replace("'descr'", "'order'"), `header has the key "order", ${only}`);
  refusesHeader(
    GOOD.replace("{", "{'toString': 1, "),
    `header has the key "toString", ${only}`,
  );
  refusesHeader(
    GOOD.replace("{", "{'shape': (2,), "),
    'header has "shape" twice, need it once',
  );
});

Deno.test("example: readNpy() refuses a header that is not a valid dictionary", () => {
  const found = (rest: string, at: number, needed: string) =>
    `header is "${rest}" at byte ${at}, need ${needed}`;
  refusesHeader("(1, 2)", found("(1, 2)", 10, '"{"'), 10);
  refusesHeader("{'descr'", 'header ends at byte 18, need ":"', 18);
  refusesHeader("{descr: 1}", found("descr: 1}", 11, "a key in quotes"), 11);
  refusesHeader("{'descr': 8}", found("8}", 20, "descr in quotes"), 20);
  refusesHeader("{'descr': '<f8' 'x'", found("'x'", 26, '","'), 26);
  refusesHeader("{'fortran_order': 0}", found("0}", 28, "True or False"), 28);
  refusesHeader("{'fortran_order': Truest}", found("Truest}", 28, "True or False"), 28);
  refusesHeader(GOOD + "\n1", found("1", 68, "nothing after the dictionary"), 68);
  refusesHeader("{'shape': [2]}", found("[2]}", 20, 'shape as a tuple, "("'), 20);
});

Deno.test("example: readNpy() refuses a shape that is not a tuple of integers", () => {
  const shapes: [string, string][] = [
    ["(2)", 'header is ")}" at byte 22, need ","'],
    ["(2.0,)", 'header is "2.0,)}" at byte 21, need an integer'],
    ["(02,)", 'header is "02,)}" at byte 21, need an integer'],
    ["(2_0,)", 'header is "2_0,)}" at byte 21, need an integer'],
    ["(True,)", 'header is "True,)}" at byte 21, need an integer'],
    ["(1, 2", 'header is "}" at byte 25, need ","'],
    ["(,)", 'header is ",)}" at byte 21, need an integer'],
    ["(1,,)", 'header is ",)}" at byte 23, need an integer'],
    ["None", 'header is "None}" at byte 20, need shape as a tuple, "("'],
  ];
  for (const [shape, reason] of shapes) refusesHeader(`{'shape': ${shape}}`, reason);
});

Deno.test("example: readNpy() refuses each size that is negative, even where the product is plausible", () => {
  const header = GOOD.replace("(2,)", "(-4, -784)");
  refuses(npy(header, 4 * 784 * 8), 'size 0 of the shape is "-4", need 0 to 67108864');
  const second = GOOD.replace("(2,)", "(2, -1)");
  refusesHeader(second, 'size 1 of the shape is "-1", need 0 to 67108864');
});

Deno.test("example: readNpy() refuses a size above the limit, even of an empty array", () => {
  const size = "9".repeat(80);
  const shown = `"${"9".repeat(60)}…"`;
  refusesHeader(
    GOOD.replace("(2,)", `(0, ${size})`),
    `size 1 of the shape is ${shown}, need 0 to 67108864`,
  );
});

Deno.test("example: readNpy() reads 64 dimensions, NumPy 2's limit, and refuses 65", () => {
  const shape = (dimensions: number) => `(${"1, ".repeat(dimensions - 1)}2)`;
  strictEqual(readNpy(npy(GOOD.replace("(2,)", shape(64)))).shape.length, 64);
  refusesHeader(
    GOOD.replace("(2,)", shape(65)),
    "shape has 65 dimensions, need at most 64",
  );
});

Deno.test("example: readNpy() refuses a byte too few and a byte too many", () => {
  for (const present of [0, 15, 17]) {
    refuses(
      npy(GOOD, present),
      `shape (2,) of "<f8" needs 16 bytes of data, ${present} are present`,
      10 + GOOD.length,
    );
  }
});

Deno.test("example: readNpy() multiplies sizes without rounding or wrapping, and before it allocates", () => {
  // 2²⁶ · 2²⁶ · 2¹² · 8 = 2⁶⁷ is 0 in 64 bits
  const shape = "(67108864, 67108864, 4096)";
  refuses(
    npy(GOOD.replace("(2,)", shape), 0),
    `shape ${shape} of "<f8" needs ${2n ** 67n} bytes of data, 0 are present`,
  );
});

Deno.test("example: readNpy() escapes and cuts names", () => {
  const name = `\u001b[31m\u202e"${"x".repeat(100)}`;
  throws(() => readNpy(new Uint8Array(), name), {
    message: `Cannot read "\\u{1b}[31m\\u{202e}\\"${"x".repeat(40)}…": ` +
      "has 0 bytes, need a magic and a header",
  });
});

/** Arrays of every kind, with shapes of 0 to 4 dimensions. */
const arrays = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, side) => product * side, 1);
  const exactly = { minLength: length, maxLength: length };
  const kinds: fc.Arbitrary<NdData>[] = [
    fc.float64Array(exactly),
    fc.float32Array(exactly),
    fc.int8Array(exactly),
    fc.uint8Array(exactly),
    fc.int16Array(exactly),
    fc.uint16Array(exactly),
    fc.int32Array(exactly),
    fc.uint32Array(exactly),
    fc.bigInt64Array(exactly),
    fc.bigUint64Array(exactly),
  ];
  return fc.oneof(...kinds).map((data) => ({ shape, data }));
});

Deno.test("law: readNpy() reads what writeNpy() wrote, of every kind and shape", () => {
  fc.assert(fc.property(arrays, (array) => {
    const { shape, data, fortranOrder } = readNpy(writeNpy(array));
    deepStrictEqual({ shape, data }, array); // distinguishes -0 from 0, and NaN equals NaN
    strictEqual(fortranOrder, false);
  }));
});

Deno.test("law: writeNpy() writes the same for an array that begins in the middle of its buffer", () => {
  fc.assert(fc.property(arrays, ({ shape, data }) => {
    const { BYTES_PER_ELEMENT: size, byteLength } = data;
    const buffer = new ArrayBuffer(byteLength + 2 * size);
    new Uint8Array(buffer).fill(7);
    new Uint8Array(buffer, size, byteLength).set(new Uint8Array(data.buffer));
    const view = Reflect.construct(data.constructor, [buffer, size, data.length]) as NdData;
    deepStrictEqual(writeNpy({ shape, data: view }), writeNpy({ shape, data }));
  }));
});

Deno.test("law: readNpy() raises nothing but FormatError, whatever the header", () => {
  const pieces = [
    "{",
    "}",
    "(",
    ")",
    ",",
    ":",
    "'descr'",
    "'<f8'",
    "'shape'",
    "True",
    " ",
    "0",
    "-1",
  ];
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces, GOOD), fc.string()), { maxLength: 12 });
  fc.assert(fc.property(text, (parts) => {
    try {
      readNpy(npy(parts.join("")));
    } catch (error) {
      ok(error instanceof FormatError);
    }
  }));
});

Deno.test("example: writeNpy() refuses a shape that the numbers do not fill", () => {
  const data = new Float64Array(6);
  throws(() => writeNpy({ shape: [2, 2], data }, "W.npy"), {
    name: "RangeError",
    message: 'Cannot write "W.npy": shape (2, 2) has 4 numbers, data has 6, need the same',
  });
  for (const shape of [[-2, -3], [-1, -1, 6], [1.5, 4], [NaN, 6], [0, 2 ** 26 + 1]]) {
    throws(() => writeNpy({ shape, data }), {
      name: "RangeError",
      message: `Cannot write npy: shape is (${shape.join(", ")}), need integers from 0 to 67108864`,
    });
  }
  const none = readNpy(writeNpy({ shape: [0, 2 ** 26], data: new Float64Array() }));
  deepStrictEqual(none.shape, [0, 2 ** 26]); // the greatest that is not refused
  const ones = (dimensions: number): number[] => new Array(dimensions).fill(1);
  const most = readNpy(writeNpy({ shape: ones(64), data: new Float64Array(1) }));
  deepStrictEqual(most.shape, ones(64));
  throws(() => writeNpy({ shape: ones(65), data: new Float64Array(1) }), {
    name: "RangeError",
    message: "Cannot write npy: shape has 65 dimensions, need at most 64",
  });
});

Deno.test("example: writeNpy() refuses data that is no typed array of the allowed kinds", () => {
  const kinds = "Float64Array, Float32Array, Int8Array, Uint8Array, Int16Array, Uint16Array, " +
    "Int32Array, Uint32Array, BigInt64Array, BigUint64Array";
  const cases: [unknown, string][] = [
    [[1, 2], "Array"],
    [new Uint8ClampedArray(2), "Uint8ClampedArray"],
    [new DataView(new ArrayBuffer(2)), "DataView"],
    [Object.create(null), "object"],
    [null, "null"],
    [undefined, "undefined"],
  ];
  for (const [data, found] of cases) {
    throws(() => writeNpy({ shape: [2], data: data as NdData }, "W.npy"), {
      name: "TypeError",
      message: `Cannot write "W.npy": data is of type ${found}, need one of ${kinds}`,
    });
  }
});

Deno.test("example: writeNpy() refuses a shape that is no array, such as the number that NumPy takes", () => {
  for (const [shape, found] of [[2, "2"], [undefined, "undefined"], ["2", 'the string "2"']]) {
    throws(() => writeNpy({ shape: shape as unknown as number[], data: Float64Array.of(1, 2) }), {
      name: "TypeError",
      message: `Cannot write npy: shape is ${found}, need an array of sizes`,
    });
  }
});

Deno.test("example: writeNpy() refuses bools that are no bytes, or neither 0 nor 1", () => {
  throws(() => writeNpy({ shape: [1], data: Float64Array.of(1), bool: true }), {
    name: "TypeError",
    message: "Cannot write npy: data is of type Float64Array, need Uint8Array for bool",
  });
  throws(() => writeNpy({ shape: [3], data: Uint8Array.of(0, 1, 255), bool: true }), {
    name: "RangeError",
    message: "Cannot write npy: entry 2 of bool is 255, need 0 or 1",
  });
});

Deno.test("type: writeNpy() of a plain array or a Uint8ClampedArray does not compile", () => {
  // @ts-expect-error no typed array
  throws(() => writeNpy({ shape: [2], data: [1, 2] }), TypeError);
  // @ts-expect-error no dtype of NumPy
  throws(() => writeNpy({ shape: [2], data: new Uint8ClampedArray(2) }), TypeError);
});

numpyTest("reference: readNpy() converts every float16 number as this machine's NumPy does", () => {
  const code = `
import io, numpy as np
for order in '<>':
    stream = io.BytesIO()
    np.save(stream, np.arange(2**16, dtype='<u2').view('<f2').astype(order + 'f2'))
    print(stream.getvalue().hex())
print(np.arange(2**16, dtype='<u2').view('<f2').astype('<f8').tobytes().hex())
`;
  const [little, big, doubles] = python(code).trim().split("\n").map((hex) =>
    Uint8Array.from(Buffer.from(hex!, "hex"))
  );
  const expected = new Float64Array(doubles!.buffer);
  strictEqual(expected.length, 65_536);
  for (const { data } of [readNpy(little!), readNpy(big!)]) {
    // distinguishes -0 from 0; a NaN equals every NaN
    strictEqual(expected.findIndex((x, i) => !Object.is(data[i], x)), -1);
  }
});

numpyTest("reference: writeNpy() writes the bytes that np.save writes", () => {
  // headers of many lengths, so that every amount of padding occurs, 1 and 64 spaces too
  const shapes: number[][] = [[], [0], [6], [2, 3], [3, 2, 1], [123456, 0]];
  for (let ones = 0; ones <= 30; ones++) {
    for (const side of [1, 10, 100]) shapes.push([0, side, ...new Array<number>(ones).fill(1)]);
  }
  const code = `
import io, json, sys, numpy as np
for shape in json.loads(sys.argv[1]):
    array = np.arange(np.prod(shape, dtype=int), dtype='<f8').reshape(shape)
    stream = io.BytesIO()
    np.save(stream, array)
    print(stream.getvalue().hex())
`;
  const expected = python(code, JSON.stringify(shapes)).trim().split("\n");
  const written = shapes.map((shape) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const bytes = writeNpy({ shape, data: Float64Array.from({ length }, (_, i) => i) });
    return Buffer.from(bytes).toString("hex");
  });
  deepStrictEqual(written, expected);
});
