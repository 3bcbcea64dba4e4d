// Archives: zip files, and npz files of arrays.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import { constants, crc32 as zlibCrc32, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { FormatError } from "../../lib/formats/errors.ts";
import { type WritableArray, writeNpy } from "../../lib/formats/npy.ts";
import { readNpz, writeNpz } from "../../lib/formats/npz.ts";
import { crc32, nativeZlib, readZip } from "../../lib/formats/zip.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { buildZip, concat, type End, type Member, words } from "../helpers/zip_builder.ts";

const MIB = 1024 * 1024;
const CONTENTS = Uint8Array.from({ length: 300 }, (_, i) => i % 7);
/** Two members: one stored, one deflated. */
const A: Member = { name: "a", contents: CONTENTS };
const B: Member = { name: "b", contents: CONTENTS.subarray(1), deflated: true };
const B_PACKED = deflateRawSync(B.contents);
const B_START = 31 + 300, DIRECTORY = B_START + 31 + B_PACKED.length, END = DIRECTORY + 2 * 47;
const SIGNATURE = words([4, 0x06054b50]);

/** The system's zlib, if there is one, and fflate. */
const INFLATERS = new Set([nativeZlib, null]);

/** Asserts that both inflaters find these members. */
function reads(zip: Uint8Array, members: readonly Member[] = [A, B]) {
  const expected = members.map(({ name, contents }) => [name, contents]);
  for (const zlib of INFLATERS) deepStrictEqual([...readZip(zip, zlib)], expected);
}

/** The archive of A and B with the second or the end changed. */
const withB = (changes: Partial<Member>) => buildZip([A, { ...B, ...changes }]);
const withEnd = (end: End) => buildZip([A, B], end);

/** A zip64 extra of the given numbers. */
const zip64 = (...numbers: number[]) =>
  words([2, 1], [2, 8 * numbers.length], ...numbers.map((n) => [8, n] as const));

Deno.test("example: readZip() reads stored and deflated members in the order of the directory", () => {
  reads(buildZip([A, B]));
  reads(buildZip([B, A]), [B, A]);
  reads(buildZip([]), []);
  const empty = { ...B, contents: new Uint8Array() };
  reads(buildZip([empty]), [empty]);
  const large = { ...B, contents: Uint8Array.from({ length: 500_000 }, (_, i) => i * i >> 7) };
  reads(buildZip([large]), [large]);
  const data = deflateRawSync(large.contents, { level: 0 }); // stored blocks of 65,535 bytes
  reads(buildZip([{ ...large, data }]), [large]);
  reads(concat([new Uint8Array(5), buildZip([A, B])]).subarray(5)); // in the middle of its buffer
});

Deno.test("example: readZip() reads names in UTF-8, extras, comments, descriptors and effort bits", () => {
  const named = { ...B, name: "\ufeff重み" }; // a byte order mark is part of the name
  reads(buildZip([named]), [named]);
  const other = words([2, 0x5455], [2, 1], [2, 0]).subarray(0, 5), comment = Uint8Array.of(65);
  reads(withB({ local: { extra: other }, entry: { extra: other, comment } }));
  const postponed = { crc: 0, packed: 0, size: 0, flags: 1 << 3 };
  reads(withB({ local: postponed, entry: { flags: 14 }, descriptor: new Uint8Array(16) }));
});

Deno.test("example: readZip() reads a comment of up to 65,535 bytes, and one with the signature of an end record", () => {
  const text = new TextEncoder().encode("PK\x05\x06 is what an end record begins with.");
  for (const length of [1, 22, 65_535]) reads(withEnd({ comment: new Uint8Array(length) }));
  for (const comment of [SIGNATURE, text, concat([text, SIGNATURE])]) reads(withEnd({ comment }));
  const inner = { ...A, contents: concat([buildZip([B]), buildZip([])]) };
  reads(buildZip([inner]), [inner]);
});

Deno.test("example: readZip() reads sizes and positions in zip64 records, where the ordinary ones leave them out", () => {
  const ordinary = { countHere: 0xffff, count: 0xffff, length: 0xffffffff, start: 0xffffffff };
  for (const end of [{}, ordinary, { ...ordinary, comment: SIGNATURE }]) {
    reads(withEnd({ zip64: {}, ...end }));
    reads(buildZip([], { zip64: {}, ...end }), []);
  }
  const [size, packed, offset] = [299, B_PACKED.length, B_START], none = 0xffffffff;
  for (
    const entry of [
      { size: none, packed: none, extra: zip64(size, packed) },
      { offset: none, extra: zip64(offset) },
      {
        size: none,
        offset: none,
        extra: concat([words([2, 7], [2, 2], [2, 9]), zip64(size, offset)]),
      },
    ]
  ) reads(withB({ entry }));
});

