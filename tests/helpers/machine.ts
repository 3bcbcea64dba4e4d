/** What tests of full disks and protected files need of the machine. */
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

/** What runs a command without root's right to read and write any file: the command's beginning. */
export const UNPRIVILEGED: readonly string[] = Deno.build.os === "windows" || Deno.uid() !== 0
  ? []
  : ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];

/** Whether a command that runs so cannot write a file of mode 444. */
export function canProtect(): boolean {
  if (Deno.build.os === "windows") return false;
  using folder = new Folder({ file: "" });
  Deno.chmodSync(folder.file("file"), 0o444);
  const [command, ...args] = [...UNPRIVILEGED, "test", "-w", folder.file("file")];
  try {
    return new Deno.Command(command!, { args, stderr: "null" }).outputSync().code === 1;
  } catch {
    return false; // there is no setpriv
  }
}

function system(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
}
