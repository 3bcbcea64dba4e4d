/** The file that a run saves to: files that are there are kept, and none of others overwritten. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { basename } from "node:path";
import { SavedFile } from "../../lib/system/saved_file.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { BindMount, canMount } from "../helpers/small_disk.ts";

const TEMPORARY = /^\.sanso-[0-9a-f-]{36}\.tmp$/;

/** A file for a run that resumes none. */
function newRun(path: string): SavedFile {
  return new SavedFile(path, {});
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The files in a folder with their contents. */
function contents(folder: Folder): Record<string, string> {
  return Object.fromEntries(
    folder.names().map((name) => [name, Deno.readTextFileSync(folder.file(name))]),
  );
}

/** Saves a text, and gives the line that this makes. */
function save(file: SavedFile, text: string): string | undefined {
  return file.save(bytes(text), "nothing is saved")?.line;
}

/** Replaces functions of Deno until the block ends. */
function replace(functions: Partial<Pick<typeof Deno, "linkSync" | "renameSync">>): Disposable {
  const { linkSync, renameSync } = Deno;
  Object.assign(Deno, functions);
  return { [Symbol.dispose]: () => void Object.assign(Deno, { linkSync, renameSync }) };
}

function noLinks(): never {
  throw Object.assign(new Deno.errors.PermissionDenied("no hard links"), { code: "EPERM" });
}

Deno.test("example: SavedFile keeps a file that is there under the first free name, and keeps its mode", () => {
  using folder = new Folder({ "p.npz": "old" });
  const path = folder.file("p.npz"), kept = folder.file("p.1.npz");
  Deno.chmodSync(path, 0o640);
  const { ino, mtime } = Deno.statSync(path), file = newRun(path);
  strictEqual(save(file, "first"), `${path}: kept as ${kept}`);
  deepStrictEqual(contents(folder), { "p.1.npz": "old", "p.npz": "first" });
  deepStrictEqual([Deno.statSync(kept).ino, Deno.statSync(kept).mtime], [ino, mtime]);
  for (const name of [path, kept]) strictEqual(Deno.statSync(name).mode! & 0o7777, 0o640);
  strictEqual(save(file, "second"), undefined);
  deepStrictEqual(contents(folder), { "p.1.npz": "old", "p.npz": "second" });
  strictEqual(file.name, path);
});

Deno.test("example: SavedFile saves where no file is, several times, and keeps nothing", () => {
  using folder = new Folder();
  const file = newRun(folder.file("p.npz"));
  for (const text of ["first", "second"]) {
    strictEqual(save(file, text), undefined);
    deepStrictEqual(contents(folder), { "p.npz": text });
  }
});

Deno.test("example: SavedFile changes nothing in the folder before the first save", () => {
  using folder = new Folder({ "p.npz": "old" });
  const before = Deno.statSync(folder.file("p.npz"));
  newRun(folder.file("p.npz"));
  deepStrictEqual(contents(folder), { "p.npz": "old" });
  const after = Deno.statSync(folder.file("p.npz"));
  deepStrictEqual([after.ino, after.mtime, after.nlink], [before.ino, before.mtime, 1]);
});

Deno.test("example: SavedFile takes the first name that nothing has, with the number before the extension", () => {
  const cases: [name: string, taken: string[], kept: string][] = [
    ["p.npz", ["p.1.npz", "p.2.npz", "p.4.npz"], "p.3.npz"],
    ["p.npz", ["p.2.npz"], "p.1.npz"],
    ["p", ["p.1"], "p.2"],
    [".npz", [], ".npz.1"],
    ["p.1.npz", [], "p.1.1.npz"],
    ["a.b.npz", [], "a.b.1.npz"],
    [`${"重".repeat(83)}xx.npz`, [], `${"重".repeat(83)}.1.npz`], // 255 bytes
  ];
  for (const [name, taken, kept] of cases) {
    using folder = new Folder(Object.fromEntries([name, ...taken].map((name) => [name, name])));
    save(newRun(folder.file(name)), "new");
    const expected = [...taken.map((name) => [name, name]), [kept, name], [name, "new"]];
    deepStrictEqual(contents(folder), Object.fromEntries(expected));
  }
});

Deno.test("example: SavedFile takes a name that belongs to a folder or to a link to nothing for taken", () => {
  for (const links of [true, false]) {
    using folder = new Folder({ "p.npz": "old", "p.1.npz/file": "" });
    using _ = replace(links ? {} : { linkSync: noLinks });
    Deno.symlinkSync("nothing", folder.file("p.2.npz"));
    save(newRun(folder.file("p.npz")), "new");
    strictEqual(Deno.readTextFileSync(folder.file("p.3.npz")), "old");
    deepStrictEqual(folder.names(), ["p.1.npz", "p.2.npz", "p.3.npz", "p.npz"]);
  }
});

Deno.test("example: SavedFile keeps what a symbolic link leads to, beside that, and names it so", () => {
  using folder = new Folder({ "there/old.npz": "old", "there/p.npz": "old too" });
  Deno.symlinkSync("there/old.npz", folder.file("link.npz"));
  Deno.symlinkSync("there/p.npz", folder.file("p.npz")); // the same name in another folder
  Deno.symlinkSync("there", folder.file("folder"));
  const link = folder.file("link.npz"), kept = folder.file("there/old.1.npz");
  strictEqual(save(newRun(link), "new"), `${link}: kept as ${kept}`);
  const same = folder.file("p.npz"), keptToo = folder.file("there/p.1.npz");
  strictEqual(save(newRun(same), "new"), `${same}: kept as ${keptToo}`);
  const within = folder.file("folder/p.npz");
  strictEqual(save(newRun(within), "newer"), `${within}: kept as ${folder.file("folder/p.2.npz")}`);
  ok(Deno.lstatSync(link).isSymlink);
  const there = ["old.1.npz", "old.npz", "p.1.npz", "p.2.npz", "p.npz"];
  deepStrictEqual(
    [...Deno.readDirSync(folder.file("there"))].map(({ name }) => name).sort(),
    there,
  );
});

Deno.test("example: SavedFile with overwrite replaces a file that is there", () => {
  using folder = new Folder({ "p.npz": "old" });
  const file = new SavedFile(folder.file("p.npz"), { overwrite: true });
  strictEqual(save(file, "new"), undefined);
  deepStrictEqual(contents(folder), { "p.npz": "new" });
});

/** What another program may do to a file, and whether the file is then another one. */
const CHANGES: readonly [name: string, change: (path: string) => void][] = [
  ["written in place", (path) => {
    Deno.writeTextFileSync(path, "others");
    Deno.utimeSync(path, 1, 1); // later than the save, even if the clock is coarse
  }],
  ["another length", (path) => {
    const { atime, mtime } = Deno.statSync(path);
    Deno.writeTextFileSync(path, "others");
    Deno.utimeSync(path, atime!, mtime!);
  }],
  ["replaced", (path) => {
    const { atime, mtime, size } = Deno.statSync(path);
    Deno.writeTextFileSync(`${path}.new`, "others");
    Deno.truncateSync(`${path}.new`, size);
    Deno.utimeSync(`${path}.new`, atime!, mtime!);
    Deno.renameSync(`${path}.new`, path);
  }],
];

Deno.test("example: SavedFile with overwrite replaces at the first save what is there then, whatever it is", () => {
  for (const [what, change] of CHANGES) {
    for (const resumed of [undefined, "p.npz"]) {
      using folder = new Folder({ "p.npz": "old" });
      const path = folder.file("p.npz");
      const file = new SavedFile(path, {
        overwrite: true,
        resumed: resumed && folder.file(resumed),
      });
      change(path);
      strictEqual(save(file, "new"), undefined);
      deepStrictEqual(contents(folder), { "p.npz": "new" }, what);
    }
  }
});

Deno.test("example: SavedFile leaves a file that another program has changed since the last save", () => {
  for (const [what, change] of CHANGES) {
    for (const overwrite of [false, true]) {
      using folder = new Folder({ "p.1.npz": "other" });
      const path = folder.file("p.npz"), free = folder.file("p.2.npz");
      const file = new SavedFile(path, { overwrite });
      save(file, "first");
      change(path);
      const others = Deno.readTextFileSync(path);
      const line = `${path}: another program has changed it; saved as ${free}`;
      strictEqual(save(file, "second"), line, what);
      deepStrictEqual([file.name, file.path], [free, free]);
      strictEqual(save(file, "third"), undefined); // and goes on there
      const expected = { "p.1.npz": "other", "p.2.npz": "third", "p.npz": others };
      deepStrictEqual(contents(folder), expected, what);
      change(free); // there, too
      strictEqual(
        save(file, "fourth"),
        `${free}: another program has changed it; saved as ${folder.file("p.3.npz")}`,
      );
      strictEqual(Deno.readTextFileSync(path), others);
    }
  }
});

Deno.test("example: SavedFile leaves a resumed file that another program has changed since", () => {
  for (const [what, change] of CHANGES) {
    using folder = new Folder({ "p.npz": "resumed" });
    const path = folder.file("p.npz"), free = folder.file("p.1.npz");
    const file = new SavedFile(path, { resumed: path });
    change(path);
    const others = Deno.readTextFileSync(path);
    const line = `${path}: another program has changed it; saved as ${free}`;
    strictEqual(save(file, "new"), line, what);
    deepStrictEqual(contents(folder), { "p.1.npz": "new", "p.npz": others }, what);
  }
});

Deno.test("example: SavedFile saves to its name again if the file has been removed", () => {
  using folder = new Folder({ "p.npz": "resumed" });
  const path = folder.file("p.npz"), file = new SavedFile(path, { resumed: path });
  for (const text of ["first", "second"]) {
    Deno.removeSync(path);
    strictEqual(save(file, text), undefined);
    deepStrictEqual(contents(folder), { "p.npz": text });
  }
});

Deno.test("example: SavedFile replaces the file that is resumed, by whichever name, and keeps any other", () => {
  using folder = new Folder({ "p.npz": "resumed" });
  const path = folder.file("p.npz"), link = folder.file("link.npz");
  Deno.symlinkSync("p.npz", link);
  for (const [to, resumed] of [[path, path], [link, path], [path, link]] as const) {
    strictEqual(save(new SavedFile(to, { resumed }), "new"), undefined);
  }
  deepStrictEqual(folder.names(), ["link.npz", "p.npz"]);
  const other = folder.write("q.npz", "other");
  save(new SavedFile(other, { resumed: path }), "newer");
  const expected = { "link.npz": "new", "p.npz": "new", "q.1.npz": "other", "q.npz": "newer" };
  deepStrictEqual(contents(folder), expected);
});

Deno.test("example: SavedFile has a whole file under its name at every moment", () => {
  const calls: string[] = [];
  const { linkSync, renameSync } = Deno;
  for (const old of [true, false]) {
    using folder = new Folder(old ? { "p.npz": "old" } : {});
    const path = folder.file("p.npz"), file = newRun(path);
    const look = (call: string) => {
      calls.push(call);
      const text = folder.names().includes("p.npz") ? Deno.readTextFileSync(path) : undefined;
      ok(text === "new" || text === "newer" || text === (old ? "old" : undefined), text);
    };
    using _ = replace({
      linkSync: (from, to) => {
        linkSync(from, to);
        look("link");
      },
      renameSync: (from, to) => {
        renameSync(from, to);
        look("rename");
      },
    });
    save(file, "new");
    save(file, "newer");
  }
  deepStrictEqual(calls, ["link", "rename", "rename", "link", "rename"]);
});

Deno.test("example: SavedFile moves a file away where hard links do not exist, and overwrites none", () => {
  using folder = new Folder({ "p.npz": "old", "p.1.npz": "older" });
  const path = folder.file("p.npz");
  using _ = replace({ linkSync: noLinks });
  const file = newRun(path);
  strictEqual(save(file, "first"), `${path}: kept as ${folder.file("p.2.npz")}`);
  const kept = { "p.1.npz": "older", "p.2.npz": "old" };
  deepStrictEqual(contents(folder), { ...kept, "p.npz": "first" });
  CHANGES[0]![1](path);
  save(file, "second");
  deepStrictEqual(contents(folder), { ...kept, "p.3.npz": "second", "p.npz": "others" });
  const fresh = newRun(folder.file("q.npz"));
  save(fresh, "first");
  deepStrictEqual(Deno.readTextFileSync(folder.file("q.npz")), "first");
});

Deno.test("example: SavedFile keeps a file that another program makes during the first save", () => {
  const { linkSync } = Deno;
  // where there was none, and where an old one has just been kept
  for (const [moment, files] of [["before", {}], ["after", { "p.npz": "old" }]] as const) {
    using folder = new Folder(files);
    const path = folder.file("p.npz"), file = newRun(path);
    let isFirst = true;
    using _ = replace({
      linkSync(from, to) {
        const theirs = () => {
          if (!isFirst) return;
          isFirst = false;
          folder.write("theirs", "theirs");
          Deno.renameSync(folder.file("theirs"), path);
        };
        if (moment === "before") theirs();
        linkSync(from, to);
        theirs();
      },
    });
    const line = save(file, "ours");
    const kept = moment === "before" ? "p.1.npz" : "p.2.npz";
    strictEqual(line, `${path}: kept as ${folder.file(kept)}`);
    const expected = moment === "before"
      ? { "p.1.npz": "theirs", "p.npz": "ours" }
      : { "p.1.npz": "old", "p.2.npz": "theirs", "p.npz": "ours" };
    deepStrictEqual(contents(folder), expected);
  }
});

Deno.test("example: SavedFile leaves the finished bytes under their temporary name if they cannot be renamed", () => {
  for (const old of ["old", "new"]) {
    using folder = new Folder({ "p.npz": "old" });
    const path = folder.file("p.npz"), file = new SavedFile(path, { overwrite: old === "new" });
    if (old === "new") save(file, "new");
    using _ = replace({
      renameSync() {
        throw new Deno.errors.PermissionDenied("Operation not permitted (os error 1)");
      },
    });
    throws(() => save(file, "newest"), (error: Error) => {
      const left = error.message.split("; saved: ")[1] ?? "";
      ok(TEMPORARY.test(basename(left)), left);
      strictEqual(error.message, `${path}: cannot be written: permission denied; saved: ${left}`);
      deepStrictEqual(contents(folder), { [basename(left)]: "newest", "p.npz": old });
      return error.name === "UserError";
    });
  }
});

Deno.test("example: SavedFile leaves the finished bytes beside a folder that has taken the name", () => {
  using folder = new Folder();
  const path = folder.file("p.npz"), file = newRun(path);
  Deno.mkdirSync(path);
  throws(() => save(file, "new"), {
    message: /p\.npz: cannot be written: it is a folder; saved: /,
  });
  const [left, name] = folder.names();
  deepStrictEqual([Deno.readTextFileSync(folder.file(left!)), name], ["new", "p.npz"]);
});

testIf(
  canMount(),
  "leave to mount a file system",
  "example: SavedFile leaves the finished bytes beside a file that has been mounted meanwhile",
  () => {
    using folder = new Folder({ "p.npz": "old", "other/p.npz": "mounted" });
    const path = folder.file("p.npz"), file = newRun(path);
    using _ = new BindMount(folder.file("other/p.npz"), path);
    throws(() => save(file, "new"), {
      message: /p\.npz: cannot be written: device or resource busy; saved: .*\/\.sanso-[^/]*\.tmp$/,
    });
    const [left, ...others] = folder.names();
    deepStrictEqual(others, ["other", "p.npz"]);
    strictEqual(Deno.readTextFileSync(folder.file(left!)), "new");
    strictEqual(Deno.readTextFileSync(path), "mounted");
  },
);

Deno.test("example: SavedFile says what is saved if the bytes cannot be written, or the folder cannot be synced", () => {
  using folder = new Folder({ "there/none": "" });
  const path = folder.file("there/p.npz"), file = newRun(path);
  const { syncSync } = Deno.FsFile.prototype;
  if (Deno.build.os !== "windows") { // where folders cannot be synced
    Deno.FsFile.prototype.syncSync = function () {
      if (this.statSync().isDirectory) throw new Error("Input/output error (os error 5)");
    };
    try {
      throws(() => save(file, "new"), {
        name: "UserError",
        message: `${path}: is saved, but its folder cannot be synced: input/output error`,
      });
    } finally {
      Deno.FsFile.prototype.syncSync = syncSync;
    }
    strictEqual(Deno.readTextFileSync(path), "new");
  }
  save(file, "newer");
  ok(file.isThere);
  Deno.renameSync(folder.file("there"), folder.file("gone"));
  strictEqual(file.isThere, false);
  throws(() => save(file, "newest"), {
    name: "UserError",
    message: `${path}: cannot be written: no such file or folder; nothing is saved`,
  });
  folder.write("there", "no folder");
  strictEqual(file.isThere, false);
});

Deno.test("example: SavedFile is there until another program changes or removes the file", () => {
  for (const [what, change] of CHANGES) {
    using folder = new Folder({ "p.npz": "resumed" });
    const path = folder.file("p.npz"), file = new SavedFile(path, { resumed: path });
    ok(file.isThere);
    change(path);
    strictEqual(file.isThere, false, what);
    save(file, "new");
    ok(file.isThere);
    Deno.removeSync(file.path);
    strictEqual(file.isThere, false);
  }
});

Deno.test("example: SavedFile syncs the folder after the names are given", () => {
  using folder = new Folder({ "p.npz": "old" });
  const { syncSync } = Deno.FsFile.prototype, { linkSync, renameSync } = Deno;
  const calls: string[] = [], file = newRun(folder.file("p.npz"));
  Deno.FsFile.prototype.syncSync = function () {
    const { isFile, size } = this.statSync();
    calls.push(isFile ? `sync ${size} bytes` : "sync folder");
    syncSync.call(this);
  };
  const link = (from: string, to: string) => {
    calls.push("link");
    linkSync(from, to);
  };
  const rename = (from: string | URL, to: string | URL) => {
    calls.push("rename");
    renameSync(from, to);
  };
  try {
    using _ = replace({ linkSync: link, renameSync: rename });
    save(file, "newer");
  } finally {
    Deno.FsFile.prototype.syncSync = syncSync;
  }
  const folders = Deno.build.os === "windows" ? [] : ["sync folder"]; // Windows cannot
  deepStrictEqual(calls, ["sync 5 bytes", "link", "rename", ...folders]);
});
