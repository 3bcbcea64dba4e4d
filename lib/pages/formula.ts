// Symbols and differences in running text.
import { Markup, markup } from "../charts/html.ts";

/**
 * A text in which symbols have their digit below, and differences a minus sign.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(formula("the factor (1 - Y1)").text, "the factor (1 − Y<sub>1</sub>)");
 * ```
 */
export function formula(words: string): Markup {
  return new Markup(
    markup`${words}`.text.replaceAll(/\b(d?[AWYb])([12])\b/g, "$1<sub>$2</sub>")
      .replaceAll(" - ", " − "),
  );
}
