// Train on your own data: 15 iris flowers of three species, four lengths in cm each.
//
//   deno run examples/train_own_data.ts
import {
  argmax,
  backward,
  crossEntropy,
  forward,
  Indices,
  initialise,
  Matrix,
  meanLoss,
  oneHot,
  RandomState,
  sgd,
} from "@sanso/sanso";

const SPECIES = ["setosa", "versicolor", "virginica"];

// from R. A. Fisher's iris data: length and width of sepals, length and width of petals
const flowers = Matrix.fromRows([
  [5.1, 3.5, 1.4, 0.2],
  [4.9, 3.0, 1.4, 0.2],
  [4.7, 3.2, 1.3, 0.2],
  [4.6, 3.1, 1.5, 0.2],
  [5.0, 3.6, 1.4, 0.2],
  [7.0, 3.2, 4.7, 1.4],
  [6.4, 3.2, 4.5, 1.5],
  [6.9, 3.1, 4.9, 1.5],
  [5.5, 2.3, 4.0, 1.3],
  [6.5, 2.8, 4.6, 1.5],
  [6.3, 3.3, 6.0, 2.5],
  [5.8, 2.7, 5.1, 1.9],
  [7.1, 3.0, 5.9, 2.1],
  [6.3, 2.9, 5.6, 1.8],
  [6.5, 3.0, 5.8, 2.2],
]);
const labels = Indices.of(15, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);

// columns are examples; subtracting the mean of each length brings the inputs near 0, where a
// sigmoid is steep
const minusMeans = flowers.transposed.rowSums.scale(-1 / 15); // 4 x 1
const X = flowers.transposed.plusColumn(minusMeans); // 4 x 15

let parameters = initialise(4, 8, 3, new RandomState(601));
for (let step = 0; step <= 300; step++) {
  const activations = forward(parameters, X);
  if (step % 100 === 0) {
    const loss = meanLoss(crossEntropy(activations.A2, oneHot(activations.A2, labels)));
    console.log(`step ${step}: mean cross-entropy ${loss.at(0, 0).toFixed(4)}`);
  }
  const { gradients } = backward(parameters, activations, labels);
  parameters = sgd(parameters, gradients, 0.5);
}

const flower = Matrix.fromRows([[6.0], [2.9], [4.5], [1.5]]); // not one of the above
const { P } = forward(parameters, flower.plusColumn(minusMeans));
console.log(`${SPECIES[argmax(P)[0]!]}, with the probabilities`, P);
