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

/** Words by what they say: what follows a d or g in one word, and names of the listing alone. */
const WORDS = /* @__PURE__ */ wordSets({
  gradient: "d g delta deltas grad grads gradient gradients nabla",
  after: "after new next updated post prime",
  nothing: "before old prev self model net network nn cache batch mb train layers last cur current",
  weight: "w weight weights kernel theta syn coef coefs wih who wh wo wxh why wx wy",
  bias: "b bias biases intercept intercepts bh bo by",
  hidden: "h hidden ih xh wih wxh wh wx bh in input",
  output: "o out output ho hy who why wo wy bo by y head classifier final",
  layeredSum: "z u v s a net pre preact preactivation affine affineout linear zs input",
  layeredOut: "z a h y o l act activation activations hidden output out layer sigmoid",
  split: "w b z a h y x o u s v l e j c scores logits hidden out output pre preact act theta " +
    "weights bias",
  listing: "img answer my input1 output1 input2 output_last crossE delta_b delta_y1 delta_a",
});

function wordSets<Kind extends string>(words: Readonly<Record<Kind, string>>) {
  const sets = Object.entries<string>(words).map((
    [kind, text],
  ) => [kind, new Set(text.split(" "))]);
  return Object.fromEntries(sets) as Readonly<Record<Kind, ReadonlySet<string>>>;
}

/** Words without a layer, by what they may stand for. */
const FORWARD: readonly (readonly [StepSymbol, string])[] = [
  ["X", "x xb xs image images img imgs input inputs inputdata inp data feature features pixels"],
  ["X", "inputlayer"],
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
  ["E", "crossentropy lossvalue"],
  ["dY1", "hiddenerror back backprop"],
];

const BACKWARD: readonly (readonly [StepSymbol, string])[] = [
  ["dA2", "y scores logits out output outputs o x error outputerror b outputerrors erroroutput"],
  ["dY1", "h hidden hiddenout hiddenerror herror a y back"],
  ["dA1", "hidden h hiddeninput preact pre z a hraw sigmoid sigmoidx"],
];

