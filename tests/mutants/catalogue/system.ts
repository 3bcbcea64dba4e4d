/**
 * Mutants of what the commands read, write and print.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const FILES = "lib/system/files.ts";

const SYNCS = [
  "system/files_test.ts",
  "example: replaceFile() syncs the file before it takes the name, and the folder after",
] as const;

/** Files, arguments and messages. */
export const system: Chapter = {
  title: "Files and messages of the commands",
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
      file: "lib/system/arguments.ts",
      search: "!/^\\d+$/.test(text) || ",
      replace: "",
      caughtBy: [
        "system/arguments_test.ts",
        "example: integer() takes both ends of its range and nothing beyond",
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
  ],
};
