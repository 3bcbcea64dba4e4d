/** Which array of a file is which quantity of the step, by its numbers and by its name. */
import { deepStrictEqual, doesNotMatch, ok, strictEqual, throws } from "node:assert/strict";
import { readStepDump, type StepDump } from "../../lib/diagnose/dump.ts";
import {
  type DiagnoseOptions,
  type NdArray,
  RandomState,
  type RunTimeMatrix,
  type StepSymbol,
} from "../../mod.ts";
import { PROJECT, readWithoutNames, record, renamed, stepWith, symbolsByName } from "./dumps.ts";

const SIZES = { D: 30, M: 8, K: 5, B: 12 };
const RIGHT = stepWith(SIZES, new RandomState(5), []);

function array(shape: readonly number[], entry: (i: number) => number = () => 0.5): NdArray {
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float64Array.from({ length }, (_, i) => entry(i));
  return { shape, dtype: "<f8", fortranOrder: false, data };
}

function read(arrays: ReadonlyMap<string, NdArray>, options?: DiagnoseOptions): StepDump {
  const dump = readStepDump(arrays, options);
  ok(!("reason" in dump), "reason" in dump ? dump.reason.en : "");
  return dump;
}

/** Names that courses, books and repositories give to the arrays of such a network. */
// deno-fmt-ignore: one line for each quantity
const ARRAY_NAMES: Readonly<Partial<Record<StepSymbol, string>>> = {
  X: "x X X_batch x_train batch_x xb images imgs img inputs input_data data features a0 A0 self.x layer_0 l0 batch_images train_x",
  labels: "t y Y labels label targets y_train t_batch yb y_true answer digits batch_y gt ground_truth classes train_labels",
  W1: "W1 w1 weights1 self.W1 params['W1'] parameters[\"W1\"] network.params['W1'] fc1.weight 0.weight layers.0.weight model.fc1.weight linear1.weight hidden.weight W_hidden wih weights_input_hidden Theta1 syn0 dense/kernel:0 weights[0] W1_old Wh net.hidden_layer.weight coefs_0",
  b1: "b1 bias1 params['b1'] fc1.bias 0.bias hidden.bias b_hidden bh hidden_bias biases[0] self.b1 dense/bias:0 layers.0.bias intercepts_0",
  W2: "W2 w2 weights2 self.W2 params['W2'] fc2.weight 2.weight output.weight W_out who weights_hidden_output Theta2 syn1 dense_1/kernel:0 weights[1] Wo model.out.weight classifier.weight coefs_1",
  b2: "b2 bias2 params['b2'] fc2.bias 2.bias output.bias b_out bo output_bias biases[1] self.b2 dense_1/bias:0 head.bias intercepts_1",
  η: "lr learning_rate eta alpha my step_size learningRate self.lr LEARNING_RATE rate",
  A1: "a1 z1 Z1 input1 hidden_inputs net_h u1 h_in pre_activation zs[0] cache['Z1'] hidden_pre affine1",
  Y1: "z1 h h1 hidden a1 A1 output1 hidden_out act1 activations[1] cache['A1'] hidden_layer l1 layer_1 H sigmoid_out",
  A2: "a2 z2 Z2 input2 logits scores out output final_inputs u2 zs[1] net_o",
  P: "y p probs softmax y_hat y_pred pred predictions output outputs output_last A2 final_outputs AL softmax_out",
  onehot: "onehot one_hot t_onehot y_onehot labels_onehot T Y_one_hot",
  L: "losses L sample_losses correct_logprobs nll per_sample_loss",
  E: "loss cost J crossE error data_loss L mean_loss cross_entropy train_loss",
  dA2: "dy da2 dZ2 dz2 dscores dlogits delta2 delta3 output_delta delta_b logits.grad error_out dL_dz2 d2 output_errors",
  dW2: "dW2 dw2 grads['W2'] grad_W2 W2_grad fc2.weight.grad 2.weight.grad delta_W2 dL_dW2 Theta2_grad nabla_w[1] d_W2 grads['dW2'] gW2 output.weight.grad",
  db2: "db2 grads['b2'] grad_b2 b2.grad fc2.bias.grad delta_b2 dE_db2 nabla_b[1] dbo d_b2",
  dY1: "da1 dA1 dhidden dh delta_y1 grad_h hidden_error dH l1_error dL_da1",
  dA1: "dz1 dZ1 delta1 delta_a hidden_delta l1_delta d1 delta_hidden dL_dz1 dh_raw",
  dW1: "dW1 dw1 grads['W1'] gradW1 W1_grad fc1.weight.grad 0.weight.grad delta_W1 dL_dW1 Theta1_grad nabla_w[0] dW_hidden self.dW1 grads[\"dW1\"]",
  db1: "db1 grads['b1'] grad_b1 b1.grad fc1.bias.grad delta_b1 nabla_b[0] dbh self.db1",
  "W1'": "W1_after W1_new new_W1 W1_next updated_W1 W1' fc1.weight_after params['W1']_after next_W1 after_W1",
  "b1'": "b1_after b1_new new_b1 b1_updated fc1.bias_after after['b1']",
  "W2'": "W2_after W2_new new_W2 W2_updated fc2.weight_after W2_post",
  "b2'": "b2_after b2_new new_b2 b2_next fc2.bias_after",
};

