/** Saving: whole files at every moment, and none of others overwritten; the history of a run. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { statIfThere } from "../../lib/system/files.ts";
import { checkTarget, OutputFile, SavedFile } from "../../lib/system/save.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import type { HistoryRow } from "../../lib/storage/history.ts";
import {
  HistoryFile,
  loadParameters,
  loadParametersOrPretrained,
  type OwnRun,
  readStoredHistory,
} from "../../lib/system/runs.ts";
import {
  dim,
  INITIAL_POSITION,
  initialise,
  RandomState,
  writeCheckpoint,
  writeParameters,
} from "../../mod.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";

const TEMPORARY = /^\.sanso-[0-9a-f-]{36}\.tmp$/;

type Files = Record<string, string>;

/** The files in a folder with their contents, and those to which symbolic links lead. */
function contents(folder: Folder): Files {
  const files = folder.names().filter((name) => statIfThere(folder.file(name))?.isFile);
  return Object.fromEntries(
    files.map((name) => [name, Deno.readTextFileSync(folder.file(name))]),
  );
}

const lines: string[] = [], log = (line: string) => void lines.push(line);

/** Saves a text; returns the line that this makes, with names instead of paths. */
function save(file: SavedFile, text: string, { path }: Folder): string | undefined {
  file.save(new TextEncoder().encode(text), { otherwise: "nothing is saved" });
  return lines.pop()?.replaceAll(`${path}/`, "");
}

