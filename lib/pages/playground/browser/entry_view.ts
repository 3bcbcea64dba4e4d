// How one entry of a quantity comes about: the terms of its sum, and for gradients the same number
// by differences.
import { type ComputedSymbol, STEP } from "../../../../mod.ts";
import { differenceQuotient } from "../../../explain/differences.ts";
import type { ExplainedStep } from "../../../explain/explained_step.ts";
import { type MatrixSymbol, QUANTITIES } from "../../../network/step.ts";
import { EXPLANATIONS } from "../../../explain/explanations.ts";
import {
  type Entry,
  formatResult,
  formatWorking,
  MAX_TERMS,
  printWorking,
  type Working,
} from "../../../explain/expression.ts";
import { type Factor, type Term, termsOf, type TermSum } from "../../../explain/terms.ts";
import { placeOf } from "../step/slices.ts";
import { byId, createElement } from "./elements.ts";
import { language, say, sayWith } from "./language.ts";
import { paint } from "./paint.ts";
import { describePlace } from "./quantity_picture.ts";

/** The gradients that come from dA2, which is divided by B. */
const AFTER_DIVISION: readonly MatrixSymbol[] = ["dW2", "db2", "dY1", "dA1", "dW1", "db1"];

/** With fewer digits in common, rounding is named as the reason. */
const MIN_DIGITS = 3;

/** Shows an entry of a step. */
export class EntryView {
  #step: ExplainedStep | undefined;
  #symbol: MatrixSymbol = "A1";
  #showsAll = false;
  #title = "";

  /** @param linkTo the address of the view of another entry; nothing if it cannot be shown */
  constructor(readonly linkTo: (entry: Entry) => string | undefined) {}