Deno.test("law: readStepDump() reads 285 of 307 names that people give to one array", () => {
  const arrays = record(RIGHT, PROJECT);
  const wrong: string[] = [];
  for (const [symbol, names] of Object.entries(ARRAY_NAMES)) {
    for (const name of names!.split(" ")) {
      const one = new Map(
        symbol === "η"
          ? [...arrays, [name, array([])]]
          : renamed(arrays, (other) => other === symbol ? name : other),
      );
      const dump = readStepDump(one);
      if ("reason" in dump || symbolsByName(dump)[name] !== symbol) wrong.push(name);
    }
  }
  ok(wrong.length <= 307 - 285, wrong.join(" "));
});

Deno.test("example: readStepDump() reads z as sums and a as outputs where the numbers say so", () => {
  const names: Record<string, StepSymbol> = { z1: "A1", a1: "Y1", z2: "A2", a2: "P" };
  const gradients: Record<string, StepSymbol> = { dz2: "dA2", da1: "dY1", dz1: "dA1" };
  const all = new Map(Object.entries({ ...names, ...gradients }).map(([a, b]) => [b as string, a]));
  const found = symbolsByName(
    read(renamed(record(RIGHT, PROJECT), (name) => all.get(name) ?? name)),
  );
  for (const [symbol, name] of all) strictEqual(found[name], symbol);
});

Deno.test("law: readStepDump() reads 19 of 20 arrays of wrong programs without names", () => {
  const share = readWithoutNames(50);
  ok(share >= 0.95, `${share}`);
});

Deno.test("example: readStepDump() reads two consecutive steps, the parameters between them once", () => {
  const first = record(RIGHT, { ...PROJECT, recorded: ["A1", "P", "dW1", "db1", "dW2", "db2"] });
  const W1 = RIGHT["W1'"], b1 = RIGHT["b1'"], W2 = RIGHT["W2'"], b2 = RIGHT["b2'"];
  const second = record({ ...RIGHT, W1, b1, W2, b2 }, PROJECT);
  const next = [...second].filter(([name]) => ["X", "labels", "dW1", "E"].includes(name));
  const parameters = ["W1", "b1", "W2", "b2"].map((name) => [name, second.get(name)!] as const);
  for (
    const arrays of [
      [...first, ...[...next, ...parameters].map(([name, one]) => [`next_${name}`, one] as const)],
      [
        ...first,
        ...parameters.map(([name, one]) => [`${name}_after`, one] as const),
        ...next.map(([name, one]) => [`next_${name}`, one] as const),
      ],
    ]
  ) {
    const dump = read(new Map(arrays)), [reading] = dump.readings, [after] = dump.next!.readings;
    deepStrictEqual(reading!.recorded.get("W1'")!.readings[0]!.matrix, W1 as unknown);
    deepStrictEqual(after!.inputs.W1, W1 as unknown);
    deepStrictEqual([...after!.recorded.keys()], ["E", "dW1"]);
  }
});

Deno.test("law: readStepDump() finds the way round of squares by the numbers", () => {
  for (
    const [D, M, K, B] of [[6, 6, 3, 6], [5, 4, 4, 7], [4, 4, 4, 4], [9, 5, 3, 1], [6, 3, 5, 3]]
  ) {
    const sizes = { D: D!, M: M!, K: K!, B: B! };
    const values = stepWith(sizes, new RandomState(8), []);
    for (const program of ["listing", "project", "textbook", "pytorch"] as const) {
      const { readings } = read(record(values, { ...PROJECT, program }));
      for (const symbol of ["X", "W1", "W2"] as const) {
        deepStrictEqual(readings[0]!.inputs[symbol], values[symbol] as unknown, program);
      }
      for (const [symbol, { readings: [found] }] of readings[0]!.recorded) {
        deepStrictEqual(found!.matrix, values[symbol] as unknown, `${program} ${symbol}`);
      }
    }
  }
});

const ofMatrix = ({ rows, columns, data }: RunTimeMatrix) =>
  array([rows, columns], (i) => data[i]!);
