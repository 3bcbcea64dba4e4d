/**
 * Errors that are the user's to mend, and how names are shown in them.
 *
 * @module
 */

import { FormatError } from "../formats/format_error.ts";
import { ShapeError } from "../math/shape.ts";

/** A mistake in what was given to the program: shown as one line, without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** A mistake in the arguments, shown in the same way; the exit code tells them apart. */
export class UsageError extends UserError {}

/** What the file at `path` holds is wrong: the line names the file first. */
export function withFileName<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (
      error instanceof FormatError || error instanceof RangeError || error instanceof ShapeError
    ) {
      throw new UserError(`${path}: ${error.message}`);
    }
    throw error;
  }
}

/** Does what the system may refuse; the line says what could not be read or written, and why. */
export function wrapSystemError<T>(subject: string, verb: "read" | "written", action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UserError(`${subject}: cannot be ${verb}: ${systemReason(error)}`);
  }
}

/** Why the system refused, in the words of a person: `no such file or folder`. */
export function systemReason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) return "permission not granted to this program";
  if (error instanceof Deno.errors.BrokenPipe) return "nobody reads it any more";
  if (error instanceof Deno.errors.FilesystemLoop) return "symbolic links in a circle";
  if (error instanceof Error) return error.message.replace(/ \(os error \d+\).*$/s, "");
  return String(error);
}
