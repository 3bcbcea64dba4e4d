/**
 * The question that the report's program asks first.
 *
 * @module
 */

import { UserError, wrapSystemError } from "../../system/errors.ts";
import { print } from "../../system/output.ts";
import { quote } from "../../text/escape.ts";

/**
 * Asks on standard output whether to draw parameters or to load them.
 *
 * @returns whether to load them
 * @throws {UserError} if the answer on standard input is neither 0 nor 1
 */
export function askWhetherToLoad(): boolean {
  print("random -> 0, load -> 1");
  const answer = readLine().trim();
  if (answer !== "0" && answer !== "1") {
    throw new UserError(`standard input: answer is ${quote(answer)}, need 0 (random) or 1 (load)`);
  }
  return answer === "1";
}

/** One line of standard input, byte by byte so that nothing after it is taken. */
function readLine(): string {
  const bytes: number[] = [], byte = new Uint8Array(1);
  const next = () => wrapSystemError("standard input", "read", () => Deno.stdin.readSync(byte));
  while (bytes.length < 100 && next() !== null && byte[0] !== 10) bytes.push(byte[0]!);
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
