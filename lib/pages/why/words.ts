// The weight in question as Why shows it, its numbers as text, and the words that follow from them.
import { useMemo, useState } from "preact/hooks";
import { formatResult } from "../../explain/workings.ts";
import { type PerAxis, range } from "../../explain/explained_step.ts";
import { leadingClasses, stepWithout, weightPath } from "../../explain/weight_path.ts";
import { significantDigits } from "../../text/numbers.ts";
import type { PageState } from "../state.ts";
import type { StepProps } from "../step/entry.tsx";
import { t } from "../texts.ts";

/**
 * What the parts of the view get, at a time that is 0 to 4 at the five stops: the path, its weight
 * moved, a factor cut.
 */
export type Shown = ReturnType<typeof useShown>;

export function useShown(props: StepProps, time: number) {
  const { state, change, step } = props, { focus: { M, D, B }, data } = step;
  const asked = useMemo(() => weightPath(step), [step]), { cut } = state;
  const [moved, setMoved] = useState({ step, weight: asked.weight });
  // an update is made of the weight as it is
  const isMoved = moved.step === step && moved.weight !== asked.weight && time <= 3;
  const path = isMoved ? weightPath(step, moved) : asked;
  const wrong = cut === undefined ? path : weightPath(step, { weight: path.weight, cut });
  // the step that is made: without the factor
  const made = useMemo(() => stepWithout(step, cut), [step, cut]);
  const image = wrong.images[B]!, whole = path.images[B]!;
  const right = step.values.labels.values[B]!, P = (k: number) => image.classes[k]!.probability;
  const wrongClasses = range(step.sizes.K).filter((k) => k !== right);
  const rival = wrongClasses.reduce((a, b) => P(b) > P(a) ? b : a);
  const guess = P(rival) > P(right) ? rival : right;
  const leading = leadingClasses(whole).sort((a, b) => a - b);
  const move = (weight: number) => setMoved({ step, weight });
  // the weight in question stays the same unless another one is asked for
  const ask = (focus: Partial<PerAxis>, changes: Partial<PageState> = {}) =>
    change({ ...changes, focus: { ...state.focus, M, D, ...focus } });
  // another image or network has not been updated yet
  const set = ({ focus = {}, ...changes }: Partial<PageState>) =>
    ask(focus, { ...changes, updates: 0 });
  // an image that is to be another class is a drawing in the address, the first of its batch
  const aim = (label: number) => {
    const drawing = new Uint8Array(data.image(step.batchIndices.values[B]!).pixels);
    set({ focus: { B: 0 }, example: undefined, drawing, label });
  };
  return {
    ...{ ...props, time, cut, asked, path, isMoved, wrong, made, image, whole, right, rival },
    ...{ guess, leading, move, ask, set, aim },
  };
}

/** A number with four significant digits, as `explain` prints it, but with a minus sign. */
export function digits(x: number, count = 4): string {
  if (!Number.isFinite(x)) return t("no number", "数でない");
  return formatResult(x, count).replaceAll("-", "−");
}

/** A number with so many decimals, or that it is next to 0. */
export function fixed(x: number, decimals = 3, plus = false): string {
  if (!Number.isFinite(x)) return digits(x);
  const text = Math.abs(x).toFixed(decimals);
  if (x !== 0 && Number(text) === 0) return "≈ 0";
  return `${x < 0 ? "−" : plus && x > 0 ? "+" : ""}${text}`;
}

/** The class of a signed number; 0 has none. */
export function sign(x: number): "pos" | "neg" | "" {
  return x > 0 ? "pos" : x < 0 ? "neg" : "";
}

