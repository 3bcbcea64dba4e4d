// The weight in question as Why shows it, its numbers as text, and the words that follow from them.
import { useMemo } from "preact/hooks";
import { formatResult } from "../../explain/expression.ts";
import { type ExplainedStep, range } from "../../explain/explained_step.ts";
import {
  agreeingDigits,
  leadingClasses,
  stepWithout,
  weightPath,
} from "../../explain/weight_path.ts";
import type { SequenceStep } from "../step/step_sequence.ts";
import { t } from "../texts.ts";
import type { ViewProps } from "../store.ts";

/** What the parts of the view get. */
export interface ShownProps {
  readonly shown: Shown;
}

/** What is shown at a time, 0 to 4 at the five stops: the path, its weight moved, a factor cut. */
export type Shown = ReturnType<typeof useShown>;

export function useShown(
  props: ViewProps & { readonly found: SequenceStep },
  step: ExplainedStep,
  time: number,
  weight: number | undefined,
) {
  const { state, examples, change, found: { batch } } = props, { focus: { M, D, B }, data } = step;
  const asked = useMemo(() => weightPath(step), [step]), { cut } = state;
  const path = weight === undefined ? asked : weightPath(step, { weight });
  const wrong = cut === undefined ? path : weightPath(step, { weight: path.weight, cut });
  // the step that is made: without the factor
  const made = useMemo(() => stepWithout(step, cut), [step, cut]);
  const image = wrong.images[B]!, whole = path.images[B]!;
  const probabilities = image.classes.map(({ probability }) => probability);
  const guess = probabilities.indexOf(Math.max(...probabilities));
  const right = step.values.labels.values[B]!;
  const leading = leadingClasses(whole).sort((a, b) => a - b);
  // an example that is to be another class is a drawing in the address
  const { pixels } = data.image(batch.images[0]!);
  const example = !batch.isDrawing ? batch.images[0]! : range(examples.count)
    .find((i) => examples.image(i).pixels.every((byte, d) => byte === pixels[d]));
  const ask = (place: { M?: number; D?: number }) =>
    change({ focus: { ...state.focus, M, D, ...place } });
  const aim = (label: number) =>
    change({
      focus: { ...state.focus, M, D },
      ...example !== undefined && examples.labels[example] === label
        ? { example, drawing: undefined }
        : { example: undefined, drawing: new Uint8Array(pixels), label },
    });
  return {
    ...{ ...props, step, time, cut, asked, path, wrong, made, image, whole, right, guess, leading },
    ...{ example, ask, aim },
  };
}

/** A number with four significant digits, as `explain` prints it, but with a minus sign. */
export function digits(x: number, count = 4): string {
  return formatResult(x, count).replaceAll("-", "−");
}

/** A number with so many decimals, or that it is next to 0. */
export function fixed(x: number, decimals = 3, plus = false): string {
  if (!Number.isFinite(x)) return t("no number", "数でない");
  const text = Math.abs(x).toFixed(decimals);
  if (x !== 0 && Number(text) === 0) return "≈ 0";
  return `${x < 0 ? "−" : plus && x > 0 ? "+" : ""}${text}`;
}

/** How many digits of two numbers agree as they are shown, and each number split after them. */
export function agreement(...numbers: readonly [number, number]) {
  for (let count = Math.min(10, Math.floor(agreeingDigits(...numbers)));; count--) {
    const start = new RegExp(`^[^1-9]*(\\d\\.?){${count}}`);
    const parts = numbers.map((number) => {
      const text = digits(number, 10);
      const end = count === 0 ? 0 : (start.exec(text)?.[0] ?? text).length;
      return [text.slice(0, end), text.slice(end)] as const;
    });
    if (count <= 1 || parts[0]![0] === parts[1]![0]) return { count, parts };
  }
}

/** The class of a signed number. */
export function sign(x: number): "pos" | "neg" | "zero" {
  return x > 0 ? "pos" : x < 0 ? "neg" : "zero";
}

function percent(share: number): string {
  const percents = 100 * share;
  return percents >= 1 || percents === 0 ? percents.toFixed(0) : percents.toPrecision(1);
}

