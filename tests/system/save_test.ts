/** Saving: whole files at every moment, and none of others overwritten. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { basename } from "node:path";
import { checkTarget, OutputFile, SavedFile } from "../../lib/system/save.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";

const TEMPORARY = /^\.sanso-[0-9a-f-]{36}\.tmp$/;

/** The files in a folder with their contents. */
function contents(folder: Folder): Record<string, string> {
  return Object.fromEntries(
    folder.names().map((name) => [name, Deno.readTextFileSync(folder.file(name))]),
  );
}

/** Saves a text, and gives the line that this makes. */
function save(file: SavedFile, text: string): string | undefined {
  return file.save(new TextEncoder().encode(text), { otherwise: "nothing is saved" })?.line;
}

/** Replaces functions of Deno until the block ends. */
function replace(functions: Partial<Pick<typeof Deno, "linkSync" | "renameSync">>): Disposable {
  const { linkSync, renameSync } = Deno;
  Object.assign(Deno, functions);
  return { [Symbol.dispose]: () => void Object.assign(Deno, { linkSync, renameSync }) };
}

/** Records each sync, and what it is of, until the block ends; `refuse` makes those of folders fail. */
function recordSyncs(calls: string[], refuse = false): Disposable {
  const { syncSync } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.syncSync = function () {
    const { isFile, size } = this.statSync();
    if (refuse && !isFile) throw new Error("Invalid argument (os error 22)");
    calls.push(isFile ? `sync ${size} bytes` : "sync folder");
    syncSync.call(this);
  };
  return { [Symbol.dispose]: () => void (Deno.FsFile.prototype.syncSync = syncSync) };
}

function noLinks(): never {
  throw Object.assign(new Deno.errors.PermissionDenied("no hard links"), { code: "EPERM" });
}

Deno.test("example: SavedFile keeps a file that is there under the first free name, once, with its mode, and changes nothing before", () => {
  using folder = new Folder({ "p.npz": "old" });
  const path = folder.file("p.npz"), kept = folder.file("p.1.npz");
  Deno.chmodSync(path, 0o640);
  const { ino, mtime } = Deno.statSync(path), file = new SavedFile(path, {});
  deepStrictEqual(contents(folder), { "p.npz": "old" });
  deepStrictEqual([Deno.statSync(path).ino, Deno.statSync(path).mtime], [ino, mtime]);
  strictEqual(save(file, "first"), `${path}: kept as ${kept}`);
  deepStrictEqual(contents(folder), { "p.1.npz": "old", "p.npz": "first" });
  deepStrictEqual([Deno.statSync(kept).ino, Deno.statSync(kept).mtime], [ino, mtime]);
  for (const name of [path, kept]) strictEqual(Deno.statSync(name).mode! & 0o7777, 0o640);
  strictEqual(save(file, "second"), undefined);
  deepStrictEqual(contents(folder), { "p.1.npz": "old", "p.npz": "second" });
  strictEqual(file.name, path);
});

Deno.test("example: SavedFile takes the first name that nothing has, with the number before the extension", () => {
  const cases: [name: string, taken: string[], kept: string][] = [
    ["p.npz", ["p.1.npz", "p.2.npz", "p.4.npz"], "p.3.npz"],
    ["p.npz", ["p.2.npz"], "p.1.npz"],
    ["p", ["p.1"], "p.2"],
    [".npz", [], ".npz.1"],
    ["p.1.npz", [], "p.1.1.npz"],
    [`${"重".repeat(83)}xx.npz`, [], `${"重".repeat(83)}.1.npz`], // 255 bytes
  ];
  for (const [name, taken, kept] of cases) {
    using folder = new Folder(Object.fromEntries([name, ...taken].map((name) => [name, name])));
    save(new SavedFile(folder.file(name), {}), "new");
    const expected = [...taken.map((name) => [name, name]), [kept, name], [name, "new"]];
    deepStrictEqual(contents(folder), Object.fromEntries(expected));
  }
  for (const linkSync of [Deno.linkSync, noLinks]) { // a folder and a link to nothing have names
    using folder = new Folder({ "p.npz": "old", "p.1.npz/file": "" });
    Deno.symlinkSync("nothing", folder.file("p.2.npz"));
    using _ = replace({ linkSync });
    save(new SavedFile(folder.file("p.npz"), {}), "new");
    strictEqual(Deno.readTextFileSync(folder.file("p.3.npz")), "old");
    deepStrictEqual(folder.names(), ["p.1.npz", "p.2.npz", "p.3.npz", "p.npz"]);
  }
});

