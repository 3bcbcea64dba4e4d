/**
 * Saving: through links, over nothing that is not the command's own, and never incomplete.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { cli, cliProcess, refuses } from "../helpers/cli.ts";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { Child, denoCommand } from "../helpers/child.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { testIf } from "../helpers/conditional.ts";
import { smallSet } from "../helpers/idx.ts";
import {
  canProtect,
  canRunWithoutOwnership,
  NO_OWNER,
  UNPRIVILEGED,
} from "../helpers/unprivileged.ts";

const OLD = "as it was";

/** The arguments of a short run that saves to `to`. */
function saving(to: string, { hidden = 5, epochs = 1 } = {}): string[] {
  const short = ["--data", ".", "--batch", "10", "--epochs", `${epochs}`, "--hidden", `${hidden}`];
  return ["train", ...short, "--quiet", "--save", to];
}

/** The file that an undisturbed run on the small set saves. */
async function parameters(): Promise<Uint8Array> {
  using folder = new Folder(smallSet());
  strictEqual((await cli(saving("p.npz"), { cwd: folder.path })).code, 0);
  return folder.read("p.npz");
}

Deno.test("example: train twice in a folder keeps the first file, whether it is named or not, and takes over its mode", async () => {
  const file = await parameters();
  for (const [name, kept] of [["parameter.npz", "parameter.1.npz"], ["./p.npz", "./p.1.npz"]]) {
    using folder = new Folder({ ...smallSet(), [name!]: OLD });
    Deno.chmodSync(folder.file(name!), 0o640);
    const args = ["train", "--data=.", "--epochs=1", "--batch=10", "--hidden=5"];
    if (name !== "parameter.npz") args.push("--save", name!);
    const { code, stderr } = await cli(args, { cwd: folder.path });
    strictEqual(code, 0);
    match(stderr, new RegExp(`\n${name}: kept as ${kept}\nsaved: ${name}\n`));
    strictEqual(Deno.readTextFileSync(folder.file(kept!)), OLD);
    deepStrictEqual(folder.read(name!), file);
    strictEqual(Deno.statSync(folder.file(name!)).mode! & 0o7777, 0o640);
    // a second one, which says nothing
    deepStrictEqual((await cli([...args, "--quiet"], { cwd: folder.path })).stderr, "");
    deepStrictEqual(folder.read(kept!.replace("1", "2")), file);
  }
});

Deno.test("example: train --overwrite replaces the file, and so does --resume that of its run", async () => {
  using folder = new Folder({ ...smallSet(), "p.npz": OLD });
  const cwd = folder.path, before = folder.names();
  const overwriting = await cli([...saving("p.npz"), "--overwrite"], { cwd });
  deepStrictEqual([overwriting.code, overwriting.stderr], [0, ""]);
  deepStrictEqual(folder.read("p.npz"), await parameters());
  const resuming = ["train", "--data", ".", "--quiet", "--resume", "p.npz", "--epochs", "2"];
  deepStrictEqual((await cli(resuming, { cwd })).code, 0);
  deepStrictEqual(readCheckpoint(folder.read("p.npz")).state.position.epoch, 3);
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: train leaves the file of another run that began later, and says where its own is", async () => {
  using folder = new Folder(smallSet());
  // rarely enough that no two saves meet
  const args = [...saving("p.npz", { epochs: 1_000_000 }), "--save-every", "500"];
  const first = Child.cli(args, folder.path);
  await first.until(() => folder.names().includes("p.npz"));
  const second = await cli(saving("p.npz", { hidden: 6 }), { cwd: folder.path });
  strictEqual(second.code, 0);
  const theirs = folder.read("p.npz");
  await first.until(() => first.stderr !== "");
  first.kill("SIGTERM");
  const { code, stderr } = await first.end;
  strictEqual(code, 143);
  const lines = stderr.trimEnd().split("\n");
  strictEqual(lines[0], "p.npz: another program has changed it; saved as p.2.npz");
  match(lines[1]!, /^stopped .*; saved: p\.2\.npz; continue with --resume p\.2\.npz$/);
  strictEqual(lines.length, 2);
  deepStrictEqual(folder.read("p.npz"), theirs);
  const units = ["p.npz", "p.1.npz", "p.2.npz"].map((name) =>
    readCheckpoint(folder.read(name)).parameters.W1.rows
  );
  deepStrictEqual(units, [6, 5, 5]);
});

