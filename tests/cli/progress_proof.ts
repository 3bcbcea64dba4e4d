/** Progress display: a terminal line, or a plain log elsewhere. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { Child } from "../helpers/child.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { stoppedLine, trainArguments } from "../helpers/runs.ts";
import { onTerminal, screen, terminalTest } from "../helpers/terminal.ts";

const FILES = smallSet();
/** Long enough for a few changes of the line, however fast the machine: it is stopped by hand. */
const ENDLESS = { epochs: 1_000_000, batch: 10, hidden: 5 };
/** Three epochs, in all of a second or so. */
const SOME = { epochs: 3, batch: 1, hidden: 20 };
const LARGER = smallSet({ train: 4000, height: 28, width: 28 });

Deno.test("example: train without a terminal prints a line every two seconds", async () => {
  using folder = new Folder(FILES);
  const logged = () =>
    run.stderr.split("\n").slice(0, -1).filter((line) => line.startsWith("training: "));
  const began = performance.now();
  const run = Child.cli(trainArguments(ENDLESS), folder.path);
  await run.until(() => logged().length === 3);
  run.kill("SIGKILL");
  await run.end;
  const seconds = (performance.now() - began) / 1000;
  ok(logged().length <= seconds / 2, `${logged().length} lines in ${seconds} s`);
  const line =
    /^training: (\S+) of 1000000 epochs, .* left, cross-entropy \d+\.\d{4}, accuracy \S+ %, \S+ epochs\/s$/;
  const epochs = logged().map((text) => Number(text.match(line)?.[1]));
  ok(epochs[0]! > 0);
  deepStrictEqual(epochs, epochs.toSorted((a, b) => a - b));
  ok(!run.stderr.includes("\x1b"));
});

/** The states of the line that changes. */
function frames(output: string): string[] {
  // deno-lint-ignore no-control-regex -- a state ends where the rest of the line is cleared
  return [...output.matchAll(/^(?:\r\x1b\[1A)?(\w[^\r\n\x1b]*)\x1b\[K/gm)].map(([, frame]) =>
    frame!
  );
}

terminalTest(
  "example: train on a terminal shows one changing line and clears it at the end",
  async () => {
    using folder = new Folder(LARGER);
    const { stdout: losses } = await Child.cli([...trainArguments(SOME), "--quiet"], folder.path)
      .end;
    const { code, stdout } = await onTerminal(trainArguments(SOME, "--overwrite"), folder.path, 130)
      .end;
    strictEqual(code, 0);
    const frame =
      /^training: (\S+) of 3 epochs, \d+ s left, cross-entropy \d\.\d{4}, accuracy \S+ %, \S+ epochs\/s$/;
    const shown = frames(stdout);
    for (const text of shown) {
      match(text, frame);
      ok(text.length < 130, text);
    }
    ok(shown.length >= 3, `${shown.length} states`);
    const epochs = shown.map((text) => Number(text.match(frame)![1]));
    deepStrictEqual(epochs, epochs.toSorted((a, b) => a - b));
    // each line of standard output is on a line of its own
    const [data, network, ...rest] = screen(stdout);
    deepStrictEqual([data, network], [
      "data: .: 4000 images of 28x28, 3 classes",
      `network: 784-${SOME.hidden}-3, drawn with seed 601`,
    ]);
    const printed = rest.slice(0, 5).map((line) =>
      line.replace(/ +accuracy \S+ %, test \S+ %$/, "")
    );
    deepStrictEqual(printed, [...losses.split("\n").slice(0, -1), "saved: p.npz"]);
    const last = rest.slice(5, 8).map((line) => line.split(":")[0]);
    deepStrictEqual(last, ["train", "test", "next"]); // train_test.ts has the rest
  },
);

terminalTest(
  "example: train on a terminal leaves the cursor and every other setting as they were, after Ctrl-C too",
  async () => {
    using folder = new Folder(FILES);
    const run = onTerminal(trainArguments(ENDLESS), folder.path, 80, ">losses");
    await run.until(() => frames(run.stdout).length >= 3);
    await run.type("\x03");
    const { code, stdout } = await run.end;
    strictEqual(code, 130);
    const { position: { epoch } } = readCheckpoint(folder.read("p.npz")).state;
    ok(epoch > 1);
    // screen() takes no control that would hide the cursor or change anything but the line
    deepStrictEqual(screen(stdout), [
      "data: .: 40 images of 4x3, 3 classes",
      "network: 12-5-3, drawn with seed 601",
      stoppedLine(folder),
      "",
    ]);
    // the line never reaches the edge
    for (const text of frames(stdout)) {
      ok(text.length < 80, text);
      match(text, /^training: \S+ of 1000000 epochs, .* left, cross-entropy \d\.\d{4}\b/);
    }
  },
);

Deno.test("example: gradcheck and verify without a terminal print a line each few seconds, and with --quiet none", async () => {
  using folder = new Folder();
  const long = [
    [
      ["gradcheck", "--layer=network", "--samples=100"],
      /^network \w+: \d+ of 690 entries, (?:\d+ min )?\d+ s left, \S+ entries\/s$/,
    ],
    [
      ["verify", "--engine=reference"],
      /^training: \S+ of 5 epochs, .* left, cross-entropy \d\.\d{4}\b/,
    ],
  ] as const;
  for (const [args, line] of long) {
    const run = Child.cli(args, folder.path);
    const logged = () =>
      run.stderr.split("\n").slice(0, -1).filter((text) => /entries|^training/.test(text));
    const began = performance.now();
    await run.until(() => logged().length === 2);
    const seconds = (performance.now() - began) / 1000;
    run.kill("SIGKILL");
    await run.end;
    for (const text of logged()) match(text, line);
    ok(seconds > 4 && seconds < 20, `2 lines in ${seconds} s`);
  }
  const short = [["gradcheck", "--layer=softmax", "--samples=1"], ["verify", "--epochs=1"]];
  for (const args of short) {
    const { code, stderr } = await Child.cli([...args, "--quiet"], folder.path).end;
    deepStrictEqual([code, stderr], [0, ""]);
  }
});
