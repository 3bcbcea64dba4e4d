/** Reading files within bounds, and replacing them whole. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  checkTarget,
  InputFile,
  readFile,
  replaceFile,
  type SizeLimit,
  writeAll,
} from "../../lib/system/files.ts";
import { UserError } from "../../lib/system/errors.ts";
import { canSetAttributes, FileAttribute } from "../helpers/file_attributes.ts";
import { Folder } from "../helpers/folder.ts";
import { BindMount, canMount } from "../helpers/small_disk.ts";
import { testIf } from "../helpers/conditional.ts";

/** A limit of so many bytes. */
function limit(bytes: number): SizeLimit {
  return { bytes, reason: "that it may have" };
}

Deno.test("example: readFile() gives a whole file of as many bytes as the limit, and none of more", () => {
  using folder = new Folder();
  const path = folder.write("file", Uint8Array.of(1, 2, 3));
  deepStrictEqual(readFile(path, limit(3)), Uint8Array.of(1, 2, 3));
  deepStrictEqual(readFile(path, limit(4)), Uint8Array.of(1, 2, 3));
  throws(() => readFile(path, limit(2)), {
    name: "UserError",
    message: `${path}: has more than the 2 bytes that it may have`,
  });
});

Deno.test("example: readFile() refuses a file by its size, without reading it", () => {
  using folder = new Folder();
  const path = folder.write("file", "");
  Deno.truncateSync(path, 2 ** 36); // takes no room on the disk, but would in memory
  throws(() => readFile(path, limit(1000)), UserError);
});

testIf(
  Deno.build.os === "linux",
  "/dev/zero",
  "example: readFile() stops at the limit of an endless file",
  () => {
    throws(() => readFile("/dev/zero", limit(1000)), {
      message: "/dev/zero: has more than the 1000 bytes that it may have",
    });
  },
);

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
  "/proc",
  "example: readFile() reports why a file that was opened cannot be read",
  () => {
    // nothing is mapped at address 0
    throws(() => readFile("/proc/self/mem", limit(9)), {
      name: "UserError",
      message: "/proc/self/mem: cannot be read: input/output error",
    });
  },
);

testIf(
  Deno.build.os === "linux",
  "/proc",
  "example: readFile() closes the file, whether it could be read or not",
  () => {
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

testIf(
  Deno.build.os === "linux",
  "/dev/zero",
  "example: InputFile refuses an endless file even if the start read of it exceeds the limit",
  () => {
    InputFile.with("/dev/zero", (file) => {
      deepStrictEqual(file.readStart(100), new Uint8Array(100));
      throws(() => file.readAll(limit(10)), {
        message: "/dev/zero: has more than the 10 bytes that it may have",
      });
    });
  },
);

Deno.test("example: writeAll() goes on where a write that took a part only has stopped", () => {
  const written: number[] = [];
  const slow = {
    writeSync(bytes: Uint8Array): number {
      const part = bytes.subarray(0, 2);
      written.push(...part);
      return part.length;
    },
  };
  writeAll(slow, Uint8Array.of(1, 2, 3, 4, 5));
  deepStrictEqual(written, [1, 2, 3, 4, 5]);
});

Deno.test("law: replaceFile() writes what readFile() reads, whatever was there before", () => {
  using folder = new Folder();
  const path = folder.file("file");
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    replaceFile(path, bytes);
    deepStrictEqual(readFile(path, limit(100)), new Uint8Array(bytes));
    deepStrictEqual(folder.names(), ["file"]);
  }));
});

Deno.test("example: replaceFile() leaves the old bytes to those who have the file open", () => {
  using folder = new Folder({ file: "old" });
  using open = Deno.openSync(folder.file("file"));
  replaceFile(folder.file("file"), new TextEncoder().encode("new"));
  const bytes = new Uint8Array(9);
  strictEqual(open.readSync(bytes), 3);
  strictEqual(new TextDecoder().decode(bytes.subarray(0, 3)), "old");
});

Deno.test("example: replaceFile() syncs the file before it takes the name, and the folder after", () => {
  using folder = new Folder({ file: "old" });
  const { syncSync } = Deno.FsFile.prototype, { renameSync } = Deno, calls: string[] = [];
  Deno.FsFile.prototype.syncSync = function () {
    const { isFile, size } = this.statSync();
    calls.push(isFile ? `sync ${size} bytes` : "sync folder");
    syncSync.call(this);
  };
  Deno.renameSync = (from, to) => {
    calls.push("rename");
    renameSync(from, to);
  };
  try {
    replaceFile(folder.file("file"), new Uint8Array(7));
  } finally {
    Deno.FsFile.prototype.syncSync = syncSync;
    Deno.renameSync = renameSync;
  }
  const folders = Deno.build.os === "windows" ? [] : ["sync folder"]; // Windows cannot
  deepStrictEqual(calls, ["sync 7 bytes", "rename", ...folders]);
});

