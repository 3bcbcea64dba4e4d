/** Zip archives: every inconsistency that is rejected, and what is accepted. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { FormatError } from "../../../lib/formats/format_error.ts";
import { readZip } from "../../../lib/formats/zip/zip.ts";
import {
  buildZip,
  concat,
  type End,
  type Member,
  words,
  zip64,
} from "../../helpers/zip_builder.ts";

const MIB = 1024 * 1024;
const CONTENTS = Uint8Array.from({ length: 300 }, (_, i) => i % 7);
/** Two members: one stored, one deflated. */
const A: Member = { name: "a", contents: CONTENTS };
const B: Member = { name: "b", contents: CONTENTS.subarray(1), deflated: true };
const B_PACKED = deflateRawSync(B.contents).length;
/** Where the first byte of data of a member called "a" or "b" is, after its header. */
const HEAD = 31;
const B_START = HEAD + CONTENTS.length;
const DIRECTORY = B_START + HEAD + B_PACKED;
const END = DIRECTORY + 2 * 47;

function refuses(zip: Uint8Array, message: string, offset?: number) {
  throws(() => readZip(zip), (error) => {
    ok(error instanceof FormatError);
    strictEqual(error.message, `Cannot read ${message}`);
    if (offset !== undefined) strictEqual(error.offset, offset);
    return true;
  });
}

/** Asserts the error when the second of two members, "b", is changed. */
const refusesMember = (changes: Partial<Member>, reason: string, offset?: number) =>
  refuses(buildZip([A, { ...B, ...changes }]), `"b": ${reason}`, offset);

/** Asserts the error for the directory entry of "b", before it has a name. */
const refusesEntry = (entry: NonNullable<Member["entry"]>, reason: string, offset?: number) =>
  refuses(
    buildZip([A, { ...B, entry }]),
    `directory entry 1 of the zip archive: ${reason}`,
    offset,
  );

/** Asserts the error when the end record of a valid archive is changed. */
const refusesEnd = (end: End, reason: string, offset?: number) =>
  refuses(buildZip([A, B], end), `zip archive: ${reason}`, offset);

Deno.test("example: readZip() reads stored and deflated members in the order of the directory", () => {
  deepStrictEqual([...readZip(buildZip([A, B]))], [["a", A.contents], ["b", B.contents]]);
  deepStrictEqual([...readZip(buildZip([]))], []);
  const empty = new Uint8Array();
  deepStrictEqual(readZip(buildZip([{ ...B, contents: empty }])).get("b"), empty);
});

Deno.test("example: readZip() reads an archive that begins in the middle of its buffer", () => {
  const shifted = concat([new Uint8Array(5), buildZip([A, B])]).subarray(5);
  deepStrictEqual(readZip(shifted).get("b"), B.contents);
});

Deno.test("example: readZip() takes deflate's level bits, and UTF-8 names with their flag", () => {
  const name = "\ufeff重み"; // with a byte order mark, which is part of the name
  for (const flags of [1 << 11, 1 << 11 | 1 << 1, 1 << 11 | 1 << 2]) {
    deepStrictEqual([...readZip(buildZip([{ ...B, name, both: { flags } }])).keys()], [name]);
  }
});

Deno.test("example: readZip() takes the last character of ASCII in a name without flag", () => {
  deepStrictEqual([...readZip(buildZip([{ ...B, name: "\x7f" }])).keys()], ["\x7f"]);
});

Deno.test("example: readZip() takes members in any order, gaps between them, comments, and other extras", () => {
  const other = concat([words([2, 0x5455], [2, 1]), Uint8Array.of(0)]);
  const zip = buildZip([{ ...A, comment: Uint8Array.of(65) }, { ...B, both: { extra: other } }]);
  deepStrictEqual([...readZip(zip).keys()], ["a", "b"]);
  // the data of "gap" is left over when nothing in the directory points to it
  const three = buildZip([{ ...A, name: "gap" }, B, A]);
  const directory = three.length - 22 - (49 + 47 + 47);
  const end = words([4, 0x06054b50], [4, 0], [2, 2], [2, 2], [4, 94], [4, directory], [2, 0]);
  const two = concat([
    three.subarray(0, directory),
    three.subarray(directory + 49 + 47, -22), // a
    three.subarray(directory + 49, directory + 49 + 47), // b
    end,
  ]);
  deepStrictEqual([...readZip(two)], [["a", A.contents], ["b", B.contents]]);
});

