/**
 * The diagnose command: what it prints of one file and of many, as text, JSON and CSV, in both
 * languages; its exit codes; what it refuses; and the lines of Python that record a step.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
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
import { toCsv, toLine } from "../../lib/commands/diagnose/judged.ts";
import { PROJECT, record, stepWith, type Style } from "../diagnose/dumps.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { buildZip } from "../helpers/zip_builder.ts";

const SIZES = { D: 12, M: 5, K: 4, B: 6 };
const LISTING: Style = { ...PROJECT, program: "listing" };

/** The bytes of a step with mistakes, as the listing would record it. */
function dump(...ids: string[]): Uint8Array<ArrayBuffer> {
  const mistakes = ids.map((id) => MISTAKES.find((mistake) => mistake.id === id)!);
  return writeNpz(record(stepWith(SIZES, new RandomState(1), mistakes), LISTING));
}

const RIGHT = dump(), TWICE = dump("dW1/divided-by-B-twice");

/** Arrays without some. */
function without(...names: string[]): Uint8Array<ArrayBuffer> {
  const arrays = record(stepWith(SIZES, new RandomState(1), []), LISTING);
  return writeNpz([...arrays].filter(([name]) => !names.includes(name)));
}

/** A class of four, one file each. */
function classOfFour(): Folder {
  return new Folder({
    "class/b.npz": TWICE,
    "class/a.npz": RIGHT,
    "class/d.npz": "PK, but no archive",
    "class/c.NPZ": without("W1", "b2"),
    "class/key.csv": "no step",
  });
}

const CSV = "file,verdict,first_wrong,name,cause,mistakes,digits";
const NO_W1 = "needs W1, b2, before the step; diagnose --recorder prints how to record them";
const NO_ZIP = "Cannot read zip archive: has 18 bytes and no end record, need a whole zip file";

Deno.test("example: diagnose of one file prints the text of describeDiagnosis(), in both languages", async () => {
  using folder = new Folder({ "right.npz": RIGHT, "wrong.npz": TWICE });
  for (const [name, bytes, code] of [["right.npz", RIGHT, 0], ["wrong.npz", TWICE, 1]] as const) {
    for (const language of ["en", "ja"] as const) {
      const stdout = `${describeDiagnosis(diagnose(readNpz(bytes)), language)}\n`;
      const args = ["diagnose", name, "--lang", language];
      deepStrictEqual(await cli(args, { cwd: folder.path }), { code, stdout, stderr: "" });
    }
  }
});

/** The text without the line breaks that make it fit into a terminal; in Japanese with none. */
function joined(text: string, space = " "): string {
  return text.replaceAll(/\n {9,}/g, space).replaceAll(/(?<=\.(?:npz|NPZ):)(?=\S)/g, " ");
}

Deno.test("example: diagnose prints a line for each file of a folder, sorted, and how many are right", async () => {
  using folder = classOfFour();
  const run = (...args: string[]) => cli(["diagnose", ...args], { cwd: folder.path });
  const found = await run("class", "--lang", "en");
  ok(found.stdout.split("\n").every((line) => line.length <= 80));
  deepStrictEqual({ ...found, stdout: joined(found.stdout) }, {
    code: 2,
    stdout: `right      class/a.npz
WRONG      class/b.npz: dW1 (delta_W1): divided by B a second time
undecided  class/c.NPZ: ${NO_W1}
undecided  class/d.npz: ${NO_ZIP}
4 files: 1 right, 1 wrong, 2 undecided
`,
    stderr: "",
  });
  const japanese = await run("class/b.npz", "class/a.npz", "--lang", "ja");
  deepStrictEqual(japanese, {
    code: 1,
    stdout: `正しい    class/a.npz
誤り      class/b.npz: dW1 (delta_W1): B で 2 回割っている
2 ファイル: 正しい 1、誤り 1、判定不能 0
`,
    stderr: "",
  });
});

Deno.test("example: toLine() and toCsv() name all explanations that fit, and other readings", () => {
  const right = diagnose(readNpz(RIGHT)), found = diagnose(readNpz(TWICE));
  ok(right.verdict === "right" && found.verdict === "wrong");
  const firstWrong = { ...found.firstWrong!, causes: [...found.firstWrong!.causes] };
  firstWrong.causes.push({ kind: "permuted", axis: "rows", order: [4, 3, 2, 1, 0] });
  const otherReadings = right.quantities.filter(({ symbol }) => symbol === "dY1");
  const file = { file: "a.npz", found: { ...found, firstWrong, otherReadings } };
  const english =
    "divided by B a second time; or the hidden units are in reverse order; or dY1 (delta_y1) is wrong, if the " +
    "file is read otherwise";
  strictEqual(joined(toLine(file, "en")), `WRONG      a.npz: dW1 (delta_W1): ${english}`);
  strictEqual(
    joined(toLine(file, "ja"), ""),
    "誤り      a.npz: dW1 (delta_W1): B で 2 回割っている。または、隠れユニットの順序が逆になっている。または、" +
      "別の読み方では dY1 (delta_y1) が誤っている",
  );
  const mistakes = "dW1/divided-by-B-twice|";
  strictEqual(
    toCsv(file, "en"),
    `a.npz,wrong,dW1,delta_W1,${english.replace(/.*,.*/, '"$&"')},${mistakes},15.9`,
  );
});

