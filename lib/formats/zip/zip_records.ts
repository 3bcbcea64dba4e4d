/**
 * Reads the records of a zip archive, each within the bytes of the archive; zip.ts compares them.
 *
 *     local header, name, extra, data [, data descriptor]     one member after the other
 *     directory entry, name, extra, comment                   one for each member
 *     end records                                             end_records.ts
 *
 * Numbers are little-endian. Source: PKWARE's APPNOTE.TXT 6.3, sections 4.3 and 4.5.3.
 *
 * @module
 */
import { hex32 } from "../../text/hex.ts";
import { cannotRead } from "../format_error.ts";

/** The fields that the local header and the directory entry of a member have in common. */
export interface MemberRecord {
  /**
   * Bits: 0 encrypted, 1 and 2 compression effort, 3 a data descriptor follows, 11 the name is
   * UTF-8.
   */
  readonly flags: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  /** The CRC-32 of the contents. */
  readonly crc: number;
  /** Compressed size in bytes. */
  readonly packed: number;
  /** Uncompressed size in bytes. */
  readonly size: number;
  /** The name, not yet decoded. */
  readonly name: Uint8Array;
  /** Offset of this record's end. */
  readonly end: number;
}

/** A directory entry. */
export interface DirectoryEntry extends MemberRecord {
  /** Offset of the local header. */
  readonly offset: number;
}

/** A local header. */
export interface LocalHeader extends MemberRecord {
  /** Whether it has a zip64 extra: then the sizes in a data descriptor are of eight bytes. */
  readonly zip64: boolean;
}

/** The contents of a data descriptor. */
export type DataDescriptor = Pick<MemberRecord, "crc" | "packed" | "size" | "end">;

/** The name of the archive as a whole in errors. */
export const ARCHIVE = "zip archive";

const LOCAL = { signature: 0x04034b50, length: 30, fields: 6 } as const;
const ENTRY = { signature: 0x02014b50, length: 46, fields: 8 } as const;
const DESCRIPTOR_SIGNATURE = 0x08074b50;

const ZIP64 = 0x0001;
/** Placeholder of a number of four bytes that a zip64 record has in eight. */
export const IN_ZIP64 = 0xffffffff;

/** Reads the directory entry at a position; `subject` names what is read in errors. */
export function readDirectoryEntry(bytes: Uint8Array, at: number, subject: string): DirectoryEntry {
  const { view, extra, end, ...fields } = readHeader(bytes, at, ENTRY, subject);
  if (view.getUint16(34, true) !== 0) {
    throw cannotRead(subject, `is on disk ${view.getUint16(34, true)}, need one disk`, at);
  }
  const fields32 = [fields.size, fields.packed, view.getUint32(42, true)];
  // the extra field has those numbers that the entry itself leaves out, and no others
  const count = fields32.filter((number) => number === IN_ZIP64).length;
  const large = zip64Numbers(extra, count, subject);
  const [size, packed, offset] = fields32.map((n) => n === IN_ZIP64 ? large.shift()! : n) as [
    number,
    number,
    number,
  ];
  const commentEnd = end + view.getUint16(32, true);
  needRoom(bytes, at, commentEnd, subject);
  return { ...fields, size, packed, offset, end: commentEnd };
}

/** Reads the local header at a position. */
export function readLocalHeader(bytes: Uint8Array, at: number, subject: string): LocalHeader {
  const { view: _, extra, ...fields } = readHeader(bytes, at, LOCAL, subject);
  if (extra === undefined) return { ...fields, zip64: false };
  const [size, packed] = zip64Numbers(extra, 2, subject) as [number, number];
  // Python before 3.11.4 gives the sizes in the header as well, later ones leave them out there
  if ([IN_ZIP64, size].includes(fields.size) && [IN_ZIP64, packed].includes(fields.packed)) {
    return { ...fields, size, packed, zip64: true };
  }
  const found = `${fields.packed} and ${fields.size} in the local header`;
  const other = `${packed} and ${size} in its zip64 extra`;
  throw cannotRead(subject, `sizes are ${found}, ${other}, need the same`, at);
}

