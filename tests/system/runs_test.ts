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
  using folder = new Folder({
    "none.npz": checkpoint(undefined),
    "begun.npz": checkpoint(0),
    "plain.npz": writeParameters(PARAMETERS),
    "begun.csv": historyFile([]),
    "empty.csv": "",
    "damaged.npz": "PK",
  });
  const refused = (name: string, reason: string | RegExp) =>
    throws(() => readStoredHistory(folder.file(name)), {
      name: "UserError",
      message: typeof reason === "string" ? `${folder.file(name)}: ${reason}` : reason,
    });
  for (const name of ["none.npz", "begun.npz", "plain.npz"]) {
    refused(name, "has no history of a finished epoch, need one at least");
  }
  for (const name of ["begun.csv", "empty.csv"]) refused(name, "has no row, need one at least");
  refused("damaged.npz", /damaged\.npz: Cannot read zip archive: /);
  refused("missing", "cannot be read: no such file or folder");
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
  deepStrictEqual(folder.names(), ["h.1.csv", "h.csv"]);
});

Deno.test("example: HistoryFile.resume() goes on after the finished epochs of the file, or makes them from the run", () => {
  const noTime = ROWS.map((row): HistoryRow => ({ ...row, seconds: undefined }));
  const cases: [old: string | undefined, finished: number, rows: readonly HistoryRow[]][] = [
    [historyFile(ROWS.slice(0, 2)), 2, ROWS],
    [historyFile(ROWS), 2, ROWS], // rows of epochs that are not finished are made again
    [historyFile(ROWS.slice(0, 2)).trimEnd(), 2, ROWS],
    [historyFile([]), 2, [...noTime.slice(0, 2), ROWS[2]!]],
    ["", 2, [...noTime.slice(0, 2), ROWS[2]!]],
    [undefined, 2, [...noTime.slice(0, 2), ROWS[2]!]],
  ];
  for (const [old, finished, rows] of cases) {
    using folder = new Folder(old === undefined ? {} : { "h.csv": old });
    const path = folder.file("h.csv"), file = new SavedFile(path, { resumed: path });
    const history = HistoryFile.resume(file, run(finished), "p.npz");
    const isMade = old === undefined || !old.includes("\n1,");
    const begun = isMade ? historyFile(noTime.slice(0, 2)) : old;
    strictEqual(Deno.readTextFileSync(path), begun);
    strictEqual(history.add(ROWS[2]!), undefined);
    strictEqual(Deno.readTextFileSync(path), historyFile(rows));
    deepStrictEqual(folder.names(), ["h.csv"]);
  }
});

Deno.test("example: HistoryFile.resume() refuses the history of another run, and leaves it as it is", () => {
  const text = historyFile(ROWS.slice(0, 2));
  const other = (name: string, epoch: number, found: string, needed: string) =>
    `is the history of another run: ${name} of epoch ${epoch} is ${found}, need ${needed}`;
  const [first, second] = ROWS as [HistoryRow, HistoryRow];
  const cases: [contents: string | undefined, run: ExpectedHistory, reason: string][] = [
    [historyFile(ROWS.slice(0, 1)), run(2), "has 1 epoch, need the first 2"],
    [
      text.replace(`\n2,${second.running.crossEntropy},`, "\n2,0.5,"),
      run(2),
      other("cross_entropy", 2, "0.5", `${second.running.crossEntropy}`),
    ],
    [
      text.replace(`,${first.test!.accuracy},`, ",0.0625,"),
      run(2),
      other("test_accuracy", 1, "0.0625", `${first.test!.accuracy}`),
    ],
    [
      text.replace(/(\n1,[^,]*,[^,]*),[^,]*,[^,]*,/, "$1,,,"),
      run(2),
      other("test_cross_entropy", 1, "empty", `${first.test!.crossEntropy}`),
    ],
    [text.replaceAll(",0.01,", ",0.02,"), run(2), other("learning_rate", 1, "0.02", "0.01")],
    [text.replace("\n2,", "\n3,"), run(2), "Cannot read history: epoch in line 3 is 3, need 2"],
    [
      undefined,
      run(2, RESULTS.slice(1, 2)),
      "has no row, and p.npz has a history of 1 epoch, need the first 2",
    ],
  ];
  for (const [contents, own, reason] of cases) {
    using folder = new Folder(contents === undefined ? {} : { "h.csv": contents });
    const path = folder.file("h.csv"), file = new SavedFile(path, { resumed: path });
    const message = `${path}: ${reason}`;
    throws(() => HistoryFile.resume(file, own, "p.npz"), { name: "UserError", message });
    deepStrictEqual(folder.names(), contents === undefined ? [] : ["h.csv"]);
    if (contents !== undefined) strictEqual(Deno.readTextFileSync(path), contents);
  }
});

Deno.test("example: loadParametersOrPretrained() has the parameters of docs/reproduction/, to the bit", async () => {
  const { parameters } = await loadParametersOrPretrained(undefined);
  const file = new URL("../../docs/reproduction/parameter_10000.npz", import.meta.url);
  deepStrictEqual(parameters, loadParameters(file.pathname));
});
