/** A terminal's screen, for the few control sequences that this program writes. */
import { ok } from "node:assert/strict";

/**
 * The lines of a terminal, up to that of the cursor; an error at a control that changes more than
 * the line of the cursor and the one above it.
 */
export function screen(output: string): string[] {
  const lines: string[] = [""];
  let line = 0, column = 0;
  // deno-lint-ignore no-control-regex -- controls are what this is about
  for (const [token] of output.matchAll(/\x1b\[[?\d;]*[a-zA-Z]|\x1b.|[^]/gu)) {
    if (token === "\r") column = 0;
    else if (token === "\n") {
      line++;
      lines[line] ??= "";
      column = 0;
    } else if (token === "\x1b[1A") line--;
    else if (token === "\x1b[K") lines[line] = lines[line]!.slice(0, column);
    else if (token.startsWith("\x1b[3")) continue; // a colour
    else if (token === "\x1b[J") {
      lines.length = line + 1;
      lines[line] = lines[line]!.slice(0, column);
    } else {
      ok(token >= " ", `a terminal is sent ${JSON.stringify(token)}`);
      lines[line] = lines[line]!.padEnd(column).slice(0, column) + token +
        lines[line]!.slice(column + 1);
      column++;
    }
  }
  return lines;
}