Deno.test("example: train --load keeps the file that it starts from, if it saves under the same name", async () => {
  const file = await parameters();
  using folder = new Folder({ ...smallSet(), "p.npz": file });
  strictEqual((await cli([...saving("p.npz"), "--load", "p.npz"], { cwd: folder.path })).code, 0);
  deepStrictEqual(folder.read("p.1.npz"), file);
});

Deno.test("example: a command replaces a file that it has made, and no other without --overwrite", async () => {
  const h = historyFile(madeUpRows(2)), p = await parameters();
  using folder = new Folder({ ...smallSet(), "h.csv": h, "p.npz": p });
  const cwd = folder.path, data = ["--data", "."];
  const commands: [command: string, args: string[], option: string, file: string][] = [
    ["plot", ["plot", "h.csv"], "--out", "curves.svg"],
    ["export", ["export", "p.npz"], "--out", "model.onnx"],
    ["report", ["report", "p.npz", ...data], "--out", "report.html"],
    ["serve", ["serve", "p.npz", ...data], "--export", "page.html"],
  ];
  for (const [, args, option, file] of commands) {
    for (let time = 0; time < 2; time++) {
      const { code, stderr } = await cli([...args, option, file], { cwd });
      deepStrictEqual([code, stderr], [0, `saved: ${file}\n`]);
    }
  }
  const files = [...commands.map(([, , , file]) => file), "p.npz"];
  for (const [command, args, option, own] of commands) {
    for (const file of files.filter((file) => file !== own && !args.includes(file))) {
      const before = folder.read(file);
      const line = `${file}: exists and was not made by ${command}; ` +
        "choose another file, or --overwrite";
      await refuses([...args, option, file], 1, line, { cwd });
      deepStrictEqual(folder.read(file), before);
    }
    folder.write("other", "");
    const replaced = await cli([...args, option, "other", "--overwrite"], { cwd });
    deepStrictEqual([replaced.code, replaced.stderr], [0, "saved: other\n"]);
    deepStrictEqual(folder.read("other"), folder.read(own));
  }
  const line = "--overwrite needs --export";
  await refuses(["serve", "p.npz", ...data, "--overwrite"], 2, line, { cwd });
});

Deno.test("example: train --save writes through symbolic links, also to where nothing is yet", async () => {
  using folder = new Folder({ ...smallSet(), "there/old.npz": OLD });
  const link = (from: string, to: string) => Deno.symlinkSync(to, folder.file(from));
  link("link.npz", "there/old.npz");
  link("chain.npz", "hop.npz");
  link("hop.npz", folder.file("there/new.npz"));
  link("folder", "there");
  const links = ["link.npz", "chain.npz", "folder/third.npz"];
  const runs = await Promise.all(links.map((to) => cli(saving(to), { cwd: folder.path })));
  deepStrictEqual(runs.map((run) => run.code), [0, 0, 0]);
  const file = await parameters();
  for (const name of ["there/old.npz", "there/new.npz", "there/third.npz"]) {
    deepStrictEqual(folder.read(name), file);
  }
  for (const name of ["link.npz", "chain.npz", "hop.npz", "folder"]) {
    ok(Deno.lstatSync(folder.file(name)).isSymlink, name);
  }
  const there = [...Deno.readDirSync(folder.file("there"))].map(({ name }) => name).sort();
  deepStrictEqual(there, ["new.npz", "old.1.npz", "old.npz", "third.npz"]);
});

