/**
 * The diagnose command: what it prints of one file and of many, as text, JSON and CSV, in both
 * languages; its exit codes; what it refuses.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  describeDiagnosis,
  diagnose,
  MISTAKES,
  RandomState,
  readNpz,
  STEP,
  STEP_INPUTS,
  writeNpy,
  writeNpz,
} from "../../mod.ts";
import { CSV_HEADER, EXPECTABLE, toCsv } from "../../lib/diagnose/describe.ts";
import { PROJECT, record, stepWith, type Style } from "../diagnose/dumps.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { buildZip } from "../helpers/zip_builder.ts";

const SIZES = { D: 12, M: 5, K: 4, B: 6 };
const LISTING: Style = { ...PROJECT, program: "listing" };

/** The arrays of a step with known mistakes, as the listing would record it. */
function arrays(...ids: string[]) {
  const mistakes = ids.map((id) => MISTAKES.find((mistake) => mistake.id === id)!);
  return record(stepWith(SIZES, new RandomState(1), mistakes), LISTING);
}

/** The bytes of its file. */
function dump(...ids: string[]): Uint8Array<ArrayBuffer> {
  return writeNpz(arrays(...ids));
}

const RIGHT = dump(), TWICE = dump("dW1/divided-by-B-twice");
const RELU = dump("Y1/relu", "dA1/relu");

/** Arrays without some. */
function without(...names: string[]): Uint8Array<ArrayBuffer> {
  return writeNpz([...arrays()].filter(([name]) => !names.includes(name)));
}

/** A class, one file each. */
function classroom(): Folder {
  return new Folder({
    ...{ "class/b.npz": TWICE, "class/a.npz": RIGHT, "class/e.npz": TWICE, "class/f.npz": RELU },
    "class/d.npz": "PK, but no archive",
    "class/c.NPZ": without("W1", "b1"),
    "class/key.csv": "no step",
  });
}

const NO_ZIP = "Cannot read zip archive: has 18 bytes and no end record, need a whole zip file";
const NO_W1 = reasonOf(without("W1", "b1"));
const RELU_NOTE = "its hidden layer has ReLU instead of the sigmoid";

/** Why a file is undecided. */
function reasonOf(bytes: Uint8Array): string {
  const found = diagnose(readNpz(bytes));
  ok("reason" in found);
  return found.reason.en;
}

Deno.test("example: diagnose of one file prints the text of describeDiagnosis(), in both languages, --all the table", async () => {
  using folder = new Folder({ "right.npz": RIGHT, "wrong.npz": TWICE, "relu.npz": RELU });
  for (const [name, code] of [["right.npz", 0], ["wrong.npz", 1], ["relu.npz", 2]] as const) {
    for (const language of ["en", "ja"] as const) {
      for (const all of [false, true]) {
        const found = diagnose(readNpz(folder.read(name)));
        const stdout = `${describeDiagnosis(found, language, all)}\n`;
        const args = ["diagnose", name, "--lang", language, ...all ? ["--all"] : []];
        deepStrictEqual(await cli(args, { cwd: folder.path }), { code, stdout, stderr: "" });
      }
    }
  }
});

/** The text without the line breaks that make it fit into a terminal. */
function joined(text: string): string {
  return text.replaceAll(/\n {2}(?! )/g, " ");
}

Deno.test("example: diagnose groups the files of a folder by what is wrong, and counts them", async () => {
  using folder = classroom();
  const run = (...args: string[]) => cli(["diagnose", ...args], { cwd: folder.path });
  const found = await run("class", "--lang", "en");
  ok(found.stdout.split("\n").every((line) => line.length <= 80));
  deepStrictEqual({ ...found, stdout: joined(found.stdout) }, {
    code: 2,
    stdout: `WRONG: dW1: divided by B a second time
    class/b.npz
    class/e.npz
undecided: ${NO_W1}
    class/c.NPZ
undecided: ${NO_ZIP}
    class/d.npz
another network: ${RELU_NOTE}
    class/f.npz
right
    class/a.npz
6 files: 1 right, 1 another network, 2 undecided, 2 wrong
`,
    stderr: "",
  });
  deepStrictEqual(await run("class/b.npz", "class/a.npz", "--lang", "ja"), {
    code: 1,
    stdout: `誤り: dW1: B で 2 回割っている
    class/b.npz
正しい
    class/a.npz
2 ファイル: 正しい 1、誤り 1
`,
    stderr: "",
  });
});

