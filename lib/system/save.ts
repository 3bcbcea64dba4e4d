// Saves files: whole at every moment, over nothing that is not the command's own.
import { basename, dirname, join, parse, resolve } from "node:path";
import { ifPossible, systemReason, UsageError, UserError, wrapSystemError } from "./errors.ts";
import { exists, readStart, statIfThere } from "./files.ts";
import { info, type Log, writeAll } from "./output.ts";

/**
 * Checks that a file can be written: its folder takes new files, and what is there can be too.
 *
 * @returns its path with links resolved
 */
export function checkTarget(name: string): string {
  return wrapSystemError(name, "written", () => {
    const path = followLinks(resolve(name)), there = statIfThere(path);
    if (there?.isDirectory || name.endsWith("/")) throw new Error("is a directory");
    // an open file, such as the one that a shell has made standard output, is not to be moved
    const isOpenFile = /^\/(dev\/std|dev\/fd\/|proc\/)/.test(resolve(name));
    if (isOpenFile || there && !there.isFile) throw new Error("is not a regular file");
    // renaming needs the folder's permission only, and would replace a write-protected file
    if (there) Deno.openSync(path, { write: true }).close();
    const probe = temporaryName(path);
    Deno.openSync(probe, { write: true, createNew: true }).close();
    Deno.removeSync(probe);
    return path;
  });
}

/** A pipe has none; what is missing is reported when it is read. */
function realPath(path: string): string | undefined {
  return ifPossible(() => Deno.realPathSync(path));
}

/** A path with all symbolic links resolved; its last part need not exist. */
function followLinks(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const found = join(Deno.realPathSync(dirname(path)), basename(path));
  // what has the name is a link to nothing
  return exists(found) ? followLinks(resolve(dirname(found), Deno.readLinkSync(found))) : found;
}

/** A new name in the same folder; without the file's own, which may have the maximal length. */
function temporaryName(path: string): string {
  return join(dirname(path), `.sanso-${crypto.randomUUID()}.tmp`);
}

/** The path of a file beside another, as the user would write it. */
function describeBeside(name: string, path: string): string {
  const folder = name.slice(0, name.length - basename(name).length);
  // a symbolic link may lead to another folder
  return realPath(resolve(folder)) === dirname(path) ? folder + basename(path) : path;
}

/**
 * A file that a run saves several times. The first save keeps another file under the first free
 * name, `parameter.1.npz`; where a program has changed the run's own, the run goes on under one.
 * What is written in the microseconds between that look and the renaming is lost.
 */
export class SavedFile {
  /** The only file that the next save may replace, by its identity: "any" file, or "none". */
  #replaceable: string;
  /** The real path, with symbolic links resolved. */
  path: string;
  readonly #log: Log;

  /**
   * Checks that the file can be written. If it is also the one that is `resumed`, it has to be read
   * after this. With `overwrite` the first save may replace any file.
   *
   * @param name the path as the user wrote it, or later the one that the run goes on with
   */
  constructor(
    public name: string,
    { resumed, overwrite, log }: {
      readonly resumed?: string | undefined;
      readonly overwrite?: boolean | undefined;
      readonly log?: Log;
    },
  ) {
    this.#log = log;
    // first, as what cannot be read is no file to write either; a pipe is read only once
    if (resumed !== undefined && statIfThere(resumed)?.isFile) readStart(resumed, 0);
    this.path = checkTarget(name);
    const isResumed = resumed !== undefined && realPath(resumed) === this.path;
    this.#replaceable = overwrite ? "any" : isResumed ? identify(this.path) ?? "none" : "none";
  }

  assertNotInput(flag: string, inputs: readonly string[]): void {
    if (inputs.every((input) => realPath(input) !== this.path)) return;
    throw new UsageError(`${flag} ${this.name}: is also an input; choose another file`);
  }

