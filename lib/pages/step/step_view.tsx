/** @jsxImportSource preact */
// The view Step: one training step, quantity by quantity.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { REPORT_SETTINGS, STEP } from "../../../mod.ts";
import { placeOf, range } from "../../explain/explained_step.ts";
import { meaningOf } from "../../explain/explanations.ts";
import { formatResult } from "../../explain/expression.ts";
import { type MatrixSymbol, QUANTITIES } from "../../network/step.ts";
import { MAX_SEED } from "../../random/mt19937.ts";
import { CommandLine, NumberField, Picture } from "../fields.tsx";
import { MAX_BATCH, MAX_UPDATES, type PageState, SHOWN_SYMBOLS } from "../state.ts";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { arrowOf, pictureOf, PictureSection } from "./slice.tsx";
import { type SequenceStep, useStep } from "./step_sequence.ts";
import { EntrySection, SymbolName, WordsSections } from "./quantity.tsx";

/** Milliseconds for each quantity at speed 1, and the most losses that are shown. */
const INTERVAL_MS = 4000, MAX_LOSSES = 2;

/** The passes, and what they do. */
const PASSES = [
  ["forward", "forward: from the images to the loss →", "順伝播: 画像から損失へ →"],
  [
    "backward",
    "← backward: the gradient of the loss by each quantity above it",
    "← 逆伝播: すぐ上の量についての損失の偏微分",
  ],
  ["update", "update: the new parameters", "更新: 新しいパラメータ"],
] as const;

/** What the quantities of a pass are shown with: each parameter stands before what it gives. */
const GIVEN: Readonly<Partial<Record<MatrixSymbol, readonly MatrixSymbol[]>>> = {
  ...{ A1: ["X", "W1", "b1"], A2: ["W2", "b2"] },
};

type StepProps = ViewProps & { readonly found: SequenceStep };

/** Goes through one training step. */
export function StepView(props: ViewProps) {
  const { state, change } = props, { quantity: symbol } = state, found = useStep(props);
  if (!found) return null;
  const { step } = found, isSingle = step.values[symbol].data.length === 1;
  const choose = (focus: PageState["focus"]) => change({ focus: { ...state.focus, ...focus } });
  return (
    <>
      <h2 class="visually-hidden">{t("One training step", "学習の 1 ステップ")}</h2>
      <Settings {...props} found={found} />
      <QuantityMap {...props} found={found} />
      <div class={isSingle ? "quantity single" : "quantity"}>
        <WordsSections key={symbol} symbol={symbol} />
        <EntrySection {...props} {...{ step, symbol }}>
          <Command {...props} found={found} />
        </EntrySection>
        <PictureSection key={`picture ${symbol}`} {...{ step, symbol, choose }} />
      </div>
      <Player {...props} found={found} />
    </>
  );
}

