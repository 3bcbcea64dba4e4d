// Reads zip archives, the container of npz. The central directory is the authority, and every
// CRC-32 is verified: of a local header only the name and the lengths are read.
//
//     local header, name, extra, data [, data descriptor]     one member after the other
//     directory entry, name, extra, comment                   one for each member
//     [zip64 end record, locator]                             for numbers too large for the next
//     end record, comment
//
// Numbers are little-endian. Source: PKWARE's APPNOTE.TXT 6.3, sections 4.3 to 4.5.
import { Inflate } from "fflate";
import { quote } from "../text/escape.ts";
import { hex32 } from "../text/numbers.ts";
import { cannotRead, checkBytes, isOutOfMemory } from "./errors.ts";

const MIB = 1024 * 1024;
/** The largest number of bytes of an archive, unless a reader asks for another. */
export const MAX_ARCHIVE_BYTES: number = 64 * MIB;
/** The largest number of members of an archive. */
export const MAX_MEMBERS = 1024;
/** The largest sizes of one member and of all together, in bytes. */
const MAX_MEMBER_BYTES = 64 * MIB;
const MAX_CONTENTS_BYTES = 128 * MIB;

/** The name of the archive as a whole in errors. */
const ARCHIVE = "zip archive";
const ENTRY = 0x02014b50, ZIP64_END = 0x06064b50, LOCATOR = 0x07064b50, END = 0x06054b50;
const STORED = 0, DEFLATED = 8;
/** Bits 0, 5, 6 and 13 of the flags: encrypted in one way or another, or patched data. */
const UNREADABLE = 0x2061;
/** Compressed bytes that fflate inflates at a time: to 34 MB at most. */
const STEP = 32_768;

/** The functions of `node:zlib` that are used: several times as fast as JavaScript. */
interface Zlib {
  inflateRawSync(data: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  crc32(data: Uint8Array): number;
}

/** `node:zlib` where there is one. It is not imported, so that the library loads in a browser. */
export const nativeZlib: Zlib | null = findZlib();

function findZlib(): Zlib | null {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(name: string): Zlib | undefined };
  };
  const zlib = process?.getBuiltinModule?.("node:zlib") ?? null;
  try {
    // two zeros; where this does not throw, as in Deno 2.4, it would inflate a bomb
    zlib?.inflateRawSync(Uint8Array.of(0x63, 0x60, 0, 0), { maxOutputLength: 1 });
    return null;
  } catch {
    return zlib;
  }
}

/** The contents by name, stored ones as views; `maxBytes` takes the place of all limits. */
export function readZip(
  bytes: Uint8Array,
  zlib = nativeZlib,
  maxBytes?: number,
): Map<string, Uint8Array> {
  checkBytes(bytes, ARCHIVE);
  needAtMost(maxBytes ?? MAX_ARCHIVE_BYTES, bytes.length, ARCHIVE, "has");
  const members = readDirectory(readerOf(bytes), maxBytes ?? MAX_MEMBER_BYTES);
  const total = members.reduce((sum, { size }) => sum + size, 0);
  needAtMost(maxBytes ?? MAX_CONTENTS_BYTES, total, ARCHIVE, "members come to");
  return new Map(members.map((member) => [member.name, unpack(member, zlib)]));
}

function unpack({ name, data, method, size, crc }: Member, zlib: Zlib | null): Uint8Array {
  const contents = method === STORED ? data : inflate(data, size, zlib);
  if (contents?.length !== size) {
    const found = "data is damaged or cut short";
    throw cannotRead(quote(name), `${found}, or does not come to the declared ${size} bytes`);
  }
  const found = crc32(contents, zlib);
  if (found === crc) return contents;
  const needed = `need the declared ${hex32(crc)}`;
  throw cannotRead(quote(name), `CRC-32 of the contents is ${hex32(found)}, ${needed}`);
}

type Reader = ReturnType<typeof readerOf>;

/** Little-endian numbers at a position; a RangeError is raised beyond the end of the file. */
function readerOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    bytes,
    u16: (at: number) => view.getUint16(at, true),
    u32: (at: number) => view.getUint32(at, true),
    u64: (at: number) => Number(view.getBigUint64(at, true)), // rounded beyond every limit
    name: (start: number, end: number) => decoder.decode(bytes.subarray(start, end)),
  };
}

function readDirectory(file: Reader, maxBytes: number): Member[] {
  const members = new Map<string, Member>();
  try {
    const { start, end, count } = findDirectory(file);
    let at = start;
    for (let i = 0; i < count; i++) {
      const member = readEntry(file, at), { name, size } = member;
      if (members.has(name)) throw cannotRead(quote(name), "two members have this name, need one");
      needAtMost(maxBytes, size, quote(name), "comes to");
      members.set(name, member);
      at = member.next;
    }
    if (at !== end) throw damaged(`its ${count} entries end at byte ${at}, need byte ${end}`);
  } catch (error) {
    throw error instanceof RangeError ? damaged("a record goes beyond its end") : error;
  }
  return [...members.values()];
}

