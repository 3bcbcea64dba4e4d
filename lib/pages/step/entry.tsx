/** @jsxImportSource preact */
// The entry of a quantity that is in focus: where it is, as a picture or a list to choose from, and
// how it comes about: the terms of its sum, and for gradients the same by finite differences.
import type { ComponentChildren, TargetedPointerEvent } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { IndexedImage } from "../../charts/encode_png.ts";
import { drawSigned } from "../../charts/weights.ts";
import { differenceQuotient } from "../../explain/weight_path.ts";
import {
  type ExplainedStep,
  focusOn,
  type PerAxis,
  placeOf,
} from "../../explain/explained_step.ts";
import {
  type Entry,
  formatResult,
  largestFirst,
  shorten,
  type Term,
  total,
  workingsOf,
} from "../../explain/workings.ts";
import { maxAbs } from "../../math/max_abs.ts";
import { type MatrixSymbol, QUANTITIES } from "../../network/step.ts";
import { counted } from "../../text/layout.ts";
import { ColourScale, ListBox, NumberField, Picture } from "../fields.tsx";
import { t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import type { SequenceStep } from "./step_sequence.ts";

/** The row or column of a quantity that holds the entry in focus, and the size of its picture. */
export function sliceOf(step: ExplainedStep, symbol: MatrixSymbol) {
  const { columns, data } = step.values[symbol], { axes } = QUANTITIES[symbol];
  // the axis that is shown as a whole, rather than one place at a time
  const along = (["D", "M", "K", "B", "1"] as const).find((axis) => axes.includes(axis))!;
  const [row, column] = placeOf(step.focus, symbol), isRow = along !== axes[0];
  const values = isRow
    ? data.slice(row * columns, (row + 1) * columns)
    : data.filter((_, i) => i % columns === column);
  const count = values.length;
  // hidden units are somewhat higher than wide: 80 of them are 8 by 10
  const width = along === "M" ? Math.ceil(Math.sqrt(0.8 * count)) : 1;
  const size = { width, height: Math.ceil(count / width) };
  const at = isRow ? column : row;
  return { along, values, at, size: along === "D" ? step.data.size : size };
}

/** The part of a quantity with the entry in focus; images are ink, all else has two colours. */
export function pictureOf(step: ExplainedStep, symbol: MatrixSymbol): IndexedImage {
  if (symbol === "X") return step.data.image(step.batchIndices.values[step.focus.B]!);
  const { values, size } = sliceOf(step, symbol);
  const padded = new Float64Array(size.width * size.height);
  padded.set(values);
  return drawSigned(padded, size, maxAbs(values));
}

const axisName = (axis: keyof PerAxis) => ({
  D: t("pixel", "画素"),
  M: t("hidden unit", "隠れ層のユニット"),
  K: t("class", "クラス"),
  B: t("image", "画像"),
}[axis]);

/** What the parts of Step get. */
export type StepProps = ViewProps & SequenceStep;

/** The entries of a quantity beside the one in focus; nothing for a single number. */
export function PictureSection(props: StepProps) {
  const { step, state, change } = props;
  const { quantity: symbol } = state, { along, values, at } = sliceOf(step, symbol);
  const axes = QUANTITIES[symbol].axes.filter((axis) => axis !== "1");
  if (along === "1") return null;
  const choose = (focus: Partial<PerAxis>) => change({ focus: { ...state.focus, ...focus } });
  const select = (index: number) => choose({ [along]: index });
  return (
    <section class="picture" aria-labelledby="picture-title">
      <h3 id="picture-title">{t(`Entries of ${symbol}`, `${symbol} の要素`)}</h3>
      <form class="places" onSubmit={(event) => event.preventDefault()}>
        {axes.map((axis) => (
          <NumberField
            key={axis}
            label={axisName(axis)}
            {...{ value: step.focus[axis], min: 0, max: step.sizes[axis] - 1 }}
            onValue={(place) => choose({ [axis]: place })}
          />
        ))}
      </form>
      {along === "K" || along === "B"
        ? (
          <ListBox
            id="entry"
            class="entry-list"
            aria-labelledby="picture-title"
            {...{ count: values.length, selected: at, onChoose: select }}
            option={(index) => ({ children: <Bar {...{ values, index }} /> })}
          />
        )
        : <EntriesPicture {...props} select={select} />}
    </section>
  );
}

/** A number of several as a bar from the middle, or from the left where none is negative. */
function Bar({ values, index }: { readonly values: Float64Array; readonly index: number }) {
  const value = values[index]!, width = Math.abs(value) / (maxAbs(values) || 1);
  const hasSigns = values.some((value) => value < 0), box = hasSigns ? "-1 0 2 1" : "0 0 1 1";
  const [x, kind] = value < 0 ? [-width, "negative"] : [0, "positive"];
  return (
    <>
      <b>{index}</b>
      <svg class="signed-bar" viewBox={box} preserveAspectRatio="none" aria-hidden="true">
        <rect class={kind} {...{ x, width, height: 1 }} />
        {hasSigns && <path d="M0 0V1" />}
      </svg>
      <span>{formatResult(value)}</span>
    </>
  );
}

/** The row or column with the entry in focus as a picture, in which a pointer chooses another. */
function EntriesPicture({ step, state: { quantity: symbol }, select }: StepProps & {
  readonly select: (index: number) => void;
}) {
  const { values, at, size: { width, height } } = sliceOf(step, symbol);
  const selectPointed = ({ currentTarget, offsetX, offsetY }: TargetedPointerEvent<Element>) => {
    const x = Math.floor(offsetX / currentTarget.clientWidth * width);
    const y = Math.floor(offsetY / currentTarget.clientHeight * height);
    const isInside = x >= 0 && x < width && y >= 0 && y * width + x < values.length;
    if (isInside) select(y * width + x);
  };
  return (
    <>
      <div class="entries">
        <Picture
          image={pictureOf(step, symbol)}
          role="img"
          aria-label={t(`${symbol} as a picture`, `${symbol} の画像`)}
          onPointerMove={(event) => event.buttons === 1 && selectPointed(event)}
          onPointerDown={(event) => event.button === 0 && selectPointed(event)}
        />
        <svg class="cursor" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <rect {...{ x: at % width, y: Math.floor(at / width), width: 1, height: 1 }} />
        </svg>
      </div>
      {symbol !== "X" && <ColourScale limit={maxAbs(values)} />}
    </>
  );
}

/** The entry in focus, and how it comes about. */
export function EntrySection({ children, ...props }: StepProps & {
  readonly children: ComponentChildren;
}) {
  const { step, state: { quantity: symbol } } = props, place = placeOf(step.focus, symbol);
  const section = useRef<HTMLElement>(null), heading = useRef<HTMLHeadingElement>(null);
  // a link that was followed has gone: its focus goes to the entry that it led to
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadFocus && !section.current!.contains(document.activeElement)) {
      heading.current!.focus({ preventScroll: true });
    }
  });
  return (
    <section class="entry" aria-labelledby="entry-title" ref={section}>
      <h3 id="entry-title" tabIndex={-1} aria-live="polite" ref={heading}>
        {symbol}[{`${place}`}] = {formatResult(step.values[symbol].at(...place))}
      </h3>
      <div key={symbol}>
        <Terms {...props} />
        <Difference {...props} />
        {children}
      </div>
    </section>
  );
}

