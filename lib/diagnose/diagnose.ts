// Finds the first equation that is wrong in another program's training step: reads the file, chooses
// the reading, convention and network that fit, judges each quantity, and concludes.
//
// Each quantity that the program recorded is compared with what its own earlier quantities give, so
// that a mistake is found where it is made, and what follows from it is not blamed again.
import type { NdArray } from "../formats/nd_array.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import {
  type ComputedSymbol,
  lazyStep,
  QUANTITIES,
  type RunTimeReplacements,
  type RunTimeStep,
  type StepSymbol,
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";
import { dot, relativeError } from "./agreement.ts";
import { type Cause, cause } from "./cause.ts";
import {
  type DiagnoseOptions,
  type DumpReading,
  isOfBytes,
  type Precision,
  readStepDump,
  type Source,
  type StepDump,
  type StepSizes,
} from "./dump.ts";
import { hintsAbout } from "./hints.ts";
import { judge, type JudgedQuantity, type Judgement, Memo } from "./judge.ts";
import { equationOf, probeOf, rightHandSideOf } from "./mistake_search.ts";
import { type Change, changes, type Scene } from "./networks.ts";
import { PROBLEMS } from "./words.ts";

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
  /** The arrays of the inputs, and how they are read. */
  readonly sources: ReadonlyMap<StepSymbol, Source>;
  /**
   * Whether the program computes with pixels up to 255, as they are before they are divided by 255.
   * The equations hold for them too, but training seldom succeeds.
   */
  readonly pixelsAreBytes: boolean;
  /** What is unusual about the inputs, such as pixels that were divided by 255 twice. */
  readonly hints: readonly Text[];
  /** The names of arrays that were not used. */
  readonly unused: readonly string[];
  /** Other readings of the file by which another quantity is the first wrong one. */
  readonly otherReadings: readonly JudgedQuantity[];
}

/**
 * A file that cannot be judged.
 *
 * @category 7 Checks
 */
export interface Undecided {
  /** `another network` if the names of the arrays say so: other layers, no biases. */
  readonly verdict: "undecided" | "another network";
  /** What is missing, or does not fit. */
  readonly reason: Text;
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
  if ("problem" in dump) {
    const { problem, reason } = dump;
    return { verdict: problem === "another network" ? problem : "undecided", reason };
  }
  const step = conclude(judgeStep(dump));
  // a second step may explain what the first does not
  const isExplained = firstWrongOf(step.quantities)?.causes.some(({ kind }) => kind !== "unknown");
  const second = dump.next && !isExplained
    ? conclude(judgeStep(dump.next, step.judgement.own))
    : undefined;
  return combine(dump, step, second);
}

/** A step that was judged, and what remains open. */
interface JudgedStep {
  readonly dump: StepDump;
  readonly judgement: Judgement;
  /** Readings that fit as well. */
  readonly others: readonly Judgement[];
}

/** Chooses the reading, the conventions and the network that fit best, and finds the causes. */
function judgeStep(dump: StepDump, previous?: RunTimeStep): JudgedStep {
  const memo = new Memo();
  let limit = Infinity;
  const readings = dump.readings.map((reading) => {
    const judgement = judge(dump, reading, memo, { limit, previous });
    limit = Math.min(limit, judgement.disagreements + READING_SLACK);
    return judgement;
  });
  const [best] = fewest(readings);
  if (best!.disagreements === 0) return { dump, judgement: best!, others: [] };
  // a convention may make up for more than another reading does
  const possible = readings.filter(({ disagreements }) => disagreements <= limit)
    .toSorted((a, b) => a.disagreements - b.disagreements).slice(0, MAX_READINGS);
  const late = lateReadings(dump, best!).map((reading) => judge(dump, reading, memo, { previous }));
  const starts = [
    ...fewest([best!, ...late]).slice(0, 1),
    ...possible.filter((one) => one !== best),
  ];
  const [chosen, ...others] = fewest(starts.map((one) => withChanges(dump, memo, one, previous)));
  if (chosen!.disagreements === 0) return { dump, judgement: chosen!, others: [] };
  const { reading, changes, learningRate } = chosen!;
  const judgement = judge(dump, reading, memo, { changes, learningRate, explain: true, previous });
  return { dump, judgement, others };
}

