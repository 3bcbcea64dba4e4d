// Files of a run: its checkpoint, and the history as CSV and as members of an npz file.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { FormatError } from "../../lib/formats/errors.ts";
import type { WritableArray } from "../../lib/formats/npy.ts";
import { readNpz, writeNpz } from "../../lib/formats/npz.ts";
import { dim } from "../../lib/math/shape.ts";
import { initialise } from "../../lib/network/network.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import {
  type Checkpoint,
  lastLoss,
  readCheckpoint,
  type RunHistory,
  type TrainingState,
  writeCheckpoint,
} from "../../lib/storage/checkpoint_file.ts";
import {
  type EpochResult,
  formatHistoryRow,
  HISTORY_HEADER,
  type HistoryRow,
  readHistory,
} from "../../lib/storage/history.ts";
import { writeParameters } from "../../lib/storage/parameters_file.ts";
import { parameters as anyParameters, sizes, upTo } from "../helpers/arbitraries.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile } from "../helpers/history.ts";
import { numpyTest, python } from "../helpers/numpy.ts";

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
  strictEqual(HISTORY_HEADER, HEADER);
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
    [withCell(0, "0"), `epoch in line 2 is "0", ${integer}`],
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

/** A run in its second epoch of three, with 4 batches of 10 an epoch, and 5 images left over. */
function example(): Required<Checkpoint> {
  const stream = new RandomState(601);
  const [D, M, K] = [dim("inputs", 12), dim("hidden", 5), dim("classes", 3)];
  const parameters = { ...initialise(D, M, K, stream) };
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => i);
  return {
    parameters,
    state: {
      position: { epoch: 2, iteration: 3, lossSum: 3.25, correct: 17 },
      settings: { epochs: 3, batchSize: 10, learningRate: 0.01 },
      seed: 601,
      random: stream.getState(),
      data: { trainCount: 45, trainDigest: bytes, testCount: 20, testDigest: bytes.toReversed() },
    },
    history: {
      rows: [{
        epoch: 1,
        running: { crossEntropy: 1.5, accuracy: 0.25 },
        test: { crossEntropy: 1.25, accuracy: 0.5 },
      }],
      evaluateEvery: 1,
      evaluateTrain: false,
    },
  };
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const anyQuality = fc.record({
  crossEntropy: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
}, { noNullPrototype: true });
const row = fc.record({ running: anyQuality, test: anyQuality, train: anyQuality }, {
  noNullPrototype: true,
  requiredKeys: ["running"],
});

/** The example with other numbers, before its end or at it, with a history or without. */
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record({
  some: sizes.chain((some) => anyParameters(some, upTo(Number.MAX_VALUE))),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  epoch: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  iteration: fc.nat(4),
  lossSum: finite,
  learningRate: finite.filter((x) => x > 0),
  normals: fc.nat(5), // an odd number leaves one in the cache of the stream
  rows: fc.array(row, { maxLength: 20 }),
  evaluateTrain: fc.boolean(),
  hasHistory: fc.boolean(),
}).map(({ some, seed, epoch, iteration, lossSum, learningRate, normals, rows, ...more }) => {
  const { state } = example(), random = new RandomState(seed), done = epoch - 1;
  random.normal(0, 1, normals);
  const last = rows.slice(0, done);
  const history: RunHistory = {
    rows: last.map((row, i) => ({ epoch: epoch - last.length + i, ...row })),
    evaluateEvery: normals,
    evaluateTrain: more.evaluateTrain,
  };
  return {
    parameters: { ...some },
    state: {
      ...state,
      position: { epoch, iteration, lossSum: iteration === 0 ? 0 : lossSum, correct: iteration },
      settings: {
        epochs: Math.max(1, iteration === 0 ? done : epoch),
        batchSize: 10,
        learningRate,
      },
      seed,
      random: random.getState(),
    },
    ...more.hasHistory && { history },
  };
});

Deno.test("law: readCheckpoint() inverts writeCheckpoint(), with a history and without", () => {
  fc.assert(fc.property(checkpoint, (checkpoint) => {
    const { parameters, state, history } = checkpoint;
    deepStrictEqual(readCheckpoint(writeCheckpoint(parameters, state, history)), checkpoint);
  }));
});

function exampleFile(): Uint8Array<ArrayBuffer> {
  const { parameters, state, history } = example();
  return writeCheckpoint(parameters, state, history);
}

/** The example's file with one member changed, or without it. */
function changed(name: string, array: WritableArray | undefined): Uint8Array<ArrayBuffer> {
  const members = readNpz(exampleFile());
  if (array === undefined) members.delete(name);
  else members.set(name, array as never);
  return writeNpz([...members] as [string, WritableArray][]);
}

