/** Saving: whole files at every moment, and none of others overwritten. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { statIfThere } from "../../lib/system/files.ts";
import { checkTarget, OutputFile, SavedFile } from "../../lib/system/save.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";

const TEMPORARY = /^\.sanso-[0-9a-f-]{36}\.tmp$/;

type Files = Record<string, string>;

/** The files in a folder with their contents, and those to which symbolic links lead. */
function contents(folder: Folder): Files {
  const files = folder.names().filter((name) => statIfThere(folder.file(name))?.isFile);
  return Object.fromEntries(
    files.map((name) => [name, Deno.readTextFileSync(folder.file(name))]),
  );
}

/** Saves a text; returns the line that this makes, with names in place of paths. */
function save(file: SavedFile, text: string, { path }: Folder): string | undefined {
  const notice = file.save(new TextEncoder().encode(text), { otherwise: "nothing is saved" });
  return notice?.line.replaceAll(`${path}/`, "");
}

/** Replaces functions of Deno until the block ends. */
function replace(
  functions: Partial<Pick<typeof Deno, "linkSync" | "renameSync">>,
  methods: Partial<Pick<Deno.FsFile, "syncSync" | "writeSync">> & ThisType<Deno.FsFile> = {},
): Disposable {
  const { linkSync, renameSync } = Deno, { syncSync, writeSync } = Deno.FsFile.prototype;
  Object.assign(Deno, functions);
  Object.assign(Deno.FsFile.prototype, methods);
  return {
    [Symbol.dispose]() {
      Object.assign(Deno, { linkSync, renameSync });
      Object.assign(Deno.FsFile.prototype, { syncSync, writeSync });
    },
  };
}

function noLinks(): never {
  throw Object.assign(new Deno.errors.PermissionDenied("no hard links"), { code: "EPERM" });
}

/** What another program may do to a file, whereby it is another one of the same length. */
const CHANGES: readonly [what: string, change: (path: string) => void][] = [
  ["written in place", (path) => {
    Deno.writeTextFileSync(path, "o".repeat(Deno.statSync(path).size));
    Deno.utimeSync(path, 1, 1); // another time than that of the save, even if the clock is coarse
  }],
  ["longer", (path) => {
    const { atime, mtime } = Deno.statSync(path);
    Deno.writeTextFileSync(path, "others");
    Deno.utimeSync(path, atime!, mtime!);
  }],
  ["replaced", (path) => {
    const { atime, mtime, size } = Deno.statSync(path);
    Deno.writeTextFileSync(`${path}.new`, "o".repeat(size));
    Deno.utimeSync(`${path}.new`, atime!, mtime!);
    Deno.renameSync(`${path}.new`, path);
  }],
];

/** Files that are there, as whose name a run saves and what it resumes; files and line after it. */
const FIRST_SAVES: readonly [
  before: Files,
  options: { to?: string; resumed?: string; overwrite?: true },
  after: Files,
  line?: string,
][] = [
  [{}, {}, { "p.npz": "new" }],
  [{ "p.npz": "old" }, {}, { "p.1.npz": "old", "p.npz": "new" }, "p.npz: kept as p.1.npz"],
  [
    { "p.npz": "old", "p.1.npz": "1", "p.2.npz": "2", "p.4.npz": "4", "p.3.npz/file": "" },
    {},
    { "p.1.npz": "1", "p.2.npz": "2", "p.4.npz": "4", "p.5.npz": "old", "p.npz": "new" },
    "p.npz: kept as p.5.npz", // a folder has a name, too
  ],
  [{ p: "old" }, { to: "p" }, { p: "new", "p.1": "old" }, "p: kept as p.1"],
  [
    { "p.1.npz": "old" },
    { to: "p.1.npz" },
    { "p.1.1.npz": "old", "p.1.npz": "new" },
    "p.1.npz: kept as p.1.1.npz",
  ],
  [{ "p.npz": "old" }, { overwrite: true }, { "p.npz": "new" }],
  [{ "p.npz": "old" }, { resumed: "p.npz" }, { "p.npz": "new" }],
  [
    { "p.npz": "old", "q.npz": "run" },
    { resumed: "q.npz" },
    { "p.1.npz": "old", "p.npz": "new", "q.npz": "run" },
    "p.npz: kept as p.1.npz",
  ],
  // link.npz leads to p.npz
  [
    { "p.npz": "old" },
    { to: "link.npz" },
    { "link.npz": "new", "p.1.npz": "old", "p.npz": "new" },
    "link.npz: kept as p.1.npz",
  ],
  [{}, { to: "link.npz" }, { "link.npz": "new", "p.npz": "new" }],
  [
    { "p.npz": "old" },
    { to: "link.npz", resumed: "p.npz" },
    { "link.npz": "new", "p.npz": "new" },
  ],
  [
    { "p.npz": "old" },
    { to: "p.npz", resumed: "link.npz" },
    { "link.npz": "new", "p.npz": "new" },
  ],
];

