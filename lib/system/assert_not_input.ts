/**
 * Keeps a command from replacing what it reads.
 *
 * @module
 */

import type { Target } from "./files.ts";
import { UserError } from "./errors.ts";

/**
 * Refuses an output that is also an input.
 *
 * @param flag the option that names the output, for the message
 * @param name the output as the user wrote it
 * @param inputs paths of files that are read
 * @throws {UserError} if one of them is the same file
 */
export function assertNotInput(
  flag: string,
  name: string,
  { path }: Target,
  inputs: readonly string[],
): void {
  for (const input of inputs) {
    if (realPath(input) === path) {
      throw new UserError(`${flag} ${name}: is read too, need another file`);
    }
  }
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined; // a pipe has none; what is not there is told when it is read
  }
}
