// Finds the first equation that is wrong in another program's training step: reads the file,
// chooses the reading, convention and network that fit, judges each quantity, and concludes.
//
// Each quantity that the program recorded is compared with what its own earlier quantities give, so
// that a mistake is found where it is made, and what follows from it is not blamed again.
import type { NdArray } from "../formats/nd_array.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { QUANTITIES, type RunTimeStep, type StepSymbol } from "../network/step.ts";
import { groupBy, t, type Text } from "../text/layout.ts";
import { dot } from "./agreement.ts";
import { ofMistake } from "./cause.ts";
import {
  type DiagnoseOptions,
  hintsAbout,
  NOTHING_COMPUTED,
  type Precision,
  quantityName,
  readStepDump,
  type Source,
  type StepDump,
  type StepSizes,
  type Undecided,
  undecided,
} from "./dump.ts";
import { type JudgedQuantity, Judgement, Memo } from "./judge.ts";
import { type Change, changes, LOSS_BEFORE } from "./networks.ts";

export type { Undecided } from "./dump.ts";

/**
 * What `diagnose` found.
 *
 * @category 7 Checks
 */
export interface Diagnosis {
  /**
   * Whether every recorded quantity is right: by the report's equations, by another convention such
   * as the sum over the batch, or as those of another network.
   */
  readonly verdict: "right" | "right by another convention" | "wrong" | "another network";
  /** Whether it could be judged: of another network, its forward and its backward pass fit. */
  readonly judged: boolean;
  /** The conventions, or what is another network about it. */
  readonly notes: readonly Text[];
  /** The sizes of the network and the batch. */
  readonly sizes: StepSizes;
  /** The precision of the numbers. */
  readonly precision: Precision;
  /** The learning rate, if it is known, and whether it was found from the update. */
  readonly learningRate: { readonly value: number; readonly inferred: boolean } | undefined;
  /** The recorded quantities in the order of the step. */
  readonly quantities: readonly JudgedQuantity[];
  /** Those of the step after it, if the file has two. */
  readonly next: readonly JudgedQuantity[];
  /** The first that is wrong. */
  readonly firstWrong: JudgedQuantity | undefined;
  /** The names of the arrays that the quantities are read from, and whether they are transposed. */
  readonly sources: ReadonlyMap<StepSymbol, Source>;
  /** What is unusual about the inputs, such as pixels that were divided by 255 twice. */
  readonly hints: readonly Text[];
  /** The names of arrays that were not used. */
  readonly unused: readonly string[];
}

/**
 * Compares the quantities that a program recorded of one training step with the equations.
 *
 * @param arrays by name: inputs, labels and parameters before the step, and what the program
 * computed from them, as many quantities as there are. Names are those of the listing (`delta_W1`),
 * of this project (`dW1`), of the textbook (`grads['W1']`) or of PyTorch (`fc1.weight.grad`); rows
 * or columns are the examples, labels are classes or one-hot
 * @param options what the names mean where they are not the usual ones, and the learning rate
 * @returns what is right and what is wrong, or why that cannot be judged
 * @throws {RangeError} if a name is given a symbol that the step has not
 *
 * @example A gradient that is divided by B a second time
 * ```ts
 * import { diagnose, type NdArray } from "@sanso/sanso";
 * import { deepStrictEqual, ok } from "node:assert/strict";
 *
 * const array = (shape: number[], numbers: number[]): NdArray => {
 *   return { shape, dtype: "<f8", fortranOrder: false, data: Float64Array.from(numbers) };
 * };
 * const found = diagnose(
 *   new Map([
 *     ["x", array([2, 1], [1, 0])], // two examples of one pixel
 *     ["t", array([2], [0, 1])],
 *     ["W1", array([1, 1], [0])],
 *     ["b1", array([1], [0])],
 *     ["W2", array([2, 1], [4, 0])],
 *     ["b2", array([2], [-2, 0])],
 *     ["delta_b", array([2, 2], [-0.25, 0.25, 0.25, -0.25])],
 *     ["delta_a", array([2, 1], [-0.25, 0.25])],
 *     ["delta_W1", array([1, 1], [-0.125])], // -0.25 is right
 *   ]),
 * );
 * ok(found.verdict === "wrong");
 * const { firstWrong } = found;
 * deepStrictEqual([firstWrong?.symbol, firstWrong?.name], ["dW1", "delta_W1"]);
 * deepStrictEqual(firstWrong!.causes[0]!.mistakes.map(({ id }) => id), ["dW1/divided-by-B-twice"]);
 * ```
 *
 * @category 7 Checks
 */