/** A bomb of a mebibyte of zeros, so many times over. */
function bomb(times: number): Member {
  const finishFlush = constants.Z_FULL_FLUSH;
  const piece = deflateRawSync(new Uint8Array(MIB), { finishFlush });
  const data = concat([...new Array<Uint8Array>(times).fill(piece), Uint8Array.of(3, 0)]);
  return { ...B, contents: new Uint8Array(299), data };
}

Deno.test("example: readZip() refuses what is damaged, unsupported or beyond the limits", () => {
  const cutShort = "zip archive: has 0 bytes and no end record, need a whole zip file";
  const plain = '"b": is encrypted or patched, need it plain';
  const directory = (length: number, start: number, end = END) =>
    `zip archive: is damaged: its directory has ${length} bytes from byte ${start} on, ` +
    `need it to end at byte ${end}, where the end record begins`;
  const disks = "zip archive: is of more than one disk, need one";
  const damaged = (size: number) =>
    `"b": data is damaged or cut short, or does not come to the declared ${size} bytes`;
  const local = (at: number) => `"b": local header at byte ${at} is damaged or of another name`;
  const damage = (what: string) => `zip archive: is damaged: ${what}`;
  const noEntry = (at: number) => damage(`there is no entry of its directory at byte ${at}`);
  const entries = `its 1 entries end at byte ${DIRECTORY + 47}, need byte ${END}`;
  const beyond = damage("a record goes beyond its end");
  const hex = (bytes: Uint8Array) => `0x${zlibCrc32(bytes).toString(16)}`;
  const checksum = (found: Uint8Array, declared: string) =>
    `CRC-32 of the contents is ${hex(found)}, need the declared ${declared}`;
  const tooLarge = (size: string) => `"b": comes to ${size} bytes, need at most 67108864 (64 MiB)`;
  const zip = buildZip([A, B]);
  const flipped = zip.slice();
  flipped[40]! ^= 1;
  const large = (name: string, size: number) => ({ ...B, name, entry: { size } });
  const many = Array.from({ length: 1025 }, (_, i) => ({ ...A, name: String(i) }));
  strictEqual(readZip(buildZip(many.slice(1))).size, 1024);
  const cases: [zip: Uint8Array, line: string][] = [
    // the end of the file
    [new Uint8Array(), cutShort],
    [zip.subarray(0, -1), cutShort.replace("0", `${zip.length - 1}`)],
    [concat([zip, Uint8Array.of(0)]), cutShort.replace("0", `${zip.length + 1}`)],
    [concat([zip.subarray(0, 200), zip.subarray(-22)]), directory(94, DIRECTORY, 200)],
    [withEnd({ length: 93 }), directory(93, DIRECTORY)],
    [withEnd({ zip64: { length: 93 } }), directory(93, DIRECTORY)],
    [withEnd({ disk: 1 }), disks],
    [withEnd({ countHere: 1 }), disks],
    [withEnd({ zip64: { disk: 1 } }), disks],
    [withEnd({ count: 1, countHere: 1 }), damage(entries)],
    [withEnd({ count: 3, countHere: 3 }), noEntry(END)],
    [withB({ entry: { signature: 0 } }), noEntry(DIRECTORY + 47)],
    // the members
    [buildZip([A, B, A]), '"a": two members have this name, need one'],
    ...[0, 5].map((bit): [Uint8Array, string] => [
      withB({ entry: { flags: 1 << bit } }),
      plain,
    ]),
    ...[12].map((method): [Uint8Array, string] => [
      withB({ entry: { method } }),
      `"b": method is ${method}, need 0 (stored) or 8 (deflated)`,
    ]),
    [withB({ local: { name: Uint8Array.of(0x63) } }), local(B_START)],
    [withB({ entry: { offset: 0xfffffffe } }), beyond],
    [withB({ entry: { packed: B_PACKED.length - 1 } }), damaged(299)],
    [withB({ entry: { size: 300 } }), damaged(300)],
    [withB({ entry: { size: 298 } }), damaged(298)],
    [withB({ entry: { method: 0 } }), damaged(299)],
    [buildZip([{ ...A, entry: { packed: 0 } }, B]), damaged(300).replace("b", "a")],
    [flipped, `"a": ${checksum(flipped.subarray(31, 331), hex(CONTENTS))}`],
    [withB({ entry: { crc: 2 } }), `"b": ${checksum(B.contents, "0x00000002")}`],
    // the limits
    [
      new Uint8Array(64 * MIB + 1),
      "zip archive: has 67108865 bytes, need at most 67108864 (64 MiB)",
    ],
    [buildZip(many), "zip archive: has 1025 members, need at most 1024"],
    [withB({ entry: { size: 64 * MIB + 1 } }), tooLarge("67108865")],
    [
      withB({ entry: { size: 0xffffffff, extra: zip64(2 ** 60) } }),
      tooLarge("1152921504606847000"),
    ],
    [
      buildZip([large("x", 64 * MIB), large("y", 64 * MIB), large("z", 1)]),
      "zip archive: members come to 134217729 bytes, need at most 134217728 (128 MiB)",
    ],
  ];
  for (const [zip, line] of cases) {
    for (const zlib of INFLATERS) {
      throws(() => readZip(zip, zlib), { name: "FormatError", message: `Cannot read ${line}` });
    }
  }
});

