/** Saving: over nothing that is not the command's own, and never incomplete. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { Child } from "../helpers/child.ts";
import { cli, cliProcess, refuses } from "../helpers/cli.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import { libraryRun } from "../helpers/runs.ts";
import { ReferenceEngine } from "../../lib/training/reference_engine.ts";

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

Deno.test("example: train keeps the file of an earlier run, with --overwrite replaces it, and with --resume goes on in it", async () => {
  using folder = new Folder({ ...smallSet(), "p.npz": OLD });
  const run = async (...args: string[]) => {
    const { code, stderr } = await cli(args, { cwd: folder.path });
    strictEqual(code, 0);
    return stderr;
  };
  const args = saving("p.npz").filter((word) => word !== "--quiet");
  match(await run(...args), /\np\.npz: kept as p\.1\.npz\nsaved: p\.npz\n/);
  deepStrictEqual(folder.read("p.npz"), await parameters());
  strictEqual(Deno.readTextFileSync(folder.file("p.1.npz")), OLD);
  folder.write("p.npz", OLD);
  strictEqual(await run(...saving("p.npz"), "--overwrite"), "");
  deepStrictEqual(folder.read("p.npz"), await parameters());
  strictEqual(await run("train", "--data=.", "--quiet", "--resume=p.npz", "--epochs=2"), "");
  strictEqual(readCheckpoint(folder.read("p.npz")).state.position.epoch, 3);
  deepStrictEqual(folder.names(), [...Object.keys(smallSet()), "p.1.npz", "p.npz"].sort());
});

/** Calls `onSave` with the bytes of each save, until the block ends. */
function watchSaves(onSave: (bytes: Uint8Array) => void): Disposable {
  const { linkSync, renameSync } = Deno;
  const watched = (move: (from: string, to: string) => void) => (from: string, to: string) => {
    move(from, to);
    if (from.endsWith(".tmp")) onSave(Deno.readFileSync(to));
  };
  Object.assign(Deno, { linkSync: watched(linkSync), renameSync: watched(renameSync) });
  return { [Symbol.dispose]: () => void Object.assign(Deno, { linkSync, renameSync }) };
}

Deno.test("example: train --save-every saves after every n epochs and at the end, and no more often", async () => {
  const files = smallSet(), whole = libraryRun(files, { epochs: 9, batch: 10, hidden: 5 });
  for (
    const [every, epochs] of [["1", [1, 2, 3, 4, 5, 6, 7, 8, 9]], ["4", [4, 8, 9]], ["9", [
      9,
    ]]] as const
  ) {
    using folder = new Folder(files);
    const saved: number[] = []; // 0 for what the run never has at the end of an epoch
    using _ = watchSaves((bytes) => {
      saved.push(1 + whole.findIndex(({ checkpoint }) => Buffer.compare(checkpoint, bytes) === 0));
    });
    await cli([...saving("p.npz", { epochs: 9 }), "--save-every", every], { cwd: folder.path });
    deepStrictEqual(saved, [...epochs]);
  }
});

Deno.test("example: train saves 30 seconds after its start or last save, in the middle of an epoch too", async () => {
  using folder = new Folder(smallSet());
  const { now } = performance, saves: { at: number; iteration: number }[] = [];
  let time = 0;
  using _ = watchSaves((bytes) => {
    saves.push({
      at: time,
      iteration: readCheckpoint(Uint8Array.from(bytes)).state.position.iteration,
    });
  });
  performance.now = () => time += 650; // at each look
  try {
    await cli(saving("p.npz", { epochs: 40 }), { cwd: folder.path });
  } finally {
    performance.now = now;
  }
  const gaps = saves.slice(0, -1).map(({ at }, i) => at - (saves[i - 1]?.at ?? 0)); // the last is the end
  ok(gaps.length > 3 && gaps.every((gap) => gap > 30_000 && gap < 40_000), `${gaps}`);
  ok(saves.slice(0, -1).some(({ iteration }) => iteration > 0));
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
});

/** A file system in memory at this path, until its block ends. */
class SmallDisk implements Disposable {
  /** `size` as mount takes it: "8k". */
  constructor(readonly path: string, size: string) {
    system("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path);
  }

  [Symbol.dispose](): void {
    system("umount", this.path);
  }
}

/** Whether this machine allows the test to mount. */
function canMount(): boolean {
  using folder = new Folder();
  try {
    using _ = new SmallDisk(folder.path, "16k");
    return true;
  } catch {
    return false;
  }
}

function system(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
}

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
    const stderr = `error: disk/p.npz: cannot be written: no space left on device; ${saved}\n`;
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
    const line = "error: standard output: cannot be written: no space left on device";
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
