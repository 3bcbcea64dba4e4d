/** What a command prints fits into 80 columns, except hashes, which are there to be compared. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { width } from "../../lib/text/layout.ts";
import { initialise, RandomState, writeNpz, writeParameters } from "../../mod.ts";
import { PROJECT, record, stepWith } from "../diagnose/dumps.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { onTerminal, screen, terminalTest } from "../helpers/terminal.ts";

const REPORT = fileURLToPath(new URL("../../docs/reproduction/", import.meta.url));

/** Asserts that standard output is not empty and fits. */
async function assertFits(args: readonly string[], cwd?: string): Promise<void> {
  const { stdout, stderr } = await cli(args, cwd === undefined ? {} : { cwd });
  ok(stdout !== "", `${args}: ${stderr}`);
  const lines = stdout.split("\n").filter((line) => !line.startsWith("hash: "));
  deepStrictEqual(lines.filter((line) => width(line) > 80), [], args.join(" "));
}

Deno.test("example: the results of every command fit into 80 columns", async () => {
  const step = stepWith({ D: 16, M: 5, K: 3, B: 2 }, new RandomState(1), []);
  const dump = writeNpz(record(step, { ...PROJECT, program: "listing" }));
  const long = "a name that is too long for a line, with 日本語 in it ".repeat(3).trim();
  using folder = new Folder({
    "p.npz": Deno.readFileSync(`${REPORT}parameter_10000.npz`),
    [`${long}.npz`]: writeParameters(initialise(784, 3, 10, new RandomState(1))),
    "digit.png": Deno.readFileSync(`${REPORT}../digit.png`),
    [`${long}.png`]: Deno.readFileSync(`${REPORT}../digit.png`),
    "class/right.npz": dump,
    "class/wrong.npz": writeNpz([["W1", { shape: [1], data: Float64Array.of(1) }]]),
    [`class/${long}.npz`]: dump,
  });
  for (
    const args of [
      ["evaluate", `${long}.npz`, "--limit=100"],
      ["inspect", "p.npz"],
      ["inspect", "class/right.npz"],
      ["predict", "p.npz", "test:321", "digit.png", `${long}.png`],
      ["explain", "--lang=en"],
      ["explain", "--lang=ja", "--small"],
      ["diagnose", "class/right.npz", "--lang=en"],
      ["diagnose", "class", "--lang=en"],
      ["diagnose", "class", "--lang=ja"],
    ]
  ) await assertFits(args, folder.path);
});

terminalTest("example: on a terminal of 60 columns lines are broken between words", async () => {
  using folder = new Folder({ "p.npz": Deno.readFileSync(`${REPORT}parameter_10000.npz`) });
  Deno.symlinkSync("p.npz", folder.file(`${"long ".repeat(9)}name.npz`));
  const run = async (...args: string[]) => {
    const { stdout } = await onTerminal(args, folder.path, 60).end;
    const lines = screen(stdout.replaceAll("\r\n", "\n"));
    deepStrictEqual(lines.filter((line) => width(line) > 60), []);
    return lines;
  };
  const [first, second] = await run("predict", `${"long ".repeat(9)}name.npz`, "test:42");
  deepStrictEqual([first, second], [
    "network: 784-80-10, long long long long long long long long",
    "long name.npz",
  ]);
  const [refused] = await run("train", "--lr", "0");
  strictEqual(refused, "error: option '--lr, --learning-rate <x>' argument '0' is");
});
