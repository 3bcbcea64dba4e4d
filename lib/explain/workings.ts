// The computation of one entry of a quantity: a sum of products of other entries, printed so that
// it adds up: on a pocket calculator the printed line gives the printed result.
import type { ComputedSymbol, MatrixSymbol, StepSymbol } from "../network/step.ts";
import { type Language, t, type Text } from "../text/layout.ts";
import { type ExplainedStep, type PerAxis, placeOf, range } from "./explained_step.ts";

/** An entry of a quantity, its row and column counted from 0. */
export interface Entry {
  readonly symbol: StepSymbol;
  readonly row: number;
  readonly column: number;
}

/** How a factor is computed from a number. */
const FUNCTIONS = {
  "1 - x": (x: number) => 1 - x,
  "e^x": Math.exp,
  "-ln x": (x: number) => -Math.log(x),
};

/** A number, or an entry or what is computed from one: its name is then `1 - Y1[3,0]`. */
export interface Factor {
  readonly name: string;
  readonly value: number;
  readonly entry?: Entry | undefined;
  readonly of?: readonly [name: keyof typeof FUNCTIONS, x: number];
}

/** A product that may be subtracted, and its value with that sign. */
export type Term = ReturnType<typeof term>;

/**
 * The computation of one number, `A1[2,0]`: a sum of terms, above a divisor or below a numerator,
 * of which `last` is printed after all others; and as the network's functions computed it, with a
 * note if it is not the entry itself.
 */
export interface Working {
  readonly name: string;
  readonly terms: readonly Term[];
  readonly last?: Term;
  readonly divisor?: number;
  readonly numerator?: Term;
  readonly result: number;
  readonly note?: Text;
}

export function term(...factors: readonly Factor[]) {
  return { factors, isSubtracted: false, value: product(factors) };
}

function minus(...factors: readonly Factor[]): Term {
  return { factors, isSubtracted: true, value: -product(factors) };
}

export function constant(value: number): Factor {
  return { name: `${value}`, value };
}

function apply(name: keyof typeof FUNCTIONS, { value: x, ...factor }: Factor): Factor {
  const inner = name === "e^x" ? `(${factor.name})` : factor.name;
  return { ...factor, name: name.replace("x", inner), value: FUNCTIONS[name](x), of: [name, x] };
}

type Valued = readonly { readonly value: number }[];
const product = (all: Valued) => all.reduce((product, { value }) => product * value, 1);

/** The sum of some terms, in their order. */
export const total = (all: Valued): number => all.reduce((sum, { value }) => sum + value, 0);