/** Readings of up to so many more disagreements, and so many of them, may be right by a convention. */
const READING_SLACK = 7, MAX_READINGS = 24;

function fewest(judged: readonly Judgement[]): Judgement[] {
  const least = Math.min(...judged.map(({ disagreements }) => disagreements));
  return judged.filter(({ disagreements }) => disagreements === least);
}

const LAYERS = [["W1", "b1"], ["W2", "b2"], ["W1", "b1", "W2", "b2"]] as const;

/** Readings by which parameters were recorded after the step: W + η dW were those before it. */
function lateReadings(dump: StepDump, { reading, own, quantities }: Judgement): LateReading[] {
  const { inputs, recorded } = reading;
  const matrixAt = (symbol: ComputedSymbol) => recorded.get(symbol)?.readings[0]?.matrix;
  return LAYERS.flatMap((late): LateReading[] => {
    const gradients = late.map((W) => matrixAt(`d${W}`));
    if (gradients.some((gradient) => gradient === undefined)) return [];
    // the rate by which A = (W + η dW) X + b + η db
    const layer = late[0] === "W1" ? "1" : "2", input = layer === "1" ? inputs.X! : own.Y1;
    const A = matrixAt(`A${layer}`);
    // parameters that give the layer's sums were recorded before it
    if (quantities.some((one) => one.symbol === `A${layer}` && one.agrees)) return [];
    let rate = dump.learningRate;
    if (rate === undefined && A !== undefined) {
      const change = gradients[0]!.multiply(input).plusColumn(gradients[1] as never);
      const after = inputs[late[0]]!.multiply(input).plusColumn(inputs[late[1]] as never);
      const missing = A.zip(after, (a, b) => a - b);
      rate = dot(missing.data, change.data) / dot(change.data, change.data);
    }
    if (rate === undefined || !Number.isFinite(rate) || !(rate > 0)) return [];
    const before = late.map((W, i) =>
      [W, inputs[W]!.zip(gradients[i]!, (w, dw) => w + rate * dw)] as const
    );
    return [{ ...reading, inputs: { ...inputs, ...Object.fromEntries(before) }, late }];
  });
}

/** The judgement with the conventions and the network that leave the fewest disagreements. */
function withChanges(
  dump: StepDump,
  memo: Memo,
  start: Judgement,
  previous: RunTimeStep | undefined,
): Judgement {
  let best = start, beam = [start];
  for (let depth = 0; depth < MAX_CHANGES && best.disagreements > 0 && beam.length > 0; depth++) {
    const found = beam.flatMap((one) => changed(dump, memo, one, previous));
    beam = found.toSorted((a, b) => a.disagreements - b.disagreements).slice(0, BEAM_WIDTH);
    [best] = fewest([best, ...beam.filter((one) => !isContradicted(one))]) as [Judgement];
  }
  return best;
}

/** Changes that are made together, and how many ways to go on are tried after each. */
const MAX_CHANGES = 4, BEAM_WIDTH = 4;

/** The judgements with one change more that leave fewer disagreements. */
function changed(
  dump: StepDump,
  memo: Memo,
  start: Judgement,
  previous: RunTimeStep | undefined,
): Judgement[] {
  const { reading, quantities, own, changes: adopted, disagreements } = start;
  const yours = new Map(quantities.map(({ symbol, yours }) => [symbol, yours]));
  const scene: Scene = {
    own,
    recorded: (symbol) => yours.get(symbol as ComputedSymbol) as RunTimeMatrix | undefined,
    sizes: dump.sizes,
  };
  return changes(scene)
    .filter((change) =>
      !adopted.some(({ id }) => id === change.id) && mayExplain(dump, start, change)
    )
    .map((change) =>
      judge(dump, reading, memo, {
        ...{ changes: [...adopted, change], previous, limit: disagreements - 1 },
      })
    )
    .filter((one) => {
      const last = one.changes.at(-1)!;
      return one.disagreements < disagreements &&
        !(isOfSums(last) && sumsAreMeant(dump, one) === false) &&
        // an array that says nothing is another only if later ones say that it was right
        (one.disagreements < disagreements - 1 || !isUnknownValue(last));
    });
}

