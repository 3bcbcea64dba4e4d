// Symbols and differences in running text.
import { Markup, markup } from "../charts/html.ts";

/** A text in which symbols have their digit below, and differences a minus sign: (1 − Y₁). */
export function formula(words: string): Markup {
  const below = markup`${words}`.text.replaceAll(/\b(d?[AWYb])([12])\b/g, "$1<sub>$2</sub>");
  return new Markup(below.replaceAll(" - ", " − "));
}
