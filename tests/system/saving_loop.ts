/**
 * A program that only saves, run after run, for tests that kill it. Its argument says how:
 *
 * - `keep`: each run finds the file of the one before
 * - `move`: so, where hard links do not exist
 * - `overwrite`: each run replaces the file of the one before
 * - `resume`: each run resumes the one before
 *
 * It writes the number of each save to standard output once the save is done.
 */
import { SavedFile } from "../../lib/system/save.ts";

/** What each save writes: its number, as often as makes a file of some length. */
export function contentsOf(number: number): string {
  return `${number}\n`.padEnd(8, ".").repeat(20_000);
}

/** Saves of each run. */
export const SAVES = 3;

if (import.meta.main) {
  const [kind] = Deno.args, encoder = new TextEncoder();
  if (kind === "move") {
    Deno.linkSync = () => {
      throw new Deno.errors.NotSupported();
    };
  }
  for (let number = 1;;) {
    const resumed = kind === "resume" ? "p.npz" : undefined;
    const file = new SavedFile("p.npz", { resumed, overwrite: kind === "overwrite" });
    for (let save = 0; save < SAVES; save++, number++) {
      file.save(encoder.encode(contentsOf(number)));
      Deno.stdout.writeSync(encoder.encode(`${number}\n`));
    }
  }
}