const right = (symbol: StepSymbol) => RIGHT[symbol] as RunTimeMatrix;
const { D, M, K, B } = SIZES;
/** A gradient with a mistake, and the parameters after it. */
const WRONG_dW2 = right("dW2").map((x) => Math.abs(x) - 0.02);
const WRONG_dA2 = right("dA2").map((x) => x < 0 ? 2 * x : x);

/** Names of quantities, further arrays, and what is to be read. */
const READINGS: readonly (readonly [
  words: string,
  names: Partial<Record<StepSymbol, string>>,
  more: Record<string, NdArray>,
  expected: Record<string, StepSymbol | undefined>,
])[] = [
  [
    "the batch, not all images, whatever the names",
    { X: "picked", labels: "some" },
    { data: array([40, D], (i) => i % 7 / 7), target: array([40], (i) => i % K) },
    { picked: "X", some: "labels" },
  ],
  [
    "the parameters that are updated, not those of the beginning",
    { W1: "first", "W1'": "first_after" },
    { W1: array([M, D], (i) => Math.sin(i)) },
    { first: "W1", first_after: "W1'" },
  ],
  [
    "a wrong gradient by the update that it gives",
    { dW2: "foo" },
    { foo: ofMatrix(WRONG_dW2), "W2'": ofMatrix(right("W2").zip(WRONG_dW2, (w, d) => w - d / 2)) },
    { foo: "dW2" },
  ],
  [
    "a wrong array by what follows from it",
    { dA2: "foo" },
    { foo: ofMatrix(WRONG_dA2), dW2: ofMatrix(WRONG_dA2.multiply(right("Y1").transposed)) },
    { foo: "dA2", dW2: "dW2" },
  ],
  [
    "of two arrays of one name that which fits",
    { dW1: "nabla_w[0]" },
    { "delta_nabla_w[0]": array([M, D], Math.sin) },
    { "nabla_w[0]": "dW1", "delta_nabla_w[0]": undefined },
  ],
  [
    "of two arrays of one name that of which the update is a multiple",
    { dW2: "delta_nabla_w[1]" },
    {
      "nabla_w[1]": ofMatrix(WRONG_dW2),
      "W2'": ofMatrix(right("W2").zip(WRONG_dW2, (w, d) => w - d / 2)),
      "delta_nabla_w[1]": array([K, M], Math.sin),
    },
    { "nabla_w[1]": "dW2", "delta_nabla_w[1]": undefined },
  ],
  [
    "no array whose shape is that of another quantity",
    { A1: "u" },
    { a: array([K, B], (i) => Math.cos(i)), d_foo2: array([K, M], (i) => Math.cos(i)) },
    { u: "A1", dA2: "dA2" },
  ],
  [
    "the loss of this step, not what the next one calls another",
    { E: "network.lastLayer.loss" },
    { loss: array([], () => 2.2), next_loss: ofMatrix(right("E")) },
    { "network.lastLayer.loss": "E" },
  ],
  [
    "no step, W - W', as a gradient",
    { dW1: "count" },
    { count: array([], () => 3), step: ofMatrix(right("dW1").map((x) => 0.01 * x)) },
    { step: undefined },
  ],
  [
    "no labels of all images as those of the batch",
    { onehot: "count" },
    { count: array([], () => 3), onehot: array([40, K], (i) => +(i % (K + 1) === 0)) },
    { onehot: undefined },
  ],
  [
    "what dropout leaves of Y1",
    {},
    { foo: ofMatrix(right("Y1").map((y) => Math.sin(1e4 * y) < 0 ? 0 : y)) },
    { foo: "Y1" },
  ],
  [
    "the report's own names, of which one is like that of another layer",
    {},
    { before_conv: array([B, D], (i) => i), W3_old: array([K, K], (i) => i) },
    { E: "E" },
  ],
];

for (const [words, names, more, expected] of READINGS) {
  Deno.test(`example: readStepDump() reads ${words}`, () => {
    const arrays = renamed(record(RIGHT, PROJECT), (name) => names[name as StepSymbol] ?? name);
    const updated = new Map([["b2_after", arrays.get("b2'")!], ...arrays]);
    updated.delete("b2'");
    const found = symbolsByName(read(new Map([...updated, ...Object.entries(more)])));
    for (const [name, symbol] of Object.entries({ ...expected, b2_after: "b2'" })) {
      strictEqual(found[name], symbol, JSON.stringify(found));
    }
  });
}

Deno.test("example: readStepDump() takes pixels of bytes for those that the program divides", () => {
  const X = (RIGHT.X as RunTimeMatrix).map((x) => Math.round(255 * x));
  const { readings } = read(record({ ...RIGHT, X }, PROJECT));
  strictEqual(readings.length, 1);
  deepStrictEqual(readings[0]!.inputs.X, X.map((x) => x / 255));
});

