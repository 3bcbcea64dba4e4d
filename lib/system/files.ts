/**
 * Reads files within size limits, and replaces files atomically.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { errorCode, UserError, wrapSystemError } from "./errors.ts";

/** The greatest number of bytes of a file that is read. */
export interface SizeLimit {
  readonly bytes: number;
  /** The origin of the limit, for the message: "that an npz file may have". */
  readonly reason: string;
}

/** A file that is read once, from its first byte to its last. */
export class InputFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #info: Deno.FileInfo;
  #start = new Uint8Array(0);

  private constructor(path: string, file: Deno.FsFile, info: Deno.FileInfo) {
    this.#path = path;
    this.#file = file;
    this.#info = info;
  }

  /** Opens a file, and closes it when `use` returns. */
  static with<T>(path: string, use: (file: InputFile) => T): T {
    // by path, as Deno has no metadata of an open file inside a compiled binary
    const info = wrapSystemError(path, "read", () => Deno.statSync(path));
    if (info.isDirectory) throw new UserError(`${path}: cannot be read: it is a folder`);
    const file = wrapSystemError(path, "read", () => Deno.openSync(path));
    try {
      return use(new InputFile(path, file, info));
    } finally {
      file.close();
    }
  }

  /**
   * The first bytes of the file: `count` of them, or all if it has fewer. A later call may ask for
   * more.
   */
  readStart(count: number): Uint8Array<ArrayBuffer> {
    const start = new Uint8Array(count);
    start.set(this.#start);
    this.#start = start.subarray(0, this.#fill(start, this.#start.length));
    return this.#start;
  }

  /**
   * The whole file.
   *
   * A pipe does not report its size and a device such as /dev/zero never ends, so the limit is
   * also checked while reading.
   *
   * @throws {UserError} if it has more bytes than the limit
   */
  readAll({ bytes: most, reason }: SizeLimit): Uint8Array<ArrayBuffer> {
    const { isFile, size } = this.#info;
    const tooLarge = () =>
      new UserError(`${this.#path}: has more than the ${most} bytes ${reason}`);
    if (isFile && size > most) throw tooLarge();
    // one more than expected: it stays free, or the file is too large
    const bytes = new Uint8Array((isFile ? size : most) + 1);
    bytes.set(this.#start.subarray(0, bytes.length));
    const length = this.#fill(bytes, Math.min(this.#start.length, bytes.length));
    if (length > most) throw tooLarge();
    return bytes.subarray(0, length);
  }

  /**
   * Reads into `bytes` from a position on, until it is full or the file ends; returns how many
   * bytes it then holds.
   */
  #fill(bytes: Uint8Array, from: number): number {
    let length = from;
    while (length < bytes.length) {
      const rest = bytes.subarray(length);
      const count = wrapSystemError(this.#path, "read", () => this.#file.readSync(rest));
      if (count === null) break;
      length += count;
    }
    return length;
  }
}

/**
 * Reads a whole file.
 *
 * @throws {UserError} if it cannot be read, or has more bytes than the limit
 */
export function readFile(path: string, limit: SizeLimit): Uint8Array<ArrayBuffer> {
  return InputFile.with(path, (file) => file.readAll(limit));
}

/** Whether a path is a folder. What cannot be found is none: reading it says why. */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** The names in a folder, sorted. */
export function listFolder(path: string): string[] {
  return wrapSystemError(path, "read", () => [...Deno.readDirSync(path)])
    .map(({ name }) => name).sort();
}

/** Writes all bytes: one call may write a part of them only. */
export function writeAll(
  to: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let written = 0; written < bytes.length;) written += to.writeSync(bytes.subarray(written));
}

/** A file that can be replaced atomically. */
export interface Target {
  /** Its path as the user wrote it. */
  readonly name: string;
  /** Its real path, with symbolic links resolved. */
  readonly path: string;
  /** The mode of the existing file. */
  readonly mode?: number;
}

/**
 * Checks, before anything is computed, that a file can be written: its folder takes new files and
 * lets them be renamed, and what exists at the path, if anything, is a regular file that can be
 * replaced.
 *
 * @throws {UserError} if it cannot
 */
export function checkTarget(path: string): Target {
  return wrapSystemError(path, "written", () => {
    const target = findTarget(path), file = statOrNothing(target.path);
    // renaming needs the folder's permission only, and would replace a write-protected file
    if (file) Deno.openSync(target.path, { write: true }).close();
    const probe = temporaryName(target.path);
    Deno.openSync(probe, { write: true, createNew: true }).close();
    const own = Deno.statSync(probe);
    removeProbe(target, probe);
    if (file) checkReplaceable(target, file, own);
    return target;
  });
}

/**
 * Checks that an existing file can be replaced, as far as that can be found out.
 *
 * @param own a file of this user in the same folder
 */
function checkReplaceable(target: Target, file: Deno.FileInfo, own: Deno.FileInfo): void {
  const { path } = target, folder = Deno.statSync(dirname(path));
  // mode and owners are null on Windows; root may have lost its rights, which cannot be found out
  const isSticky = ((folder.mode ?? 0) & 0o1000) !== 0 && own.uid !== 0;
  if (isSticky && file.uid !== own.uid && folder.uid !== own.uid) {
    throw new Error("it belongs to another user, and its folder is sticky");
  }
  const probe = temporaryName(path);
  try {
    Deno.linkSync(path, probe);
  } catch (error) {
    if (errorCode(error) !== "EXDEV") return; // hard links do not exist here: it says nothing
    throw new Error("it is mounted by itself and cannot be replaced, mount its folder instead");
  }
  removeProbe(target, probe);
}

