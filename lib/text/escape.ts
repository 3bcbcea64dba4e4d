// Names, messages and values of unknown origin, escaped for one line of a terminal.

/** Characters of a quoted name that are shown, escapes included. */
const MAX_NAME_LENGTH = 60;
/** Control, format (bidirectional too), surrogate, private and unassigned ones, and line ends. */
const OBEYED = /[\p{C}\u2028\u2029]/gu;

/** A name in quotes, escaped as in JavaScript for one line, and cut after 60 characters. */
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
  // \p{Z} but the space: invisible too
  return character === " " || !/[\p{C}\p{Z}]/u.test(character) ? character : codePoint(character);
}

/** Text for one line: control and bidirectional characters and line ends are escaped. */
export function oneLine(text: string): string {
  return text.replace(OBEYED, codePoint);
}

function codePoint(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** A value as JSON in one line; numbers that are not finite are null, a bigint has all digits. */
export function toJson(value: unknown): string {
  // the types of TypeScript 5 do not have it
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  const text = JSON.stringify(value, (_, x) => typeof x === "bigint" ? rawJSON(`${x}`) : x);
  const unit = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  // of a character of 32 bits, both halves
  return text.replace(OBEYED, (character) => character.split("").map(unit).join(""));
}

/** A value for a message: the string "7" and the bigint 7n are told from the number 7. */
export function describeValue(x: unknown): string {
  if (typeof x === "string") return `the string ${quote(x)}`;
  if (typeof x === "bigint") return `the bigint ${x}`;
  return typeof x === "object" && x !== null ? "an object" : String(x);
}

/** The class of a value for a message: `ArrayBuffer`; `object` if it has none, `null` for null. */
export function describeClass(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  return x.constructor?.name ?? typeof x;
}
