/** Saving: over nothing that is not the command's own, and never incomplete. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { exists } from "../../lib/system/files.ts";
import { Child, denoCommand } from "../helpers/child.ts";
import { cli, cliProcess, refuses } from "../helpers/cli.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import { ReferenceEngine } from "../../lib/training/reference_engine.ts";
import { canMount, canProtect, SmallDisk, UNPRIVILEGED } from "../helpers/machine.ts";

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
  match(
    lines[1]!,
    /^stopped .*; saved: p\.2\.npz; continue with: .* --resume p\.2\.npz --data \.$/,
  );
  strictEqual(lines.length, 2);
  deepStrictEqual(folder.read("p.npz"), theirs);
  const units = ["p.npz", "p.1.npz", "p.2.npz"].map((name) =>
    readCheckpoint(folder.read(name)).parameters.W1.rows
  );
  deepStrictEqual(units, [6, 5, 5]);
});

testIf(
  Deno.build.os !== "windows",
  "SIGSTOP",
  "example: train names no file as saved that has vanished with its folder, the present one too",
  async () => {
    for (const [there, to] of [[".", "there/p.npz"], ["there", "p.npz"]] as const) {
      using folder = new Folder({ "there/none": "" });
      for (const [name, bytes] of Object.entries(smallSet())) {
        folder.write(`${there}/${name}`, bytes);
      }
      const args = [...saving(to, { epochs: 1_000_000 }), "--save-every", "100"];
      const run = Child.cli(args, folder.file(there));
      await run.until(() => exists(folder.file("there/p.npz")));
      run.kill("SIGSTOP"); // so that it saves nothing while its folder is emptied
      Deno.removeSync(folder.file("there"), { recursive: true });
      run.kill("SIGCONT");
      const { code, stderr } = await run.end;
      const reason = "no such file or folder; nothing is saved";
      deepStrictEqual([code, stderr], [1, `error: ${to}: cannot be written: ${reason}\n`]);
    }
  },
);

Deno.test("example: a command replaces a file that it has made, and no other without --overwrite", async () => {
  const h = historyFile(madeUpRows(2)), p = await parameters();
  using folder = new Folder({ ...smallSet(), "h.csv": h, "p.npz": p });
  const cwd = folder.path, data = ["--data", "."];
  const commands: [command: string, args: string[], option: string, file: string][] = [
    ["plot", ["plot", "h.csv"], "--out", "curves.svg"],
    ["export", ["export", "p.npz"], "--out", "model.onnx"],
    ["summary", ["summary", "p.npz", ...data], "--out", "summary.html"],
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

testIf(
  canProtect(),
  "way to run without root's right to write any file",
  "example: every command refuses to replace a write-protected file, before it computes anything",
  async () => {
    const checkpoint = await parameters(), history = historyFile(madeUpRows(1));
    const files = { ...smallSet(), "p.npz": checkpoint, "h.csv": history, "old.svg": OLD };
    using folder = new Folder(files);
    for (const name of ["p.npz", "h.csv", "old.svg"]) Deno.chmodSync(folder.file(name), 0o444);
    Deno.chmodSync(folder.write("secret.npz", checkpoint), 0o000);
    Deno.symlinkSync("p.npz", folder.file("link.npz"));
    const before = folder.names();
    const commands: [args: string[], file: string, verb?: string][] = [
      [saving("link.npz"), "link.npz"],
      [["train", "--data=.", "--resume=secret.npz"], "secret.npz", "read"],
      [["train", "--data=.", "--resume=p.npz", "--save=q.npz", "--history=h.csv"], "h.csv"],
      [["plot", "h.csv", "--out", "old.svg"], "old.svg"],
    ];
    await Promise.all(commands.map(async ([args, file, verb = "written"]) => {
      const command = [...UNPRIVILEGED, ...denoCommand(args)];
      const { code, stdout, stderr } = await new Child(command, folder.path).end;
      const line = `error: ${file}: cannot be ${verb}: permission denied\n`;
      deepStrictEqual([code, stdout, stderr], [1, "", line], args.join(" "));
    }));
    deepStrictEqual(folder.names(), before);
    deepStrictEqual(folder.read("p.npz"), checkpoint);
    deepStrictEqual(new TextDecoder().decode(folder.read("h.csv")), history);
    deepStrictEqual(new TextDecoder().decode(folder.read("old.svg")), OLD);
  },
);

testIf(
  canMount(),
  "leave to mount a file system",
  "example: train keeps the old file and leaves no other when the disk is full",
  async () => {
    using folder = new Folder({ ...smallSet(), "disk/old.npz": "" });
    using disk = new SmallDisk(folder.file("disk"), "16k");
    folder.write("disk/old.npz", OLD);
    // 300 units come to 38 kB: there is room for the beginning of the new file
    const run = await cli(saving("disk/old.npz", { hidden: 300 }), { cwd: folder.path });
    const line =
      "error: disk/old.npz: cannot be written: no space left on the disk; nothing is saved\n";
    deepStrictEqual([run.code, run.stderr], [1, line]);
    match(run.stdout, /^\d\.\d+\n$/); // the epoch's loss, so that all went well until then
    strictEqual(Deno.readTextFileSync(folder.file("disk/old.npz")), OLD);
    deepStrictEqual([...Deno.readDirSync(disk.path)].map((entry) => entry.name), ["old.npz"]);
  },
);

testIf(
  canMount(),
  "leave to mount a file system",
  "example: train says which epoch is saved when the disk is full, and so does --resume",
  async () => {
    using folder = new Folder({ ...smallSet(), "disk/none": "" });
    using disk = new SmallDisk(folder.file("disk"), "16k");
    // there is room for two files until the history has grown
    const args = [...saving("disk/p.npz", { epochs: 1000 }), "--save-every", "1"];
    const run = await cli(args, { cwd: folder.path });
    const { state } = readCheckpoint(folder.read("disk/p.npz"));
    const saved = `saved: disk/p.npz, at the end of epoch ${state.position.epoch - 1}`;
    const stderr = `error: disk/p.npz: cannot be written: no space left on the disk; ${saved}\n`;
    deepStrictEqual([run.code, run.stderr], [1, stderr]);
    const resuming = ["train", "--data=.", "--quiet", "--resume=disk/p.npz", "--save-every=1"];
    const resumed = await cli(resuming, { cwd: folder.path });
    deepStrictEqual([resumed.code, resumed.stderr], [1, stderr]);
    deepStrictEqual([...Deno.readDirSync(disk.path)].map((entry) => entry.name), ["p.npz"]);
  },
);

testIf(
  Deno.build.os === "linux",
  "/dev/full",
  "example: every command reports in one line that standard output cannot be written",
  async () => {
    using folder = new Folder({ ...smallSet(), "p.npz": await parameters() });
    const line = "error: standard output: cannot be written: no space left on the disk";
    const commands: [args: string[], more?: string][] = [
      // what was learnt until then is not lost
      [saving("learnt.npz"), "; saved: learnt.npz, in epoch 1 after iteration 4"],
      [["evaluate", "p.npz", "--data", "."]],
    ];
    await Promise.all(commands.map(async ([args, more = ""]) => {
      const run = await cliProcess(args, { cwd: folder.path, stdoutTo: "/dev/full" });
      const stderr = `${line}${more}\n`;
      deepStrictEqual(run, { code: 1, stdout: "", stderr }, args.join(" "));
    }));
    readCheckpoint(folder.read("learnt.npz"));
  },
);

Deno.test("example: train saves what it has learnt where memory runs out, and every command says so in one line", async () => {
  using folder = new Folder(smallSet());
  const { prototype } = ReferenceEngine, { predictionsAndLosses } = prototype;
  let left = 1;
  Object.assign(prototype, {
    predictionsAndLosses(this: unknown, ...args: unknown[]) {
      if (left-- === 0) throw new RangeError("Array buffer allocation failed");
      return Reflect.apply(predictionsAndLosses, this, args);
    },
  });
  const engine = ["--engine", "reference"];
  try {
    const args = [...saving("p.npz", { epochs: 3 }), ...engine, "--save-every", "100"];
    const run = await cli(args, { cwd: folder.path });
    const saved = "saved: p.npz, in epoch 2 after iteration 4";
    deepStrictEqual([run.code, run.stderr], [1, `error: not enough memory to go on; ${saved}\n`]);
    left = 0;
    const line = "not enough memory for evaluate";
    const evaluate = ["evaluate", "p.npz", "--data", ".", ...engine];
    await refuses(evaluate, 1, line, { cwd: folder.path });
  } finally {
    prototype.predictionsAndLosses = predictionsAndLosses;
  }
  const resume = ["train", "--data", ".", "--resume", "p.npz", "--quiet"];
  strictEqual((await cli(resume, { cwd: folder.path })).code, 0);
});

testIf(
  Deno.build.os === "linux",
  "/dev/stdout",
  "example: train refuses to save to standard output, also to a file",
  async () => {
    using folder = new Folder(smallSet());
    const line = "/dev/stdout: cannot be written: it is not a regular file";
    // Deno allows access there only with all permissions
    const options = { cwd: folder.path, permissions: ["-A"] };
    const stdoutTo = folder.write("log", OLD);
    await refuses(saving("/dev/stdout"), 1, line, { ...options, stdoutTo });
    deepStrictEqual(folder.names(), [...Object.keys(smallSet()), "log"].sort());
  },
);
