// The chain rule's product, each factor with scissors.
import type { ComponentChildren, JSX } from "preact";
import { type Cut, CUTS, leadingClasses } from "../../explain/weight_path.ts";
import { STEP } from "../../network/step.ts";
import { t } from "../texts.ts";
import { digits, fixed, pixelWords, type Shown, sign, slopeWords } from "./words.ts";

type CutId = Cut["id"];

/** Scissors. */
export function Scissors(): JSX.Element {
  return (
    <svg class="scissors" viewBox="0 0 16 16" width={14} height={14} aria-hidden="true">
      <circle cx={3.6} cy={3.8} r={2.1} />
      <circle cx={3.6} cy={12.2} r={2.1} />
      <path d="M5.4 5 14 11.6M5.4 11 14 4.4" />
    </svg>
  );
}

/** When a factor becomes known, and when it is passed on the way back. */
interface FactorOptions {
  readonly isSigned?: boolean;
  readonly from?: number;
  readonly now?: readonly [from: number, to: number];
  readonly cuts?: readonly CutId[];
  /** Digits of the number. */
  readonly count?: number;
}

const START = -1;

interface ChainProps {
  readonly shown: Shown;
  readonly cut: CutId | undefined;
  readonly onCut: (cut: CutId | undefined) => void;
  readonly time: number;
}

/** The weight's gradient as a product of factors; a factor is left out by a click. */
export function Chain({ shown, cut, onCut, time }: ChainProps): JSX.Element {
  const { image, asked, wrong, step: { focus: { M, D, B }, sizes }, right } = shown;
  const { leading, rest } = leadingClasses(image, 2), { output, classes } = image;
  const factor = (
    id: CutId,
    value: number,
    name: string,
    { isSigned = false, from = START, now = [0, 0], cuts = [id], count }: FactorOptions = {},
  ) => {
    const isCut = cut !== undefined && cuts.includes(cut), isNow = time >= now[0] && time < now[1];
    const state = `${isCut ? "cut" : ""} ${time < from ? "later" : ""} ${isNow ? "now" : ""}`;
    return (
      <button
        type="button"
        class={`chip ${state}`}
        aria-pressed={isCut}
        title={t("Leave this factor out", "この因子を抜く")}
        onClick={() => onCut(isCut ? undefined : id)}
      >
        <strong class={isSigned ? sign(value) : ""}>{digits(value, count)}</strong>
        <small>{name}</small>
        <Scissors />
      </button>
    );
  };
  const { told, passed, product } = wrong.images[B]!, others = wrong.gradient - product;
  const known = time < 2 ? "later" : "";
  return (
    <div
      class={`chain ${sizes.B > 1 ? "long" : ""}`}
      role="group"
      aria-label={t("The product", "積")}
    >
      <div class={`chip result ${known}`}>
        <strong class={sign(wrong.gradient)}>
          {digits(wrong.gradient)}
          {cut !== undefined && " ✗"}
        </strong>
        <small>
          {wrong.weight === asked.weight
            ? `dW1[${M}, ${D}]`
            : t(`slope at ${fixed(wrong.weight)}`, `${fixed(wrong.weight)} での傾き`)}
        </small>
      </div>
      <Op>=</Op>
      <div class="group told">
        <div>
          <span class="paren" aria-hidden="true">(</span>
          {leading.map((k, i) => (
            <span class="term" key={k}>
              {i > 0 && <Op>+</Op>}
              {factor("weight", classes[k]!.weight, t(`weight to ${k}`, `${k} への重み`), {
                isSigned: true,
                from: 1.4,
                now: [1.4, 1.55],
              })}
              <Op>×</Op>
              {factor(
                k === right ? "target" : "others",
                classes[k]!.error,
                t(`${k}: P − target`, `${k}: P − 目標`) + (sizes.B > 1 ? ` / ${sizes.B}` : ""),
                { isSigned: true, from: 0.9, now: [1, 1.4] },
              )}
            </span>
          ))}
          {classes.length > leading.length && (
            <span class="term">
              <Op>+</Op>
              {factor(
                "others",
                rest,
                t(`${classes.length - 2} others`, `ほか ${classes.length - 2} クラス`),
                { count: 2, isSigned: true, from: 1.4, now: [1.4, 1.55] },
              )}
            </span>
          )}
          <span class="paren" aria-hidden="true">)</span>
        </div>
        <p class={`sum ${known}`}>
          <span>
            {t(`what unit ${M} is told`, `ユニット ${M} に伝わる値`)} ={" "}
            <span class={sign(told)}>{digits(told)}</span>
          </span>
        </p>
      </div>
      <Op>×</Op>
      <div class="group">
        <div>
          {factor("1-y", 1 - output, "1 − y", { now: [1.55, 1.75], cuts: ["1-y", "slope"] })}
          <Op>×</Op>
          {factor("y", output, "y", { now: [1.55, 1.75], cuts: ["y", "slope"] })}
        </div>
        <p class={`sum ${known}`}>
          <span>
            {t("slope", "傾き")} {digits(output * (1 - output))}, ={" "}
            <span class={sign(passed)}>{digits(passed)}</span>
          </span>
        </p>
      </div>
      <Op>×</Op>
      <div class="group">
        <div>
          {factor("pixel", image.input, t("ink of the pixel", "画素の濃さ"), { now: [1.85, 2] })}
        </div>
        <p class={`sum ${known}`}>
          <span>
            = <span class={sign(product)}>{digits(product)}</span>
          </span>
        </p>
      </div>
      {sizes.B > 1 && (
        <div class="group">
          <div>
            <Op>+</Op>
            <div class="chip">
              <strong class={sign(others)}>{digits(others)}</strong>
              <small>{t(`${sizes.B - 1} other images`, `ほか ${sizes.B - 1} 枚`)}</small>
            </div>
          </div>
        </div>
      )}
    </div>
  );
}

/** Under the product: what its slope and its pixel do; with a cut, which gradients stay right. */
export function Reasons(
  { shown, cut, link }: {
    readonly shown: Shown;
    readonly cut: CutId | undefined;
    readonly link: (mistake: string) => string;
  },
): JSX.Element {
  const found = CUTS.find(({ id }) => id === cut);
  if (found === undefined) {
    return (
      <p class="reasons">
        <span>{slopeWords(shown)}</span> <span>{pixelWords(shown)}</span>
      </p>
    );
  }
  const gradients = STEP.filter(({ pass }) => pass === "backward").map(({ symbol }) => symbol);
  const right = gradients.slice(0, gradients.indexOf(found.quantity));
  return (
    <p class="reasons" role="status">
      <span>
        {t("Left out: the tangent misses the curve. ", "因子が抜け、接線が曲線から外れた。")}
        {right.map((symbol) => <span key={symbol}>{symbol} ✓{" "}</span>)}
        <strong>{found.quantity} ✗</strong>
      </span>
      {found.mistake !== undefined && (
        <a href={link(found.mistake)}>{t("Train both", "両方を学習させる")}</a>
      )}
    </p>
  );
}

function Op({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <span class="op">{children}</span>;
}