/** Replaces functions of Deno until the block ends. */
function replace(
  functions: Partial<Pick<typeof Deno, "linkSync" | "openSync" | "renameSync">>,
  methods: Partial<Pick<Deno.FsFile, "syncSync" | "writeSync">> & ThisType<Deno.FsFile> = {},
): Disposable {
  const { linkSync, openSync, renameSync } = Deno;
  const { syncSync, writeSync } = Deno.FsFile.prototype;
  Object.assign(Deno, functions);
  Object.assign(Deno.FsFile.prototype, methods);
  return {
    [Symbol.dispose]() {
      Object.assign(Deno, { linkSync, openSync, renameSync });
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
  [
    { "p.npz": "old" },
    { to: "p.npz", resumed: "link.npz" },
    { "link.npz": "new", "p.npz": "new" },
  ],
];

Deno.test("example: SavedFile keeps a file that is there under the first free name, unless it is resumed or to be overwritten, and its mode", () => {
  for (const linkSync of [Deno.linkSync, noLinks]) {
    for (const [before, { to = "p.npz", resumed, overwrite }, after, line] of FIRST_SAVES) {
      using folder = new Folder(before);
      if ([to, resumed].includes("link.npz")) Deno.symlinkSync("p.npz", folder.file("link.npz"));
      if (before["p.npz"]) Deno.chmodSync(folder.file("p.npz"), 0o640);
      const files = contents(folder);
      const file = new SavedFile(folder.file(to), {
        resumed: resumed && folder.file(resumed),
        ...{ overwrite, log },
      });
      deepStrictEqual(contents(folder), files);
      using _ = replace({ linkSync });
      strictEqual(save(file, "newer", folder), line);
      strictEqual(save(file, "new", folder), undefined);
      deepStrictEqual(contents(folder), after, JSON.stringify(before));
      if (before["p.npz"]) strictEqual(Deno.statSync(folder.file("p.npz")).mode! & 0o7777, 0o640);
    }
  }
});

Deno.test("example: SavedFile leaves a file that another program has changed since it was saved or read, and goes on under another name", () => {
  for (const [what, change] of CHANGES) {
    for (const isResumed of [true, false]) {
      using folder = new Folder({ "p.npz": "first", "p.1.npz": "1" });
      const path = folder.file("p.npz");
      const file = new SavedFile(path, {
        log,
        ...isResumed ? { resumed: path } : { overwrite: true },
      });
      if (!isResumed) save(file, "first", folder);
      change(path);
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
  const path = folder.file("p.npz"), file = new SavedFile(path, { log }), { linkSync } = Deno;
  save(file, "first", folder);
  Deno.removeSync(path);
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
  const full = new Error("No space left on device (os error 28)");
  const fail = (error: Error) => () => {
    throw error;
  };
  const vanish = (from: string | URL) => {
    Deno.removeSync(from);
    throw new Deno.errors.NotFound("No such file or directory (os error 2): rename");
  };
  const denied = new Deno.errors.PermissionDenied("Permission denied (os error 13): rename");
  const cases: [...Parameters<typeof replace>, line: RegExp][] = [
    [{}, { writeSync: fail(full) }, /^p: cannot be written: no space left on device; nothing/],
    [{}, { syncSync: fail(full) }, /^p: cannot be written: no space left on device; nothing/],
    [
      { renameSync: vanish },
      {},
      /^p: cannot be written: no such file or directory; nothing is saved/,
    ],
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
    strictEqual(checkTarget(name), folder.file(to));
  }
  deepStrictEqual(folder.names(), ["dangling", "hop", "link", "old"]);
});

Deno.test("example: checkTarget() refuses a write-protected file, and SavedFile a resumed one that cannot be read", () => {
  using folder = new Folder({ "p.npz": "old" });
  const path = folder.file("p.npz"), { openSync } = Deno;
  const refusing = (isDenied: (options?: Deno.OpenOptions) => boolean | undefined) =>
    replace({ // as root may open any file, whatever its mode
      openSync(file, options) {
        if (file === path && isDenied(options)) {
          throw new Deno.errors.PermissionDenied("Permission denied (os error 13): open");
        }
        return openSync(file, options);
      },
    });
  {
    using _ = refusing((options) => options?.write);
    throws(() => checkTarget(path), { message: `${path}: cannot be written: permission denied` });
  }
  using _ = refusing((options) => !options?.write);
  const message = `${path}: cannot be read: permission denied`;
  throws(() => new SavedFile(folder.file("q.npz"), { resumed: path }), { message });
  deepStrictEqual(contents(folder), { "p.npz": "old" });
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
      "no such file or directory": ["none/file", "dangling"],
      "too many levels of symbolic links": ["round"],
      "is a directory": ["folder", "folder/", "new/", "."],
      "not a directory": ["folder/file/file"],
      "file name too long": ["x".repeat(256)],
      "is not a regular file": [
        ...["null", "pipe", "/dev/stdout", "/proc/self/fd/1"],
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
  const mark = "<svg xmlns><metadata>sanso plot</metadata>", ours = `${mark}ours`;
  const theirs = "<svg>theirs";
  using folder = new Folder();
  const path = folder.file("p.svg"),
    make = (overwrite: boolean) => new OutputFile("--out", path, "plot", overwrite);
  for (const [old, overwrite] of [[undefined, false], [ours, false], [theirs, true]] as const) {
    if (old !== undefined) folder.write("p.svg", old);
    make(overwrite).check([undefined, folder.file("none")]);
    make(overwrite).save(`${mark}new`);
    deepStrictEqual(contents(folder), { "p.svg": `${mark}new` });
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

const RANDOM = new RandomState(601);
const PARAMETERS = initialise(dim("inputs", 4), dim("hidden", 3), dim("classes", 2), RANDOM);
const ROWS = madeUpRows(3);
const RESULTS = ROWS.map(({ epoch, running, test }) => ({ epoch, running, test }));

/** The file of a run after three epochs, with the last of its history. */
function checkpoint(rows: number | undefined): Uint8Array<ArrayBuffer> {
  const digest = new Uint8Array(32);
  const state = {
    position: { epoch: 4, iteration: 0, lossSum: 0, correct: 0 },
    settings: { epochs: 9, batchSize: 10, learningRate: 0.25 },
    seed: 7,
    random: RANDOM.getState(),
    data: { trainCount: 40, trainDigest: digest, testCount: 20, testDigest: digest },
  };
  if (rows === undefined) return writeCheckpoint(PARAMETERS, state);
  const history = { rows: RESULTS.slice(3 - rows), evaluateEvery: 1, evaluateTrain: false };
  return writeCheckpoint(PARAMETERS, state, history);
}

Deno.test("example: readStoredHistory() reads an npz file and a CSV, by their first bytes", () => {
  using folder = new Folder({
    "p.csv": checkpoint(3),
    "last.npz": checkpoint(1),
    "h.npz": historyFile(ROWS),
    "cut.csv": historyFile(ROWS).trimEnd(),
    "rates.csv": historyFile(ROWS.map((row) => ({ ...row, learningRate: row.epoch }))),
    "times.csv": historyFile(ROWS.with(1, { ...ROWS[1]!, seconds: undefined })),
  });
  const settings = { network: [4, 3, 2], epochs: 9, batchSize: 10, learningRate: 0.25, seed: 7 };
  const read = (name: string) => readStoredHistory(folder.file(name));
  deepStrictEqual(read("p.csv"), { rows: RESULTS, settings });
  deepStrictEqual(read("last.npz"), { rows: RESULTS.slice(2), settings });
  const csv = { rows: ROWS, settings: { learningRate: 0.01 }, seconds: 2.25 };
  deepStrictEqual(read("h.npz"), csv);
  deepStrictEqual(read("cut.csv"), csv); // a last line without an end counts
  deepStrictEqual(read("rates.csv").settings, {});
  strictEqual("seconds" in read("times.csv"), false);
});

Deno.test("example: readStoredHistory() refuses files without a finished epoch, and others", () => {
  const cases: [contents: Uint8Array | string, reason: string | RegExp][] = [
    ...[checkpoint(undefined), checkpoint(0), writeParameters(PARAMETERS), historyFile([]), ""]
      .map((contents): typeof cases[0] => [contents, "has no finished epoch, need one at least"]),
    ["PK", /file: Cannot read zip archive: /],
  ];
  for (const [contents, reason] of cases) {
    using folder = new Folder({ file: contents });
    const path = folder.file("file");
    const message = typeof reason === "string" ? `${path}: ${reason}` : reason;
    throws(() => readStoredHistory(path), { name: "UserError", message });
  }
});

/** The run of the rows, of which so many epochs are finished. */
function run(finished: number, rows = RESULTS.slice(0, finished)): OwnRun {
  const position = { ...INITIAL_POSITION, epoch: finished + 1 };
  const settings = { epochs: 3, batchSize: 10, learningRate: 0.01 };
  return { state: { position, settings }, history: { rows } };
}

Deno.test("example: HistoryFile has a whole file after each row, and keeps what was there before", () => {
  using folder = new Folder({ "h.csv": "as it was" });
  const path = folder.file("h.csv"), history = new HistoryFile(new SavedFile(path, { log }));
  strictEqual(Deno.readTextFileSync(path), "as it was");
  ROWS.forEach((row, i) => {
    const line = `${path}: kept as ${folder.file("h.1.csv")}`;
    history.add(row);
    strictEqual(lines.pop(), i === 0 ? line : undefined);
    strictEqual(Deno.readTextFileSync(path), historyFile(ROWS.slice(0, i + 1)));
  });
  strictEqual(Deno.readTextFileSync(folder.file("h.1.csv")), "as it was");
});

/** Opens the CSV of a run that goes on, where there is such a file or none. */
function resumeIn(folder: Folder, own: OwnRun): HistoryFile {
  const path = folder.file("h.csv");
  return new HistoryFile(new SavedFile(path, { resumed: path }), own);
}

Deno.test("example: HistoryFile of a resumed run goes on after the finished epochs of the file, or makes them from the run", () => {
  const begun = ROWS.slice(0, 2), last = ROWS[2]!;
  const made = begun.map((row): HistoryRow => ({ ...row, seconds: undefined }));
  const cases: [old: string | undefined, rows: readonly HistoryRow[]][] = [
    [historyFile(begun), begun],
    [historyFile(ROWS), begun], // rows of epochs that are not finished are made again
    [historyFile(begun).trimEnd(), begun],
    [historyFile([]), made],
    ["", made],
    [undefined, made],
  ];
  for (const [old, rows] of cases) {
    using folder = new Folder(old === undefined ? {} : { "h.csv": old });
    const history = resumeIn(folder, run(2)),
      text = () => Deno.readTextFileSync(folder.file("h.csv"));
    strictEqual(text(), rows === made ? historyFile(made) : old);
    history.add(last);
    strictEqual(text(), historyFile([...rows, last]));
    deepStrictEqual(folder.names(), ["h.csv"]);
  }
});

Deno.test("example: HistoryFile of a resumed run refuses the history of another run, and leaves it as it is", () => {
  const text = historyFile(ROWS.slice(0, 2)), other = "is not the history of this run:";
  const [, second] = ROWS as [HistoryRow, HistoryRow];
  const cases: [contents: string | undefined, run: OwnRun, reason: string][] = [
    [historyFile(ROWS.slice(0, 1)), run(2), `${other} it has no epoch 2`],
    [
      text.replace(`\n2,${second.running.crossEntropy},`, "\n2,0.5,"),
      run(2),
      `${other} its epoch 2 differs`,
    ],
    [
      text.replace(/(\n1,[^,]*,[^,]*),[^,]*,[^,]*,/, "$1,,,"),
      run(2),
      `${other} its epoch 1 differs`,
    ],
    [text.replace(/,0.01,(?=[^,]*\n$)/, ",0.02,"), run(2, []), `${other} its epoch 2 differs`],
  ];
  for (const [contents, own, reason] of cases) {
    using folder = new Folder(contents === undefined ? {} : { "h.csv": contents });
    const path = folder.file("h.csv"), message = `${path}: ${reason}`;
    throws(() => resumeIn(folder, own), { name: "UserError", message });
    deepStrictEqual(folder.names(), contents === undefined ? [] : ["h.csv"]);
    if (contents !== undefined) strictEqual(Deno.readTextFileSync(path), contents);
  }
});

Deno.test("example: loadParametersOrPretrained() has the parameters of docs/reproduction/, to the bit", async () => {
  const { parameters } = await loadParametersOrPretrained(undefined);
  const file = new URL("../../docs/reproduction/parameter_10000.npz", import.meta.url);
  deepStrictEqual(parameters, loadParameters(file.pathname));
});