function isUnknownValue({ ignored }: Change): boolean {
  return ignored !== undefined && ignored.value === undefined;
}

/** Whether a change lets the first quantity agree that disagrees and that it touches. */
function mayExplain(dump: StepDump, judgement: Judgement, change: Change): boolean {
  if (change.ignored !== undefined) {
    const quantity = judgement.quantities.find(({ symbol }) => symbol === change.ignored!.symbol);
    return quantity?.agrees === false;
  }
  const touched = judgement.quantities.filter(({ symbol, agrees, yours }) =>
    !agrees && yours !== undefined &&
    testedBy(judgement, symbol).some((one) => change.equations[one as ComputedSymbol])
  );
  // where later gradients divide by B, the first may have a mistake besides
  return touched.slice(0, change.divides ? 3 : 1).some((quantity) => {
    const suspect = suspectOf(dump, judgement, quantity, change), { symbol } = quantity;
    const part = probeOf(suspect) ?? suspect;
    const computed = equationOf(part, symbol)(part.own);
    return part.candidates.some((one) =>
      relativeError(one, computed) <= 100 * part.tolerance + LOSS_SLACK * +(symbol === "E")
    );
  });
}

/** A loss may have a guard in its logarithm. */
const LOSS_SLACK = 1e-3;

/** A quantity that disagrees, with the equations of a change. */
function suspectOf(
  { sizes }: StepDump,
  { given, changes, reading }: Judgement,
  { symbol, right, tolerance }: JudgedQuantity,
  change: Change,
) {
  const order = Object.keys(QUANTITIES), at = order.indexOf(symbol);
  const before = Object.fromEntries(
    Object.entries(given).filter(([one]) => order.indexOf(one) < at),
  ) as Judgement["given"];
  const changed: RunTimeReplacements = {};
  for (const { equations } of [...changes, change]) {
    for (const [one, equation] of Object.entries(equations)) {
      const inner = (changed[one as ComputedSymbol] ?? QUANTITIES[one as "A1"].compute) as (
        values: RunTimeStep,
      ) => RunTimeMatrix;
      Object.assign(changed, { [one]: (values: RunTimeStep) => equation(values, inner) });
    }
  }
  return {
    ...{ symbol, sizes, tolerance, given: before, changed, own: lazyStep(before, changed) },
    candidates: reading.recorded.get(symbol)!.readings.map(({ matrix }) => matrix),
    right: right as RunTimeMatrix,
  };
}

/** A quantity, and those before it whose equations it shows, as they were not recorded. */
function testedBy({ quantities }: Judgement, symbol: StepSymbol): StepSymbol[] {
  const recorded = new Set<StepSymbol>(quantities.map((one) => one.symbol));
  const visit = (one: StepSymbol): StepSymbol[] => [
    one,
    ...QUANTITIES[one].from.filter((before) => !recorded.has(before)).flatMap(visit),
  ];
  return visit(symbol);
}

/** Of the parts of a change, whether each shows, shows that it is not made, or does not show. */
function partsOf(judgement: Judgement, { parts }: Change): ("shown" | "refuted" | "open")[] {
  return parts.map((part) => {
    const showing = judgement.quantities.filter(({ symbol }) =>
      testedBy(judgement, symbol).some((one) => part.includes(one))
    );
    const agree = showing.some(({ agrees }) => agrees);
    return agree ? "shown" : showing.length > 0 ? "refuted" : "open";
  });
}

function isContradicted(judgement: Judgement): boolean {
  const agree = judgement.quantities.filter(({ agrees }) => agrees).map(({ symbol }) => symbol);
  return judgement.changes.some((change) =>
    // a mistake may stand in gradients that later ones divide by B
    partsOf(judgement, change).includes("refuted") &&
      !(change.divides &&
        change.parts[1]!.filter((one) => agree.includes(one as "dW1")).length > 1) ||
    judgement.quantities.some(({ symbol, agrees }) => symbol === change.ignored?.symbol && !agrees)
  );
}

/** Rates of a sum over the batch: below the first they are chosen for it, above the other not. */
const RATE_OF_SUM = 0.005, RATE_OF_MEAN = 0.6;