Deno.test("example: diagnose --expect does not report what the course does otherwise", async () => {
  using folder = new Folder({ "relu.npz": RELU, "wrong.npz": TWICE });
  const run = (...args: string[]) => cli(["diagnose", ...args, "--json"], { cwd: folder.path });
  for (const [list, verdict, code] of [["sum,ReLU", "right", 0], ["sum", "another network", 2]]) {
    const { stdout, ...found } = await run("relu.npz", "--expect", `${list}`);
    deepStrictEqual([JSON.parse(stdout).verdict, found.code], [verdict, code]);
  }
  strictEqual((await run("wrong.npz", "--expect", "sum")).code, 1);
});

Deno.test("example: diagnose --csv prints a row for each file, in one language, with a byte-order mark", async () => {
  using folder = classroom();
  const { code, stdout, stderr } = await cli(["diagnose", "class", "--csv", "--lang", "en"], {
    cwd: folder.path,
  });
  deepStrictEqual([code, stderr], [2, ""]);
  // cli() decodes what is printed, and leaves the mark out
  strictEqual(CSV_HEADER.charCodeAt(0), 0xfeff);
  const quoted = (text: string) => text.includes(",") ? `"${text}"` : text;
  const wrong = "wrong,dW1,delta_W1,divided by B a second time,dW1/divided-by-B-twice";
  strictEqual(
    stdout,
    `file,verdict,first_wrong,name,cause,mistakes
class/a.npz,right,,,,
class/b.npz,${wrong}
class/c.NPZ,undecided,,,${quoted(NO_W1)},
class/d.npz,undecided,,,${quoted(NO_ZIP)},
class/e.npz,${wrong}
class/f.npz,another network,,,${RELU_NOTE},
`,
  );
});

Deno.test("example: toCsv() names all explanations that fit", () => {
  const found = diagnose(readNpz(TWICE));
  ok(!("reason" in found));
  const { causes } = found.firstWrong!, [cause] = causes;
  const another = { ...cause!, words: { en: "another", ja: "" }, mistakes: [] };
  const firstWrong = { ...found.firstWrong!, causes: [cause!, another] };
  strictEqual(
    toCsv({ file: "a.npz", found: { ...found, firstWrong } }, "en"),
    "a.npz,wrong,dW1,delta_W1,divided by B a second time; or another,dW1/divided-by-B-twice|",
  );
});

Deno.test("example: diagnose --csv quotes what CSV needs quoted, and disarms formulas", async () => {
  const names = ['=a"b,c.npz', "-x\n.npz"];
  using folder = new Folder(Object.fromEntries(names.map((name) => [name, RIGHT])));
  const { stdout } = await cli(["diagnose", "--csv", "--", ...names], { cwd: folder.path });
  strictEqual(
    stdout,
    `${CSV_HEADER.slice(1)}\n'-x\\u{a}.npz,right,,,,\n"'=a""b,c.npz",right,,,,\n`,
  );
});

/** The objects that --json prints. */
async function json(folder: Folder, ...args: string[]) {
  const { code, stdout, stderr } = await cli(["diagnose", "--json", "--lang=en", ...args], {
    cwd: folder.path,
  });
  strictEqual(stderr, "");
  return { code, found: stdout.trimEnd().split("\n").map((line) => JSON.parse(line)) };
}

