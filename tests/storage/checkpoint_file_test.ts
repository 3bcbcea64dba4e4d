/**
 * Checkpoints: reading inverts writing, and invalid files are rejected.
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type Checkpoint,
  lastLoss,
  readCheckpoint,
  type RunHistory,
  type TrainingState,
  writeCheckpoint,
} from "../../lib/storage/checkpoint_file.ts";
import type { EpochResult } from "../../lib/storage/history.ts";
import { FormatError } from "../../lib/formats/errors.ts";
import type { WritableArray } from "../../lib/formats/npy.ts";
import { readNpz, writeNpz } from "../../lib/formats/npz.ts";
import { initialise } from "../../lib/network/network.ts";
import { readParameters, writeParameters } from "../../lib/storage/parameters_file.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import { dim } from "../../lib/math/shape.ts";
import { parameters as anyParameters, sizes, upTo } from "../helpers/arbitraries.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";

const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const learningRate = fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

/** A stream somewhere on its way: an odd number of normals leaves one in the cache. */
const random = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat(700), fc.nat(5)).map(
  ([seed, integers, normals]) => {
    const stream = new RandomState(seed);
    stream.randint(0, 60_000, integers);
    stream.normal(0, 1, normals);
    return stream.getState();
  },
);

const state: fc.Arbitrary<TrainingState> = fc.record({
  trainCount: count,
  testCount: count,
  trainDigest: digest,
  testDigest: digest,
}, { noNullPrototype: true }).chain((data) =>
  fc.record({
    epochs: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 1 }),
    batchSize: fc.integer({ min: 1, max: data.trainCount }),
    learningRate,
  }, { noNullPrototype: true }).chain((settings) =>
    fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: settings.epochs + 1 }), fc.constant(0)),
      fc.tuple(
        fc.integer({ min: 1, max: settings.epochs }),
        fc.nat({ max: Math.floor(data.trainCount / settings.batchSize) }),
      ),
    ).chain(([epoch, iteration]) =>
      fc.record({
        position: fc.record({
          epoch: fc.constant(epoch),
          iteration: fc.constant(iteration),
          lossSum: iteration === 0 ? fc.constant(0) : finite,
          correct: fc.nat({ max: iteration * settings.batchSize }),
        }, { noNullPrototype: true }),
        settings: fc.constant(settings),
        seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        random,
        data: fc.constant(data),
      }, { noNullPrototype: true })
    )
  )
);

const quality = fc.record({
  crossEntropy: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
}, { noNullPrototype: true });

/** The last epochs before `lastEpoch`, evaluated or not. */
function histories(lastEpoch: number): fc.Arbitrary<RunHistory> {
  const results = fc.array(
    fc.record({ running: quality, test: quality, train: quality }, {
      noNullPrototype: true,
      requiredKeys: ["running"],
    }),
    { maxLength: Math.min(lastEpoch, 20) },
  );
  return fc.record({
    rows: results.map((rows) =>
      rows.map((row, i) => ({ epoch: lastEpoch - rows.length + 1 + i, ...row }))
    ),
    evaluateEvery: fc.nat(),
    evaluateTrain: fc.boolean(),
  }, { noNullPrototype: true });
}

const checkpoint: fc.Arbitrary<Checkpoint> = fc.tuple(
  sizes.chain((some) => anyParameters(some, upTo(Number.MAX_VALUE))),
  state.chain((state) =>
    fc.tuple(
      fc.constant(state),
      fc.option(histories(state.position.epoch - 1), { nil: undefined }),
    )
  ),
).map(([parameters, [state, history]]) => ({
  parameters: { ...parameters },
  state,
  ...(history && { history }),
}));

Deno.test("law: readCheckpoint() inverts writeCheckpoint(), with a history and without", () => {
  fc.assert(fc.property(checkpoint, ({ parameters, state, history }) => {
    deepStrictEqual(
      readCheckpoint(writeCheckpoint(parameters, state, history)),
      { parameters, state, ...(history && { history }) },
    );
  }));
});

