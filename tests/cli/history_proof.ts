/**
 * The history of a run: its rows, when they are written, and what happens if they cannot be
 * written.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Child, denoCommand } from "../helpers/child.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { resumeArguments, trainArguments, withoutSeconds } from "../helpers/runs.ts";

const FILES = smallSet();

Deno.test("example: train saves and exits with 1 when standard output is closed, and resumes with that epoch", async () => {
  // more losses than a pipe holds
  const args = trainArguments(
    { epochs: 5000, batch: 10, hidden: 5 },
    "--history",
    "h.csv",
    "--quiet",
  );
  using folder = new Folder(FILES);
  using other = new Folder(FILES);
  const { stdout: losses } = await cli(args, { cwd: other.path });
  const pipeline = '{ "$@"; echo $? >code; } | head -n 1';
  const train = ["sh", "-c", pipeline, "sh", ...denoCommand(args)];
  const { stdout, stderr } = await new Child(train, folder.path).end;
  strictEqual(stdout, losses.slice(0, losses.indexOf("\n") + 1));
  strictEqual(new TextDecoder().decode(folder.read("code")), "1\n");
  const epoch = Number(stderr.match(/in epoch (\d+) after iteration 4\n$/)?.[1]);
  strictEqual(
    stderr,
    "error: standard output: cannot be written: broken pipe; " +
      `saved: p.npz, in epoch ${epoch} after iteration 4\n`,
  );
  const rest = await cli(resumeArguments("--history", "h.csv", "--quiet"), { cwd: folder.path });
  const left = losses.split("\n").slice(epoch - 1).join("\n");
  deepStrictEqual(rest, { code: 0, stdout: left, stderr: "" });
  deepStrictEqual(folder.read("p.npz"), other.read("p.npz"));
  strictEqual(withoutSeconds(folder.read("h.csv")), withoutSeconds(other.read("h.csv")));
});
