/**
 * The file that a run saves to. Unless told otherwise, it keeps the files that it finds there.
 *
 * @module
 */

import { basename, dirname, join, parse } from "node:path";
import { systemReason, UserError } from "./errors.ts";
import {
  checkTarget,
  describeBeside,
  exists,
  findTarget,
  isSameFile,
  moveToNewName,
  removeIfThere,
  syncFolder,
  type Target,
  writeTemporary,
} from "./files.ts";

/** Bytes that a file's name may have. */
const MAX_NAME_BYTES = 255;

/** What a save did besides saving, for the user. */
export interface SaveNotice {
  /** The line. */
  readonly line: string;
  /** Whether the run goes on under another name than the one that was asked for. */
  readonly isRenamed: boolean;
}

/** Identifies a file and its version. */
interface FileIdentity {
  readonly ino: number | null;
  readonly size: number;
  readonly mtime: number | undefined;
}

/**
 * The file that a run saves to, several times.
 *
 * The first save keeps a file that it finds there under the first free name, `parameter.1.npz`. It
 * replaces only the file that the run resumes. With `overwrite` it replaces what is there then,
 * even if another program has changed it since the run began. Later saves replace what the run
 * itself has saved. Where the file is not as the run read or left it, another program has written
 * it: then the run goes on under the first free name. The file with the name is always whole. Where
 * there are no hard links, no file has the name for a moment while the old one is kept.
 *
 * No system call replaces a file only if it is unchanged: a file that another program writes
 * between the last check and the renaming, within microseconds, is lost.
 */
export class SavedFile implements Target {
  readonly #given: Target;
  #target: Target;
  /** The only file that the next save may replace. */
  #replaceable: FileIdentity | "any" | "none";

  /**
   * Checks that the file can be written. If it is also the one that is resumed, it has to be read
   * after this.
   *
   * @param options.resumed the file that the run resumes, if it resumes one
   * @param options.overwrite whether the first save may replace any file
   * @throws {UserError} if it cannot
   */
  constructor(
    path: string,
    { resumed, overwrite }: {
      readonly resumed?: string | undefined;
      readonly overwrite?: boolean | undefined;
    },
  ) {
    this.#given = this.#target = checkTarget(path);
    const isResumed = resumed !== undefined && isSameFile(resumed, this.#target);
    this.#replaceable = overwrite ? "any" : isResumed ? identify(this.path) ?? "none" : "none";
  }

  /** The path as the user wrote it, or the one that the run goes on with. */
  get name(): string {
    return this.#target.name;
  }

  /** The real path, with symbolic links resolved. */
  get path(): string {
    return this.#target.path;
  }

  /** Whether the file is there and, once the run has read or saved it, unchanged since then. */
  get isThere(): boolean {
    const expected = this.#replaceable;
    try {
      const old = identify(this.path);
      return old !== undefined && (typeof expected === "string" || isEqual(old, expected));
    } catch {
      return false; // its folder is none any more, or cannot be searched
    }
  }

  /**
   * Saves all bytes.
   *
   * @param otherwise what is saved if these bytes are not, for the message
   * @throws {UserError} if they cannot be written or their folder cannot be synced; the message
   * says what is saved: `otherwise`, or the temporary file if only the renaming failed
   */
  save(bytes: Uint8Array, otherwise: string): SaveNotice | undefined {
    let refusal: unknown;
    try {
      this.#target = findTarget(this.name); // it may have become something else
    } catch (error) {
      refusal = error; // after the bytes are written: they may be the result of hours
    }
    const target = this.#target, { name } = target;
    let temporary: string | undefined, notice: SaveNotice | undefined;
    try {
      temporary = writeTemporary(target, bytes);
      const written = identify(temporary);
      if (refusal !== undefined) throw refusal;
      notice = this.#place(temporary);
      this.#replaceable = written ?? "none";
    } catch (error) {
      // the folder may have vanished, and the bytes with it
      const saved = temporary !== undefined && exists(temporary)
        ? `saved: ${describeBeside(target, temporary)}`
        : otherwise;
      throw new UserError(`${name}: cannot be written: ${systemReason(error)}; ${saved}`);
    }
    try {
      syncFolder(dirname(this.path));
    } catch (error) {
      const reason = systemReason(error);
      throw new UserError(`${this.name}: is saved, but its folder cannot be synced: ${reason}`);
    }
    return notice;
  }

  /** Gives the new file its name. */
  #place(temporary: string): SaveNotice | undefined {
    const { name, path } = this.#target, old = identify(path), replaceable = this.#replaceable;
    if (old === undefined) {
      return moveToNewName(temporary, path) ? undefined : this.#place(temporary);
    }
    if (replaceable === "any" || replaceable !== "none" && isEqual(old, replaceable)) {
      Deno.renameSync(temporary, path);
      return undefined;
    }
    if (replaceable === "none") {
      const kept = keep(path);
      // another program may have replaced it meanwhile: that one is kept, too
      if (kept === undefined) return this.#place(temporary);
      try {
        Deno.renameSync(temporary, path);
      } catch (error) {
        if (isSameVersion(path, kept)) removeIfThere(kept);
        throw error;
      }
      const line = `${name}: kept as ${describeBeside(this.#target, kept)}`;
      return { line, isRenamed: false };
    }
    const free = firstFreeName(this.#given.path, (free) => moveToNewName(temporary, free));
    this.#target = { name: describeBeside(this.#given, free), path: free };
    const line = `${name}: another program has changed it; saved as ${this.name}`;
    return { line, isRenamed: true };
  }
}

/**
 * Gives a file the first free name beside it, as a second name: a whole file keeps the first one.
 *
 * @returns that name; `undefined` if meanwhile another file has the first one, or none
 */
function keep(path: string): string | undefined {
  const kept = firstFreeName(path, (free) => {
    try {
      Deno.linkSync(path, free); // unlike renaming, it never replaces a file
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists || exists(free)) return false;
      if (exists(path)) Deno.renameSync(path, free); // no hard link can be made here
    }
    return true;
  });
  // not kept if another program has replaced or moved the file between the link and this look
  return exists(path) && !isSameVersion(path, kept) || !exists(kept) ? undefined : kept;
}

/** The first of `parameter.1.npz`, `parameter.2.npz` … that `take` takes. */
function firstFreeName(path: string, take: (name: string) => boolean): string {
  const { name, ext } = parse(basename(path)), characters = [...name];
  for (let number = 1;; number++) {
    const end = `.${number}${ext}`;
    while (byteLength(characters.join("") + end) > MAX_NAME_BYTES && characters.length > 1) {
      characters.pop();
    }
    const free = join(dirname(path), characters.join("") + end);
    if (take(free)) return free;
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function identify(path: string): FileIdentity | undefined {
  try {
    const { ino, size, mtime } = Deno.lstatSync(path);
    return { ino, size, mtime: mtime?.getTime() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether two paths lead to one file, in one version. */
function isSameVersion(path: string, kept: string): boolean {
  const [one, other] = [identify(path), identify(kept)];
  return one !== undefined && other !== undefined && isEqual(one, other);
}

function isEqual(a: FileIdentity, b: FileIdentity): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtime === b.mtime;
}
