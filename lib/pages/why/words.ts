// What Why says, in words that follow from the numbers.
import { agreeingDigits } from "../../explain/differences.ts";
import { formatResult } from "../../explain/expression.ts";
import type { ExplainedStep } from "../../explain/explained_step.ts";
import { type ImagePath, leadingClasses, type WeightPath } from "../../explain/weight_path.ts";
import type { Stop } from "../state.ts";
import { t } from "../texts.ts";

/** A weight of the step in focus: the path that the question is about, and the one shown. */
export interface Shown {
  readonly step: ExplainedStep;
  /** The path as the step has it, with a moved weight, and then with a factor left out. */
  readonly asked: WeightPath;
  readonly path: WeightPath;
  readonly wrong: WeightPath;
  /** The path of the image in focus. */
  readonly image: ImagePath;
  /** The step that is made: without a factor, if one is left out. */
  readonly made: ExplainedStep;
  readonly right: number;
  readonly guess: number;
}

/** Below this a part of a whole is not worth naming. */
const SMALL = 0.05;

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

/** The digits of a number, the first `count` of them apart. */
export function firstDigits(x: number, count: number): readonly [string, string] {
  const text = digits(x, 10), start = new RegExp(`^[^1-9]*(\\d\\.?){${count}}`);
  const end = count === 0 ? 0 : (start.exec(text)?.[0] ?? text).length;
  return [text.slice(0, end), text.slice(end)];
}

/** The digits of both numbers that agree, as they are shown. */
export function agreedDigits(a: number, b: number): number {
  let count = Math.min(10, Math.floor(agreeingDigits(a, b)));
  while (count > 1 && firstDigits(a, count)[0] !== firstDigits(b, count)[0]) count--;
  return count;
}

/** The class of a signed number. */
export function sign(x: number): "pos" | "neg" | "zero" {
  return x > 0 ? "pos" : x < 0 ? "neg" : "zero";
}

function percent(share: number): string {
  const percents = 100 * share;
  return percents >= 1 || percents === 0 ? percents.toFixed(0) : percents.toPrecision(1);
}

/** What raising the weight does to the loss: before the number, the number, and after it. */
export function effect({ asked: { gradient } }: Shown): readonly [string, string, string] {
  const raised = t("Raise this weight by 0.01, and the loss ", "この重みを 0.01 増やすと、損失は");
  const change = formatResult(Math.abs(gradient) / 100, 2);
  if (gradient === 0) return [raised, t("stays as it is", "変わらない"), t(".", "。")];
  return gradient < 0
    ? [
      raised + t("falls by about ", "約 "),
      change,
      t(": hence the minus.", " 減る。だから勾配は負。"),
    ]
    : [
      raised + t("rises by about ", "約 "),
      change,
      t(".", " 増える。"),
    ];
}

/** The sentences of each stop. */
export function sentences(shown: Shown): Readonly<Record<Stop, readonly string[]>> {
  const { step, made, image: { classes }, right, guess } = shown;
  const P = (k: number) => fixed(classes[k]!.probability), isRight = right === guess;
  const before = digits(step.values.E.at(0, 0)), after = digits(made.after.E);
  const falls = made.after.E <= step.values.E.at(0, 0), isLost = !Number.isFinite(made.after.E);
  const cause = made !== step
    ? t("A step with the cut gradient:", "因子を抜いた勾配で 1 歩。")
    : falls
    ? t("All weights take one step downhill:", "すべての重みを 1 回更新する。")
    : t("The step is too long:", "歩幅が大きすぎる。");
  const turn = falls ? t("falls", "減る") : t("rises", "増える");
  return {
    forward: [
      isRight
        ? t(
          `Pixel, unit, classes: the network says ${guess}, and it is a ${right}.`,
          `画素からユニット、クラスへ。ネットワークの予測は ${guess} で、正解も ${right}。`,
        )
        : t(
          `Pixel, unit, classes: the network says ${guess}, but it is a ${right}.`,
          `画素からユニット、クラスへ。ネットワークの予測は ${guess} だが、正解は ${right}。`,
        ),
    ],
    loss: [
      isRight
        ? t(
          `Class ${right} should have 1 and has ${P(right)}; the others should have 0.`,
          `クラス ${right} は 1 であるべきところ ${P(right)}。ほかのクラスは 0 であるべき。`,
        )
        : t(
          `Class ${right} should have 1 and has ${P(right)}; ` +
            `class ${guess} should have 0 and has ${P(guess)}.`,
          `クラス ${right} は 1 であるべきところ ${P(right)}、` +
            `クラス ${guess} は 0 であるべきところ ${P(guess)}。`,
        ),
    ],
    backward: told(shown),
    stamp: [
      step.sizes.B > 1
        ? t(
          `Each image stamps every unit; what remains is the mean of ${step.sizes.B} stamps.`,
          `画像ごとにすべてのユニットに押される。残るのは ${step.sizes.B} 枚の平均。`,
        )
        : t(
          "The digit is stamped on every unit, each in its own strength and sign.",
          "数字がすべてのユニットに押される。濃さと符号はユニットごとに違う。",
        ),
    ],
    update: [
      isLost
        ? t("The step is far too long: no number is left.", "歩幅が大きすぎて、数でなくなった。")
        : t(
          `${cause} the loss ${turn} from ${before} to ${after}.`,
          `${cause}損失は ${before} から ${after} に${turn}。`,
        ),
    ],
  };
}

