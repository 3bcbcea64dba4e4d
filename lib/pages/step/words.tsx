/** @jsxImportSource preact */
// What a quantity is: its equation, where it comes from, and where to find it.
import type { JSX } from "preact";
import type { Explanation } from "../../explain/explanation.ts";
import { EXPLANATIONS, INPUT_MEANINGS } from "../../explain/explanations.ts";
import { type MatrixSymbol, QUANTITIES, STEP } from "../../network/step.ts";
import { mathml } from "../mathml.ts";
import { language, t } from "../texts.ts";

/** The meaning of a quantity, in one line. */
export function meaningOf(symbol: MatrixSymbol): string {
  const quantity = QUANTITIES[symbol];
  const words = quantity.pass === "input"
    ? INPUT_MEANINGS[quantity.symbol]
    : explanationOf(symbol).meaning;
  return words[language()];
}

/** The title of a quantity. */
export function titleOf(symbol: MatrixSymbol): string {
  return QUANTITIES[symbol].pass === "input"
    ? `${symbol}: ${meaningOf(symbol)}`
    : explanationOf(symbol).title[language()];
}

/** The place of a quantity among those that the step computes: `10 of 18`. */
export function placeInStep(symbol: MatrixSymbol): string {
  const place = 1 + STEP.findIndex((quantity) => quantity.symbol === symbol);
  if (place === 0) return t("given", "与えられる値");
  return t(`${place} of ${STEP.length}`, `${STEP.length} 個中 ${place} 番目`);
}

/** A symbol with its digit below: W1' as W₁′. */
export function SymbolName({ symbol }: { readonly symbol: string }): JSX.Element {
  const [, letters, digit, prime] = /^(\D+?)(\d?)('?)$/.exec(symbol)!;
  return <>{letters}{digit && <sub>{digit}</sub>}{prime && "′"}</>;
}

/** An equation as MathML. */
export function Equation({ of }: { readonly of: string }): JSX.Element {
  return <span dangerouslySetInnerHTML={{ __html: mathml(of).text }} />;
}

/** The equation of a quantity with its derivation, the report's own form, and its code. */
export function WordsSections({ symbol }: { readonly symbol: MatrixSymbol }): JSX.Element {
  const quantity = QUANTITIES[symbol], isGiven = quantity.pass === "input";
  const inListing = quantity.listing === undefined
    ? ""
    : t(`${quantity.listing} in the listing`, `レポートでの名前: ${quantity.listing}`);
  return (
    <>
      <section class="words" aria-labelledby="words-title">
        <h3 id="words-title">{titleOf(symbol)}</h3>
        <p class="quiet place">
          {placeInStep(symbol)}
          {!isGiven && ` · ${meaningOf(symbol)}`}
        </p>
        {!isGiven && (
          <div class="equations">
            <p class="equation">
              <Equation of={quantity.equation} />
            </p>
            <ReportForm report={explanationOf(symbol).report} />
          </div>
        )}
      </section>
      <section class="derivations" aria-label={t("Derivation", "導出")}>
        {!isGiven && <Derivation of={explanationOf(symbol)} />}
        <p class="quiet code">
          {isGiven ? inListing : [
            inListing,
            t(
              `${quantity.by}() in ${quantity.file}`,
              `${quantity.file} の ${quantity.by}()`,
            ),
          ].filter((words) => words !== "").join(" · ")}
        </p>
      </section>
    </>
  );
}

function ReportForm(
  { report: { equation, isCode, where } }: { readonly report: Explanation["report"] },
): JSX.Element {
  return (
    <p class="quiet">
      {t("In the report:", "レポート:")}{" "}
      {isCode ? <code>{equation}</code> : <Equation of={equation} />}
      {where && ` (${where[language()]})`}
    </p>
  );
}

function Derivation({ of: { derivation, remarks } }: { readonly of: Explanation }): JSX.Element {
  return (
    <>
      {derivation.length > 0 && (
        <>
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
        </>
      )}
      {remarks.length > 0 && (
        <details>
          <summary>{t("Remarks", "補足")}</summary>
          {remarks.map((remark) => <p key={remark.en}>{remark[language()]}</p>)}
        </details>
      )}
    </>
  );
}

function explanationOf(symbol: MatrixSymbol): Explanation {
  return EXPLANATIONS[symbol as keyof typeof EXPLANATIONS];
}
