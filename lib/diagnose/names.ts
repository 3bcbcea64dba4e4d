// The names under which programs record the quantities of a training step.
import { STEP, STEP_INPUTS, type StepSymbol } from "../network/step.ts";

/**
 * Other names of the quantities, besides the project's own symbols and the names of the listing:
 * those of the textbook ("Deep Learning from Scratch"), of PyTorch, and what people make of them.
 * In the form of {@linkcode plain}.
 */
const OTHER_NAMES: Readonly<Partial<Record<StepSymbol, string>>> = {
  X: "x images image input inputs xbatch batchx imgs pixels",
  labels: "label targets target t tbatch y0 ytrue digits",
  onehot: "onehotlabels onehotanswer tonehot",
  W1: "w1before fc1weight paramsw1",
  b1: "b1before fc1bias paramsb1",
  W2: "w2before fc2weight paramsw2",
  b2: "b2before fc2bias paramsb2",
  η: "lr learningrate rate eta",
  Y1: "h h1 hidden",
  A2: "z2 logits scores",
  P: "y probabilities probs softmax yhat ypred prediction output",
  L: "losses",
  E: "loss crossentropy meanloss",
  dA2: "dy da2 dz2 dlogits dscores delta2",
  dA1: "delta1",
  dW2: "gradsw2 gradw2 w2grad fc2weightgrad",
  db2: "gradsb2 gradb2 b2grad fc2biasgrad",
  dW1: "gradsw1 gradw1 w1grad fc1weightgrad",
  db1: "gradsb1 gradb1 b1grad fc1biasgrad",
  "W1'": "w1after w1new neww1 w1next w1updated fc1weightafter",
  "b1'": "b1after b1new newb1 b1next b1updated fc1biasafter",
  "W2'": "w2after w2new neww2 w2next w2updated fc2weightafter",
  "b2'": "b2after b2new newb2 b2next b2updated fc2biasafter",
};

/**
 * Names of two meanings, the textbook's first. The first edition of the textbook calls ∂E/∂Y1 `da1`
 * and ∂E/∂A1 `dz1`, its program the other way round; and for others `z` is the sum of a layer and
 * `a` its output.
 */
const EITHER: readonly (readonly [name: string, symbols: readonly StepSymbol[]])[] = [
  ["a1", ["A1", "Y1"]],
  ["z1", ["Y1", "A1"]],
  ["a2", ["A2", "P"]],
  ["da1", ["dA1", "dY1"]],
  ["dz1", ["dA1", "dY1"]],
];

/** The symbols in the order of the step. */
export const SYMBOLS: readonly StepSymbol[] = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol);

/** The symbols by their names: the project's own, then those of the listing, then the others. */
const BY_NAME: ReadonlyMap<string, readonly StepSymbol[]> = /* @__PURE__ */ byName();

/** A function, so that bundlers leave the names out of programs that do not use them. */
function byName(): Map<string, readonly StepSymbol[]> {
  const names = new Map(EITHER);
  for (const { symbol, listing } of [...STEP_INPUTS, ...STEP]) {
    // the listing updates W1 in place: its name is that of the value before the step
    const all = [symbol, listing ?? symbol, ...OTHER_NAMES[symbol]?.split(" ") ?? []];
    for (const name of all.map(plain)) if (!names.has(name)) names.set(name, [symbol]);
  }
  return names;
}

/** A name without case and punctuation: `grads['W1']` is `gradsw1`, and `W1'` is `w1after`. */
function plain(name: string): string {
  return name.replace(/['′]$/u, "after").replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

/**
 * The quantities that a name may stand for: none, one, or two of which the numbers decide.
 *
 * @param name of an array, as `dW1`, `delta_W1`, `grads['W1']`
 */
export function symbolsOf(name: string): readonly StepSymbol[] {
  // the project's own symbols are exact: dA1 is not the textbook's da1
  const own = SYMBOLS.find((symbol) => symbol === name);
  return own === undefined ? BY_NAME.get(plain(name)) ?? [] : [own];
}