/** The sentences of the stops, and within the way back of slope and pixel. */
export function sentences(shown: Shown) {
  const { step, made, image: { output: y, input, classes }, right, guess } = shown;
  const P = (k: number) => fixed(classes[k]!.probability), isRight = right === guess;
  const slope = y * (1 - y), share = percent(slope), ink = percent(input), { M } = step.focus;
  const E = step.values.E.at(0, 0), falls = made.after.E <= E, { B } = step.sizes;
  const [before, after] = [digits(E), digits(made.after.E)];
  const cause = made !== step
    ? t("A step with the cut gradient: ", "因子を抜いた勾配で 1 回更新する。")
    : falls
    ? t("All weights take one step downhill: ", "すべての重みを 1 回更新する。")
    : t("The step is too long: ", "歩幅が大きすぎる。");
  const says = isRight ? t("and it is", "で、正解も") : t("but it is", "だが、正解は");
  return {
    forward: t(
      `Pixel, unit, classes: the network says ${guess}, ${says} a ${right}.`,
      `画素からユニット、クラスへ。ネットワークの予測は ${guess} ${says} ${right}。`,
    ),
    loss: t(
      `Class ${right} should have 1 and has ${P(right)}; `,
      `クラス ${right} は 1 であるべきところ ${P(right)}。`,
    ) + (isRight ? t("the others should have 0.", "ほかのクラスは 0 であるべき。") : t(
      `class ${guess} should have 0 and has ${P(guess)}.`,
      `クラス ${guess} は 0 であるべきところ ${P(guess)}。`,
    )),
    backward: told(shown),
    slope: slope < 0.02
      ? t(
        `Unit ${M} is nearly ${y.toFixed(0)}: saturated, it passes on only ${share} %.`,
        `ユニット ${M} の値はほぼ ${y.toFixed(0)}。飽和していて、逆伝播で伝わるのは ${share} %。`,
      )
      : t(
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
    stamp: B > 1
      ? t(
        `Each image stamps every unit; what remains is the mean of ${B} stamps.`,
        `画像ごとに、数字がすべてのユニットに押される。残るのは ${B} 枚の平均。`,
      )
      : t(
        "The digit is stamped on every unit, each in its own strength and sign.",
        "数字がすべてのユニットに押される。濃さと符号はユニットごとに違う。",
      ),
    update: !Number.isFinite(made.after.E)
      ? t("The step is far too long: no number is left.", "歩幅が大きすぎて、数でなくなった。")
      : cause + t(
        `the loss ${falls ? "falls" : "rises"} from ${before} to ${after}.`,
        `損失は ${before} から ${after} に${falls ? "減る" : "増える"}。`,
      ) + (made === step ? "" : t(
        ` The right gradient gives ${digits(step.after.E)}: a falling loss proves nothing.`,
        `正しい勾配なら ${digits(step.after.E)}。損失が減っても、正しいとは限らない。`,
      )),
  };
}

/** Who wants what of the unit, and who wins. */
function told({ image, cut, step: { focus: { M } } }: Shown): readonly string[] {
  const [a, b] = leadingClasses(image) as [number, number], { classes, told } = image;
  const { message, weight } = classes[a]!, other = classes[b]!, size = Math.abs(message);
  const none = t(
    `No class asks anything of unit ${M}.`,
    `どのクラスもユニット ${M} に何も求めない。`,
  );
  if (size === 0) return [none];
  const [stronger, weaker] = [t("stronger", "強めたい"), t("weaker", "弱めたい")];
  const [wish, opposite] = message < 0 ? [stronger, weaker] : [weaker, stronger];
  const asks = t(`Class ${a} wants unit ${M} ${wish}`, `クラス ${a} はユニット ${M} を${wish}。`);
  if (Math.abs(other.message) < 0.05 * size) {
    const others = cut === "others"
      ? t("The others are cut off.", "ほかのクラスは切り離してある。")
      : t("The others hardly care.", "ほかのクラスはほとんど関係しない。");
    return [asks + t(".", ""), others];
  }
  if (Math.sign(other.message) === Math.sign(message)) {
    return [asks + t(`, and so does class ${b}.`, `クラス ${b} も同じ。`)];
  }
  return [
    asks + t(`, class ${b} ${opposite}.`, `クラス ${b} は${opposite}。`),
    told === 0
      ? t(
        `${cut ? "Without weights they" : "They"} cancel out.`,
        `${cut ? "重みがなければ、" : ""}合わせると 0 になる。`,
      )
      : Math.sign(told) !== Math.sign(message)
      ? t("The other classes decide.", "決めるのはほかのクラス。")
      : t(`${a} wins: it `, `${a} の影響の方が大きい。`) +
        (Math.abs(weight) > Math.abs(other.weight)
          ? t(`depends on unit ${M} more.`, `ユニット ${M} からの重みが大きいからである。`)
          : t("is further off.", "目標からより遠いからである。")),
  ];
}