/** The sentences of the stops, and within the way back of slope and pixel. */
export function sentences(shown: Shown) {
  const { step, made, image: { output: y, input, classes }, right, rival, guess } = shown;
  const P = (k: number) => fixed(classes[k]!.probability), { M } = step.focus, { B } = step.sizes;
  const share = significantDigits(100 * y * (1 - y), 2), ink = significantDigits(100 * input, 2);
  const E = step.values.E.at(0, 0), falls = made.after.E <= E;
  return {
    forward: t(
      `Pixel, unit, classes: the network says ${guess}, and the target is ${right}.`,
      `画素からユニット、クラスへ。ネットワークの予測は ${guess}、目標は ${right}。`,
    ),
    loss: t(
      `Class ${right} should have 1 and has ${P(right)}; ` +
        `class ${rival} should have 0 and has ${P(rival)}.`,
      `クラス ${right} は 1 であるべきところ ${P(right)}。` +
        `クラス ${rival} は 0 であるべきところ ${P(rival)}。`,
    ),
    backward: wishes(shown),
    slope: t(
      `Unit ${M} is at ${fixed(y, 2)}, so it passes on ${share} % of what it is told ` +
        "(at most 25 %). At 0.99: 1 %.",
      `ユニット ${M} の値は ${fixed(y, 2)} なので、` +
        `逆伝播で伝わるのは ${share} %（最大 25 %）。0.99 なら 1 %。`,
    ),
    pixel: input === 0
      ? t(
        "This pixel is blank: the weight touches nothing, so it gets 0.",
        "この画素には何も書かれていない。入力が 0 なので、重みを変えても出力は変わらず、勾配は 0。",
      )
      : t(
        `This pixel has ${ink} % ink, so this weight gets ${ink} % of that.`,
        `この画素の濃さは ${ink} % なので、この重みにはその ${ink} % が届く。`,
      ),
    stamp: t(
      "The digit is stamped on every unit, each in its own strength and sign" +
        (B > 1 ? `; of ${B} images, the mean remains.` : "."),
      "数字がすべてのユニットに押される。濃さと符号はユニットごとに違う。" +
        (B > 1 ? `${B} 枚の平均が残る。` : ""),
    ),
    update: t(
      `All weights take one step: the loss ${falls ? "falls" : "rises"} ` +
        `from ${digits(E)} to ${digits(made.after.E)}.`,
      `すべての重みを 1 回更新する。損失は ${digits(E)} から ${digits(made.after.E)} に` +
        (falls ? "減る。" : "増える。"),
    ) + (made === step ? "" : t(
      ` The right gradient gives ${digits(step.after.E)}: a falling loss proves nothing.`,
      `正しい勾配なら ${digits(step.after.E)}。損失が減っても、正しいとは限らない。`,
    )),
  };
}

/** What the two leading classes want of the unit; and, if they disagree, who wins and why. */
function wishes({ image: { classes, told }, image, step: { focus: { M } } }: Shown): string {
  const [a, b] = leadingClasses(image) as [number, number], one = classes[a]!, other = classes[b]!;
  if (one.message === 0) {
    return t(`No class asks anything of unit ${M}.`, `どのクラスもユニット ${M} に何も求めない。`);
  }
  const wish = ({ message }: typeof one) =>
    message < 0 ? t("stronger", "強めたい") : t("weaker", "弱めたい");
  const first = t(
    `Class ${a} wants unit ${M} ${wish(one)}`,
    `クラス ${a} はユニット ${M} を${wish(one)}。`,
  );
  if (Math.abs(other.message) < 0.05 * Math.abs(one.message)) {
    return first +
      t(". The others add next to nothing.", "ほかのクラスからはほとんど何も伝わらない。");
  }
  if (wish(other) === wish(one)) {
    return first + t(`, and so does class ${b}.`, `クラス ${b} も同じ。`);
  }
  const both = first + t(`, class ${b} ${wish(other)}. `, `クラス ${b} は${wish(other)}。`);
  if (told * one.message <= 0) {
    return both + t(
      "Together, the other classes ask for as much or more.",
      "しかし、ほかのクラスを合わせると、それ以上になる。",
    );
  }
  return both + t(`${a} wins: it `, `${a} の影響の方が大きい。`) +
    (Math.abs(one.weight) > Math.abs(other.weight)
      ? t(`depends on unit ${M} more.`, `ユニット ${M} からの重みが大きいからである。`)
      : t("is further off.", "目標からより遠いからである。"));
}
