// Reads files within size limits, and those that are part of this program.
import { fileURLToPath } from "node:url";
import { MAX_ARCHIVE_BYTES } from "../formats/zip.ts";
import { ifPossible, systemReason, UserError, wrapSystemError } from "./errors.ts";

/** Reads the first bytes of a file: `count`, or all if there are fewer. */
export function readStart(path: string, count: number): Uint8Array<ArrayBuffer> {
  return wrapSystemError(path, "read", () => {
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(count);
    let length = 0;
    while (length < count) {
      const read = file.readSync(bytes.subarray(length)); // of a pipe, what has come
      if (read === null) break;
      length += read;
    }
    return bytes.subarray(0, length);
  });
}

/** Reads a whole file of at most so many bytes `that an npz file may have`. */
export function readFile(path: string, bytes: number, reason: string): Uint8Array<ArrayBuffer> {
  const { isFile, size } = wrapSystemError(path, "read", () => Deno.statSync(path));
  // one more than the limit: a pipe does not report its size, and /dev/zero never ends
  const contents = readStart(path, Math.min(isFile ? size : bytes, bytes) + 1);
  if (contents.length <= bytes) return contents;
  throw new UserError(`${path}: has more than the ${bytes} bytes ${reason}`);
}

/** What a path leads to. What cannot be found is nothing: reading it says why. */
export function statIfThere(path: string): Deno.FileInfo | undefined {
  return ifPossible(() => Deno.statSync(path));
}

export function isFolder(path: string): boolean {
  return statIfThere(path)?.isDirectory ?? false;
}

export function listFolder(path: string): string[] {
  return wrapSystemError(path, "read", () => [...Deno.readDirSync(path)])
    .map(({ name }) => name).sort();
}

/** Whether anything has this name, a symbolic link to nothing included. */
export function exists(path: string): boolean {
  return ifPossible(() => Deno.lstatSync(path)) !== undefined;
}

/** Reads a file of this program: of a clone or a compiled binary, or from where it is published. */
export async function readPackageFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(`../../${path}`, import.meta.url);
  if (url.protocol === "file:") {
    return readFile(fileURLToPath(url), MAX_ARCHIVE_BYTES, "that a file of sanso may have");
  }
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new UserError(`${url}: cannot be read: ${systemReason(error)}`);
  }
}