export function diagnose(
  arrays: ReadonlyMap<string, NdArray>,
  options: DiagnoseOptions = {},
): Diagnosis | Undecided {
  const dump = readStepDump(arrays, options);
  if ("reason" in dump) return dump;
  const first = conclude(bestJudgement(dump));
  // a second step may explain what the first does not
  const isSum = (one: JudgedQuantity) => isRunningSum(one, first.judgement);
  const wrong = firstWrongOf(first.quantities.filter((one) => !isSum(one)));
  const isExplained = wrong?.causes.some(({ kind }) => kind !== "unknown");
  const second = dump.next && !(isExplained && wrong!.symbol !== "E")
    ? conclude(bestJudgement(dump.next, first.judgement.own))
    : undefined;
  return combine(first, second);
}

/** Changes that are made together. */
const MAX_CHANGES = 4;

/** The reading, conventions and network that leave the fewest disagreements, with causes. */
function bestJudgement(dump: StepDump, previous?: RunTimeStep): Judgement {
  const memo = new Memo();
  let best: Judgement | undefined;
  for (const reading of dump.readings) {
    const limit = best === undefined ? Infinity : best.disagreements - 1;
    const judgement = new Judgement(dump, reading, memo, { changes: [], limit });
    if (judgement.disagreements <= limit) best = judgement;
  }
  let one = best;
  while (one !== undefined && best!.disagreements > 0 && one.changes.length < MAX_CHANGES) {
    one = improved(one, previous);
    if (one !== undefined && !isContradicted(one)) best = one;
  }
  const { reading, changes, learningRate, disagreements } = best!;
  const options = { changes, learningRate, explain: true, previous };
  return disagreements === 0 ? best! : new Judgement(dump, reading, memo, options);
}

/** The judgement with that change more that leaves the fewest disagreements, if one does. */
function improved(start: Judgement, previous?: RunTimeStep): Judgement | undefined {
  const { dump, memo, reading, quantities, own, changes: made, disagreements } = start;
  const recorded = (symbol: StepSymbol) => start.of(symbol)?.yours as RunTimeMatrix | undefined;
  const tested = quantities.filter(({ agrees }) => !agrees)
    .flatMap(({ symbol }) => testedBy(start, symbol));
  const limit = disagreements - 1, rate = start.learningRate?.value;
  const [best] = changes({ own, recorded, sizes: dump.sizes, rate, previous })
    .filter(({ id, equations, ignored }) =>
      !made.some((other) => other.id === id) &&
      // others would leave what disagrees as it is
      tested.some((one) => one === ignored || Object.hasOwn(equations, one))
    )
    .map((change) => new Judgement(dump, reading, memo, { changes: [...made, change], limit }))
    .filter((one) => {
      const last = one.changes.at(-1)!;
      // an array that says nothing is another only if later ones say that it was right
      return one.disagreements <= limit - (last.ignored ? 1 : 0) &&
        !(isOfSums(last) && sumsAreMeant(one) === false);
    })
    .toSorted((a, b) => a.disagreements - b.disagreements);
  return best;
}

/** A quantity, and those before it whose equations it shows, as they were not recorded. */
function testedBy(judgement: Judgement, symbol: StepSymbol): StepSymbol[] {
  const visit = (one: StepSymbol): StepSymbol[] => [
    one,
    ...QUANTITIES[one].from.filter((before) => !judgement.of(before)).flatMap(visit),
  ];
  return visit(symbol);
}

/** Of the parts of a change, whether each shows, shows that it is not made, or does not show. */
function partsOf(judgement: Judgement, { parts }: Change): ("shown" | "refuted" | "open")[] {
  return parts.map((part) => {
    const showing = judgement.quantities.filter(({ symbol }) =>
      testedBy(judgement, symbol).some((one) => part.includes(one))
    );
    const isShown = showing.some(({ agrees }) => agrees);
    return showing.length === 0 ? "open" : isShown ? "shown" : "refuted";
  });
}

function isContradicted(judgement: Judgement): boolean {
  const agree = judgement.quantities.filter(({ agrees }) => agrees);
  return judgement.changes.some((change) =>
    // a mistake may stand in gradients that later ones divide by B
    partsOf(judgement, change).includes("refuted") &&
    !(change.divides && agree.filter(({ symbol }) => change.parts[1]!.includes(symbol)).length > 1)
  );
}

