/** Zip archives: what is read, with the system's zlib and with fflate, and what is refused. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { constants, crc32 as zlibCrc32, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { FormatError } from "../../lib/formats/errors.ts";
import { crc32, nativeZlib, readZip } from "../../lib/formats/zip.ts";
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
  const start = performance.now();
  for (const zlib of INFLATERS) {
    for (const zip of zips) {
      throws(() => readZip(zip, zlib), /does not come to the declared (299|300) bytes/);
    }
  }
  // to inflate the bomb takes zlib several seconds and fflate more, to read the rest half a minute
  ok(performance.now() - start < 2000);
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