Deno.test("example: replaceFile() checks the target again", () => {
  using folder = new Folder();
  const path = folder.file("target");
  checkTarget(path);
  Deno.mkdirSync(path);
  throws(() => replaceFile(path, new Uint8Array()), {
    message: `${path}: cannot be written: it is a folder`,
  });
  deepStrictEqual(folder.names(), ["target"]);
});

Deno.test("example: checkTarget() resolves symbolic links, and leaves no file", () => {
  using folder = new Folder({ old: "" });
  Deno.chmodSync(folder.file("old"), 0o4600);
  Deno.symlinkSync("old", folder.file("link"));
  Deno.symlinkSync(folder.file("new"), folder.file("dangling"));
  const link = folder.file("link"), dangling = folder.file("dangling");
  deepStrictEqual(checkTarget(link), { name: link, path: folder.file("old"), mode: 0o4600 });
  deepStrictEqual(checkTarget(dangling), { name: dangling, path: folder.file("new") });
  deepStrictEqual(folder.names(), ["dangling", "link", "old"]);
});

testIf(
  canMount(),
  "leave to mount a file",
  "example: checkTarget() refuses a file that is mounted by itself, and leaves no file",
  () => {
    using folder = new Folder({ "p.npz": "", "other/p.npz": "mounted" });
    const path = folder.file("p.npz");
    using _ = new BindMount(folder.file("other/p.npz"), path);
    throws(() => checkTarget(path), {
      name: "UserError",
      message: `${path}: cannot be written: it is mounted by itself and cannot be replaced, ` +
        "mount its folder instead",
    });
    deepStrictEqual(folder.names(), ["other", "p.npz"]);
  },
);

testIf(
  canSetAttributes(),
  "leave to set the attributes of files",
  "example: checkTarget() refuses an immutable file, and leaves no file",
  () => {
    using folder = new Folder({ "p.npz": "" });
    const path = folder.file("p.npz");
    using _ = new FileAttribute(path, "i");
    throws(() => checkTarget(path), { message: `${path}: cannot be written: permission denied` });
    deepStrictEqual(folder.names(), ["p.npz"]);
  },
);

testIf(
  canSetAttributes(),
  "leave to set the attributes of files",
  "example: checkTarget() refuses a file in an append-only folder, and names what it has to leave there",
  () => {
    using folder = new Folder();
    const path = folder.file("p.npz");
    using _ = new FileAttribute(folder.path, "a");
    throws(() => checkTarget(path), (error: Error) => {
      const left = folder.file(folder.names()[0]!);
      strictEqual(
        error.message,
        `${path}: cannot be written: its folder lets no such file be replaced or removed, ` +
          `${left} neither`,
      );
      return folder.names().length === 1;
    });
  },
);

testIf(
  Deno.build.os !== "windows",
  "sticky folders",
  "example: checkTarget() refuses the file of another user in the sticky folder of another user",
  () => {
    using folder = new Folder({ "p.npz": "" });
    const path = folder.file("p.npz"), { statSync } = Deno;
    const uid = (statSync(path).uid ?? 0) + 1;
    let owned: (path: string) => boolean;
    // as if another user ran this, who owns these files
    Deno.statSync = (path) => {
      const info = statSync(path);
      return owned(`${path}`) ? { ...info, uid } : info;
    };
    const cases: [mode: number, owned: (path: string) => boolean, isRefused: boolean][] = [
      [0o1777, (path) => path.endsWith(".tmp"), true],
      [0o777, (path) => path.endsWith(".tmp"), false],
      [0o1777, (path) => path !== folder.path, false],
      [0o1777, (path) => !path.endsWith(".npz"), false],
      [0o1777, () => false, false],
    ];
    try {
      for (const [mode, owns, isRefused] of cases) {
        Deno.chmodSync(folder.path, mode);
        owned = owns;
        const check = () => checkTarget(path);
        if (!isRefused) check();
        else {
          throws(check, {
            message:
              `${path}: cannot be written: it belongs to another user, and its folder is sticky`,
          });
        }
        deepStrictEqual(folder.names(), ["p.npz"]);
      }
    } finally {
      Deno.statSync = statSync;
    }
  },
);
