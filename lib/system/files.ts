/**
 * Reading files within bounds, and replacing them whole or not at all.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { UserError, wrapSystemError } from "./errors.ts";

/** Opens a file for reading, and closes it when `use` is done. */
export function withFile<T>(path: string, use: (file: Deno.FsFile, info: Deno.FileInfo) => T): T {
  // by its path: a file inside a compiled binary cannot be asked once it is open
  const info = wrapSystemError(path, "read", () => Deno.statSync(path));
  if (info.isDirectory) throw new UserError(`${path}: cannot be read: it is a folder`);
  const file = wrapSystemError(path, "read", () => Deno.openSync(path));
  try {
    return use(file, info);
  } finally {
    file.close();
  }
}

/** The next bytes of a file, `count` of them or, where it ends before, what there is. */
export function readUpTo(
  file: Deno.FsFile,
  count: number,
  path: string,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  let length = 0;
  while (length < count) {
    const read = wrapSystemError(path, "read", () => file.readSync(bytes.subarray(length)));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/**
 * A whole file of at most `limit` bytes; `why` says in the message what sets the limit: "that an npz file may have".
 *
 * What is no regular file has no size that could be asked for (a pipe), or no end (/dev/zero), so that the limit counts while
 * reading.
 */
export function readFile(path: string, limit: number, why: string): Uint8Array<ArrayBuffer> {
  return withFile(path, (file, { isFile, size }) => {
    const bytes = isFile && size > limit
      ? undefined
      : readUpTo(file, isFile ? size + 1 : limit + 1, path);
    if (bytes === undefined || bytes.length > limit) {
      throw new UserError(`${path}: has more than the ${limit} bytes ${why}`);
    }
    return bytes;
  });
}

/** A file that can be replaced atomically. */
export interface Target {
  /** Where it really lies, symbolic links followed. */
  readonly path: string;
  /** The mode of the file that is there already. */
  readonly mode?: number;
}

/**
 * Finds out, before anything is computed, whether a file can be written: its folder is there and takes new files, and what
 * stands at the path, if anything, is a regular file.
 *
 * @throws {UserError} if it cannot
 */
export function checkTarget(path: string): Target {
  const target = findTarget(path);
  const probe = temporaryName(target);
  wrapSystemError(path, "written", () => {
    Deno.openSync(probe, { write: true, createNew: true }).close();
    Deno.removeSync(probe);
  });
  return target;
}

/**
 * Writes a file so that at every moment either the old file is there or the new one, whole.
 *
 * The bytes go to a new file in the same folder, are made to reach the disk, and only then take the old one's name. On any
 * error the new file is removed and the old one stays.
 *
 * @throws {UserError} if it cannot be written
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  // looked at anew: it may have become something else since it was checked
  const target = findTarget(path);
  const temporary = temporaryName(target);
  wrapSystemError(path, "written", () => {
    try {
      writeNew(temporary, bytes, target.mode);
      Deno.renameSync(temporary, target.path);
    } catch (error) {
      removeIfThere(temporary);
      throw error;
    }
    syncFolder(dirname(target.path));
  });
}

function findTarget(path: string): Target {
  return wrapSystemError(path, "written", () => {
    const there = statOrNothing(path);
    // renaming over a device would replace the device
    if (there && !there.isFile) {
      throw new Error(there.isDirectory ? "it is a folder" : "it is no regular file");
    }
    if (path.endsWith("/")) throw new Error("it names a folder");
    const real = followLinks(resolve(path));
    return there?.mode == null ? { path: real } : { path: real, mode: there.mode & 0o7777 };
  });
}

/** Writes a file that must not be there yet, and makes it reach the disk. */
function writeNew(path: string, bytes: Uint8Array, mode: number | undefined): void {
  const file = Deno.openSync(path, { write: true, createNew: true });
  try {
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    if (mode !== undefined && Deno.build.os !== "windows") Deno.chmodSync(path, mode);
    file.syncSync();
  } finally {
    file.close();
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // it was never made
  }
}

/** Where a path leads when every symbolic link is followed; the last part need not be there. */
function followLinks(path: string): string {
  let found = path;
  for (let links = 0; links < 40; links++) {
    const folder = Deno.realPathSync(dirname(found));
    found = join(folder, basename(found));
    let link: string;
    try {
      link = Deno.readLinkSync(found);
    } catch {
      return found; // no link, or nothing there
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

/** A new name in the same folder; without the target's own, which may be as long as a name can be. */
function temporaryName({ path }: Target): string {
  return join(dirname(path), `.sanso-${crypto.randomUUID()}.tmp`);
}

/** Makes the new name reach the disk too; Windows has no such call. */
function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  const folder = Deno.openSync(path);
  try {
    folder.syncSync();
  } finally {
    folder.close();
  }
}