Deno.test("example: train --save takes a name as long as the file system does", async () => {
  using folder = new Folder(smallSet());
  const longest = "重".repeat(85); // 255 bytes
  strictEqual((await cli(saving(longest), { cwd: folder.path })).code, 0);
  deepStrictEqual(folder.read(longest), await parameters());
  const line = `${longest}x: cannot be written: file name too long`;
  await refuses(saving(`${longest}x`), 1, line, { cwd: folder.path });
});

Deno.test("example: train refuses a --save that cannot be written before it computes anything", async () => {
  const files = smallSet();
  using folder = new Folder({ ...files, "folder/p.npz": OLD });
  const link = (from: string, to: string) => Deno.symlinkSync(to, folder.file(from));
  link("dangling.npz", "none/p.npz");
  link("round.npz", "about.npz");
  link("about.npz", "round.npz");
  link("data.npz", "train-labels-idx1-ubyte");
  const before = folder.names();
  const because = (to: string, reason: string) =>
    refuses(saving(to), 1, `${to}: cannot be written: ${reason}`, { cwd: folder.path });
  const refused = (to: string, line: string) => refuses(saving(to), 1, line, { cwd: folder.path });
  await Promise.all([
    because("none/p.npz", "no such file or folder"),
    because("dangling.npz", "no such file or folder"),
    because("round.npz", "symbolic links form a loop"),
    because("folder", "it is a folder"),
    because("folder/", "it is a folder"),
    because("new/", "it names a folder"),
    because(".", "it is a folder"),
    because("folder/p.npz/q.npz", "not a folder"),
    refused(
      "train-images-idx3-ubyte",
      "--save train-images-idx3-ubyte: is also an input; choose another file",
    ),
    refused(
      "folder/../t10k-labels-idx1-ubyte",
      "--save folder/../t10k-labels-idx1-ubyte: is also an input; choose another file",
    ),
    refused("data.npz", "--save data.npz: is also an input; choose another file"),
  ]);
  deepStrictEqual(folder.names(), before);
  for (const [name, bytes] of Object.entries(files)) deepStrictEqual(folder.read(name), bytes);
});

Deno.test("example: train refuses to save to a device or a pipe, and does not replace it", async () => {
  using folder = new Folder(smallSet());
  const pipe = folder.file("pipe"), link = folder.file("link.npz");
  system("mkfifo", pipe);
  const devices = [device(folder, "null", 3), device(folder, "full", 7)] as const;
  Deno.symlinkSync(devices[0], link);
  // Deno allows access to /dev only with all permissions
  const options = { cwd: folder.path, permissions: ["--allow-all"] };
  await Promise.all(
    [...devices, pipe, link].map((to) =>
      refuses(saving(to), 1, `${to}: cannot be written: it is not a regular file`, options)
    ),
  );
  for (const device of devices) ok(Deno.statSync(device).isCharDevice, device);
  ok(Deno.statSync(pipe).isFifo);
});

testIf(
  canProtect(),
  "way to run without root's right to write any file",
  "example: every command refuses to replace a write-protected file, before it computes anything",
  async () => {
    const checkpoint = await parameters(), history = historyFile(madeUpRows(1));
    const files = { ...smallSet(), "p.npz": checkpoint, "h.csv": history, "old.svg": OLD };
    using folder = new Folder(files);
    for (const name of ["p.npz", "h.csv", "old.svg"]) Deno.chmodSync(folder.file(name), 0o444);
    Deno.symlinkSync("p.npz", folder.file("link.npz"));
    const before = folder.names();
    const commands: [args: string[], file: string][] = [
      [saving("p.npz"), "p.npz"],
      [saving("link.npz"), "link.npz"],
      [["train", "--data=.", "--resume=p.npz", "--epochs=2"], "p.npz"],
      [["train", "--data=.", "--resume=p.npz", "--save=q.npz", "--history=h.csv"], "h.csv"],
      [["plot", "h.csv", "--out", "old.svg"], "old.svg"],
      [["export", "p.npz", "--out", "old.svg"], "old.svg"],
    ];
    await Promise.all(commands.map(async ([args, file]) => {
      const command = [...UNPRIVILEGED, ...denoCommand(args)];
      const { code, stdout, stderr } = await new Child(command, folder.path).end;
      const line = `error: ${file}: cannot be written: permission denied\n`;
      deepStrictEqual([code, stdout, stderr], [1, "", line], args.join(" "));
    }));
    deepStrictEqual(folder.names(), before);
    deepStrictEqual(folder.read("p.npz"), checkpoint);
    deepStrictEqual(new TextDecoder().decode(folder.read("h.csv")), history);
    deepStrictEqual(new TextDecoder().decode(folder.read("old.svg")), OLD);
  },
);

