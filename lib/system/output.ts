/**
 * Standard output for results, standard error for everything else.
 *
 * @module
 */

import { oneLine } from "../text/escape.ts";
import { UserError, wrapSystemError } from "./errors.ts";
import {
  assertNotInput,
  checkTarget,
  exists,
  InputFile,
  replaceFile,
  type Target,
  writeAll,
} from "./files.ts";

/** Bytes at the start of a file that hold the mark of its command. */
const MARK_BYTES = 8192;

const encoder = new TextEncoder();

/**
 * Writes a result to standard output; it is written when this returns.
 *
 * @throws {UserError} if it cannot be written
 */
export function print(text: string): void {
  const bytes = encoder.encode(`${text}\n`);
  wrapSystemError("standard output", "written", () => writeAll(Deno.stdout, bytes));
}

/** How a command knows the files that it has made. */
export interface OutputKind {
  /** The command. */
  readonly command: string;
  /** Matches the start of its files, with a character for each byte. */
  readonly mark: RegExp;
}

/**
 * The file that a command makes. Without `--overwrite` it replaces only one that the same command
 * has made, which can be made again.
 */
export class OutputFile {
  readonly #option: string;
  readonly #target: Target;
  readonly #kind: OutputKind;
  readonly #overwrite: boolean;

  /**
   * Checks that the file can be written.
   *
   * @param option the option that names it
   * @throws {UserError} if it cannot
   */
  constructor(option: string, path: string, kind: OutputKind, overwrite: boolean = false) {
    this.#option = option;
    this.#target = checkTarget(path);
    this.#kind = kind;
    this.#overwrite = overwrite;
  }

  /**
   * Checks, before anything is computed, that the file is none of the inputs, and none that must
   * not be replaced.
   *
   * @throws {UserError} if it is
   */
  check(inputs: readonly (string | undefined)[]): void {
    const given = inputs.filter((input) => input !== undefined);
    assertNotInput(this.#option, this.#target, given);
    if (exists(this.#target.path)) this.#checkOld(this.#target.path);
  }

  /**
   * Saves the file, and reports it on standard error.
   *
   * @throws {UserError} if it cannot be written, or another program has made a file of that name
   */
  save(contents: string | Uint8Array): void {
    const { name } = this.#target;
    const bytes = typeof contents === "string" ? encoder.encode(contents) : contents;
    replaceFile(name, bytes, (path) => this.#checkOld(path));
    info(`saved: ${name}`);
  }

  #checkOld(path: string): void {
    if (this.#overwrite) return;
    const { command, mark } = this.#kind;
    const start = InputFile.with(path, (file) => file.readStart(MARK_BYTES));
    if (mark.test(String.fromCharCode(...start))) return;
    throw new UserError(
      `${this.#target.name}: exists and was not made by ${command}; ` +
        "choose another file, or --overwrite",
    );
  }
}

/** Writes one line to standard error. */
export function info(line: string): void {
  printError(oneLine(line));
}

/** Writes text to standard error, if that is possible. */
export function printError(text: string): void {
  try {
    console.error(text);
  } catch {
    // a full disk under a log must not stop a training run
  }
}
