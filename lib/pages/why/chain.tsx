/** @jsxImportSource preact */
// The chain rule's product, each factor with scissors; and the same for all weights, as stamps.
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { drawSigned, weightScale } from "../../charts/weights.ts";
import { range } from "../../explain/explained_step.ts";
import { type Cut, CUTS } from "../../explain/weight_path.ts";
import { STEP } from "../../network/step.ts";
import { Picture } from "../picture.tsx";
import { t } from "../texts.ts";
import { part } from "./stage.tsx";
import { digits, fixed, type sentences, type Shown, type ShownProps, sign } from "./words.ts";

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
const ERRORS = [0.9, 1.4] as const, MESSAGES = [1.4, 1.55] as const;
const SLOPE = [1.55, 1.75] as const, PIXEL = [1.85, 2] as const;

/** The weight's gradient as a product of factors; a factor is left out by a click. */
export function Chain({ shown }: ShownProps): JSX.Element {
  const { step: { focus: { M, D }, sizes: { B } }, time, cut, asked, wrong, image } = shown;
  const { leading, right, whole, change } = shown, at = fixed(wrong.weight);
  // a number that is crossed out is what it was
  const { classes } = cut === "others" ? whole : image, later = time < 2 ? "later" : "";
  const others = range(classes.length).filter((k) => !leading.includes(k));
  const rest = others.reduce((sum, k) => sum + classes[k]!.message, 0);
  const chip = (
    id: Cut["id"],
    x: number,
    name: ComponentChildren,
    [from, to]: readonly [number, number] = SLOPE,
    count = 4,
  ) => {
    const isCut = cut === id || cut === "slope" && (id === "y" || id === "1-y");
    const isFactor = from >= SLOPE[0]!, isNow = time >= from && time < to;
    const kinds = [isCut && id !== "target" && "cut", !isFactor && time < from && "later"];
    return (
      <button
        type="button"
        class={["chip", ...kinds, isNow && "now"].filter(Boolean).join(" ")}
        aria-pressed={isCut}
        title={t("Leave this factor out", "この因子を抜く")}
        onClick={() => change({ cut: isCut ? undefined : id })}
      >
        <strong class={isFactor ? "" : sign(x)}>{digits(x, count)}</strong>
        <small>{name}</small>
        <Scissors />
      </button>
    );
  };
  const op = (words: string) => <span class="op">{words}</span>;
  const group = (kind: string, factors: ComponentChildren, words: string, x: number) => (
    <div class={`group ${kind}`}>
      <div>{factors}</div>
      <p class={`sum ${later}`}>
        <span>
          {words} = <span class={sign(x)}>{digits(x)}</span>
        </span>
      </p>
    </div>
  );
  return (
    <div class={B > 1 ? "chain long" : "chain"} role="group" aria-label={t("The product", "積")}>
      <div class={`chip result ${later}`}>
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
      {op("=")}
      {group(
        "told",
        <>
          <span class="paren" aria-hidden="true">(</span>
          {leading.map((k, i) => (
            <span class="term" key={k}>
              {i > 0 && op("+")}
              {chip("weight", classes[k]!.weight, t(`weight to ${k}`, `${k} への重み`), MESSAGES)}
              {op("×")}
              {chip(
                k === right ? "target" : "others",
                classes[k]!.error,
                <>
                  {`${k}: P `}
                  <span class={cut === "target" ? "struck" : ""}>{t("− target", "− 目標")}</span>
                  {B > 1 && ` / ${B}`}
                </>,
                ERRORS,
              )}
            </span>
          ))}
          {others.length > 0 && (
            <span class="term">
              {op("+")}
              {chip(
                "others",
                rest,
                t(`${others.length} others`, `ほか ${others.length} クラス`),
                MESSAGES,
                2,
              )}
            </span>
          )}
          <span class="paren" aria-hidden="true">)</span>
        </>,
        t(`what unit ${M} is told`, `ユニット ${M} に伝わる値`),
        image.told,
      )}
      {op("×")}
      {group(
        "",
        [chip("1-y", 1 - image.output, "1 − y"), op("×"), chip("y", image.output, "y")],
        t(`slope ${digits(image.slope)}, passed on`, `傾き ${digits(image.slope)}、掛けると`),
        image.passed,
      )}
      {op("×")}
      {group(
        "",
        chip("pixel", image.input, t("ink of the pixel", "画素の濃さ"), PIXEL),
        "",
        image.product,
      )}
      {B > 1 && (
        <>
          {op("+")}
          <div class="chip">
            <strong class={sign(wrong.gradient - image.product)}>
              {digits(wrong.gradient - image.product)}
            </strong>
            <small>{t(`${B - 1} other images`, `ほか ${B - 1} 枚`)}</small>
          </div>
        </>
      )}
    </div>
  );
}