/** What cannot be removed cannot be renamed either, nor replaced by renaming. */
function removeProbe(target: Target, probe: string): void {
  try {
    Deno.removeSync(probe);
  } catch {
    const left = describeBeside(target, probe);
    throw new Error(`its folder lets no such file be replaced or removed, ${left} neither`);
  }
}

/**
 * Refuses an output that is also an input.
 *
 * @param flag the option that names the output, for the message
 * @param inputs paths of the files that are read
 * @throws {UserError} if one of them is the same file
 */
export function assertNotInput(flag: string, target: Target, inputs: readonly string[]): void {
  if (inputs.some((input) => isSameFile(input, target))) {
    throw new UserError(`${flag} ${target.name}: is also an input; choose another file`);
  }
}

/** Whether a path leads to the file of a target, if it exists. */
export function isSameFile(path: string, target: Target): boolean {
  return realPath(path) === target.path;
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined; // a pipe has none; a missing file is reported when it is read
  }
}

/**
 * Replaces a file atomically: at every moment either the old file or the new one exists, whole.
 *
 * The bytes are written to a new file in the same folder and synced to the disk; then it is renamed
 * to the old name. On any error the new file is removed and the old one stays.
 *
 * @param checkOld takes the real path of a file that would be replaced, and throws if it must not
 * @throws {UserError} if it cannot be written
 */
export function replaceFile(
  path: string,
  bytes: Uint8Array,
  checkOld: (path: string) => void = () => {},
): void {
  wrapSystemError(path, "written", () => {
    // found again: it may have become something else since it was checked
    const target = findTarget(path), temporary = writeTemporary(target, bytes);
    try {
      while (!moveToNewName(temporary, target.path)) {
        if (!exists(target.path)) continue; // it has just gone
        checkOld(target.path);
        Deno.renameSync(temporary, target.path);
        break;
      }
    } catch (error) {
      removeIfThere(temporary);
      throw error;
    }
    syncFolder(dirname(target.path));
  });
}

/**
 * Finds the file that a path names, through symbolic links; the file need not exist.
 *
 * @throws if it cannot be found, or is no regular file
 */
export function findTarget(path: string): Target {
  const there = statOrNothing(path);
  // renaming over a device would replace the device
  if (there && !there.isFile) {
    throw new Error(there.isDirectory ? "it is a folder" : "it is not a regular file");
  }
  if (path.endsWith("/")) throw new Error("it names a folder");
  const target = { name: path, path: followLinks(resolve(path)) };
  return there?.mode == null ? target : { ...target, mode: there.mode & 0o7777 };
}

/**
 * Writes bytes to a new file beside a target, with its mode, and syncs it to the disk. On any error
 * no file is left.
 *
 * @returns the file's path
 */
export function writeTemporary({ path, mode }: Target, bytes: Uint8Array): string {
  const temporary = temporaryName(path);
  try {
    writeNew(temporary, bytes, mode);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  return temporary;
}

/**
 * Renames a file to a name that nothing has.
 *
 * @returns whether it is renamed: `false` if something has the name, which is not replaced
 */
export function moveToNewName(from: string, to: string): boolean {
  try {
    Deno.linkSync(from, to); // unlike renaming, it never replaces a file
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || exists(to)) return false;
    Deno.renameSync(from, to); // hard links do not exist here
    return true;
  }
  Deno.removeSync(from);
  return true;
}

/** The path of a file beside a target, as the user would write it. */
export function describeBeside({ name }: Target, path: string): string {
  const folder = name.slice(0, name.length - basename(name).length);
  // a symbolic link may lead to another folder
  return realPath(resolve(folder)) === dirname(path) ? folder + basename(path) : path;
}

/** Writes a file that must not exist yet, and syncs it to the disk. */
function writeNew(path: string, bytes: Uint8Array, mode: number | undefined): void {
  const file = Deno.openSync(path, { write: true, createNew: true });
  try {
    writeAll(file, bytes);
    if (mode !== undefined && Deno.build.os !== "windows") Deno.chmodSync(path, mode);
    file.syncSync();
  } finally {
    file.close();
  }
}

/** Removes a file if it can be removed. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // it does not exist
  }
}

/** Whether anything has this name, a symbolic link to nothing included. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A path with all symbolic links resolved; its last part need not exist. */
function followLinks(path: string): string {
  let found = path;
  for (let links = 0; links < 40; links++) {
    const folder = Deno.realPathSync(dirname(found));
    found = join(folder, basename(found));
    let link: string;
    try {
      link = Deno.readLinkSync(found);
    } catch {
      return found; // not a link, or it does not exist
    }
    found = resolve(folder, link);
  }
  throw new Deno.errors.FilesystemLoop();
}

function statOrNothing(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A new name in the same folder; without the file's own, which may have the maximal length. */
function temporaryName(path: string): string {
  return join(dirname(path), `.sanso-${crypto.randomUUID()}.tmp`);
}

/**
 * Syncs the names in a folder to the disk, where that is possible: Windows has no such call, and a
 * folder that may be written but not listed cannot be opened.
 */
export function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  let folder: Deno.FsFile;
  try {
    folder = Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return;
    throw error;
  }
  try {
    folder.syncSync();
  } finally {
    folder.close();
  }
}
