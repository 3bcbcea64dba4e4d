// What the names of arrays say: which quantities of a step an array may be, and how surely.
import { STEP, STEP_INPUTS, type StepSymbol } from "../network/step.ts";

/** What an array may be by its name, and how many digits of agreement that is worth. */
export type Hints = ReadonlyMap<StepSymbol, number>;

/** A name that `--names` gives, one that has one meaning, a usual one, and a possible one. */
export const GIVEN = 1000, CERTAIN = 16, USUAL = 4, POSSIBLE = 1;

/** The symbols in the order of the step. */
export const SYMBOLS: readonly StepSymbol[] = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol);

export const PARAMETERS = ["W1", "b1", "W2", "b2"] as const;

export const isParameter = (symbol: StepSymbol | undefined) =>
  PARAMETERS.some((parameter) => parameter === symbol);

export const INPUTS = ["X", "labels", ...PARAMETERS] as const;

/** Words that say what kind of array it is, and in which layer. */
const KINDS = {
  gradient: "d g delta deltas grad grads gradient gradients nabla",
  after: "after new next updated",
  nothing: "before self model net network nn cache batch mb train layers last",
  weight: "w weight weights kernel theta syn coef coefs",
  bias: "b bias biases intercept intercepts",
  hidden: "h hidden ih xh x i in input",
  output: "o out output ho hy y head classifier final",
};

/** Words without a layer, by what they may stand for. */
const FORWARD: readonly (readonly [StepSymbol, string])[] = [
  ["X", "x xb xs image images img imgs input inputs inputdata inp data feature features pixels"],
  ["labels", "t ts y ys yb label labels target targets ytrue truth groundtruth gt answer"],
  ["labels", "digits digit class classes"],
  ["η", "lr learningrate learningrateinit rate eta stepsize alpha"],
  ["A1", "a z net hiddeninput hiddeninputs hin pre preact preactivation hiddenpre neth affine"],
  ["Y1", "h hs hidden hiddenout hiddenoutput hiddenoutputs hiddenlayer act sigmoid sigmoidout"],
  ["A2", "logit logits score scores finalinput finalinputs neto output outputs out o"],
  ["P", "p q y o prob probs probability probabilities softmax softmaxout yhat ypred pred preds"],
  ["P", "prediction predictions output outputs out finaloutput finaloutputs al h"],
  ["onehot", "onehot onehots tonehot yonehot labelsonehot onehotlabels targetsonehot t y"],
  ["L", "losses samplelosses samplelogprobs correctlogprobs corectlogprobs persampleloss nll l ce"],
  ["E", "loss losses cost j e err error crosse meanloss dataloss totalloss l nll ce trainloss"],
  ["E", "crossentropy lossvalue cout"],
];

const BACKWARD: readonly (readonly [StepSymbol, string])[] = [
  ["dA2", "y scores logits out output outputs o x error outputerror outputerrors"],
  ["dY1", "h hidden hiddenout hiddenerror a y back"],
  ["dA1", "hidden h hiddeninput preact pre z a hraw sigmoid sigmoidx"],
];

/** Words with the number of a layer: of sums, and of what the layers return. */
const SUMS = "z zs u v s a net pre preact preactivation affine affineout linear input",
  OUTPUTS = "z a h y o l act activation activations hidden output out layer sigmoid";

const isIn = (words: string, word: string) => words.split(" ").includes(word);

/** `gwo` as `g w o`: a gradient, of weights or a bias, of a layer. */
function split(token: string): string[] {
  const [, d, kind, rest] = /^([dg]?)([wb]?)(.*)$/.exec(token)!;
  const isKnown = rest === "" || isIn(kind ? `${KINDS.hidden} ${KINDS.output}` : SPLIT, rest!);
  return isKnown ? [d!, kind!, rest!].filter((part) => part !== "") : [token];
}

/** Words that may follow `d` or `g`, as in `dscores`. */
const SPLIT = `${SUMS} ${OUTPUTS} ${KINDS.weight} ${KINDS.bias} theta x e j c scores logits`;