// The directory

Deno.test("example: readZip() refuses a member on another disk", () => {
  refusesEntry({ disk: 1 }, "is on disk 1, need one disk");
});

Deno.test("example: readZip() refuses a directory with more or fewer entries than announced", () => {
  refusesEnd(
    { count: 1 },
    "47 bytes follow the 1 entries of the directory, need the end record there",
    DIRECTORY + 47,
  );
  refuses(
    buildZip([A, B], { count: 3 }),
    `directory entry 2 of the zip archive: record at byte ${END} ends at byte ${END + 46}, ` +
      `need it to end by byte ${END}`,
    END,
  );
});

Deno.test("example: readZip() refuses a directory entry with another signature", () => {
  const at = DIRECTORY + 47;
  const found = `signature at byte ${at} is 0x02014b51`;
  refusesEntry({ signature: 0x02014b51 }, `${found}, need 0x02014b50`, at);
});

Deno.test("example: readZip() refuses a directory entry whose comment goes beyond the directory", () => {
  const zip = buildZip([A, B]), at = DIRECTORY + 47;
  zip[at + 32] = 1;
  const found = `record at byte ${at} ends at byte ${END + 1}, need it to end by byte ${END}`;
  refuses(zip, `directory entry 1 of the zip archive: ${found}`, at);
});

Deno.test("example: readZip() refuses two members of one name", () => {
  refuses(buildZip([A, B, A]), '"a": two members have this name, need one');
});

Deno.test("example: readZip() refuses a name in an unknown character set", () => {
  const reason = "name is neither ASCII nor, with flag bit 11 set, UTF-8";
  // Latin-1, UTF-8 without its flag, Latin-1 with the flag of UTF-8, half a surrogate pair
  const names: [number[], number][] = [
    [[0xe9], 0],
    [[0xc3, 0xa9], 0],
    [[0xe9], 1 << 11],
    [[0xed, 0xa0, 0x80], 1 << 11],
  ];
  for (const [bytes, flags] of names) {
    const both = { name: Uint8Array.from(bytes), flags };
    refuses(buildZip([{ ...A, both }]), `directory entry 0 of the zip archive: ${reason}`);
  }
});

Deno.test("example: readZip() escapes and cuts a name in its errors", () => {
  const name = `\u001b]0;\u202e${"n".repeat(100)}`;
  const both = { flags: 1 << 11 | 1 };
  refuses(
    buildZip([{ ...A, name, both }]),
    `"\\u{1b}]0;\\u{202e}${"n".repeat(43)}…": is encrypted, need it plain`,
  );
});

// The limits

Deno.test("example: readZip() refuses a file of more than 64 MiB", () => {
  const zip = buildZip([A]);
  const large = new Uint8Array(64 * MIB + 1);
  large.set(zip, large.length - zip.length);
  refuses(large, "zip archive: has 67108865 bytes, need at most 67108864 (64 MiB)");
  // a byte less, and it is the position of the directory that is wrong
  throws(() => readZip(large.subarray(1)), /directory has 47 bytes from byte 331 on/);
});

Deno.test("example: readZip() reads 1024 members and refuses 1025", () => {
  const members = Array.from({ length: 1025 }, (_, i) => ({ ...B, name: String(i) }));
  strictEqual(readZip(buildZip(members.slice(1))).size, 1024);
  refuses(buildZip(members), "zip archive: has 1025 members, need at most 1024");
});

Deno.test("example: readZip() refuses a member that declares more than 64 MiB", () => {
  refusesMember(
    { both: { size: 64 * MIB + 1 } },
    "comes to 67108865 bytes, need at most 67108864 (64 MiB)",
  );
  refusesMember(
    { both: { size: 0xffffffff, packed: 0xffffffff, extra: zip64(2 ** 60, B_PACKED) } },
    "comes to 1152921504606847000 bytes, need at most 67108864 (64 MiB)",
  );
  // at the limit it is the compressed data that cannot be so much
  const reason = `${B_PACKED} compressed bytes cannot hold the declared 67108864`;
  refusesMember({ both: { size: 64 * MIB } }, reason);
});

