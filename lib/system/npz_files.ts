/**
 * Reads npz files: each once, and the message names the file if something in it is wrong.
 *
 * @module
 */

import { basename, resolve } from "node:path";
import type { AnyParameters } from "../../mod.ts";
import { fromBase64 } from "../formats/base64.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip.ts";
import { readParameters } from "../storage/parameters_file.ts";
import { oneLine } from "../text/escape.ts";
import { withFileName } from "./errors.ts";
import { readFile, type SizeLimit } from "./files.ts";
import { info } from "./output.ts";

/** Limit of an npz file. */
export const NPZ_LIMIT: SizeLimit = {
  bytes: MAX_ARCHIVE_BYTES,
  reason: "that an npz file may have",
};

/**
 * Reads an npz file.
 *
 * @param read takes what is wanted from its bytes
 * @throws {UserError} if it cannot be read, or `read` throws an error about its contents
 */
export function readNpzFile<T>(path: string, read: (bytes: Uint8Array<ArrayBuffer>) => T): T {
  const bytes = readFile(path, NPZ_LIMIT);
  return withFileName(path, () => read(bytes));
}

/**
 * Reads an npz file of parameters.
 *
 * @param log takes the lines about dtypes that are converted
 */
export function loadParameters(path: string, log: (line: string) => void = info): AnyParameters {
  return readNpzFile(path, (bytes) => readParameters(bytes, (line) => log(`${path}: ${line}`)));
}

/** Parameters with the file that they came in. */
export interface ParametersFile {
  /** Its path as the user wrote it, or what the pretrained ones are called. */
  readonly name: string;
  /**
   * The file's name without the user's folders, for what is passed on to others; undefined for the
   * pretrained ones.
   */
  readonly title: string | undefined;
  /** Its contents. */
  readonly parameters: AnyParameters;
}

/**
 * Reads an npz file of parameters; without a path it takes the pretrained ones of the report's
 * experiment.
 */
export async function loadParametersOrPretrained(
  path: string | undefined,
): Promise<ParametersFile> {
  if (path !== undefined) {
    const parameters = loadParameters(path);
    return { name: path, title: oneLine(basename(resolve(path))), parameters };
  }
  // imported here and not above: a command that reads a file does not need these 840 kB
  const { PRETRAINED_PARAMETERS } = await import("../storage/generated/pretrained_parameters.ts");
  const name = "the report's parameters";
  return { name, title: undefined, parameters: readParameters(fromBase64(PRETRAINED_PARAMETERS)) };
}
