/** Runs commands for whom a write-protected file is one, also if the tests run as root. */
import { Folder } from "./folder.ts";

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