testIf(
  canProtect(),
  "way to run without root's right to read any folder",
  "example: train and plot save into a folder that can be written but not listed",
  async () => {
    using folder = new Folder({ ...smallSet(), "drop/p.npz": OLD });
    const drop = folder.file("drop");
    Deno.chmodSync(drop, 0o333);
    try {
      for (const args of [saving("drop/p.npz"), ["plot", "drop/p.npz", "--out", "drop/c.svg"]]) {
        const command = [...UNPRIVILEGED, ...denoCommand(args)];
        const { code, stderr } = await new Child(command, folder.path).end;
        deepStrictEqual([code, stderr], [0, args[0] === "train" ? "" : "saved: drop/c.svg\n"]);
      }
    } finally {
      Deno.chmodSync(drop, 0o755);
    }
    deepStrictEqual(folder.read("drop/p.npz"), await parameters());
    const names = [...Deno.readDirSync(drop)].map(({ name }) => name).sort();
    deepStrictEqual(names, ["c.svg", "p.1.npz", "p.npz"]);
  },
);

testIf(
  canMount(),
  "leave to mount a file system",
  "example: train keeps the old file and leaves no other when the disk is full",
  async () => {
    using folder = new Folder({ ...smallSet(), "disk/old.npz": "" });
    const disk = folder.file("disk");
    mount(disk, "16k");
    try {
      folder.write("disk/old.npz", OLD);
      // 300 units come to 38 kB: there is room for the beginning of the new file
      const run = await cli(saving("disk/old.npz", { hidden: 300 }), { cwd: folder.path });
      strictEqual(run.code, 1);
      const line =
        "error: disk/old.npz: cannot be written: no space left on the disk; nothing is saved\n";
      strictEqual(run.stderr, line);
      match(run.stdout, /^\d\.\d+\n$/); // the epoch's loss, so that all went well until then
      strictEqual(Deno.readTextFileSync(folder.file("disk/old.npz")), OLD);
      deepStrictEqual([...Deno.readDirSync(disk)].map((entry) => entry.name), ["old.npz"]);
    } finally {
      unmount(disk);
    }
  },
);

testIf(
  canMount(),
  "leave to mount a file system",
  "example: train says which epoch is saved when the disk is full, and so does --resume",
  async () => {
    using folder = new Folder({ ...smallSet(), "disk/none": "" });
    const disk = folder.file("disk"), cwd = folder.path;
    mount(disk, "16k");
    try {
      // there is room for two files until the history has grown
      const args = [...saving("disk/p.npz", { epochs: 1000 }), "--save-every", "1"];
      const run = await cli(args, { cwd });
      const { state } = readCheckpoint(folder.read("disk/p.npz"));
      const saved = `saved: disk/p.npz, at the end of epoch ${state.position.epoch - 1}`;
      const stderr = `error: disk/p.npz: cannot be written: no space left on the disk; ${saved}\n`;
      deepStrictEqual([run.code, run.stderr], [1, stderr]);
      const resuming = ["train", "--data=.", "--quiet", "--resume=disk/p.npz", "--save-every=1"];
      const resumed = await cli(resuming, { cwd });
      deepStrictEqual([resumed.code, resumed.stderr], [1, stderr]);
      const elsewhere = await cli([...resuming, "--save=disk/q.npz"], { cwd });
      const line = stderr.replace("p.npz", "q.npz"); // the first name alone
      deepStrictEqual([elsewhere.code, elsewhere.stderr], [1, line]);
      deepStrictEqual([...Deno.readDirSync(disk)].map((entry) => entry.name), ["p.npz"]);
    } finally {
      unmount(disk);
    }
  },
);

