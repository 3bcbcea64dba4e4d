/** Arguments of all commands: usage errors, help, version; and that results fit into 80 columns. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { SansoCommand } from "../../lib/system/arguments.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { fileURLToPath } from "node:url";
import { width } from "../../lib/text/layout.ts";
import { initialise, RandomState, writeNpz, writeParameters } from "../../mod.ts";
import { PROJECT, record, stepWith } from "../diagnose/dumps.ts";
import { onTerminal, screen, terminalTest } from "../helpers/terminal.ts";

/** The arguments, a word for each space between them, and the line after `error: `. */
type Row = readonly [args: string, line: string];

/** An option with a value that is refused. */
function invalid(command: string, option: string, value: string, why: string): Row {
  const name = option.split(/[ ,]/)[0]!;
  return [
    `${command} ${name}=${value}`,
    `option '${option}' argument '${value}' is invalid. ${why}`,
  ];
}

const MOST = Number.MAX_SAFE_INTEGER;
const integer = (min: number, max = MOST) => `Must be an integer from ${min} to ${max}`;
const POSITIVE = "Must be a finite number greater than 0, such as 0.01 or 1e-3";
const EMPTY = "Must not be empty";
const twice = (option: string) => `option '${option}' is given more than once`;
const both = (one: string, other: string) =>
  `option '${one}' cannot be used with option '${other}'`;
const missing = (option: string) => `option '${option}' argument missing`;
const notAPath = (option: string, value: string) =>
  `option '${option}' argument '${value}' is invalid. Must be a path, such as ./${value}`;

const WRONG_USAGE: readonly Row[] = [
  // ranges: tests/training/train_test.ts has more
  invalid("train", "--epochs <n>", "0", integer(1)),
  invalid("train", "--epochs <n>", "", integer(1)),
  invalid("train", "--batch, --batch-size <n>", "2.5", integer(1)),
  invalid("train", "--hidden <n>", "4097", integer(1, 4096)),
  invalid("train", "--lr, --learning-rate <x>", "1e999", POSITIVE),
  invalid("train", "--seed <n>", "4294967296", integer(0, 4294967295)),
  invalid("train", "--limit <n>", "-5", integer(1)),
  invalid("train", "--threads <n>", "257", integer(1, 256)),
  invalid("train", "--save-every <n>", "0", integer(1)),
  invalid("train", "--evaluate-every <n>", "-1", integer(0)),
  invalid("evaluate", "--limit <n>", "0", integer(1)),
  invalid("evaluate", "--split <which>", "TEST", "Must be test or train"),
  invalid("evaluate", "--engine <which>", "", "Must be simd or reference"),
  invalid("gradcheck", "--samples <n>", "1001", integer(1, 1000)),
  invalid("gradcheck", "--entries <n>", "1", integer(2)),
  invalid("gradcheck", "--layer <name>", "relu", "Must be softmax or affine or sigmoid or network"),
  invalid("verify", "--epochs <n>", "6", integer(1, 5)),
  invalid("serve", "--port <n>", "65536", integer(0, 65535)),
  invalid("export", "--type <kind>", "float16", "Must be float32 or float64"),
  invalid("plot", "--lang <code>", "de", "Must be en or ja"),
  invalid("diagnose", "--learning-rate <x>", "0", POSITIVE),
  invalid("explain", "--entry <row,column>", "3", "Must be a row and a column, such as 3,400"),
  invalid(
    "explain",
    "--sample <image>",
    "42",
    "Must be test: or train: and a number, such as test:42",
  ),
  invalid("train", "--save <file>", "", EMPTY),
  invalid("evaluate", "--data <folder>", "", EMPTY),
  ["evaluate ", `command-argument value '' is invalid for argument 'parameters'. ${EMPTY}`],
  ["inspect ", `command-argument value '' is invalid for argument 'file.npz'. ${EMPTY}`],
  ["predict ", `command-argument value '' is invalid for argument 'images'. ${EMPTY}`],
  [
    "predict test:x",
    `command-argument value 'test:x' is invalid for argument 'images'. Must be a number after "test:", or ./test:… for a file`,
  ],
  ["predict a.npz b.NPZ", "needs one network, and not a.npz and b.NPZ"],
  ["predict p.npz", "needs an image besides the network"],
  // an option in the place of a file
  ["train --save --quiet", notAPath("--save <file>", "--quiet")],
  ["train --load --save=--load", notAPath("--load <file>", "--save=--load")],
  ["evaluate a --data --json", notAPath("--data <folder>", "--json")],
  ["plot a --out --log", notAPath("--out <path>", "--log")],
  // unknown, missing and too many
  ["--bogus", "unknown option '--bogus'"],
  ["train --epoch 3", "unknown option '--epoch' (did you mean --epochs?)"],
  ["serve --host=0.0.0.0", "unknown option '--host=0.0.0.0'"],
  ["evaluate --quiet a", "unknown option '--quiet'"],
  ["export a --raw=1", "unknown option '--raw=1' (did you mean --raw?)"],
  ["fly", "unknown command 'fly'"],
  ["trian", "unknown command 'trian' (did you mean train?)"],
  ["report", "unknown command 'report'"],
  ["train x", "too many arguments for 'train'. Expected 0 arguments but got 1: x"],
  ["plot a b", "too many arguments for 'plot'. Expected 1 argument but got 2: a, b"],
  ["predict", "missing required argument 'images'"],
  ["train --epochs", missing("--epochs <n>")],
  ["diagnose", "needs a file or a folder, or --recorder"],
  // given twice, in whichever form
  ["train --epochs=1 --epochs 1", twice("--epochs")],
  ["train --lr=1 --quiet --learning-rate 2", twice("--learning-rate")],
  ["evaluate --json a --json", twice("--json")],
  // combinations
  ["train --history h.csv --no-history", both("--no-history", "--history <file>")],
  ["train --resume a --load b", both("--resume <file>", "--load <file>")],
  ["train --json --prompt", both("--json", "--prompt")],
  [
    "train --no-history --evaluate-train",
    "--evaluate-every and --evaluate-train cannot be used with --no-history",
  ],
  ["train --save a --history ./a", "--history and --save are the same file: ./a"],
  ["serve --export a --port 1", both("--export <file>", "--port <n>")],
  ["serve --export a --open", both("--export <file>", "--open")],
  ["serve --overwrite", "--overwrite needs --export"],
  ["plot --figures --log", both("--figures", "--log")],
  ["explain --equation 3 --quantity db2", both("--equation <n>", "--quantity <symbol>")],
  ["explain --entry 1,2", "--entry needs --quantity"],
  ["explain p.npz --seed 3", "--seed takes no parameters"],
  ["explain --small --sample test:1", both("--small", "--sample <image>")],
  [
    "explain --small --quantity dW1 --entry 3,0",
    "--entry 3,0: dW1 is 3x4, rows and columns counted from 0",
  ],
  ["diagnose --recorder a.npz", "--recorder takes no files"],
  ["diagnose --recorder --csv", "--recorder and --csv cannot be combined"],
  ["diagnose a.npz --json --csv", "--json and --csv cannot be combined"],
  // control and direction characters are shown as escapes
  ["a\nb\u2028", "unknown command 'a\\u{a}b\\u{2028}'"],
  ["train --x\x1b[2J", "unknown option '--x\\u{1b}[2J'"],
];

