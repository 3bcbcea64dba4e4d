/** Runs the programs of examples/. */
import { strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Folder } from "../helpers/folder.ts";

/** What a program of examples/ prints, run in a folder. */
export async function example(
  name: string,
  args: readonly string[],
  folder: Folder,
): Promise<string> {
  const program = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write", program, ...args],
    cwd: folder.path,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  strictEqual(decoder.decode(stderr), "");
  strictEqual(code, 0);
  return decoder.decode(stdout);
}
