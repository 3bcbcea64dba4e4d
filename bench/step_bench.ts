// Times of single operations on the report's network and MNIST: `deno bench -A bench/`.
import { loadDataset } from "../lib/system/data.ts";
import { exp } from "../lib/math/exp.ts";
import { log } from "../lib/math/log.ts";
import {
  affine,
  affineWeightGradient,
  backward,
  dim,
  evaluate,
  forward,
  Indices,
  initialise,
  Matrix,
  RandomState,
  ReferenceEngine,
  REPORT_SETTINGS,
  sigmoid,
  SimdEngine,
  softmax,
} from "../mod.ts";

const training = loadDataset(undefined, "train").data, test = loadDataset(undefined, "test").data;
const { seed, learningRate } = REPORT_SETTINGS, random = new RandomState(seed);
const hidden = dim("hidden", REPORT_SETTINGS.hidden), B = dim("batch", REPORT_SETTINGS.batchSize);
const parameters = initialise(training.inputs, hidden, training.classes, random);
const { W1, b1 } = parameters;
const fast = new SimdEngine(parameters, training);
const reference = new ReferenceEngine(parameters, training);
const testEngine = new SimdEngine(parameters, test);
const drawBatch = () => Indices.of(B, random.randint(0, training.count, B));
const { X, labels } = training.batch(drawBatch());
const activations = forward(parameters, X);
const numbers = Float64Array.from({ length: 1000 }, () => random.randomSample());

Deno.bench("a step", { group: "step", baseline: true }, () => {
  fast.step(drawBatch(), learningRate);
});
Deno.bench("a step of the reference engine", { group: "step" }, () => {
  reference.step(drawBatch(), learningRate);
});

Deno.bench("drawing a batch", { group: "parts of a step" }, () => void drawBatch());
Deno.bench("scores of a batch", { group: "parts of a step" }, () => void fast.scores(drawBatch()));
Deno.bench("setting the parameters", { group: "parts of a step" }, () => {
  fast.parameters = parameters;
});

Deno.bench("evaluating the 10,000 test images", () => void evaluate(testEngine));
Deno.bench(
  "creating an engine for the 10,000 test images",
  () => void new SimdEngine(parameters, test),
);
Deno.bench(
  "creating an engine for the 60,000 training images",
  () => void new SimdEngine(parameters, training),
);

Deno.bench("gathering a batch", { group: "reference" }, () => void training.batch(drawBatch()));
Deno.bench("forward", { group: "reference" }, () => void forward(parameters, X));
Deno.bench(
  "backward",
  { group: "reference" },
  () => void backward(parameters, activations, labels),
);
Deno.bench("affine, first layer", { group: "reference" }, () => void affine(W1, b1, X));
Deno.bench("affineWeightGradient, first layer", { group: "reference" }, () => {
  affineWeightGradient(X, Matrix.zeros(hidden, B));
});
Deno.bench("sigmoid", { group: "reference" }, () => void sigmoid(activations.A1));
Deno.bench("softmax", { group: "reference" }, () => void softmax(activations.A2));

Deno.bench("exp, 1000 numbers", { group: "elementary" }, () => void numbers.map(exp));
Deno.bench("log, 1000 numbers", { group: "elementary" }, () => void numbers.map(log));