Deno.test("example: each command refuses wrong usage in one line, with exit code 2, and makes no file", async () => {
  using folder = new Folder();
  for (const [args, line] of WRONG_USAGE) {
    await refuses(args.split(" "), 2, line, { cwd: folder.path });
  }
  deepStrictEqual(folder.names(), []);
});

Deno.test("example: --lang follows the language of the computer, and is English for others than Japanese", () => {
  const found = ["ja", "ja-JP", "en-US", "fr", "jam"].map((language) => {
    Object.defineProperty(navigator, "language", { value: language, configurable: true });
    try {
      return new SansoCommand().language().options[0]!.defaultValue;
    } finally {
      // the getter of the prototype is seen again
      delete (navigator as { language?: string }).language;
    }
  });
  deepStrictEqual(found, ["ja", "ja", "en", "en", "en"]);
});

Deno.test("example: the program prints its version, its help, and without a command its help on standard error", async () => {
  const version = { code: 0, stdout: `${manifest.version}\n`, stderr: "" };
  for (const flag of ["-v", "--version"]) deepStrictEqual(await cli([flag]), version);
  const help = await cli(["--help"]), { stdout } = help;
  deepStrictEqual([help.code, help.stderr], [0, ""]);
  for (const args of [["-h"], ["help"]]) deepStrictEqual(await cli(args), help);
  for (const args of [[], ["--"]]) {
    deepStrictEqual(await cli(args), { code: 2, stdout: "", stderr: stdout });
  }
});

Deno.test("example: the help of each command has its groups, two examples that name it, and a page of docs/", async () => {
  const { stdout } = await cli(["--help"]);
  const commands = [...stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name]) => name!);
  strictEqual(commands.length, 12);
  for (const group of ["Train and look:", "Use a network:", "Understand and check:"]) {
    ok(stdout.includes(`\n${group}\n`), group);
  }
  for (const command of commands) {
    const help = await cli(["help", command]), { stdout } = help;
    deepStrictEqual(help, await cli([command, "--help"]));
    ok(stdout.startsWith(`Usage: sanso ${command} `), stdout);
    ok(stdout.split("\n").every((line) => line.length <= 80), stdout);
    const [, page] = new RegExp(
      `\nExamples:\n(?:  sanso ${command}\\b.*\n){2}\nMore in docs/(\\w+\\.md)\n$`,
    ).exec(stdout) ?? [];
    ok(page && Deno.statSync(new URL(`../../docs/${page}`, import.meta.url)).isFile, stdout);
  }
  match(
    (await cli(["help", "train"])).stdout,
    /--batch, --batch-size <n> +batch size \(default: 100\)/,
  );
});

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