Deno.test("example: diagnose --csv prints a row for each file, in one language", async () => {
  using folder = classOfFour();
  const { code, stdout, stderr } = await cli(["diagnose", "class", "--csv", "--lang", "en"], {
    cwd: folder.path,
  });
  deepStrictEqual([code, stderr], [2, ""]);
  strictEqual(
    stdout,
    `${CSV}
class/a.npz,right,,,,,
class/b.npz,wrong,dW1,delta_W1,divided by B a second time,dW1/divided-by-B-twice,15.9
class/c.NPZ,undecided,,,"${NO_W1}",,
class/d.npz,undecided,,,"${NO_ZIP}",,
`,
  );
});

Deno.test("example: diagnose --csv quotes what CSV needs quoted, and disarms formulas", async () => {
  const names = ['=a"b,c.npz', "-x\n.npz"];
  using folder = new Folder(Object.fromEntries(names.map((name) => [name, RIGHT])));
  const { stdout } = await cli(["diagnose", "--csv", "--", ...names], { cwd: folder.path });
  strictEqual(stdout, `${CSV}\n'-x\\u{a}.npz,right,,,,,\n"'=a""b,c.npz",right,,,,,\n`);
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
  const arrays = record(stepWith(SIZES, new RandomState(1), []), LISTING);
  const { data, ...array } = arrays.get("delta_W1")!;
  arrays.set("delta_W1", { ...array, data: (data as Float64Array).map((x) => x / SIZES.B) });
  arrays.set("mine", { ...array, data });
  using folder = new Folder({
    "b.npz": writeNpz([...arrays].filter(([name]) => symbols.includes(name))),
    "a.npz": without("img"),
  });
  const { code, found } = await json(folder, ".");
  strictEqual(code, 2);
  const cause = {
    kind: "mistakes",
    words: "divided by B a second time",
    mistakes: ["dW1/divided-by-B-twice"],
    factor: null,
    digits: 15.9,
  };
  const dW1 = {
    symbol: "dW1",
    name: "delta_W1",
    status: "wrong",
    followsFrom: [],
    factor: null,
    formula: null,
    causes: [cause],
  };
  const [missing, wrong] = found;
  deepStrictEqual(missing, {
    file: "a.npz",
    verdict: "undecided",
    reason: "needs X (img), before the step; diagnose --recorder prints how to " +
      "record them",
  });
  const { error } = wrong.firstWrong;
  ok(Math.abs(error - 5 / 6) < 1e-15, error);
  deepStrictEqual(wrong, {
    file: "b.npz",
    verdict: "wrong",
    sizes: SIZES,
    precision: "float64",
    learningRate: null,
    firstWrong: { ...dW1, error },
    quantities: [
      {
        ...{ symbol: "dA1", name: "delta_a", status: "ok", error: 0 },
        ...{ followsFrom: [], factor: null, formula: null, causes: [] },
      },
      { ...dW1, error },
    ],
    otherReadings: [],
    unused: ["mine"],
  });
});

Deno.test("example: diagnose leaves out an array that cannot be read, unless its name is a quantity's", async () => {
  // of 8 bytes, as a float64
  const strings = writeNpy({ shape: [], data: Float64Array.of(0) });
  const at = new TextDecoder().decode(strings).indexOf("<f8");
  strings.set(new TextEncoder().encode("<U2"), at);
  const arrays = record(stepWith(SIZES, new RandomState(1), []), LISTING);
  const withStrings = (name: string) =>
    buildZip([
      ...[...arrays].map(([name, array]) => ({
        name: `${name}.npy`,
        contents: writeNpy(array),
      })),
      { name: `${name}.npy`, contents: strings },
    ]);
  using folder = new Folder({ "name.npz": withStrings("student"), "t.npz": withStrings("t") });
  const found = await json(folder, "name.npz");
  deepStrictEqual([found.code, found.found[0].unused], [0, ["student"]]);
  const { code, stderr } = await cli(["diagnose", "t.npz"], { cwd: folder.path });
  strictEqual(code, 2);
  ok(stderr.startsWith('error: t.npz: Cannot read "t.npy": descr is "<U2" (strings)'), stderr);
});

