/** @jsxImportSource preact */
// The view Step: one training step, quantity by quantity.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { REPORT_SETTINGS, STEP } from "../../../mod.ts";
import { placeOf } from "../../explain/explained_step.ts";
import { explanationOf } from "../../explain/explanations.ts";
import { formatResult } from "../../explain/workings.ts";
import { type MatrixSymbol, QUANTITIES } from "../../network/step.ts";
import { CommandLine, NumberField, Picture } from "../fields.tsx";
import { mathml } from "../mathml.ts";
import { MAX_BATCH, MAX_UPDATES, type PageState, SHOWN_SYMBOLS } from "../state.ts";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { EntrySection, pictureOf, PictureSection, type StepProps } from "./entry.tsx";
import { useStep } from "./step_sequence.ts";

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

/** Goes through one training step. */
export function StepView(view: ViewProps) {
  const props = { ...view, ...useStep(view) }, { quantity: symbol } = props.state;
  return (
    <>
      <h2 class="visually-hidden">{t("One training step", "学習の 1 ステップ")}</h2>
      <Settings {...props} />
      <QuantityMap {...props} />
      <div class="quantity">
        {/* those of another quantity are others, so that nothing moves */}
        <Words key={`words ${symbol}`} symbol={symbol} />
        <EntrySection {...props}>
          <Command {...props} />
        </EntrySection>
        <PictureSection key={symbol} {...props} />
        <Derivation key={`derivation ${symbol}`} symbol={symbol} />
      </div>
      <Player {...props} />
    </>
  );
}

/** The images, the network and the learning rate of the step. */
function Settings(
  { state: { seed, rate }, examples: { count }, network, change, step }: StepProps,
) {
  const { sizes: { B, K }, batchIndices, values: { labels } } = step;
  const first = batchIndices.values[0]!, label = labels.values[0]!, isDrawing = first >= count;
  const set = (changes: Partial<PageState>) => change({ ...changes, updates: 0 });
  const name = isDrawing
    ? t(`your drawing, to be a ${label}`, `手書きの数字（正解 ${label}）`)
    : t(`test image ${first}, a ${label}`, `テスト画像 ${first}（正解 ${label}）`);
  const others = B > 1 ? t(` and ${B - 1} more`, ` ほか ${B - 1} 枚`) : "";
  const example = isDrawing ? undefined : first, most = Math.min(MAX_BATCH, count);
  const fields = [
    ["example", t("test image", "テスト画像"), example, 0, count - 1],
    ["label", t("right class of the drawing", "手書きの数字の正解"), label, 0, K - 1],
    ["batch", t("images in the batch", "バッチの画像の枚数"), B, 1, most],
  ] as const;
  return (
    <details class="settings">
      <summary>
        <b>{t("Images and network", "画像とネットワーク")}</b>
        {`: ${name}${others} · ${network.name} · η = ${rate}`}
      </summary>
      <form onSubmit={(event) => event.preventDefault()}>
        {fields.map(([key, label, value, min, max]) =>
          (key !== "label" || isDrawing) && (
            <NumberField
              {...{ key, label, value, min, max }}
              onValue={(value) => set({ [key]: value })}
            />
          )
        )}
        <NetworkSwitch {...{ seed, set }} />
        <NumberField
          label={t("learning rate η", "学習率 η")}
          {...{ value: rate, min: 0, step: "any" as const }}
          onValue={(rate) => rate > 0 && set({ rate })}
        />
      </form>
    </details>
  );
}

/** Chooses the network before any training, drawn with the report's seed, or the trained one. */
export function NetworkSwitch({ seed, set }: {
  readonly seed: number | undefined;
  readonly set: (changes: Pick<PageState, "seed">) => void;
}) {
  return (
    <div class="switch" role="group" aria-label={t("Network", "ネットワーク")}>
      {[REPORT_SETTINGS.seed, undefined].map((own) => (
        <button
          type="button"
          aria-pressed={(own === undefined) === (seed === undefined)}
          onClick={() => set({ seed: own })}
        >
          {own === undefined ? t("trained", "学習済み") : t("untrained", "学習前")}
        </button>
      ))}
    </div>
  );
}

/** The command that prints the entry, where it starts from what the command has. */
export function Command({ state, network, examples, step, losses }: StepProps) {
  const { rate, seed, quantity } = state, { pass } = QUANTITIES[quantity];
  const [first] = step.batchIndices.values, isExample = first! < examples.count;
  const isSame = isExample && step.sizes.B === 1 && losses.length === 0 &&
    network.origin !== "trained" && pass !== "input" &&
    (pass !== "update" || rate === REPORT_SETTINGS.learningRate);
  if (!isSame) return null;
  const words = [
    "deno run -A cli.ts explain",
    ...(network.file === undefined ? [] : [network.file]),
    `--quantity ${pass === "update" ? `"${quantity}"` : quantity}`,
    `--entry ${placeOf(step.focus, quantity)} --sample test:${first}`,
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
  ];
  return <CommandLine command={words.join(" ")} />;
}

/** A small picture of each quantity, in the order of the step; lines lead to the chosen one. */
function QuantityMap({ state: { quantity }, follow, step }: StepProps) {
  const box = useRef<HTMLDivElement>(null), from: readonly string[] = QUANTITIES[quantity].from;
  const [lines, setLines] = useState<readonly string[]>([]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => setLines(linesTo(box.current!, quantity, from)));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [quantity]);
  const tile = (symbol: MatrixSymbol) => {
    const { data } = step.values[symbol], meaning = explanationOf(symbol).meaning[language()];
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

/** What a quantity is, where to find it, and its equation. */
function Words({ symbol }: { readonly symbol: MatrixSymbol }) {
  const quantity = QUANTITIES[symbol], { listing } = quantity;
  const { title, meaning } = explanationOf(symbol);
  const computed = quantity.pass === "input" ? undefined : quantity;
  const about = [
    meaning[language()],
    listing && t(`${listing} in the listing`, `レポートでの名前: ${listing}`),
    computed && t(`${computed.by}() in ${computed.file}`, `${computed.file} の ${computed.by}()`),
  ];
  return (
    <section class="words" aria-labelledby="words-title">
      <h3 id="words-title">{title?.[language()] ?? symbol}</h3>
      <p class="quiet">{about.filter(Boolean).join(" · ")}</p>
      <p class="equation">{computed && <Equation of={computed.equation} />}</p>
    </section>
  );
}

/** The derivation of a computed quantity, line by line. */
function Derivation({ symbol }: { readonly symbol: MatrixSymbol }) {
  const { derivation } = explanationOf(symbol);
  return derivation && (
    <ol class="derivation" aria-label={t("Derivation", "導出")}>
      {derivation.map(({ equation, why }) => (
        <li>
          <Equation of={equation} />
          {why && <span class="quiet">{why[language()]}</span>}
        </li>
      ))}
    </ol>
  );
}

/** The buttons that go through the quantities and to the next step, and the loss. */
function Player({ state: { quantity, updates }, change, step: { values, after } }: StepProps) {
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
  }, [isPlaying, quantity, updates]);
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
        {button(t("First weights", "最初の重み"), () => startAt(0))}
        <p class="losses">
          {t("loss", "損失")} <b>{formatResult(values.E.at(0, 0))}</b>
          {t(", after the update", "、更新後")} <b>{formatResult(after.E)}</b>
        </p>
      </div>
    </div>
  );
}
