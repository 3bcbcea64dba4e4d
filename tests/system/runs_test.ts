/** The history of a run: read from its files, and saved as CSV. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { HistoryRow } from "../../lib/storage/history.ts";
import {
  type ExpectedHistory,
  HistoryFile,
  loadParameters,
  loadParametersOrPretrained,
  readStoredHistory,
} from "../../lib/system/runs.ts";
import { SavedFile } from "../../lib/system/save.ts";
import { dim, initialise, RandomState, writeCheckpoint, writeParameters } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";

const RANDOM = new RandomState(601);
const PARAMETERS = initialise(dim("inputs", 4), dim("hidden", 3), dim("classes", 2), RANDOM);
const ROWS = madeUpRows(3);
const RESULTS = ROWS.map(({ epoch, running, test }) => ({ epoch, running, test }));

/** The file of a run after three epochs, with the last of its history. */
function checkpoint(rows: number | undefined): Uint8Array<ArrayBuffer> {
  const digest = new Uint8Array(32);
  const state = {
    position: { epoch: 4, iteration: 0, lossSum: 0, correct: 0 },
    settings: { epochs: 9, batchSize: 10, learningRate: 0.25 },
    seed: 7,
    random: RANDOM.getState(),
    data: { trainCount: 40, trainDigest: digest, testCount: 20, testDigest: digest },
  };
  if (rows === undefined) return writeCheckpoint(PARAMETERS, state);
  const history = { rows: RESULTS.slice(3 - rows), evaluateEvery: 1, evaluateTrain: false };
  return writeCheckpoint(PARAMETERS, state, history);
}

Deno.test("example: readStoredHistory() reads an npz file and a CSV, by their first bytes", () => {
  using folder = new Folder({
    "p.csv": checkpoint(3),
    "last.npz": checkpoint(1),
    "h.npz": historyFile(ROWS),
    "cut.csv": historyFile(ROWS).trimEnd(),
    "rates.csv": historyFile(ROWS.map((row) => ({ ...row, learningRate: row.epoch }))),
    "times.csv": historyFile(ROWS.with(1, { ...ROWS[1]!, seconds: undefined })),
  });
  const settings = { network: [4, 3, 2], epochs: 9, batchSize: 10, learningRate: 0.25, seed: 7 };
  const read = (name: string) => readStoredHistory(folder.file(name));
  deepStrictEqual(read("p.csv"), { rows: RESULTS, settings });
  deepStrictEqual(read("last.npz"), { rows: RESULTS.slice(2), settings });
  const csv = { rows: ROWS, settings: { learningRate: 0.01 }, seconds: 2.25 };
  deepStrictEqual(read("h.npz"), csv);
  deepStrictEqual(read("cut.csv"), csv); // a last line without an end counts
  deepStrictEqual(read("rates.csv").settings, {});
  strictEqual("seconds" in read("times.csv"), false);
});

Deno.test("example: readStoredHistory() refuses files without a finished epoch, and others", () => {
  const cases: [contents: Uint8Array | string, reason: string | RegExp][] = [
    ...[checkpoint(undefined), checkpoint(0), writeParameters(PARAMETERS), historyFile([]), ""]
      .map((contents): typeof cases[0] => [contents, "has no finished epoch, need one at least"]),
    ["PK", /file: Cannot read zip archive: /],
  ];
  for (const [contents, reason] of cases) {
    using folder = new Folder({ file: contents });
    const path = folder.file("file");
    const message = typeof reason === "string" ? `${path}: ${reason}` : reason;
    throws(() => readStoredHistory(path), { name: "UserError", message });
  }
});

/** The run of the rows, of which so many epochs are finished. */
function run(finished: number, results = RESULTS.slice(0, finished)): ExpectedHistory {
  return { finished, rows: results, learningRate: 0.01 };
}

