// What a quantity is: its equation, where it comes from, and where to find it.
import { type MatrixSymbol, QUANTITIES, STEP, type StepInput } from "../../../network/step.ts";
import type { Explanation } from "../../../explain/explanation.ts";
import { EXPLANATIONS, INPUT_MEANINGS } from "../../../explain/explanations.ts";
import { markup } from "../../../charts/html.ts";
import { mathml } from "../mathml.ts";
import { byId, createElement } from "./elements.ts";
import { language, say } from "./language.ts";

/** The meaning of a quantity, in one line. */
export function meaningOf(symbol: MatrixSymbol): string {
  return (inputOf(symbol)
    ? INPUT_MEANINGS[inputOf(symbol)!.symbol]
    : explanationOf(symbol).meaning)[
      language()
    ];
}

/** The title of a quantity. */
export function titleOf(symbol: MatrixSymbol): string {
  return inputOf(symbol)
    ? `${symbol}: ${meaningOf(symbol)}`
    : explanationOf(symbol).title[language()];
}

/** The place of a quantity among those that the step computes: `10 of 18`. */
export function placeInStep(symbol: MatrixSymbol): string {
  const index = STEP.findIndex((quantity) => quantity.symbol === symbol);
  return index < 0
    ? say("words.input")
    : say("words.place", { place: index + 1, count: STEP.length });
}

/** Shows the words about a quantity. */
export function showQuantityWords(symbol: MatrixSymbol): void {
  byId("words-place", HTMLElement).textContent = placeInStep(symbol);
  byId("words-title", HTMLElement).textContent = titleOf(symbol);
  const quantity = QUANTITIES[symbol];
  const parts = ["words-derivation-part", "words-remarks-part"].map((id) => byId(id, HTMLElement));
  const isGiven = quantity.pass === "input";
  for (const part of parts) part.hidden = isGiven;
  byId("words-meaning", HTMLElement).textContent = isGiven ? "" : meaningOf(symbol);
  if (isGiven) {
    for (const id of ["words-equation", "words-report"]) byId(id, HTMLElement).replaceChildren();
    byId("words-code", HTMLElement).textContent = listingName(quantity.listing);
    return;
  }
  const { derivation, remarks, report } = explanationOf(symbol);
  byId("words-equation", HTMLElement).innerHTML = mathml(quantity.equation).text;
  showReport(report);
  parts[0]!.hidden = derivation.length === 0;
  byId("words-derivation", HTMLElement).replaceChildren(
    ...derivation.map(({ equation, why }) => {
      // lines that only go on with "= …" stand side by side
      const item = createElement(
        "li",
        equation.startsWith(" ") && !why ? { class: "going-on" } : {},
      );
      item.innerHTML = mathml(equation).text;
      if (why) item.append(createElement("span", { class: "quiet" }, why[language()]));
      return item;
    }),
  );
  parts[1]!.hidden = remarks.length === 0;
  byId("words-remarks", HTMLElement).replaceChildren(
    ...remarks.map((remark) => createElement("p", {}, remark[language()])),
  );
  const code = say("words.code", { name: quantity.by, file: quantity.file });
  byId("words-code", HTMLElement).textContent = quantity.listing === undefined
    ? code
    : `${listingName(quantity.listing)} · ${code}`;
}

function showReport({ equation, isCode, where }: Explanation["report"]): void {
  const formula = isCode ? markup`<code>${equation}</code>` : mathml(equation);
  byId("words-report", HTMLElement).innerHTML =
    markup`${say("words.report")} ${formula} ${where && `(${where[language()]})`}`.text;
}

function listingName(name: string): string {
  return say("words.listing", { name });
}

function inputOf(symbol: MatrixSymbol): StepInput | undefined {
  const one = QUANTITIES[symbol];
  return one.pass === "input" ? one : undefined;
}

function explanationOf(symbol: MatrixSymbol): Explanation {
  return EXPLANATIONS[symbol as keyof typeof EXPLANATIONS];
}
