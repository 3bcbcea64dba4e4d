/** @jsxImportSource preact */
// What a quantity is: its equation, where it comes from, and where to find it; and how its entry in
// focus comes about: the terms of its sum, and for gradients the same by finite differences.
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type ExplainedStep, focusOn, placeOf } from "../../explain/explained_step.ts";
import { EXPLANATIONS, meaningOf } from "../../explain/explanations.ts";
import {
  type Entry,
  formatResult,
  formatWorking,
  MAX_TERMS,
  type Term,
  termsOf,
  type Working,
  workingsOf,
} from "../../explain/expression.ts";
import { differenceQuotient } from "../../explain/weight_path.ts";
import { type MatrixSymbol, QUANTITIES, STEP } from "../../network/step.ts";
import { mathml } from "../mathml.ts";
import { Picture } from "../fields.tsx";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { describePlace, placeName } from "./slice.tsx";

/** The title of a quantity. */
function titleOf(symbol: MatrixSymbol): string {
  const quantity = QUANTITIES[symbol];
  return quantity.pass === "input"
    ? `${symbol}: ${meaningOf(symbol)[language()]}`
    : EXPLANATIONS[quantity.symbol].title[language()];
}

/** The place of a quantity among those that the step computes: `10 of 18`. */
function placeInStep(symbol: MatrixSymbol): string {
  const place = 1 + STEP.findIndex((quantity) => quantity.symbol === symbol);
  if (place === 0) return t("given", "与えられる値");
  return t(`${place} of ${STEP.length}`, `${STEP.length} 個中 ${place} 番目`);
}

