// Check the gradient of a layer of your own: here y = tanh(x), entry by entry.
//
//   deno run examples/check_gradient.ts
import { gradientError, Matrix, numericalGradient, RandomState } from "@sanso/sanso";

/** Y = tanh(X). */
function tanh<R extends number, C extends number>(X: Matrix<R, C>): Matrix<R, C> {
  return X.map(Math.tanh);
}

/** ∂E/∂x = ∂E/∂y (1 - y²). */
function tanhBackward<R extends number, C extends number>(
  Y: Matrix<R, C>,
  dY: Matrix<R, C>,
): Matrix<R, C> {
  return dY.zip(Y, (dy, y) => dy * (1 - y * y));
}

/** A typical mistake: the derivative at x, where y = tanh(x) is needed. */
function wrongBackward<R extends number, C extends number>(
  X: Matrix<R, C>,
  dY: Matrix<R, C>,
): Matrix<R, C> {
  return dY.zip(X, (dy, x) => dy * (1 - x * x));
}

const random = new RandomState(601);
const X = Matrix.of(3, 4, random.normal(0, 1, 12));

// E can be any smooth function of Y: this one, the sum of dY · Y, has the gradient dY
const dY = Matrix.of(3, 4, random.normal(0, 1, 12));
const E = (X: Matrix<3, 4>) => dY.zip(tanh(X), (dy, y) => dy * y).data.reduce((a, b) => a + b);
const numerical = numericalGradient(E, X);

for (
  const [name, analytic] of [
    ["tanhBackward", tanhBackward(tanh(X), dY)],
    ["wrongBackward", wrongBackward(X, dY)],
  ] as const
) {
  const { error, row, column, ...entry } = gradientError(analytic, numerical);
  console.log(`${name}: largest relative error ${error.toExponential(1)}`);
  if (error > 1e-8) {
    console.log(
      `  entry (${row}, ${column}) is ${entry.analytic}, by differences ${entry.numerical}`,
    );
  }
}
