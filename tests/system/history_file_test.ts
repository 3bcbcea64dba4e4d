// A history that is being written.
import { strictEqual, throws } from "node:assert/strict";
import { HistoryFile } from "../../lib/system/history_file.ts";
import { formatHistoryHeader, formatHistoryRow } from "../../lib/storage/history.ts";
import { Folder } from "../helpers/folder.ts";
import { madeUpRows } from "../helpers/history.ts";

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
