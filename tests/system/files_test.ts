/** Reading files within bounds. */
import { deepStrictEqual, throws } from "node:assert/strict";
import { readFile, readStart } from "../../lib/system/files.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";

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