/** The images, the network and the learning rate of the step. */
function Settings({ state, examples, network, change, found }: StepProps) {
  const { batch: { isDrawing, images, data }, step: { sizes } } = found;
  const { seed, updates, rate } = state, first = images[0]!, more = images.length - 1;
  const label = data.labels[first]!;
  const set = (changes: Partial<PageState>) => change({ ...changes, updates: 0 });
  const name = isDrawing
    ? t(`your drawing, to be a ${label}`, `手書きの数字（正解 ${label}）`)
    : t(`test image ${first}, a ${label}`, `テスト画像 ${first}（正解 ${label}）`);
  const others = more > 0 ? t(` and ${more} more`, ` ほか ${more} 枚`) : "",
    s = updates > 1 ? "s" : "";
  const made = updates > 0 && t(` after ${updates} update${s}`, `（${updates} 回更新した後）`);
  const summary = `${name}${others} · ${network.name}${made || ""} · η = ${rate}`;
  const { count } = examples, most = Math.min(MAX_BATCH, count);
  const field = (name: string, label: string, value: number | undefined, max: number, min = 0) => (
    <NumberField {...{ label, value, min, max }} onValue={(value) => set({ [name]: value })} />
  );
  return (
    <details class="settings">
      <summary>
        <b>{t("Images and network", "画像とネットワーク")}</b>: {summary}
      </summary>
      <form onSubmit={(event) => event.preventDefault()}>
        {field("example", t("test image", "テスト画像"), isDrawing ? undefined : first, count - 1)}
        {isDrawing && (
          <label>
            <span>{t("right class of the drawing", "手書きの数字の正解")}</span>
            <select
              value={label}
              onChange={({ currentTarget }) => set({ label: Number(currentTarget.value) })}
            >
              {range(sizes.K).map((k) => <option key={k} value={k}>{k}</option>)}
            </select>
          </label>
        )}
        {field("batch", t("images in the batch", "バッチの画像の枚数"), sizes.B, most, 1)}
        <label>
          <span>{t("network", "ネットワーク")}</span>
          <select
            value={seed === undefined ? "page" : "initial"}
            onChange={({ currentTarget: { value } }) =>
              set({ seed: value === "initial" ? REPORT_SETTINGS.seed : undefined })}
          >
            <option value="page">{t("trained", "学習済みのネットワーク")}</option>
            <option value="initial">{t("not trained yet", "学習前のネットワーク")}</option>
          </select>
        </label>
        {seed !== undefined && field("seed", t("seed", "乱数のシード"), seed, MAX_SEED)}
        <NumberField
          label={t("learning rate η", "学習率 η")}
          {...{ value: rate, min: 0, step: "any" as const }}
          onValue={(rate) => rate > 0 && set({ rate })}
        />
      </form>
    </details>
  );
}

/** The command that prints the entry, where it starts from what the command has. */
export function Command({ state, network, found: { step, batch } }: StepProps) {
  const { updates, rate, seed, quantity } = state, { pass } = QUANTITIES[quantity];
  const isSame = !batch.isDrawing && batch.images.length === 1 && updates === 0 &&
    network.origin !== "trained" && pass !== "input" &&
    (pass !== "update" || rate === REPORT_SETTINGS.learningRate);
  if (!isSame) return null;
  const words = [
    "deno run -A cli.ts explain",
    ...(network.file === undefined ? [] : [network.file]),
    `--quantity ${pass === "update" ? `"${quantity}"` : quantity}`,
    `--entry ${placeOf(step.focus, quantity)} --sample test:${batch.images[0]}`,
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
  ];
  return <CommandLine command={words.join(" ")} />;
}

/** A small picture of each quantity, in the order of the step; lines lead to the chosen one. */
function QuantityMap({ state: { quantity }, follow, found: { step } }: StepProps) {
  const box = useRef<HTMLDivElement>(null), from: readonly string[] = QUANTITIES[quantity].from;
  const [lines, setLines] = useState<readonly string[]>([]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => setLines(linesTo(box.current!, quantity, from)));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [quantity]);
  return (
    <div
      class="map"
      role="radiogroup"
      aria-label={t("Quantities of the step", "このステップの量")}
      ref={box}
    >
      {PASSES.map(([pass, en, ja]) => (
        <div class={`pass ${pass}`} key={pass}>
          <p>{t(en, ja)}</p>
          {SHOWN_SYMBOLS.filter((symbol) => QUANTITIES[symbol].pass === pass)
            .flatMap((symbol) => [...GIVEN[symbol] ?? [], symbol]).map((symbol) => {
              const { data } = step.values[symbol], meaning = meaningOf(symbol)[language()];
              return (
                <label
                  key={symbol}
                  class={from.includes(symbol) ? "tile used" : "tile"}
                  data-symbol={symbol}
                  title={meaning}
                >
                  {data.length === 1
                    ? <b class="number">{formatResult(data[0]!, 3)}</b>
                    : <Picture image={pictureOf(step, symbol)} />}
                  <span>
                    <SymbolName symbol={symbol} />
                  </span>
                  <input
                    type="radio"
                    name="quantity"
                    class="visually-hidden"
                    aria-label={`${symbol}: ${meaning}`}
                    checked={symbol === quantity}
                    onChange={() => follow({ quantity: symbol })}
                  />
                </label>
              );
            })}
        </div>
      ))}
      <svg class="joins" aria-hidden="true">
        {lines.map((path) => <path key={path} d={path} />)}
      </svg>
    </div>
  );
}