/** Whether gradients of the sum are meant: the loss is a sum too, or the rate is small. */
function sumsAreMeant(
  { sizes: { B } }: StepDump,
  { changes, quantities, learningRate }: Judgement,
) {
  const agrees = (of: (symbol: ComputedSymbol) => boolean) =>
    quantities.some(({ symbol, agrees }) => of(symbol) && agrees);
  const isUpdated = agrees((symbol) => symbol.endsWith("'"));
  // of gradients that the update may divide by B, at a rate that is not known
  const divisor = changes.some(({ id }) => id === SUMS) ? 1 : B;
  if (divisor === B && isUpdated && !learningRate?.inferred) return true;
  const rate = isUpdated && learningRate ? learningRate.value / divisor : undefined;
  if (
    changes.some(({ id }) => id === "loss is a sum") || rate !== undefined && rate < RATE_OF_SUM
  ) {
    return true;
  }
  if (rate === undefined || learningRate!.inferred) return undefined;
  const isMean = agrees((symbol) => symbol === "E");
  return isMean || B * rate > RATE_OF_MEAN ? false : undefined;
}

const SUMS = "gradients are sums";

/** Whether a convention is that all gradients are sums over the batch. */
function isOfSums({ id }: Change): boolean {
  return id === SUMS || id === "sum up to db1";
}

/** A step, its quantities as they are reported, and what it is by another convention or network. */
interface Conclusion extends JudgedStep {
  readonly quantities: readonly JudgedQuantity[];
  readonly notes: readonly Text[];
  readonly isNetwork: boolean;
  /** Whether all of it shows. */
  readonly judged: boolean;
  /** What to record, if nothing can be said yet. */
  readonly open: Text | undefined;
  readonly left: readonly string[];
}

function conclude(step: JudgedStep): Conclusion {
  const { judgement, dump } = step, { changes } = judgement;
  const sums = judgement.quantities.filter((one) => isRunningSum(one, judgement.own));
  let quantities = judgement.quantities.filter((one) => !sums.includes(one));
  const notes: Text[] = changes.map(({ words }) => words);
  let isNetwork = changes.some(({ kind }) => kind === "network");
  const states = changes.map((change) => partsOf(judgement, change));
  const isOpen = (i: number) => states[i]!.includes("open");
  let judged = !changes.some(({ kind }, i) => kind === "network" && isOpen(i));
  const open = changes.some(({ kind }, i) => kind === "convention" && isOpen(i)) ||
      changes.some(isOfSums) && sumsAreMeant(dump, judgement) === undefined
    ? t(
      "the gradients are a multiple of those of the mean, which the update may make up for; " +
        "record the loss, the learning rate and the parameters after the step",
      "勾配が平均の勾配の定数倍になっている。更新で補正しているかもしれないので、損失、学習率、更新後のパラメータも記録する",
    )
    : undefined;
  const { late } = judgement.reading as LateReading;
  if (late !== undefined) {
    const names = late.join(", "), namesJa = late.join("、");
    notes.push(t(
      `${names} were recorded after the update: all fits if W + η dW were those before it`,
      `${namesJa} は更新後に記録されている（更新前を W + η dW とすれば合う）`,
    ));
  }
  const accept = (which: (one: JudgedQuantity) => boolean, convention: Text) => {
    quantities = quantities.map((one) =>
      one.status === "wrong" && which(one) ? { ...one, status: "ok", convention, causes: [] } : one
    );
    notes.push(convention);
  };
  // rounding of a lower precision, or gradients by differences
  const isUpTo = (bound: number) => ({ error, causes: [first], symbol }: JudgedQuantity) =>
    first?.kind === "unknown" && symbol !== "onehot" && error <= bound;
  const bound = ROUNDING[dump.precision];
  const rounded = quantities.filter((one) => one.status === "wrong" && isUpTo(bound)(one));
  // where several are rounded, what comes of several roundings is further off
  const isRounding = isUpTo(rounded.length > 1 ? MANY_ROUNDINGS * bound : bound);
  if (rounded.length > 0) {
    accept(
      isRounding,
      dump.precision === "float64"
        ? t(
          "some numbers agree in 6 to 9 digits only, as of float32 or numerical differentiation",
          "6〜9 桁しか一致しない量がある（float32 や数値微分のような精度）",
        )
        : t(
          "some numbers agree in 3 to 4 digits only, as of bfloat16 or TF32",
          "3〜4 桁しか一致しない量がある（bfloat16 や TF32 のような精度）",
        ),
    );
  }
  for (const network of networksOf(quantities)) {
    isNetwork = true;
    accept((one) => networkOf(one)?.en === network.en, network);
  }
  // updates that all follow an unknown rule are those of another optimizer
  const updates = quantities.filter(({ symbol }) => symbol.endsWith("'"));
  const isUnexplained = ({ status, causes: [first] }: JudgedQuantity) =>
    status === "wrong" && first?.kind === "unknown";
  if (updates.length > 1 && updates.every(isUnexplained)) {
    isNetwork = true;
    judged = false;
    accept(({ symbol }) => symbol.endsWith("'"), OTHER_RULE);
  }
  const left = sums.map(({ name }) => name);
  return { ...step, quantities: borrowed(quantities), notes, isNetwork, judged, open, left };
}

