/**
 * Reads files that are part of this program.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MAX_ARCHIVE_BYTES } from "../formats/zip.ts";
import { readFile } from "./files.ts";
import { systemReason, UserError } from "./errors.ts";

/**
 * Reads one from the folder of a clone, from inside a compiled binary, or from where this program
 * is published.
 *
 * @param path from the top of the project: `fixtures/runs.json`
 * @throws {UserError} if it cannot be read
 */
export async function readPackageFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(`../../${path}`, import.meta.url);
  if (url.protocol === "file:") {
    // `deno compile` includes imported files, and others only on request
    if (Deno.build.standalone && !existsSync(url)) {
      throw new UserError(`${path}: is not in this binary, need one built by "deno task compile"`);
    }
    const limit = { bytes: MAX_ARCHIVE_BYTES, reason: "that a file of this program may have" };
    return readFile(fileURLToPath(url), limit);
  }
  return await download(url);
}

async function download(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new UserError(`${url}: cannot be read: ${systemReason(error)}`);
  }
}
