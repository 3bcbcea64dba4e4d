/**
 * Mutants of the network: how its layers are connected, initialised and updated.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const NETWORK = "lib/network/network.ts";
const SGD = "lib/network/sgd.ts";

const BACKWARD = [
  "network/network_test.ts",
  "law: backward() is the gradient of the mean loss with respect to every parameter",
] as const;
const FORWARD = [
  "network/network_test.ts",
  "law: forward() is affine, sigmoid, affine, softmax",
] as const;
const INITIALISE = [
  "network/network_test.ts",
  "example: initialise() draws W1, b1, W2, b2 in this order, with scale √(1 / fan-in)",
] as const;
const DESCENT = [
  "network/network_test.ts",
  "law: sgd() takes learningRate times the gradient from every parameter",
] as const;

/** Back-propagation through the whole network. */
export const network: Chapter = {
  title: "Network",
  mutants: [
    {
      title: "No sigmoid between the layers: the network is linear",
      file: NETWORK,
      search: "affine(W2, b2, Y1)",
      replace: "affine(W2, b2, A1)",
      caughtBy: FORWARD,
    },
    {
      title: "Equation 3 as the report prints it: rowSum(∂E/∂Y Xᵀ)",
      file: NETWORK,
      search: "db1 = affineBiasGradient(dA1)",
      replace: "db1 = affineBiasGradient(affineWeightGradient(X, dA1))",
      caughtBy: BACKWARD,
    },
    {
      title: "W2 is updated before dY1 = W2ᵀ dA2 is computed",
      file: NETWORK,
      search: "affineInputGradient(W2, dA2)",
      replace:
        "affineInputGradient(W2.zip(affineWeightGradient(Y1, dA2), (w, dw) => w - 0.1 * dw), dA2)",
      caughtBy: BACKWARD,
    },
    {
      title: "The sigmoid is skipped in the backward pass: dW1 = dY1 Xᵀ",
      file: NETWORK,
      search: "dW1 = affineWeightGradient(X, dA1)",
      replace: "dW1 = affineWeightGradient(X, dY1)",
      caughtBy: BACKWARD,
    },
    {
      title: "The sigmoid's derivative applied twice for b1",
      file: NETWORK,
      search: "db1 = affineBiasGradient(dA1)",
      replace: "db1 = affineBiasGradient(sigmoidBackward(Y1, dA1))",
      caughtBy: BACKWARD,
    },
  ],
};

/** Initial parameters. */
export const beginning: Chapter = {
  title: "Initial parameters",
  mutants: [
    {
      title: "The wrong fan-in: W2 drawn with the scale of the first layer",
      file: NETWORK,
      search: "Matrix.zeros(classes, hidden).map(draw(hidden))",
      replace: "Matrix.zeros(classes, hidden).map(draw(inputs))",
      caughtBy: INITIALISE,
    },
    {
      title: "The variance taken for the standard deviation: scale 1 / fan-in",
      file: NETWORK,
      search: "Math.sqrt(1 / fanIn)",
      replace: "1 / fanIn",
      caughtBy: INITIALISE,
    },
    {
      title: "Biases zero: the report draws them too",
      file: NETWORK,
      search: "Matrix.zeros(hidden, 1).map(draw(inputs))",
      replace: "Matrix.zeros(hidden, 1)",
      caughtBy: INITIALISE,
    },
    {
      title: "Parameters drawn in another order: W1, W2, b1, b2",
      file: NETWORK,
      search: `  const b1 = Matrix.zeros(hidden, 1).map(draw(inputs));
  const W2 = Matrix.zeros(classes, hidden).map(draw(hidden));
`,
      replace: `  const W2 = Matrix.zeros(classes, hidden).map(draw(hidden));
  const b1 = Matrix.zeros(hidden, 1).map(draw(inputs));
`,
      caughtBy: INITIALISE,
    },
  ],
};

/** Gradient descent. */
export const descent: Chapter = {
  title: "Gradient descent",
  mutants: [
    {
      title: "The gradient applied with the wrong sign: uphill",
      file: SGD,
      search: "w - learningRate * dw",
      replace: "w + learningRate * dw",
      caughtBy: [
        "network/network_test.ts",
        "law: a small step of sgd() along the gradient lowers the loss",
      ],
    },
    {
      title: "The learning rate forgotten",
      file: SGD,
      search: "w - learningRate * dw",
      replace: "w - dw",
      caughtBy: DESCENT,
    },
    {
      title: "Biases are not updated",
      file: SGD,
      search: "b1: descend(parameters.b1, gradients.b1, learningRate)",
      replace: "b1: parameters.b1",
      caughtBy: DESCENT,
    },
    {
      title: "Parameters updated in place: the caller's matrices change",
      file: SGD,
      search: "W.zip(dW, (w, dw) => w - learningRate * dw);",
      replace: "(W.data.set(W.zip(dW, (w, dw) => w - learningRate * dw).data), W);",
      caughtBy: DESCENT,
    },
  ],
};
