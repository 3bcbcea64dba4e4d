/** The history of a run as CSV: reading inverts writing, and anything else is refused. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  formatHistoryHeader,
  formatHistoryRow,
  type HistoryRow,
  readHistory,
} from "../../lib/storage/history.ts";
import { historyFile } from "../helpers/history.ts";

const HEADER =
  "epoch,cross_entropy,accuracy,test_cross_entropy,test_accuracy,train_cross_entropy,train_accuracy," +
  "learning_rate,seconds\n";
const ROW = "1,2.125,0.4375,1.5,0.5,1.75,0.625,0.01,0.75\n";

// + 0 makes 0 of -0, which is written without its sign
const number = (max = Number.MAX_VALUE) =>
  fc.double({ min: 0, max, noNaN: true }).map((x) => x + 0);
const quality = fc.record({ crossEntropy: number(), accuracy: number(1) }, {
  noNullPrototype: true,
});
const history = fc.array(
  fc.record({
    running: quality,
    test: quality,
    train: quality,
    learningRate: number().filter((x) => x > 0),
    seconds: number(),
  }, { requiredKeys: ["running", "learningRate"], noNullPrototype: true }),
  { maxLength: 20 },
).map((rows): HistoryRow[] => rows.map((row, i) => ({ epoch: i + 1, ...row })));

Deno.test("law: readHistory() inverts formatHistoryRow(), with LF and CR LF, whether the last line has an end or not", () => {
  fc.assert(fc.property(history, (rows) => {
    const text = historyFile(rows);
    for (const same of [text, text.trimEnd(), text.replaceAll("\n", "\r\n")]) {
      deepStrictEqual(readHistory(same), rows);
    }
  }));
  deepStrictEqual(readHistory(""), []);
});

Deno.test("example: formatHistoryRow() writes the columns in the header's order, and empty what was not evaluated", () => {
  const running = { crossEntropy: 2.125, accuracy: 0.4375 };
  const test = { crossEntropy: 1.5, accuracy: 0.5 };
  const train = { crossEntropy: 1.75, accuracy: 0.625 };
  const row = { epoch: 1, running, learningRate: 0.01, seconds: 0.75 };
  strictEqual(formatHistoryHeader(), HEADER);
  strictEqual(formatHistoryRow({ ...row, test, train }), ROW);
  strictEqual(formatHistoryRow({ ...row, train }), "1,2.125,0.4375,,,1.75,0.625,0.01,0.75\n");
  const { seconds: _, ...noTime } = row;
  strictEqual(formatHistoryRow({ ...noTime, test: undefined }), "1,2.125,0.4375,,,,,0.01,\n");
});

/** What a cell of a column may be. */
const NEEDED: Readonly<Record<string, string>> = {
  learning_rate: "need a finite number greater than 0, such as 0.01 or 1e-3",
  seconds: "need a finite number of at least 0",
};

const NAMES = HEADER.trimEnd().split(","), CELLS = ROW.trimEnd().split(",");

/** The file of one row with another cell. */
function withCell(column: number, cell: string): string {
  return `${HEADER}${CELLS.with(column, cell).join(",")}\n`;
}

Deno.test("example: readHistory() refuses another header, other epochs, and cells that are missing or invalid, and names line and column", () => {
  const needed = `need the columns ${HEADER.trimEnd()}`;
  const integer = "need an integer from 1 to 9007199254740991";
  const cases: [text: string, reason: string][] = [
    ["epoch,loss\n1,2\n", `line 1 is "epoch,loss", ${needed}`],
    [`${HEADER}${ROW}\n`, "number of cells in line 3 is 1, need 9"],
    [withCell(0, "2"), 'epoch in line 2 is "2", need 1'],
    [HEADER + ROW + ROW, 'epoch in line 3 is "1", need 2'],
    [withCell(0, "1.5"), `epoch in line 2 is "1.5", ${integer}`],
    [withCell(1, ""), `cross_entropy in line 2 is empty, ${NEEDED.seconds}`],
    [withCell(7, ""), `learning_rate in line 2 is empty, ${NEEDED.learning_rate}`],
    ...[[3, 4], [4, 3], [5, 6], [6, 5]].map(([column, other]): [string, string] => [
      withCell(column!, ""),
      `${NAMES[column!]} in line 2 is empty, need both or neither with ${NAMES[other!]}`,
    ]),
    ...NAMES.slice(1).flatMap((name, i) => {
      const isShare = name.endsWith("accuracy");
      const needed = isShare ? "need a number from 0 to 1" : NEEDED[name] ?? NEEDED.seconds!;
      const bad = ["nan", "-1", "1e999", "0x1", " 1"];
      return [...bad, ...isShare ? ["1.0000001"] : name === "learning_rate" ? ["0"] : []]
        .map((cell): [string, string] => [
          withCell(i + 1, cell),
          `${name} in line 2 is "${cell}", ${needed}`,
        ]);
    }),
  ];
  for (const [text, reason] of cases) {
    const message = `Cannot read history: ${reason}`;
    throws(() => readHistory(text), { name: "FormatError", message });
  }
});