/** Under the product: what its slope and its pixel do; with a cut, which gradients stay right. */
export function Reasons({ shown: { cut, link }, words: { slope, pixel } }: ShownProps & {
  readonly words: ReturnType<typeof sentences>;
}): JSX.Element {
  const found = CUTS.find(({ id }) => id === cut);
  if (found === undefined) {
    return (
      <p class="reasons">
        <span>{slope}</span> <span>{pixel}</span>
      </p>
    );
  }
  const { id, quantity, mistake } = found;
  const missing: Readonly<Record<Cut["id"], string>> = {
    target: t("target = 0", "目標 = 0"),
    others: t("P − target of the wrong classes = 0", "正解以外のクラスの P − 目標 = 0"),
    weight: t("weights to the classes = 1", "クラスへの重み = 1"),
    ...{ "1-y": "1 − y = 1", y: "y = 1", slope: t("slope = 1", "傾き = 1") },
    pixel: t("ink of the pixel = 1", "画素の濃さ = 1"),
  };
  const gradients = STEP.filter(({ pass }) => pass === "backward").map(({ symbol }) => symbol);
  return (
    <p class="reasons" role="status">
      <span>
        <b>{t(`Cut: ${missing[id]}. `, `抜いた因子: ${missing[id]}。`)}</b>
        {t("The gradient check finds: ", "勾配の検査の結果: ")}
        {gradients.slice(0, gradients.indexOf(quantity)).map((symbol) => `${symbol}\u00a0✓ `)}
        <strong>{`${quantity}\u00a0✗`}</strong>
      </span>
      {mistake !== undefined && (
        <a href={link({ view: "break", mistake })}>
          {t("Train both networks: right and cut", "正しいものと抜いたもの、両方を学習させる")}
        </a>
      )}
    </p>
  );
}

/** The most units that are shown. */
const MAX_UNITS = 320;

/** What is on a unit: its stamp (pale, before it is there), that of one image, or its weights. */
type Content = "nothing" | "pale" | "stamp" | "weights" | number;

/** The outer product at a glance: each unit's row of dW1; after the update, its row of W1. */
export function Stamps({ shown: { made: step, time, ask } }: ShownProps): JSX.Element {
  const { sizes: { M, B }, focus } = step, first = Math.floor(focus.M / MAX_UNITS) * MAX_UNITS;
  const count = Math.min(M, MAX_UNITS);
  const scales = useMemo(() => {
    const { dA1, dW1, "W1'": W1 } = step.values;
    const largest = (data: Float64Array) => data.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
    return { dA1: largest(dA1.data), dW1: largest(dW1.data), W1: weightScale(W1, M) };
  }, [step.values]);
  // a batch is a film of its images, of which the mean remains
  const film = part(time, 2, 2.9), frame = Math.floor(film * (B + 1));
  const content = (m: number): Content => {
    const place = (m - first) / count;
    if (time > 3.2 && place <= part(time, 3.2, 3.9)) return "weights";
    if (time < 2) return m === focus.M && time > 1.95 ? "stamp" : time > 1.5 ? "pale" : "nothing";
    if (B > 1 && time > 2 && frame < B) return frame;
    return time === 2 || B > 1 || place <= film ? "stamp" : "pale";
  };
  return (
    <div class="units">
      {range(Math.min(count, M - first)).map((i) => first + i).map((m) => (
        <Stamp
          key={m}
          {...{
            step,
            scales,
            unit: m,
            content: content(m),
            onClick: () => ask({ M: m }),
          }}
        />
      ))}
    </div>
  );
}

function Stamp({ step, unit, content, scales, onClick }: {
  readonly step: Shown["made"];
  readonly unit: number;
  readonly content: Content;
  readonly scales: { readonly dA1: number; readonly dW1: number; readonly W1: number };
  readonly onClick: () => void;
}): JSX.Element {
  const picture = useMemo(() => {
    const { values: { dA1, dW1, X, "W1'": W1 }, sizes: { B, D }, data } = step;
    const row = content === "weights" ? W1 : dW1;
    let values = row.data.slice(unit * D, (unit + 1) * D),
      scale = content === "weights" ? scales.W1 : scales.dW1;
    if (content !== "weights" && (B === 1 || typeof content === "number")) {
      // ink by the root of the message, so that small ones are seen too
      const image = typeof content === "number" ? content : 0, message = dA1.at(unit, image);
      values = values.map((_, d) => message * X.at(d, image));
      scale = Math.sqrt(scales.dA1 * Math.abs(message));
    }
    if (content === "nothing") scale = Infinity;
    return drawSigned(values, data.size, content === "pale" ? 4 * scale : scale);
  }, [step.values, content, unit]);
  return (
    <Picture
      image={picture}
      class={unit === step.focus.M ? "chosen" : ""}
      onClick={onClick}
    />
  );
}
