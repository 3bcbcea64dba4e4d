/** The history of a run: reading inverts writing, and anything else is rejected. */
import { quote } from "../../lib/text/escape.ts";
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  formatHistoryHeader,
  formatHistoryRow,
  type HistoryRow,
  readHistory,
} from "../../lib/storage/history.ts";

const HEADER =
  "epoch,cross_entropy,accuracy,test_cross_entropy,test_accuracy,train_cross_entropy,train_accuracy," +
  "learning_rate,seconds\n";
const ROW = "1,2.125,0.4375,1.5,0.5,1.75,0.625,0.01,0.75\n";

// + 0 makes 0 of -0, which is written without its sign
const number = (max?: number) =>
  fc.double({ min: 0, ...(max === undefined ? {} : { max }), noNaN: true, noDefaultInfinity: true })
    .map((x) => x + 0);
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

function format(rows: readonly HistoryRow[]): string {
  return formatHistoryHeader() + rows.map(formatHistoryRow).join("");
}

Deno.test("law: readHistory() inverts formatHistoryRow()", () => {
  fc.assert(fc.property(history, (rows) => {
    deepStrictEqual(readHistory(format(rows)), { rows, cutOff: "" });
  }));
});

Deno.test("law: readHistory() takes CR LF, and what it reads is written with LF alone", () => {
  fc.assert(fc.property(history, (rows) => {
    const read = readHistory(format(rows).replaceAll("\n", "\r\n"));
    deepStrictEqual(read, { rows, cutOff: "" });
  }));
});

Deno.test("law: readHistory() of a history cut anywhere gives its whole rows, and the rest apart", () => {
  fc.assert(fc.property(history, fc.nat(), (rows, cut) => {
    const text = format(rows);
    const start = text.slice(0, cut % (text.length + 1));
    const { rows: whole, cutOff } = readHistory(start);
    deepStrictEqual(whole, rows.slice(0, Math.max(0, start.split("\n").length - 2)));
    strictEqual(cutOff, start.slice(start.lastIndexOf("\n") + 1));
  }));
});

Deno.test("example: readHistory() takes no last line without a line feed, however whole it looks", () => {
  const { rows, cutOff } = readHistory(HEADER + ROW.trimEnd());
  deepStrictEqual(rows, []);
  strictEqual(cutOff, ROW.trimEnd());
});

Deno.test("example: formatHistoryRow() writes the columns in the header's order, and empty what was not evaluated", () => {
  const running = { crossEntropy: 2.125, accuracy: 0.4375 };
  const test = { crossEntropy: 1.5, accuracy: 0.5 },
    train = { crossEntropy: 1.75, accuracy: 0.625 };
  const row = { epoch: 1, running, learningRate: 0.01, seconds: 0.75 };
  strictEqual(formatHistoryHeader(), HEADER);
  strictEqual(formatHistoryRow({ ...row, test, train }), ROW);
  strictEqual(formatHistoryRow({ ...row, test }), "1,2.125,0.4375,1.5,0.5,,,0.01,0.75\n");
  strictEqual(formatHistoryRow({ ...row, train }), "1,2.125,0.4375,,,1.75,0.625,0.01,0.75\n");
  strictEqual(formatHistoryRow({ ...row, test: undefined }), "1,2.125,0.4375,,,,,0.01,0.75\n");
  strictEqual(formatHistoryRow({ ...row, seconds: undefined }), "1,2.125,0.4375,,,,,0.01,\n");
});

Deno.test("law: formatHistoryRow() refuses a row with a RangeError, or readHistory() gives it back", () => {
  const any = fc.oneof(
    fc.constantFrom(undefined, -1, 0, 0.5, 1, 1.5, 2 ** 53, NaN, Infinity),
    fc.double(),
  ).map((x) => (x === undefined ? x : x + 0) as number);
  // a valid row, or one with one number replaced
  const rows = fc.tuple(history.filter(({ length }) => length > 0), any).chain(([[row], x]) =>
    fc.constantFrom<HistoryRow>(
      row!,
      { ...row!, epoch: x === 1 ? 1 : 1.5 },
      { ...row!, learningRate: x },
      { ...row!, seconds: x },
      { ...row!, running: { ...row!.running, crossEntropy: x } },
      { ...row!, running: { ...row!.running, accuracy: x } },
      { ...row!, test: { crossEntropy: x, accuracy: 1 } },
      { ...row!, train: { crossEntropy: 0, accuracy: x } },
    )
  );
  let refused = 0, readBack = 0;
  fc.assert(
    fc.property(rows, (row) => {
      let line;
      try {
        line = formatHistoryRow(row);
      } catch (error) {
        strictEqual((error as Error).name, "RangeError");
        refused++;
        return;
      }
      const { seconds, ...others } = row; // an empty cell is a missing property
      const expected = seconds === undefined ? others : row;
      deepStrictEqual(readHistory(formatHistoryHeader() + line).rows, [expected]);
      readBack++;
    }),
    { numRuns: 500 },
  );
  ok(refused >= 50 && readBack >= 50, `${refused} refused, ${readBack} read back`);
});