/** A reading by which parameters were recorded after their update. */
type LateReading = DumpReading & { readonly late?: readonly string[] };

/** The errors that reduced precision, or differences instead of derivatives, explain. */
const ROUNDING: Readonly<Record<Precision, number>> = {
  float64: 2e-6,
  float32: 4e-3,
  float16: 1e-2,
};

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

/** The network in which a wrong quantity is right. */
function networkOf({ causes: [first] }: JudgedQuantity): Text | undefined {
  return first?.mistakes.some(({ id }) => id.endsWith("/adam")) ? ADAPTIVE : first?.network;
}

/** The networks that explain all quantities in which they would show. */
function networksOf(quantities: readonly JudgedQuantity[]): Text[] {
  const all = quantities.filter(({ status }) => status === "wrong").flatMap((one) =>
    networkOf(one) ?? []
  );
  return all.filter((network, i) => {
    if (all.findIndex(({ en }) => en === network.en) !== i) return false;
    const explained = quantities.filter((one) => networkOf(one)?.en === network.en);
    const isDecay = /decay|L1/.test(network.en);
    const kinds = new Set(explained.map(({ symbol }) => symbol.replace(/[Wb]\d/, "")));
    // weight decay shows in the weights of both layers, another optimizer in all that is updated
    return quantities.every((one) =>
      !kinds.has(one.symbol.replace(/[Wb]\d/, "")) || explained.includes(one) ||
      isDecay && one.symbol.includes("b") || one.right.data.every((x) => x === 0)
    );
  });
}

/** Whether it is the listing's crossE of a later batch, the sum of all losses before. */
function isRunningSum(
  { symbol, name, yours, status, causes: [first] }: JudgedQuantity,
  own: RunTimeStep,
) {
  if (symbol !== "E" || name.replace("next_", "") !== "crossE" || status !== "wrong") return false;
  const E = yours?.data[0] ?? NaN;
  return first?.kind === "unknown" && E >= own.E.data[0]! && E < MAX_SUM;
}

/** A sum of losses of 600 batches of many epochs. */
const MAX_SUM = 1e6;

/** The quantities, the first wrong one with the cause of a later one if it has none. */
function borrowed(quantities: readonly JudgedQuantity[]): readonly JudgedQuantity[] {
  const first = firstWrongOf(quantities);
  if (first === undefined || first.causes[0]?.kind !== "unknown") return quantities;
  const later = quantities.find((one) =>
    one.status === "wrong" &&
    one.causes[0]?.mistakes.some(({ quantity }) =>
      quantity === first.symbol || testedQuantities(first.symbol).includes(quantity)
    )
  );
  if (later === undefined) return quantities;
  const causes = later.causes.map((one) => {
    const { mistakes, factor, error } = one;
    return cause("mistakes", first.symbol, mistakes, { factor, error });
  });
  return quantities.map((one) => one === first ? { ...one, causes } : one);
}

function testedQuantities(symbol: StepSymbol): StepSymbol[] {
  return QUANTITIES[symbol].from.flatMap((one): StepSymbol[] => [one, ...testedQuantities(one)]);
}

function firstWrongOf(quantities: readonly JudgedQuantity[]): JudgedQuantity | undefined {
  return quantities.find(({ status }) => status === "wrong");
}

