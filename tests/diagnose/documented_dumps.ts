/** The files of the transcripts in docs/diagnose.md, by their names. */
import { disturb } from "../../lib/diagnose/agreement.ts";
import { correctEquation } from "../../lib/mistakes/mistake.ts";
import {
  type AnyStepValues,
  type Mistake,
  MISTAKES,
  RandomState,
  REPORT_SETTINGS,
  type RunTimeMatrix,
  STEP,
  writeNpz,
} from "../../mod.ts";
import { PROJECT, record, stepWith, type Style } from "./dumps.ts";

const REPORT = { D: 784, M: 80, K: 10, B: 100 };

/** The report's program, with the lines of diagnose --recorder. */
const LISTING: Style = {
  ...PROJECT,
  program: "listing",
  recorded: STEP.map(({ symbol }) => symbol).filter((symbol) => symbol !== "L"),
};

/** A program in PyTorch. */
const PYTORCH: Style = {
  ...PROJECT,
  program: "pytorch",
  dtype: "<f4",
  bias: "flat",
  recorded: ["A1", "Y1", "A2", "P", "E", "dA2", "dW2", "db2", "dY1", "dA1", "dW1", "db1"],
};

/** Weight decay, which is no mistake, but not the report's either: MISTAKES does not have it. */
const weightDecay: Mistake = {
  id: "dW1/weight-decay",
  quantity: "dW1",
  words: { en: "weight decay", ja: "重み減衰" },
  equation: "dW1 = dA1 Xᵀ + 0.001 W1",
  compute: (values, right = correctEquation("dW1")) =>
    right(values).plus((values.W1 as RunTimeMatrix).scale(1e-3)),
};

/** The step of a program that adds in another order: the last digits of its results differ. */
function roundOtherwise(step: AnyStepValues, random: RandomState): AnyStepValues {
  const computed = STEP.filter(({ symbol }) => symbol !== "onehot").map(({ symbol }) =>
    [symbol, disturb(step[symbol] as RunTimeMatrix, 2 ** -53, random)] as const
  );
  return { ...step, ...Object.fromEntries(computed) };
}

/** Makes them. */
export function documentedDumps(): Record<string, Uint8Array<ArrayBuffer>> {
  const known = (id: string) => MISTAKES.find((mistake) => mistake.id === id)!;
  const dump = (style: Style, ...mistakes: Mistake[]) => {
    const random = new RandomState(601);
    const step = roundOtherwise(stepWith(REPORT, random, mistakes), random);
    const arrays = [...record(step, style)].map(([name, array]) =>
      [name.replace(" ", "_"), array] as const
    );
    const rate = { shape: [], data: Float64Array.of(REPORT_SETTINGS.learningRate) };
    return writeNpz([...arrays, [style === PYTORCH ? "lr" : "my", rate] as const]);
  };
  return {
    "twice.npz": dump(LISTING, known("dW1/divided-by-B-twice")),
    "pytorch.npz": dump(PYTORCH),
    "decay.npz": dump(LISTING, weightDecay),
    "class/aoki.npz": dump(LISTING),
    "class/endo.npz": dump(LISTING, known("dA1/sigmoid-skipped")),
    "class/inoue.npz": dump({ ...LISTING, recorded: [] }),
    "class/ueda.npz": dump(PYTORCH, known("dW2/divided-by-B-twice")),
  };
}