Deno.test("example: SavedFile keeps what a symbolic link leads to, beside that, and names it so", () => {
  using folder = new Folder({ "there/old.npz": "old", "there/p.npz": "old too" });
  Deno.symlinkSync("there/old.npz", folder.file("link.npz"));
  Deno.symlinkSync("there", folder.file("folder"));
  const link = folder.file("link.npz"), within = folder.file("folder/p.npz");
  const kept = folder.file("there/old.1.npz");
  strictEqual(save(new SavedFile(link, {}), "new"), `${link}: kept as ${kept}`);
  const line = `${within}: kept as ${folder.file("folder/p.1.npz")}`;
  strictEqual(save(new SavedFile(within, {}), "newer"), line);
  ok(Deno.lstatSync(link).isSymlink);
  const there = [...Deno.readDirSync(folder.file("there"))].map(({ name }) => name).sort();
  deepStrictEqual(there, ["old.1.npz", "old.npz", "p.1.npz", "p.npz"]);
});

/** What another program may do to a file, whereby it is another one. */
const CHANGES: readonly [name: string, change: (path: string) => void][] = [
  ["written in place, in the same length", (path) => {
    Deno.writeTextFileSync(path, "o".repeat(Deno.statSync(path).size));
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
    for (const isResumed of [true, false]) {
      using folder = new Folder({ "p.npz": "old" });
      const path = folder.file("p.npz");
      const file = new SavedFile(path, { overwrite: true, resumed: isResumed ? path : undefined });
      change(path);
      strictEqual(save(file, "new"), undefined);
      deepStrictEqual(contents(folder), { "p.npz": "new" }, what);
    }
  }
});

Deno.test("example: SavedFile leaves a file that another program has changed since it was saved or read, and goes on under another name", () => {
  for (const [what, change] of CHANGES) {
    for (const overwrite of [false, true]) {
      using folder = new Folder({ "p.1.npz": "other" });
      const path = folder.file("p.npz"), free = folder.file("p.2.npz");
      const file = new SavedFile(path, { overwrite });
      save(file, "first");
      ok(file.isThere);
      change(path);
      strictEqual(file.isThere, false);
      const others = Deno.readTextFileSync(path);
      const line = `${path}: another program has changed it; saved as ${free}`;
      strictEqual(save(file, "second"), line, what);
      deepStrictEqual([file.name, file.path], [free, free]);
      strictEqual(save(file, "third"), undefined);
      const expected = { "p.1.npz": "other", "p.2.npz": "third", "p.npz": others };
      deepStrictEqual(contents(folder), expected, what);
    }
    using folder = new Folder({ "p.npz": "resumed" });
    const path = folder.file("p.npz"), file = new SavedFile(path, { resumed: path });
    change(path);
    save(file, "new");
    strictEqual(Deno.readTextFileSync(folder.file("p.1.npz")), "new", what);
  }
});

Deno.test("example: SavedFile replaces the file that is resumed, by whichever name, and saves again where it was removed", () => {
  using folder = new Folder({ "p.npz": "resumed" });
  const path = folder.file("p.npz"), link = folder.file("link.npz");
  Deno.symlinkSync("p.npz", link);
  for (const [to, resumed] of [[path, path], [link, path], [path, link]] as const) {
    const file = new SavedFile(to, { resumed });
    strictEqual(save(file, "new"), undefined);
    Deno.removeSync(path);
    strictEqual(file.isThere, false);
    strictEqual(save(file, "newer"), undefined);
  }
  save(new SavedFile(folder.write("q.npz", "other"), { resumed: path }), "new");
  const expected = { "link.npz": "newer", "p.npz": "newer", "q.1.npz": "other", "q.npz": "new" };
  deepStrictEqual(contents(folder), expected);
});

Deno.test("example: SavedFile has a whole file under its name at every moment, synced before, and syncs the folder after", () => {
  const { linkSync, renameSync } = Deno;
  for (const old of ["old", undefined]) {
    using folder = new Folder(old === undefined ? {} : { "p.npz": old });
    const calls: string[] = [], file = new SavedFile(folder.file("p.npz"), {});
    const look = (call: string) => {
      calls.push(call);
      const text = folder.names().includes("p.npz") ? contents(folder)["p.npz"] : undefined;
      ok([old, "first", "second"].includes(text), text);
    };
    using _ = replace({
      linkSync: (from, to) => (linkSync(from, to), look("link")),
      renameSync: (from, to) => (renameSync(from, to), look("rename")),
    });
    using _syncs = recordSyncs(calls);
    save(file, "first");
    save(file, "second");
    const folders = Deno.build.os === "windows" ? [] : ["sync folder"]; // Windows cannot
    const first = old === undefined ? ["link"] : ["link", "rename"];
    const expected = ["sync 5 bytes", ...first, ...folders, "sync 6 bytes", "rename", ...folders];
    deepStrictEqual(calls, expected);
  }
});

