/**
 * The command line that starts this program again, for messages that a user can paste.
 *
 * @module
 */

import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A command line for a POSIX shell, such as `deno run -A cli.ts evaluate parameter.npz`, or
 * `./sanso evaluate parameter.npz` in the compiled program.
 */
export function invocation(...args: readonly string[]): string {
  const { mainModule } = Deno;
  const program = Deno.build.standalone
    ? [fromHere(Deno.execPath(), `.${sep}`)]
    : ["deno", "run", "-A", isFile(mainModule) ? fromHere(fileURLToPath(mainModule)) : mainModule];
  return [...program, ...args].map(quoteForShell).join(" ");
}

function isFile(url: string): boolean {
  return url.startsWith("file:");
}

/** A path as it is written in the present folder, whole if it is elsewhere. */
function fromHere(path: string, prefix = ""): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") || isAbsolute(short) ? path : prefix + short;
}

/**
 * A word of a command line, in quotes if a shell would take it apart.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const words = ["a/b-1.npz", "my run.npz", "it's"].map(quoteForShell);
 * deepStrictEqual(words, ["a/b-1.npz", "'my run.npz'", String.raw`'it'\''s'`]);
 * ```
 */
export function quoteForShell(word: string): string {
  return /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