testIf(
  canRunWithoutOwnership(),
  "way to run without root's right to the files of others",
  "example: train saves under a temporary name, which it prints, if the file has become another user's in a sticky folder",
  async () => {
    using folder = new Folder({ ...smallSet(), "sticky/p.npz": OLD });
    Deno.chmodSync(folder.file("sticky"), 0o1777);
    Deno.chownSync(folder.file("sticky"), 1000, 1000);
    const args = saving("sticky/p.npz", { epochs: 1_000_000 });
    const run = new Child([...NO_OWNER, ...denoCommand(args)], folder.path);
    await run.until(() => run.stdout !== "");
    Deno.chownSync(folder.file("sticky/p.npz"), 1000, 1000);
    run.kill("SIGTERM");
    const { code, stderr } = await run.end;
    const line = /^error: sticky\/p\.npz: cannot be written: permission denied; saved: (.*)\n$/;
    match(stderr, line);
    strictEqual(code, 1);
    const [, left] = stderr.match(line)!;
    match(left!, /^sticky\/\.sanso-[0-9a-f-]{36}\.tmp$/);
    readCheckpoint(folder.read(left!));
    strictEqual(Deno.readTextFileSync(folder.file("sticky/p.npz")), OLD);
  },
);

testIf(
  exists("/dev/full"),
  "/dev/full",
  "example: every command reports in one line that standard output cannot be written",
  async () => {
    using folder = new Folder({ ...smallSet(), "p.npz": await parameters(), "old.npz": OLD });
    const line = "error: standard output: cannot be written: no space left on the disk";
    const commands: [args: string[], more?: string][] = [
      // what was learnt until then is not lost
      [saving("learnt.npz"), "; saved: learnt.npz, in epoch 1 after iteration 4"],
      [[...saving("old.npz"), "--prompt"]],
      [["evaluate", "p.npz", "--data", "."]],
      [["inspect", "p.npz"]],
      [["--help"]],
      [["--version"]],
    ];
    await Promise.all(commands.map(async ([args, more = ""]) => {
      const run = await cliProcess(args, { cwd: folder.path, stdoutTo: "/dev/full" });
      const stderr = `${line}${more}\n`;
      deepStrictEqual(run, { code: 1, stdout: "", stderr }, args.join(" "));
    }));
    strictEqual(new TextDecoder().decode(folder.read("old.npz")), OLD);
    readCheckpoint(folder.read("learnt.npz"));
  },
);

testIf(
  exists("/dev/stdout"),
  "/dev/stdout",
  "example: a file cannot be saved to standard output where that is a pipe",
  async () => {
    using folder = new Folder(smallSet());
    const line = "/dev/stdout: cannot be written: it is not a regular file";
    // Deno allows access there only with all permissions
    await refuses(saving("/dev/stdout"), 1, line, { cwd: folder.path, permissions: ["-A"] });
  },
);

/**
 * A new device, so that a failing test does not replace the machine's. A user who cannot create one
 * cannot replace one either.
 */
function device(folder: Folder, name: string, minor: number): string {
  const path = folder.file(name);
  try {
    system("mknod", path, "c", "1", `${minor}`);
    return path;
  } catch {
    return `/dev/${name}`;
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function canMount(): boolean {
  using folder = new Folder();
  try {
    mount(folder.path, "16k");
  } catch {
    return false;
  }
  unmount(folder.path);
  return true;
}

function mount(path: string, size: string): void {
  system("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path);
}

function unmount(path: string): void {
  system("umount", path);
}

function system(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
}
