/** Runs commands for whom a write-protected file is one, also if the tests run as root. */
import { Folder } from "./folder.ts";

/** What runs a command without root's right to read and write any file: the command's beginning. */
export const UNPRIVILEGED: readonly string[] = Deno.build.os === "windows" || Deno.uid() !== 0
  ? []
  : ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];

/** What runs a command without root's right to the files of others in sticky folders. */
export const NO_OWNER: readonly string[] = ["setpriv", "--bounding-set=-fowner"];

/** Whether this is root, who can take that right away. */
export function canRunWithoutOwnership(): boolean {
  if (Deno.build.os === "windows" || Deno.uid() !== 0) return false;
  const [command, ...args] = [...NO_OWNER, "true"];
  try {
    return new Deno.Command(command!, { args, stderr: "null" }).outputSync().success;
  } catch {
    return false; // there is no setpriv
  }
}

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
