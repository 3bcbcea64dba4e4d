/** The end records of zip archives: where they are found, and what they must agree in. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { FormatError } from "../../../lib/formats/format_error.ts";
import { readZip } from "../../../lib/formats/zip/zip.ts";
import { buildZip, concat, type End, type Member, words } from "../../helpers/zip_builder.ts";

const A: Member = { name: "a", contents: Uint8Array.from({ length: 300 }, (_, i) => i % 7) };
const B: Member = { name: "b", contents: A.contents.subarray(1) };
/** The size of a local header and of a directory entry, with a name of one letter. */
const LOCAL = 31, ENTRY = 47;
const DIRECTORY = 2 * LOCAL + 300 + 299;
const END = DIRECTORY + 2 * ENTRY;
const SIGNATURE = words([4, 0x06054b50]);
const NO_BYTES = new Uint8Array();

function refuses(zip: Uint8Array, reason: string, offset?: number) {
  throws(() => readZip(zip), (error) => {
    ok(error instanceof FormatError);
    strictEqual(error.message, `Cannot read zip archive: ${reason}`);
    if (offset !== undefined) strictEqual(error.offset, offset);
    return true;
  });
}

/** Asserts the error when the end records of an archive of two members are changed. */
const refusesEnd = (end: End, reason: string, offset?: number) =>
  refuses(buildZip([A, B], end), reason, offset);

/** Asserts that the two members are read whatever the end records are like. */
function reads(end: End) {
  const expected = [["a", A.contents], ["b", B.contents]];
  deepStrictEqual([...readZip(buildZip([A, B], end))], expected);
}

/** An end record of an archive without members, and the comment it announces. */
const endRecord = (comment: number) =>
  concat([SIGNATURE, words([4, 0], [4, 0], [4, 0], [4, 0], [2, comment])]);

// The end record and the comment

Deno.test("example: readZip() finds the end record last, though the contents hold one themselves", () => {
  const contents = concat([buildZip([B]), buildZip([])]);
  deepStrictEqual(readZip(buildZip([{ name: "zip", contents }])).get("zip"), contents);
});

Deno.test("example: readZip() reads an archive with a comment, of up to 65,535 bytes", () => {
  for (const length of [1, 21, 22, 23, 65_535]) reads({ comment: new Uint8Array(length) });
});

Deno.test("example: readZip() reads a comment that holds the signature of an end record", () => {
  const text = new TextEncoder().encode("PK\x05\x06 is what an end record begins with.");
  for (const comment of [SIGNATURE, text, concat([text, SIGNATURE])]) reads({ comment });
  // it announces one more byte than there are
  reads({ comment: concat([endRecord(3), Uint8Array.of(1, 2)]) });
});

Deno.test("example: readZip() refuses a comment that holds another end record", () => {
  const later = endRecord(2), both = "have comments up to its end";
  const comment = concat([later, Uint8Array.of(1, 2)]);
  refusesEnd(
    { comment },
    `end records at byte ${END} and byte ${END + 22} ${both}, need one such record`,
    END,
  );
  refusesEnd(
    { comment: concat([later, Uint8Array.of(1, 2, 3)]) },
    `end record at byte ${END + 22} has a comment of 2 bytes, 3 bytes follow it, need the same`,
    END + 22,
  );
});

Deno.test("example: readZip() refuses weights that hold an end record whose comment is all that follows", () => {
  const overhead = LOCAL + ENTRY + 22;
  const contents = endRecord(overhead - LOCAL); // directory and end record
  const found = `end records at byte ${LOCAL} and byte ${overhead} have comments up to its end`;
  refuses(buildZip([{ ...A, contents }]), `${found}, need one such record`, LOCAL);
});

Deno.test("example: readZip() refuses files without an end record, such as empty ones", () => {
  const zip = buildZip([A, B]);
  for (const bytes of [NO_BYTES, new Uint8Array(21), new Uint8Array(1000), zip.subarray(0, -1)]) {
    refuses(bytes, `has ${bytes.length} bytes and no end record, need a whole zip file`);
  }
  // a comment announced but absent
  zip[zip.length - 2] = 1;
  refuses(zip, `has ${zip.length} bytes and no end record, need a whole zip file`);
  // one byte further from the end than the longest comment allows
  const far = concat([zip, new Uint8Array(65_536)]);
  refuses(far, `has ${far.length} bytes and no end record, need a whole zip file`);
});