Deno.test("example: readZip() refuses members that declare more than 128 MiB in all", () => {
  const large = (name: string, size: number) => ({ ...B, name, both: { size } });
  refuses(
    buildZip([large("x", 64 * MIB), large("y", 64 * MIB), large("z", 1)]),
    "zip archive: members come to 134217729 bytes in all, need at most 134217728 (128 MiB)",
  );
  refuses(
    buildZip([large("x", 64 * MIB), large("y", 64 * MIB)]),
    `"x": ${B_PACKED} compressed bytes cannot hold the declared 67108864`,
  );
});

// Local headers

Deno.test("example: readZip() refuses a local header that is not where the directory says", () => {
  refusesMember(
    { entry: { offset: B_START + 1 } },
    `signature at byte ${B_START + 1} is 0x1404034b, need 0x04034b50`,
    B_START + 1,
  );
  refusesMember(
    { entry: { offset: DIRECTORY - 29 } },
    `record at byte ${DIRECTORY - 29} ends at byte ${DIRECTORY + 1}, ` +
      `need it to end by byte ${DIRECTORY}`,
  );
  refusesMember(
    { entry: { offset: 0xfffffffe } },
    `record at byte 4294967294 ends at byte 4294967324, need it to end by byte ${DIRECTORY}`,
  );
});

Deno.test("example: readZip() refuses a local header whose name goes beyond the members", () => {
  const zip = buildZip([A, B]), end = B_START + 30 + 0xffff;
  zip.fill(0xff, B_START + 26, B_START + 28);
  const found = `record at byte ${B_START} ends at byte ${end}`;
  refuses(zip, `"b": ${found}, need it to end by byte ${DIRECTORY}`, B_START);
});

Deno.test("example: readZip() refuses a local header with another signature", () => {
  refusesMember(
    { local: { signature: 0 } },
    `signature at byte ${B_START} is 0x00000000, need 0x04034b50`,
    B_START,
  );
});

Deno.test("example: readZip() refuses a name in the local header that is not the directory's", () => {
  refusesMember({ local: { name: Uint8Array.of(0x63) } }, 'name in the local header is "c"');
  refusesMember({ local: { name: new Uint8Array() } }, 'name in the local header is ""');
});

Deno.test("example: readZip() refuses flags, method, CRC-32 and sizes in which the headers differ", () => {
  const differ = (field: string, entry: number, local: number) =>
    `${field} is ${entry} in the directory and ${local} in the local header, need the same`;
  refusesMember({ local: { flags: 2 } }, differ("flags", 0, 2));
  refusesMember({ entry: { flags: 2 } }, differ("flags", 2, 0));
  refusesMember({ local: { method: 0 } }, differ("method", 8, 0));
  refusesMember({ both: { crc: 5 }, local: { crc: 6 } }, differ("CRC-32", 5, 6));
  refusesMember({ local: { packed: 1 } }, differ("compressed size", B_PACKED, 1));
  refusesMember({ local: { size: 1 } }, differ("size", 299, 1));
  refusesMember({ entry: { size: 1 } }, differ("size", 1, 299));
  // zeros stand for "see below" only with flag bit 3
  refusesMember({ local: { size: 0 } }, differ("size", 299, 0));
});

Deno.test("example: readZip() refuses encrypted members", () => {
  refusesMember({ both: { flags: 1 } }, "is encrypted, need it plain");
});

Deno.test("example: readZip() refuses flags it does not know", () => {
  // bit 5 patched data, 6 strong encryption, 13 masked headers
  for (const bit of [4, 5, 6, 7, 8, 12, 13, 15]) {
    const found = `flags are 0x${(1 << bit).toString(16)}`;
    refusesMember({ both: { flags: 1 << bit } }, `${found}, need no bit but 1, 2, 3 and 11`);
  }
});

Deno.test("example: readZip() refuses methods but stored and deflated", () => {
  // 1 shrunk, 9 deflate64, 12 bzip2, 14 lzma, 93 zstd
  for (const method of [1, 9, 12, 14, 93]) {
    const reason = `method is ${method}, need 0 (stored) or 8 (deflated)`;
    refusesMember({ both: { method } }, reason);
  }
});

