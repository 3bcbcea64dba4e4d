/**
 * Names and messages of unknown origin, escaped for one line of a terminal.
 *
 * @module
 */

/** Characters of a name that are shown, escapes included. */
const MAX_NAME_LENGTH = 60;

/**
 * A name out of a file in quotes, fit for one line of a terminal: what is invisible, steers the terminal or turns the
 * direction of writing is escaped as in JavaScript, and what is longer than 60 characters is cut.
 */
export function quote(name: string): string {
  let shown = "";
  for (const character of name) {
    const escaped = escape(character);
    if (shown.length + escaped.length > MAX_NAME_LENGTH) return `"${shown}…"`;
    shown += escaped;
  }
  return `"${shown}"`;
}

function escape(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  // \p{C}: control, format (bidirectional too), surrogate, private and unassigned characters; \p{Z} but the space: others
  // that show nothing, or end the line
  if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) return character;
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** Text for one line of a terminal: control and direction characters are written as escapes. */
export function oneLine(text: string): string {
  return text.replace(/[^\P{C}]|[\u2028\u2029]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
