// `diagnose`: the first wrong equation in the training steps that other programs recorded.
import { Command, InvalidArgumentError } from "commander";
import { join } from "node:path";
import { diagnose, FormatError, type NdArray, type StepSymbol } from "../../../mod.ts";
import { describeDiagnosis } from "../../diagnose/describe.ts";
import { SYMBOLS, symbolsOf } from "../../diagnose/names.ts";
import { readNpzMember, readNpzMembers } from "../../formats/npz.ts";
import {
  addExamples,
  argumentPath,
  languageOption,
  option,
  positive,
} from "../../system/arguments.ts";
import { Exit, UsageError, UserError } from "../../system/errors.ts";
import { isFolder, listFolder } from "../../system/files.ts";
import { coloured, info, print, showJob } from "../../system/output.ts";
import { readNpzFile } from "../../system/runs.ts";
import type { Language, Text } from "../../text/layout.ts";
import { countVerdicts, CSV_HEADER, type Judged, toCsv, toJson, toLine } from "./judged.ts";

interface CommandOptions {
  readonly names?: Readonly<Record<string, StepSymbol>>;
  readonly learningRate?: number;
  readonly lang: Language;
  readonly json?: true;
  readonly csv?: true;
  readonly recorder?: true;
}

/** The exit code of each verdict, as `diff` has them. */
const EXIT_CODES = { right: 0, wrong: 1, undecided: 2 } as const;

/** The command, to be added to the program. */
export function diagnoseCommand(): Command {
  const command = new Command("diagnose")
    .description(
      "Find the first wrong equation in another program's training step, which it recorded. " +
        "Exit codes: 0 if everything is right, 1 if something is wrong, 2 if it cannot be judged.",
    )
    .argument("[step.npz...]", "recorded steps, or folders of npz files", paths)
    .addOption(
      option(
        "--names <list>",
        "what the arrays are, where their names do not say it: mine=dW1,other=b1",
        names,
      ),
    )
    .addOption(
      option("--learning-rate <x>", "η (default: the file's, or found from the update)", positive),
    )
    .option("--json", "print one JSON object per file, one per line")
    .option("--csv", "print a table for a spreadsheet, one line per file")
    .addOption(languageOption())
    .option("--recorder", "print the lines of Python that record a step")
    .action(run);
  return addExamples(command, "diagnose.md", "diagnose --recorder", "diagnose step.npz");
}

function paths(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, argumentPath(text)];
}

/** Parses `mine=dW1,other=b1`. */
function names(text: string): Readonly<Record<string, StepSymbol>> {
  const pairs = text.split(",").map((pair) => {
    // the name of an array may contain an equals sign, no symbol does
    const [, name, word] = /^(.+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) {
      throw new InvalidArgumentError("Must be names and symbols, such as mine=dW1,other=b1");
    }
    const symbol = SYMBOLS.find((symbol) => symbol === word);
    if (symbol === undefined) {
      throw new InvalidArgumentError(`Must have one of ${SYMBOLS.join(" ")} after each =`);
    }
    return [name, symbol] as const;
  });
  for (const side of [0, 1] as const) {
    const words = pairs.map((pair) => pair[side]);
    const twice = words.find((word, i) => words.indexOf(word) !== i);
    if (twice !== undefined) throw new InvalidArgumentError(`Must not have ${twice} twice`);
  }
  return Object.fromEntries(pairs);
}

function checkCombination(inputs: readonly string[], options: CommandOptions): void {
  const flags = (["recorder", "json", "csv"] as const).filter((name) => options[name]);
  if (flags.length > 1) throw new UsageError(`--${flags[0]} and --${flags[1]} cannot be combined`);
  if (options.recorder && inputs.length > 0) throw new UsageError("--recorder takes no files");
  if (!options.recorder && inputs.length === 0) {
    throw new UsageError("needs a file or a folder, or --recorder");
  }
}

function run(inputs: readonly string[] = [], options: CommandOptions): void {
  checkCombination(inputs, options);
  try {
    if (options.recorder) return print(recorder(options.lang));
    const exitCode = judgeAll(inputs, options);
    if (exitCode !== 0) throw new Exit(exitCode);
  } catch (error) {
    // 1 would say that an equation is wrong
    throw error instanceof UserError ? new UserError(error.message, EXIT_CODES.undecided) : error;
  }
}

/** Judges and prints all files; returns the exit code, the greatest that one of them has. */
function judgeAll(inputs: readonly string[], options: CommandOptions): number {
  const { json, csv, lang } = options;
  const files = inputs.flatMap(filesOf).toSorted();
  const isSingle = inputs.length === 1 && files[0] === inputs[0];
  const judged: Judged[] = [];
  using display = showJob(isSingle ? undefined : info);
  if (csv) print(CSV_HEADER);
  for (const file of files) {
    const one = { file, found: judge(file, options) };
    judged.push(one);
    display.clear();
    if (json) print(toJson(one, lang));
    else if (csv) print(toCsv(one, lang));
    else if (!isSingle) print(colourVerdicts(toLine(one, lang)));
    else if (one.found.verdict !== "undecided") {
      print(colourVerdicts(describeDiagnosis(one.found, lang)));
    } else throw new UserError(`${file}: ${one.found.reason[lang]}`);
    const done = judged.length, all = files.length;
    if (done < all) display.show({ what: "diagnose", done, all, unit: "files" });
  }
  display.clear();
  if (!json && !csv && !isSingle) print(countVerdicts(judged, lang));
  return Math.max(...judged.map(({ found }) => EXIT_CODES[found.verdict]));
}