Deno.test("example: HistoryFile has a whole file after each row, and keeps what was there before", () => {
  using folder = new Folder({ "h.csv": "as it was" });
  const path = folder.file("h.csv"), history = new HistoryFile(new SavedFile(path, {}));
  strictEqual(Deno.readTextFileSync(path), "as it was");
  ROWS.forEach((row, i) => {
    const line = `${path}: kept as ${folder.file("h.1.csv")}`;
    strictEqual(history.add(row)?.line, i === 0 ? line : undefined);
    strictEqual(Deno.readTextFileSync(path), historyFile(ROWS.slice(0, i + 1)));
  });
  strictEqual(Deno.readTextFileSync(folder.file("h.1.csv")), "as it was");
});

/** Opens the CSV of a run that goes on, where there is such a file or none. */
function resumeIn(folder: Folder, own: ExpectedHistory): HistoryFile {
  const path = folder.file("h.csv");
  return HistoryFile.resume(new SavedFile(path, { resumed: path }), own, "p.npz");
}

Deno.test("example: HistoryFile.resume() goes on after the finished epochs of the file, or makes them from the run", () => {
  const begun = ROWS.slice(0, 2), last = ROWS[2]!;
  const made = begun.map((row): HistoryRow => ({ ...row, seconds: undefined }));
  const cases: [old: string | undefined, rows: readonly HistoryRow[]][] = [
    [historyFile(begun), begun],
    [historyFile(ROWS), begun], // rows of epochs that are not finished are made again
    [historyFile(begun).trimEnd(), begun],
    [historyFile([]), made],
    ["", made],
    [undefined, made],
  ];
  for (const [old, rows] of cases) {
    using folder = new Folder(old === undefined ? {} : { "h.csv": old });
    const history = resumeIn(folder, run(2)),
      text = () => Deno.readTextFileSync(folder.file("h.csv"));
    strictEqual(text(), rows === made ? historyFile(made) : old);
    strictEqual(history.add(last), undefined);
    strictEqual(text(), historyFile([...rows, last]));
    deepStrictEqual(folder.names(), ["h.csv"]);
  }
});

Deno.test("example: HistoryFile.resume() refuses the history of another run, and leaves it as it is", () => {
  const text = historyFile(ROWS.slice(0, 2)), other = "is the history of another run:";
  const [first, second] = ROWS as [HistoryRow, HistoryRow];
  const cases: [contents: string | undefined, run: ExpectedHistory, reason: string][] = [
    [historyFile(ROWS.slice(0, 1)), run(2), `${other} it has no epoch 2`],
    [
      text.replace(`\n2,${second.running.crossEntropy},`, "\n2,0.5,"),
      run(2),
      `${other} its epoch 2 differs`,
    ],
    [text.replace(`,${first.test!.accuracy},`, ",0.1,"), run(2), `${other} its epoch 1 differs`],
    [
      text.replace(/(\n1,[^,]*,[^,]*),[^,]*,[^,]*,/, "$1,,,"),
      run(2),
      `${other} its epoch 1 differs`,
    ],
    [text.replace(/,0.01,(?=[^,]*\n$)/, ",0.02,"), run(2, []), `${other} its epoch 2 differs`],
    [text.replace("\n2,", "\n3,"), run(2), 'Cannot read history: epoch in line 3 is "3", need 2'],
    [
      undefined,
      run(2, RESULTS.slice(1, 2)),
      "has no row, and p.npz has a history of 1 epoch, need the first 2",
    ],
  ];
  for (const [contents, own, reason] of cases) {
    using folder = new Folder(contents === undefined ? {} : { "h.csv": contents });
    const path = folder.file("h.csv"), message = `${path}: ${reason}`;
    throws(() => resumeIn(folder, own), { name: "UserError", message });
    deepStrictEqual(folder.names(), contents === undefined ? [] : ["h.csv"]);
    if (contents !== undefined) strictEqual(Deno.readTextFileSync(path), contents);
  }
});

Deno.test("example: loadParametersOrPretrained() has the parameters of docs/reproduction/, to the bit", async () => {
  const { parameters } = await loadParametersOrPretrained(undefined);
  const file = new URL("../../docs/reproduction/parameter_10000.npz", import.meta.url);
  deepStrictEqual(parameters, loadParameters(file.pathname));
});