const isUpdate = ({ symbol }: JudgedQuantity) => symbol.endsWith("'");

/** The rate of a sum over the batch: below it, it is chosen for the sum. */
const RATE_OF_SUM = 0.005;

const SUMS = "gradients are sums";

/** Whether a convention is that all gradients are sums over the batch. */
const isOfSums = ({ id }: Change) => id === SUMS || id === "sum up to db1";

/** Whether gradients of the sum are meant, as the loss is a sum too, or the rate is small. */
function sumsAreMeant(judgement: Judgement): boolean | undefined {
  const { changes, quantities, learningRate: rate, dump: { sizes: { B } } } = judgement;
  if (changes.some(({ id }) => id === "loss is a sum")) return true;
  const isUpdated = quantities.some((one) => isUpdate(one) && one.agrees);
  if (!isUpdated || rate === undefined) return undefined;
  // at a rate that is known, the update shows whether it divides by B
  const divides = !changes.some(({ id }) => id === SUMS);
  if (divides && !rate.inferred || rate.value / (divides ? B : 1) < RATE_OF_SUM) return true;
  const isMean = quantities.some(({ symbol, agrees }) => symbol === "E" && agrees);
  return isMean && !rate.inferred ? false : undefined;
}

/** The errors that reduced precision, or differences instead of derivatives, explain. */
const ROUNDING = { float64: 2e-6, float32: 4e-3, float16: 1e-2 } as const;

/** In a product of two rounded factors there are about three times as many roundings. */
const MANY_ROUNDINGS = 3;

const OTHER_RULE = t(
  "its parameters follow another rule than W - η dW, perhaps momentum or Adam in a later step",
  "パラメータの更新が W - η dW とは別の規則である（後のステップのモメンタムや Adam など）",
);

const ADAPTIVE = t(
  "it is trained with Adam, RMSprop or AdaGrad",
  "Adam、RMSprop または AdaGrad で学習している",
);

/** What would tell whether gradients that are a multiple of the right ones are meant so. */
function openMultiple({ quantities, learningRate }: Judgement): Undecided {
  const has = (which: (one: JudgedQuantity) => boolean) => quantities.some(which);
  const missing = [
    ...has(({ symbol }) => /^[LE]$/.test(symbol)) ? [] : [t("the loss", "損失")],
    ...learningRate?.inferred === false ? [] : [t("the learning rate", "学習率")],
    ...has(isUpdate) ? [] : [t("the parameters after the step", "更新後のパラメータ")],
  ];
  return undecided(t(
    "the gradients are a multiple of those of the mean, which the update may make up for; " +
      `record ${missing.map(({ en }) => en).join(" and ")}`,
    "勾配が平均の勾配の定数倍になっている。更新で補正しているかもしれないので、" +
      `${missing.map(({ ja }) => ja).join("と")}も記録する`,
  ));
}

/** Why a step is not judged of which a loss alone fits nothing. */
function otherLoss({ symbol, name }: JudgedQuantity): Text {
  const loss = quantityName(symbol, name);
  return t(
    `all is right but ${loss}, which is no loss of this batch by these parameters; ` +
      "record the one that is computed between the forward and the backward pass",
    `${loss} のほかはすべて正しい。${loss} は、このバッチのこのパラメータでの損失ではない。` +
      "順伝播と逆伝播の間で計算した損失を記録する",
  );
}

const isUnexplained = ({ status, causes: [first] }: JudgedQuantity) =>
  status === "wrong" && first?.kind === "unknown";

