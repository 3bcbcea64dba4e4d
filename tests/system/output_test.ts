/** The files that commands make. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { OutputFile } from "../../lib/system/output.ts";
import { Folder } from "../helpers/folder.ts";

const KIND = { command: "plot", mark: /^<plot>/ };
const OURS = "<plot>ours", THEIRS = "<svg>theirs";

Deno.test("example: OutputFile replaces what the same command has made, and with overwrite everything", () => {
  for (const [old, overwrite] of [[undefined, false], [OURS, false], [THEIRS, true]] as const) {
    using folder = new Folder(old === undefined ? {} : { "p.svg": old });
    const file = new OutputFile("--out", folder.file("p.svg"), KIND, overwrite);
    file.check([undefined, folder.file("none")]);
    file.save("<plot>new");
    strictEqual(Deno.readTextFileSync(folder.file("p.svg")), "<plot>new");
    deepStrictEqual(folder.names(), ["p.svg"]);
  }
});

Deno.test("example: OutputFile refuses a file that another program has made, before and during the computation", () => {
  using folder = new Folder({ "p.svg": THEIRS });
  const path = folder.file("p.svg");
  const file = new OutputFile("--out", path, KIND);
  const refusal = {
    name: "UserError",
    message: `${path}: exists and was not made by plot; choose another file, or --overwrite`,
  };
  throws(() => file.check([]), refusal);
  Deno.removeSync(path);
  file.check([]);
  for (const old of [THEIRS, "", ` ${OURS}`]) {
    folder.write("p.svg", old);
    throws(() => file.save(OURS), refusal);
    strictEqual(Deno.readTextFileSync(path), old);
    deepStrictEqual(folder.names(), ["p.svg"]);
  }
});