/** A wrong quantity, or the one before it that was not recorded, if its mistakes are made there. */
function whereMade(
  wrong: JudgedQuantity | undefined,
  { judgement: { own, given } }: Conclusion,
): JudgedQuantity | undefined {
  const placesOf = ({ mistakes, made }: Cause) =>
    made === undefined ? mistakes.map((one) => one.quantity) : [made.in];
  const places = new Set(wrong?.causes.flatMap(placesOf));
  const [symbol] = places;
  if (wrong === undefined || places.size !== 1 || symbol === undefined) return wrong;
  // the images are given, and a loss is mostly written in one line
  if (symbol === "X" || symbol === "L") return wrong;
  if (symbol === wrong.symbol || wrong.causes.some((one) => placesOf(one).length === 0)) {
    return wrong;
  }
  const causes = wrong.causes.map((one) => {
    const { mistakes, factor, error, made } = one, [only] = mistakes;
    if (made !== undefined) return one;
    const formula = factor === undefined ? rightHandSideOf(only!) : undefined;
    return cause("mistakes", symbol, mistakes, { factor, error, formula });
  });
  const right = (given[symbol] ?? own[symbol]) as RunTimeMatrix;
  return { ...wrong, symbol, name: "", causes, seenIn: wrong.symbol, yours: undefined, right };
}

/** One diagnosis of a step and, if the file has two, of the next. */
function combine(dump: StepDump, one: Conclusion, two: Conclusion | undefined) {
  const steps = two === undefined ? [one] : [one, two];
  const open = steps.map(({ open }) => open).find((open) => open !== undefined);
  const next = two?.quantities ?? [];
  let { quantities } = one;
  // what the first step does not explain, the second may: it knows the step before
  quantities = quantities.map((quantity) => {
    const same = next.find(({ symbol }) => symbol === quantity.symbol);
    const isOpen = quantity.status === "wrong" && quantity.causes[0]?.kind === "unknown";
    return isOpen && same?.status === "wrong" ? { ...quantity, causes: same.causes } : quantity;
  });
  const notes = steps.flatMap(({ notes }) => notes);
  let isNetwork = steps.some(({ isNetwork }) => isNetwork);
  const momentum = two?.notes.find(({ en }) => en.includes("momentum") && en !== OTHER_RULE.en);
  if (momentum !== undefined) {
    isNetwork = true;
    quantities = quantities.map((quantity) =>
      quantity.symbol.endsWith("'") && quantity.status === "wrong"
        ? { ...quantity, status: "ok" as const, convention: momentum, causes: [] }
        : quantity
    );
  }
  const firstWrong = whereMade(firstWrongOf(quantities) ?? firstWrongOf(next), one);
  if (firstWrong === undefined && open !== undefined) {
    return { verdict: "undecided", reason: open } as const;
  }
  if (quantities.length === 0) {
    return { verdict: "undecided", reason: PROBLEMS["nothing computed"]() } as const;
  }
  const { judgement, others } = one, { learningRate, reading } = judgement;
  const texts = notes.filter(({ en }, i) =>
    notes.findIndex((note) => note.en === en) === i && !(momentum && en === OTHER_RULE.en)
  );
  const verdict: Diagnosis["verdict"] = firstWrong !== undefined
    ? "wrong"
    : isNetwork
    ? "another network"
    : texts.length > 0
    ? "right by another convention"
    : "right";
  const found: Diagnosis = {
    verdict,
    judged: steps.every(({ judged }) => judged) || momentum !== undefined,
    notes: texts,
    ...{ sizes: dump.sizes, precision: dump.precision, quantities, next, firstWrong },
    learningRate: learningRate && { value: learningRate.value, inferred: learningRate.inferred },
    sources: new Map<StepSymbol, Source>([...reading.sources, ...reading.recorded]),
    pixelsAreBytes: isOfBytes(reading.inputs.X!.data),
    hints: hintsAbout(judgement),
    unused: [...dump.unused, ...one.left],
    otherReadings: others.flatMap(({ quantities }) => firstWrongOf(quantities) ?? [])
      .filter(({ symbol }, i, all) =>
        symbol !== firstWrong?.symbol && all.findIndex((one) => one.symbol === symbol) === i
      ),
  };
  return found;
}