/** A number that a state may not have, or may have by chance; + 0 makes 0 of -0. */
const anyNumber = fc.oneof(
  fc.constantFrom(-1, 0, 1, 1.5, 624, 625, 2 ** 32 - 1, 2 ** 40, 2 ** 53, NaN, Infinity),
  fc.integer(),
  fc.double(),
).map((x) => x + 0);

/** A state with one value replaced, by which it may have become invalid. */
const changedState = fc.tuple(
  state,
  fc.constantFrom("position", "settings", "random", "data", "seed"),
  fc.nat(5),
  anyNumber,
  fc.uint8Array({ maxLength: 64 }),
).map(([state, group, index, number, bytes]): TrainingState => {
  if (group === "seed") return { ...state, seed: number };
  const values = { ...state[group] }, names = Object.keys(values);
  const name = names[index % names.length]!;
  const list = name === "key" ? Uint32Array.from(bytes) : bytes;
  const value = /key|Digest/.test(name) ? list : number;
  return { ...state, [group]: { ...values, [name]: value } };
});

Deno.test("law: writeCheckpoint() refuses a state with a RangeError, or readCheckpoint() gives it back", () => {
  const { parameters } = example();
  let refused = 0, readBack = 0;
  fc.assert(
    fc.property(changedState, (state) => {
      let file;
      try {
        file = writeCheckpoint(parameters, state);
      } catch (error) {
        strictEqual((error as Error).name, "RangeError");
        refused++;
        return;
      }
      deepStrictEqual(readCheckpoint(file), { parameters, state });
      readBack++;
    }),
    { numRuns: 500 },
  );
  ok(refused >= 50 && readBack >= 50, `${refused} refused, ${readBack} read back`);
});

Deno.test("example: writeCheckpoint() refuses what readCheckpoint() refuses, and names the range", () => {
  const { parameters, state } = example(), { settings, position } = state;
  const refused: [changed: Partial<TrainingState>, message: string][] = [
    [{ seed: 2 ** 40 }, '"state_seed": is 1099511627776, need an integer from 0 to 4294967295'],
    [{ seed: 1.5 }, '"state_seed": is 1.5, need an integer from 0 to 4294967295'],
    [
      { settings: { ...settings, batchSize: 46 } },
      '"state_batch": is 46, need an integer from 1 to 45',
    ],
    [{ position: { ...position, epoch: 5 } }, '"state_epoch": is 5, need an integer from 1 to 4'],
    // positions that train() refuses
    [
      { position: { epoch: 4, iteration: 1, lossSum: 1, correct: 0 } },
      '"state_iteration": is 1, need an integer from 0 to 0',
    ],
    [
      { position: { epoch: 1, iteration: 0, lossSum: 0.5, correct: 0 } },
      '"state_loss_sum": is 0.5, need 0 before the first iteration of an epoch',
    ],
  ];
  for (const [changed, message] of refused) {
    throws(
      () => writeCheckpoint(parameters, { ...state, ...changed }),
      new RangeError(`Cannot save ${message}`),
    );
  }
  throws(
    () => writeCheckpoint(parameters, { ...state, seed: [1, 2] as unknown as number }),
    new TypeError("Cannot save a seed that is an object: need an integer, not a list"),
  );
  parameters.b2.data[1] = NaN;
  throws(
    () => writeCheckpoint(parameters, state),
    new RangeError("Cannot save b2: entry (1, 0) is NaN, need finite numbers"),
  );
});

Deno.test("law: a RandomState restored from a checkpoint continues its stream, cached normal included", () => {
  fc.assert(fc.property(checkpoint, ({ parameters, state }) => {
    const read = readCheckpoint(writeCheckpoint(parameters, state)).state.random;
    const [here, there] = [state.random, read].map((snapshot) => RandomState.fromState(snapshot));
    deepStrictEqual(there!.normal(0, 1, 3), here!.normal(0, 1, 3));
    deepStrictEqual(there!.randint(0, 60_000, 3), here!.randint(0, 60_000, 3));
  }));
});