Deno.test("example: SavedFile takes a folder that cannot be synced, as on network mounts", () => {
  using folder = new Folder();
  using _ = recordSyncs([], true);
  strictEqual(save(new SavedFile(folder.file("p.npz"), {}), "new"), undefined);
  deepStrictEqual(contents(folder), { "p.npz": "new" });
});

Deno.test("example: SavedFile moves a file away where hard links do not exist, and overwrites none", () => {
  using folder = new Folder({ "p.npz": "old", "p.1.npz": "older" });
  const path = folder.file("p.npz");
  using _ = replace({ linkSync: noLinks });
  const file = new SavedFile(path, {});
  strictEqual(save(file, "first"), `${path}: kept as ${folder.file("p.2.npz")}`);
  const kept = { "p.1.npz": "older", "p.2.npz": "old" };
  deepStrictEqual(contents(folder), { ...kept, "p.npz": "first" });
  CHANGES[0]![1](path);
  save(file, "second");
  deepStrictEqual(contents(folder), { ...kept, "p.3.npz": "second", "p.npz": "ooooo" });
});

Deno.test("example: SavedFile keeps a file that another program makes during the first save", () => {
  const { linkSync } = Deno;
  // where there was none, and where an old one has just been kept
  for (const [moment, files] of [["before", {}], ["after", { "p.npz": "old" }]] as const) {
    using folder = new Folder(files);
    const path = folder.file("p.npz"), file = new SavedFile(path, {});
    let isFirst = true;
    const theirs = () => {
      if (!isFirst) return;
      isFirst = false;
      Deno.renameSync(folder.write("theirs", "theirs"), path);
    };
    using _ = replace({
      linkSync(from, to) {
        if (moment === "before") theirs();
        linkSync(from, to);
        theirs();
      },
    });
    const line = save(file, "ours"), kept = moment === "before" ? "p.1.npz" : "p.2.npz";
    strictEqual(line, `${path}: kept as ${folder.file(kept)}`);
    const old = moment === "before" ? {} : { "p.1.npz": "old" };
    deepStrictEqual(contents(folder), { ...old, [kept]: "theirs", "p.npz": "ours" });
  }
});

Deno.test("example: SavedFile leaves the finished bytes under their temporary name if they cannot get their name", () => {
  using folder = new Folder({ "p.npz": "old" });
  const path = folder.file("p.npz"), file = new SavedFile(path, { overwrite: true });
  const leaves = (reason: string) =>
    throws(() => save(file, "newest"), (error: Error) => {
      const left = error.message.split("; it is saved as ")[1] ?? "";
      ok(TEMPORARY.test(basename(left)), left);
      strictEqual(error.message, `cannot replace ${path}: ${reason}; it is saved as ${left}`);
      strictEqual(Deno.readTextFileSync(left), "newest");
      return error.name === "UserError";
    });
  {
    using _ = replace({
      renameSync() {
        throw new Deno.errors.PermissionDenied("Operation not permitted (os error 1)");
      },
    });
    leaves("permission denied");
    strictEqual(Deno.readTextFileSync(path), "old");
  }
  Deno.removeSync(path);
  Deno.mkdirSync(path);
  leaves("it is a folder");
});

Deno.test("example: SavedFile says what is saved if the bytes cannot be written", () => {
  using folder = new Folder({ "there/none": "" });
  const path = folder.file("there/p.npz"), file = new SavedFile(path, {});
  save(file, "new");
  Deno.renameSync(folder.file("there"), folder.file("gone"));
  strictEqual(file.isThere, false);
  throws(() => save(file, "newest"), {
    name: "UserError",
    message: `${path}: cannot be written: no such file or folder; nothing is saved`,
  });
});