Deno.test("example: readZip() refuses a stored member of two sizes", () => {
  for (const packed of [0, 299]) {
    refuses(
      buildZip([{ ...A, both: { packed } }]),
      `"a": is stored in ${packed} bytes and declares 300, need the same`,
    );
  }
});

Deno.test("example: readZip() refuses data that reaches into the directory", () => {
  const packed = B_PACKED + 1;
  refusesMember(
    { both: { packed } },
    `data ends at byte ${DIRECTORY + 1}, need it to end by byte ${DIRECTORY}`,
  );
});

Deno.test("example: readZip() refuses members that overlap", () => {
  // "b" is in the data of "a", as in a bomb that uses the same bytes many times
  const inner = buildZip([B]).subarray(0, HEAD + B_PACKED);
  const outer = { ...A, contents: inner };
  const zip = buildZip([outer, { ...B, entry: { offset: HEAD } }]);
  refuses(
    zip,
    `"b": begins at byte 31 in "a", which ends at byte ${HEAD + inner.length}, ` +
      "need no two members to overlap",
    31,
  );
  // by a single byte, the first of a header
  const first = { name: "a", contents: inner.subarray(0, 1), data: inner, both: { packed: 1 } };
  refuses(
    buildZip([first, { ...B, entry: { offset: HEAD } }]),
    `"b": begins at byte ${HEAD} in "a", which ends at byte ${HEAD + 1}, ` +
      "need no two members to overlap",
    HEAD,
  );
});

Deno.test("example: readZip() refuses extra fields that go beyond their room", () => {
  refusesEntry({ extra: words([2, 0x5455], [2, 1]) }, "extra fields end at byte 5 of 4");
  refusesMember({ local: { extra: Uint8Array.of(1, 0, 0) } }, "extra fields end at byte 4 of 3");
});

// zip64

Deno.test("example: readZip() takes sizes and position from the zip64 extras", () => {
  const sizes = { size: 0xffffffff, packed: 0xffffffff, extra: zip64(299, B_PACKED) };
  const read = (changes: Partial<Member>) => readZip(buildZip([A, { ...B, ...changes }])).get("b");
  deepStrictEqual(read({ local: sizes }), B.contents);
  deepStrictEqual(read({ both: sizes }), B.contents);
  deepStrictEqual(read({ local: { extra: zip64(299, B_PACKED) } }), B.contents);
  const second = concat([words([2, 0x5455], [2, 0]), sizes.extra]);
  deepStrictEqual(read({ both: { ...sizes, extra: second } }), B.contents);
  const position = { offset: 0xffffffff, extra: zip64(B_START) };
  deepStrictEqual(read({ entry: position }), B.contents);
});

Deno.test("example: readZip() refuses zip64 extras that contradict their header", () => {
  refusesMember(
    { local: { extra: zip64(299, B_PACKED + 1) } },
    `sizes are ${B_PACKED} and 299 in the local header, ` +
      `${B_PACKED + 1} and 299 in its zip64 extra, need the same`,
  );
  refusesMember(
    { local: { extra: zip64(300, B_PACKED) } },
    `sizes are ${B_PACKED} and 299 in the local header, ` +
      `${B_PACKED} and 300 in its zip64 extra, need the same`,
  );
  refusesMember(
    { local: { size: 0xffffffff, packed: 0xffffffff, extra: zip64(300, B_PACKED) } },
    "size is 299 in the directory and 300 in the local header, need the same",
  );
});

Deno.test("example: readZip() refuses zip64 extras with too few or too many numbers", () => {
  refusesMember({ local: { extra: zip64(299) } }, "zip64 extra has 8 bytes, need 16");
  refusesEntry(
    { size: 0xffffffff, extra: zip64(299, 1) },
    "zip64 extra has 16 bytes, need 8",
  );
  refusesEntry({ size: 0xffffffff }, "zip64 extra has 0 bytes, need 8");
  refusesMember(
    { local: { extra: concat([zip64(299, B_PACKED), zip64(299, B_PACKED)]) } },
    "has two zip64 extras, need at most one",
  );
});

// Data descriptors