/** Where the directory begins and ends, and how many entries it has. */
function findDirectory(file: Reader): { start: number; end: number; count: number } {
  const last = file.bytes.length - 22, first = Math.max(0, last - 0xffff);
  let at = last;
  // the comment ends with the file; contents and comments may well have the signature
  while (at >= first && !(file.u32(at) === END && file.u16(at + 20) === last - at)) at--;
  if (at < first) {
    const found = `has ${file.bytes.length} bytes and no end record`;
    throw cannotRead(ARCHIVE, `${found}, need a whole zip file`);
  }
  const has64 = at >= 76 && file.u32(at - 20) === LOCATOR && file.u32(at - 76) === ZIP64_END;
  const end = has64 ? at - 76 : at;
  const u16 = (field: number) => file.u16(at + field),
    u32 = (field: number) => file.u32(at + field);
  const u64 = (field: number) => file.u64(end + field);
  const [disks, countHere, count, length, start] = has64
    ? [u64(16), u64(24), u64(32), u64(40), u64(48)]
    : [u32(4), u16(8), u16(10), u32(12), u32(16)];
  if (disks !== 0 || countHere !== count) {
    throw cannotRead(ARCHIVE, "is of more than one disk, need one");
  }
  if (start + length !== end) {
    const found = `its directory has ${length} bytes from byte ${start} on`;
    throw damaged(`${found}, need it to end at byte ${end}, where the end record begins`);
  }
  if (count > MAX_MEMBERS) {
    throw cannotRead(ARCHIVE, `has ${count} members, need at most ${MAX_MEMBERS}`);
  }
  return { start, end, count };
}

/** A member as the directory describes it; its data is not yet inflated. */
type Member = ReturnType<typeof readEntry>;

/** The member of the directory entry at a position, and the position of the next entry. */
function readEntry(file: Reader, at: number) {
  if (file.u32(at) !== ENTRY) throw damaged(`there is no entry of its directory at byte ${at}`);
  const nameEnd = at + 46 + file.u16(at + 28), extraEnd = nameEnd + file.u16(at + 30);
  const name = file.name(at + 46, nameEnd), method = file.u16(at + 10);
  if (file.u16(at + 8) & UNREADABLE) {
    throw cannotRead(quote(name), "is encrypted or patched, need it plain");
  }
  if (method !== STORED && method !== DEFLATED) {
    throw cannotRead(quote(name), `method is ${method}, need 0 (stored) or 8 (deflated)`);
  }
  // extra 1, of zip64, has the numbers that the entry leaves out, one after the other
  let extra = nameEnd;
  while (extra < extraEnd && file.u16(extra) !== 1) extra += 4 + file.u16(extra + 2);
  let large = extra + 4 - 8;
  const number = (short: number) =>
    short === 0xffffffff && extra < extraEnd ? file.u64(large += 8) : short;
  const size = number(file.u32(at + 24)), packed = number(file.u32(at + 20));
  const offset = number(file.u32(at + 42));
  const nameStart = offset + 30, localNameEnd = nameStart + file.u16(offset + 26);
  if (file.name(nameStart, localNameEnd) !== name) {
    throw cannotRead(quote(name), `local header at byte ${offset} is damaged or of another name`);
  }
  const dataStart = localNameEnd + file.u16(offset + 28);
  const data = file.bytes.subarray(dataStart, dataStart + packed);
  return { name, data, method, size, crc: file.u32(at + 16), next: extraEnd + file.u16(at + 32) };
}

/** Inflates to `size` bytes and no further; undefined if the data is damaged or holds more. */
function inflate(data: Uint8Array, size: number, zlib: Zlib | null): Uint8Array | undefined {
  try {
    if (zlib !== null) {
      // it takes no limit of 0
      const found = zlib.inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
      return new Uint8Array(found.buffer, found.byteOffset, found.length); // not a Buffer
    }
    const result = new Uint8Array(size);
    let filled = 0;
    const stream = new Inflate((piece) => {
      result.set(piece, filled); // throws if it is too long
      filled += piece.length;
    });
    // the longest stored block fills two steps before it yields anything; after three the stream
    // has ended, and fflate would go on collecting what follows it
    for (let at = 0, silent = 0; at < data.length && filled < size && silent < 3; at += STEP) {
      const before = filled;
      stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
      silent = filled > before ? 0 : silent + 1;
    }
    return result.subarray(0, filled);
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    return undefined;
  }
}

/** The remainder of each byte, in the reflected polynomial of ISO 3309. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = (byte >>> 1) ^ (byte & 1 ? 0xedb88320 : 0);
  return byte;
});

/** CRC-32, the checksum of zip and PNG, 0..2³²-1; with null instead of zlib, a table is used. */
export function crc32(bytes: Uint8Array, zlib = nativeZlib): number {
  if (zlib !== null) return zlib.crc32(bytes);
  let remainder = -1;
  for (const byte of bytes) {
    remainder = (remainder >>> 8) ^ REMAINDERS[(remainder ^ byte) & 0xff]!;
  }
  return ~remainder >>> 0;
}

function damaged(reason: string) {
  return cannotRead(ARCHIVE, `is damaged: ${reason}`);
}

function needAtMost(limit: number, bytes: number, subject: string, verb: string): void {
  if (bytes <= limit) return;
  throw cannotRead(subject, `${verb} ${bytes} bytes, need at most ${limit} (${limit / MIB} MiB)`);
}
