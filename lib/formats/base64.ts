// Base64 (RFC 4648, section 4): three bytes as four characters.

/** Bytes in base64. */
export function toBase64(bytes: Uint8Array): string {
  let characters = "";
  // a call may not have many more arguments
  for (let at = 0; at < bytes.length; at += 0x8000) {
    characters += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(characters);
}

/** The bytes of a base64 text; white space is ignored, and other characters refused. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text), bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}