Deno.test("example: formatHistoryRow() refuses what readHistory() would refuse", () => {
  const running = { crossEntropy: 1, accuracy: 1 };
  const row = { epoch: 1, running, learningRate: 0.01, seconds: 1 };
  const cases: [HistoryRow, string][] = [
    [{ ...row, epoch: 0 }, "epoch is 0, need an integer of at least 1"],
    [
      { ...row, running: { ...running, crossEntropy: NaN } },
      "cross_entropy is NaN, need a finite number of at least 0",
    ],
    [
      { ...row, test: { ...running, accuracy: 1.5 } },
      "test_accuracy is 1.5, need a number from 0 to 1",
    ],
    [{ ...row, learningRate: 0 }, "learning_rate is 0, need a finite number greater than 0"],
    [{ ...row, seconds: Infinity }, "seconds is Infinity, need a finite number of at least 0"],
    [
      { ...row, running: { crossEntropy: 1 } as HistoryRow["running"] },
      "accuracy is missing, need a number from 0 to 1",
    ],
    [
      { ...row, train: { accuracy: 1 } as HistoryRow["running"] },
      "train_cross_entropy is missing, need both or neither with train_accuracy",
    ],
  ];
  for (const [bad, message] of cases) {
    throws(() => formatHistoryRow(bad), {
      name: "RangeError",
      message: `Cannot write history: ${message}`,
    });
  }
});

/** Asserts that a history is rejected with this reason. */
function refuses(text: string, reason: string): void {
  throws(() => readHistory(text), {
    name: "FormatError",
    message: `Cannot read history: ${reason}`,
  });
}

Deno.test("example: readHistory() refuses another header, whole or cut off", () => {
  const needed = `need the columns ${HEADER.trimEnd()}`;
  refuses("epoch,loss\n1,2\n", `line 1 is "epoch,loss", ${needed}`);
  refuses("\n", `line 1 is "", ${needed}`);
  refuses("epoch;", `line 1 is "epoch;", ${needed}`);
  refuses(`"epoch"${HEADER.slice(5)}`, `line 1 is "\\"epoch\\"${HEADER.slice(5, 56)}…", ${needed}`);
});

Deno.test("example: readHistory() refuses rows with a cell too few or too many", () => {
  refuses(`${HEADER}1,2\n`, "number of cells in line 2 is 2, need 9");
  refuses(`${HEADER}${ROW}\n`, "number of cells in line 3 is 1, need 9");
  refuses(`${HEADER}${ROW.trimEnd()},\n`, "number of cells in line 2 is 10, need 9");
});

Deno.test("example: readHistory() refuses epochs that do not count 1, 2, 3, …", () => {
  refuses(HEADER + ROW.replace(/^1/, "2"), "epoch in line 2 is 2, need 1");
  refuses(HEADER + ROW + ROW, "epoch in line 3 is 1, need 2");
  refuses(
    HEADER + ROW.replace(/^1/, "1.5"),
    'epoch in line 2 is "1.5", need an integer of at least 1',
  );
});

Deno.test("example: readHistory() refuses invalid cells in each column, and names line and column", () => {
  const finite = "a finite number of at least 0", share = "a number from 0 to 1";
  const needs = [
    undefined,
    finite,
    share,
    finite,
    share,
    finite,
    share,
    "a finite number greater than 0",
    finite,
  ];
  const names = HEADER.trimEnd().split(",");
  const cells = ROW.trimEnd().split(",");
  needs.forEach((needed, column) => {
    if (needed === undefined) return;
    const bad = [
      "nan",
      "inf",
      "-1",
      "1e999",
      "0x1",
      " 1",
      "1 ",
      "+1",
      ".",
      "1e",
      "1.0000001x",
      "\0",
    ];
    if (needed === share) bad.push("1.0000001");
    if (column === 7) bad.push("0");
    for (const cell of bad) {
      const text = `${HEADER}${cells.with(column, cell).join(",")}\n`;
      refuses(text, `${names[column]} in line 2 is ${quote(cell)}, need ${needed}`);
    }
  });
});

Deno.test("example: readHistory() refuses an empty cell in a required column, and half a pair", () => {
  const names = HEADER.trimEnd().split(","), cells = ROW.trimEnd().split(",");
  const without = (column: number) => `${HEADER}${cells.with(column, "").join(",")}\n`;
  refuses(without(0), "epoch in line 2 is empty, need an integer of at least 1");
  refuses(without(1), "cross_entropy in line 2 is empty, need a finite number of at least 0");
  refuses(without(7), "learning_rate in line 2 is empty, need a finite number greater than 0");
  for (const [column, other] of [[3, 4], [4, 3], [5, 6], [6, 5]] as const) {
    refuses(
      without(column),
      `${names[column]} in line 2 is empty, need both or neither with ${names[other]}`,
    );
  }
});

Deno.test("example: readHistory() refuses a last line that no row begins with", () => {
  refuses(`${HEADER}${ROW}\0\0\0`, 'line 3 is "\\u{0}\\u{0}\\u{0}", need numbers');
});
