/** Reading files within bounds. */
import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { UserError } from "../../lib/system/errors.ts";
import { InputFile, readFile, type SizeLimit } from "../../lib/system/files.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";

/** A limit of so many bytes. */
function limit(bytes: number): SizeLimit {
  return { bytes, reason: "that it may have" };
}

Deno.test("example: readFile() gives a whole file of as many bytes as the limit, and none of more", () => {
  using folder = new Folder();
  const path = folder.write("file", Uint8Array.of(1, 2, 3));
  deepStrictEqual(readFile(path, limit(3)), Uint8Array.of(1, 2, 3));
  deepStrictEqual(readFile(path, limit(4)), Uint8Array.of(1, 2, 3));
  const message = `${path}: has more than the 2 bytes that it may have`;
  throws(() => readFile(path, limit(2)), { name: "UserError", message });
  Deno.truncateSync(path, 2 ** 36); // takes no room on the disk, but would in memory
  throws(() => readFile(path, limit(1000)), UserError);
});

Deno.test("example: readFile() reads a pipe to its end, in however many parts its bytes come", () => {
  using folder = new Folder();
  const pipe = folder.file("pipe");
  new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
  // waits with its bytes until the pipe is opened
  const script = '{ printf a; sleep 0.1; printf bc; } > "$1"';
  const child = new Deno.Command("sh", { args: ["-c", script, "sh", pipe] }).spawn();
  deepStrictEqual(readFile(pipe, limit(3)), new TextEncoder().encode("abc"));
  return child.status.then(() => {});
});

Deno.test("example: readFile() reports why a file cannot be read", () => {
  using folder = new Folder({ file: "" });
  Deno.symlinkSync("round", folder.file("round"));
  const cases = [
    ["none", "no such file or folder"],
    [".", "it is a folder"],
    ["file/part", "not a folder"],
    ["round", "symbolic links form a loop"],
  ] as const;
  for (const [name, reason] of cases) {
    const path = folder.file(name);
    throws(() => readFile(path, limit(9)), { message: `${path}: cannot be read: ${reason}` });
  }
});

testIf(
  Deno.build.os === "linux",
  "/dev and /proc",
  "example: readFile() stops at the limit of an endless file, reports what the system says, and closes the file",
  () => {
    throws(() => readFile("/dev/zero", limit(1000)), {
      message: "/dev/zero: has more than the 1000 bytes that it may have",
    });
    throws(() => readFile("/proc/self/mem", limit(9)), { // nothing is mapped at address 0
      message: "/proc/self/mem: cannot be read: input/output error",
    });
    using folder = new Folder({ file: "abc" });
    const path = folder.file("file"), open = () => [...Deno.readDirSync("/proc/self/fd")].length;
    const before = open();
    for (let i = 0; i < 20; i++) {
      readFile(path, limit(3));
      throws(() => readFile(path, limit(2)), UserError);
    }
    ok(open() < before + 20); // others may open some meanwhile
  },
);

Deno.test("example: InputFile reads a file once, its start before the rest", () => {
  using folder = new Folder();
  const bytes = Uint8Array.of(1, 2, 3, 4, 5), path = folder.write("file", bytes);
  InputFile.with(path, (file) => {
    deepStrictEqual(file.readStart(2), Uint8Array.of(1, 2));
    deepStrictEqual(file.readAll(limit(5)), bytes);
  });
  InputFile.with(path, (file) => {
    deepStrictEqual(file.readStart(9), bytes);
    deepStrictEqual(file.readAll(limit(9)), bytes);
  });
  InputFile.with(path, (file) => throws(() => file.readAll(limit(4)), UserError));
});
