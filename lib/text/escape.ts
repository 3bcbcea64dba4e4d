/**
 * Names and messages of unknown origin, escaped for one line of a terminal.
 *
 * @module
 */

/** Characters of a quoted name that are shown, escapes included. */
const MAX_NAME_LENGTH = 60;

/**
 * A name in quotes, safe for one line of a terminal: invisible, control and bidirectional
 * characters are escaped as in JavaScript, and a name longer than 60 characters is cut.
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

/** A name, escaped as {@linkcode quote} does it, without quotes and whole. */
export function escapeName(name: string): string {
  return Array.from(name, escape).join("");
}

function escape(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  // \p{C}: control, format (bidirectional too), surrogate, private and unassigned characters;
  // \p{Z} but the space: others that are invisible, or end the line
  return character === " " || !/[\p{C}\p{Z}]/u.test(character) ? character : codePoint(character);
}

/**
 * Text for one line of a terminal: control and bidirectional characters and line ends are escaped.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, codePoint);
}

function codePoint(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
