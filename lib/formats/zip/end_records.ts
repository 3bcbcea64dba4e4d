/**
 * Reads the records at the end of a zip archive, which say where its directory is.
 *
 *     [zip64 end record, locator]     56 and 20 bytes, for numbers that the end record cannot hold
 *     end record                      22 bytes
 *     comment                         up to 65,535 bytes, then the file ends
 *
 * Numbers are little-endian. Source: PKWARE's APPNOTE.TXT 6.3, sections 4.3.14 to 4.3.16 and 4.4.
 *
 * @module
 */
import { hex32 } from "../../text/hex.ts";
import { cannotRead } from "../format_error.ts";
import { ARCHIVE, getUint64, IN_ZIP64, viewOf } from "./zip_records.ts";

/** The contents of the end record, or of the zip64 end record that stands before it. */
export interface EndRecord {
  /** Number of entries in the directory. */
  readonly count: number;
  /** Offset of the directory. */
  readonly directoryStart: number;
  /** Offset of its end, where the end records begin. */
  readonly directoryEnd: number;
}

const END = { name: "end record", signature: 0x06054b50, length: 22, fields: 4 } as const;
const MAX_COMMENT_LENGTH = 0xffff;
const ZIP64_END = {
  name: "zip64 end record",
  signature: 0x06064b50,
  length: 56,
  fields: 16,
} as const;
const LOCATOR = { signature: 0x07064b50, length: 20 } as const;
/** Placeholder of a number of two bytes that the zip64 end record has. */
const SHORT_IN_ZIP64 = 0xffff;

/** The fields of an end record, in its order and in words. */
const END_FIELDS = {
  disk: "number of this disk",
  directoryDisk: "disk of the directory",
  countHere: "number of entries on this disk",
  count: "number of entries",
  length: "size of the directory",
  start: "offset of the directory",
} as const;
type EndFields = Record<keyof typeof END_FIELDS, number>;

/**
 * Reads the end record and, if there is one, the zip64 end record before it, and checks that they
 * agree and that the directory ends where the first of them begins.
 */
export function readEndRecord(bytes: Uint8Array): EndRecord {
  const endStart = findEndRecord(bytes);
  const view = viewOf(bytes, endStart, END.length);
  const short = [0, 2, 4, 6].map((at) => view.getUint16(END.fields + at, true));
  const long = [8, 12].map((at) => view.getUint32(END.fields + at, true));
  const ordinary = endFields([...short, ...long]);
  const zip64 = readZip64EndRecord(bytes, endStart, ordinary);
  const { disk, directoryDisk, countHere, count, length, start } = zip64?.fields ?? ordinary;
  const directoryEnd = zip64?.start ?? endStart;
  const { name } = zip64 === undefined ? END : ZIP64_END;
  if (disk !== 0 || directoryDisk !== 0 || countHere !== count) {
    throw cannotRead(ARCHIVE, `${name} is of more than one disk, need one`, directoryEnd);
  }
  if (start + length !== directoryEnd) {
    const found = `directory has ${length} bytes from byte ${start} on`;
    const needed = `need it to end at byte ${directoryEnd}, where the ${name} begins`;
    throw cannotRead(ARCHIVE, `${found}, ${needed}`, directoryEnd);
  }
  return { count, directoryStart: start, directoryEnd };
}

/**
 * The offset of the end record: the last one whose comment fits into the file. The comment must
 * reach to the end of the file, so nothing can follow it.
 *
 * Weights and comments may contain the signature. If an earlier record has a comment that reaches
 * to the end too, the later one is part of that comment, and programs may read either: neither is
 * read.
 */
