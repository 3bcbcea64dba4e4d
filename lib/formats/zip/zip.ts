/**
 * A strict zip reader: an archive is rejected unless every local header and data descriptor agrees
 * with the central directory, and the contents of every member with its declared size and CRC-32.
 *
 * @module
 */
import { hex32 } from "../../text/hex.ts";
import { quote } from "../../text/escape.ts";
import { crc32 } from "../crc32.ts";
import { checkBytes } from "../check_bytes.ts";
import { cannotRead } from "../format_error.ts";
import { inflate } from "../inflate.ts";
import { readEndRecord } from "./end_records.ts";
import {
  ARCHIVE,
  type DirectoryEntry,
  readDescriptor,
  readDirectoryEntry,
  readLocalHeader,
} from "./zip_records.ts";

const MIB = 1024 * 1024;
/** The largest number of bytes of an archive. */
export const MAX_ARCHIVE_BYTES: number = 64 * MIB;
/** The largest number of members of an archive. */
export const MAX_MEMBERS = 1024;
/** The largest uncompressed size of one member, in bytes. */
const MAX_MEMBER_BYTES = 64 * MIB;
/** The largest uncompressed size of all members together, in bytes. */
const MAX_CONTENTS_BYTES = 128 * MIB;

const STORED = 0;
const DEFLATED = 8;

const ENCRYPTED = 1 << 0;
const HAS_DESCRIPTOR = 1 << 3;
const UTF8 = 1 << 11;
const KNOWN_FLAGS = 1 << 1 | 1 << 2 | HAS_DESCRIPTOR | UTF8;

/** Names of the compared fields in errors. */
const FIELDS = {
  flags: "flags",
  method: "method",
  crc: "CRC-32",
  packed: "compressed size",
  size: "size",
} as const;

interface Member {
  readonly name: string;
  readonly entry: DirectoryEntry;
}

/** Offsets of a member's start, end and data in the archive. */
interface Place {
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
}

/**
 * The contents of an archive by name, in the order of its directory. Stored members are views on
 * the bytes given.
 *
 * @param bytes the whole file
 * @throws {TypeError} if that is not a Uint8Array
 * @throws {FormatError} if anything in it is damaged, inconsistent, unsupported, or beyond the
 * limits
 */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  checkBytes(bytes, ARCHIVE);
  if (bytes.length > MAX_ARCHIVE_BYTES) {
    const found = `has ${bytes.length} bytes`;
    throw cannotRead(
      ARCHIVE,
      `${found}, need at most ${MAX_ARCHIVE_BYTES} (${MAX_ARCHIVE_BYTES / MIB} MiB)`,
    );
  }
  const { count, directoryStart, directoryEnd } = readEndRecord(bytes);
  if (count > MAX_MEMBERS) {
    throw cannotRead(ARCHIVE, `has ${count} members, need at most ${MAX_MEMBERS}`, directoryEnd);
  }
  const members = readDirectory(bytes.subarray(0, directoryEnd), directoryStart, count);
  refuseUnpackable(members);
  const body = bytes.subarray(0, directoryStart);
  const places = members.map((member) => locate(body, member));
  refuseOverlaps(members, places);
  const contents = new Map<string, Uint8Array>();
  members.forEach((member, i) => contents.set(member.name, unpack(body, member, places[i]!)));
  return contents;
}

/** Reads the entries between a position and the end of the bytes. */
function readDirectory(bytes: Uint8Array, start: number, count: number): Member[] {
  const members = new Map<string, Member>();
  let at = start;
  for (let i = 0; i < count; i++) {
    const what = `directory entry ${i} of the ${ARCHIVE}`;
    const entry = readDirectoryEntry(bytes, at, what);
    const name = decodeName(entry, what);
    if (members.has(name)) {
      throw cannotRead(quote(name), "two members have this name, need one", at);
    }
    members.set(name, { name, entry });
    at = entry.end;
  }
  if (at !== bytes.length) {
    const found = `${bytes.length - at} bytes follow the ${count} entries of the directory`;
    throw cannotRead(ARCHIVE, `${found}, need the end record there`, at);
  }
  return [...members.values()];
}

function decodeName({ name, flags }: DirectoryEntry, what: string): string {
  // without the flag it is an old character set of DOS, of which only ASCII is certain
  const sure = flags & UTF8 || name.every((byte) => byte < 0x80);
  try {
    if (sure) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    // refused below
  }
  throw cannotRead(what, "name is neither ASCII nor, with flag bit 11 set, UTF-8");
}