/** Takes a name apart: `fc1.weight.grad`, `grads['W1']` and `gw_hidden` are gradients. */
export function parse(name: string) {
  // the textbook's last layer is softmax with the loss
  const words = name.replace(/['′]$/u, " after").replace(/last_?layer\b/i, "")
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().match(/\p{L}+|\d+/gu) ?? [];
  const tokens = words.flatMap(split);
  // a letter alone counts before another word: affine1.dW, and not W1_g
  const isMark = (token: string, i: number) =>
    isIn(KINDS.gradient, token) && (token.length > 1 || i < Math.max(1, tokens.length - 1));
  const letters = tokens.filter((token, i) =>
    !/\d/.test(token) && !isMark(token, i) && !isIn(KINDS.after, token)
  );
  const has = (kind: keyof typeof KINDS) => letters.some((token) => isIn(KINDS[kind], token));
  const isWeight = has("weight") && !/\[(:, (0|-1)|(0|-1), :)\]$/.test(name);
  // B is the number of examples, and delta_b the listing's dA2
  const isNeither = /\bB$|^delta_b$/.test(name) || !has("weight") && !has("bias");
  return {
    isGradient: tokens.some(isMark),
    isAfter: tokens.some((token) => isIn(KINDS.after, token)),
    parameter: isNeither ? undefined : isWeight ? "W" : "b",
    /** Its number, or -1; the layer that a word names; the other words. */
    digit: Number(tokens.find((token) => /\d/.test(token)) ?? -1),
    layer: has("output") ? 2 : has("hidden") ? 1 : undefined,
    word: letters.filter((token) => !isIn(KINDS.nothing, token)).join("") || letters.join("") ||
      tokens.find(isMark) || "",
  };
}

type Parsed = ReturnType<typeof parse>;

/** What arrays may be by their names, of which each is read in the light of the others. */
export function hintsOf(names: readonly string[]): Hints[] {
  const parsed = names.map(parse), layerOf = layersOf(parsed);
  const isOwn = names.includes("Y1") || names.includes("dY1");
  return parsed.map((one, i) => {
    // what momentum adds up is no parameter
    if (/(^|[^a-z])(vel|velocity|momentum)/i.test(names[i]!)) return new Map();
    const { isGradient, isAfter, parameter, word, digit } = one;
    // A1, P, L and E mean something else in other programs than this project's
    const own = [...STEP_INPUTS, ...STEP].find(({ symbol, listing }) =>
      listing === names[i] || symbol === names[i] && (isOwn || !/[APLE]/.test(symbol))
    );
    if (own) return new Map([[own.symbol, CERTAIN]]);
    if (parameter !== undefined) {
      const layer = layerOf(one), weight = layer === undefined ? USUAL : CERTAIN;
      const [before, after] = isGradient ? ["d", ""] : ["", isAfter ? "'" : ""];
      return new Map(
        [1, 2].filter((one) => layer === undefined || layer === one)
          .map((layer) => [`${before}${parameter}${layer}${after}` as StepSymbol, weight]),
      );
    }
    const found = digit >= 0
      ? layered(one, parsed)
      : (isGradient ? BACKWARD : FORWARD).flatMap(([symbol, words]) =>
        isIn(words, word) ? [symbol] : []
      );
    const weight = found.length === 1 ? USUAL : POSSIBLE;
    // alpha is also the largest score
    const isRate = (symbol: StepSymbol) => symbol === "η" && word !== "alpha";
    return new Map(found.map((symbol) => [symbol, isRate(symbol) ? CERTAIN : weight]));
  });
}

/** The quantities of a layer that a word and a number may stand for. */
function layered({ word, digit, isGradient }: Parsed, all: readonly Parsed[]): StepSymbol[] {
  const family = all.filter((one) => one.word === word && one.isGradient === isGradient);
  const has = (digit: number) => family.some((one) => one.digit === digit);
  // layers are counted from 0, 1 or 2, the inputs being the first
  const layer = digit + (has(3) ? -1 : has(0) && !has(2) ? 1 : 0);
  if (layer === 0) return isGradient ? [] : ["X"];
  if (layer > 2) return [];
  const isOut = isIn(OUTPUTS, word), isSum = isIn(SUMS, word) || isIn(KINDS.gradient, word);
  if (isGradient && layer === 2) return isSum || isOut ? ["dA2"] : [];
  const sum = layer === 1 ? "A1" : "A2", out = layer === 1 ? "Y1" : "P";
  const [A, Y] = isGradient ? ["dA1", "dY1"] as const : [sum, out] as const;
  return [...isSum ? [A] : [], ...isOut && !(isGradient && word === "z") ? [Y] : []];
}

/** The layer of a parameter: by its word, or by its number among those of the same word. */
export function layersOf(all: readonly Parsed[]): (one: Parsed) => number | undefined {
  return ({ layer, digit, word }) => {
    if (digit < 0 && layer !== undefined) return layer;
    const family = all.filter((one) => one.parameter !== undefined && one.word === word);
    const numbers = [...new Set(family.map(({ digit }) => digit))].sort((a, b) => a - b);
    if (numbers.length === 1 && digit < 0) return undefined;
    // W1 and W2, or 0.weight and 2.weight, or W and W2
    const isCounted = numbers.every((number) => number === 1 || number === 2);
    return isCounted ? digit : numbers.indexOf(digit) + 1;
  };
}

/** The quantities that a name may stand for by itself. */
export function symbolsOf(name: string): readonly StepSymbol[] {
  return [...hintsOf([name])[0]!.keys()];
}
