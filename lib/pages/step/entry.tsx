/** @jsxImportSource preact */
// How one entry of a quantity comes about: the terms of its sum, and for gradients the same number
// by finite differences.
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type ComputedSymbol, STEP } from "../../../mod.ts";
import { differenceQuotient } from "../../explain/differences.ts";
import type { ExplainedStep } from "../../explain/explained_step.ts";
import { EXPLANATIONS } from "../../explain/explanations.ts";
import {
  type Entry,
  formatResult,
  formatWorking,
  MAX_TERMS,
  printedResult,
  type Working,
} from "../../explain/expression.ts";
import { type Factor, type Term, termsOf } from "../../explain/terms.ts";
import { workingsOf } from "../../explain/workings.ts";
import { type MatrixSymbol, QUANTITIES } from "../../network/step.ts";
import { Picture } from "../picture.tsx";
import { focusOn, placeOf } from "./slices.ts";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../view.ts";
import { describePlace } from "./slice.tsx";
import { placeInStep, titleOf } from "./words.tsx";

/** The gradients that come from dA2, which is divided by B. */
const AFTER_DIVISION: readonly MatrixSymbol[] = ["dW2", "db2", "dY1", "dA1", "dW1", "db1"];

/** With fewer digits in common, rounding is named as the reason. */
const MIN_DIGITS = 3;

interface EntryProps {
  readonly step: ExplainedStep;
  readonly symbol: MatrixSymbol;
}

/** A link to an entry; nothing if it cannot be shown. */
type LinkTo = (entry: Pick<Entry, "symbol" | "row" | "column">) => string | undefined;

/** The entry in focus, and how it comes about. */
export function EntrySection(
  { step, symbol, state, link, children }:
    & EntryProps
    & ViewProps
    & { readonly children: ComponentChildren },
): JSX.Element {
  const section = useRef<HTMLElement>(null), heading = useRef<HTMLHeadingElement>(null);
  const linkTo: LinkTo = ({ symbol, row, column }) => {
    if (symbol === "labels" || symbol === "η") return undefined;
    return link({
      quantity: symbol,
      focus: { ...state.focus, ...focusOn(symbol, row, column) },
    });
  };
  const workings = workingsOf(step, symbol), [first] = workings;
  const [row, column] = placeOf(step.focus, symbol), value = step.values[symbol].at(row, column);
  const name = `${symbol}[${row},${column}]`,
    result = first ? printedResult(first) : formatResult(value);
  // a link that was followed has gone: its focus goes to the entry that it led to
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadFocus && !section.current!.contains(document.activeElement)) {
      heading.current!.focus({ preventScroll: true });
    }
  });
  return (
    <section class="entry" aria-labelledby="entry-title" ref={section}>
      <h3 id="entry-title" tabIndex={-1} ref={heading}>{name} = {result}</h3>
      <div key={symbol} class="how">
        <p class="quiet at">
          {QUANTITIES[symbol].axes.includes("B") && <Thumbnail step={step} place={step.focus.B} />}
          {describePlace(step, symbol)}
        </p>
        {first
          ? <Terms {...{ step, linkTo, result }} working={first} />
          : <Given {...{ step, symbol, linkTo }} />}
        {step.sizes.B > 1 && AFTER_DIVISION.includes(symbol) && (
          <p class="quiet">
            <a href={linkTo({ ...placeIn(step, "dA2"), symbol: "dA2" })!}>dA2</a>
            {t(
              `, and so every gradient, already contains 1/B = 1/${step.sizes.B}.`,
              ` 以降の勾配は、すべて 1/B = 1/${step.sizes.B} を含む。`,
            )}
          </p>
        )}
        <Difference step={step} symbol={symbol} />
        {workings.length > 0 && (
          <>
            <h4>{t("In one line", "1 行で書くと")}</h4>
            {workings.map((working) => (
              <>
                {working.note && <p class="quiet">{working.note[language()]}</p>}
                <p class="worked">{formatWorking(working, language())}</p>
              </>
            ))}
          </>
        )}
        {children}
      </div>
      <p class="visually-hidden" role="status">
        {placeInStep(symbol)}. {titleOf(symbol)}. {name} = {result}
      </p>
    </section>
  );
}

function placeIn({ focus }: ExplainedStep, symbol: MatrixSymbol) {
  const [row, column] = placeOf(focus, symbol);
  return { row, column };
}