/** What a step is by another convention or network, its quantities as they are reported. */
function conclude(judgement: Judgement) {
  const { changes, dump } = judgement, notes = changes.map(({ words }) => words);
  let quantities: readonly JudgedQuantity[] = judgement.quantities;
  const accept = (which: (one: JudgedQuantity) => boolean, convention: Text) => {
    quantities = quantities.map((one) =>
      one.status === "wrong" && which(one) ? { ...one, status: "ok", convention, causes: [] } : one
    );
    notes.push(convention);
  };
  const kinds = changes.filter((one) => partsOf(judgement, one).includes("open"))
    .map(({ kind }) => kind);
  const isOpen = kinds.includes("convention") ||
    changes.some(isOfSums) && sumsAreMeant(judgement) === undefined;
  // rounding of a lower precision, or gradients by differences
  const isUpTo = (bound: number) => (one: JudgedQuantity) =>
    isUnexplained(one) && one.symbol !== "onehot" && one.error <= bound;
  const bound = ROUNDING[dump.precision], rounded = quantities.filter(isUpTo(bound));
  if (rounded.length > 0) {
    const [few, many] = dump.precision === "float64" ? [6, 9] : [3, 4];
    accept(
      // where several are rounded, what comes of several roundings is further off
      isUpTo(rounded.length > 1 ? MANY_ROUNDINGS * bound : bound),
      t(
        `some numbers agree in ${few} to ${many} digits only, as of a lower precision or numerical ` +
          "differentiation",
        `${few}〜${many} 桁しか一致しない量がある（低い精度の計算や数値微分のように）`,
      ),
    );
  }
  const networks = networksOf(quantities);
  for (const explained of networks) {
    const decayed = explained.filter(({ symbol }) => /^dW\d$/.test(symbol));
    accept(
      (one) => explained.includes(one) || isPenalised(one, decayed, judgement.own),
      networkOf(explained[0]!)!,
    );
  }
  // updates that all follow an unknown rule are those of another optimizer
  const updates = quantities.filter(isUpdate);
  const isOther = updates.length > 1 && updates.every(isUnexplained);
  if (isOther) accept(isUpdate, OTHER_RULE);
  return {
    ...{ dump, judgement, quantities, notes, isOpen },
    isNetwork: isOther || networks.length > 0 || changes.some(({ kind }) => kind === "network"),
    // whether all of another network shows
    judged: !isOther && !kinds.includes("network"),
  };
}

/** Whether a loss has the penalty c W² / 2 that gradients have as c W. */
function isPenalised(
  { symbol, yours, right }: JudgedQuantity,
  gradients: readonly JudgedQuantity[],
  own: RunTimeStep,
): boolean {
  if (symbol !== "E" || yours === undefined || gradients.length < 2) return false;
  const penalty = gradients.reduce((sum, { symbol, yours, right }) => {
    const added = (yours as RunTimeMatrix).zip(right as RunTimeMatrix, (a, b) => a - b);
    return sum + dot(added.data, own[symbol.slice(1) as "W1"].data) / 2;
  }, 0);
  return Math.abs(yours.data[0]! - right.data[0]! - penalty) <= 1e-4 * penalty;
}

/** The network in which a wrong quantity is right. */
function networkOf({ causes: [first] }: JudgedQuantity): Text | undefined {
  return first?.mistakes.some(({ id }) => id.endsWith("/adam")) ? ADAPTIVE : first?.network;
}

/** The quantities that another network explains, if it does wherever it would show. */
function networksOf(quantities: readonly JudgedQuantity[]): JudgedQuantity[][] {
  const all = groupBy(quantities.filter(networkOf), (one) => networkOf(one)!.en);
  const kindOf = ({ symbol }: JudgedQuantity) => symbol.replace(/[Wb]\d/, "");
  return [...all].filter(([en, explained]) => {
    // a penalty that the loss has and no gradient is a mistake
    const isOfLoss = explained.every(({ symbol }) => symbol === "E");
    if (isOfLoss && quantities.some(({ symbol }) => symbol.includes("W"))) return false;
    // weight decay shows in the weights of both layers, another optimizer in all that is updated
    return quantities.every((one) =>
      explained.includes(one) || !explained.some((other) => kindOf(other) === kindOf(one)) ||
      en.includes("decay") && one.symbol.includes("b")
    );
  }).map(([, explained]) => explained);
}

/** Whether a loss that is wrong in both steps grows by the second one's, or by that of all B. */
function isAddedUp({ B }: StepSizes, E?: JudgedQuantity, next?: JudgedQuantity): boolean {
  const [before, after, loss] = [E?.yours, next?.yours, next?.right].map((one) => one?.data[0]);
  const isGrown = (by: number) => Math.abs(after! - before! - by) <= 1e-6 * Math.abs(after!);
  return E?.status === "wrong" && next?.status === "wrong" &&
    (isGrown(loss!) || isGrown(B * loss!));
}

/** Whether it is the listing's crossE of a later batch, the sum of all losses before. */
function isRunningSum(one: JudgedQuantity, { own }: Judgement): boolean {
  const E = one.yours?.data[0] ?? NaN;
  return /(^|\W|next_)crossE$/.test(one.name) && isUnexplained(one) &&
    E >= own.E.data[0]! && E < 1e6; // that of 600 batches of many epochs
}

type Concluded = ReturnType<typeof conclude>;