Deno.test("example: readZip() stops inflating a bomb of 4 GB at the declared size, and other data where it ends", () => {
  const surplus = concat([B_PACKED, new Uint8Array(30 * MIB)]);
  const zips = [bomb(4096), { ...B, data: surplus, entry: { size: 300 } }]
    .map((member) => buildZip([member]));
  const start = process.cpuUsage(); // not of the clock, as the machine may be busy
  for (const zlib of INFLATERS) {
    for (const zip of zips) {
      throws(() => readZip(zip, zlib), /does not come to the declared (299|300) bytes/);
    }
  }
  // to inflate the bomb takes zlib several seconds and fflate more, to read the rest half a minute
  const { user, system } = process.cpuUsage(start);
  ok(user + system < 2e6);
});

Deno.test("law: readZip() gives the contents or refuses, whatever is done to compressed data", () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
  const levels = fc.constantFrom(0, 1, 6), strategies = fc.constantFrom(0, 2, 4);
  const contents = fc.uint8Array({ maxLength: 400, max: 20 });
  fc.assert(
    fc.property(contents, levels, strategies, edits, (contents, level, strategy, edits) => {
      const data = Uint8Array.from(deflateRawSync(contents, { level, strategy }));
      for (const [at, byte] of edits) data[at % data.length] = byte;
      for (const zlib of INFLATERS) {
        try {
          deepStrictEqual(readZip(buildZip([{ ...B, contents, data }]), zlib).get("b"), contents);
        } catch (error) {
          ok(error instanceof FormatError && edits.length > 0, `raised ${error}`);
        }
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("law: crc32() without zlib is zlib's", () => {
  strictEqual(crc32(new TextEncoder().encode("123456789"), null), 0xcbf43926); // the check value
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
    strictEqual(crc32(bytes, null), zlibCrc32(bytes));
  }));
});

/** An array and its name in the file. */
type NamedArray = [name: string, array: WritableArray];

const SPECIAL = Float64Array.of(0, -0, 5e-324, -5e-324, Number.MAX_VALUE, Infinity, -Infinity, NaN);
const SAMPLE: NamedArray[] = [
  ["arr_0", { shape: [2, 4], data: SPECIAL }],
  ["arr_1", { shape: [], data: Float64Array.of(0.1) }],
];

interface ExpectedArray {
  readonly shape: number[];
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly values: string[];
}

const expected: Record<string, Record<string, ExpectedArray>> = JSON.parse(
  new TextDecoder().decode(odd("expected.json")),
);

function odd(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`../../fixtures/odd/${name}`, import.meta.url));
}

/** A value as Python writes it; floats are widened first, as tolist() does. */
function parse(text: string, sample: number | bigint): number | bigint {
  if (typeof sample === "bigint") return BigInt(text);
  const special: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return special[text] ?? Number(text);
}

