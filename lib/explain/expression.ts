// The computation of one entry of a quantity, as an expression of other entries, printed so that it
// adds up: on a pocket calculator the printed line gives the printed result. Also its terms,
// largest first, with the entries that they come from.
import type { ComputedSymbol, MatrixSymbol, StepSymbol } from "../network/step.ts";
import { type Language, t, type Text } from "../text/layout.ts";
import { type ExplainedStep, type PerAxis, placeOf, range } from "./explained_step.ts";

/**
 * An entry of a quantity, its row and column counted from 0: the number as the computation uses it,
 * and what that is in symbols, if it is not the entry itself: `-A1[2,0]`.
 */
export interface Entry {
  readonly symbol: StepSymbol;
  readonly row: number;
  readonly column: number;
  readonly value: number;
  readonly as?: string;
}

/** A number, or what is computed from others. */
export type Expression = number | Entry | Operation;

type Op = "+" | "-" | "·" | "/" | "e^" | "-ln";

/** An operation, and its value in doubles. */
interface Operation {
  readonly op: Op;
  readonly of: readonly Expression[];
  readonly value: number;
}

const add = (...all: number[]) => all.reduce((a, b) => a + b, 0);

type Apply = (...values: number[]) => number;

/** Each operation: how tightly it binds, and below what its operands need brackets. */
const OPERATIONS: Readonly<
  Record<Op, readonly [sign: string, binds: number, needed: number, Apply]>
> = {
  "+": [" + ", 1, 1, add],
  "-": [" - ", 1, 2, (a, b) => a! - b!],
  "·": ["·", 2, 2, (...all) => all.reduce((a, b) => a * b)],
  "/": [" / ", 2, 3, (a, b) => a! / b!],
  "e^": ["e^", 3, 3, (a) => Math.exp(a!)],
  "-ln": ["-ln ", 1, 3, (a) => -Math.log(a!)],
};

export const sum = (of: readonly Expression[]): Expression => operation("+", of);
export const minus = (...of: readonly [Expression, Expression]) => operation("-", of);
export const times = (...of: readonly Expression[]) => operation("·", of);
export const over = (...of: readonly [Expression, Expression]) => operation("/", of);
export const exp = (of: Expression) => operation("e^", [of]);
export const negativeLog = (of: Expression) => operation("-ln", [of]);

function operation(op: Op, of: readonly Expression[]): Operation {
  return { op, of, value: OPERATIONS[op][3](...of.map(valueOf)) };
}

/** The value of an expression, in doubles. */
export function valueOf(expression: Expression): number {
  return typeof expression === "number" ? expression : expression.value;
}

/** The entries that an expression uses, in its order. */
export function entriesIn(expression: Expression): Entry[] {
  if (typeof expression === "number") return [];
  return "op" in expression ? expression.of.flatMap(entriesIn) : [expression];
}

/** An expression in symbols, its sums without brackets: `1 - Y1[3,0]`. */
export function inSymbols(expression: Expression): string {
  if (typeof expression === "number") return `${expression}`;
  if (!("op" in expression)) {
    const { symbol, row, column, as } = expression;
    return as ?? `${symbol}[${row},${column}]`;
  }
  const { op, of } = expression, [sign] = OPERATIONS[op], operands = of.map(inSymbols);
  if (op === "e^") return `e^(${operands})`;
  return op === "-ln" ? `${sign}${operands}` : operands.join(sign);
}

/**
 * The computation of one number: `A1[2,0]` by an expression, and as the network's functions
 * computed it; with a note, if it is not the entry itself.
 */
interface Working {
  readonly name: string;
  readonly expression: Expression;
  readonly result: number;
  readonly note?: Text;
}

/** Sums of more terms than this are shown by their largest ones: one fewer, and the rest. */
export const MAX_TERMS = 4;

/** Significant digits of a result, and the fewest and the most of an operand. */
const RESULT_DIGITS = 4, MAX_DIGITS = 17;

/**
 * The number, its computation and the result in one line that adds up, with as few digits as do;
 * without the numbers if doubles cannot: of a loss of 1e-20, P is 1. A logarithm stands in symbols,
 * too.
 */
export function formatWorking({ name, expression, result }: Working, language: Language): string {
  const symbols = operandsOf(expression, "-ln") ? [inSymbols(expression)] : [];
  return [name, ...symbols, ...print(expression, result, language)].join(" = ");
}

/** Four significant digits, or more. */
export function formatResult(x: number, digits = RESULT_DIGITS): string {
  return x === 0 ? "0" : significant(x, digits);
}

function significant(x: number, digits: number): string {
  const size = Math.abs(x);
  return size < 1e-4 || size >= 1e6 ? x.toExponential(digits - 1) : x.toPrecision(digits);
}