Deno.test("example: diagnose --json prints an object for each file, with the fields of docs/diagnose.md", async () => {
  const symbols = ["W1", "b1", "W2", "b2", "img", "answer", "delta_a", "delta_W1", "mine"];
  const all = arrays();
  const { data, ...array } = all.get("delta_W1")!;
  all.set("delta_W1", { ...array, data: (data as Float64Array).map((x) => x / SIZES.B) });
  all.set("mine", { ...array, shape: [3], data: Float64Array.of(1, 2, 3) });
  using folder = new Folder({
    "b.npz": writeNpz([...all].filter(([name]) => symbols.includes(name))),
    "a.npz": without("W1", "b1"),
  });
  const { code, found: [missing, wrong] } = await json(folder, ".");
  strictEqual(code, 2);
  const cause = {
    kind: "mistakes",
    words: "divided by B a second time",
    mistakes: ["dW1/divided-by-B-twice"],
    factor: null,
  };
  const { error } = wrong.firstWrong;
  ok(Math.abs(error - 5 / 6) < 1e-15, error);
  const more = { followsFrom: [], formula: null, convention: null };
  const dW1 = {
    ...{ symbol: "dW1", name: "delta_W1", status: "wrong", error, ...more, causes: [cause] },
  };
  deepStrictEqual(missing, { file: "a.npz", verdict: "undecided", reason: NO_W1 });
  deepStrictEqual(wrong, {
    ...{ file: "b.npz", verdict: "wrong", judged: true, notes: [], hints: wrong.hints },
    ...{ sizes: SIZES, precision: "float64", learningRate: null, firstWrong: dW1 },
    quantities: [
      { symbol: "dA1", name: "delta_a", status: "ok", error: 0, ...more, causes: [] },
      dW1,
    ],
    ...{ next: [], unused: ["mine"] },
  });
});

/** An npy file of another dtype, of 8 bytes as a float64. */
function withoutNumbers(dtype: string): Uint8Array<ArrayBuffer> {
  const contents = writeNpy({ shape: [], data: Float64Array.of(0) });
  const at = new TextDecoder().decode(contents).indexOf("'<f8'");
  contents.set(new TextEncoder().encode(`'${dtype}'`.padEnd(5)), at);
  return contents;
}

/** An npz file of the step and such a member. */
function withMember(name: string, dtype: string): Uint8Array<ArrayBuffer> {
  const all = [...name === "params" ? new Map() : arrays()];
  return buildZip([
    ...all.map(([name, array]) => ({ name: `${name}.npy`, contents: writeNpy(array) })),
    { name: `${name}.npy`, contents: withoutNumbers(dtype) },
  ]);
}

Deno.test("example: diagnose leaves out an array that cannot be read, and says why if it needs more", async () => {
  const labels = buildZip([{ name: "answer.npy", contents: withoutNumbers("<U2") }]);
  using folder = new Folder({ "name.npz": withMember("student", "<U2"), "t.npz": labels });
  const { code, found: [right, undecided] } = await json(folder, ".");
  deepStrictEqual([code, right.verdict, right.unused], [2, "right", ["student"]]);
  match(undecided.reason, /^needs X .*; Cannot read "answer.npy": descr is "<U2" \(strings\)/);
});

