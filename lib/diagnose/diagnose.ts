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
  type RunTimeStep,
  type StepSymbol,
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";
import { multipleOf, relativeError } from "./agreement.ts";
import { type Cause, equationOf, ofMistakes, probeOf, rightHandSideOf } from "./cause.ts";
import {
  type DiagnoseOptions,
  type DumpReading,
  NOTHING_COMPUTED,
  type Precision,
  readStepDump,
  type Source,
  type StepDump,
  type StepSizes,
  type Undecided,
  undecided,
} from "./dump.ts";
import { hintsAbout } from "./hints.ts";
import { changedEquations, judge, type JudgedQuantity, type Judgement, Memo } from "./judge.ts";
import { type Change, changes } from "./networks.ts";

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
  const first = conclude(dump, new Search(dump).best());
  // a second step may explain what the first does not
  const wrong = firstWrongOf(first.quantities);
  const isExplained = wrong?.causes.some(({ kind }) => kind !== "unknown");
  const second = dump.next && !(isExplained && wrong!.symbol !== "E")
    ? conclude(dump.next, new Search(dump.next, first.judgement.own).best())
    : undefined;
  return combine(first, second);
}

/** Readings of up to so many more disagreements, and so many of them, may be right by a convention. */
const READING_SLACK = 7, MAX_READINGS = 24;

/** Changes that are made together. */
const MAX_CHANGES = 4;

/** A loss may have a guard in its logarithm. */
const LOSS_SLACK = 1e-3;

/** A reading by which some parameters were recorded after their update. */
type LateReading = DumpReading & { readonly late?: readonly string[] };

/** Searches for the reading, the conventions and the network that leave the fewest disagreements. */
class Search {
  readonly #memo = new Memo();

  constructor(readonly dump: StepDump, readonly previous?: RunTimeStep) {}