/** Takes a name apart: `dL_dW1`, `fc1.weight.grad`, `grads['W1']` and `gw_hidden` are gradients. */
export function parse(name: string) {
  // the textbook's last layer is softmax with the loss
  const tokens = name.replace(/['′]$/u, " after").replace(/:0$/, "").replace(/last_?layer\b/i, "")
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().match(/\p{L}+|\d+/gu) ?? [];
  const split = tokens.flatMap((token) => {
    const part = /^[dg](.+)$/.exec(token)?.[1];
    return part !== undefined && WORDS.split.has(part) ? [token[0]!, part] : [token];
  });
  // dL_dW is d W
  if (split[0] === "d" && split[2] === "d" && /^(l|e|j|c|loss|cost)$/.test(split[1]!)) {
    split.splice(0, 2);
  }
  // a letter alone counts at the beginning, and before another word: affine1.dW
  const first = split.findIndex((token) => !WORDS.nothing.has(token));
  const isMark = (token: string, i: number) =>
    WORDS.gradient.has(token) && (token.length > 1 || i === first || i < split.length - 1);
  const rest = split.filter((token, i) => !isMark(token, i) && !WORDS.after.has(token));
  const letters = rest.filter((token) => !/\d/.test(token));
  const has = (kind: keyof typeof WORDS) => letters.some((token) => WORDS[kind].has(token));
  const isWeight = has("weight") && !name.endsWith("[:, 0]");
  const isNeither = WORDS.listing.has(name) || /\bB$/.test(name) || !has("weight") && !has("bias");
  return {
    isGradient: split.some(isMark),
    isAfter: split.some((token) => WORDS.after.has(token)),
    parameter: isNeither ? undefined : isWeight ? "W" : "b",
    /** Its number, or -1; the layer that a word names; the other words. */
    digit: Number(rest.find((token) => /\d/.test(token)) ?? -1),
    layer: has("output") ? 2 : has("hidden") ? 1 : undefined,
    word: letters.filter((token) => !WORDS.nothing.has(token)).join("") || letters.join("") ||
      split.find(isMark) || "",
  };
}

type Parsed = ReturnType<typeof parse>;

/** What arrays may be by their names, of which each is read in the light of the others. */
export function hintsOf(names: readonly string[]): Hints[] {
  const parsed = names.map(parse), layerOf = layersOf(parsed);
  const isOwn = ["Y1", "dY1"].some((symbol) => names.includes(symbol));
  const hints = names.map((name, i): Map<StepSymbol, number> => {
    // of the step before are the parameters only
    const isPast = /(^|[^a-z])(prev|previous|old)([^a-z]|$)/i.test(name);
    const one = parsed[i]!, { isGradient, isAfter, parameter, word, digit } = one;
    const own = SYMBOLS.find((symbol) => symbol === name);
    // of the project's own names, a few mean something else in other programs
    const isClear = own && (isOwn || /'|^[dηo]|^[XWb]\d?$|^labels/.test(own) && !/A\d/.test(own));
    const listed = WORDS.listing.has(name) &&
      [...STEP_INPUTS, ...STEP].find(({ listing }) => listing === name)?.symbol;
    if (isPast && (parameter === undefined || isGradient)) return new Map();
    const certain = isClear ? own : listed;
    if (certain) return new Map([[certain, CERTAIN]]);
    if (parameter !== undefined) {
      const layer = layerOf(one), weight = layer === undefined ? USUAL : CERTAIN;
      const [before, after] = [isGradient ? "d" : "", isAfter && !isGradient ? "'" : ""];
      return new Map(
        [1, 2].filter((one) => layer === undefined || layer === one)
          .map((layer) => [`${before}${parameter}${layer}${after}` as StepSymbol, weight]),
      );
    }
    const found = digit >= 0
      ? layered(one, parsed)
      : (isGradient ? BACKWARD : FORWARD).filter(([, text]) => text.split(" ").includes(word))
        .map(([symbol]) => symbol);
    const weight = found.length === 1 ? USUAL : POSSIBLE;
    const isRate = (symbol: StepSymbol) => symbol === "η" && word !== "alpha";
    return new Map(found.map((symbol) => [symbol, isRate(symbol) ? CERTAIN : weight]));
  });
  // the one gradient of the hidden layer is that of the sum
  const [hidden, ...others] = hints.filter((one) => one.has("dA1") || one.has("dY1"));
  if (hidden?.get("dA1") === USUAL && others.length === 0) hidden.set("dA1", CERTAIN);
  // the textbook has z for the output
  parsed.forEach(({ word }, i) => {
    if (word === "z" && hints[i]!.has("dA1")) hints[i]!.set("dY1", POSSIBLE);
  });
  return hints;
}

/** The quantities of a layer that a letter and a number may stand for. */
function layered({ word, digit, isGradient }: Parsed, all: readonly Parsed[]): StepSymbol[] {
  const family = all.filter((one) => one.word === word && one.isGradient === isGradient);
  const has = (digit: number) => family.some((one) => one.digit === digit);
  // layers are counted from 0, 1 or 2, the inputs being the first
  const layer = digit + (has(3) ? -1 : has(0) && !has(2) ? 1 : 0);
  // the inputs of the textbook's affine layers
  if (word === "affinex" && !isGradient) return layer === 1 ? ["X"] : ["Y1"];
  if (layer === 0) return isGradient ? [] : ["X"];
  if (layer > 2) return [];
  const isOut = WORDS.layeredOut.has(word);
  const isSum = WORDS.layeredSum.has(word) || isGradient && WORDS.gradient.has(word);
  const symbols: readonly (readonly [boolean, StepSymbol])[] = !isGradient
    ? [[isSum, layer === 1 ? "A1" : "A2"], [isOut, layer === 1 ? "Y1" : "P"]]
    : layer === 2
    ? [[isSum || isOut, "dA2"]]
    : [[isOut && word !== "z" || /^g/.test(word), "dY1"], [isSum, "dA1"]];
  return symbols.flatMap(([is, symbol]) => is ? [symbol] : []);
}

/** The layer of a parameter: by its word, or by its number among those of the same word. */
export function layersOf(all: readonly Parsed[]): (one: Parsed) => number | undefined {
  return ({ layer, digit, word }) => {
    if (digit < 0 && layer !== undefined) return layer;
    const family = all.filter((one) => one.parameter !== undefined && one.word === word);
    const own = family.filter(({ isGradient, isAfter }) => !isGradient && !isAfter);
    const numbers = [...new Set((own.length > 0 ? own : family).map(({ digit }) => digit))]
      .sort((a, b) => a - b);
    if (numbers.length === 1 && digit < 0) return undefined;
    // W1 and W2, or 0.weight and 2.weight, or W and W2
    const isCounted = numbers.every((number) => number === 1 || number === 2);
    return isCounted || !numbers.includes(digit) ? Math.max(digit, 1) : numbers.indexOf(digit) + 1;
  };
}

/** The quantities that a name may stand for by itself. */
export function symbolsOf(name: string): readonly StepSymbol[] {
  return [...hintsOf([name])[0]!.keys()];
}
