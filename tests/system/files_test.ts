/** Reading files within bounds; what goes to standard output, and command lines to paste. */
import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { readFile, readStart } from "../../lib/system/files.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { formatDuration, invocation, quoteForShell, writeAll } from "../../lib/system/output.ts";

/** A limit of so many bytes. */
function limit(bytes: number) {
  return { bytes, reason: "that it may have" };
}

Deno.test("example: readFile() gives a whole file of as many bytes as the limit, and none of more, and readStart() its first bytes", () => {
  using folder = new Folder();
  const path = folder.write("file", Uint8Array.of(1, 2, 3));
  for (const bytes of [3, 4]) deepStrictEqual(readFile(path, limit(bytes)), folder.read("file"));
  deepStrictEqual(readStart(path, 2), Uint8Array.of(1, 2));
  deepStrictEqual(readStart(path, 9), Uint8Array.of(1, 2, 3));
  const message = `${path}: has more than the 2 bytes that it may have`;
  throws(() => readFile(path, limit(2)), { name: "UserError", message });
});

Deno.test("example: readFile() reads a pipe to its end, in however many parts its bytes come", async () => {
  using folder = new Folder();
  const pipe = folder.file("pipe");
  new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
  // waits with its bytes until the pipe is opened
  const script = '{ printf a; sleep 0.1; printf bc; } > "$1"';
  const child = new Deno.Command("sh", { args: ["-c", script, "sh", pipe] }).spawn();
  deepStrictEqual(readFile(pipe, limit(3)), new TextEncoder().encode("abc"));
  await child.status;
});

testIf(
  Deno.build.os === "linux",
  "/dev and /proc",
  "example: readFile() says why a file cannot be read, and stops at the limit of an endless one",
  () => {
    using folder = new Folder({ file: "" });
    Deno.symlinkSync("round", folder.file("round"));
    const cases = [
      [folder.file("none"), "cannot be read: no such file or folder"],
      [folder.path, "cannot be read: it is a folder"],
      [folder.file("file/part"), "cannot be read: not a folder"],
      [folder.file("round"), "cannot be read: symbolic links form a loop"],
      ["/proc/self/mem", "cannot be read: input/output error"], // nothing is at address 0
      ["/dev/zero", "has more than the 1000 bytes that it may have"],
    ] as const;
    for (const [path, reason] of cases) {
      throws(() => readFile(path, limit(1000)), { message: `${path}: ${reason}` });
    }
  },
);

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