/** The terms of the entry's sum, the largest first, in a table. */
function Terms({ step, state: { quantity, focus }, link }: StepProps) {
  const [showsAll, setShowsAll] = useState(false), [working] = workingsOf(step, quantity);
  if (!working) return null;
  const { last, numerator, divisor, result } = working;
  const all = last ? [...working.terms, last] : working.terms, terms = largestFirst(all);
  const { shown: main, rest: others } = shorten(terms), count = all.length;
  const zeros = count - terms.length;
  /** A link's attributes that lead to an entry; nothing if it cannot be shown. */
  const linkTo = ({ symbol: quantity, row, column }: Entry) =>
    quantity === "labels" || quantity === "η"
      ? undefined
      : { href: link({ quantity, focus: { ...focus, ...focusOn(quantity, row, column) } }) };
  const columns = Math.max(1, ...main.map(({ factors }) => factors.length));
  /** A product, each factor in a column of its own; among hundreds of terms they are no links. */
  const row = ({ factors, isSubtracted, value }: Term, isLinked = true, lead = "") => (
    <tr>
      <td class="lead">{isSubtracted ? "−" : lead}</td>
      {factors.map(({ name, value, entry }, i) => (
        <>
          {i > 0 && <td>×</td>}
          <td>
            <a class="factor" {...isLinked && entry && linkTo(entry)}>
              {name !== `${value}` && <small>{name}</small>}
              <span>{formatResult(value)}</span>
            </a>
          </td>
        </>
      ))}
      {factors.length < columns && <td colSpan={2 * (columns - factors.length)} />}
      <td>=</td>
      <td>{formatResult(value)}</td>
    </tr>
  );
  const summary = (name: ComponentChildren, value: string, kind?: "result-row") => (
    <tr class={kind}>
      <th scope="row" colSpan={2 * columns + 1}>{name}</th>
      <td>{value}</td>
    </tr>
  );
  const more = (
    <>
      {!showsAll && t(`${others.length} more terms`, `ほか ${others.length} 項`)}{" "}
      <button type="button" onClick={() => setShowsAll(!showsAll)}>
        {showsAll ? t("Show fewer", "減らす") : t("Show all", "すべて表示")}
      </button>
    </>
  );
  const blank = t(`${counted(zeros, "term")} equal to 0`, `0 の項: ${zeros} 個`);
  const divided = divisor !== undefined &&
    t(`divided by B = ${divisor}`, `B = ${divisor} で割る`);
  const end = numerator ? t("quotient", "商") : divided;
  const sum = numerator ? t("denominator", "分母") : t("sum", "和");
  return (
    <>
      {count > 1 && (
        <p class="quiet">
          {t(`${count} terms, the largest first`, `${count} 項、絶対値の大きい順`)}
        </p>
      )}
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="entry-title">
        <table class="terms">
          <tbody>
            {numerator && row(numerator, true, t("numerator", "分子"))}
            {main.map((term) => row(term))}
            {showsAll && others.map((term) => row(term, false))}
            {others.length > 0 && summary(more, showsAll ? "" : formatResult(total(others)))}
            {zeros > 0 && summary(blank, "0")}
            {end && summary(sum, formatResult(total(all)))}
            {(end || count > 1) && summary(end || sum, formatResult(result), "result-row")}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** A gradient by finite differences. */
function Difference({ step, state: { quantity: symbol } }: StepProps) {
  const place = placeOf(step.focus, symbol), found = differenceQuotient(step, symbol, ...place);
  if (!found) return null;
  const { h, above, below, quotient, byEquation, digits } = found;
  const entry = `${found.symbol}[${place}]`, count = digits.toFixed(1), isHidden = digits < 3;
  return (
    <div class="difference">
      <h4>{t(`The same by finite differences, h = ${h}`, `差分で求めると（h = ${h}）`)}</h4>
      {[
        `E(${entry} + h) = ${above.toFixed(12)}`,
        `E(${entry} - h) = ${below.toFixed(12)}`,
        `(E(+h) - E(-h)) / 2h = ${formatResult(quotient, 9)}`,
        `${symbol}[${place}] = ${formatResult(byEquation, 9)}`,
      ].map((line) => <p key={line} class="worked">{line}</p>)}
      <p class={isHidden ? "quiet" : "agrees"}>
        {isHidden
          ? t(
            "The entry is so small that rounding hides it in the difference of the losses.",
            "この要素は小さすぎて、損失の差では丸め誤差に隠れる。",
          )
          : digits === Infinity
          ? t("✓ equal", "✓ 等しい")
          : t(`✓ equal in ${count} digits`, `✓ 約 ${count} 桁一致`)}
      </p>
    </div>
  );
}
