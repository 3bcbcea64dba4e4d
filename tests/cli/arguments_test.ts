/** Command-line arguments: usage errors, help and version. */
import { deepStrictEqual, ok } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { languageOption } from "../../lib/system/arguments.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";

/** Asserts that each of these argument lists is a usage error with this message. */
async function wrongUsage(cases: readonly (readonly [args: readonly string[], line: string])[]) {
  using folder = new Folder(); // with no file to read or overwrite
  await Promise.all(cases.map(([args, line]) => refuses(args, 2, line, { cwd: folder.path })));
}

/** Values of an option, written as in its help, that are refused for the same reason. */
function values(command: string, option: string, why: string, bad: readonly string[]) {
  const name = option.split(" ")[0]!;
  return bad.map((value) =>
    [
      [command, `${name}=${value}`],
      `option '${option}' argument '${value}' is invalid. ${why}`,
    ] as const
  );
}

const MOST = Number.MAX_SAFE_INTEGER;
const NO_COUNT = ["0", "-1", "1.5", "", " ", "NaN", "Infinity", "+1", "1e2", "0x10", "1_0", "ten"];

Deno.test("example: train refuses --epochs that is not an integer of at least 1", () =>
  wrongUsage(
    values("train", "--epochs <n>", `Must be an integer from 1 to ${MOST}`, [
      ...NO_COUNT,
      "1e999",
      `${MOST}0`,
    ]),
  ));

Deno.test("example: train and evaluate refuse --batch, --limit, --hidden and --threads that are not integers of at least 1", () => {
  const any = `Must be an integer from 1 to ${MOST}`;
  return wrongUsage([
    ...values("train", "--batch <n>", any, ["0", "2.5"]),
    ...values("train", "--limit <n>", any, ["0", "-5"]),
    ...values("evaluate", "--limit <n>", any, ["0", "-5"]),
    ...["train", "evaluate"].flatMap((command) =>
      values(command, "--threads <n>", "Must be an integer from 1 to 256", ["0", "257", "1.5"])
    ),
    ...values("train", "--hidden <n>", "Must be an integer from 1 to 4096", ["0", "4097", "8.0"]),
  ]);
});

Deno.test("example: train refuses a --seed that NumPy refuses", () =>
  wrongUsage(
    values("train", "--seed <n>", "Must be an integer from 0 to 4294967295", [
      "-1",
      "4294967296",
      "0.5",
      "",
    ]),
  ));

Deno.test("example: train refuses a --learning-rate that is not finite and greater than 0", () =>
  wrongUsage(
    values(
      "train",
      "--learning-rate <x>",
      "Must be a finite number greater than 0, such as 0.01 or 1e-3",
      ["", "NaN", "Infinity", "1e999", "1e-999", "0", "0.0", "-0.01", "0x10", ".", "1e", "1,5"],
    ),
  ));

Deno.test("example: evaluate refuses a --split that is not test or train", () =>
  wrongUsage(
    values("evaluate", "--split <which>", "Must be test or train", ["", "val", "TEST"]),
  ));

Deno.test("example: every command refuses an empty path", () =>
  wrongUsage([
    ...values("train", "--data <folder>", "Must not be empty", [""]),
    ...values("train", "--load <file>", "Must not be empty", [""]),
    ...values("train", "--save <file>", "Must not be empty", [""]),
    ...values("evaluate", "--data <folder>", "Must not be empty", [""]),
    [
      ["evaluate", ""],
      "command-argument value '' is invalid for argument 'parameters'. Must not be empty",
    ],
    [
      ["inspect", ""],
      "command-argument value '' is invalid for argument 'file.npz'. Must not be empty",
    ],
  ]));

Deno.test("example: every command refuses an option in the place of a file", () =>
  wrongUsage([
    [["train", "--save", "--quiet"], "option '--save <file>' argument missing"],
    [["train", "--history", "-x", "--quiet"], "option '--history <file>' argument missing"],
    [["train", "--load", "--save=--load"], "option '--load <file>' argument missing"],
    [["train", "--data", "--quiet"], "option '--data <folder>' argument missing"],
    [["evaluate", "a", "--data", "--json"], "option '--data <folder>' argument missing"],
    [["plot", "a", "--out", "--log"], "option '--out <path>' argument missing"],
    [["explain", "--parameters", "--lang=ja"], "option '--parameters <file>' argument missing"],
  ]));

Deno.test("example: a file may have the name of an option, after an equals sign", async () => {
  using folder = new Folder({ ...smallSet(), "h.csv": historyFile(madeUpRows(1)) });
  const run = (...args: string[]) => cli(args, { cwd: folder.path });
  const train = ["train", "--data=.", "--epochs=1", "--batch=10", "--quiet"];
  const found = await Promise.all([
    run(...train, "--save=--quiet"),
    run("plot", "h.csv", "--out=-x"),
    run("plot", "h.csv", "--out", "-"),
  ]);
  deepStrictEqual(found.map(({ code }) => code), [0, 0, 0]);
  ok(["--quiet", "-x", "-"].every((name) => folder.names().includes(name)));
});