  /** Shows the entry in focus. */
  show(step: ExplainedStep, symbol: MatrixSymbol): void {
    if (this.#symbol !== symbol) this.#showsAll = false;
    this.#step = step;
    this.#symbol = symbol;
    const workings = this.#workings(), value = valueAt(step, symbol);
    const working = workings[0] && printWorking(workings[0], language());
    this.#title = `${nameAt(step, symbol)} = ${working?.result ?? formatResult(value)}`;
    byId("entry-title", HTMLElement).textContent = this.#title;
    const image = QUANTITIES[symbol].axes.includes("B") ? [thumbnail(step, step.focus.B)] : [];
    byId("entry-place", HTMLElement).replaceChildren(...image, describePlace(step, symbol));
    byId("entry-terms", HTMLElement).replaceChildren(
      ...(working ? this.#terms(workings[0]!, working.result) : [this.#noTerms()]),
      ...this.#division(),
    );
    byId("entry-worked", HTMLElement).replaceChildren(...this.#workedLines(workings));
    this.#showDifference();
  }

  /** The entry and its number: `dW1[3,400] = -0.01881`. */
  get title(): string {
    return this.#title;
  }

  #workings(): readonly Working[] {
    if (!(this.#symbol in EXPLANATIONS)) return [];
    return EXPLANATIONS[this.#symbol as ComputedSymbol].workings(this.#step!);
  }

  /** What is said of an entry without a computation: it is given, or comes from the labels. */
  #noTerms(): HTMLElement {
    const symbol = this.#symbol, { focus, values } = this.#step!;
    if (symbol === "onehot") {
      const label = values.labels.values[focus.B]!;
      const text = label === focus.K ? "entry.label.right" : "entry.label.wrong";
      return createElement("p", {}, say(text, { label }));
    }
    const used = STEP.filter(({ from }) => from.includes(symbol)).map((one) => one.symbol);
    const links = used.flatMap((one, i) => [i === 0 ? "" : ", ", this.#linkTo(one)]);
    return createElement("p", {}, ...sayWith("entry.given", "symbols", links));
  }

  /** Where the factor 1/B of a gradient of several images is. */
  #division(): HTMLElement[] {
    const { B } = this.#step!.sizes;
    if (B === 1 || !AFTER_DIVISION.includes(this.#symbol)) return [];
    const link = this.#linkTo("dA2");
    return [createElement(
      "p",
      { class: "quiet" },
      ...sayWith("entry.division", "symbol", [link], { batch: B }),
    )];
  }

  /** A link to a quantity, at the entry in focus. */
  #linkTo(symbol: MatrixSymbol): HTMLElement {
    const [row, column] = placeOf(this.#step!.focus, symbol);
    const entry = { symbol, row, column, value: valueAt(this.#step!, symbol) };
    return createElement("a", { href: this.linkTo(entry)! }, symbol);
  }

  #terms({ expression }: Working, result: string): HTMLElement[] {
    const sum = termsOf(expression), { terms, zeros, numerator, divisor } = sum;
    const isOne = terms.length + zeros <= 1;
    const factors = Math.max(
      ...[...terms, ...numerator ? [numerator] : []].map((term) => term.factors.length),
      1,
    );
    // the bias among products has a row of its own; of the others as many are shown as in one line
    const biases = terms.length <= MAX_TERMS || numerator
      ? []
      : terms.filter((term) => term.factors.length < factors);
    const addends = terms.filter((term) => !biases.includes(term));
    const shown = this.#showsAll || addends.length <= MAX_TERMS
      ? addends
      : addends.slice(0, MAX_TERMS - 1);
    // a sum over the images shows whose term each is
    const images = new Set(terms.map(imageOf));
    const hasImages = images.size > 1 && !images.has(undefined);
    const lead = (term: Term) => hasImages ? [thumbnail(this.#step!, imageOf(term)!)] : [];
    const rows = [
      ...(numerator ? [this.#row(numerator, factors, [say("entry.numerator")])] : []),
      ...shown.map((term) => this.#row(term, factors, lead(term))),
      ...this.#rest(addends.slice(shown.length), zeros, factors),
      ...biases.map((term) => this.#row(term, factors, lead(term))),
      ...(isOne && !numerator && !divisor ? [] : [totalRow(sum, result, factors)]),
    ];
    if (divisor !== undefined) {
      rows.push(resultRow(say("entry.divided", { divisor }), result, factors));
    } else if (numerator) rows.push(resultRow(say("entry.quotient"), result, factors));
    const heading = isOne
      ? say((terms[0]?.factors.length ?? 0) > 1 ? "entry.product" : "entry.from")
      : say("entry.terms", { count: terms.length + zeros });
    return [
      createElement("p", { class: "quiet" }, heading),
      createElement(
        "div",
        { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "entry-title" },
        createElement(
          "table",
          { class: factors > 2 ? "terms many" : "terms" },
          createElement("tbody", {}, ...rows),
        ),
      ),
    ];
  }

  /** The terms that are not shown: those that are 0, and small ones with their sum. */
  #rest(others: readonly Term[], zeros: number, factors: number): HTMLElement[] {
    const rows: HTMLElement[] = [];
    if (others.length > 0) {
      const value = others.reduce((sum, { value }) => sum + value, 0);
      const button = createElement("button", { type: "button" }, say("entry.all"));
      button.onclick = () => {
        this.#showsAll = true;
        this.show(this.#step!, this.#symbol);
      };
      const words = say("entry.others", { count: others.length });
      rows.push(tableRow([spanning("td", factors, words, " ", button)], value));
    }
    if (zeros > 0) {
      rows.push(tableRow([spanning("td", factors, say("entry.zeros", { count: zeros }))], 0));
    }
    return rows;
  }

  /** A product, each factor in a column of its own. */
  #row(
    { factors, isSubtracted, value }: Term,
    columns: number,
    lead: readonly (Node | string)[],
  ): HTMLElement {
    const sign = isSubtracted ? ["−"] : [];
    const cells = factors.flatMap((factor, i) => {
      const cell = createElement("td", {}, this.#factor(factor));
      return i === 0 ? [cell] : [createElement("td", {}, "×"), cell];
    });
    const unused = 2 * (columns - factors.length);
    if (unused > 0) cells.push(createElement("td", { colspan: `${unused}` }));
    return tableRow([createElement("td", { class: "lead" }, ...lead, ...sign), ...cells], value);
  }

  /** A factor: its name and number, as a link to the entry that it comes from. */
  #factor({ name, value, entry }: Factor): HTMLElement {
    const address = entry && this.linkTo(entry);
    const inside = [
      ...(name === `${value}` ? [] : [createElement("small", {}, name)]),
      createElement("span", {}, formatResult(value)),
    ];
    return address === undefined
      ? createElement("span", { class: "factor" }, ...inside)
      : createElement("a", { class: "factor", href: address }, ...inside);
  }

  /** The same lines that `explain` prints. */
  #workedLines(workings: readonly Working[]): HTMLElement[] {
    if (workings.length === 0) return [];
    return [
      createElement("h4", {}, say("entry.worked")),
      ...workings.flatMap((working) => [
        ...(working.note ? [createElement("p", { class: "quiet" }, working.note[language()])] : []),
        createElement("p", { class: "worked" }, formatWorking(working, language())),
      ]),
    ];
  }

  #showDifference(): void {
    const box = byId("difference", HTMLElement), step = this.#step!, symbol = this.#symbol;
    const [row, column] = placeOf(step.focus, symbol);
    const found = symbol in EXPLANATIONS
      ? differenceQuotient(step, symbol as ComputedSymbol, row, column)
      : undefined;
    box.hidden = found === undefined;
    if (!found) return;
    const { h, above, below, quotient, byEquation, digits } = found;
    const entry = `${found.symbol}[${row},${column}]`;
    const lines = [
      `E(${entry} + h) = ${above.toFixed(12)}`,
      `E(${entry} - h) = ${below.toFixed(12)}`,
      `(E(+h) - E(-h)) / 2h = ${formatResult(quotient, 9)}`,
      `${symbol}[${row},${column}] = ${formatResult(byEquation, 9)}`,
    ];
    const isClear = digits >= MIN_DIGITS;
    const verdict = !isClear
      ? say("difference.rounding")
      : digits === Infinity
      ? say("difference.equal")
      : say("difference.digits", { digits: digits.toFixed(1) });
    box.replaceChildren(
      createElement("h4", {}, say("difference")),
      createElement("p", {}, say("difference.what", { entry, h })),
      ...lines.map((line) => createElement("p", { class: "worked" }, line)),
      createElement(
        "p",
        { class: isClear ? "agrees" : "quiet" },
        `${isClear ? "✓ " : ""}${verdict}`,
      ),
    );
  }
}

function valueAt({ values, focus }: ExplainedStep, symbol: MatrixSymbol): number {
  return values[symbol].at(...placeOf(focus, symbol));
}

/** The name of the entry in focus: `dW1[3,400]`. */
function nameAt({ focus }: ExplainedStep, symbol: MatrixSymbol): string {
  return `${symbol}[${placeOf(focus, symbol)}]`;
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
function thumbnail({ data, batchIndices }: ExplainedStep, place: number): HTMLCanvasElement {
  const name = say("place.image", { place });
  const canvas = createElement("canvas", {
    class: "thumbnail ink",
    role: "img",
    "aria-label": name,
    title: name,
  });
  paint(canvas, data.image(batchIndices.values[place]!));
  return canvas;
}

/** A cell across the columns of a product. */
function spanning(
  name: "td" | "th",
  factors: number,
  ...children: readonly (Node | string)[]
): HTMLElement {
  const scope = name === "th" ? { scope: "row" } : {};
  const attributes = { class: "spanning", colspan: `${2 * factors}`, ...scope };
  return createElement(name, attributes, ...children);
}

function tableRow(cells: readonly HTMLElement[], value: number): HTMLElement {
  return createElement(
    "tr",
    {},
    ...cells,
    createElement("td", {}, "="),
    createElement("td", {}, formatResult(value)),
  );
}

function totalRow(
  { total, numerator, divisor }: TermSum,
  result: string,
  factors: number,
): HTMLElement {
  return !numerator && divisor === undefined
    ? resultRow(say("entry.sum"), result, factors)
    : resultRow(
      say(numerator ? "entry.denominator" : "entry.sum"),
      formatResult(total),
      factors,
      false,
    );
}

function resultRow(name: string, value: string, factors: number, isLast = true): HTMLElement {
  return createElement(
    "tr",
    { class: isLast ? "result-row" : "sum-row" },
    spanning("th", factors, name),
    createElement("td"),
    createElement("td", {}, value),
  );
}
