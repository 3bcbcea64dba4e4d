// Saves files: whole at every moment, over nothing that is not the command's own.
import { basename, dirname, join, parse, resolve } from "node:path";
import { systemReason, UsageError, UserError, wrapSystemError } from "./errors.ts";
import { exists, InputFile } from "./files.ts";
import { info, writeAll } from "./output.ts";

/** A file that can be replaced: its path as the user wrote it, and with links resolved. */
export interface Target {
  readonly name: string;
  readonly path: string;
  /** The mode of the existing file. */
  readonly mode?: number;
}

/**
 * Checks, before anything is computed, that a file can be written: its folder takes new files, and
 * what exists at the path, if anything, is a regular file that may be written.
 */
export function checkTarget(path: string): Target {
  return wrapSystemError(path, "written", () => {
    const target = findTarget(path), probe = temporaryName(target.path);
    // renaming needs the folder's permission only, and would replace a write-protected file
    if (exists(target.path)) Deno.openSync(target.path, { write: true }).close();
    Deno.openSync(probe, { write: true, createNew: true }).close();
    Deno.removeSync(probe);
    return target;
  });
}

/** Refuses the output of an option that is also an input. */
export function assertNotInput(flag: string, target: Target, inputs: readonly string[]): void {
  if (inputs.some((input) => isSameFile(input, target))) {
    throw new UsageError(`${flag} ${target.name}: is also an input; choose another file`);
  }
}

/** Whether a path leads to the file of a target, if it exists. */
function isSameFile(path: string, target: Target): boolean {
  return realPath(path) === target.path;
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined; // a pipe has none; a missing file is reported when it is read
  }
}