/** What is said of an entry without a computation: it is given, or comes from the labels. */
function Given({ step, symbol, linkTo }: EntryProps & { readonly linkTo: LinkTo }): JSX.Element {
  if (symbol === "onehot") {
    const label = step.values.labels.values[step.focus.B]!;
    return (
      <p>
        {label === step.focus.K ? t("the right class of this image", "この画像の正解のクラス") : t(
          `not the right class of this image, which is ${label}`,
          `この画像の正解のクラス ${label} ではない`,
        )}
      </p>
    );
  }
  const used = STEP.filter(({ from }) => from.includes(symbol)).map((one) => one.symbol);
  return (
    <p>
      {t(
        "This number is given. The quantities that use it: ",
        "この値は与えられている。これを使う量: ",
      )}
      {used.map((one, i) => (
        <>
          {i > 0 && ", "}
          <a href={linkTo({ ...placeIn(step, one), symbol: one })!}>{one}</a>
        </>
      ))}
      {t(".", "。")}
    </p>
  );
}

/** The terms of the entry's sum, the largest first. */
function Terms({ step, working, result, linkTo }: {
  readonly step: ExplainedStep;
  readonly working: Working;
  readonly result: string;
  readonly linkTo: LinkTo;
}): JSX.Element {
  const [showsAll, setShowsAll] = useState(false);
  const { terms, zeros, numerator, divisor, total } = termsOf(working.expression);
  const isOne = terms.length + zeros <= 1;
  const columns = Math.max(1, ...[...terms, ...numerator ? [numerator] : []].map(widthOf));
  // the bias among products has a row of its own; of the others as many are shown as in one line
  const hasBias = terms.length > MAX_TERMS && !numerator;
  const biases = hasBias ? terms.filter((term) => widthOf(term) < columns) : [];
  const addends = terms.filter((term) => !biases.includes(term));
  const isCut = addends.length > MAX_TERMS, shown = MAX_TERMS - 1;
  const main = isCut ? addends.slice(0, shown) : addends, others = addends.slice(main.length);
  // a sum over the images shows whose term each is
  const images = new Set(terms.map(imageOf)), hasImages = images.size > 1 && !images.has(undefined);
  const row = (term: Term, isAmongAll = false) => (
    <TermRow
      {...{ term, columns }}
      // hundreds of links would stand between the keyboard and the next button
      linkTo={isAmongAll ? undefined : linkTo}
      lead={hasImages && <Thumbnail step={step} place={imageOf(term)!} />}
    />
  );
  const count = (n: number, en: string, ja: string) =>
    t(`${n} ${en}${n === 1 ? "" : "s"}`, `${n} ${ja}`);
  return (
    <>
      <p class="quiet">
        {isOne
          ? (terms[0]?.factors.length ?? 0) > 1
            ? t("product of", "次の値の積")
            : t("from", "元の値")
          : count(terms.length + zeros, "term", "項") +
            t(", the largest first", "、絶対値の大きい順")}
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="entry-title">
        <table class={columns > 2 ? "terms many" : "terms"}>
          <tbody>
            {numerator && (
              <TermRow {...{ columns, linkTo }} term={numerator} lead={t("numerator", "分子")} />
            )}
            {main.map((term) => row(term))}
            {showsAll && others.map((term) => row(term, true))}
            {isCut && (
              <Row
                value={showsAll ? undefined : others.reduce((sum, { value }) => sum + value, 0)}
              >
                <td class="spanning" colSpan={2 * columns}>
                  {!showsAll && t(`${others.length} more terms`, `ほか ${others.length} 項`)}{" "}
                  <button type="button" onClick={() => setShowsAll(!showsAll)}>
                    {showsAll ? t("Show fewer", "減らす") : t("Show all", "すべて表示")}
                  </button>
                </td>
              </Row>
            )}
            {zeros > 0 && (
              <Row value={0}>
                <td class="spanning" colSpan={2 * columns}>
                  {t(
                    `${zeros} more term${zeros === 1 ? "" : "s"}, each 0`,
                    `ほか ${zeros} 項は 0`,
                  )}
                </td>
              </Row>
            )}
            {biases.map((term) => row(term))}
            {(!isOne || numerator || divisor !== undefined) && (
              <ResultRow
                {...{ columns }}
                name={numerator ? t("denominator", "分母") : t("sum", "和")}
                result={numerator || divisor !== undefined ? formatResult(total) : result}
                isLast={!numerator && divisor === undefined}
              />
            )}
            {divisor !== undefined && (
              <ResultRow
                {...{ columns, result }}
                name={t(`divided by B = ${divisor}`, `B = ${divisor} で割る`)}
              />
            )}
            {divisor === undefined && numerator && (
              <ResultRow {...{ columns, result }} name={t("quotient", "商")} />
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}

const widthOf = ({ factors }: Term) => factors.length;

/** A product, each factor in a column of its own. */
function TermRow({ term: { factors, isSubtracted, value }, columns, lead, linkTo }: {
  readonly term: Term;
  readonly columns: number;
  readonly lead: ComponentChildren;
  readonly linkTo: LinkTo | undefined;
}): JSX.Element {
  const unused = 2 * (columns - factors.length);
  return (
    <Row value={value}>
      <td class="lead">{lead}{isSubtracted && "−"}</td>
      {factors.map((factor, i) => (
        <>
          {i > 0 && <td>×</td>}
          <td>
            <FactorOf {...factor} href={factor.entry && linkTo?.(factor.entry)} />
          </td>
        </>
      ))}
      {unused > 0 && <td colSpan={unused} />}
    </Row>
  );
}

function Row({ value, children }: {
  readonly value: number | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <tr>
      {children}
      <td>{value === undefined ? "" : "="}</td>
      <td>{value === undefined ? "" : formatResult(value)}</td>
    </tr>
  );
}

function ResultRow({ name, result, columns, isLast = true }: {
  readonly name: string;
  readonly result: string;
  readonly columns: number;
  readonly isLast?: boolean;
}): JSX.Element {
  return (
    <tr class={isLast ? "result-row" : "sum-row"}>
      <th class="spanning" scope="row" colSpan={2 * columns}>{name}</th>
      <td />
      <td>{result}</td>
    </tr>
  );
}

/** A factor: its name and number, as a link to the entry that it comes from. */
function FactorOf({ name, value, href }: Factor & { readonly href: string | undefined }) {
  const inside = (
    <>
      {name !== `${value}` && <small>{name}</small>}
      <span>{formatResult(value)}</span>
    </>
  );
  return href === undefined
    ? <span class="factor">{inside}</span>
    : <a class="factor" href={href}>{inside}</a>;
}

/** The image that a term is computed from, if it is one of the batch. */
function imageOf({ factors }: Term): number | undefined {
  for (const { entry } of factors) {
    const at = entry && QUANTITIES[entry.symbol].axes.indexOf("B");
    if (at === 0) return entry!.row;
    if (at === 1) return entry!.column;
  }
  return undefined;
}

/** A small picture of an image of the batch. */
function Thumbnail(
  { step: { data, batchIndices }, place }: Pick<EntryProps, "step"> & { readonly place: number },
): JSX.Element {
  const name = t(`image ${place} of the batch`, `バッチの画像 ${place}`);
  return (
    <Picture
      class="thumbnail"
      image={data.image(batchIndices.values[place]!)}
      role="img"
      aria-label={name}
      title={name}
    />
  );
}

/** A gradient by finite differences. */
function Difference({ step, symbol }: EntryProps): JSX.Element | null {
  const [row, column] = placeOf(step.focus, symbol);
  const found = symbol in EXPLANATIONS
    ? differenceQuotient(step, symbol as ComputedSymbol, row, column)
    : undefined;
  if (!found) return null;
  const { h, above, below, quotient, byEquation, digits } = found;
  const entry = `${found.symbol}[${row},${column}]`, isClear = digits >= MIN_DIGITS;
  return (
    <div class="difference">
      <h4>{t("The same by finite differences", "差分で求めると")}</h4>
      <p>
        {t(
          `E with h = ${h} added to ${entry}, and subtracted:`,
          `${entry} に h = ${h} を足したときと引いたときの E:`,
        )}
      </p>
      {[
        `E(${entry} + h) = ${above.toFixed(12)}`,
        `E(${entry} - h) = ${below.toFixed(12)}`,
        `(E(+h) - E(-h)) / 2h = ${formatResult(quotient, 9)}`,
        `${symbol}[${row},${column}] = ${formatResult(byEquation, 9)}`,
      ].map((line) => <p key={line} class="worked">{line}</p>)}
      <p class={isClear ? "agrees" : "quiet"}>
        {isClear
          ? `✓ ${
            digits === Infinity
              ? t("equal", "等しい")
              : t(`equal in ${digits.toFixed(1)} digits`, `${digits.toFixed(1)} 桁まで一致`)
          }`
          : t(
            "The entry is so small that rounding hides it in the difference of the losses.",
            "この要素は小さすぎて、損失の差では丸め誤差に隠れる。",
          )}
      </p>
    </div>
  );
}