for (const [file, arrays] of Object.entries(expected)) {
  Deno.test(`reference: readNpz() finds in ${file}.npz what NumPy does`, () => {
    const read = readNpz(odd(`${file}.npz`));
    deepStrictEqual([...read.keys()], Object.keys(arrays));
    for (const [name, { values, ...facts }] of Object.entries(arrays)) {
      const { data, ...found } = read.get(name)!;
      deepStrictEqual(found, facts);
      const numbers: (number | bigint)[] = [...data];
      deepStrictEqual(numbers, values.map((text, i) => parse(text, numbers[i] ?? NaN)));
    }
  });
}

Deno.test("reference: readNpz() converts every float16 number as NumPy does", () => {
  const file = Deno.readFileSync(new URL("../../fixtures/float16.npz", import.meta.url));
  const { float16, float64 } = Object.fromEntries(readNpz(file));
  deepStrictEqual([float16!.dtype, float64!.dtype, float16!.shape], ["<f2", "<f8", [65_536]]);
  // distinguishes -0 from 0; a NaN equals every NaN
  strictEqual([...float16!.data].findIndex((x, i) => !Object.is(x, float64!.data[i])), -1);
});

Deno.test("example: readNpz() refuses object arrays, but reads those beside them that are wanted", () => {
  const file = odd("objects.npz");
  throws(() => readNpz(file), {
    name: "FormatError",
    message: 'Cannot read "arr_1.npy": descr is "|O" (Python objects), ' +
      "need f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1",
  });
  const arrays = readNpz(file, { names: ["arr_0", "arr_9"] });
  deepStrictEqual([...arrays.keys()], ["arr_0"]);
  deepStrictEqual(arrays.get("arr_0")!.data, Float64Array.of(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5));
});

Deno.test("example: readNpz() refuses two members that name one array, if it is wanted", () => {
  const one = writeNpy({ shape: [1], data: Float64Array.of(1) });
  const of = (...names: string[]) => buildZip(names.map((name) => ({ name, contents: one })));
  const zip = of("W", "b.npy", "W.npy");
  const message = 'Cannot read "W.npy": the member "W" has the name of the same array, ' +
    "need one of them";
  throws(() => readNpz(zip), { name: "FormatError", message });
  throws(() => readNpz(zip, { names: ["W"] }), { name: "FormatError", message });
  deepStrictEqual([...readNpz(zip, { names: ["b"] }).keys()], ["b"]);
  // to NumPy, "W.npy" is the array in this member, and the one in "W.npy.npy"
  const twice = of("W.npy.npy", "W.npy");
  throws(() => readNpz(twice), {
    name: "FormatError",
    message: message.replaceAll(/W(?=\b)/g, "W.npy"),
  });
  deepStrictEqual([...readNpz(twice, { names: ["W"] }).keys()], ["W"]);
});

Deno.test("example: writeNpz() dates its members 1 January 1980, whatever the day and the time zone", () => {
  const view = new DataView(writeNpz(SAMPLE).buffer);
  strictEqual(view.getUint32(10, true), 0x21 << 16); // after signature, version, flags and method
});

Deno.test("example: writeNpz() refuses names that NumPy, a terminal or a file system could trip over, and arrays that do not fit", () => {
  const array = { shape: [1], data: Float64Array.of(1) };
  const name = (shown: string) =>
    `npz: name of an array is "${shown}", ` +
    "need 1 to 60 letters, digits, spaces, _, . or -, and no .npy at the end";
  const cases: [arrays: NamedArray[], line: string][] = [
    [[["", array]], name("")],
    [[["a/b", array]], name("a/b")],
    [[["a\\b", array]], name("a\\\\b")],
    [[["a\nb", array]], name("a\\u{a}b")],
    [[["\u202ea", array]], name("\\u{202e}a")],
    [[["a.npy", array]], name("a.npy")],
    [[["x".repeat(61), array]], name(`${"x".repeat(60)}…`)],
    [[...SAMPLE, ...SAMPLE], 'npz: two arrays have the name "arr_0", need one'],
    [
      [["b", { ...array, shape: [3] }]],
      '"b.npy": shape (3,) has 3 numbers, data has 1, need the same',
    ],
  ];
  for (const [arrays, line] of cases) {
    throws(() => writeNpz(arrays), { name: "RangeError", message: `Cannot write ${line}` });
  }
});