/** Finds the regular file that a path names, through symbolic links; it need not exist. */
function findTarget(name: string): Target {
  const path = followLinks(resolve(name));
  let there: Deno.FileInfo | undefined;
  try {
    there = Deno.statSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (there?.isDirectory) throw new Error("it is a folder");
  if (name.endsWith("/")) throw new Error("it names a folder");
  // an open file, such as the one that a shell has made standard output, is not to be moved
  const isOpenFile = /^\/(dev\/std|dev\/fd\/|proc\/)/.test(resolve(name));
  if (isOpenFile || there && !there.isFile) throw new Error("it is not a regular file");
  return there?.mode == null ? { name, path } : { name, path, mode: there.mode & 0o7777 };
}

/** A path with all symbolic links resolved; its last part need not exist. */
function followLinks(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const folder = Deno.realPathSync(dirname(path));
  let link: string;
  try {
    link = Deno.readLinkSync(path);
  } catch {
    return join(folder, basename(path)); // it does not exist
  }
  return followLinks(resolve(folder, link));
}

function isRegularFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A new name in the same folder; without the file's own, which may have the maximal length. */
function temporaryName(path: string): string {
  return join(dirname(path), `.sanso-${crypto.randomUUID()}.tmp`);
}

interface SaveOptions {
  /** What is saved if these bytes are not, for the message. */
  readonly otherwise?: string;
  /** Whether to wait for the disk; not for what can be made again. */
  readonly sync?: boolean;
}

/**
 * Writes bytes to a new file, to which `place` gives its name, so that at every moment a whole file
 * has that name. If the bytes cannot be written, no new file is left; if only the renaming fails,
 * the new file is left, and the message names it.
 */
function writeBeside<T>(
  name: string,
  bytes: Uint8Array,
  { otherwise, sync = true }: SaveOptions,
  place: (temporary: string, target: Target) => T,
): T {
  let target: Target = { name, path: name }, refusal: unknown;
  try {
    target = findTarget(name); // again: it may have become something else since it was checked
  } catch (error) {
    refusal = error; // after the bytes are written: they may be the result of hours
  }
  const temporary = temporaryName(target.path);
  const unwritten = (error: unknown) => {
    const rest = otherwise === undefined ? "" : `; ${otherwise}`;
    return new UserError(`${name}: cannot be written: ${systemReason(error)}${rest}`);
  };
  try {
    using file = Deno.openSync(temporary, { write: true, createNew: true });
    writeAll(file, bytes);
    if (target.mode !== undefined && Deno.build.os !== "windows") {
      Deno.chmodSync(temporary, target.mode);
    }
    if (sync) file.syncSync();
  } catch (error) {
    removeIfThere(temporary);
    throw unwritten(error);
  }
  try {
    if (refusal !== undefined) throw refusal;
    const result = place(temporary, target);
    if (sync) syncFolder(dirname(target.path));
    return result;
  } catch (error) {
    if (error instanceof UserError) removeIfThere(temporary);
    if (error instanceof UserError) throw error;
    if (!exists(temporary)) throw unwritten(error); // it has vanished, alone or with its folder
    const left = describeBeside(target, temporary);
    throw new UserError(`cannot replace ${name}: ${systemReason(error)}; it is saved as ${left}`);
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // it does not exist
  }
}

/** Syncs the names in a folder to the disk, where that is possible. */
function syncFolder(path: string): void {
  try {
    using folder = Deno.openSync(path);
    folder.syncSync();
  } catch {
    // Windows, network mounts and folders that cannot be listed have no such call
  }
}

/** The path of a file beside a target, as the user would write it. */
function describeBeside({ name }: Target, path: string): string {
  const folder = name.slice(0, name.length - basename(name).length);
  // a symbolic link may lead to another folder
  return realPath(resolve(folder)) === dirname(path) ? folder + basename(path) : path;
}

/** What a save did besides saving, in a line for the user. */
export interface SaveNotice {
  readonly line: string;
  /** Whether the run goes on under another name than the one that was asked for. */
  readonly isRenamed: boolean;
}

/**
 * A file that a run saves several times. The first save keeps a file that it finds there under the
 * first free name, `parameter.1.npz`, unless it is the one that is resumed or to be overwritten.
 * Where the file is not as the run read or left it, another program has written it: then the run
 * goes on under the first free name. What another program writes in the microseconds between that
 * look and the renaming is lost: no system call replaces a file only if it is unchanged.
 */
export class SavedFile implements Target {
  readonly #given: Target;
  #target: Target;
  /** The only file that the next save may replace, by its identity: "any" file, or "none". */
  #replaceable: string;

  /**
   * Checks that the file can be written. If it is also the one that is `resumed`, it has to be read
   * after this. With `overwrite` the first save may replace any file.
   */
  constructor(
    path: string,
    { resumed, overwrite }: {
      readonly resumed?: string | undefined;
      readonly overwrite?: boolean | undefined;
    },
  ) {
    // first, as what cannot be read is no file to write either; a pipe is read only once
    if (resumed !== undefined && isRegularFile(resumed)) InputFile.with(resumed, () => {});
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
    try {
      const old = identify(this.path);
      return old !== undefined && ["any", "none", old].includes(this.#replaceable);
    } catch {
      return false; // its folder is none any more, or cannot be searched
    }
  }

  /** Saves all bytes, as {@linkcode writeBeside} does. */
  save(bytes: Uint8Array, options: SaveOptions = {}): SaveNotice | undefined {
    return writeBeside(this.name, bytes, options, (temporary, target) => {
      this.#target = target;
      const written = identify(temporary), notice = this.#place(temporary);
      this.#replaceable = written ?? "none";
      return notice;
    });
  }

  /** Gives the new file its name. */
  #place(temporary: string): SaveNotice | undefined {
    const { name, path } = this.#target, isFirst = this.#replaceable === "none";
    let replaceable = this.#replaceable, notice: SaveNotice | undefined;
    // again where another program makes or replaces the file meanwhile
    for (;;) {
      const old = identify(path);
      if (old === undefined) {
        if (moveToNewName(temporary, path)) return notice;
      } else if (replaceable === "any" || replaceable === old) {
        Deno.renameSync(temporary, path);
        return notice;
      } else if (isFirst) {
        const kept = firstFreeName(path, (free) => giveSecondName(path, free));
        replaceable = identify(kept) ?? "none";
        notice = {
          line: `${name}: kept as ${describeBeside(this.#target, kept)}`,
          isRenamed: false,
        };
      } else {
        const free = firstFreeName(this.#given.path, (free) => moveToNewName(temporary, free));
        this.#target = { name: describeBeside(this.#given, free), path: free };
        const line = `${name}: another program has changed it; saved as ${this.name}`;
        return { line, isRenamed: true };
      }
    }
  }
}

/** Gives a file a second name; returns `false` if something has that, which is not replaced. */
function giveSecondName(path: string, free: string): boolean {
  try {
    Deno.linkSync(path, free); // unlike renaming, it never replaces a file
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || exists(free)) return false;
    Deno.renameSync(path, free); // no hard link can be made here
  }
  return true;
}

/** Renames a file, if nothing has that name. */
function moveToNewName(from: string, to: string): boolean {
  if (!giveSecondName(from, to)) return false;
  removeIfThere(from);
  return true;
}

/** The first of `parameter.1.npz`, `parameter.2.npz` … that `take` takes. */
function firstFreeName(path: string, take: (name: string) => boolean): string {
  const { name, ext } = parse(basename(path)), characters = [...name];
  for (let number = 1;; number++) {
    const end = `.${number}${ext}`, bytes = (text: string) => new TextEncoder().encode(text).length;
    // a file's name has at most 255 bytes
    while (bytes(characters.join("") + end) > 255 && characters.length > 1) characters.pop();
    const free = join(dirname(path), characters.join("") + end);
    if (take(free)) return free;
  }
}

/** What identifies a file and its version: inode, size and time. */
function identify(path: string): string | undefined {
  try {
    const { ino, size, mtime } = Deno.lstatSync(path);
    return `${ino} ${size} ${mtime?.getTime()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** How a command knows the files that it has made: what is in their first 8192 bytes. */
export interface OutputKind {
  readonly command: string;
  /** With a character for each byte. */
  readonly mark: RegExp;
}

/**
 * The file that a command makes. Without `--overwrite` it replaces only one that the same command
 * has made, which can be made again.
 */
export class OutputFile {
  readonly #option: string;
  readonly #target: Target;
  readonly #kind: OutputKind;
  readonly #overwrite: boolean;

  /** Checks that the file of an option can be written. */
  constructor(option: string, path: string, kind: OutputKind, overwrite: boolean = false) {
    this.#option = option;
    this.#target = checkTarget(path);
    this.#kind = kind;
    this.#overwrite = overwrite;
  }

  /** Checks that the file is none of the inputs, and none that must not be replaced. */
  check(inputs: readonly (string | undefined)[]): void {
    const given = inputs.filter((input) => input !== undefined);
    assertNotInput(this.#option, this.#target, given);
    this.#checkOld(this.#target.path);
  }

  /** Saves the file, and reports it on standard error. */
  save(contents: string | Uint8Array): void {
    const { name } = this.#target;
    const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
    writeBeside(name, bytes, {}, (temporary, { path }) => {
      this.#checkOld(path);
      Deno.renameSync(temporary, path);
    });
    info(`saved: ${name}`);
  }

  #checkOld(path: string): void {
    if (this.#overwrite || !exists(path)) return;
    const { command, mark } = this.#kind;
    const start = InputFile.with(path, (file) => file.readStart(8192));
    if (mark.test(String.fromCharCode(...start))) return;
    throw new UserError(
      `${this.#target.name}: exists and was not made by ${command}; ` +
        "choose another file, or --overwrite",
    );
  }
}
