// Errors that are shown as one line: in arguments, in files, or of the operating system.
import { FormatError, isOutOfMemory } from "../formats/errors.ts";
import { ShapeError } from "../math/shape.ts";

/** An error that the user can correct: shown as one line, without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(message: string, readonly exitCode: number = 1) {
    super(message);
  }
}

/** An error in the arguments. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message, 2);
  }
}

/** Thrown by a command that ends with another exit code, after everything is printed and saved. */
export class Exit extends Error {
  override readonly name = "Exit";

  constructor(readonly exitCode: number, message = "") {
    super(message);
  }
}

/** Reads the contents of a file: an error about them names the file first. */
export function withFileName<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isOutOfMemory(error)) throw new UserError(`not enough memory for ${path}`);
    if (
      error instanceof FormatError || error instanceof RangeError || error instanceof ShapeError
    ) {
      throw new UserError(`${path}: ${error.message}`);
    }
    throw error;
  }
}

/** Performs an operation that the system may refuse: the error says what, and the reason. */
export function wrapSystemError<T>(subject: string, verb: "read" | "written", action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (isOutOfMemory(error)) throw new UserError(`not enough memory for ${subject}`);
    throw new UserError(`${subject}: cannot be ${verb}: ${systemReason(error)}`);
  }
}

/** What an action gives; undefined if the system refuses it. */
export function ifPossible<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** The reason of a system error, in the system's words: `no such file or directory`. */
export function systemReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // "Input/output error (os error 5): read"
  const [reason = ""] = message.split(/\.? \(os error \d+\)/);
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
