/** What ends a run: signals, a closed terminal, a closed pipe; it is saved. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { Child, denoCommand } from "../helpers/child.ts";
import { cli } from "../helpers/cli.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { resumeArguments, stoppedLine, trainArguments } from "../helpers/runs.ts";

const FILES = smallSet();
const SHORT = { epochs: 3, batch: 10, hidden: 5 };

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

Deno.test("example: train ends a long batch before it stops on signals, and saves", async () => {
  // a batch of a second or so: 100 images of 28x28 through 1000 units, by the reference
  const files = smallSet({ train: 100, height: 28, width: 28 });
  const slow = { epochs: 1000, batch: 100, hidden: 1000 };
  await Promise.all([["SIGINT", "SIGINT"], ["SIGTERM", "SIGHUP"]].map(async (signals) => {
    using folder = new Folder({ ...files, "p.npz": "as it was" });
    const run = Child.cli([...trainArguments(slow), "--engine", "reference"], folder.path);
    await run.until(() => run.stdout !== "");
    for (const signal of signals) run.kill(signal as Deno.Signal);
    const { code, signal, stderr } = await run.end;
    ok(signal === null && Object.values(CODES).includes(code as 130), `${code}, ${signal}`);
    ok(stderr.endsWith(`${stoppedLine(folder)}\n`), stderr);
    strictEqual(new TextDecoder().decode(folder.read("p.1.npz")), "as it was");
  }));
});

Deno.test("example: train stops on a signal in the middle of an evaluation, and says if nothing is left to train", async () => {
  // an evaluation of ten seconds or more, by the reference, that shows a line after two: on a
  // computer that is four times faster, chunks are still left then
  const files = smallSet({ train: 3, test: 16_000, height: 28, width: 28 });
  const args = [...trainArguments({ epochs: 1, batch: 3, hidden: 2000 }), "--engine=reference"];
  const cases: [more: string[], stdout: RegExp, epoch: number, iteration: number, rest: string][] =
    [
      [[], /^$/, 1, 1, "continue with: "], // the row of the epoch comes with the evaluation
      [["--no-history"], /^\d\.\d+\n$/, 2, 0, "the run is done\n"],
    ];
  await Promise.all(cases.map(async ([more, printed, epoch, iteration, rest]) => {
    using folder = new Folder(files);
    const run = Child.cli([...args, ...more], folder.path);
    await run.until(() => run.stderr.includes("evaluating on test"));
    run.kill("SIGINT");
    const { code, stdout, stderr } = await run.end;
    strictEqual(code, CODES.SIGINT, stderr);
    match(stdout, printed);
    ok(stderr.includes(`; saved: p.npz; ${rest}`), stderr);
    const { position } = readCheckpoint(folder.read("p.npz")).state;
    deepStrictEqual([position.epoch, position.iteration], [epoch, iteration]);
  }));
});

testIf(
  Deno.build.os !== "windows",
  "a limit of ulimit -f",
  "example: train that may write no such large file says so, and leaves no temporary file",
  async () => {
    const files = smallSet({ train: 10, height: 28, width: 28 });
    using folder = new Folder(files);
    const train = denoCommand([
      ...trainArguments({ epochs: 1, batch: 10, hidden: 4000 }),
      "--quiet",
    ]);
    const run = new Child(["sh", "-c", 'ulimit -f 20000; exec "$@"', "sh", ...train], folder.path);
    const { code, stderr } = await run.end;
    strictEqual(
      stderr,
      "error: p.npz: cannot be written: file too large; nothing is saved\n",
    );
    strictEqual(code, 1);
    deepStrictEqual(folder.names(), Object.keys(files).sort());
  },
);

/** Whether `script` opens a terminal, and `bash` is there to run in it. */
function hasTerminal(): boolean {
  try {
    return new Deno.Command("script", { args: ["-qec", "bash --norc -c true", "/dev/null"] })
      .outputSync().success;
  } catch {
    return false;
  }
}

testIf(
  hasTerminal(),
  "script of util-linux, or bash",
  "example: train saves when its terminal is closed, though nothing can be printed any more",
  async () => {
    await Promise.all([[], ["--quiet"]].map(async (quiet) => {
      using folder = new Folder(FILES);
      const words = denoCommand([...trainArguments({ ...SHORT, epochs: 1_000_000 }), ...quiet]);
      const command = words.map((word) => `'${word}'`).join(" ");
      // survives the end of its terminal, to write down how the program ends
      folder.write("run.sh", `trap : HUP\n${command}\necho $? >code.part\nmv code.part code\n`);
      const shell = "bash --norc -i";
      const terminal = new Child(["script", "-qec", shell, "/dev/null"], folder.path);
      await terminal.type("sh run.sh\n");
      await terminal.until(() => /^0\.\d+\r$/m.test(terminal.stdout)); // the loss of an epoch
      ok(!folder.names().includes("p.npz"));
      terminal.kill("SIGKILL");
      await terminal.end;
      for (let i = 0; i < 500 && !folder.names().includes("code"); i++) await setTimeout(20);
      strictEqual(new TextDecoder().decode(folder.read("code")), "129\n");
      readCheckpoint(folder.read("p.npz"));
      deepStrictEqual(folder.names(), [...Object.keys(FILES), "code", "p.npz", "run.sh"].sort());
    }));
  },
);

testIf(
  Deno.build.os === "linux",
  "Linux",
  "example: train that nohup has started outlives its terminal, and saves on another signal",
  async () => {
    using folder = new Folder(FILES);
    const words = denoCommand(trainArguments({ ...SHORT, epochs: 1_000_000 }), ["--allow-all"])
      .filter((word) => !/^--allow-(read|write)$/.test(word)); // Deno takes all or some
    const run = new Child(["sh", "-c", 'trap "" HUP; exec "$@"', "sh", ...words], folder.path);
    await run.until(() => run.stdout !== "");
    for (let i = 0; i < 3; i++) {
      run.kill("SIGHUP");
      await setTimeout(100);
    }
    const epochs = run.stdout.length;
    await run.until(() => run.stdout.length > epochs + 1000);
    run.kill("SIGTERM");
    const { code, stderr } = await run.end;
    strictEqual(code, CODES.SIGTERM);
    ok(stderr.endsWith(`${stoppedLine(folder)}\n`), stderr);
  },
);

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("example: train saves and exits with 1 when standard output is closed, and resumes with that epoch", async () => {
  // more losses than a pipe holds
  const args = trainArguments({ epochs: 5000, batch: 10, hidden: 5 }, "--quiet");
  using folder = new Folder(FILES);
  using other = new Folder(FILES);
  const { stdout: losses } = await cli(args, { cwd: other.path });
  const pipeline = '{ "$@"; echo $? >code; } | head -n 1';
  const train = ["sh", "-c", pipeline, "sh", ...denoCommand(args)];
  const { stdout, stderr } = await new Child(train, folder.path).end;
  strictEqual(stdout, losses.slice(0, losses.indexOf("\n") + 1));
  strictEqual(decode(folder.read("code")), "1\n");
  const epoch = Number(stderr.match(/in epoch (\d+) after iteration 4\n$/)?.[1]);
  strictEqual(
    stderr,
    "error: standard output: cannot be written: broken pipe; " +
      `saved: p.npz, in epoch ${epoch} after iteration 4\n`,
  );
  const rest = await cli(resumeArguments("--quiet"), { cwd: folder.path });
  const left = losses.split("\n").slice(epoch - 1).join("\n");
  deepStrictEqual(rest, { code: 0, stdout: left, stderr: "" });
  deepStrictEqual(folder.read("p.npz"), other.read("p.npz"));
});