/** Refuses members that are too large, and those that cannot be read. */
function refuseUnpackable(members: readonly Member[]): void {
  let total = 0;
  for (const { name, entry: { flags, method, packed, size } } of members) {
    const subject = quote(name);
    if (flags & ENCRYPTED) throw cannotRead(subject, "is encrypted, need it plain");
    if (flags & ~KNOWN_FLAGS) {
      throw cannotRead(
        subject,
        `flags are 0x${flags.toString(16)}, need no bit but 1, 2, 3 and 11`,
      );
    }
    if (method !== STORED && method !== DEFLATED) {
      throw cannotRead(subject, `method is ${method}, need 0 (stored) or 8 (deflated)`);
    }
    if (size > MAX_MEMBER_BYTES) {
      const needed = `need at most ${MAX_MEMBER_BYTES} (${MAX_MEMBER_BYTES / MIB} MiB)`;
      throw cannotRead(subject, `comes to ${size} bytes, ${needed}`);
    }
    if (method === STORED && packed !== size) {
      throw cannotRead(subject, `is stored in ${packed} bytes and declares ${size}, need the same`);
    }
    total += size;
  }
  if (total > MAX_CONTENTS_BYTES) {
    const needed = `need at most ${MAX_CONTENTS_BYTES} (${MAX_CONTENTS_BYTES / MIB} MiB)`;
    throw cannotRead(ARCHIVE, `members come to ${total} bytes in all, ${needed}`);
  }
}

/**
 * Finds a member in the part of the archive before the directory, and checks that it agrees with
 * its entry there.
 */
function locate(body: Uint8Array, { name, entry }: Member): Place {
  const subject = quote(name);
  const local = readLocalHeader(body, entry.offset, subject);
  if (local.name.length !== entry.name.length || local.name.some((b, i) => b !== entry.name[i])) {
    const found = quote(new TextDecoder().decode(local.name));
    throw cannotRead(subject, `name in the local header is ${found}`, entry.offset);
  }
  const place = { start: entry.offset, dataStart: local.end, end: local.end + entry.packed };
  if (place.end > body.length) {
    const found = `data ends at byte ${place.end}`;
    throw cannotRead(subject, `${found}, need it to end by byte ${body.length}`, place.dataStart);
  }
  const agree = (field: keyof typeof FIELDS, where: string, found: number) => {
    if (found === entry[field]) return;
    const words = `${FIELDS[field]} is ${
      entry[field]
    } in the directory and ${found} in the ${where}`;
    throw cannotRead(subject, `${words}, need the same`, entry.offset);
  };
  agree("flags", "local header", local.flags);
  agree("method", "local header", local.method);
  const postponed = (entry.flags & HAS_DESCRIPTOR) !== 0;
  for (const field of ["crc", "packed", "size"] as const) {
    // a writer that did not know them yet wrote zeros
    if (!postponed || local[field] !== 0) agree(field, "local header", local[field]);
  }
  if (!postponed) return place;
  const descriptor = readDescriptor(body, place.end, local.zip64, subject);
  for (const field of ["crc", "packed", "size"] as const) {
    agree(field, "data descriptor", descriptor[field]);
  }
  return { ...place, end: descriptor.end };
}

function refuseOverlaps(members: readonly Member[], places: readonly Place[]): void {
  const order = members.map((_, i) => i).sort((a, b) => places[a]!.start - places[b]!.start);
  for (let k = 1; k < order.length; k++) {
    const [before, after] = [order[k - 1]!, order[k]!];
    const [start, end] = [places[after]!.start, places[before]!.end];
    if (start < end) {
      const found = `begins at byte ${start} in ${quote(members[before]!.name)}`;
      const needed = "need no two members to overlap";
      const subject = quote(members[after]!.name);
      throw cannotRead(subject, `${found}, which ends at byte ${end}, ${needed}`, start);
    }
  }
}

function unpack(body: Uint8Array, { name, entry }: Member, { dataStart }: Place): Uint8Array {
  const subject = quote(name);
  const data = body.subarray(dataStart, dataStart + entry.packed);
  const contents = entry.method === STORED ? data : inflate(data, entry.size, subject);
  const crc = crc32(contents);
  if (crc !== entry.crc) {
    const found = `CRC-32 of the contents is ${hex32(crc)}`;
    throw cannotRead(subject, `${found}, need the declared ${hex32(entry.crc)}`);
  }
  return contents;
}
