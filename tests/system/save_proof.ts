/**
 * Kills a program that saves: at every moment there is a whole file, and nothing is lost.
 *
 * After a change of how files are saved, kill a thousand times: `KILLS=1000 deno test -A FILE`.
 */
import { ok, strictEqual } from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Child } from "../helpers/child.ts";
import { Folder } from "../helpers/folder.ts";
import { contentsOf, SAVES } from "./saving_loop.ts";

/** Kills of programs of all kinds, and how many programs run at a time. */
const KILLS = Number(Deno.env.get("KILLS") ?? 56), PROCESSES = 3;

/** The longest time until a kill, in milliseconds after the first save has begun. */
const LONGEST = 25;

const LOOP = fileURLToPath(new URL("./saving_loop.ts", import.meta.url));
const TEMPORARY = /^\.sanso-[0-9a-f-]{36}\.tmp$/, KEPT = /^p\.\d+\.npz$/;

/** What another program has left in the folder: number 0. */
const OLD = 0;

type Kind = "keep" | "move" | "overwrite" | "resume";

/** The number of the save that a whole file is of. */
function numberOf(file: string): number {
  const number = parseInt(file, 10);
  ok(file === contentsOf(number), `a file of ${file.length} bytes is not whole`);
  return number;
}

/** Runs the program in a new folder, and kills it: returns how many saves it had done. */
async function kill(kind: Kind, hasOld: boolean): Promise<number> {
  using folder = new Folder(hasOld ? { "p.npz": contentsOf(OLD) } : {});
  const scope = [`--allow-read=${folder.path}`, `--allow-write=${folder.path}`];
  const command = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...scope, LOOP, kind];
  const program = new Child(command, folder.path);
  // its first save writes a temporary file
  await program.until(() => program.stdout !== "" || folder.names().some((n) => TEMPORARY.test(n)));
  await setTimeout(Math.random() * LONGEST);
  program.kill("SIGKILL");
  const { stdout, stderr, signal } = await program.end;
  strictEqual(signal, "SIGKILL", stderr);
  const done = stdout.split("\n").slice(0, -1).length;

  const files = folder.names().filter((name) => !TEMPORARY.test(name))
    .map((name) => ({ name, number: numberOf(Deno.readTextFileSync(folder.file(name))) }));
  const own = files.find(({ name }) => name === "p.npz")?.number;
  const kept = files.filter(({ name }) => name !== "p.npz");
  const message = `${kind}: ${done} saves were done, files are ${JSON.stringify(files)}`;
  // the save after the last one of which we know may be done, too
  if (own !== undefined) ok(own === done || own === done + 1, message);
  const isMoved = kind === "move" && done % SAVES === 0; // only in a run's first save
  if (hasOld || done > 0) ok(own !== undefined || isMoved, message);
  if (kind === "overwrite" || kind === "resume") {
    strictEqual(kept.length, 0, message);
    return done;
  }
  ok(kept.every(({ name }) => KEPT.test(name)), message);
  for (let last = hasOld ? OLD : SAVES; last <= done; last += SAVES) { // of each run
    ok(files.some(({ number }) => number === last), `${last} is lost: ${message}`);
  }
  return done;
}

Deno.test(`example: SavedFile killed ${KILLS} times at random moments leaves whole files, and loses none`, async () => {
  const kinds = ["keep", "move", "overwrite", "resume"] as const;
  const cases = kinds.flatMap((kind) => [true, false].map((hasOld) => ({ kind, hasOld })));
  const left = Array.from({ length: KILLS / cases.length }, () => cases).flat();
  const counts: number[] = [];
  await Promise.all(Array.from({ length: PROCESSES }, async () => {
    for (let next; (next = left.pop()) !== undefined;) {
      counts.push(await kill(next.kind, next.hasOld));
    }
  }));
  if (KILLS < 1000) return; // so few may all come at the same time
  const first = counts.filter((done) => done === 0).length;
  const later = counts.filter((done) => done >= SAVES).length;
  // fewer on a busy machine, which starts programs slowly
  ok(first > 20 && later > 20, `${first} in the first save, ${later} after a run`);
});
