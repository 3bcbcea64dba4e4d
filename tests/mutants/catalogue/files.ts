/**
 * Mutants of the readers and writers of NumPy's files.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const HASH_ORDER = [
  "storage/run_hash_test.ts",
  "example: runHash() hashes W1, W2, b1, b2 in this order, and the loss apart from them",
] as const;

/** npy, npz and zip. */
export const files: Chapter = {
  title: "Files",
  mutants: [
    {
      title: "The wrong order of saving: W1, b1, W2, b2",
      file: "lib/storage/parameters_file.ts",
      search: 'W2: "arr_1", b1: "arr_2"',
      replace: 'b1: "arr_1", W2: "arr_2"',
      caughtBy: [
        "storage/parameters_file_test.ts",
        "example: writeParameters() puts W1, W2, b1, b2 into arr_0 … arr_3, in this order",
      ],
    },
    {
      title: "The hash of the parameters takes them in another order: W1, b1, W2, b2",
      file: "lib/storage/run_hash.ts",
      search: "PARAMETER_NAMES.map(",
      replace: '(["W1", "b1", "W2", "b2"] as const).map(',
      caughtBy: HASH_ORDER,
    },
    {
      title: "The hash is of big-endian bytes",
      file: "lib/storage/run_hash.ts",
      search: "setFloat64(offset, array[i]!, true)",
      replace: "setFloat64(offset, array[i]!)",
      caughtBy: [
        "storage/run_hash_test.ts",
        "example: hashNumbers() hashes the bytes of float64, least significant first",
      ],
    },
    {
      title: "The line of train --hash has the first loss of the process, not the last",
      file: "lib/commands/train/training_session.ts",
      search: "this.#loss = progress",
      replace: "this.#loss ??= progress",
      caughtBy: [
        "cli/hash_test.ts",
        "example: train --resume --hash prints the line of the run that never stopped, wherever that one stopped",
      ],
    },
    {
      title: "A resumed run continues the history of any other run",
      file: "lib/system/history_file.ts",
      search: "if (found === needed) return;",
      replace: "return;",
      caughtBy: [
        "cli/history_test.ts",
        "example: train --resume refuses the history of another run, and writes nothing",
      ],
    },
    {
      title: "A history loses its last rows though nothing is left to train",
      file: "lib/commands/train/training_session.ts",
      search: "if (own.finished < epochs) return",
      replace: "return",
      caughtBy: [
        "cli/history_test.ts",
        "example: train --resume of a finished run leaves its history as it is, rows of later epochs too",
      ],
    },
    {
      title: "A report draws the history of any run beside the parameters of another",
      file: "lib/commands/report_command.ts",
      search: "readStoredHistory(table, ofRun)",
      replace: "readStoredHistory(table)",
      caughtBy: [
        "cli/report_test.ts",
        "example: report refuses the history of another run beside a file that has its own",
      ],
    },
    {
      title: "Epochs whose time is not known take 0 seconds in a history",
      file: "lib/system/history_file.ts",
      search: "this.create(path, rows.map((row) => ({ ...row, learningRate })))",
      replace: "this.create(path, rows.map((row) => ({ ...row, learningRate, seconds: 0 })))",
      caughtBy: [
        "cli/history_test.ts",
        "example: train --resume begins a history that does not exist with the epochs of its file, without their seconds",
      ],
    },
    {
      title: "A run of version 1 is resumed without a history",
      file: "lib/storage/checkpoint_file.ts",
      search: "if (version === 1) return { state, history: VERSION_1_HISTORY };",
      replace: "",
      caughtBy: [
        "cli/resume_test.ts",
        "reference: train --resume continues a file of version 1 to the bits of the whole run, and begins its history",
      ],
    },
    {
      title: "Two runs write to one history",
      file: "lib/system/history_file.ts",
      search: "if (size !== this.#size) {",
      replace: "if (size < 0) {",
      caughtBy: [
        "cli/history_test.ts",
        "example: train stops with all saved when another program changes its history, and leaves that alone",
      ],
    },
    {
      title: "A resumed run evaluates by default, not as the run before did",
      file: "lib/commands/train/prepare_run.ts",
      search: "evaluateEvery ?? before?.evaluateEvery ?? 1",
      replace: "evaluateEvery ?? 1",
      caughtBy: [
        "cli/resume_test.ts",
        "example: train --resume evaluates as often as the run in the file, unless an option says otherwise",
      ],
    },
    {
      title: "Parameters are saved though they are NaN",
      file: "lib/storage/parameters_file.ts",
      search: 'if (at >= 0) throw refusal(name, describeEntry(matrix, at), "finite numbers");',
      replace: "",
      caughtBy: [
        "storage/parameters_file_test.ts",
        "example: writeParameters() refuses a number that is not finite",
      ],
    },
    {
      title: "Big-endian forgotten",
      file: "lib/formats/npy.ts",
      search: "size > 1 && order !== NATIVE",
      replace: "false",
      caughtBy: ["formats/npy_test.ts", "example: readNpy() swaps the bytes of big-endian numbers"],
    },
    {
      title: "Fortran order ignored",
      file: "lib/formats/npy.ts",
      search: "shape, size, fortranOrder, swapped)",
      replace: "shape, size, false, swapped)",
      caughtBy: [
        "formats/npy_test.ts",
        "example: readNpy() transposes Fortran order into C order",
      ],
    },
    {
      title: "float16: denormals read as if they had a leading 1",
      file: "lib/formats/float16.ts",
      search: "exponent === 0 ? fraction : (1024 + fraction) * (1 << (exponent - 1))",
      replace: "(1024 + fraction) * (1 << Math.max(0, exponent - 1))",
      caughtBy: [
        "formats/npy_test.ts",
        "example: readNpy() reads float16 as doubles",
      ],
    },
    {
      title: "An array that begins in the middle of its buffer is written from the buffer's start",
      file: "lib/formats/npy.ts",
      search: "data.buffer, data.byteOffset, data.byteLength",
      replace: "data.buffer, 0, data.byteLength",
      caughtBy: [
        "formats/npy_test.ts",
        "law: writeNpy() writes the same for an array that begins in the middle of its buffer",
      ],
    },
    {
      title: "Members of a zip archive may overlap by one byte",
      file: "lib/formats/zip/zip.ts",
      search: "if (start < end) {",
      replace: "if (start < end - 1) {",
      caughtBy: ["formats/zip/zip_test.ts", "example: readZip() refuses members that overlap"],
    },
    {
      title: "Sizes checked by their product alone: (-4, -784) makes a plausible one",
      file: "lib/formats/npy_header.ts",
      search: "size < 0n || size > MAX_SIZE",
      replace: "size > MAX_SIZE",
      caughtBy: [
        "formats/npy_test.ts",
        "example: readNpy() refuses each size that is negative, even where the product is plausible",
      ],
    },
    {
      title: "The CRC is not checked",
      file: "lib/formats/zip/zip.ts",
      search: "crc !== entry.crc",
      replace: "false",
      caughtBy: [
        "formats/zip/zip_test.ts",
        "example: readZip() refuses contents whose CRC-32 is not the declared one",
      ],
    },
    {
      title: "Of two possible end records the first is taken",
      file: "lib/formats/zip/end_records.ts",
      search: "if (found !== undefined) {",
      replace: "if (false) {",
      caughtBy: [
        "formats/zip/end_records_test.ts",
        "example: readZip() refuses a comment that holds another end record",
      ],
    },
    {
      title: "The zip64 end record overrules an end record that differs",
      file: "lib/formats/zip/end_records.ts",
      search: "[fields[key], placeholder(key)].includes(ordinary[key])",
      replace: "true",
      caughtBy: [
        "formats/zip/end_records_test.ts",
        "example: readZip() refuses an end record that differs from the zip64 end record",
      ],
    },
    {
      title: "Of two members of one name, with and without .npy, one is read",
      file: "lib/formats/npz.ts",
      search: "if (members.has(name))",
      replace: "if (false)",
      caughtBy: [
        "formats/npz_test.ts",
        "example: readNpz() refuses two members that name one array, if it is wanted",
      ],
    },
    {
      title: "Inflating does not stop at the declared size",
      file: "lib/formats/inflate.ts",
      search: "if (filled + piece.length > size)",
      replace: "if (false)",
      caughtBy: [
        "formats/inflate_test.ts",
        "example: inflate() stops where the declared size ends",
      ],
    },
    {
      title: "Bytes after the end of deflated data are not noticed",
      file: "lib/formats/inflate.ts",
      search: "engine.bytesWritten < data.length",
      replace: "false",
      caughtBy: [
        "formats/inflate_test.ts",
        "example: inflate() refuses bytes after the end, few or many, and reads only a few",
      ],
    },
    {
      title: "The file dated by the clock: its bytes are not the same twice",
      file: "lib/formats/npz.ts",
      search: "new Date(1980, 0, 1)",
      replace: "new Date()",
      caughtBy: [
        "formats/npz_test.ts",
        "example: writeNpz() dates every member 1 January 1980, 0:00",
      ],
    },
    {
      title: "Parameters are saved without the reader's checks",
      file: "lib/storage/parameters_file.ts",
      search: "rules of the reader\n  parametersFrom(",
      replace: "rules of the reader\n  Array.of<unknown>(",
      caughtBy: [
        "storage/parameters_file_test.ts",
        "example: writeParameters() refuses what readParameters() refuses: 4097 hidden units",
      ],
    },
    {
      title: "A checkpoint is saved without the reader's checks of its state",
      file: "lib/storage/checkpoint_file.ts",
      search: "rules of the reader\n  runFrom(",
      replace: "rules of the reader\n  Array.of<unknown>(",
      caughtBy: [
        "storage/checkpoint_file_test.ts",
        "example: writeCheckpoint() refuses what readCheckpoint() refuses, and names the range",
      ],
    },
    {
      title: "A checkpoint has a sum of losses before the first loss: no run continues from it",
      file: "lib/storage/checkpoint_file.ts",
      search: "iteration === 0 && lossSum !== 0",
      replace: "iteration < 0",
      caughtBy: [
        "storage/checkpoint_file_test.ts",
        "example: writeCheckpoint() refuses what readCheckpoint() refuses, and names the range",
      ],
    },
    {
      title: "A PNG whose pixels have colours that its palette lacks",
      file: "lib/formats/png_encode.ts",
      search: "if (palette !== undefined) checkPalette(palette, pixels);",
      replace: "",
      caughtBy: [
        "formats/png_encode_test.ts",
        "example: encodePng() refuses sizes that decodePng() refuses, and palettes without the colours",
      ],
    },
    {
      title: "The next option is taken for a file: --save --quiet",
      file: "lib/system/arguments.ts",
      search: "/^-./.test(value) && !args",
      replace: "value === undefined && !args",
      caughtBy: [
        "cli/arguments_test.ts",
        "example: every command refuses an option in the place of a file",
      ],
    },
    {
      title: "A history row is written with half a pair",
      file: "lib/storage/history.ts",
      search: "if ((numbers[a] === undefined) === (numbers[b] === undefined)) continue;",
      replace: "continue;",
      caughtBy: [
        "storage/history_test.ts",
        "example: formatHistoryRow() refuses what readHistory() would refuse",
      ],
    },
    {
      title: "A history may have a gap between its epochs and the state",
      file: "lib/storage/history_arrays.ts",
      search: "numbers[0] !== epoch",
      replace: "numbers[0]! > epoch",
      caughtBy: [
        "storage/checkpoint_file_test.ts",
        "example: writeCheckpoint() refuses a history that does not end with the last finished epoch, has a gap or invalid figures",
      ],
    },
    {
      title: "A checkpoint without the generator's position in its block",
      file: "lib/storage/checkpoint_file.ts",
      search: '["state_random_pos", integer(random.pos)]',
      replace: '["state_random_pos", integer(624)]',
      caughtBy: [
        "storage/checkpoint_file_test.ts",
        "law: readCheckpoint() inverts writeCheckpoint(), with a history and without",
      ],
    },
  ],
};
