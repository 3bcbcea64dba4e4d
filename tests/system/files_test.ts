/** Reading files within bounds, and replacing them whole. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { checkTarget, readFile, readUpTo, replaceFile, withFile } from "../../lib/system/files.ts";
import { UserError } from "../../lib/system/errors.ts";
import { Folder } from "../helpers/folder.ts";
import { testIf } from "../helpers/conditional.ts";

Deno.test("example: readFile() gives a whole file of as many bytes as the limit, and none of more", () => {
  using folder = new Folder();
  const path = folder.write("file", Uint8Array.of(1, 2, 3));
  deepStrictEqual(readFile(path, 3, "that it may have"), Uint8Array.of(1, 2, 3));
  deepStrictEqual(readFile(path, 4, "that it may have"), Uint8Array.of(1, 2, 3));
  throws(() => readFile(path, 2, "that it may have"), {
    name: "UserError",
    message: `${path}: has more than the 2 bytes that it may have`,
  });
});

Deno.test("example: readFile() refuses a file by its size, without reading it", () => {
  using folder = new Folder();
  const path = folder.write("file", "");
  Deno.truncateSync(path, 2 ** 36); // takes no room on the disk, but would in memory
  throws(() => readFile(path, 1000, "that it may have"), UserError);
});

testIf(
  Deno.build.os === "linux",
  "/dev/zero",
  "example: readFile() stops reading what has no end",
  () => {
    throws(() => readFile("/dev/zero", 1000, "that it may have"), {
      message: "/dev/zero: has more than the 1000 bytes that it may have",
    });
  },
);

Deno.test("example: readFile() reads what has no size", () => {
  using folder = new Folder();
  const pipe = folder.file("pipe");
  new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
  // cat waits with its bytes until the pipe is opened
  const child = new Deno.Command("sh", { args: ["-c", 'printf abc > "$1"', "sh", pipe] }).spawn();
  deepStrictEqual(readFile(pipe, 3, ""), new TextEncoder().encode("abc"));
  return child.status.then(() => {});
});

Deno.test("example: readFile() says why a file cannot be read", () => {
  using folder = new Folder({ file: "" });
  Deno.symlinkSync("round", folder.file("round"));
  const cases = [
    ["none", "no such file or folder"],
    [".", "it is a folder"],
    ["file/part", "Not a directory"],
    ["round", "symbolic links in a circle"],
  ] as const;
  for (const [name, reason] of cases) {
    const path = folder.file(name);
    throws(() => readFile(path, 9, ""), { message: `${path}: cannot be read: ${reason}` });
  }
});

testIf(
  Deno.build.os === "linux",
  "/proc",
  "example: readFile() says why a file that was opened cannot be read",
  () => {
    // nothing is mapped at address 0
    throws(() => readFile("/proc/self/mem", 9, ""), {
      name: "UserError",
      message: "/proc/self/mem: cannot be read: Input/output error",
    });
  },
);

Deno.test("example: readUpTo() gives the bytes one part after the other", () => {
  using folder = new Folder();
  const path = folder.write("file", Uint8Array.of(1, 2, 3, 4, 5));
  withFile(path, (file) => {
    deepStrictEqual(readUpTo(file, 2, path), Uint8Array.of(1, 2));
    deepStrictEqual(readUpTo(file, 9, path), Uint8Array.of(3, 4, 5));
    deepStrictEqual(readUpTo(file, 9, path), new Uint8Array());
  });
});

Deno.test("law: replaceFile() writes what readFile() reads, whatever was there before", () => {
  using folder = new Folder();
  const path = folder.file("file");
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    replaceFile(path, bytes);
    deepStrictEqual(readFile(path, 100, ""), new Uint8Array(bytes));
    deepStrictEqual(folder.names(), ["file"]);
  }));
});

Deno.test("example: replaceFile() leaves the old bytes to whoever has them open", () => {
  using folder = new Folder({ file: "old" });
  using open = Deno.openSync(folder.file("file"));
  replaceFile(folder.file("file"), new TextEncoder().encode("new"));
  const bytes = new Uint8Array(9);
  strictEqual(open.readSync(bytes), 3);
  strictEqual(new TextDecoder().decode(bytes.subarray(0, 3)), "old");
});

Deno.test("example: replaceFile() looks anew at what stands in its place", () => {
  using folder = new Folder();
  const path = folder.file("target");
  checkTarget(path);
  Deno.mkdirSync(path);
  throws(() => replaceFile(path, new Uint8Array()), {
    message: `${path}: cannot be written: it is a folder`,
  });
  deepStrictEqual(folder.names(), ["target"]);
});

Deno.test("example: checkTarget() follows links to where the file really lies, and leaves nothing there", () => {
  using folder = new Folder({ old: "" });
  Deno.chmodSync(folder.file("old"), 0o600);
  Deno.symlinkSync("old", folder.file("link"));
  Deno.symlinkSync(folder.file("new"), folder.file("dangling"));
  deepStrictEqual(checkTarget(folder.file("link")), { path: folder.file("old"), mode: 0o600 });
  deepStrictEqual(checkTarget(folder.file("dangling")), { path: folder.file("new") });
  deepStrictEqual(folder.names(), ["dangling", "link", "old"]);
});