/** The verdicts at the starts of lines in green and red, on a terminal. */
function colourVerdicts(text: string): string {
  const verdicts = /^(?:(ok|right|正しい)|WRONG|誤り)(?= )/gm;
  return text.replaceAll(verdicts, (word, right) => coloured(word, right !== undefined));
}

/** The file, or the npz files in a folder; a folder that has none, as it is not judged either. */
function filesOf(input: string): string[] {
  if (!isFolder(input)) return [input];
  try {
    return npzFilesIn(input);
  } catch (error) {
    if (error instanceof UserError) return [input];
    throw error;
  }
}

function npzFilesIn(folder: string): string[] {
  const names = listFolder(folder).filter((name) => name.toLowerCase().endsWith(".npz"));
  if (names.length === 0) throw new UserError(`${folder}: has no npz files`);
  return names.map((name) => join(folder, name));
}

function judge(file: string, { names = {}, learningRate }: CommandOptions): Judged["found"] {
  const options = { names, ...learningRate === undefined ? {} : { learningRate } };
  try {
    if (isFolder(file)) npzFilesIn(file); // throws the reason
    return readNpzFile(file, (bytes) => {
      const { arrays, unreadable } = readArrays(bytes, names);
      const found = diagnose(arrays, options);
      return found.verdict === "undecided"
        ? found
        : { ...found, unused: [...found.unused, ...unreadable] };
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason = error.message.replace(`${file}: `, "");
    return { verdict: "undecided", reason: { en: reason, ja: reason } };
  }
}

/**
 * The arrays of an npz file, and the names of those that cannot be read, such as strings: programs
 * record what is no quantity as well.
 */
function readArrays(bytes: Uint8Array, names: Readonly<Record<string, StepSymbol>>) {
  const arrays = new Map<string, NdArray>(), unreadable: string[] = [];
  for (const [name, contents] of readNpzMembers(bytes)) {
    try {
      arrays.set(name, readNpzMember(name, contents));
    } catch (error) {
      const isQuantity = Object.hasOwn(names, name) || symbolsOf(name).length > 0;
      if (!(error instanceof FormatError) || isQuantity) throw error;
      unreadable.push(name);
    }
  }
  return { arrays, unreadable };
}

/** The lines for the report's listing as it is, and a form for other programs. */
function recorder(language: Language): string {
  const { listing, before, after, other, form, needed, rate, forward, backward } = WORDS;
  const say = (text: Text) => `# ${text[language]}`;
  // the indentation of the listing's inner loop
  return `${say(listing)}

        ${say(before)}
        if i == 0 and j == 0:
            step = dict(img=img, answer=answer, my=my, W1=np.copy(W1), b1=np.copy(b1),
                        W2=np.copy(W2), b2=np.copy(b2), onehot=onehot, input1=input1,
                        output1=output1, input2=input2, output_last=output_last,
                        crossE=crossE, delta_b=delta_b, delta_y1=delta_y1,
                        delta_W2=delta_W2, delta_b2=delta_b2, delta_a=delta_a,
                        delta_W1=delta_W1, delta_b1=delta_b1)

        ${say(after)}
        if i == 0 and j == 0:
            np.savez("step.npz", **step, W1_after=W1, b1_after=b1, W2_after=W2, b2_after=b2)


${say(other)}
${say(form)}

def record(**step):
    return {name: np.array(value) for name, value in step.items() if value is not ...}

${say(before)}
step = record(
    X=..., labels=..., W1=..., b1=..., W2=..., b2=...,  ${say(needed)}
    lr=...,  ${say(rate)}
    A1=..., Y1=..., A2=..., P=..., onehot=..., L=..., E=...,  ${say(forward)}
    dA2=..., dW2=..., db2=..., dY1=..., dA1=..., dW1=..., db1=...,  ${say(backward)}
)

${say(after)}
np.savez("step.npz", **step, **record(W1_after=..., b1_after=..., W2_after=..., b2_after=...))`;
}

const WORDS = {
  listing: {
    en: "The report's program (listing 3): paste these lines into its loop.",
    ja: "レポートのプログラム（Listing 3）では、次の行をループの中に貼り付ける。",
  },
  before: { en: "after the gradients, before the update", ja: "勾配を求めた後、更新の前" },
  after: { en: "after the update", ja: "更新の後" },
  other: {
    en: "Any other program: replace the dots with your variables, and run this in one step.",
    ja: "ほかのプログラムでは、... を自分の変数に書き換え、1 ステップだけで実行する。",
  },
  form: {
    en: "Leave the dots of what your program does not have.",
    ja: "プログラムにない量は ... のままにしておく。",
  },
  needed: { en: "all are needed", ja: "すべて必要" },
  rate: { en: "the learning rate", ja: "学習率" },
  forward: { en: "as many as there are", ja: "あるものだけ" },
  backward: { en: "dA2 is ∂E/∂A2", ja: "dA2 は ∂E/∂A2" },
} satisfies Record<string, Text>;