/**
 * Reads the data descriptor at a position, with or without the signature that it may have.
 *
 * @param wide whether its sizes are of eight bytes
 */
export function readDescriptor(
  bytes: Uint8Array,
  at: number,
  wide: boolean,
  subject: string,
): DataDescriptor {
  needRoom(bytes, at, at + 4, subject);
  const signed = viewOf(bytes, at, 4).getUint32(0, true) === DESCRIPTOR_SIGNATURE;
  const start = signed ? at + 4 : at;
  const end = start + (wide ? 20 : 12);
  needRoom(bytes, at, end, subject);
  const view = viewOf(bytes, start, end - start);
  const size = (i: number) => wide ? getUint64(view, 4 + 8 * i) : view.getUint32(4 + 4 * i, true);
  return { crc: view.getUint32(0, true), packed: size(0), size: size(1), end };
}

/** Reads the fields that both kinds of header have, in the same order but at different offsets. */
function readHeader(
  bytes: Uint8Array,
  at: number,
  kind: typeof LOCAL | typeof ENTRY,
  subject: string,
) {
  needRoom(bytes, at, at + kind.length, subject);
  const view = viewOf(bytes, at, kind.length);
  const signature = view.getUint32(0, true);
  if (signature !== kind.signature) {
    const found = `signature at byte ${at} is ${hex32(signature)}`;
    throw cannotRead(subject, `${found}, need ${hex32(kind.signature)}`, at);
  }
  const u16 = (field: number) => view.getUint16(kind.fields + field, true);
  const u32 = (field: number) => view.getUint32(kind.fields + field, true);
  const nameStart = at + kind.length;
  const extraStart = nameStart + u16(20);
  const end = extraStart + u16(22);
  needRoom(bytes, at, end, subject);
  return {
    view,
    flags: u16(0),
    method: u16(2),
    crc: u32(8),
    packed: u32(12),
    size: u32(16),
    name: bytes.subarray(nameStart, extraStart),
    extra: zip64Extra(bytes.subarray(extraStart, end), subject),
    end,
  };
}

/** The data of the zip64 extra among a header's extras, if there is one. */
function zip64Extra(extras: Uint8Array, subject: string): DataView | undefined {
  let zip64: DataView | undefined;
  for (let at = 0; at < extras.length;) {
    const head = at + 4 <= extras.length ? viewOf(extras, at, 4) : undefined;
    const end = at + 4 + (head?.getUint16(2, true) ?? 0);
    if (head === undefined || end > extras.length) {
      throw cannotRead(subject, `extra fields end at byte ${end} of ${extras.length}`);
    }
    if (head.getUint16(0, true) === ZIP64) {
      if (zip64 !== undefined) throw cannotRead(subject, "has two zip64 extras, need at most one");
      zip64 = viewOf(extras, at + 4, end - at - 4);
    }
    at = end;
  }
  return zip64;
}

/** The 64-bit numbers of a zip64 extra field, which must have exactly `count`. */
function zip64Numbers(extra: DataView | undefined, count: number, subject: string): number[] {
  const present = extra?.byteLength ?? 0;
  if (present !== 8 * count) {
    throw cannotRead(subject, `zip64 extra has ${present} bytes, need ${8 * count}`);
  }
  return Array.from({ length: count }, (_, i) => getUint64(extra!, 8 * i));
}

function needRoom(bytes: Uint8Array, at: number, end: number, subject: string): void {
  if (end <= bytes.length) return;
  const limit = `need it to end by byte ${bytes.length}`;
  throw cannotRead(subject, `record at byte ${at} ends at byte ${end}, ${limit}`, at);
}

/** A view on some bytes of an archive. */
export function viewOf(bytes: Uint8Array, at: number, length: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + at, length);
}

/** A number of eight bytes, rounded above 2⁵³, which is beyond every limit. */
export function getUint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