Deno.test("example: writeNpz() refuses more than readNpz() would read", () => {
  const many = Array.from(
    { length: 1025 },
    (_, i): NamedArray => [`${i}`, { shape: [], data: Int8Array.of(1) }],
  );
  strictEqual(readNpz(writeNpz(many.slice(1))).size, 1024);
  throws(() => writeNpz(many), {
    name: "RangeError",
    message: "Cannot write npz: there are 1025 arrays, need at most 1024",
  });
  // npy header, name twice, local header, directory entry, end record
  const overhead = 128 + 2 * 5 + 30 + 46 + 22;
  const write = (length: number) =>
    writeNpz([["a", { shape: [length], data: new Uint8Array(length) }]]);
  const length = 64 * 1024 * 1024 - overhead;
  strictEqual(write(length).length, 67108864);
  throws(() => write(length + 1), {
    name: "RangeError",
    message: "Cannot write npz: file would have 67108865 bytes, need at most 67108864 (64 MiB)",
  });
});

const names = fc.constantFrom(
  ...["arr_0", "W1", "__proto__", "10", "重み", "a b", "a.b-c", "e\u0301", "constructor"],
);
const arrays = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, side) => product * side, 1);
  const numbers = fc.oneof(fc.double(), fc.constantFrom(...SPECIAL));
  return fc.array(numbers, { minLength: length, maxLength: length })
    .map((numbers): WritableArray => ({ shape, data: Float64Array.from(numbers) }));
});

Deno.test("law: readNpz() reads what writeNpz() wrote, in the same order", () => {
  const named = fc.uniqueArray(fc.tuple(names, arrays), { selector: ([name]) => name });
  fc.assert(fc.property(named, (named) => {
    const read = [...readNpz(writeNpz(named))];
    deepStrictEqual(
      read,
      named.map(([name, array]) => [name, { ...array, dtype: "<f8", fortranOrder: false }]),
    );
  }));
});

Deno.test("example: readNpz() refuses a file that is cut short, wherever", () => {
  for (const file of [writeNpz(SAMPLE), odd("compressed.npz"), odd("data_descriptors.npz")]) {
    for (let length = 0; length < file.length; length++) {
      throws(() => readNpz(file.subarray(0, length)), FormatError);
    }
  }
});

Deno.test("law: readNpz() raises nothing but FormatError, whatever is done to a file", () => {
  const files = ["compressed", "zip64_data_descriptors", "zip64", "extra_members"];
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat(6),
    insert: fc.uint8Array({ maxLength: 6 }),
  });
  const edits = fc.array(edit, { minLength: 1, maxLength: 5 });
  const contents = files.map((name) => [...odd(`${name}.npz`)]);
  fc.assert(
    fc.property(fc.constantFrom(...contents), edits, (contents, edits) => {
      const bytes = [...contents];
      for (const { at, remove, insert } of edits) {
        bytes.splice(at % bytes.length, remove, ...insert);
      }
      try {
        readNpz(Uint8Array.from(bytes));
      } catch (error) {
        ok(error instanceof FormatError, `raised ${error}`);
      }
    }),
    { numRuns: 200 },
  );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => throws(() => readNpz(bytes), FormatError)));
});

numpyTest("reference: np.load() reads what writeNpz() wrote, without pickle", () => {
  const named: NamedArray[] = [
    ...SAMPLE,
    ["重み 1", { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) }],
    ["empty", { shape: [0, 3], data: new Float64Array() }],
    ["i8", { shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) }],
    ["u1", { shape: [3, 1], data: Uint8Array.of(0, 1, 255) }],
    ["b1", { shape: [2], data: Uint8Array.of(0, 1), bool: true }],
  ];
  using folder = new Folder({ "a.npz": writeNpz(named) });
  const code = `
import json, sys, numpy as np
with np.load(sys.argv[1], allow_pickle=False) as arrays:
    print(json.dumps([[n, a.dtype.str, a.shape, a.tobytes().hex()] for n, a in arrays.items()]))
`;
  const found = JSON.parse(python(code, folder.file("a.npz")));
  const dtypes = ["<f8", "<f8", "<f8", "<f8", "<i8", "|u1", "|b1"];
  const hex = ({ data }: WritableArray) => Buffer.from(data.buffer).toString("hex");
  const wanted = named.map(([name, array], i) => [name, dtypes[i], array.shape, hex(array)]);
  deepStrictEqual(found, wanted);
});
