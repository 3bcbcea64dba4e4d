/** Real mounts: file systems of a small size, to fill them up, and single files. */
import { Folder } from "./folder.ts";

/** A file system in memory at this path, until its block ends. */
export class SmallDisk implements Disposable {
  /** `size` as mount takes it: "8k". */
  constructor(readonly path: string, size: string) {
    system("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path);
  }

  /** Gives it another size. */
  resize(size: string): void {
    system("mount", "-o", `remount,size=${size}`, this.path);
  }

  [Symbol.dispose](): void {
    system("umount", this.path);
  }
}

/** A single file that is mounted over another one, as containers do it, until its block ends. */
export class BindMount implements Disposable {
  constructor(from: string, readonly path: string) {
    system("mount", "--bind", from, path);
  }

  [Symbol.dispose](): void {
    system("umount", this.path);
  }
}

/** Whether this machine allows the test to mount. */
export function canMount(): boolean {
  using folder = new Folder();
  try {
    using _ = new SmallDisk(folder.path, "16k");
    return true;
  } catch {
    return false;
  }
}

function system(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
}