Deno.test("example: readZip() refuses bytes after the end that are no comment", () => {
  const zip = buildZip([A, B]);
  for (const rest of [Uint8Array.of(0), zip.subarray(0, 100), new Uint8Array(65_535)]) {
    const found = `end record at byte ${END} has a comment of 0 bytes`;
    refuses(concat([zip, rest]), `${found}, ${rest.length} bytes follow it, need the same`, END);
  }
});

Deno.test("example: readZip() refuses an archive that is cut short, though its end record is restored", () => {
  const zip = buildZip([A, B]);
  const cut = concat([zip.subarray(0, 200), zip.subarray(-22)]);
  const found = `directory has 94 bytes from byte ${DIRECTORY} on`;
  refuses(cut, `${found}, need it to end at byte 200, where the end record begins`, 200);
});

Deno.test("example: readZip() refuses an end record of several disks", () => {
  for (const end of [{ disk: 1 }, { directoryDisk: 1 }, { countHere: 1 }]) {
    refusesEnd(end, "end record is of more than one disk, need one", END);
  }
});

Deno.test("example: readZip() refuses a directory that does not end where the end record begins", () => {
  const needed = (end: number) => `need it to end at byte ${end}, where the end record begins`;
  refusesEnd(
    { directoryLength: 95 },
    `directory has 95 bytes from byte ${DIRECTORY} on, ${needed(END)}`,
  );
  refusesEnd(
    { directoryStart: DIRECTORY - 1 },
    `directory has 94 bytes from byte ${DIRECTORY - 1} on, ${needed(END)}`,
  );
  refusesEnd(
    { gap: new Uint8Array(20) },
    `directory has 94 bytes from byte ${DIRECTORY} on, ${needed(END + 20)}`,
  );
});

// The zip64 end record

/** An end record that leaves everything to the zip64 end record. */
const PLACEHOLDERS: End = {
  disk: 0xffff,
  directoryDisk: 0xffff,
  countHere: 0xffff,
  count: 0xffff,
  directoryLength: 0xffffffff,
  directoryStart: 0xffffffff,
};
/** The offsets of the zip64 end record, of its locator, and of the end record after them. */
const RECORD = END, LOCATOR = END + 56, AFTER = END + 76;

Deno.test("example: readZip() reads a zip64 end record, whichever fields are left to it", () => {
  reads({ zip64: {} });
  reads({ zip64: {}, ...PLACEHOLDERS });
  for (const [field, value] of Object.entries(PLACEHOLDERS)) reads({ zip64: {}, [field]: value });
  reads({ zip64: {}, ...PLACEHOLDERS, comment: Uint8Array.of(1, 2, 3) });
  deepStrictEqual([...readZip(buildZip([], { zip64: {}, ...PLACEHOLDERS }))], []);
});

Deno.test("example: readZip() refuses fields that are left to a zip64 end record that is not there", () => {
  const words: Record<string, string> = {
    disk: "number of this disk",
    directoryDisk: "disk of the directory",
    countHere: "number of entries on this disk",
    count: "number of entries",
    directoryLength: "size of the directory",
    directoryStart: "offset of the directory",
  };
  for (const [field, value] of Object.entries(PLACEHOLDERS)) {
    const found = `${words[field]} is left to a zip64 end record`;
    const end = { countHere: 2, [field]: value };
    refusesEnd(end, `${found}, need its locator directly before the end record`, END);
  }
  refusesEnd(
    { zip64: { locator: { signature: 0 } }, countHere: 2, count: 0xffff },
    "number of entries is left to a zip64 end record, " +
      "need its locator directly before the end record",
    AFTER,
  );
});