const POSTPONED: Partial<Member> = {
  both: { flags: 1 << 3 },
  local: { crc: 0, packed: 0, size: 0 },
};
const B_CRC = readCrc(buildZip([B]));
const SIGNATURE = [4, 0x08074b50] as const;
const FACTS = [[4, B_CRC], [4, B_PACKED], [4, 299]] as const;

function readCrc(zip: Uint8Array): number {
  return new DataView(zip.buffer as ArrayBuffer).getUint32(14, true);
}

Deno.test("example: readZip() reads data descriptors with and without signature, of 4 and 8 bytes", () => {
  const wide = [[4, B_CRC], [8, B_PACKED], [8, 299]] as const;
  const large = { crc: 0, packed: 0xffffffff, size: 0xffffffff, extra: zip64(0, 0) };
  for (
    const member of [
      { ...POSTPONED, descriptor: words(SIGNATURE, ...FACTS) },
      { ...POSTPONED, descriptor: words(...FACTS) },
      { ...POSTPONED, local: large, descriptor: words(SIGNATURE, ...wide) },
      { ...POSTPONED, local: large, descriptor: words(...wide) },
      { both: { flags: 1 << 3 }, descriptor: words(SIGNATURE, ...FACTS) },
    ]
  ) deepStrictEqual(readZip(buildZip([{ ...B, ...member }, A])).get("b"), B.contents);
});

Deno.test("example: readZip() refuses a data descriptor that differs from the directory", () => {
  const differ = (field: string, entry: number, found: number) =>
    `${field} is ${entry} in the directory and ${found} in the data descriptor, need the same`;
  const [crc, packed, size] = FACTS;
  const refusesWords = (fields: (readonly [4, number])[], reason: string) =>
    refusesMember({ ...POSTPONED, descriptor: words(SIGNATURE, ...fields) }, reason);
  refusesWords([[4, 1], packed, size], differ("CRC-32", B_CRC, 1));
  refusesWords([crc, [4, 1], size], differ("compressed size", B_PACKED, 1));
  refusesWords([crc, packed, [4, 1]], differ("size", 299, 1));
});

Deno.test("example: readZip() refuses a missing data descriptor", () => {
  const at = B_START + HEAD + B_PACKED;
  refusesMember(
    POSTPONED,
    `record at byte ${at} ends at byte ${at + 4}, need it to end by byte ${at}`,
  );
  refusesMember(
    { ...POSTPONED, descriptor: words(SIGNATURE, FACTS[0]) },
    `record at byte ${at} ends at byte ${at + 16}, need it to end by byte ${at + 8}`,
  );
});

// Contents

Deno.test("example: readZip() refuses contents whose CRC-32 is not the declared one", () => {
  const zip = buildZip([A, B]);
  const bits = (word: number) => `0x${word.toString(16).padStart(8, "0")}`;
  const crc = readCrc(zip);
  refuses(
    buildZip([{ ...A, both: { crc: 1 } }, B]),
    `"a": CRC-32 of the contents is ${bits(crc)}, need the declared 0x00000001`,
  );
  zip[HEAD + 299]! ^= 1;
  throws(() => readZip(zip), /^FormatError: Cannot read "a": CRC-32 of the contents is /);
  refusesMember(
    { both: { crc: 2 } },
    `CRC-32 of the contents is ${bits(B_CRC)}, need the declared 0x00000002`,
  );
});

Deno.test("example: readZip() refuses deflated data that comes to less or more than declared", () => {
  refusesMember(
    { both: { size: 300 } },
    "compressed data inflates to 299 bytes, 300 are declared",
  );
  refusesMember(
    { both: { size: 298 } },
    "compressed data inflates to more than the declared 298 bytes",
  );
  refusesMember(
    { both: { size: 0 } },
    "compressed data inflates to more than the declared 0 bytes",
  );
});

Deno.test("example: readZip() refuses a member without compressed data that declares a size", () => {
  refusesMember(
    { data: new Uint8Array() },
    "0 compressed bytes cannot hold the declared 299",
  );
  refusesMember(
    { data: new Uint8Array(), both: { size: 0 } },
    "0 compressed bytes cannot hold the declared 0",
  );
});

Deno.test("example: readZip() refuses deflated data that is damaged", () => {
  refusesMember(
    { data: Uint8Array.of(0x07, 0) },
    "compressed data is damaged or cut short",
  );
});
