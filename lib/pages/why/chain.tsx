/** @jsxImportSource preact */
// The chain rule's product, each factor with scissors; and the same for all weights, as stamps.
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { drawSigned, weightScale } from "../../charts/weights.ts";
import { range } from "../../explain/explained_step.ts";
import { type Cut, CUTS } from "../../explain/weight_path.ts";
import { STEP } from "../../network/step.ts";
import { Picture } from "../fields.tsx";
import { t } from "../texts.ts";
import { part } from "./stage.tsx";
import { digits, fixed, type sentences, type ShownProps, sign } from "./words.ts";

/** The most units that have stamps. */
const MAX_UNITS = 320;

export function Scissors() {
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
export function Chain({ shown }: ShownProps) {
  const { step: { focus: { M, D }, sizes: { B } }, time, cut, asked, wrong, image, change } = shown;
  const { leading, right, whole } = shown, { slope, product, output, input } = image;
  // a number that is crossed out is what it was
  const { classes } = cut === "others" ? whole : image, later = time < 2 ? "later" : "";
  const others = range(classes.length).filter((k) => !leading.includes(k)), { length } = others;
  const rest = others.reduce((sum, k) => sum + classes[k]!.message, 0), at = fixed(wrong.weight);
  const name = `dW1[${M}, ${D}]`;
  const signed = (x: number, count = 4) => <strong class={sign(x)}>{digits(x, count)}</strong>;
  const plain = (x: number) => <strong>{digits(x)}</strong>;
  const op = (words: string) => <span class="op" key={words}>{words}</span>;
  const chip = (
    id: Cut["id"],
    number: ComponentChildren,
    name: ComponentChildren,
    [from, to]: readonly [number, number],
  ) => {
    const isCut = cut === id || cut === "slope" && (id === "y" || id === "1-y");
    const isNow = time >= from && time < to, isLater = time < from && from < SLOPE[0];
    const states = [isCut && id !== "target" && "cut", isLater && "later", isNow && "now"];
    return (
      <button
        key={id}
        type="button"
        class={["chip", ...states].filter(Boolean).join(" ")}
        aria-pressed={isCut}
        title={t("Leave this factor out", "この因子を抜く")}
        onClick={() => change({ cut: isCut ? undefined : id })}
      >
        {number}
        <small>{name}</small>
        <Scissors />
      </button>
    );
  };
  const target = t("− target", "− 目標"), struck = cut === "target" ? <s>{target}</s> : target;
  const terms = leading.map((k) => {
    const { weight, error } = classes[k]!, name = <>{k}: P {struck} {B > 1 && `/ ${B}`}</>;
    return [
      chip("weight", signed(weight), t(`weight to ${k}`, `${k} への重み`), MESSAGES),
      op("×"),
      chip(k === right ? "target" : "others", signed(error), name, ERRORS),
    ];
  });
  const more = t(`${length} others`, `ほか ${length} クラス`), passed = digits(slope);
  if (length > 0) terms.push([chip("others", signed(rest, 2), more, MESSAGES)]);
  const rests = chip("1-y", plain(1 - output), "1 − y", SLOPE);
  const slopes = [rests, op("×"), chip("y", plain(output), "y", SLOPE)];
  const ink = chip("pixel", plain(input), t("ink of the pixel", "画素の濃さ"), PIXEL);
  const groups = [
    [terms, t(`what unit ${M} is told`, `ユニット ${M} に伝わる値`), image.told],
    [[slopes], t(`slope ${passed}, passed on`, `傾き ${passed}、掛けると`), image.passed],
    [[[ink]], "", product],
  ] as const;
  return (
    <div class={B > 1 ? "chain long" : "chain"} role="group" aria-label={t("The product", "積")}>
      <div class={`chip result ${later}`}>
        <strong class={sign(wrong.gradient)}>{digits(wrong.gradient)} {cut && "✗"}</strong>
        <small>
          {wrong.weight === asked.weight ? name : t(`slope at ${at}`, `${at} での傾き`)}
        </small>
      </div>
      {groups.map(([terms, words, x], i) => [
        op(i === 0 ? "=" : "×"),
        <div class={i === 0 ? "group told" : "group"} key={i}>
          <div>
            {terms.map((term, i) => <span class="term" key={i}>{i > 0 && op("+")}{term}</span>)}
          </div>
          <p class={`sum ${later}`}>
            <span>
              {words} = <span class={sign(x)}>{digits(x)}</span>
            </span>
          </p>
        </div>,
      ])}
      {B > 1 && [
        op("+"),
        <div key="others" class="chip">
          {signed(wrong.gradient - product)}
          <small>{t(`${B - 1} other images`, `ほか ${B - 1} 枚`)}</small>
        </div>,
      ]}
    </div>
  );
}

/** Under the product: what its slope and its pixel do; with a cut, which gradients stay right. */
export function Reasons({ shown: { cut, link }, words: { slope, pixel } }: ShownProps & {
  readonly words: ReturnType<typeof sentences>;
}) {
  const found = CUTS.find(({ id }) => id === cut);
  if (found === undefined) return <p class="reasons">{`${slope} ${pixel}`}</p>;
  const { id, quantity, mistake } = found;
  const gradients = STEP.filter(({ pass }) => pass === "backward").map(({ symbol }) => symbol);
  const right = gradients.slice(0, gradients.indexOf(quantity));
  const missing = {
    target: t("target = 0", "目標 = 0"),
    others: t("P − target of the wrong classes = 0", "正解以外のクラスの P − 目標 = 0"),
    weight: t("weights to the classes = 1", "クラスへの重み = 1"),
    ...{ "1-y": "1 − y = 1", y: "y = 1", slope: t("slope = 1", "傾き = 1") },
    pixel: t("ink of the pixel = 1", "画素の濃さ = 1"),
  }[id];
  return (
    <p class="reasons" role="status">
      <span>
        <b>{t(`Cut: ${missing}. `, `抜いた因子: ${missing}。`)}</b>
        {t("The gradient check finds: ", "勾配の検査の結果: ")}
        {right.map((symbol) => `${symbol}\u00a0✓ `)}
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

/** The outer product at a glance: each unit's row of dW1; after the update, its row of W1. */
export function Stamps({ shown: { made: { values, sizes, focus, data }, time, ask } }: ShownProps) {
  const { M, B, D } = sizes, first = Math.floor(focus.M / MAX_UNITS) * MAX_UNITS;
  const { dA1, dW1, X, "W1'": W1 } = values, count = Math.min(M, MAX_UNITS);
  const [drawn, scales] = useMemo(() => {
    const largest = (data: Float64Array) => data.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
    const scales = { dA1: largest(dA1.data), dW1: largest(dW1.data), W1: weightScale(W1, M) };
    return [new Map<string, ReturnType<typeof drawSigned>>(), scales];
  }, [values]);
  // a batch is a film of its images, of which the mean remains
  const film = part(time, 2, 2.9), frame = Math.floor(film * (B + 1));
  /** What is on a unit: its stamp, that of one image, or its weights. */
  const content = (m: number) => {
    const place = (m - first) / count;
    if (time > 3.2 && place <= part(time, 3.2, 3.9)) return "weights";
    if (B > 1 && time > 2 && frame < B) return frame;
    const isAll = time === 2 || time > 2 && (B > 1 || place <= film);
    return isAll || time < 2 && time > 1.95 && m === focus.M ? "stamp" : "nothing";
  };
  const draw = (m: number, content: string | number) => {
    const row = ({ data }: typeof W1) => data.subarray(m * D, (m + 1) * D);
    if (content === "weights") return drawSigned(row(W1), data.size, scales.W1);
    if (content === "nothing") return drawSigned(row(dW1), data.size, Infinity);
    if (B > 1 && content === "stamp") return drawSigned(row(dW1), data.size, scales.dW1);
    // ink by the root of the message, so that small ones are seen too
    const image = Number(content) || 0, message = dA1.at(m, image);
    const ink = Float64Array.from({ length: D }, (_, d) => message * X.at(d, image));
    return drawSigned(ink, data.size, Math.sqrt(scales.dA1 * Math.abs(message)));
  };
  return (
    <div class="units">
      {range(Math.min(count, M - first)).map((i) => {
        const m = first + i, shown = content(m), key = `${m} ${shown}`;
        const image = drawn.get(key) ?? draw(m, shown);
        drawn.set(key, image);
        const kind = m === focus.M ? "chosen" : "";
        return <Picture key={m} {...{ image, class: kind, onClick: () => ask({ M: m }) }} />;
      })}
    </div>
  );
}
