/** Attributes that even root's files have: immutable (i), and append-only (a). */
import { Folder } from "./folder.ts";

/** A file or folder has an attribute until its block ends. */
export class FileAttribute implements Disposable {
  constructor(readonly path: string, readonly attribute: "i" | "a") {
    chattr(`+${attribute}`, path);
  }

  [Symbol.dispose](): void {
    chattr(`-${this.attribute}`, this.path);
  }
}

/** Whether this user may set them, and the file system of the tests has them. */
export function canSetAttributes(): boolean {
  using folder = new Folder();
  try {
    using _ = new FileAttribute(folder.path, "a");
    return true;
  } catch {
    return false;
  }
}

function chattr(change: string, path: string): void {
  const { success, stderr } = new Deno.Command("chattr", { args: [change, path] }).outputSync();
  if (!success) throw new Error(`chattr failed: ${new TextDecoder().decode(stderr)}`);
}