/** Who wants what of the unit, and who wins. */
function told({ wrong, step: { focus: { M, B } } }: Shown): readonly string[] {
  const image = wrong.images[B]!, { classes, told } = image;
  const size = (k: number) => Math.abs(classes[k]!.message);
  const [a, b] = leadingClasses(image, 2).leading.toSorted((a, b) => size(b) - size(a));
  if (a === undefined || size(a) === 0) {
    return [
      t(`No class asks anything of unit ${M}.`, `どのクラスもユニット ${M} に何も求めない。`),
    ];
  }
  const wish = (k: number) =>
    classes[k]!.message < 0 ? t("stronger", "強めたい") : t("weaker", "弱めたい");
  if (b === undefined || size(b) < SMALL * size(a)) {
    return [
      t(`Class ${a} wants unit ${M} ${wish(a)}.`, `クラス ${a} はユニット ${M} を${wish(a)}。`),
      t("The others hardly care.", "ほかのクラスはほとんど関係しない。"),
    ];
  }
  if (wish(a) === wish(b)) {
    return [
      t(
        `Classes ${a} and ${b} both want unit ${M} ${wish(a)}.`,
        `クラス ${a} も ${b} も、ユニット ${M} を${wish(a)}。`,
      ),
    ];
  }
  const depends = Math.abs(classes[a]!.weight) > Math.abs(classes[b]!.weight);
  return [
    t(
      `Class ${a} wants unit ${M} ${wish(a)}, class ${b} ${wish(b)}.`,
      `クラス ${a} はユニット ${M} を${wish(a)}。クラス ${b} は${wish(b)}。`,
    ),
    told === 0
      ? t("They cancel out.", "合わせると 0 になる。")
      : Math.sign(told) !== Math.sign(classes[a]!.message)
      ? t("The other classes decide.", "決めるのはほかのクラス。")
      : depends
      ? t(
        `${a} wins: it depends on unit ${M} more.`,
        `${a} の影響の方が大きい。ユニット ${M} からの重みが大きいからである。`,
      )
      : t(`${a} wins: it is further off.`, `${a} の影響の方が大きい。目標からより遠いからである。`),
  ];
}

/** What the unit passes on. */
export function slopeWords({ image: { output }, step: { focus: { M } } }: Shown): string {
  const slope = output * (1 - output), y = fixed(output, 2), share = percent(slope);
  if (slope < 0.02) {
    const end = output > 0.5 ? t("nearly 1", "ほぼ 1") : t("nearly 0", "ほぼ 0");
    return t(
      `Unit ${M} is ${end}: saturated, it passes on only ${share} % of what it is told.`,
      `ユニット ${M} の値は${end}。飽和していて、逆伝播で伝わるのは ${share} % だけ。`,
    );
  }
  return t(
    `Unit ${M} is at ${y}, so it passes on ${share} % of what it is told (at most 25 %). ` +
      "At 0.99: 1 %.",
    `ユニット ${M} の値は ${y} なので、逆伝播で伝わるのは ${share} %（最大 25 %）。0.99 なら 1 %。`,
  );
}

/** What the pixel makes of it. */
export function pixelWords({ image: { input } }: Shown): string {
  if (input === 0) {
    return t(
      "This pixel is blank: the weight touches nothing, so it gets 0.",
      "この画素は白い。入力が 0 なので、重みを変えても出力は変わらず、勾配は 0。",
    );
  }
  if (input === 1) {
    return t(
      "This pixel is black, so this weight gets the whole message.",
      "この画素は真っ黒なので、この重みにはそのまま伝わる。",
    );
  }
  const share = percent(input);
  return t(
    `This pixel has ${share} % ink, so this weight gets ${share} % of that.`,
    `この画素の濃さは ${share} % なので、この重みにはその ${share} % が届く。`,
  );
}

/** The whole product in one line. */
export function equation({ asked, step: { focus: { M, D } }, image, path }: Shown): string {
  const others = asked.images.length > 1 ? ` + ${digits(path.gradient - image.product)}` : "";
  const slope = `${digits(1 - image.output)} × ${digits(image.output)}`;
  return `dW1[${M}, ${D}] = ${digits(image.told)} × ${slope} × ${digits(image.input)}${others}` +
    ` = ${digits(path.gradient)}`;
}
