/**
 * One entry of a matrix, worked out with the real numbers.
 *
 * @module
 */

import type { Language } from "../text/layout.ts";

/** An entry and how it comes about. */
export interface Derivation {
  /** Which entry: `A1[2,0]`. */
  readonly entry: string;
  /** The steps from symbols to numbers, joined by `=`; the last is the result. */
  readonly steps: readonly (string | Products)[];
  /** What the functions of lib/ gave for it. */
  readonly result: number;
}

/** A sum of products, and what is added to it. */
export interface Products {
  /** Factors of each term. */
  readonly terms: readonly (readonly [number, number])[];
  /** The bias, if there is one. */
  readonly plus?: number;
}

/** So many terms of a sum are written out. */
const MOST_TERMS = 4;

/** `A1[2,0] = 0.12·1.0 + … = 0.34`. */
export function formatDerivation({ entry, steps, result }: Derivation, language: Language): string {
  const written = steps.map((step) => typeof step === "string" ? step : sum(step, language));
  return [entry, ...written, fourDigits(result)].join(" = ");
}

/** Four significant digits. */
export function fourDigits(x: number): string {
  if (x === 0) return "0";
  const size = Math.abs(x);
  return size < 1e-4 || size >= 1e6 ? x.toExponential(3) : x.toPrecision(4);
}

/** Four significant digits, in brackets if negative. */
export function parenthesize(x: number): string {
  return x < 0 ? `(${fourDigits(x)})` : fourDigits(x);
}

/** A long sum is shown by its largest terms. */
function sum({ terms, plus }: Products, language: Language): string {
  const counted = terms.filter(([a, b]) => a * b !== 0);
  const few = terms.length <= MOST_TERMS;
  const size = ([a, b]: readonly [number, number]) => Math.abs(a * b);
  const shown = few
    ? terms
    : counted.toSorted((s, t) => size(t) - size(s)).slice(0, MOST_TERMS - 1);
  const written = shown.map(([a, b]) => `${parenthesize(a)}·${parenthesize(b)}`);
  const others = few ? 0 : counted.length - shown.length;
  if (others > 0) {
    written.push(language === "en" ? `… (${others} more terms)` : `…（ほか ${others} 項）`);
  }
  if (written.length === 0) written.push("0");
  if (plus !== undefined) written.push(parenthesize(plus));
  return written.join(" + ");
}