function findEndRecord(bytes: Uint8Array): number {
  const last = bytes.length - END.length;
  const first = Math.max(0, last - MAX_COMMENT_LENGTH);
  let found: number | undefined;
  for (let at = last; at >= first; at--) {
    if (bytes[at] !== 0x50 || viewOf(bytes, at, 4).getUint32(0, true) !== END.signature) continue;
    const comment = viewOf(bytes, at + 20, 2).getUint16(0, true), rest = last - at;
    if (found === undefined && comment < rest) {
      const has = `end record at byte ${at} has a comment of ${comment} bytes`;
      throw cannotRead(ARCHIVE, `${has}, ${rest} bytes follow it, need the same`, at);
    }
    if (comment !== rest) continue;
    if (found !== undefined) {
      const both = `end records at byte ${at} and byte ${found} have comments up to its end`;
      throw cannotRead(ARCHIVE, `${both}, need one such record`, at);
    }
    found = at;
  }
  if (found === undefined) {
    const none = `has ${bytes.length} bytes and no end record`;
    throw cannotRead(ARCHIVE, `${none}, need a whole zip file`);
  }
  return found;
}

/**
 * Reads the zip64 end record, which a locator directly before the end record announces. Fields of
 * the end record that are not placeholders must be the same.
 *
 * @param ordinary the fields of the end record
 */
function readZip64EndRecord(bytes: Uint8Array, endStart: number, ordinary: EndFields) {
  const at = endStart - LOCATOR.length;
  const locator = at < 0 ? undefined : viewOf(bytes, at, LOCATOR.length);
  if (locator?.getUint32(0, true) !== LOCATOR.signature) {
    const missing = endKeys.find((key) => ordinary[key] === placeholder(key));
    if (missing === undefined) return undefined;
    const found = `${END_FIELDS[missing]} is left to a zip64 end record`;
    const needed = "need its locator directly before the end record";
    throw cannotRead(ARCHIVE, `${found}, ${needed}`, endStart);
  }
  const start = at - ZIP64_END.length;
  const [disk, offset, disks] = [
    locator.getUint32(4, true),
    getUint64(locator, 8),
    locator.getUint32(16, true),
  ];
  if (disk !== 0 || disks !== 1) {
    throw cannotRead(ARCHIVE, `zip64 locator is of disk ${disk} of ${disks}, need 0 of 1`, at);
  }
  if (offset !== start) {
    const found = `zip64 end record begins at byte ${offset} by its locator`;
    throw cannotRead(ARCHIVE, `${found}, need byte ${start}, directly before the locator`, at);
  }
  const view = viewOf(bytes, start, ZIP64_END.length);
  const signature = view.getUint32(0, true);
  if (signature !== ZIP64_END.signature) {
    const found = `signature at byte ${start} is ${hex32(signature)}`;
    throw cannotRead(ARCHIVE, `${found}, need ${hex32(ZIP64_END.signature)}`, start);
  }
  const size = getUint64(view, 4), needed = ZIP64_END.length - 12;
  if (size !== needed) {
    throw cannotRead(ARCHIVE, `zip64 end record has size ${size}, need ${needed}`, start);
  }
  const disksOf = [0, 4].map((at) => view.getUint32(ZIP64_END.fields + at, true));
  const numbers = [8, 16, 24, 32].map((at) => getUint64(view, ZIP64_END.fields + at));
  const fields = endFields([...disksOf, ...numbers]);
  for (const key of endKeys) {
    if ([fields[key], placeholder(key)].includes(ordinary[key])) continue;
    const found = `${END_FIELDS[key]} is ${ordinary[key]} in the end record`;
    const other = `${fields[key]} in the zip64 end record`;
    throw cannotRead(ARCHIVE, `${found} and ${other}, need the same`, endStart);
  }
  return { fields, start };
}

const endKeys = Object.keys(END_FIELDS) as (keyof EndFields)[];

function endFields(numbers: readonly number[]): EndFields {
  return Object.fromEntries(endKeys.map((key, i) => [key, numbers[i]])) as EndFields;
}

/** What an end record has in place of a number that is in the zip64 end record. */
function placeholder(key: keyof EndFields): number {
  return key === "length" || key === "start" ? IN_ZIP64 : SHORT_IN_ZIP64;
}