function print(expression: Expression, result: number, language: Language): string[] {
  // a result next to the middle of two printed ones needs another digit
  for (let more = 0; more <= 2; more++) {
    const printed = formatResult(result, RESULT_DIGITS + more), unit = lastPlace(printed);
    for (let digits = RESULT_DIGITS; digits <= MAX_DIGITS; digits++) {
      const { text, value } = write(expression, digits, language);
      if (Math.abs(value - Number(printed)) < 0.499 * unit) return [text, printed];
    }
  }
  return [formatResult(result)];
}

/** The value of one in the last printed digit; a result of 0 is exact except for rounding. */
function lastPlace(printed: string): number {
  if (printed === "0") return 1e-12;
  const [mantissa, exponent = "0"] = printed.split("e") as [string, string?];
  return 10 ** (Number(exponent) - (mantissa.split(".")[1]?.length ?? 0));
}

/** A printed expression: its text, the value of the printed numbers, and how tightly it binds. */
type Written = ReturnType<typeof number>;

function write(expression: Expression, digits: number, language: Language): Written {
  if (typeof expression === "number" || !("op" in expression)) {
    return number(valueOf(expression), digits);
  }
  const { op } = expression, { of, rest } = shorten(expression);
  const [sign, binds, needed, apply] = OPERATIONS[op];
  const parts = of.map((one) => write(one, digits, language));
  if (rest.length > 0) {
    const left = number(add(...rest), digits), count = rest.length;
    const text = t(`${count} more`, `ほか ${count} 項`)[language];
    parts.push({ ...left, text: `(${text}: ${left.text})` });
  }
  if (op === "+" && parts.length < 2) return parts[0] ?? number(0, digits);
  const texts = parts.map((part) => brackets(part, needed));
  const text = parts.length === 1 ? `${sign}${texts}` : texts.join(sign);
  return { text, value: apply(...parts.map(({ value }) => value)), binds };
}

/** The operands; of a long sum the largest terms that are not 0, and the values of the rest. */
function shorten({ op, of }: Operation) {
  if (op !== "+" || of.length <= MAX_TERMS) return { of, rest: [] };
  const used = of.filter((term) => valueOf(term) !== 0);
  if (used.length <= MAX_TERMS) return { of: used, rest: [] };
  const sorted = used.toSorted((a, b) => Math.abs(valueOf(b)) - Math.abs(valueOf(a)));
  return { of: sorted.slice(0, MAX_TERMS - 1), rest: sorted.slice(MAX_TERMS - 1).map(valueOf) };
}

/** A number to `digits` significant digits, or fewer if these give it exactly. */
function number(x: number, digits: number) {
  const rounded = significant(x, digits), text = Number(rounded) === x ? `${x}` : rounded;
  return { text, value: Number(text), binds: 3 };
}

/** The text, in brackets where it binds less than it must or starts with a minus sign. */
function brackets({ text, binds }: Written, needed: number): string {
  return binds < needed || text.startsWith("-") ? `(${text})` : text;
}

/** A product that is a term of a sum and may be subtracted, and its value with that sign. */
export type Term = ReturnType<typeof term>;

/**
 * The terms of an expression that are not 0, the largest first, and the number of those that are; a
 * product is a sum of one term. Of a quotient `divisor` is the number below the sum, or `numerator`
 * what is above it.
 */
export function termsOf(expression: Expression) {
  const quotient = operandsOf(expression, "/"), [above = expression, below = 1] = quotient ?? [];
  const isDivided = typeof below === "number", sum = isDivided ? above : below;
  const all = addends(sum, false), terms = all.filter(({ value }) => value !== 0);
  return {
    terms: terms.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)),
    zeros: all.length - terms.length,
    total: valueOf(sum),
    divisor: quotient && isDivided ? below : undefined,
    numerator: isDivided ? undefined : term(above, false),
  };
}

/** The terms of a sum of sums and differences, in its order. */
function addends(expression: Expression, isSubtracted: boolean): Term[] {
  const difference = operandsOf(expression, "-"), of = difference ?? operandsOf(expression, "+");
  return of?.flatMap((one, i) => addends(one, isSubtracted !== (!!difference && i > 0))) ??
    [term(expression, isSubtracted)];
}

function term(expression: Expression, isSubtracted: boolean) {
  // the entry that a factor is, or is computed from: a constant has none
  const factors = (operandsOf(expression, "·") ?? [expression]).map((factor) => (
    { name: inSymbols(factor), value: valueOf(factor), entry: entriesIn(factor)[0] }
  ));
  return { factors, isSubtracted, value: valueOf(expression) * (isSubtracted ? -1 : 1) };
}