Deno.test("example: every command refuses options and arguments that it does not know", () =>
  wrongUsage([
    [["--bogus"], "unknown option '--bogus'"],
    [["train", "--bogus"], "unknown option '--bogus'"],
    [["train", "--epoch", "3"], "unknown option '--epoch' (did you mean --epochs?)"],
    [["train", "-e", "3"], "unknown option '-e'"],
    [["train", "x"], "too many arguments for 'train'. Expected 0 arguments but got 1: x"],
    [
      ["evaluate", "a", "b"],
      "too many arguments for 'evaluate'. Expected 1 argument but got 2: a, b",
    ],
    [["evaluate", "--quiet", "a"], "unknown option '--quiet'"],
    [["inspect", "--quiet", "a"], "unknown option '--quiet'"],
    [
      ["inspect", "a", "b"],
      "too many arguments for 'inspect'. Expected 1 argument but got 2: a, b",
    ],
  ]));

Deno.test("example: every command refuses missing arguments and files", () =>
  wrongUsage([
    [["evaluate"], "missing required argument 'parameters'"],
    [["inspect"], "missing required argument 'file.npz'"],
    [["train", "--epochs"], "option '--epochs <n>' argument missing"],
    [["train", "--load"], "option '--load <file>' argument missing"],
    [["evaluate", "a", "--split"], "option '--split <which>' argument missing"],
  ]));

Deno.test("example: the program refuses commands that it does not know", () =>
  wrongUsage([
    [["fly"], "unknown command 'fly'"],
    [["trian"], "unknown command 'trian' (did you mean train?)"],
    [["help"], "unknown command 'help'"],
  ]));

Deno.test("example: the program prints its help on standard error when no command is given", async () => {
  const help = (await cli(["--help"])).stdout;
  for (const args of [[], ["--"]]) {
    deepStrictEqual(await cli(args), { code: 2, stdout: "", stderr: help });
  }
});

Deno.test("example: every command refuses an option that is given twice, in whichever form", () =>
  wrongUsage([
    [["train", "--epochs=1", "--epochs", "1"], "option '--epochs' is given more than once"],
    [["train", "--seed", "1", "--quiet", "--seed", "2"], "option '--seed' is given more than once"],
    [
      ["train", "--learning-rate=1", "--learning-rate=1"],
      "option '--learning-rate' is given more than once",
    ],
    [["train", "--quiet", "--quiet"], "option '--quiet' is given more than once"],
    [["evaluate", "--json", "a", "--json"], "option '--json' is given more than once"],
  ]));

Deno.test("example: an error line shows control and direction characters of an argument as escapes", () =>
  wrongUsage([
    [["a\nb\u2028"], "unknown command 'a\\u{a}b\\u{2028}'"],
    [["train", "--x\x1b[2J"], "unknown option '--x\\u{1b}[2J'"],
    [
      ["inspect", "a", "\x9b\u202e"],
      "too many arguments for 'inspect'. Expected 1 argument but got 2: a, \\u{9b}\\u{202e}",
    ],
  ]));

Deno.test("example: languageOption() follows the language of the computer, and is English for others than Japanese", () => {
  const found = ["ja", "ja-JP", "en-US", "fr", "jam"].map((language) => {
    Object.defineProperty(navigator, "language", { value: language, configurable: true });
    try {
      return languageOption().defaultValue;
    } finally {
      // the getter of the prototype is seen again
      delete (navigator as { language?: string }).language;
    }
  });
  deepStrictEqual(found, ["ja", "ja", "en", "en", "en"]);
});

Deno.test("example: --version prints the version of deno.json", async () => {
  deepStrictEqual(await cli(["--version"]), {
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: "",
  });
});

Deno.test("example: --help prints on standard output, within 80 columns, the arguments of each command", async () => {
  const helps: [args: string[], words: string[]][] = [
    [["--help"], ["Usage: sanso ", "train", "evaluate", "inspect", "--version"]],
    [["-h"], ["Usage: sanso "]],
    [["train", "--help"], [
      "Usage: sanso train ",
      "--epochs <n> ",
      "--batch <n> ",
      "--hidden <n> ",
      "--learning-rate <x> ",
      "--seed <n> ",
      "--limit <n> ",
      "--data <folder> ",
      "--load <file> ",
      "--save <file> ",
      "--prompt ",
      "--quiet ",
      "--hash ",
      "--threads <n> ",
      "(default: 30)",
      "(default: 100)",
      "(default: 80,",
      "(default: 0.01)",
      "(default: 601)",
      "parameter.npz, or",
    ]],
    [["evaluate", "--help"], [
      "Usage: sanso evaluate ",
      "parameters ",
      "--split <which> ",
      "--data <folder> ",
      "--limit <n> ",
      "--json ",
    ]],
    [["inspect", "--help"], ["Usage: sanso inspect ", "file.npz "]],
    [["diagnose", "--help"], ["Usage: sanso diagnose ", "step.npz ", "--names <list> ", "--csv "]],
  ];
  await Promise.all(helps.map(async ([args, words]) => {
    const { code, stdout, stderr } = await cli(args);
    deepStrictEqual([code, stderr], [0, ""]);
    for (const word of words) ok(stdout.includes(word), `${args}: ${word}`);
    for (const line of stdout.split("\n")) ok(line.length <= 80, line);
    ok(stdout.endsWith("\n") && !stdout.endsWith("\n\n"), `${args}: one line feed at the end`);
  }));
});
