/**
 * Base64 (RFC 4648, section 4): three bytes as four characters.
 *
 * @module
 */

/** Arguments of one call: within the limit of every JavaScript engine. */
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
 * The bytes of a base64 text; white space is ignored.
 *
 * @throws {DOMException} if the text has another character, or too few
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text), bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}