Deno.test("example: readStepDump() takes the learning rate of the options before the file's", () => {
  for (const rate of [[0.5], [NaN], [0.1, 0.2]]) {
    const arrays = new Map([...record(RIGHT, PROJECT), [
      "lr",
      array([rate.length], (i) => rate[i]!),
    ]]);
    strictEqual(read(arrays, { learningRate: 0.01 }).learningRate, 0.01);
  }
});

/** Changes of a right file, and why it cannot be judged then. */
const PROBLEMS: readonly (readonly [Record<string, NdArray | undefined>, string])[] = [
  [
    { labels: undefined, onehot: undefined, b1: undefined, db1: undefined, "b1'": undefined },
    "needs labels (answer), b1, before the step; diagnose --recorder prints how to record them",
  ],
  [{ X: array([7, 12]) }, "X has the shape (7, 12), need 30xB or its transpose"],
  [{ W2: array([3, 8]) }, "W2 has the shape (3, 8), need 5x8 or its transpose"],
  [{ b1: array([0]) }, "b1 has the shape (0,), need Mx1 or its transpose"],
  [
    { b2: array([5, 5]) },
    "b2 has the shape (5, 5): NumPy adds a row to a column so; keep one shape",
  ],
  [
    { labels: array([4]), onehot: undefined },
    "labels has the shape (4,), need 5x12 or its transpose",
  ],
  [
    { labels: array([12], (i) => i), onehot: undefined },
    "labels holds 5, need classes from 0 to 4",
  ],
  [
    { labels: array([5, 12]), onehot: undefined },
    "labels is not one-hot: need a single 1 among 5 classes for each example",
  ],
  [
    { W1: array([8, 30], (i) => i === 3 ? NaN : 1) },
    "W1 holds NaN before the step; record an earlier step",
  ],
  [
    { "fc3.weight": array([5, 5]), "fc1.weight": array([8, 30]), "fc2.weight": array([5, 8]) },
    "is another network, of further layers (fc3.weight): not judged",
  ],
  [
    { W2: undefined, b2: undefined, L: undefined },
    "is another network, without a hidden layer (X, labels, W1, b1): not judged",
  ],
  [
    { "fc1.weight": array([8, 30]), W1: undefined, "bn1.weight": array([8]) },
    "is another network, of further layers (bn1.weight): not judged",
  ],
  [
    { W2: array([1, 8]), b2: array([1]) },
    "is another network, of one output (b2): not judged",
  ],
];

for (const [changes, line] of PROBLEMS) {
  Deno.test(`example: readStepDump() refuses a file: ${line}`, () => {
    const arrays = record(RIGHT, PROJECT);
    for (const [name, array] of Object.entries(changes)) {
      if (array === undefined) arrays.delete(name);
      else arrays.set(name, array);
    }
    const dump = readStepDump(arrays);
    ok("reason" in dump);
    const { en, ja } = dump.reason;
    strictEqual(en, line);
    deepStrictEqual(en.match(/\d+/g)?.toSorted(), ja.match(/\d+/g)?.toSorted());
    doesNotMatch(ja, / (or|one|for|its|and) /);
  });
}

Deno.test("example: readStepDump() refuses the array of a name, though another might be it", () => {
  const arrays = record(RIGHT, { ...PROJECT, recorded: ["dW1"] });
  arrays.set("X", array([7, 12])).set("foo", array([12, 30], Math.cos));
  const dump = readStepDump(arrays);
  ok("reason" in dump);
  strictEqual(dump.reason.en, "X has the shape (7, 12), need 30xB or its transpose");
});

Deno.test("example: readStepDump() takes names that are given before the others", () => {
  const arrays = record(RIGHT, PROJECT);
  arrays.set("mine", arrays.get("dW1")!);
  arrays.set("dW1", array([8, 30]));
  const dump = read(arrays, { names: { mine: "dW1" } });
  strictEqual(symbolsByName(dump).mine, "dW1");
  deepStrictEqual(dump.unused, ["dW1"]);
  const refused = readStepDump(arrays, { names: { other: "dW1" } });
  ok("reason" in refused && refused.reason.en.startsWith("has no array other, only X, labels"));
  throws(
    () => readStepDump(arrays, { names: { dW1: "dW9" as "dW1" } }),
    new RangeError(
      'Cannot take "dW1" for the string "dW9": need one of X labels W1 b1 W2 b2 η ' +
        "A1 Y1 A2 P onehot L E dA2 dW2 db2 dY1 dA1 dW1 db1 W1' b1' W2' b2'",
    ),
  );
});
