// Reads files within size limits, and those that are part of this program.
import { fileURLToPath } from "node:url";
import { MAX_ARCHIVE_BYTES } from "../formats/zip.ts";
import { systemReason, UserError, wrapSystemError } from "./errors.ts";

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
    using file = wrapSystemError(path, "read", () => Deno.openSync(path));
    return use(new InputFile(path, file, info));
  }

  /** The first bytes, `count` or all if there are fewer; a later call may ask for more. */
  readStart(count: number): Uint8Array<ArrayBuffer> {
    const start = new Uint8Array(count);
    start.set(this.#start);
    this.#start = start.subarray(0, this.#fill(start, this.#start.length));
    return this.#start;
  }

  /**
   * The whole file. A pipe does not report its size and a device such as /dev/zero never ends, so
   * the limit is also checked while reading.
   */
  readAll({ bytes: most, reason }: SizeLimit): Uint8Array<ArrayBuffer> {
    const { isFile, size } = this.#info;
    const tooLarge = () =>
      new UserError(`${this.#path}: has more than the ${most} bytes ${reason}`);
    if (isFile && size > most) throw tooLarge();
    // one more than expected: it stays free, or the file is too large
    const bytes = wrapSystemError(
      this.#path,
      "read",
      () => new Uint8Array((isFile ? size : most) + 1),
    );
    bytes.set(this.#start.subarray(0, bytes.length));
    const length = this.#fill(bytes, Math.min(this.#start.length, bytes.length));
    if (length > most) throw tooLarge();
    return bytes.subarray(0, length);
  }

  /** Reads until `bytes` is full or the file ends; returns how many bytes it then holds. */
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

/** Reads a whole file. */
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

/** Whether anything has this name, a symbolic link to nothing included. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a file of this program, such as `fixtures/runs.json`, from the folder of a clone, from
 * inside a compiled binary, or from where the program is published.
 */
export async function readPackageFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(`../../${path}`, import.meta.url);
  if (url.protocol === "file:") {
    const file = fileURLToPath(url);
    // `deno compile` includes imported files, and others only on request
    if (Deno.build.standalone && !exists(file)) {
      throw new UserError(`${path}: is not in this binary, need one built by "deno task compile"`);
    }
    return readFile(file, { bytes: MAX_ARCHIVE_BYTES, reason: "that a file of sanso may have" });
  }
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new UserError(`${url}: cannot be read: ${systemReason(error)}`);
  }
}