  /**
   * Writes a new file and gives it the name: at every moment a whole file has that.
   *
   * @param options what is saved if these bytes are not, for the message, and whether to wait for
   * the disk; not for what can be made again
   */
  save(
    bytes: Uint8Array,
    { otherwise, sync = true }: { readonly otherwise?: string; readonly sync?: boolean } = {},
  ): void {
    const { name, path } = this, temporary = temporaryName(path);
    const rest = otherwise === undefined ? "" : `; ${otherwise}`;
    const unwritten = (error: unknown) =>
      new UserError(`${name}: cannot be written: ${systemReason(error)}${rest}`);
    try {
      using file = Deno.openSync(temporary, { write: true, createNew: true });
      writeAll(file, bytes);
      const mode = statIfThere(path)?.mode ?? null; // Windows has none
      if (mode !== null) Deno.chmodSync(temporary, mode & 0o7777);
      if (sync) file.syncSync();
    } catch (error) {
      if (exists(temporary)) Deno.removeSync(temporary);
      throw unwritten(error);
    }
    try {
      const written = identify(temporary);
      this.#place(temporary);
      this.#replaceable = written ?? "none";
      // the names in the folder; Windows and network mounts have no such call
      if (sync) {
        ifPossible(() => {
          using folder = Deno.openSync(dirname(path));
          folder.syncSync();
        });
      }
    } catch (error) {
      if (!exists(temporary)) throw unwritten(error); // it has vanished, alone or with its folder
      const left = describeBeside(this.name, temporary);
      throw new UserError(`cannot replace ${name}: ${systemReason(error)}; it is saved as ${left}`);
    }
  }

  /** Gives the new file its name; looks again where something has got that name meanwhile. */
  #place(temporary: string): void {
    const { name, path } = this, old = identify(path);
    if (old === undefined) {
      if (!moveToNewName(temporary, path)) this.#place(temporary);
    } else if (["any", old].includes(this.#replaceable)) {
      Deno.renameSync(temporary, path);
    } else if (this.#replaceable === "none") {
      const kept = firstFreeName(path, (free) => giveSecondName(path, free));
      this.#replaceable = identify(kept) ?? "none";
      this.#place(temporary);
      this.#log?.(`${name}: kept as ${describeBeside(name, kept)}`);
    } else {
      this.path = firstFreeName(path, (free) => moveToNewName(temporary, free));
      this.name = describeBeside(name, this.path);
      // also if the user wants to hear nothing: the run is not in the file that was asked for
      (this.#log ?? info)(`${name}: another program has changed it; saved as ${this.name}`);
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
  if (exists(from)) Deno.removeSync(from);
  return true;
}

/** The first of `parameter.1.npz`, `parameter.2.npz` … that `take` takes. */
function firstFreeName(path: string, take: (name: string) => boolean): string {
  const { dir, name, ext } = parse(path);
  for (let number = 1;; number++) {
    const free = join(dir, `${name}.${number}${ext}`);
    if (take(free)) return free;
  }
}

/** What identifies a file and its version: inode, size and time. */
function identify(path: string): string | undefined {
  const found = ifPossible(() => Deno.lstatSync(path));
  return found && `${found.ino} ${found.size} ${found.mtime?.getTime()}`;
}

/** By commands, what is in the first 8192 bytes of a file that it made; a character is a byte. */
const MARKS = {
  // deno-lint-ignore no-control-regex -- ir_version, and producer_name
  export: /^\x08.\x12\x05sanso/s,
  plot: /^<svg .*<metadata>sanso plot<\/metadata>/s,
  serve: /^<!DOCTYPE html>.*<meta name="generator" content="sanso serve"\/?>/s,
  summary: /^<!DOCTYPE html>.*<meta name="generator" content="sanso summary"\/?>/s,
};

/** The file that a command makes; without `--overwrite` it replaces only one of its own. */
export class OutputFile extends SavedFile {
  /** Checks that the file of an option can be written. */
  constructor(
    readonly option: string,
    path: string,
    readonly command: keyof typeof MARKS,
    readonly overwrite: boolean = false,
  ) {
    super(path, { overwrite: true });
  }

  /** Checks that the file is none of the inputs, and none that must not be replaced. */
  check(inputs: readonly (string | undefined)[]): void {
    this.assertNotInput(this.option, inputs.filter((input) => input !== undefined));
    const { name, path, command } = this;
    if (this.overwrite || !exists(path)) return;
    if (MARKS[command].test(String.fromCharCode(...readStart(path, 8192)))) return;
    const found = `exists and was not made by ${command}`;
    throw new UserError(`${name}: ${found}; choose another file, or --overwrite`);
  }

  override save(contents: string | Uint8Array): void {
    this.check([]); // again: another program may have made it meanwhile
    const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
    super.save(bytes);
    info(`saved: ${this.name}`);
  }
}
