// `diagnose`: the first wrong equation in the training steps that other programs recorded.
import { type Command, InvalidArgumentError } from "commander";
import { join } from "node:path";
import type { StepSymbol } from "../../mod.ts";
import {
  CSV_HEADER,
  describeDiagnosis,
  diagnoseFile,
  EXPECTABLE,
  type Judged,
  MAX_BYTES,
  toCsv,
  toGroups,
  toJson,
  unreadable,
} from "../diagnose/describe.ts";
import { SYMBOLS, undecided } from "../diagnose/dump.ts";
import { recorder } from "../diagnose/recorder.ts";
import { argumentPath, positive, SansoCommand } from "../system/arguments.ts";
import { Exit, UsageError, UserError, withFileName } from "../system/errors.ts";
import { isFolder, listFolder, readFile, statIfThere } from "../system/files.ts";
import { coloured, info, print, showJob } from "../system/output.ts";
import { type Language, t } from "../text/layout.ts";

interface CommandOptions {
  readonly names?: Readonly<Record<string, StepSymbol>>;
  readonly learningRate?: number;
  readonly expect?: readonly string[];
  readonly all?: true;
  readonly lang: Language;
  readonly json?: true;
  readonly csv?: true;
  readonly recorder?: true;
}

/** The exit code of each verdict, as `diff` has them. */
const EXIT_CODES = {
  ...{ right: 0, "right by another convention": 0 },
  ...{ wrong: 1, undecided: 2, "another network": 2 },
} as const;

export function diagnoseCommand(): Command {
  return new SansoCommand("diagnose")
    .description(
      "Find the first wrong equation in another program's training step, which it recorded. " +
        "Exit codes: 0 if everything is right, 1 if something is wrong, 2 if it cannot be judged " +
        "or is another network.",
    )
    .argument("[step.npz...]", "recorded steps, or folders of npz files", paths)
    .option(
      "--names <list>",
      "what arrays are, if they are taken for others: mine=dW1,other=b1",
      names,
    )
    .option("--learning-rate <x>", "η (default: the file's, or found from the update)", positive)
    .option(
      "--expect <list>",
      "what the course does otherwise, by words of such a note: sum,relu",
      words,
    )
    .option("--all", "print a table of all quantities before the answer")
    .option("--json", "print one JSON object per file, one per line")
    .option("--csv", "print a table for a spreadsheet, one line per file")
    .language()
    .option("--recorder", "print a Python file that records steps of your program")
    .action(run)
    .examples("diagnose.md", "diagnose --recorder > sanso_step.py", "diagnose step.npz");
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
  const count = (side: 0 | 1) => new Set(pairs.map((pair) => pair[side])).size;
  if (Math.min(count(0), count(1)) < pairs.length) {
    throw new InvalidArgumentError("Must not have a name or a symbol twice");
  }
  return Object.fromEntries(pairs);
}

/** Parses `sum,relu`: beginnings of words, in upper or lower case. */
function words(text: string): readonly string[] {
  const words = text.toLowerCase().split(",");
  const isKnown = (word: string) => word !== "" && EXPECTABLE.some((one) => one.startsWith(word));
  if (words.every(isKnown)) return words;
  throw new InvalidArgumentError(`Must be words such as ${EXPECTABLE.join(", ")}`);
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
  const { json, csv, lang, all = false } = options;
  const files = inputs.flatMap(filesOf).toSorted();
  const isSingle = inputs.length === 1 && files[0] === inputs[0];
  const judged: Judged[] = [];
  using display = showJob(isSingle ? undefined : info);
  if (csv) print(CSV_HEADER);
  for (const file of files) {
    const one = { file, found: judge(file, options) };
    judged.push(one);
    if (json) print(toJson(one, lang));
    else if (csv) print(toCsv(one, lang));
    else if (isSingle && "reason" in one.found) {
      throw new UserError(`${file}: ${one.found.reason[lang]}`);
    } else if (isSingle) print(colourVerdicts(describeDiagnosis(one.found, lang, all)));
    const done = judged.length, count = files.length;
    if (done < count) display.show({ what: "diagnose", done, all: count, unit: "files" });
  }
  if (!json && !csv && !isSingle) {
    print(colourVerdicts(toGroups(judged, lang)));
  }
  return Math.max(...judged.map(({ found }) => EXIT_CODES[found.verdict]));
}

/** The verdicts at the starts of lines in green and red, on a terminal. */
function colourVerdicts(text: string): string {
  const verdicts = /^(?:(ok|right|正しい)|WRONG|誤り)(?= |$|:)/gm;
  return text.replaceAll(verdicts, (word, right) => coloured(word, right !== undefined));
}

/** The file, or the npz files in a folder; a folder that has none itself. */
function filesOf(input: string): string[] {
  if (!isFolder(input)) return [input];
  const names = listFolder(input).filter((name) => name.toLowerCase().endsWith(".npz"));
  return names.length > 0 ? names.map((name) => join(input, name)) : [input];
}

function judge(file: string, { names = {}, learningRate, expect = [] }: CommandOptions) {
  const options = { names, expect, ...learningRate === undefined ? {} : { learningRate } };
  if (isFolder(file)) return undecided(t("has no npz files", "npz ファイルがない"));
  // from a named pipe or a device, reading might never return
  if (statIfThere(file)?.isFile === false) {
    return undecided(t("is not a regular file", "通常のファイルではない"));
  }
  const read = () => {
    const bytes = readFile(file, MAX_BYTES, "that an npz file may have");
    if (bytes.length > QUICK) info(`diagnose: ${file} is large, this takes a while`);
    return bytes; // its memory is free before the diagnosis needs more
  };
  try {
    return withFileName(file, () => diagnoseFile(file, read, options));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return unreadable(error.message.replace(`${file}: `, ""));
  }
}

/** Bytes of a file that is judged in about a second, as the report's step and the next one. */
const QUICK = 8_000_000;
