/** What goes to standard output and standard error, and command lines that a user can paste. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { formatDuration, invocation, quoteForShell, writeAll } from "../../lib/system/output.ts";

Deno.test("example: writeAll() goes on where a write that took a part only has stopped, and waits for a full pipe", () => {
  const written: number[] = [];
  let isFull = false;
  const slow = {
    writeSync(bytes: Uint8Array): number {
      isFull = !isFull;
      const part = bytes.subarray(0, 300);
      // as Deno does of more bytes than a pipe takes at once
      if (isFull && bytes.length > 512) written.push(...part);
      if (isFull) throw new Deno.errors.WouldBlock("Resource temporarily unavailable");
      written.push(...part);
      return part.length;
    },
  };
  const bytes = Uint8Array.from({ length: 2000 }, (_, i) => i);
  writeAll(slow, bytes);
  deepStrictEqual(written, [...bytes]);
});

Deno.test("law: quoteForShell() makes one word that a shell gives back", () => {
  const words = ["parameter.npz", "my run.npz", "it's", "$HOME", "a\\b", '"', "*", "重み.npz", ""];
  const args = ["-c", `printf '%s\\n' ${words.map(quoteForShell).join(" ")}`];
  const { stdout } = new Deno.Command("sh", { args }).outputSync();
  strictEqual(new TextDecoder().decode(stdout), words.map((word) => `${word}\n`).join(""));
  strictEqual(quoteForShell("runs/parameter-1.npz"), "runs/parameter-1.npz");
});

Deno.test("example: invocation() is the command line of the running program, also in a folder that is gone, or with Deno from npm", () => {
  const { cwd, execPath } = Deno;
  try {
    Deno.execPath = () => "/usr/bin/deno"; // these tests may run with npx
    match(invocation("plot", "a b.npz"), /^deno run -A \S+ plot 'a b\.npz'$/);
    Deno.cwd = () => {
      throw new Deno.errors.NotFound();
    };
    match(invocation("plot"), /^deno run -A \/\S+ plot$/);
    Deno.execPath = () => "/home/me/.npm/_npx/0123/node_modules/deno/deno";
    match(invocation("plot"), /^npx -y deno@\d+\.\d+\.\d+ run -A \/\S+ plot$/);
  } finally {
    Object.assign(Deno, { cwd, execPath });
  }
});

Deno.test("example: formatDuration() gives the two greatest units", () => {
  deepStrictEqual([0, 59, 60, 61, 3599, 3600, 3725, 90_000].map(formatDuration), [
    ...["0 s", "59 s", "1 min 0 s", "1 min 1 s", "59 min 59 s"],
    ...["1 h 0 min", "1 h 2 min", "25 h 0 min"],
  ]);
});