Deno.test("law: readParameters() takes a checkpoint as it takes a file of parameters alone", () => {
  fc.assert(fc.property(checkpoint, ({ parameters, state, history }) => {
    deepStrictEqual(
      readParameters(writeCheckpoint(parameters, state, history)),
      readParameters(writeParameters(parameters)),
    );
  }));
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

/** Asserts that the example is rejected when this member is replaced. */
function refuses(name: string, array: WritableArray | undefined, reason: string): void {
  throws(
    () => readCheckpoint(changed(name, array)),
    new FormatError(`Cannot use "${name}": ${reason}`),
  );
}

const integer = (value: bigint): WritableArray => ({ shape: [], data: BigInt64Array.of(value) });
const double = (value: number): WritableArray => ({ shape: [], data: Float64Array.of(value) });

Deno.test("example: readCheckpoint() refuses a file that has parameters alone", () => {
  const { parameters } = example();
  throws(
    () => readCheckpoint(writeParameters(parameters)),
    new FormatError(
      "Cannot resume: file has parameters but no training state; --load starts from them",
    ),
  );
});

Deno.test("example: readCheckpoint() refuses a file without one of the members of state and history", () => {
  const names = [...readNpz(exampleFile()).keys()].filter((name) => !name.startsWith("arr_"));
  strictEqual(names.length, 19 + 7);
  for (const name of names) {
    if (name !== "state_version") refuses(name, undefined, "is missing, need it to resume");
  }
});

Deno.test("example: readCheckpoint() refuses a version that it does not know", () => {
  for (const version of [0n, 1n, 3n]) {
    refuses("state_version", integer(version), `is ${version}, need 2`);
  }
});

Deno.test("example: readCheckpoint() refuses numbers out of range, and names the range", () => {
  const ranges: [name: string, least: number, most: number][] = [
    ["state_epoch", 1, 4], // one behind the last when the run is done
    ["state_iteration", 0, 4],
    ["state_correct", 0, 30],
    ["state_epochs", 1, Number.MAX_SAFE_INTEGER],
    ["state_batch", 1, 45],
    ["state_seed", 0, 4294967295],
    ["state_random_pos", 0, 624],
    ["state_random_has_gauss", 0, 1],
    ["state_train_count", 1, Number.MAX_SAFE_INTEGER],
    ["state_test_count", 1, Number.MAX_SAFE_INTEGER],
    ["state_evaluate_every", 0, Number.MAX_SAFE_INTEGER],
    ["state_evaluate_train", 0, 1],
  ];
  for (const [name, least, most] of ranges) {
    const needed = `need an integer from ${least} to ${most}`;
    for (const bad of [BigInt(least) - 1n, BigInt(most) + 1n, -(2n ** 62n)]) {
      refuses(name, integer(bad), `is ${Number(bad)}, ${needed}`);
    }
    for (const bad of [least + 0.5, NaN, Infinity]) {
      refuses(name, double(bad), `is ${bad}, ${needed}`);
    }
  }
  for (const name of ["state_loss_sum", "state_random_gauss"]) {
    for (const bad of [NaN, Infinity, -Infinity]) {
      refuses(name, double(bad), `is ${bad}, need a finite number`);
    }
  }
  for (const bad of [0, -0.01, NaN, Infinity]) {
    const reason = `is ${bad}, need a finite number greater than 0, such as 0.01 or 1e-3`;
    refuses("state_learning_rate", double(bad), reason);
  }
});

/** The result of an epoch with these figures of the test images. */
function result(epoch: number, test: EpochResult["test"]): EpochResult {
  return { epoch, running: { crossEntropy: 1, accuracy: 0.5 }, test };
}

Deno.test("example: writeCheckpoint() refuses a history that does not end with the last finished epoch, has a gap or invalid figures", () => {
  const { parameters, state } = example();
  const position = { epoch: 4, iteration: 0, lossSum: 0, correct: 0 };
  const write = (rows: readonly EpochResult[]) =>
    writeCheckpoint(parameters, { ...state, position }, {
      rows,
      evaluateEvery: 1,
      evaluateTrain: false,
    });
  const rows = (...epochs: number[]) =>
    epochs.map((epoch) => result(epoch, { crossEntropy: 1, accuracy: 1 }));
  const tested = (
    crossEntropy: number,
    accuracy: number,
  ) => [result(3, { crossEntropy, accuracy })];
  const cases: [rows: EpochResult[], message: string][] = [
    [rows(1, 2), 'epoch": ends with epoch 2, need 3, the last finished epoch'],
    [rows(2, 3, 4), 'epoch": ends with epoch 4, need 3, the last finished epoch'],
    [rows(1, 3), 'epoch": entry 0 is 1, need 2'],
    [rows(1, 1, 3), 'epoch": entry 1 is 1, need 2'],
    [rows(0, 1, 2, 3), 'epoch": has 4 epochs, need at most 3, as many as are finished'],
    [tested(-1, 0), 'test_cross_entropy": entry 0 is -1, need a finite number of at least 0'],
    [tested(0, 1.5), 'test_accuracy": entry 0 is 1.5, need a number from 0 to 1'],
    [
      tested(NaN, 1),
      'test_cross_entropy": entry 0 is NaN, need both or neither with test_accuracy',
    ],
    [
      tested(1, NaN),
      'test_accuracy": entry 0 is NaN, need both or neither with test_cross_entropy',
    ],
  ];
  for (const [rows, message] of cases) {
    throws(() => write(rows), new RangeError(`Cannot save "history_${message}`));
  }
  write(rows(2, 3));
});

Deno.test("example: lastLoss() is the mean so far within an epoch, and the history's last one after it", () => {
  const position = { epoch: 3, iteration: 0, lossSum: 0, correct: 0 };
  const rows = [result(1, undefined), {
    epoch: 2,
    running: { crossEntropy: 2.125, accuracy: 0.5 },
  }];
  strictEqual(lastLoss({ ...position, iteration: 4, lossSum: 9 }, rows), 2.25);
  strictEqual(lastLoss({ ...position, iteration: 4, lossSum: 9 }), 2.25);
  strictEqual(lastLoss(position, rows), 2.125);
  strictEqual(lastLoss(position), undefined);
  strictEqual(lastLoss(position, []), undefined);
});

Deno.test("example: readCheckpoint() refuses arrays of another shape or kind, and a random generator of zeros", () => {
  const one = Float64Array.of(1), bytes = new Uint8Array(32);
  const cases: [name: string, array: WritableArray, reason: string][] = [
    ["state_epoch", { shape: [1], data: BigInt64Array.of(2n) }, "shape (1,), need shape ()"],
    ["state_loss_sum", { shape: [0], data: Float64Array.of() }, "shape (0,), need shape ()"],
    [
      "state_random_key",
      { shape: [623], data: new Uint32Array(623) },
      "is uint32 of shape (623,), need uint32 of shape (624,)",
    ],
    [
      "state_random_key",
      { shape: [624], data: new Float64Array(624) },
      "is float64 of shape (624,), need uint32 of shape (624,)",
    ],
    [
      "state_random_key",
      { shape: [624], data: new Uint32Array(624) },
      "is all zeros, need one bit set",
    ],
    [
      "state_train_digest",
      { shape: [32, 1], data: bytes },
      "is uint8 of shape (32, 1), need uint8 of shape (32,)",
    ],
    [
      "state_test_digest",
      { shape: [33], data: new Uint8Array(33) },
      "is uint8 of shape (33,), need uint8 of shape (32,)",
    ],
    [
      "history_accuracy",
      { shape: [2], data: Float64Array.of(1, 1) },
      "is float64 of shape (2,), need float64 of shape (1,)",
    ],
    [
      "history_accuracy",
      { shape: [1], data: Float32Array.of(1) },
      "is float32 of shape (1,), need float64 of shape (1,)",
    ],
    [
      "history_epoch",
      { shape: [1, 1], data: one },
      "is float64 of shape (1, 1), need float64 of shape (epochs,)",
    ],
  ];
  for (const [name, array, reason] of cases) refuses(name, array, reason);
});

Deno.test("law: readCheckpoint() refuses parameters that readParameters() refuses, and any damaged byte", () => {
  throws(
    () => readCheckpoint(changed("arr_2", undefined)),
    new FormatError('Cannot use "arr_2" as b1: is missing, need an array of shape (5, 1)'),
  );
  const file = exampleFile();
  fc.assert(
    fc.property(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const damaged = file.slice();
      damaged[at]! ^= by;
      // a date or the like may differ and do no harm, but no value may
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