/** A symbol with its digit below: W1' as W₁′. */
export function SymbolName({ symbol }: { readonly symbol: string }) {
  const [, letters, digit, prime] = /^(\D+?)(\d?)('?)$/.exec(symbol)!;
  return <>{letters}{digit && <sub>{digit}</sub>}{prime && "′"}</>;
}

function Equation({ of }: { readonly of: string }) {
  return <span dangerouslySetInnerHTML={{ __html: mathml(of).text }} />;
}

/** The equation of a quantity with its derivation, the report's own form, and its code. */
export function WordsSections({ symbol }: { readonly symbol: MatrixSymbol }) {
  const quantity = QUANTITIES[symbol], { listing } = quantity, place = placeInStep(symbol);
  const code = listing ? [t(`${listing} in the listing`, `レポートでの名前: ${listing}`)] : [];
  const words = (about: readonly string[], equations?: JSX.Element) => (
    <section class="words" aria-labelledby="words-title">
      <h3 id="words-title">{titleOf(symbol)}</h3>
      <p class="quiet">{about.join(" · ")}</p>
      {equations}
    </section>
  );
  if (quantity.pass === "input") return words([place, ...code]);
  const { by, file } = quantity;
  const { meaning, report, derivation, remarks } = EXPLANATIONS[quantity.symbol];
  return (
    <>
      {words(
        [place, meaning[language()]],
        <div class="equations">
          <p class="equation">
            <Equation of={quantity.equation} />
          </p>
          <p class="quiet">
            {t("In the report:", "レポート:")}{" "}
            {report.isCode ? <code>{report.equation}</code> : <Equation of={report.equation} />}
            {report.where && ` (${report.where[language()]})`}
          </p>
        </div>,
      )}
      <section class="derivations" aria-label={t("Derivation", "導出")}>
        <h4>{t("Derivation", "導出")}</h4>
        <ol class="derivation">
          {derivation.map(({ equation, why }) => (
            // lines that only go on with "= …" stand side by side
            <li class={equation.startsWith(" ") && !why ? "going-on" : ""}>
              <Equation of={equation} />
              {why && <span class="quiet">{why[language()]}</span>}
            </li>
          ))}
        </ol>
        {remarks.length > 0 && (
          <details>
            <summary>{t("Remarks", "補足")}</summary>
            {remarks.map((remark) => <p key={remark.en}>{remark[language()]}</p>)}
          </details>
        )}
        <p class="quiet">{[...code, t(`${by}() in ${file}`, `${file} の ${by}()`)].join(" · ")}</p>
      </section>
    </>
  );
}

/** With fewer digits in common, rounding is named as the reason. */
const MIN_DIGITS = 3;

/** The entry in focus, and how it comes about. */
export function EntrySection({ step, symbol, state, link, children }: ViewProps & {
  readonly step: ExplainedStep;
  readonly symbol: MatrixSymbol;
  readonly children: ComponentChildren;
}) {
  const section = useRef<HTMLElement>(null), heading = useRef<HTMLHeadingElement>(null);
  const { focus, sizes, values } = step, { axes, pass } = QUANTITIES[symbol];
  /** A link's attributes that lead to an entry; nothing if it cannot be shown. */
  const linkTo: LinkTo = ({ symbol: quantity, row, column }) =>
    quantity === "labels" || quantity === "η"
      ? undefined
      : { href: link({ quantity, focus: { ...state.focus, ...focusOn(quantity, row, column) } }) };
  const toQuantity = (symbol: MatrixSymbol) => {
    const [row, column] = placeOf(focus, symbol);
    return <a {...linkTo({ symbol, row, column })}>{symbol}</a>;
  };
  const workings = workingsOf(step, symbol), [first] = workings;
  const [row, column] = placeOf(focus, symbol), name = `${symbol}[${row},${column}]`;
  const lines = workings.map((working) => formatWorking(working, language()));
  const result = lines[0]?.split(" = ").at(-1) ?? formatResult(values[symbol].at(row, column));
  // a link that was followed has gone: its focus goes to the entry that it led to
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadFocus && !section.current!.contains(document.activeElement)) {
      heading.current!.focus({ preventScroll: true });
    }
  });
  const label = values.labels.values[focus.B]!;
  const given = () => (
    <>
      {t(
        "This number is given. The quantities that use it: ",
        "この値は与えられている。これを使う量: ",
      )}
      {STEP.filter(({ from }) => from.includes(symbol))
        .flatMap(({ symbol: user }, i) => [i > 0 && ", ", toQuantity(user)])}
      {t(".", "。")}
    </>
  );
  return (
    <section class="entry" aria-labelledby="entry-title" ref={section}>
      <h3 id="entry-title" tabIndex={-1} ref={heading}>{name} = {result}</h3>
      <div key={symbol} class="how">
        <p class="quiet at">
          {axes.includes("B") && <Thumbnail step={step} place={focus.B} />}
          {describePlace(step, symbol)}
        </p>
        {first ? <Terms {...{ step, linkTo, result }} working={first} /> : (
          <p>
            {symbol === "onehot"
              ? t(
                `The right class of this image is ${label}.`,
                `この画像の正解のクラスは ${label}。`,
              )
              : given()}
          </p>
        )}
        {sizes.B > 1 && pass === "backward" && symbol !== "dA2" && (
          <p class="quiet">
            {toQuantity("dA2")}
            {t(
              `, and so every gradient, already contains 1/B = 1/${sizes.B}.`,
              ` 以降の勾配は、すべて 1/B = 1/${sizes.B} を含む。`,
            )}
          </p>
        )}
        <Difference {...{ step, symbol, name }} />
        {first && <h4>{t("In one line", "1 行で書くと")}</h4>}
        {workings.map(({ note }, i) => (
          <>
            {note && <p class="quiet">{note[language()]}</p>}
            <p class="worked">{lines[i]}</p>
          </>
        ))}
        {children}
      </div>
      <p class="visually-hidden" role="status">
        {placeInStep(symbol)}. {titleOf(symbol)}. {name} = {result}
      </p>
    </section>
  );
}

type LinkTo = (entry: Omit<Entry, "value">) => { readonly href: string } | undefined;

const widthOf = ({ factors }: Term) => factors.length;

