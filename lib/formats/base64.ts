/**
 * Base64 (RFC 4648, section 4): bytes as plain characters, four for every three of them.
 *
 * @module
 */

/** As many arguments at a time as a call may surely have. */
const PIECE = 0x8000;

/** Bytes in base64. */
export function toBase64(bytes: Uint8Array): string {
  let characters = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    characters += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(characters);
}

/**
 * The bytes that were written in base64; white space is passed over.
 *
 * @throws {DOMException} if the text has another character, or too few
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