/** Lines from the pictures of some quantities to that of another one. */
function linesTo(box: HTMLElement, symbol: string, from: readonly string[]): string[] {
  const { left, top } = box.getBoundingClientRect();
  const [to, ...starts] = [symbol, ...from].map((one) =>
    box.querySelector(`[data-symbol="${one}"] > :first-child`)?.getBoundingClientRect()
  );
  const middle = ({ left, right }: DOMRect) => (left + right) / 2;
  const at = (x: number, y: number) => `${(x - left).toFixed(1)} ${(y - top).toFixed(1)}`;
  return starts.flatMap((start) => {
    if (!start || !to) return [];
    const [x0, x1] = start.left < to.left ? [start.right, to.left] : [start.left, to.right];
    const [y0, y1] = start.top < to.top ? [start.bottom, to.top] : [start.top, to.bottom];
    const isLevel = Math.abs(start.top - to.top) < start.height;
    if (!isLevel) return [`M${at(middle(start), y0)} L${at(middle(to), y1)}`];
    const y = start.top + start.height / 2, bow = Math.abs(x1 - x0) > 120 ? -start.height : 0;
    return [`M${at(x0, y)} Q${at((x0 + x1) / 2, y + bow)} ${at(x1, y)}`];
  });
}

/** The buttons and keys that go through the quantities, and the loss. */
function Player({ state, change, found }: StepProps) {
  const { quantity, updates } = state, { step: { values, after }, losses } = found;
  const [isPlaying, setPlaying] = useState(false), [speed, setSpeed] = useState(1);
  const index = STEP.findIndex(({ symbol }) => symbol === quantity), last = STEP.length - 1;
  const startAt = (updates: number) => change({ updates, quantity: STEP[0]!.symbol });
  const again = () => startAt(updates + 1), isLast = updates >= MAX_UPDATES;
  const move = (by: number) => {
    const next = STEP[index + by];
    if (next) change({ quantity: next.symbol });
  };
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      if (index < last) move(1);
      else if (isLast) setPlaying(false);
      else again();
    }, INTERVAL_MS / speed);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // in a field, a picture, a list or a scrolled table the keys have another meaning
      const isTaken = event.target instanceof Element &&
        event.target.closest("input, select, canvas, [role=listbox], .scroll") !== null;
      if (!isTaken) move(arrowOf(event)?.[0] || NaN);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  const earlier = losses.slice(-MAX_LOSSES).map((loss) => `${formatResult(loss)} → `).join("");
  const hidden = (sign: string) => <span aria-hidden="true">{sign}</span>;
  const button = (
    words: ComponentChildren,
    onClick: () => void,
    disabled = false,
    kind?: string,
  ) => <button type="button" class={kind} {...{ disabled, onClick }}>{words}</button>;
  return (
    <div class="player" role="group" aria-label={t("Through the step", "計算の進行")}>
      <div class="going">
        {button(<>{hidden("◀")} {t("Previous", "前の量")}</>, () => move(-1), index <= 0)}
        {button(<>{t("Next", "次の量")} {hidden("▶")}</>, () => move(1), index === last, "primary")}
        {button(
          isPlaying ? t("Pause", "一時停止") : t("Play", "再生"),
          () => setPlaying(!isPlaying),
        )}
        <select
          {...{ "aria-label": t("speed", "速さ"), value: speed }}
          onChange={(event) => setSpeed(Number(event.currentTarget.value))}
        >
          {[1, 2, 4].map((speed) => <option key={speed} value={speed}>{speed}×</option>)}
        </select>
      </div>
      <div class="outcome">
        {button(
          <>{hidden("↻")} {t("Again from the new weights", "新しい重みでもう一度")}</>,
          again,
          isLast,
        )}
        {updates > 0 && button(t("First weights", "最初の重み"), () => startAt(0))}
        <p class="losses">
          {t("loss", "損失")}{" "}
          <span class="earlier">{losses.length > MAX_LOSSES ? "… → " : ""}{earlier}</span>
          <b>{formatResult(values.E.at(0, 0))}</b>
          {t(", after the update", "、更新後")} <b>{formatResult(after.E)}</b>
        </p>
      </div>
    </div>
  );
}