Deno.test("example: diagnose refuses files that cannot be judged in one line, with exit code 2", async () => {
  using folder = new Folder({
    "empty/notes.txt": "",
    "missing.npz": without("W1", "b1"),
    "text.npz": "PK, but no archive",
    "dict.npz": withMember("params", "|O"),
    ...Object.fromEntries(["a.npy", "a.pkl", "a.json", "a.pt"].map((name) => [name, ""])),
  });
  await new Deno.Command("mkfifo", { args: [folder.file("pipe.npz")] }).output();
  const objects = await cli(["diagnose", "dict.npz", "--lang", "en"], { cwd: folder.path });
  ok(
    objects.stderr.endsWith(
      '; params holds Python objects: np.savez("step.npz", **params) saves the arrays of a ' +
        "dictionary\n",
    ),
    objects.stderr,
  );
  const save = (arrays: string) => `save its arrays: np.savez("step.npz", ${arrays})`;
  for (
    const [file, reason] of [
      ["none.npz", "cannot be read: no such file or directory"],
      ["text.npz", NO_ZIP],
      ["empty", "has no npz files"],
      ["pipe.npz", "is not a regular file"],
      ["missing.npz", NO_W1],
      ["a.npy", `holds one array; ${save("W1=W1, b1=b1, ...")}`],
      ["a.pkl", `is a pickle, a program; ${save("**step")}`],
      ["a.json", `is JSON; ${save("**{k: np.array(v) for k, v in step.items()}")}`],
      [
        "a.pt",
        `is a file of PyTorch; ${save("**{k: v.detach().numpy() for k, v in step.items()}")}`,
      ],
    ]
  ) {
    const args = ["diagnose", file!, "--lang", "en"];
    await refuses(args, 2, `${file}: ${reason}`, { cwd: folder.path });
  }
});

Deno.test("example: diagnose refuses a list of names, or of words, that it cannot use", async () => {
  const symbols = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol).join(" ");
  const cases = [
    ["--names", "mine", "Must be names and symbols, such as mine=dW1,other=b1"],
    ["--names", "=dW1", "Must be names and symbols, such as mine=dW1,other=b1"],
    ["--names", "mine=dw1", `Must have one of ${symbols} after each =`],
    ["--names", "mine=dW1,mine=b1", "Must not have a name or a symbol twice"],
    ["--names", "mine=dW1,other=dW1", "Must not have a name or a symbol twice"],
    ["--expect", "sum, relu", `Must be words such as ${EXPECTABLE.join(", ")}`],
    ["--expect", "relo", `Must be words such as ${EXPECTABLE.join(", ")}`],
  ];
  for (const [flag, value, line] of cases) {
    const found = `option '${flag} <list>' argument '${value}' is invalid. ${line}`;
    await refuses(["diagnose", "a.npz", flag!, value!], 2, found);
  }
});

Deno.test("example: diagnose --names says what arrays are, and --learning-rate wins over the file's", async () => {
  const renamed = [...arrays()].map(([name, array]) =>
    [name === "delta_W1" ? "grad one" : name, array] as const
  );
  const rate = ["my", { shape: [], data: Float64Array.of(0.01) }] as const;
  using folder = new Folder({ "step.npz": writeNpz([...renamed, rate]) });
  const args = ["step.npz", "--names", "grad one=dW1"];
  const { code, found: [found] } = await json(folder, ...args);
  strictEqual(code, 0);
  ok(found.quantities.some(({ name }: { name: string }) => name === "grad one"));
  deepStrictEqual(found.learningRate, { value: 0.01, inferred: false });
  const given = await json(folder, ...args, "--learning-rate", "0.02");
  strictEqual(given.code, 1);
  deepStrictEqual(given.found[0].learningRate, { value: 0.02, inferred: false });
  strictEqual(given.found[0].firstWrong.symbol, "W1'");
});

Deno.test("example: diagnose escapes and cuts the names of arrays and files", async () => {
  const { data, ...array } = arrays().get("delta_W1")!;
  const long = `d\x1b[2J${"_".repeat(100)}W1`;
  const contents = writeNpy({ ...array, data: (data as Float64Array).map((x) => 2 * x) });
  const members = [...arrays()].filter(([name]) => name !== "delta_W1").map(([name, array]) => {
    return { name: `${name}.npy`, contents: writeNpy(array) };
  });
  using folder = new Folder({
    "\x1b[2J.npz": buildZip([...members, { name: `${long}.npy`, contents }]),
  });
  const args = ["diagnose", ".", "--names", `${long}=dW1`, "--lang", "en"];
  const { stdout } = await cli(args, { cwd: folder.path });
  strictEqual(stdout, "WRONG: dW1: added up twice\n    \\u{1b}[2J.npz\n1 file: 1 wrong\n");
});
