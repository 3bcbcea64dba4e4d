/** @jsxImportSource preact */
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

/** When factors become known on the way back, and until when they light up. */
const ERRORS = [0.9, 1.4], MESSAGES = [1.4, 1.55], SLOPE = [1.55, 1.75], PIXEL = [1.85, 2];

interface ChainProps {
  readonly shown: Shown;
  readonly cut: CutId | undefined;
  readonly onCut: (cut: CutId | undefined) => void;
  readonly time: number;
}

/** The weight's gradient as a product of factors; a factor is left out by a click. */
export function Chain({ shown, cut, onCut, time }: ChainProps): JSX.Element {
  const { image, asked, wrong, step: { focus: { M, D, B }, sizes }, right } = shown;
  const { told, passed, product, ...without } = wrong.images[B]!;
  // a number that is crossed out is what it was
  const { output, classes } = cut === "others" ? image : without;
  const { leading, rest } = leadingClasses(image, 2, classes), others = wrong.gradient - product;
  const chip = (
    id: CutId,
    number: ComponentChildren,
    name: ComponentChildren,
    [from, to]: number[],
  ) => {
    const isCut = cut === id || cut === "slope" && (id === "y" || id === "1-y");
    const isStruck = isCut && id !== "target" ? "cut" : "";
    const isLater = time < from! && from! < SLOPE[0]!, isNow = time >= from! && time < to!;
    return (
      <button
        type="button"
        class={`chip ${isStruck} ${isLater ? "later" : ""} ${isNow ? "now" : ""}`}
        aria-pressed={isCut}
        title={t("Leave this factor out", "この因子を抜く")}
        onClick={() => onCut(isCut ? undefined : id)}
      >
        {number}
        <small>{name}</small>
        <Scissors />
      </button>
    );
  };
  const signed = (x: number, count = 4) => <strong class={sign(x)}>{digits(x, count)}</strong>;
  const plain = (x: number) => <strong>{digits(x)}</strong>;
  const sum = (words: string, x: number) => (
    <p class={time < 2 ? "sum later" : "sum"}>
      <span>
        {words} = <span class={sign(x)}>{digits(x)}</span>
      </span>
    </p>
  );
  const slope = digits(without.slope), more = classes.length - leading.length;
  const batch = sizes.B > 1 ? ` / ${sizes.B}` : "", at = fixed(wrong.weight);
  return (
    <div class={batch ? "chain long" : "chain"} role="group" aria-label={t("The product", "積")}>
      <div class={time < 2 ? "chip result later" : "chip result"}>
        <strong class={sign(wrong.gradient)}>
          {digits(wrong.gradient)}
          {cut !== undefined && " ✗"}
        </strong>
        <small>
          {wrong.weight === asked.weight
            ? `dW1[${M}, ${D}]`
            : t(`slope at ${at}`, `${at} での傾き`)}
        </small>
      </div>
      <Op>=</Op>
      <div class="group told">
        <div>
          <span class="paren" aria-hidden="true">(</span>
          {leading.map((k, i) => (
            <span class="term" key={k}>
              {i > 0 && <Op>+</Op>}
              {chip(
                "weight",
                signed(classes[k]!.weight),
                t(`weight to ${k}`, `${k} への重み`),
                MESSAGES,
              )}
              <Op>×</Op>
              {chip(
                k === right ? "target" : "others",
                signed(classes[k]!.error),
                <>
                  {`${k}: P `}
                  <span class={cut === "target" ? "struck" : ""}>{t("− target", "− 目標")}</span>
                  {batch}
                </>,
                ERRORS,
              )}
            </span>
          ))}
          {more > 0 && (
            <span class="term">
              <Op>+</Op>
              {chip(
                "others",
                signed(rest, 2),
                t(`${more} others`, `ほか ${more} クラス`),
                MESSAGES,
              )}
            </span>
          )}
          <span class="paren" aria-hidden="true">)</span>
        </div>
        {sum(t(`what unit ${M} is told`, `ユニット ${M} に伝わる値`), told)}
      </div>
      <Op>×</Op>
      <div class="group">
        <div>
          {chip("1-y", plain(1 - output), "1 − y", SLOPE)}
          <Op>×</Op>
          {chip("y", plain(output), "y", SLOPE)}
        </div>
        {sum(t(`slope ${slope}, passed on`, `傾き ${slope}、掛けると`), passed)}
      </div>
      <Op>×</Op>
      <div class="group">
        <div>{chip("pixel", plain(image.input), t("ink of the pixel", "画素の濃さ"), PIXEL)}</div>
        {sum("", product)}
      </div>
      {batch !== "" && (
        <>
          <Op>+</Op>
          <div class="chip">
            {signed(others)}
            <small>{t(`${sizes.B - 1} other images`, `ほか ${sizes.B - 1} 枚`)}</small>
          </div>
        </>
      )}
    </div>
  );
}

/** What is left out, in words. */
function cutWords(id: CutId): string {
  const words: Readonly<Record<CutId, string>> = {
    target: t("target = 0", "目標 = 0"),
    others: t("P − target of the wrong classes = 0", "正解以外のクラスの P − 目標 = 0"),
    weight: t("weights to the classes = 1", "クラスへの重み = 1"),
    ...{ "1-y": "1 − y = 1", y: "y = 1", slope: t("slope = 1", "傾き = 1") },
    pixel: t("ink of the pixel = 1", "画素の濃さ = 1"),
  };
  return t(`Cut: ${words[id]}. `, `抜いた因子: ${words[id]}。`);
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
        <b>{cutWords(found.id)}</b>
        {t("The gradient check finds: ", "勾配の検査の結果: ")}
        {right.map((symbol) => `${symbol}\u00a0✓ `).join("")}
        <strong>{`${found.quantity}\u00a0✗`}</strong>
      </span>
      {found.mistake !== undefined && (
        <a href={link(found.mistake)}>
          {t("Train both networks: right and cut", "正しいものと抜いたもの、両方を学習させる")}
        </a>
      )}
    </p>
  );
}

function Op({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <span class="op">{children}</span>;
}