/** The terms that are not 0, the largest first. */
export function largestFirst(terms: readonly Term[]): readonly Term[] {
  return terms.filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

/** Sums of more terms than this are shown by their largest ones: one fewer, and the rest. */
const MAX_TERMS = 4;

/** Significant digits of a result, and the fewest and the most of an operand. */
const RESULT_DIGITS = 4, MAX_DIGITS = 17;

/**
 * The number, its computation and the result in one line that adds up, with as few digits as do;
 * without the numbers if doubles cannot: of a loss of 1e-20, P is 1.
 */
export function formatWorking(working: Working, language: Language): string {
  // a result next to the middle of two printed ones needs another digit
  for (let more = 0; more <= 2; more++) {
    const printed = formatResult(working.result, RESULT_DIGITS + more), unit = lastPlace(printed);
    for (let digits = RESULT_DIGITS; digits <= MAX_DIGITS; digits++) {
      const { text, value } = write(working, digits, language);
      if (Math.abs(value - Number(printed)) < 0.499 * unit) {
        return [working.name, text, printed].join(" = ");
      }
    }
  }
  return `${working.name} = ${formatResult(working.result)}`;
}

/** Four significant digits, or more. */
export function formatResult(x: number, digits = RESULT_DIGITS): string {
  return x === 0 ? "0" : significant(x, digits);
}

function significant(x: number, digits: number): string {
  const size = Math.abs(x);
  return size < 1e-4 || size >= 1e6 ? x.toExponential(digits - 1) : x.toPrecision(digits);
}

/** The value of one in the last printed digit; a result of 0 is exact except for rounding. */
function lastPlace(printed: string): number {
  if (printed === "0") return 1e-12;
  const [mantissa, exponent = "0"] = printed.split("e") as [string, string?];
  return 10 ** (Number(exponent) - (mantissa.split(".")[1]?.length ?? 0));
}

/** A working as it is printed, and its value with the printed numbers. */
function write({ terms, last, divisor, numerator }: Working, digits: number, language: Language) {
  const { shown, rest } = shorten(terms), parts = shown.map((one) => writeTerm(one, digits));
  if (rest.length > 0) {
    const left = number(total(rest), digits), count = rest.length;
    const words = t(`${count} more`, `ほか ${count} 項`)[language];
    parts.push({ ...left, text: `(${words}: ${left.text})` });
  }
  if (parts.length === 0) parts.push(number(0, digits));
  if (last) parts.push(writeTerm(last, digits));
  const sign = terms[1]?.isSubtracted ? " - " : " + ", isSum = parts.length > 1;
  const text = isSum ? parts.map((part) => brackets(part.text)).join(sign) : parts[0]!.text;
  const value = total(parts);
  if (divisor) return { text: `${brackets(text, isSum)} / ${divisor}`, value: value / divisor };
  if (!numerator) return { text, value };
  const above = writeTerm(numerator, digits);
  return { text: `${above.text} / ${brackets(text, isSum)}`, value: above.value / value };
}

/** Of a long sum the largest terms that are not 0, and the rest. */
export function shorten(terms: readonly Term[]): Record<"shown" | "rest", readonly Term[]> {
  if (terms.length <= MAX_TERMS) return { shown: terms, rest: [] };
  const used = largestFirst(terms), count = used.length > MAX_TERMS ? MAX_TERMS - 1 : MAX_TERMS;
  return { shown: used.slice(0, count), rest: used.slice(count) };
}

function writeTerm({ factors, isSubtracted }: Term, digits: number) {
  const written = factors.map((factor) => writeFactor(factor, digits));
  const [{ text: first }] = written as [typeof written[number]], value = product(written);
  const texts = written.map(({ text }) => brackets(text, text.includes(" ")));
  return { text: texts.length > 1 ? texts.join("·") : first, value: isSubtracted ? -value : value };
}

function writeFactor({ value, of }: Factor, digits: number) {
  if (!of) return number(value, digits);
  const [name, x] = of, { text, value: printed } = number(x, digits);
  return { text: name.replace("x", brackets(text)), value: FUNCTIONS[name](printed) };
}

/** A number to `digits` significant digits, or fewer if these give it exactly. */
function number(x: number, digits: number) {
  const rounded = significant(x, digits), text = Number(rounded) === x ? `${x}` : rounded;
  return { text, value: Number(text) };
}

/** The text in brackets, if it needs them or starts with a minus sign. */
function brackets(text: string, isNeeded = false): string {
  return isNeeded || text.startsWith("-") ? `(${text})` : text;
}

/** An entry of a quantity, as computations take it. */
export function entry(
  { values }: ExplainedStep,
  symbol: MatrixSymbol,
  row: number,
  column: number,
): Factor {
  const value = values[symbol].data[row * values[symbol].columns + column]!;
  return { name: `${symbol}[${row},${column}]`, value, entry: { symbol, row, column } };
}

type At = (symbol: MatrixSymbol, row: number, column: number) => Factor;

type Compute = (
  at: At,
  focus: PerAxis,
  sizes: PerAxis,
  step: ExplainedStep,
) => Omit<Working, "name" | "result">;

/** Computations from entries of the step, by the place in focus and the sizes. */
const COMPUTATIONS: Readonly<Record<Exclude<ComputedSymbol, "onehot">, Compute>> = {
  A1: (at, { M, B }, { D }) => ({
    ...sum(D, (d) => [at("W1", M, d), at("X", d, B)]),
    last: term(at("b1", M, 0)),
  }),
  Y1: (at, { M, B }) => {
    const { name, value, entry } = at("A1", M, B), one = term(constant(1));
    const power = apply("e^x", { name: `-${name}`, value: -value, entry });
    return { numerator: one, terms: [one, term(power)] };
  },
  A2: (at, { K, B }, { M }) => ({
    ...sum(M, (m) => [at("W2", K, m), at("Y1", m, B)]),
    last: term(at("b2", K, 0)),
  }),
  P: (at, { K, B }, sizes) => {
    const scores = range(sizes.K).map((k) => at("A2", k, B));
    const α = Math.max(...scores.map(({ value }) => value));
    const powers = scores.map(({ name, value, entry }) =>
      term(apply("e^x", { name: `${name} - α`, value: value - α, entry }))
    );
    return { numerator: powers[K]!, terms: powers };
  },
  L: (at, { B }, _, { values }) =>
    sum(1, () => [apply("-ln x", at("P", values.labels.values[B]!, B))]),
  E: (at, _, { B }) => ({ ...sum(B, (i) => [at("L", 0, i)]), divisor: B }),
  dA2: (at, { K, B }, sizes) => ({
    terms: [term(at("P", K, B)), minus(at("onehot", K, B))],
    divisor: sizes.B,
  }),
  dW2: (at, { K, M }, { B }) => sum(B, (i) => [at("dA2", K, i), at("Y1", M, i)]),
  db2: (at, { K }, { B }) => sum(B, (i) => [at("dA2", K, i)]),
  dY1: (at, { M, B }, { K }) => sum(K, (k) => [at("W2", k, M), at("dA2", k, B)]),
  dA1: (at, { M, B }) => {
    const y = at("Y1", M, B);
    return { terms: [term(at("dY1", M, B), apply("1 - x", y), y)] };
  },
  dW1: (at, { M, D }, { B }) => sum(B, (i) => [at("dA1", M, i), at("X", D, i)]),
  db1: (at, { M }, { B }) => sum(B, (i) => [at("dA1", M, i)]),
  ...{ "W1'": update("W1"), "b1'": update("b1"), "W2'": update("W2"), "b2'": update("b2") },
};

/** The computation of the entry in focus; of db2 also of what the report prints for it. */
export function workingsOf(step: ExplainedStep, symbol: MatrixSymbol): Working[] {
  const compute = COMPUTATIONS[symbol as keyof typeof COMPUTATIONS] as Compute | undefined;
  if (!compute) return [];
  const { focus, sizes } = step, at: At = (...place) => entry(step, ...place);
  const { name, value: result } = at(symbol, ...placeOf(focus, symbol));
  const working = { name, result, ...compute(at, focus, sizes, step) };
  if (symbol === "E") return [{ ...working, name: symbol }];
  // a logarithm stands in symbols, too
  if (symbol === "L") {
    return [{ ...working, name: `${name} = ${working.terms[0]!.factors[0]!.name}` }];
  }
  if (symbol !== "db2") return [working];
  const { terms } = sum(sizes.M, (m) => [at("dW2", focus.K, m)]);
  const note = t(
    "Not db2, but what the report prints for it, which is wrong:",
    "db2 ではなく、レポートに印刷されている（誤った）式の値:",
  );
  return [
    working,
    { name: `rowSum(dA2 Y1ᵀ)[${focus.K},0]`, terms, result: total(terms), note },
  ];
}

function sum(count: number, factors: (index: number) => readonly Factor[]) {
  return { terms: range(count).map((index) => term(...factors(index))) };
}

function update(W: "W1" | "b1" | "W2" | "b2"): Compute {
  return (at, focus, _, { values }) => {
    const place = placeOf(focus, W), entry = { symbol: "η", row: 0, column: 0 } as const;
    const η = { name: "η", value: values.η, entry };
    return { terms: [term(at(W, ...place)), minus(η, at(`d${W}`, ...place))] };
  };
}
