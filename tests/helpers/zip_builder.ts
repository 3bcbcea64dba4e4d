/** Builds zip archives with the wrong fields that a test asks for. */
import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";

interface Fields {
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
  /** fields of the local header, of the directory entry */
  readonly local?: Partial<Fields>;
  readonly entry?: Partial<Fields & { signature: number; offset: number; comment: Uint8Array }>;
}

/** What differs from the correct end record. */
interface EndFields {
  readonly disk?: number;
  readonly countHere?: number;
  readonly count?: number;
  readonly length?: number;
  readonly start?: number;
}

export interface End extends EndFields {
  /** of a zip64 end record, which stands before it with its locator */
  readonly zip64?: EndFields;
  readonly comment?: Uint8Array;
}

export function buildZip(members: readonly Member[], end: End = {}): Uint8Array<ArrayBuffer> {
  const body: Uint8Array[] = [], directory: Uint8Array[] = [];
  for (const member of members) {
    const { contents, deflated = false } = member;
    const data = member.data ?? (deflated ? deflateRawSync(contents) : contents);
    const correct: Fields = {
      name: new TextEncoder().encode(member.name),
      flags: 0,
      method: deflated ? 8 : 0,
      crc: crc32(contents),
      packed: data.length,
      size: contents.length,
      extra: new Uint8Array(),
    };
    const local = { ...correct, ...member.local };
    const entry = {
      ...correct,
      signature: 0x02014b50,
      offset: concat(body).length,
      comment: new Uint8Array(),
      ...member.entry,
    };
    body.push(words([4, 0x04034b50], [2, 20], ...common(local)), local.name, local.extra, data);
    if (member.descriptor) body.push(member.descriptor);
    directory.push(
      words([4, entry.signature], [2, 20], [2, 20], ...common(entry)),
      words([2, entry.comment.length], [8, 0], [4, entry.offset]),
      entry.name,
      entry.extra,
      entry.comment,
    );
  }
  const { comment = new Uint8Array(), zip64, ...changed } = end;
  const start = concat(body).length, { length } = concat(directory), count = members.length;
  const correct = { disk: 0, countHere: count, count, length, start };
  const large = { ...correct, ...zip64 }, ordinary = { ...correct, ...changed };
  return concat([
    ...body,
    ...directory,
    zip64 === undefined ? new Uint8Array() : words(
      [4, 0x06064b50],
      ...[[8, 44], [4, 0], [4, large.disk], [4, 0], [8, large.countHere]] as const,
      ...[[8, large.count], [8, large.length], [8, large.start]] as const,
      ...[[4, 0x07064b50], [4, 0], [8, start + length], [4, 1]] as const,
    ),
    words(
      [4, 0x06054b50],
      ...[[2, ordinary.disk], [2, 0], [2, ordinary.countHere], [2, ordinary.count]] as const,
      ...[[4, ordinary.length], [4, ordinary.start], [2, comment.length]] as const,
    ),
    comment,
  ]);
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

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

/** The fields that both headers have, in their order; date and time are those of 1 January 1980. */
function common(fields: Fields): [2 | 4, number][] {
  const { flags, method, crc, packed, size, name, extra } = fields;
  return [
    ...[[2, flags], [2, method], [2, 0], [2, 0x21], [4, crc], [4, packed], [4, size]],
    ...[[2, name.length], [2, extra.length]],
  ] as [2 | 4, number][];
}