Deno.test("example: SavedFile keeps a file that is there under the first free name, unless it is resumed or to be overwritten", () => {
  for (const linkSync of [Deno.linkSync, noLinks]) {
    for (const [before, { to = "p.npz", resumed, overwrite }, after, line] of FIRST_SAVES) {
      using folder = new Folder(before);
      if ([to, resumed].includes("link.npz")) Deno.symlinkSync("p.npz", folder.file("link.npz"));
      const files = contents(folder);
      const file = new SavedFile(folder.file(to), {
        resumed: resumed && folder.file(resumed),
        overwrite,
      });
      deepStrictEqual(contents(folder), files);
      using _ = replace({ linkSync });
      strictEqual(save(file, "newer", folder), line);
      strictEqual(save(file, "new", folder), undefined);
      deepStrictEqual(contents(folder), after, JSON.stringify(before));
      ok(file.isThere);
    }
  }
});

Deno.test("example: SavedFile gives a file the mode of the one that it replaces", () => {
  using folder = new Folder({ "p.npz": "old" });
  Deno.chmodSync(folder.file("p.npz"), 0o640);
  save(new SavedFile(folder.file("p.npz"), {}), "new", folder);
  for (const name of folder.names()) {
    strictEqual(Deno.statSync(folder.file(name)).mode! & 0o7777, 0o640, name);
  }
});

Deno.test("example: SavedFile leaves a file that another program has changed since it was saved or read, and goes on under another name", () => {
  for (const [what, change] of CHANGES) {
    for (const isResumed of [true, false]) {
      using folder = new Folder({ "p.npz": "first", "p.1.npz": "1" });
      const path = folder.file("p.npz");
      const file = new SavedFile(path, isResumed ? { resumed: path } : { overwrite: true });
      if (!isResumed) save(file, "first", folder);
      change(path);
      strictEqual(file.isThere, false, what);
      const theirs = Deno.readTextFileSync(path);
      const line = "p.npz: another program has changed it; saved as p.2.npz";
      strictEqual(save(file, "second", folder), line, what);
      strictEqual(save(file, "third", folder), undefined);
      strictEqual(file.name, folder.file("p.2.npz"));
      deepStrictEqual(contents(folder), { "p.1.npz": "1", "p.2.npz": "third", "p.npz": theirs });
    }
  }
});

Deno.test("example: SavedFile saves again where its file was removed, and overwrites none that is made during a save", () => {
  using folder = new Folder();
  const path = folder.file("p.npz"), file = new SavedFile(path, {}), { linkSync } = Deno;
  save(file, "first", folder);
  Deno.removeSync(path);
  strictEqual(file.isThere, false);
  let isTheirs = false;
  using _ = replace({
    linkSync(from, to) {
      if (!isTheirs) Deno.writeTextFileSync(path, "theirs");
      isTheirs = true;
      linkSync(from, to);
    },
  });
  const line = "p.npz: another program has changed it; saved as p.1.npz";
  strictEqual(save(file, "ours", folder), line);
  deepStrictEqual(contents(folder), { "p.1.npz": "ours", "p.npz": "theirs" });
});

Deno.test("example: SavedFile has a whole file under its name at every moment, synced before, and syncs the folder after, where that is possible", () => {
  const { linkSync, renameSync } = Deno, { syncSync } = Deno.FsFile.prototype;
  for (const canSync of [true, false]) {
    using folder = new Folder({ "p.npz": "old" });
    const calls: string[] = [], file = new SavedFile(folder.file("p.npz"), {});
    const look = (call: string) => {
      calls.push(call);
      ok(["old", "first", "second"].includes(contents(folder)["p.npz"]!));
    };
    using _ = replace({
      linkSync: (from, to) => (linkSync(from, to), look("link")),
      renameSync: (from, to) => (renameSync(from, to), look("rename")),
    }, {
      syncSync() {
        const { isFile, size } = this.statSync();
        look(isFile ? `sync ${size} bytes` : "sync folder");
        if (!isFile && !canSync) throw new Error("Invalid argument (os error 22)"); // as a mount
        syncSync.call(this);
      },
    });
    save(file, "first", folder);
    save(file, "second", folder);
    const folders = Deno.build.os === "windows" ? [] : ["sync folder"];
    const first = ["sync 5 bytes", "link", "rename", ...folders];
    deepStrictEqual(calls, [...first, "sync 6 bytes", "rename", ...folders]);
  }
});