function firstWrongOf(quantities: readonly JudgedQuantity[]): JudgedQuantity | undefined {
  return quantities.find(({ status }) => status === "wrong");
}

/** A wrong quantity, or the one before it that was not recorded, if its mistakes are made there. */
function whereMade(wrong: JudgedQuantity, judgement: Judgement): JudgedQuantity {
  const { own, given, quantities } = judgement;
  const places = wrong.causes.map(({ made }) => made?.quantity);
  const [symbol] = places;
  // the images are given, and a loss is mostly written in one line
  const isHere = symbol === undefined || ["X", "L", wrong.symbol].includes(symbol) ||
    // another quantity shows that it is right
    quantities.some(({ symbol: other, status }) =>
      status === "ok" && testedBy(judgement, other).includes(symbol)
    );
  if (isHere || places.some((place) => place !== symbol)) return wrong;
  const causes = wrong.causes.map((one) => {
    const { mistakes: [mistake] } = one;
    return mistake ? ofMistake(symbol as "A1", mistake, one) : one;
  });
  const right = (given[symbol] ?? own[symbol]) as RunTimeMatrix, seenIn = wrong.symbol;
  return { ...wrong, symbol: symbol as "A1", name: "", causes, seenIn, yours: undefined, right };
}

/** One diagnosis of a step and, if the file has two, of the next. */
function combine(one: Concluded, two?: Concluded): Diagnosis | Undecided {
  const steps = two === undefined ? [one] : [one, two];
  const losses = steps.map(({ quantities }) => quantities.find(({ symbol }) => symbol === "E"));
  const areAdded = isAddedUp(one.dump.sizes, ...losses);
  const sums = steps.flatMap(({ judgement }, i) => {
    const E = losses[i];
    return E && (areAdded || isRunningSum(E, judgement)) ? [E] : [];
  });
  const next = two?.quantities.filter((quantity) => !sums.includes(quantity)) ?? [];
  const momentum = two?.notes.find(({ en }) => en.includes("momentum") && en !== OTHER_RULE.en);
  const ofBefore = two?.judgement.changes.find(({ id }) => id === LOSS_BEFORE)?.words;
  const quantities = one.quantities.filter((one) => !sums.includes(one))
    .map((quantity): JudgedQuantity => {
      const same = next.find(({ symbol }) => symbol === quantity.symbol);
      // what the first step does not explain, the second may: it knows the step before
      const convention = isUpdate(quantity) ? momentum : quantity.symbol === "E" ? ofBefore : null;
      if (convention && quantity.status === "wrong") {
        return { ...quantity, status: "ok", convention, causes: [] };
      }
      const isOpen = isUnexplained(quantity) && same?.status === "wrong";
      return isOpen ? { ...quantity, causes: same.causes } : quantity;
    });
  const { dump: { sizes, precision, unused }, judgement } = one;
  // a loss that nothing explains may be that of other images or parameters
  const found = [...quantities, ...next].filter(({ status }) => status === "wrong");
  const isLoss = (one: JudgedQuantity) => /^[LE]$/.test(one.symbol) && isUnexplained(one);
  const wrong = found.find((one) => !isLoss(one));
  if (wrong === undefined && found.length > 0) return undecided(otherLoss(found[0]!));
  if (wrong === undefined && steps.some(({ isOpen }) => isOpen)) return openMultiple(judgement);
  if (quantities.length === 0) return NOTHING_COMPUTED;
  const firstWrong = wrong && whereMade(wrong, judgement), { learningRate, reading } = judgement;
  const notes = new Map(steps.flatMap(({ notes }) => notes).map((note) => [note.en, note]));
  if (momentum !== undefined) notes.delete(OTHER_RULE.en);
  const rightBy = steps.some(({ isNetwork }) => isNetwork)
    ? "another network"
    : notes.size > 0
    ? "right by another convention"
    : "right";
  return {
    verdict: firstWrong === undefined ? rightBy : "wrong",
    judged: steps.every(({ judged }) => judged) || momentum !== undefined,
    notes: [...notes.values()],
    ...{ sizes, precision, quantities, next, firstWrong },
    learningRate: learningRate && { value: learningRate.value, inferred: learningRate.inferred },
    sources: new Map<StepSymbol, Source>([...reading.sources, ...reading.recorded]),
    hints: hintsAbout(judgement),
    unused: [...unused, ...sums.slice(0, 1).map(({ name }) => name)],
  };
}