Deno.test("example: SavedFile says so if its temporary file vanishes before it gets its name", () => {
  const { linkSync, renameSync } = Deno;
  const vanishing =
    <P extends string | URL>(move: (from: P, to: P) => void) => (from: P, to: P) => {
      if (TEMPORARY.test(basename(`${from}`))) Deno.removeSync(from);
      move(from, to);
    };
  for (const files of [{}, { "p.npz": "old" }]) {
    using folder = new Folder(files);
    const path = folder.file("p.npz"), file = new SavedFile(path, { overwrite: true });
    using _ = replace({ linkSync: vanishing(linkSync), renameSync: vanishing(renameSync) });
    throws(() => save(file, "new"), {
      name: "UserError",
      message: `${path}: cannot be written: no such file or folder; nothing is saved`,
    });
    deepStrictEqual(contents(folder), files);
  }
});

Deno.test("example: checkTarget() resolves symbolic links, and leaves no file", () => {
  using folder = new Folder({ old: "" });
  Deno.chmodSync(folder.file("old"), 0o4600);
  Deno.symlinkSync("old", folder.file("link"));
  Deno.symlinkSync("hop", folder.file("dangling"));
  Deno.symlinkSync(folder.file("new"), folder.file("hop"));
  const link = folder.file("link"), dangling = folder.file("dangling");
  deepStrictEqual(checkTarget(link), { name: link, path: folder.file("old"), mode: 0o4600 });
  deepStrictEqual(checkTarget(dangling), { name: dangling, path: folder.file("new") });
  deepStrictEqual(folder.names(), ["dangling", "hop", "link", "old"]);
});

Deno.test("example: checkTarget() refuses what cannot be written, or is no regular file", () => {
  using folder = new Folder({ "folder/file": "" });
  const link = (from: string, to: string) => Deno.symlinkSync(to, folder.file(from));
  link("dangling", "none/file");
  link("round", "about");
  link("about", "round");
  const cases = [
    ["none/file", "no such file or folder"],
    ["dangling", "no such file or folder"],
    ["round", "symbolic links form a loop"],
    ["folder", "it is a folder"],
    ["folder/", "it is a folder"],
    ["new/", "it names a folder"],
    [".", "it is a folder"],
    ["folder/file/file", "not a folder"],
    ["x".repeat(256), "file name too long"],
  ] as const;
  const before = folder.names();
  for (const [name, reason] of cases) {
    const path = `${folder.path}/${name}`;
    throws(() => checkTarget(path), { message: `${path}: cannot be written: ${reason}` });
  }
  deepStrictEqual(folder.names(), before);
});

testIf(
  Deno.build.os === "linux",
  "Linux's devices",
  "example: checkTarget() refuses devices, pipes and open files such as /dev/stdout",
  () => {
    using folder = new Folder({ log: "" });
    const pipe = folder.file("pipe"), link = folder.file("link");
    new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
    Deno.symlinkSync("/dev/null", link);
    using log = Deno.openSync(folder.file("log"), { write: true });
    const files = ["/dev/null", "/dev/full", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    for (const path of [...files, pipe, link]) {
      const message = `${path}: cannot be written: it is not a regular file`;
      throws(() => checkTarget(path), { message });
    }
    ok(log && Deno.statSync("/dev/null").isCharDevice && Deno.statSync(pipe).isFifo);
  },
);

const KIND = { command: "plot", mark: /^<plot>/ };
const OURS = "<plot>ours", THEIRS = "<svg>theirs";

Deno.test("example: OutputFile replaces what the same command has made, and with overwrite everything", () => {
  for (const [old, overwrite] of [[undefined, false], [OURS, false], [THEIRS, true]] as const) {
    using folder = new Folder(old === undefined ? {} : { "p.svg": old });
    const file = new OutputFile("--out", folder.file("p.svg"), KIND, overwrite);
    file.check([undefined, folder.file("none")]);
    file.save("<plot>new");
    deepStrictEqual(contents(folder), { "p.svg": "<plot>new" });
  }
});

Deno.test("example: OutputFile refuses a file that another program has made, before and during the computation", () => {
  using folder = new Folder({ "p.svg": THEIRS });
  const path = folder.file("p.svg"), file = new OutputFile("--out", path, KIND);
  const refusal = {
    name: "UserError",
    message: `${path}: exists and was not made by plot; choose another file, or --overwrite`,
  };
  throws(() => file.check([]), refusal);
  Deno.removeSync(path);
  file.check([]);
  for (const old of [THEIRS, "", ` ${OURS}`]) {
    folder.write("p.svg", old);
    throws(() => file.save(OURS), refusal);
    deepStrictEqual(contents(folder), { "p.svg": old });
  }
});