  /** The best judgement, with causes. */
  best(): Judgement {
    const { dump, previous } = this;
    let limit = Infinity;
    const read = dump.readings.map((reading) => {
      const judgement = this.#judge(reading, [], limit);
      limit = Math.min(limit, judgement.disagreements + READING_SLACK);
      return judgement;
    });
    const [first] = sorted(read), late = this.#late(first).map((one) => this.#judge(one));
    // a convention may make up for more than another reading does
    const others = sorted(read).slice(0, MAX_READINGS)
      .filter((one) => one !== first && one.disagreements <= limit);
    const starts = first.disagreements === 0 ? [] : [sorted([first, ...late])[0], ...others];
    const [chosen] = sorted([first, ...starts.map((one) => this.#withChanges(one))]);
    const { reading, changes, learningRate, disagreements } = chosen;
    const how = { changes, learningRate, explain: true, previous };
    return disagreements === 0 ? chosen : judge(dump, reading, this.#memo, how);
  }

  #judge(reading: DumpReading, changes: readonly Change[] = [], limit = Infinity): Judgement {
    return judge(this.dump, reading, this.#memo, { changes, limit, previous: this.previous });
  }

  /** Readings by which parameters were recorded after the step: W + η dW were those before it. */
  #late({ reading, own, quantities, disagreements }: Judgement): LateReading[] {
    const { inputs, recorded } = reading;
    const matrixAt = (symbol: ComputedSymbol) => recorded.get(symbol)?.readings[0]?.matrix;
    const layers = [["W1", "b1"], ["W2", "b2"], ["W1", "b1", "W2", "b2"]] as const;
    return layers.flatMap((late): LateReading[] => {
      const gradients = late.flatMap((W) => matrixAt(`d${W}`) ?? []);
      if (gradients.length < late.length || disagreements === 0) return [];
      const layer = late[0] === "W1" ? "1" : "2", input = layer === "1" ? inputs.X! : own.Y1;
      // parameters that give the layer's sums were recorded before it
      if (quantities.some((one) => one.symbol === `A${layer}` && one.agrees)) return [];
      const A = matrixAt(`A${layer}`);
      const sum = (W: RunTimeMatrix, b: RunTimeMatrix) => W.multiply(input).plusColumn(b as never);
      const after = sum(inputs[late[0]]!, inputs[late[1]]!), [dW, db] = gradients;
      // the rate by which A = (W + η dW) X + b + η db
      const rate = this.dump.learningRate ??
        (A && multipleOf(A.zip(after, (a, b) => a - b), sum(dW!, db!))?.value) ?? 0;
      if (rate <= 0) return [];
      const before = late.map((W, i) =>
        [W, inputs[W]!.zip(gradients[i]!, (w, dw) => w + rate * dw)] as const
      );
      return [{ ...reading, inputs: { ...inputs, ...Object.fromEntries(before) }, late }];
    });
  }

  /** The judgement with the changes of equations that leave the fewest disagreements. */
  #withChanges(start: Judgement): Judgement {
    let best = start;
    for (let one: Judgement | undefined = start; one && one.changes.length < MAX_CHANGES;) {
      one = best.disagreements > 0 ? sorted(this.#changed(one))[0] : undefined;
      if (one && !isContradicted(one)) best = one;
    }
    return best;
  }

  /** The judgements with one change more that leave fewer disagreements. */
  #changed(start: Judgement): Judgement[] {
    const { reading, quantities, own, changes: made, disagreements } = start;
    const recorded = (symbol: StepSymbol) =>
      quantities.find((one) => one.symbol === symbol)?.yours as RunTimeMatrix | undefined;
    return changes({ own, recorded, sizes: this.dump.sizes })
      .filter((change) => !made.some(({ id }) => id === change.id))
      .filter((change) => this.#mayExplain(start, change))
      .map((change) => this.#judge(reading, [...made, change], disagreements - 1))
      .filter((one) => {
        const last = one.changes.at(-1)!, { ignored } = last;
        const isUnknown = ignored !== undefined && ignored.value === undefined;
        // an array that says nothing is another only if later ones say that it was right
        return one.disagreements < disagreements - +isUnknown &&
          !(isOfSums(last) && sumsAreMeant(this.dump, one) === false);
      });
  }

  /** Whether a change lets the first quantity agree that disagrees and that it touches. */
  #mayExplain(judgement: Judgement, change: Change): boolean {
    const { quantities, given, reading, changes } = judgement, { ignored, equations } = change;
    if (ignored !== undefined) {
      return quantities.some(({ symbol, agrees }) => symbol === ignored.symbol && !agrees);
    }
    const touched = quantities.filter(({ symbol, agrees, yours }) =>
      !agrees && yours !== undefined &&
      testedBy(judgement, symbol).some((one) => equations[one as ComputedSymbol])
    );
    const changed = changedEquations([...changes, change], this.#memo);
    // where later gradients divide by B, the first may have a mistake besides
    return touched.slice(0, change.kind === "convention" ? 3 : 1).some(
      ({ symbol, right, tolerance }) => {
        const order = Object.keys(QUANTITIES), at = order.indexOf(symbol);
        const before: Judgement["given"] = Object.fromEntries(
          Object.entries(given).filter(([one]) => order.indexOf(one) < at),
        );
        const suspect = {
          ...{ symbol, sizes: this.dump.sizes, tolerance, given: before, changed },
          ...{ own: lazyStep(before, changed), right: right as RunTimeMatrix },
          candidates: reading.recorded.get(symbol)!.readings.map(({ matrix }) => matrix),
        };
        const part = probeOf(suspect) ?? suspect, computed = equationOf(part, symbol)(part.own);
        const bound = 100 * part.tolerance + LOSS_SLACK * +(symbol === "E");
        return part.candidates.some((one) => relativeError(one, computed) <= bound);
      },
    );
  }
}

/** The judgements, that with the fewest disagreements first. */
const sorted = (judged: readonly Judgement[]) =>
  judged.toSorted((a, b) => a.disagreements - b.disagreements) as [Judgement, ...Judgement[]];

/** A quantity, and those before it whose equations it shows, as they were not recorded. */
function testedBy({ quantities }: Judgement, symbol: StepSymbol): StepSymbol[] {
  const visit = (one: StepSymbol): StepSymbol[] => [
    one,
    ...QUANTITIES[one].from.filter((before) => !quantities.some(({ symbol }) => symbol === before))
      .flatMap(visit),
  ];
  return visit(symbol);
}

/** Of the parts of a change, whether each shows, shows that it is not made, or does not show. */
function partsOf(judgement: Judgement, { parts }: Change): ("shown" | "refuted" | "open")[] {
  return parts.map((part) => {
    const showing = judgement.quantities.filter(({ symbol }) =>
      testedBy(judgement, symbol).some((one) => part.includes(one))
    );
    return showing.length === 0
      ? "open"
      : showing.some(({ agrees }) => agrees)
      ? "shown"
      : "refuted";
  });
}

function isContradicted(judgement: Judgement): boolean {
  const { changes, quantities } = judgement;
  const agree = quantities.filter(({ agrees }) => agrees).map(({ symbol }) => symbol);
  return changes.some((change) =>
    // a mistake may stand in gradients that later ones divide by B
    partsOf(judgement, change).includes("refuted") &&
      !(change.divides && agree.filter((one) => change.parts[1]!.includes(one)).length > 1) ||
    quantities.some(({ symbol, agrees }) => symbol === change.ignored?.symbol && !agrees)
  );
}

/** Rates of a sum over the batch: below the first they are chosen for it, above the other not. */
const RATE_OF_SUM = 0.005, RATE_OF_MEAN = 0.6;

const SUMS = "gradients are sums";

/** Whether a convention is that all gradients are sums over the batch. */
const isOfSums = ({ id }: Change) => id === SUMS || id === "sum up to db1";

/** Whether gradients of the sum are meant, as the loss is a sum too, or the rate is small. */
function sumsAreMeant(dump: StepDump, { changes, quantities, learningRate }: Judgement) {
  const { sizes: { B } } = dump;
  const agrees = (pattern: RegExp) =>
    quantities.some(({ symbol, agrees }) => pattern.test(symbol) && agrees);
  const isUpdated = agrees(/'/), isFound = learningRate?.inferred;
  // of gradients that the update may divide by B, at a rate that is not known
  const divisor = changes.some(({ id }) => id === SUMS) ? 1 : B;
  const rate = isUpdated && learningRate ? learningRate.value / divisor : undefined;
  if (
    divisor === B && isUpdated && !isFound || changes.some(({ id }) => id === "loss is a sum") ||
    rate !== undefined && rate < RATE_OF_SUM
  ) return true;
  if (rate === undefined || isFound) return undefined;
  return agrees(/^E$/) || B * rate > RATE_OF_MEAN ? false : undefined;
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

const OPEN = t(
  "the gradients are a multiple of those of the mean, which the update may make up for; " +
    "record the loss, the learning rate and the parameters after the step",
  "勾配が平均の勾配の定数倍になっている。更新で補正しているかもしれないので、損失、学習率、更新後のパラメータも記録する",
);

const isUnexplained = ({ status, causes: [first] }: JudgedQuantity) =>
  status === "wrong" && first?.kind === "unknown";

/** What a step is by another convention or network, its quantities as they are reported. */
function conclude(dump: StepDump, judgement: Judgement) {
  const { changes } = judgement;
  const sums = judgement.quantities.filter((one) => isRunningSum(one, judgement.own));
  let quantities: readonly JudgedQuantity[] = judgement.quantities.filter((one) =>
    !sums.includes(one)
  );
  const notes: Text[] = changes.map(({ words }) => words);
  const opens = changes.filter((change) => partsOf(judgement, change).includes("open"));
  const isOpen = opens.some(({ kind }) => kind === "convention") ||
    changes.some(isOfSums) && sumsAreMeant(dump, judgement) === undefined;
  let isNetwork = changes.some(({ kind }) => kind === "network");
  // whether all of another network shows
  let judged = !opens.some(({ kind }) => kind === "network");
  const { late } = judgement.reading as LateReading;
  if (late !== undefined) {
    notes.push(t(
      `${
        late.join(", ")
      } were recorded after the update: all fits if W + η dW were those before it`,
      `${late.join("、")} は更新後に記録されている（更新前を W + η dW とすれば合う）`,
    ));
  }
  const accept = (which: (one: JudgedQuantity) => boolean, convention: Text) => {
    quantities = quantities.map((one) =>
      one.status === "wrong" && which(one) ? { ...one, status: "ok", convention, causes: [] } : one
    );
    notes.push(convention);
  };
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
  for (const network of networksOf(quantities)) {
    isNetwork = true;
    accept((one) => networkOf(one)?.en === network.en, network);
  }
  // updates that all follow an unknown rule are those of another optimizer
  const updates = quantities.filter(({ symbol }) => symbol.endsWith("'"));
  if (updates.length > 1 && updates.every(isUnexplained)) {
    [isNetwork, judged] = [true, false];
    accept(({ symbol }) => symbol.endsWith("'"), OTHER_RULE);
  }
  return { dump, judgement, quantities, notes, isNetwork, judged, isOpen, sums };
}

/** The network in which a wrong quantity is right. */
function networkOf({ causes: [first] }: JudgedQuantity): Text | undefined {
  return first?.mistakes.some(({ id }) => id.endsWith("/adam")) ? ADAPTIVE : first?.network;
}

/** The networks that explain all quantities in which they would show. */
function networksOf(quantities: readonly JudgedQuantity[]): Text[] {
  const wrong = quantities.filter(({ status }) => status === "wrong");
  const all = new Map(wrong.flatMap((one) => networkOf(one) ?? []).map((one) => [one.en, one]));
  return [...all.values()].filter(({ en }) => {
    const explained = quantities.filter((one) => networkOf(one)?.en === en);
    const kindOf = ({ symbol }: JudgedQuantity) => symbol.replace(/[Wb]\d/, "");
    // a penalty that the loss has and no gradient is a mistake
    const isOfLoss = explained.every(({ symbol }) => symbol === "E");
    if (isOfLoss && quantities.some(({ symbol }) => symbol.includes("W"))) return false;
    // weight decay shows in the weights of both layers, another optimizer in all that is updated
    return quantities.every((one) =>
      !explained.some((other) => kindOf(other) === kindOf(one)) || explained.includes(one) ||
      /decay|L1/.test(en) && one.symbol.includes("b") || one.right.data.every((x) => x === 0)
    );
  });
}

/** Whether a loss that is wrong in both steps grows by the second one's, or by that of all B. */
function isAddedUp(E: JudgedQuantity, next: JudgedQuantity, { B }: StepSizes): boolean {
  const [before, after, loss] = [E.yours, next.yours, next.right].map((one) => one?.data[0] ?? NaN);
  const isGrown = (by: number) => Math.abs(after! - before! - by) <= 1e-6 * Math.abs(after!);
  return E.status === "wrong" && next.status === "wrong" && (isGrown(loss!) || isGrown(B * loss!));
}

/** Whether it is the listing's crossE of a later batch, the sum of all losses before. */
function isRunningSum(one: JudgedQuantity, own: RunTimeStep): boolean {
  const E = one.yours?.data[0] ?? NaN;
  return one.symbol === "E" && /(^|\W|next_)crossE$/.test(one.name) && isUnexplained(one) &&
    E >= own.E.data[0]! && E < 1e6; // that of 600 batches of many epochs
}

function firstWrongOf(quantities: readonly JudgedQuantity[]): JudgedQuantity | undefined {
  return quantities.find(({ status }) => status === "wrong");
}

/** A wrong quantity, or the one before it that was not recorded, if its mistakes are made there. */
function whereMade(wrong: JudgedQuantity, judgement: Judgement): JudgedQuantity {
  const { own, given, quantities } = judgement;
  const placesOf = ({ mistakes, made }: Cause) =>
    made === undefined ? mistakes.map((one) => one.quantity) : [made.in];
  const places = new Set(wrong.causes.flatMap(placesOf)), [symbol] = places;
  const isElsewhere = places.size === 1 && wrong.causes.every((one) => placesOf(one).length > 0);
  // the images are given, and a loss is mostly written in one line
  const isHere = symbol === undefined || ["X", "L", wrong.symbol].includes(symbol) ||
    // another quantity shows that it is right
    quantities.some(({ symbol: other, status }) =>
      status === "ok" && testedBy(judgement, other).includes(symbol)
    );
  if (!isElsewhere || isHere) return wrong;
  const causes = wrong.causes.map((one) => {
    const { mistakes, factor, error, made } = one;
    const formula = factor === undefined && !made ? rightHandSideOf(mistakes[0]!) : undefined;
    return made ? one : ofMistakes(symbol as "A1", mistakes, { factor, error, formula });
  });
  const right = (given[symbol] ?? own[symbol]) as RunTimeMatrix, seenIn = wrong.symbol;
  return { ...wrong, symbol: symbol as "A1", name: "", causes, seenIn, yours: undefined, right };
}

/** One diagnosis of a step and, if the file has two, of the next. */
function combine(
  one: ReturnType<typeof conclude>,
  two: ReturnType<typeof conclude> | undefined,
): Diagnosis | Undecided {
  const steps = two === undefined ? [one] : [one, two];
  const [E, later] = steps.map(({ quantities }) => quantities.find(({ symbol }) => symbol === "E"));
  const sum = E && later && isAddedUp(E, later, one.dump.sizes) ? E : undefined;
  const next = two?.quantities.filter((quantity) => !sum || quantity !== later) ?? [];
  const momentum = two?.notes.find(({ en }) => en.includes("momentum") && en !== OTHER_RULE.en);
  const quantities = one.quantities.filter((one) => one !== sum).map((quantity): JudgedQuantity => {
    const same = next.find(({ symbol }) => symbol === quantity.symbol);
    if (momentum !== undefined && quantity.symbol.endsWith("'") && quantity.status === "wrong") {
      return { ...quantity, status: "ok", convention: momentum, causes: [] };
    }
    // what the first step does not explain, the second may: it knows the step before
    const isOpen = isUnexplained(quantity) && same?.status === "wrong";
    return isOpen ? { ...quantity, causes: same.causes } : quantity;
  });
  const { dump: { sizes, precision, unused }, judgement, sums } = one;
  const wrong = firstWrongOf(quantities) ?? firstWrongOf(next);
  if (wrong === undefined && steps.some(({ isOpen }) => isOpen)) return undecided(OPEN);
  if (quantities.length === 0) return NOTHING_COMPUTED;
  const firstWrong = wrong && whereMade(wrong, judgement), { learningRate, reading } = judgement;
  const notes = new Map(steps.flatMap(({ notes }) => notes).map((note) => [note.en, note]));
  if (momentum !== undefined) notes.delete(OTHER_RULE.en);
  return {
    verdict: firstWrong !== undefined
      ? "wrong"
      : steps.some(({ isNetwork }) => isNetwork)
      ? "another network"
      : notes.size > 0
      ? "right by another convention"
      : "right",
    judged: steps.every(({ judged }) => judged) || momentum !== undefined,
    notes: [...notes.values()],
    ...{ sizes, precision, quantities, next, firstWrong },
    learningRate: learningRate && { value: learningRate.value, inferred: learningRate.inferred },
    sources: new Map<StepSymbol, Source>([...reading.sources, ...reading.recorded]),
    hints: hintsAbout(judgement),
    unused: [...unused, ...[...sums, ...sum ? [sum] : []].map(({ name }) => name)],
  };
}