const integer = (value: number): WritableArray => ({
  shape: [],
  data: BigInt64Array.of(BigInt(value)),
});
const double = (value: number): WritableArray => ({ shape: [], data: Float64Array.of(value) });
const array = (...shape: number[]): WritableArray => ({
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b, 1)),
});

const MOST = Number.MAX_SAFE_INTEGER;

/** The members of which only some integers are valid. */
const INTEGERS: readonly [name: string, min: number, max: number][] = [
  ["state_epoch", 1, 4], // one behind the last when the run is done
  ["state_iteration", 0, 4],
  ["state_correct", 0, 45],
  ["state_epochs", 1, MOST],
  ["state_batch", 1, 45],
  ["state_seed", 0, 4294967295],
  ["state_random_pos", 0, 624],
  ["state_random_has_gauss", 0, 1],
  ["state_train_count", 1, MOST],
  ["state_test_count", 1, MOST],
  ["state_evaluate_every", 0, MOST],
  ["state_evaluate_train", 0, 1],
];

Deno.test("example: readCheckpoint() refuses a file without a state, one of its members or one of the history, or with a wrong one, and names it", () => {
  const missing = [...readNpz(exampleFile()).keys()].filter((name) => /^(state|hist)/.test(name));
  strictEqual(missing.length, 19 + 7);
  const rate = "need a finite number greater than 0, such as 0.01 or 1e-3";
  const cases: [name: string, array: WritableArray | undefined, reason: string][] = [
    ...missing.filter((name) => name !== "state_version")
      .map((name): typeof cases[0] => [name, undefined, "is missing, need it to resume"]),
    ["state_version", integer(1), "is 1, need 2"],
    ["state_version", integer(3), "is 3, need 2"],
    ...INTEGERS.flatMap(([name, min, max]) =>
      [integer(max + 1), double(min - 0.5), double(NaN)].map((array): typeof cases[0] => {
        const needed = `need an integer from ${min} to ${max}`;
        return [name, array, `is ${Number(array.data[0])}, ${needed}`];
      })
    ),
    ...["state_loss_sum", "state_random_gauss"].flatMap((name) =>
      [NaN, Infinity, -Infinity].map((x): typeof cases[0] => [
        name,
        double(x),
        `is ${x}, need a finite number`,
      ])
    ),
    ...[0, -0.01, NaN, Infinity].map((x): typeof cases[0] => [
      "state_learning_rate",
      double(x),
      `is ${x}, ${rate}`,
    ]),
    ["state_loss_sum", array(1), "is float64 of shape (1,), need float64 of shape ()"],
    ["state_random_key", array(624), "is float64 of shape (624,), need uint32 of shape (624,)"],
    [
      "state_random_key",
      { shape: [624], data: new Uint32Array(624) },
      "is all zeros, need one bit set",
    ],
    [
      "state_train_digest",
      { shape: [32, 1], data: new Uint8Array(32) },
      "is uint8 of shape (32, 1), need uint8 of shape (32,)",
    ],
    ["history_accuracy", array(2), "is float64 of shape (2,), need float64 of shape (1,)"],
    [
      "history_accuracy",
      { shape: [1], data: Float32Array.of(1) },
      "is float32 of shape (1,), need float64 of shape (1,)",
    ],
    ["history_epoch", array(1, 1), "is float64 of shape (1, 1), need float64 of shape (1,)"],
  ];
  for (const [name, array, reason] of cases) {
    const error = new FormatError(`Cannot use "${name}": ${reason}`);
    throws(() => readCheckpoint(changed(name, array)), error);
  }
  throws(
    () => readCheckpoint(changed("arr_2", undefined)),
    new FormatError('Cannot use "arr_2" as b1: is missing, need an array of shape (5, 1)'),
  );
  throws(
    () => readCheckpoint(writeParameters(example().parameters)),
    new FormatError(
      "Cannot resume: file has parameters but no training state; --load starts from them",
    ),
  );
});