function operandsOf(expression: Expression, op: string): readonly Expression[] | undefined {
  const isOf = typeof expression === "object" && "op" in expression && expression.op === op;
  return isOf ? expression.of : undefined;
}

/** An entry of a quantity, as expressions take it. */
export function entry(
  { values }: ExplainedStep,
  symbol: MatrixSymbol,
  row: number,
  column: number,
): Entry {
  const { columns, data } = values[symbol];
  return { symbol, row, column, value: data[row * columns + column]! };
}

type At = (symbol: MatrixSymbol, row: number, column: number) => Entry;

type Compute = (at: At, focus: PerAxis, sizes: PerAxis, step: ExplainedStep) => Expression;

/** Expressions of entries of the step, by the place in focus and the sizes. */
const EXPRESSIONS: Readonly<Record<Exclude<ComputedSymbol, "onehot">, Compute>> = {
  A1: (at, { M, B }, { D }) =>
    sum([products(D, (d) => [at("W1", M, d), at("X", d, B)]), at("b1", M, 0)]),
  Y1: (at, { M, B }) => {
    const a = at("A1", M, B);
    return over(1, sum([1, exp({ ...a, value: -a.value, as: `-A1[${M},${B}]` })]));
  },
  A2: (at, { K, B }, { M }) =>
    sum([products(M, (m) => [at("W2", K, m), at("Y1", m, B)]), at("b2", K, 0)]),
  P: (at, { K, B }, sizes) => {
    const scores = range(sizes.K).map((k) => at("A2", k, B));
    const α = Math.max(...scores.map(({ value }) => value));
    const powers = scores.map((a) =>
      exp({ ...a, value: a.value - α, as: `A2[${a.row},${B}] - α` })
    );
    return over(powers[K]!, sum(powers));
  },
  L: (at, { B }, _, { values }) => negativeLog(at("P", values.labels.values[B]!, B)),
  E: (at, _, { B }) => over(sum(range(B).map((i) => at("L", 0, i))), B),
  dA2: (at, { K, B }, sizes) => over(minus(at("P", K, B), at("onehot", K, B)), sizes.B),
  dW2: (at, { K, M }, { B }) => products(B, (i) => [at("dA2", K, i), at("Y1", M, i)]),
  db2: (at, { K }, { B }) => sum(range(B).map((i) => at("dA2", K, i))),
  dY1: (at, { M, B }, { K }) => products(K, (k) => [at("W2", k, M), at("dA2", k, B)]),
  dA1: (at, { M, B }) => times(at("dY1", M, B), minus(1, at("Y1", M, B)), at("Y1", M, B)),
  dW1: (at, { M, D }, { B }) => products(B, (i) => [at("dA1", M, i), at("X", D, i)]),
  db1: (at, { M }, { B }) => sum(range(B).map((i) => at("dA1", M, i))),
  ...{ "W1'": update("W1"), "b1'": update("b1"), "W2'": update("W2"), "b2'": update("b2") },
};

/** The computation of the entry in focus; of db2 also of what the report prints for it. */
export function workingsOf(step: ExplainedStep, symbol: MatrixSymbol): Working[] {
  const compute = EXPRESSIONS[symbol as keyof typeof EXPRESSIONS] as Compute | undefined;
  if (!compute) return [];
  const { focus, sizes } = step, at: At = (...place) => entry(step, ...place);
  const name = symbol === "E" ? symbol : `${symbol}[${placeOf(focus, symbol)}]`;
  const expression = compute(at, focus, sizes, step),
    { value } = at(symbol, ...placeOf(focus, symbol));
  const working = { name, expression, result: value };
  if (symbol !== "db2") return [working];
  const printed = sum(range(sizes.M).map((m) => at("dW2", focus.K, m)));
  const note = t(
    "Not db2, but what the report prints for it, which is wrong:",
    "db2 ではなく、レポートに印刷されている（誤った）式の値:",
  );
  const printedName = `rowSum(dA2 Y1ᵀ)[${focus.K},0]`;
  return [working, { name: printedName, expression: printed, result: valueOf(printed), note }];
}

function products(count: number, factors: (index: number) => readonly Entry[]): Expression {
  return sum(range(count).map((index) => times(...factors(index))));
}

function update(W: "W1" | "b1" | "W2" | "b2"): Compute {
  return (at, focus, _, { values }) => {
    const place = placeOf(focus, W);
    const η = { symbol: "η", row: 0, column: 0, value: values.η, as: "η" } as const;
    return minus(at(W, ...place), times(η, at(`d${W}`, ...place)));
  };
}