Deno.test("example: readZip() refuses an end record that differs from the zip64 end record", () => {
  const cases: [End, string][] = [
    [{ disk: 1 }, "number of this disk is 1 in the end record and 0"],
    [{ directoryDisk: 2 }, "disk of the directory is 2 in the end record and 0"],
    [{ countHere: 1 }, "number of entries on this disk is 1 in the end record and 2"],
    [{ count: 3, countHere: 2 }, "number of entries is 3 in the end record and 2"],
    [{ directoryLength: 93 }, "size of the directory is 93 in the end record and 94"],
    [{ directoryStart: 0 }, `offset of the directory is 0 in the end record and ${DIRECTORY}`],
  ];
  for (const [end, found] of cases) {
    const reason = `${found} in the zip64 end record, need the same`;
    refusesEnd({ zip64: {}, ...end }, reason, AFTER);
  }
});

Deno.test("example: readZip() refuses a zip64 end record of several disks", () => {
  const reason = "zip64 end record is of more than one disk, need one";
  for (const zip64 of [{ disk: 1 }, { directoryDisk: 1 }, { countHere: 1 }]) {
    refusesEnd({ ...PLACEHOLDERS, zip64 }, reason, RECORD);
  }
  for (const locator of [{ disk: 1 }, { disks: 0 }, { disks: 2 }]) {
    const { disk = 0, disks = 1 } = { ...locator } as { disk?: number; disks?: number };
    const found = `zip64 locator is of disk ${disk} of ${disks}`;
    refusesEnd({ zip64: { locator } }, `${found}, need 0 of 1`, LOCATOR);
  }
});

Deno.test("example: readZip() refuses a locator that points anywhere but directly before itself", () => {
  for (const offset of [0, RECORD - 1, RECORD + 1, 2 ** 63]) {
    refusesEnd(
      { zip64: { locator: { offset } } },
      `zip64 end record begins at byte ${offset} by its locator, ` +
        `need byte ${RECORD}, directly before the locator`,
      LOCATOR,
    );
  }
  // a locator without a record, at the beginning of the file
  const alone = concat([buildZip([], { zip64: {} }).subarray(56)]);
  refuses(
    alone,
    "zip64 end record begins at byte 0 by its locator, need byte -56, directly before the locator",
    0,
  );
});

Deno.test("example: readZip() refuses a zip64 end record with another signature or size", () => {
  refusesEnd(
    { zip64: { signature: 0x06064b51 } },
    `signature at byte ${RECORD} is 0x06064b51, need 0x06064b50`,
    RECORD,
  );
  for (const recordSize of [0, 43, 45, 56]) {
    const found = `zip64 end record has size ${recordSize}`;
    refusesEnd({ zip64: { recordSize } }, `${found}, need 44`, RECORD);
  }
});

Deno.test("example: readZip() refuses a directory that does not end where the zip64 end record begins", () => {
  const needed = (end: number) =>
    `need it to end at byte ${end}, where the zip64 end record begins`;
  const directory = (length: number, start: number) =>
    `directory has ${length} bytes from byte ${start} on`;
  refusesEnd(
    { ...PLACEHOLDERS, zip64: { directoryLength: 95 } },
    `${directory(95, DIRECTORY)}, ${needed(RECORD)}`,
    RECORD,
  );
  refusesEnd(
    { ...PLACEHOLDERS, zip64: { directoryStart: DIRECTORY + 1 } },
    `${directory(94, DIRECTORY + 1)}, ${needed(RECORD)}`,
    RECORD,
  );
  refusesEnd(
    { zip64: {}, gap: Uint8Array.of(0) },
    `${directory(94, DIRECTORY)}, ${needed(RECORD + 1)}`,
    RECORD + 1,
  );
  // the directory contains the zip64 end record, by the end record as well
  const [directoryLength, directoryStart] = [94 + 76, DIRECTORY];
  refusesEnd(
    { zip64: { directoryLength }, directoryLength, directoryStart },
    `${directory(94 + 76, DIRECTORY)}, ${needed(RECORD)}`,
    RECORD,
  );
});

Deno.test("example: readZip() refuses more members than the limit in a zip64 end record", () => {
  const count = 2 ** 40;
  refusesEnd(
    { ...PLACEHOLDERS, zip64: { count, countHere: count } },
    "has 1099511627776 members, need at most 1024",
    RECORD,
  );
});
