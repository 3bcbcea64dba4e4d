/**
 * Files that come with this program.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { LARGEST_ARCHIVE } from "../formats/zip.ts";
import { readFile } from "./files.ts";
import { UserError } from "./user_error.ts";

/**
 * Reads one from the folder of a clone, from inside a compiled binary, or from where this program is published.
 *
 * @param path from the top of the project: `fixtures/runs.json`
 * @throws {UserError} if it cannot be read
 */
export async function readPackageFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const local = packagePath(path);
  if (local !== undefined) {
    return readFile(local, LARGEST_ARCHIVE, "that a file of this program may have");
  }
  const url = packageUrl(path), response = await fetch(url);
  if (!response.ok) {
    throw new UserError(`${url}: cannot be read: ${response.status} ${response.statusText}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** Where such a file lies on this computer; undefined where it must be fetched. */
export function packagePath(path: string): string | undefined {
  const url = packageUrl(path);
  return url.protocol === "file:" ? fileURLToPath(url) : undefined;
}

function packageUrl(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}