Deno.test("example: writeCheckpoint() refuses what readCheckpoint() refuses", () => {
  const { parameters, state, history } = example(), { settings } = state;
  const position = { epoch: 4, iteration: 0, lossSum: 0, correct: 0 };
  const cases: [state: Partial<TrainingState>, rows: EpochResult[], message: string][] = [
    [{ seed: 1.5 }, [], 'state_seed": is 1.5, need an integer from 0 to 4294967295'],
    [
      { settings: { ...settings, batchSize: 46 } },
      [],
      'state_batch": is 46, need an integer from 1 to 45',
    ],
    [
      { position: { ...position, iteration: 1 } }, // there is no epoch after the last
      [],
      'state_iteration": is 1, need an integer from 0 to 0',
    ],
    [
      { position },
      [result(1, undefined), result(3, undefined)],
      'history_epoch": entry 0 is 1, need 2',
    ],
    [
      { position },
      [result(3, { crossEntropy: NaN, accuracy: 1 })],
      'history_test_cross_entropy": entry 0 is NaN, need both or neither with test_accuracy',
    ],
  ];
  for (const [changed, rows, message] of cases) {
    throws(
      () => writeCheckpoint(parameters, { ...state, ...changed }, { ...history, rows }),
      new RangeError(`Cannot save "${message}`),
    );
  }
});

/** The result of an epoch with these figures of the test images. */
function result(epoch: number, test: EpochResult["test"]): EpochResult {
  return { epoch, running: { crossEntropy: 1, accuracy: 0.5 }, test };
}

Deno.test("example: lastLoss() is the mean so far within an epoch, and the history's last one after it", () => {
  const position = { epoch: 3, iteration: 0, lossSum: 0, correct: 0 };
  const rows = [result(1, undefined), {
    epoch: 2,
    running: { crossEntropy: 2.125, accuracy: 0.5 },
  }];
  strictEqual(lastLoss({ ...position, iteration: 4, lossSum: 9 }, rows), 2.25);
  strictEqual(lastLoss({ ...position, iteration: 1, lossSum: 9 }), 9);
  strictEqual(lastLoss(position, rows), 2.125);
  strictEqual(lastLoss(position), undefined);
  strictEqual(lastLoss(position, []), undefined);
});

Deno.test("law: readCheckpoint() of a file with a damaged byte refuses it, or finds no other value", () => {
  const file = exampleFile();
  fc.assert(
    fc.property(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const damaged = file.slice();
      damaged[at]! ^= by;
      // a date or the like may differ and do no harm
      try {
        deepStrictEqual(readCheckpoint(damaged), example());
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
  );
});

numpyTest(
  "reference: NumPy reads a checkpoint without pickles, and the report's program loads it",
  () => {
    using folder = new Folder({ "p.npz": exampleFile() });
    const { parameters: { W1, W2, b1, b2 }, state } = example();
    const program = `
import json, sys
import numpy as np
# listing 2
parameters = np.load(sys.argv[1])
W1 = parameters['arr_0']
W2 = parameters['arr_1']
b1 = parameters['arr_2']
b2 = parameters['arr_3']
found = {"parameters": [a.tolist() for a in (W1, W2, b1, b2)]}
with np.load(sys.argv[1], allow_pickle=False) as file:
    found["state"] = {name: file[name].tolist() for name in file.files if name.startswith("state_")}
    found["history"] = {name: np.nan_to_num(file[name], nan=-1).tolist()
                        for name in file.files if name.startswith("history_")}
    # NumPy's own generator goes on from the state
    key = ("MT19937", file["state_random_key"], int(file["state_random_pos"]),
           int(file["state_random_has_gauss"]), float(file["state_random_gauss"]))
np.random.set_state(key)
found["next"] = np.random.randint(0, 60000, 20).tolist()
print(json.dumps(found))`;
    const rows = ({ rows, columns, data }: typeof W1 | typeof W2 | typeof b1 | typeof b2) =>
      Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
    deepStrictEqual(JSON.parse(python(program, folder.file("p.npz"))), {
      parameters: [rows(W1), rows(W2), rows(b1), rows(b2)],
      state: {
        state_version: 2,
        state_epoch: 2,
        state_iteration: 3,
        state_loss_sum: 3.25,
        state_correct: 17,
        state_epochs: 3,
        state_batch: 10,
        state_learning_rate: 0.01,
        state_seed: 601,
        state_random_key: [...state.random.key],
        state_random_pos: state.random.pos,
        state_random_has_gauss: state.random.hasGauss,
        state_random_gauss: state.random.gauss,
        state_train_count: 45,
        state_train_digest: [...state.data.trainDigest],
        state_test_count: 20,
        state_test_digest: [...state.data.testDigest],
        state_evaluate_every: 1,
        state_evaluate_train: 0,
      },
      history: {
        history_epoch: [1],
        history_cross_entropy: [1.5],
        history_accuracy: [0.25],
        history_test_cross_entropy: [1.25],
        history_test_accuracy: [0.5],
        history_train_cross_entropy: [-1], // NaN
        history_train_accuracy: [-1],
      },
      next: [...RandomState.fromState(state.random).randint(0, 60_000, 20)],
    });
  },
);