Deno.test("example: diagnose refuses files that cannot be judged in one line, with exit code 2", async () => {
  using folder = new Folder({
    "empty/notes.txt": "",
    "missing.npz": without("W1", "answer", "onehot"),
    "text.npz": "PK, but no archive",
  });
  const cwd = folder.path;
  const refused = (args: string[], line: string) =>
    refuses(["diagnose", ...args], 2, line, { cwd });
  const en = ["--lang", "en"];
  await refused(["none.npz"], "none.npz: cannot be read: no such file or folder");
  await refused(["text.npz"], `text.npz: ${NO_ZIP}`);
  await refused(["empty"], "empty: has no npz files");
  await refused(
    ["missing.npz", ...en],
    "missing.npz: needs labels (answer), W1, before the step; " +
      "diagnose --recorder prints how to record them",
  );
  await refused(
    ["missing.npz", "--lang", "ja"],
    "missing.npz: 更新前の labels (answer), W1 が必要である。" +
      "記録の方法は diagnose --recorder で表示される",
  );
});

Deno.test("example: diagnose refuses a list of names that it cannot use", async () => {
  const symbols = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol).join(" ");
  const cases = [
    ["mine", "Must be names and symbols, such as mine=dW1,other=b1"],
    ["=dW1", "Must be names and symbols, such as mine=dW1,other=b1"],
    ["mine=dw1", `Must have one of ${symbols} after each =`],
    ["mine=dW1,mine=b1", "Must not have mine twice"],
    ["mine=dW1,other=dW1", "Must not have dW1 twice"],
  ];
  for (const [value, line] of cases) {
    const found = `option '--names <list>' argument '${value}' is invalid. ${line}`;
    await refuses(["diagnose", "a.npz", "--names", value!], 2, found);
  }
});

Deno.test("example: diagnose --names says what arrays are, and --learning-rate by what W1 moved", async () => {
  const arrays = record(stepWith(SIZES, new RandomState(1), []), LISTING);
  const renamed = [...arrays].map(([name, array]) =>
    [name === "delta_W1" ? "grad one" : name === "img" ? "a" : name, array] as const
  );
  using folder = new Folder({ "step.npz": writeNpz(renamed) });
  // the numbers say it, too
  strictEqual((await json(folder, "step.npz")).code, 0);
  const args = ["step.npz", "--names", "grad one=dW1,a=X"];
  const { code, found: [found] } = await json(folder, ...args);
  strictEqual(code, 0);
  ok(found.quantities.some(({ name }: { name: string }) => name === "grad one"));
  strictEqual(found.learningRate.inferred, true);
  const given = await json(folder, ...args, "--learning-rate", "0.02");
  strictEqual(given.code, 1);
  deepStrictEqual(given.found[0].learningRate, { value: 0.02, inferred: false });
  strictEqual(given.found[0].firstWrong.symbol, "W1'");
});

Deno.test("example: diagnose escapes and cuts the names of arrays", async () => {
  const arrays = record(stepWith(SIZES, new RandomState(1), []), LISTING);
  const { data, ...array } = arrays.get("delta_W1")!;
  const long = `d\x1b[2J${"_".repeat(100)}W1`, many = Array.from({ length: 9 }, (_, i) => `n${i}`);
  const contents = writeNpy({ ...array, data: (data as Float64Array).map((x) => 2 * x) });
  const members = [...arrays].filter(([name]) => name !== "delta_W1").map(([name, array]) => {
    return { name: `${name}.npy`, contents: writeNpy(array) };
  });
  using folder = new Folder({
    "long.npz": buildZip([...members, { name: `${long}.npy`, contents }]),
    "many.npz": buildZip(many.map((name) => ({ name: `${name}.npy`, contents }))),
  });
  const args = ["diagnose", ".", "--names", `${long}=dW1`, "--lang", "en"];
  const { stdout } = await cli(args, { cwd: folder.path });
  const shown = `d\\u{1b}[2J${"_".repeat(60 - 10)}…`;
  strictEqual(
    joined(stdout),
    `WRONG      long.npz: dW1 (${shown}): added up twice
undecided  many.npz: has no array ${shown}, only n0, n1, n2, n3, n4, n5, n6, n7, …
2 files: 0 right, 1 wrong, 1 undecided
`,
  );
});

