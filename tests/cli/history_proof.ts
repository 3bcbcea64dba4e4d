/**
 * The history of a run: its rows, when they are written, and what happens if they cannot be
 * written.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Child, denoCommand } from "../helpers/child.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { rowsOf } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import { resumeArguments, trainArguments } from "../helpers/runs.ts";

const FILES = smallSet();

/** So many epochs that the run is still under way when something happens to it. */
const LONG = { epochs: 20_000, batch: 10, hidden: 5 };

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

Deno.test("example: train saves and reports one line when the history's folder vanishes, and resumes when it is back", async () => {
  using folder = new Folder({ ...FILES, "there/none": "" });
  const run = Child.cli(trainArguments(LONG, "--history", "there/h.csv", "--quiet"), folder.path);
  await run.until(() => run.stdout !== "");
  Deno.renameSync(folder.file("there"), folder.file("gone"));
  const { code, stdout, stderr } = await run.end;
  strictEqual(code, 1);
  const lost = stdout.split("\n").length;
  strictEqual(
    stderr,
    "error: there/h.csv: cannot be written: no such file or folder; " +
      `saved: p.npz, in epoch ${lost} after iteration 4\n`,
  );
  Deno.renameSync(folder.file("gone"), folder.file("there"));
  const again = Child.cli(resumeArguments("--history", "there/h.csv", "--quiet"), folder.path);
  await again.until(() => again.stdout !== "");
  again.kill("SIGINT");
  const more = await again.end;
  strictEqual(more.code, 130);
  const losses = (stdout + more.stdout).split("\n").slice(0, -1).map(Number);
  const rows = rowsOf(folder.read("there/h.csv"));
  deepStrictEqual(rows.map((row) => row.running.crossEntropy), losses);
});
