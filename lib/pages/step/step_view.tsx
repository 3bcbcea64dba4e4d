/** @jsxImportSource preact */
// The view Step: one training step, quantity by quantity.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { REPORT_SETTINGS, STEP } from "../../../mod.ts";
import { placeOf } from "../../explain/explained_step.ts";
import { EXPLANATIONS, meaningOf } from "../../explain/explanations.ts";
import { formatResult } from "../../explain/expression.ts";
import { type MatrixSymbol, QUANTITIES } from "../../network/step.ts";
import { counted } from "../../text/layout.ts";
import { CommandLine, NumberField, Picture } from "../fields.tsx";
import { mathml } from "../mathml.ts";
import { MAX_BATCH, MAX_UPDATES, type PageState, SHOWN_SYMBOLS } from "../state.ts";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { EntrySection, pictureOf, PictureSection } from "./entry.tsx";
import { type SequenceStep, useStep } from "./step_sequence.ts";

/** Milliseconds for each quantity. */
const INTERVAL_MS = 4000;

/** The passes, and what they do. */
const PASSES = [
  ["forward", "forward: from the images to the loss →", "順伝播: 画像から損失へ →"],
  [
    "backward",
    "← backward: the gradient of the loss by each quantity above",
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
  const { step } = found;
  const choose = (focus: PageState["focus"]) => change({ focus: { ...state.focus, ...focus } });
  return (
    <>
      <h2 class="visually-hidden">{t("One training step", "学習の 1 ステップ")}</h2>
      <Settings {...props} found={found} />
      <QuantityMap {...props} found={found} />
      <div class="quantity">
        {/* those of another quantity are others, so that nothing moves */}
        <Words key={`words ${symbol}`} symbol={symbol} />
        <EntrySection {...props} {...{ step, symbol }}>
          <Command {...props} found={found} />
        </EntrySection>
        <PictureSection key={symbol} {...{ step, symbol, choose }} />
        <Derivation key={`derivation ${symbol}`} symbol={symbol} />
      </div>
      <Player {...props} found={found} />
    </>
  );
}

/** The images, the network and the learning rate of the step. */
function Settings({ state, examples: { count }, network, change, found }: StepProps) {
  const { batch: { isDrawing, images, data }, step: { sizes } } = found;
  const { seed, updates, rate } = state, first = images[0]!, label = data.labels[first]!;
  const set = (changes: Partial<PageState>) => change({ ...changes, updates: 0 });
  const name = isDrawing
    ? t(`your drawing, to be a ${label}`, `手書きの数字（正解 ${label}）`)
    : t(`test image ${first}, a ${label}`, `テスト画像 ${first}（正解 ${label}）`);
  const others = sizes.B > 1 ? t(` and ${sizes.B - 1} more`, ` ほか ${sizes.B - 1} 枚`) : "";
  const made = t(` after ${counted(updates, "update")}`, `（${updates} 回更新した後）`);
  const from = updates > 0 ? network.name + made : network.name;
  const words = {
    example: t("test image", "テスト画像"),
    label: t("right class of the drawing", "手書きの数字の正解"),
    batch: t("images in the batch", "バッチの画像の枚数"),
  };
  const field = (name: keyof typeof words, value: number | undefined, max: number, min = 0) => (
    <NumberField
      {...{ label: words[name], value, min, max }}
      onValue={(value) => set({ [name]: value })}
    />
  );
  return (
    <details class="settings">
      <summary>
        <b>{t("Images and network", "画像とネットワーク")}</b>
        {`: ${name}${others} · ${from} · η = ${rate}`}
      </summary>
      <form onSubmit={(event) => event.preventDefault()}>
        {field("example", isDrawing ? undefined : first, count - 1)}
        {isDrawing && field("label", label, sizes.K - 1)}
        {field("batch", sizes.B, Math.min(MAX_BATCH, count), 1)}
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
  const tile = (symbol: MatrixSymbol) => {
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
  };
  return (
    <div
      class="map"
      role="radiogroup"
      aria-label={t("Quantities of the step", "このステップの量")}
      ref={box}
    >
      <svg class="joins" aria-hidden="true">
        {lines.map((path) => <path key={path} d={path} />)}
      </svg>
      {PASSES.map(([pass, en, ja]) => (
        <div class={`pass ${pass}`} key={pass}>
          <p>{t(en, ja)}</p>
          {SHOWN_SYMBOLS.filter((symbol) => QUANTITIES[symbol].pass === pass)
            .flatMap((symbol) => [...GIVEN[symbol] ?? [], symbol]).map(tile)}
        </div>
      ))}
    </div>
  );
}

/** Lines from the tiles of some quantities to that of another one, bowed above those between. */
function linesTo(box: HTMLElement, symbol: string, from: readonly string[]): string[] {
  const { left, top } = box.getBoundingClientRect();
  const middles = [symbol, ...from].flatMap((one) => {
    const tile = box.querySelector(`[data-symbol="${one}"]`)?.getBoundingClientRect();
    // the labels and η have none
    return tile
      ? { x: tile.left + tile.width / 2 - left, y: tile.top + tile.height / 3 - top }
      : [];
  });
  const to = middles[0]!;
  return middles.slice(1).map(({ x, y }) => {
    const bow = 0.3 * Math.abs(x - to.x);
    return `M${x} ${y} Q${(x + to.x) / 2} ${(y + to.y) / 2 - bow} ${to.x} ${to.y}`;
  });
}

/** A symbol with its digit below: W1' as W₁′. */
function SymbolName({ symbol }: { readonly symbol: string }) {
  const [, letters, digit, prime] = /^(\D+?)(\d?)('?)$/.exec(symbol)!;
  return <>{letters}{digit && <sub>{digit}</sub>}{prime && "′"}</>;
}

function Equation({ of }: { readonly of: string }) {
  return <span dangerouslySetInnerHTML={{ __html: mathml(of).text }} />;
}

/** The explanation of a quantity that the step computes. */
const explanationOf = (symbol: MatrixSymbol) =>
  symbol in EXPLANATIONS ? EXPLANATIONS[symbol as keyof typeof EXPLANATIONS] : undefined;

/** What a quantity is, where to find it, and its equation. */
function Words({ symbol }: { readonly symbol: MatrixSymbol }) {
  const quantity = QUANTITIES[symbol], { listing } = quantity;
  const computed = quantity.pass === "input" ? undefined : quantity;
  const about = [
    meaningOf(symbol)[language()],
    listing && t(`${listing} in the listing`, `レポートでの名前: ${listing}`),
    computed && t(`${computed.by}() in ${computed.file}`, `${computed.file} の ${computed.by}()`),
  ];
  return (
    <section class="words" aria-labelledby="words-title">
      <h3 id="words-title">
        {explanationOf(symbol)?.title[language()] ?? symbol}
      </h3>
      <p class="quiet">{about.filter(Boolean).join(" · ")}</p>
      <p class="equation">{computed && <Equation of={computed.equation} />}</p>
    </section>
  );
}

/** The derivation of a computed quantity, line by line. */
function Derivation({ symbol }: { readonly symbol: MatrixSymbol }) {
  const explanation = explanationOf(symbol);
  return explanation && (
    <ol class="derivation" aria-label={t("Derivation", "導出")}>
      {explanation.derivation.map(({ equation, why }) => (
        <li>
          <Equation of={equation} />
          {why && <span class="quiet">{why[language()]}</span>}
        </li>
      ))}
    </ol>
  );
}

/** The buttons that go through the quantities and to the next step, and the loss. */
function Player({ state, change, found }: StepProps) {
  const { quantity, updates } = state, { values, after } = found.step;
  const [isPlaying, setPlaying] = useState(false);
  const index = STEP.findIndex(({ symbol }) => symbol === quantity), last = STEP.length - 1;
  const startAt = (updates: number) => change({ updates, quantity: STEP[0]!.symbol });
  const again = () => startAt(updates + 1), isLast = updates >= MAX_UPDATES;
  const move = (by: number) => change({ quantity: STEP[index + by]!.symbol });
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      if (index < last) move(1);
      else if (isLast) setPlaying(false);
      else again();
    }, INTERVAL_MS);
    return () => clearTimeout(timer);
  });
  const button = (words: string, onClick: () => void, disabled = false, kind?: string) => (
    <button type="button" class={kind} {...{ disabled, onClick }}>{words}</button>
  );
  return (
    <div class="player" role="group" aria-label={t("Through the step", "計算の進行")}>
      <div class="going">
        {button(t("Previous", "前の量"), () => move(-1), index <= 0)}
        {button(t("Next", "次の量"), () => move(1), index === last, "primary")}
        {button(
          isPlaying ? t("Pause", "一時停止") : t("Play", "再生"),
          () => setPlaying(!isPlaying),
        )}
      </div>
      <div class="outcome">
        {button(t("Again from the new weights", "新しい重みでもう一度"), again, isLast)}
        {updates > 0 && button(t("First weights", "最初の重み"), () => startAt(0))}
        <p class="losses">
          {t("loss", "損失")} <b>{formatResult(values.E.at(0, 0))}</b>
          {t(", after the update", "、更新後")} <b>{formatResult(after.E)}</b>
        </p>
      </div>
    </div>
  );
}
