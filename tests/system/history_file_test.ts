// A history that is read, and one that is being written.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { HistoryFile, readStoredHistory } from "../../lib/system/history_file.ts";
import { dim, initialise, RandomState, writeCheckpoint, writeParameters } from "../../mod.ts";
import { formatHistoryHeader, formatHistoryRow } from "../../lib/storage/history.ts";
import { Folder } from "../helpers/folder.ts";
import { fixture } from "../helpers/fixtures.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";

const RANDOM = new RandomState(601);
const PARAMETERS = initialise(dim("inputs", 4), dim("hidden", 3), dim("classes", 2), RANDOM);

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
  const results = madeUpRows(3).map(({ epoch, running, test }) => ({ epoch, running, test }));
  const history = { rows: results.slice(3 - rows), evaluateEvery: 1, evaluateTrain: false };
  return writeCheckpoint(PARAMETERS, state, history);
}

Deno.test("example: readStoredHistory() reads an npz file and a CSV, by their first bytes", () => {
  const rows = madeUpRows(3);
  const other = rows.map((row) => ({ ...row, learningRate: row.epoch }));
  using folder = new Folder({
    "p.csv": checkpoint(3),
    "last.npz": checkpoint(1),
    "h.npz": historyFile(rows),
    "rates.csv": historyFile(other),
    "times.csv": historyFile(rows.with(1, { ...rows[1]!, seconds: undefined })),
  });
  const results = rows.map(({ epoch, running, test }) => ({ epoch, running, test }));
  const settings = { network: [4, 3, 2], epochs: 9, batchSize: 10, learningRate: 0.25, seed: 7 };
  deepStrictEqual(readStoredHistory(folder.file("p.csv")), { rows: results, settings });
  deepStrictEqual(readStoredHistory(folder.file("last.npz")), { rows: results.slice(2), settings });
  const csv = { rows, settings: { learningRate: 0.01 }, seconds: 2.25 };
  deepStrictEqual(readStoredHistory(folder.file("h.npz")), csv);
  deepStrictEqual(readStoredHistory(folder.file("rates.csv")).settings, {});
  strictEqual("seconds" in readStoredHistory(folder.file("times.csv")), false);
});

Deno.test("example: readStoredHistory() refuses files without a finished epoch, and others", () => {
  using folder = new Folder({
    "none.npz": checkpoint(undefined),
    "begun.npz": checkpoint(0),
    "plain.npz": writeParameters(PARAMETERS),
    "old.npz": fixture("checkpoint_version_1.npz"),
    "begun.csv": formatHistoryHeader(),
    "damaged.npz": "PK",
  });
  const refused = (name: string, reason: string | RegExp) =>
    throws(() => readStoredHistory(folder.file(name)), {
      name: "UserError",
      message: typeof reason === "string" ? `${folder.file(name)}: ${reason}` : reason,
    });
  for (const name of ["none.npz", "begun.npz", "plain.npz", "old.npz"]) {
    refused(name, "has no history of a finished epoch, need one at least");
  }
  refused("begun.csv", "has no whole row, need one at least");
  refused("damaged.npz", /damaged\.npz: Cannot read zip archive: /);
  refused("missing", "cannot be read: no such file or folder");
});

Deno.test("example: HistoryFile.create() refuses a file that has come into being since it was checked", () => {
  using folder = new Folder();
  const path = folder.file("h.csv");
  HistoryFile.checkNew(path);
  folder.write("h.csv", "another's");
  throws(() => HistoryFile.create(path), {
    name: "UserError",
    message: `${path}: already exists, need a new name (or --resume)`,
  });
  strictEqual(Deno.readTextFileSync(path), "another's");
});

Deno.test("example: HistoryFile.add() appends one line, and does not make the file again if it has vanished", () => {
  using folder = new Folder();
  const path = folder.file("h.csv"), history = HistoryFile.create(path), [row] = madeUpRows(1);
  history.add(row!);
  strictEqual(Deno.readTextFileSync(path), formatHistoryHeader() + formatHistoryRow(row!));
  Deno.removeSync(path);
  throws(() => history.add(row!), { name: "UserError" });
  throws(() => Deno.statSync(path), Deno.errors.NotFound);
});