/** The terms of the entry's sum, the largest first, in a table. */
function Terms({ step, linkTo, working: { expression }, result }: {
  readonly step: ExplainedStep;
  readonly linkTo: LinkTo;
  readonly working: Working;
  readonly result: string;
}) {
  const [showsAll, setShowsAll] = useState(false);
  const { terms, zeros, numerator, divisor, total } = termsOf(expression);
  const count = terms.length + zeros;
  const columns = Math.max(1, ...[...terms, ...numerator ? [numerator] : []].map(widthOf));
  // the bias among products has a row of its own; of the others as many are shown as in one line
  const isBias = (term: Term) => terms.length > MAX_TERMS && !numerator && widthOf(term) < columns;
  const addends = terms.filter((term) => !isBias(term)), isCut = addends.length > MAX_TERMS;
  const main = isCut ? addends.slice(0, MAX_TERMS - 1) : addends,
    others = addends.slice(main.length);
  // a sum over the images shows whose term each is
  const images = new Set(terms.map(imageOf)), hasImages = images.size > 1 && !images.has(undefined);
  /** A product, each factor in a column of its own; among hundreds of terms they are no links. */
  const row = (term: Term, isLinked = true, lead?: string) => (
    <tr>
      <td class="lead">
        {lead ?? (hasImages && <Thumbnail step={step} place={imageOf(term)!} />)}
        {term.isSubtracted && "−"}
      </td>
      {term.factors.map(({ name, value, entry }, i) => (
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
      {widthOf(term) < columns && <td colSpan={2 * (columns - widthOf(term))} />}
      <td>=</td>
      <td>{formatResult(term.value)}</td>
    </tr>
  );
  const summary = (kind: string, name: ComponentChildren, value: string) => (
    <tr class={kind}>
      <th scope="row" colSpan={2 * columns}>{name}</th>
      <td>{kind === "more" && value && "="}</td>
      <td>{value}</td>
    </tr>
  );
  const rest = others.reduce((sum, { value }) => sum + value, 0);
  const more = (
    <>
      {!showsAll && t(`${others.length} more terms`, `ほか ${others.length} 項`)}{" "}
      <button type="button" onClick={() => setShowsAll(!showsAll)}>
        {showsAll ? t("Show fewer", "減らす") : t("Show all", "すべて表示")}
      </button>
    </>
  );
  const blank = t(`${zeros} more term${zeros > 1 ? "s" : ""}, each 0`, `ほか ${zeros} 項は 0`);
  const end = numerator
    ? t("quotient", "商")
    : divisor !== undefined && t(`divided by B = ${divisor}`, `B = ${divisor} で割る`);
  const sum = numerator ? t("denominator", "分母") : t("sum", "和");
  return (
    <>
      <p class="quiet">
        {count > 1
          ? t(`${count} terms, the largest first`, `${count} 項、絶対値の大きい順`)
          : terms[0] && widthOf(terms[0]) > 1
          ? t("product of", "次の値の積")
          : t("from", "元の値")}
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="entry-title">
        <table class={columns > 2 ? "terms many" : "terms"}>
          <tbody>
            {numerator && row(numerator, true, t("numerator", "分子"))}
            {main.map((term) => row(term))}
            {showsAll && others.map((term) => row(term, false))}
            {isCut && summary("more", more, showsAll ? "" : formatResult(rest))}
            {zeros > 0 && summary("more", blank, "0")}
            {terms.filter(isBias).map((term) => row(term))}
            {end
              ? [summary("sum-row", sum, formatResult(total)), summary("result-row", end, result)]
              : count > 1 && summary("result-row", sum, result)}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** The image that a term is computed from, if it is one of the batch. */
function imageOf({ factors }: Term): number | undefined {
  return factors.flatMap(({ entry }) =>
    entry ? focusOn(entry.symbol, entry.row, entry.column).B ?? [] : []
  )[0];
}

/** A small picture of an image of the batch. */
function Thumbnail({ step, place }: { readonly step: ExplainedStep; readonly place: number }) {
  const image = step.data.image(step.batchIndices.values[place]!);
  const name = placeName(step, "B", place);
  return <Picture class="thumbnail" role="img" aria-label={name} title={name} image={image} />;
}

/** A gradient by finite differences. */
function Difference({ step, symbol, name }: {
  readonly step: ExplainedStep;
  readonly symbol: MatrixSymbol;
  readonly name: string;
}) {
  const found = differenceQuotient(step, symbol, ...placeOf(step.focus, symbol));
  if (!found) return null;
  const { h, above, below, quotient, byEquation, digits } = found;
  const entry = name.replace(symbol, found.symbol), count = digits.toFixed(1);
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
        `${name} = ${formatResult(byEquation, 9)}`,
      ].map((line) => <p key={line} class="worked">{line}</p>)}
      <p class={digits < MIN_DIGITS ? "quiet" : "agrees"}>
        {digits < MIN_DIGITS
          ? t(
            "The entry is so small that rounding hides it in the difference of the losses.",
            "この要素は小さすぎて、損失の差では丸め誤差に隠れる。",
          )
          : digits === Infinity
          ? t("✓ equal", "✓ 等しい")
          : t(`✓ equal in ${count} digits`, `✓ ${count} 桁まで一致`)}
      </p>
    </div>
  );
}