Deno.test("example: SavedFile that cannot save keeps the old file, and says what is saved", () => {
  const full = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
  const fail = (error: Error) => () => {
    throw error;
  };
  const vanish = (from: string | URL) => {
    Deno.removeSync(from);
    throw new Deno.errors.NotFound();
  };
  const denied = new Deno.errors.PermissionDenied();
  const cases: [...Parameters<typeof replace>, line: RegExp][] = [
    [{}, { writeSync: fail(full) }, /^p: cannot be written: no space left on the disk; nothing/],
    [{}, { syncSync: fail(full) }, /^p: cannot be written: no space left on the disk; nothing/],
    [{ renameSync: vanish }, {}, /^p: cannot be written: no such file or folder; nothing is saved/],
    [
      { renameSync: fail(denied) },
      {},
      /^cannot replace p: permission denied; it is saved as \.san/,
    ],
  ];
  for (const [functions, methods, line] of cases) {
    using folder = new Folder({ p: "old" });
    const file = new SavedFile(folder.file("p"), { overwrite: true });
    using _ = replace(functions, methods);
    throws(() => save(file, "new", folder), ({ name, message }: Error) => {
      match(message.replaceAll(`${folder.path}/`, ""), line);
      return name === "UserError";
    });
    const left = Object.entries(contents(folder)).filter(([name]) => TEMPORARY.test(name));
    deepStrictEqual(left.map(([, text]) => text), `${line}`.includes("replace") ? ["new"] : []);
    strictEqual(Deno.readTextFileSync(folder.file("p")), "old");
  }
});

Deno.test("example: checkTarget() resolves symbolic links, and leaves no file", () => {
  using folder = new Folder({ old: "" });
  Deno.symlinkSync("old", folder.file("link"));
  Deno.symlinkSync("hop", folder.file("dangling"));
  Deno.symlinkSync(folder.file("new"), folder.file("hop"));
  for (const [link, to] of [["link", "old"], ["dangling", "new"]] as const) {
    const name = folder.file(link);
    deepStrictEqual(checkTarget(name), { name, path: folder.file(to) });
  }
  deepStrictEqual(folder.names(), ["dangling", "hop", "link", "old"]);
});

testIf(
  Deno.build.os === "linux",
  "Linux's devices",
  "example: checkTarget() refuses what cannot be written, or is no regular file, such as /dev/stdout",
  () => {
    using folder = new Folder({ "folder/file": "" });
    for (
      const [from, to] of [["dangling", "none/file"], ["round", "round"], ["null", "/dev/null"]]
    ) {
      Deno.symlinkSync(to!, folder.file(from!));
    }
    new Deno.Command("mkfifo", { args: [folder.file("pipe")] }).outputSync();
    const before = folder.names();
    const reasons: Readonly<Record<string, readonly string[]>> = {
      "no such file or folder": ["none/file", "dangling"],
      "symbolic links form a loop": ["round"],
      "it is a folder": ["folder", "folder/", "new/", "."],
      "not a folder": ["folder/file/file"],
      "file name too long": ["x".repeat(256)],
      "it is not a regular file": [
        ...["null", "pipe", "/dev/full", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"],
      ],
    };
    for (const [reason, names] of Object.entries(reasons)) {
      for (const name of names) {
        const path = name.startsWith("/") ? name : `${folder.path}/${name}`;
        throws(() => checkTarget(path), { message: `${path}: cannot be written: ${reason}` });
      }
    }
    deepStrictEqual(folder.names(), before);
  },
);

Deno.test("example: OutputFile replaces what the same command has made, and with overwrite everything", () => {
  const kind = { command: "plot", mark: /^<plot>/ }, ours = "<plot>ours", theirs = "<svg>theirs";
  using folder = new Folder();
  const path = folder.file("p.svg"),
    make = (overwrite: boolean) => new OutputFile("--out", path, kind, overwrite);
  for (const [old, overwrite] of [[undefined, false], [ours, false], [theirs, true]] as const) {
    if (old !== undefined) folder.write("p.svg", old);
    make(overwrite).check([undefined, folder.file("none")]);
    make(overwrite).save("<plot>new");
    deepStrictEqual(contents(folder), { "p.svg": "<plot>new" });
  }
  const file = make(false),
    message = `${path}: exists and was not made by plot; choose another file, or --overwrite`;
  for (const old of [theirs, "", ` ${ours}`]) {
    folder.write("p.svg", old); // another program's, before and during the computation
    throws(() => file.check([]), { name: "UserError", message });
    throws(() => file.save(ours), { name: "UserError", message });
    deepStrictEqual(contents(folder), { "p.svg": old });
  }
});
