/**
 * Mutants of what the commands read, write and print.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const FILES = "lib/system/files.ts", SAVED_FILE = "lib/system/saved_file.ts";

const SYNCS = [
  "system/files_test.ts",
  "example: replaceFile() syncs the file before it takes the name, and the folder after",
] as const;

const FREE_NAME = [
  "system/saved_file_test.ts",
  "example: SavedFile takes the first name that nothing has, with the number before the extension",
] as const;

const MEANWHILE = [
  "system/saved_file_test.ts",
  "example: SavedFile keeps a file that another program makes during the first save",
] as const;

/** Files, arguments, messages and exit codes. */
export const system: Chapter = {
  title: "Commands and their files",
  mutants: [
    {
      title: "A file takes its name before its bytes are on the disk: a power cut leaves it empty",
      file: FILES,
      search: "    file.syncSync();\n",
      replace: "",
      caughtBy: SYNCS,
    },
    {
      title: "The folder is not synced: after a power cut the old file is back",
      file: FILES,
      search: "    syncFolder(dirname(target.path));\n",
      replace: "",
      caughtBy: SYNCS,
    },
    {
      title: "A run cannot save into a folder that can be written but not listed",
      file: FILES,
      search: "if (error instanceof Deno.errors.PermissionDenied) return;",
      replace: "",
      caughtBy: [
        "cli/save_test.ts",
        "example: train and plot save into a folder that can be written but not listed",
      ],
    },
    {
      title: "A first save copies its file over one that another run has just saved",
      file: FILES,
      search: "Deno.linkSync(from, to);",
      replace: "Deno.copyFileSync(from, to);",
      caughtBy: MEANWHILE,
    },
    {
      title: "The file of an earlier run is moved over the one that was kept before",
      file: SAVED_FILE,
      search: "if (error instanceof Deno.errors.AlreadyExists || exists(free)) return false;\n",
      replace: "\n",
      caughtBy: FREE_NAME,
    },
    {
      title: "Of the numbers of kept files only the odd ones are tried",
      file: SAVED_FILE,
      search: "for (let number = 1;; number++)",
      replace: "for (let number = 1;; number += 2)",
      caughtBy: FREE_NAME,
    },
    {
      title: "A file that has replaced the kept one meanwhile is overwritten",
      file: SAVED_FILE,
      search: "exists(path) && !isSameVersion(path, kept) || !exists(kept)",
      replace: "!exists(kept)",
      caughtBy: MEANWHILE,
    },
    {
      title: "Later saves overwrite what another program has written since",
      file: SAVED_FILE,
      search: 'replaceable !== "none" && isEqual(old, replaceable)',
      replace: 'replaceable !== "none"',
      caughtBy: [
        "system/saved_file_test.ts",
        "example: SavedFile leaves a file that another program has changed since the last save",
      ],
    },
    {
      title: "A resumed file is overwritten though another program has changed it since",
      file: SAVED_FILE,
      search: 'identify(this.path) ?? "none"',
      replace: '"any"',
      caughtBy: [
        "system/saved_file_test.ts",
        "example: SavedFile leaves a resumed file that another program has changed since",
      ],
    },
    {
      title: "--overwrite keeps a file that was written after the run began",
      file: SAVED_FILE,
      search: 'overwrite ? "any"',
      replace: 'overwrite ? identify(this.path) ?? "none"',
      caughtBy: [
        "system/saved_file_test.ts",
        "example: SavedFile with overwrite replaces at the first save what is there then, whatever it is",
      ],
    },
    {
      title: "Hours of training are removed because the file cannot be renamed",
      file: SAVED_FILE,
      search: "      // the folder may have vanished, and the bytes with it\n",
      replace: "      removeIfThere(temporary);\n",
      caughtBy: [
        "system/saved_file_test.ts",
        "example: SavedFile leaves the finished bytes under their temporary name if they cannot be renamed",
      ],
    },
    {
      title: "A run says that a file is saved whose folder has vanished",
      file: SAVED_FILE,
      search: "return old !== undefined && (",
      replace: "return old === undefined || (",
      caughtBy: [
        "system/saved_file_test.ts",
        "example: SavedFile says what is saved if the bytes cannot be written, or the folder cannot be synced",
      ],
    },
    {
      title: "A resumed run that cannot be saved says that nothing is saved",
      file: "lib/commands/train/training_session.ts",
      search: "this.#saved === undefined ? resume : save.name",
      replace: "this.#saved && save.name",
      caughtBy: [
        "cli/save_test.ts",
        "example: train says which epoch is saved when the disk is full, and so does --resume",
      ],
    },
    {
      title: "After a power cut the kept file or the new one has no name",
      file: SAVED_FILE,
      search: "      syncFolder(dirname(this.path));\n",
      replace: "",
      caughtBy: [
        "system/saved_file_test.ts",
        "example: SavedFile syncs the folder after the names are given",
      ],
    },
    {
      title: "A file that is mounted by itself into a container is found only after the training",
      file: FILES,
      search: 'if (errorCode(error) !== "EXDEV") return;',
      replace: "if (error) return;",
      caughtBy: [
        "system/files_test.ts",
        "example: checkTarget() refuses a file that is mounted by itself, and leaves no file",
      ],
    },
    {
      title: "A terminal that is closed ends the run without a save",
      file: "lib/system/signals.ts",
      search: "SIGTERM: 143, SIGHUP: 129 }",
      replace: "SIGTERM: 143 }",
      caughtBy: [
        "cli/signals_test.ts",
        "example: train saves on SIGINT, SIGTERM and SIGHUP, exits with 130, 143 and 129, and its last line gives the position and how to resume",
      ],
    },
    {
      title: "plot overwrites a file that has been made while it drew",
      file: "lib/system/output.ts",
      search: "replaceFile(name, bytes, (path) => this.#checkOld(path));",
      replace: "replaceFile(name, bytes);",
      caughtBy: [
        "system/output_test.ts",
        "example: OutputFile refuses a file that another program has made, before and during the computation",
      ],
    },
    {
      title: "After a part of the bytes, the write begins again with the first",
      file: FILES,
      search: "to.writeSync(bytes.subarray(written))",
      replace: "to.writeSync(bytes)",
      caughtBy: [
        "system/files_test.ts",
        "example: writeAll() goes on where a write that took a part only has stopped",
      ],
    },
    {
      title: "A pipe's first part is taken for all of it",
      file: FILES,
      search: "      length += count;\n",
      replace: "      length += count;\n      break;\n",
      caughtBy: [
        "system/files_test.ts",
        "example: readFile() reads a pipe to its end, in however many parts its bytes come",
      ],
    },
    {
      title: "An integer is whatever JavaScript takes for a number: 1e3, 0x10, nothing",
      file: "lib/text/parse_number.ts",
      search: "/^\\d+$/.test(text) && ",
      replace: "",
      caughtBy: [
        "system/arguments_test.ts",
        "example: integer() takes both ends of its range and nothing beyond",
      ],
    },
    {
      title: "--quiet does not quiet gradcheck",
      file: "lib/commands/gradcheck_command.ts",
      search: "const log = quiet ? undefined : info;",
      replace: "const log = quiet === undefined ? undefined : info;",
      caughtBy: [
        "cli/gradcheck_test.ts",
        "example: gradcheck --json prints the same as one object, and the reason and exit code of a failure",
      ],
    },
    {
      title: "inspect prints a table that wraps",
      file: "lib/commands/inspect_command.ts",
      search: "rows, 1, CUT)",
      replace: "rows, 1)",
      caughtBy: [
        "cli/inspect_test.ts",
        "example: inspect cuts shapes of many dimensions, and rounds large integers",
      ],
    },
    {
      title: "64-bit integers rounded to doubles in JSON",
      file: "lib/text/json.ts",
      search: "rawJSON(`${x}`)",
      replace: "Number(x)",
      caughtBy: [
        "text/json_test.ts",
        "example: toJson() has all digits of integers, and null for what is no number",
      ],
    },
    {
      title: "evaluate swaps the answer and the true class",
      file: "lib/commands/evaluate_command.ts",
      search: "`${answer}, is ${label}`",
      replace: "`${label}, is ${answer}`",
      caughtBy: [
        "cli/evaluate_test.ts",
        "example: evaluate prints cross-entropy, accuracy, confusion, precision and recall",
      ],
    },
    {
      title: "gradcheck prints that a gradient is wrong, and exits with 0",
      file: "lib/commands/gradcheck_command.ts",
      search: "if (failure !== undefined) throw new UserError(failure);",
      replace: "if (failure !== undefined) print(failure);",
      caughtBy: [
        "cli/gradcheck_test.ts",
        "example: gradcheck exits with 1 if a gradient is wrong, and says in which function",
      ],
    },
    {
      title: "A resumed run is saved with the default seed, not with its own",
      file: "lib/commands/train/prepare_run.ts",
      search: "const { position, seed } = state;",
      replace: "const { position } = state, seed = REPORT_SETTINGS.seed;",
      caughtBy: [
        "cli/resume_test.ts",
        "example: train --resume keeps the seed of the run in the file, though it draws nothing with it",
      ],
    },
    {
      title: "A page that may be passed on has the path of the user's folder",
      file: "lib/commands/report_command.ts",
      search: '[say("fact.file"), basename(resolve(path))]',
      replace: '[say("fact.file"), resolve(path)]',
      caughtBy: [
        "cli/report_test.ts",
        "example: report of a folder takes the history that is named, not the one there, and names no folder in the page",
      ],
    },
    {
      title: "The facts of a Japanese report are in English",
      file: "lib/commands/report_command.ts",
      search: "const say = reportTexts(lang);",
      replace: 'const say = reportTexts("en");',
      caughtBy: [
        "cli/report_test.ts",
        "example: report --lang ja writes the facts in Japanese too",
      ],
    },
    {
      title: "Only line feeds are escaped: a file's name can clear the terminal",
      file: "lib/text/escape.ts",
      search: "/[\\p{C}\\u2028\\u2029]/gu",
      replace: "/\\n/gu",
      caughtBy: [
        "text/escape_test.ts",
        "example: oneLine() escapes controls, line ends and bidirectional marks, and leaves words and quotes",
      ],
    },
    {
      title: "diagnose exits with 1, as for a wrong equation, if a file cannot be judged",
      file: "lib/commands/diagnose/diagnose_command.ts",
      search: "new UserError(error.message, EXIT_CODES.undecided)",
      replace: "new UserError(error.message)",
      caughtBy: [
        "cli/diagnose_test.ts",
        "example: diagnose refuses files that cannot be judged in one line, with exit code 2",
      ],
    },
    {
      title: "Of several files, diagnose exits with the code of the last",
      file: "lib/commands/diagnose/diagnose_command.ts",
      search: "Math.max(...judged.map(({ found }) => EXIT_CODES[found.verdict]))",
      replace: "judged.map(({ found }) => EXIT_CODES[found.verdict]).at(-1)!",
      caughtBy: [
        "cli/diagnose_test.ts",
        "example: diagnose exits with 0 if all is right, 1 if something is wrong, 2 if anything cannot be judged",
      ],
    },
    {
      title: "The name of a file in a gradebook is a formula, which the spreadsheet computes",
      file: "lib/commands/diagnose/judged.ts",
      search: '.replace(/^(?=[-+=@])/, "\'")',
      replace: "",
      caughtBy: [
        "cli/diagnose_test.ts",
        "example: diagnose --csv quotes what CSV needs quoted, and disarms formulas",
      ],
    },
    {
      title:
        "The recorder does not copy W1: a program that updates it in place records W1 after the step",
      file: "lib/commands/diagnose/recorder.ts",
      search: "W1=np.copy(W1), ",
      replace: "W1=W1, ",
      caughtBy: [
        "cli/diagnose_test.ts",
        "reference: diagnose finds the report's listing right that records itself, and names what is typed wrong in it",
      ],
    },
  ],
};
