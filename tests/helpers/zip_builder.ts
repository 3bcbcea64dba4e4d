/** Builds zip archives with the wrong fields that a test asks for. */
import { crc32, deflateRawSync } from "node:zlib";

/** The fields of a member's headers. */
export interface MemberFields {
  readonly name: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly extra: Uint8Array;
}

/** A member: headers are computed from the contents, except for the fields given. */
export interface Member {
  readonly name: string;
  readonly contents: Uint8Array;
  readonly deflated?: boolean;
  /** the bytes in the archive, if they are not the contents, stored or deflated */
  readonly data?: Uint8Array;
  /** what follows them, for flag bit 3 */
  readonly descriptor?: Uint8Array;
  /** a comment on the member, which only the directory has */
  readonly comment?: Uint8Array;
  /** fields of both headers, of the local header, of the directory entry */
  readonly both?: Partial<MemberFields>;
  readonly local?: Partial<MemberFields & { signature: number }>;
  readonly entry?: Partial<MemberFields & { signature: number; offset: number; disk: number }>;
}

/** Fields of a zip64 end record and its locator, where they differ from the correct ones. */
export interface Zip64End {
  readonly signature?: number;
  readonly recordSize?: number;
  readonly disk?: number;
  readonly directoryDisk?: number;
  readonly countHere?: number;
  readonly count?: number;
  readonly directoryLength?: number;
  readonly directoryStart?: number;
  readonly locator?: {
    readonly signature?: number;
    readonly disk?: number;
    readonly offset?: number;
    readonly disks?: number;
  };
}

/** Fields of the end record and bytes around it, where they differ from the correct ones. */
export interface End {
  /** a zip64 end record and its locator before the end record */
  readonly zip64?: Zip64End;
  readonly count?: number;
  readonly countHere?: number;
  readonly disk?: number;
  readonly directoryDisk?: number;
  readonly directoryLength?: number;
  readonly directoryStart?: number;
  /** bytes between the directory and the end records */
  readonly gap?: Uint8Array;
  readonly comment?: Uint8Array;
}

export function buildZip(members: readonly Member[], end: End = {}): Uint8Array<ArrayBuffer> {
  const body: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  for (const member of members) {
    const { contents, deflated = false } = member;
    const data = member.data ?? (deflated ? deflateRawSync(contents) : contents);
    const correct: MemberFields = {
      name: new TextEncoder().encode(member.name),
      flags: 0,
      method: deflated ? 8 : 0,
      crc: crc32(contents),
      packed: data.length,
      size: contents.length,
      extra: new Uint8Array(),
      ...member.both,
    };
    const offset = length(body);
    const local = { ...correct, signature: 0x04034b50, ...member.local };
    body.push(
      words([4, local.signature], [2, 20], ...common(local)),
      local.name,
      local.extra,
      data,
      member.descriptor ?? new Uint8Array(),
    );
    const { comment = new Uint8Array() } = member;
    const entry = { ...correct, signature: 0x02014b50, offset, disk: 0, ...member.entry };
    directory.push(
      words(
        [4, entry.signature],
        [2, 20],
        [2, 20],
        ...common(entry),
        [2, comment.length],
        [2, entry.disk],
        [2, 0],
        [4, 0],
        [4, entry.offset],
      ),
      entry.name,
      entry.extra,
      comment,
    );
  }
  const { comment = new Uint8Array(), gap = new Uint8Array(), count = members.length } = end;
  const endRecord = words(
    [4, 0x06054b50],
    [2, end.disk ?? 0],
    [2, end.directoryDisk ?? 0],
    [2, end.countHere ?? count],
    [2, count],
    [4, end.directoryLength ?? length(directory)],
    [4, end.directoryStart ?? length(body)],
    [2, comment.length],
  );
  const zip64 = end.zip64 === undefined ? new Uint8Array() : zip64End(
    end.zip64,
    { count: members.length, directoryStart: length(body), directoryLength: length(directory) },
    length([...body, ...directory, gap]),
  );
  return concat([...body, ...directory, gap, zip64, endRecord, comment]);
}

/** A zip64 end record and its locator, which begin at `offset`. */
function zip64End(
  fields: Zip64End,
  correct: { count: number; directoryStart: number; directoryLength: number },
  offset: number,
): Uint8Array {
  const { locator = {}, ...record } = { ...correct, countHere: correct.count, ...fields };
  return words(
    [4, record.signature ?? 0x06064b50],
    [8, record.recordSize ?? 44],
    [2, 45],
    [2, 45],
    [4, record.disk ?? 0],
    [4, record.directoryDisk ?? 0],
    [8, record.countHere],
    [8, record.count],
    [8, record.directoryLength],
    [8, record.directoryStart],
    [4, locator.signature ?? 0x07064b50],
    [4, locator.disk ?? 0],
    [8, locator.offset ?? offset],
    [4, locator.disks ?? 1],
  );
}

/** Little-endian numbers one after the other, each with how many bytes it takes. */
export function words(
  ...fields: (readonly [size: 2 | 4 | 8, value: number])[]
): Uint8Array<ArrayBuffer> {
  const bytes = fields.flatMap(([size, value]) =>
    Array.from({ length: size }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn))
  );
  return Uint8Array.from(bytes);
}

/** A zip64 extra of the given numbers. */
export function zip64(...numbers: number[]): Uint8Array<ArrayBuffer> {
  return words([2, 1], [2, 8 * numbers.length], ...numbers.map((n) => [8, n] as const));
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length(parts));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The fields that both headers have, in their order; date and time are those of 1 January 1980. */
function common(fields: MemberFields): [2 | 4, number][] {
  return [
    [2, fields.flags],
    [2, fields.method],
    [2, 0],
    [2, 0x21],
    [4, fields.crc],
    [4, fields.packed],
    [4, fields.size],
    [2, fields.name.length],
    [2, fields.extra.length],
  ];
}

function length(parts: readonly Uint8Array[]): number {
  return parts.reduce((total, part) => total + part.length, 0);
}