/** The report's loop of generate.py as a program of its own, with lines in it. */
function listing(beforeUpdate: string, afterUpdate: string): string {
  const source = Deno.readTextFileSync(new URL("../../fixtures/generate.py", import.meta.url));
  const loop = /^ {4}for i in range\(num\):\n.*?(?=^ {8}losses\.append)/ms.exec(source)![0];
  const lines = loop.replaceAll(/^ {4}/gm, "");
  const watch = /^ *if watch:\n.*\n/m, lastUpdate = /^ *b2 = b2 - my \* delta_b2\n/m;
  ok(watch.test(lines) && lastUpdate.test(lines));
  return `import numpy as np

np.random.seed(601)
M, C, B, my, num, epoch, img_size = 7, 4, 6, 0.01, 2, 3, 12
X, Y = np.random.rand(20, 3, 4), np.random.randint(0, C, 20)
W1 = np.random.normal(loc=0, scale=np.sqrt(1 / img_size), size=(M, img_size))
b1 = np.random.normal(loc=0, scale=np.sqrt(1 / img_size), size=(M, 1))
W2 = np.random.normal(loc=0, scale=np.sqrt(1 / M), size=(C, M))
b2 = np.random.normal(loc=0, scale=np.sqrt(1 / M), size=(C, 1))
${lines.replace(watch, beforeUpdate).replace(lastUpdate, (line) => line + afterUpdate)}`;
}

/** The lines that diagnose --recorder prints, by their comments: what goes where. */
async function recorderLines() {
  const { code, stdout, stderr } = await cli(["diagnose", "--recorder", "--lang", "en"]);
  deepStrictEqual([code, stderr], [0, ""]);
  const blocks = /(^ +# after the gradients, .*?\n)\n( +# after the update\n.*?\n)\n\n(.*)$/ms;
  const [, before, after, form] = blocks.exec(stdout)!;
  return { before: before!, after: after!, form: form! };
}

/** How the mistakes are typed in the listing, and what diagnose prints of them. */
const TYPED: readonly (readonly [search: string, replace: string, code: number, line: string])[] = [
  ["W1 = W1 - my", "W1 = W1 - my", 0, "right"],
  // the parameters before the step are copies
  ["W1 = W1 - my * delta_W1", "W1 -= my * delta_W1", 0, "right"],
  ["delta_y1 * (1 - output1.reshape(B, M).T) *", "delta_y1 *", 1, "dA1 (delta_a): "],
  [
    "img.reshape(B, img_size))",
    "img.reshape(B, img_size)) / B",
    1,
    "dW1 (delta_W1): divided by B a ",
  ],
  ["b1 = b1 - my", "b1 = b1 + my", 1, "b1' (b1_after): "],
];

numpyTest(
  "reference: diagnose finds the report's listing right that records itself, and names what is typed wrong in it",
  async () => {
    const { before, after } = await recorderLines(), program = listing(before, after);
    using folder = new Folder();
    const run = "import os, sys; os.chdir(sys.argv[1]); exec(open(sys.argv[2]).read())";
    for (const [search, replace, code, line] of TYPED) {
      strictEqual(program.split(search).length, 2, search);
      python(run, folder.path, folder.write("program.py", program.replace(search, replace)));
      const args = ["diagnose", "--lang=en", "step.npz", "step.npz"];
      const found = await cli(args, { cwd: folder.path });
      ok(found.stdout.includes(line), `${replace}: ${found.stdout}`);
      strictEqual(found.code, code);
    }
  },
);

numpyTest(
  "reference: diagnose judges what the general form of its recorder records, blanks and all",
  async () => {
    const { form } = await recorderLines();
    const listed = [...STEP_INPUTS, ...STEP].map(({ symbol, listing }) =>
      [symbol, listing] as const
    );
    const left = ["onehot", "L", "dY1", "b2'"]; // what this program does not have
    const filled = listed.filter(([symbol]) => !left.includes(symbol)).reduce(
      (form, [symbol, listing]) =>
        form.replace(
          `${symbol.replace("'", "_after").replace("η", "lr")}=...`,
          (text) => text.replace("...", listing!),
        ),
      form,
    );
    const [define, before, after] = filled.split(/^# after.*\n/m).map((part) =>
      `if i == 0 and j == 0:\n${part}`.replaceAll(/^(?=.)/gm, " ".repeat(8)).replaceAll(
        /^ {8}(?!if)/gm,
        " ".repeat(12),
      )
    );
    using folder = new Folder();
    const program = folder.write("program.py", listing(define! + before!, after!));
    python(
      "import os, sys; os.chdir(sys.argv[1]); exec(open(sys.argv[2]).read())",
      folder.path,
      program,
    );
    const { code, found: [found] } = await json(folder, "step.npz");
    strictEqual(code, 0);
    deepStrictEqual(found.learningRate, { value: 0.01, inferred: false });
    const symbols = found.quantities.map(({ symbol }: { symbol: string }) => symbol);
    deepStrictEqual(
      symbols,
      STEP.map(({ symbol }) => symbol as string).filter((symbol) => !left.includes(symbol)),
    );
  },
);
