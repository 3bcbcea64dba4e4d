// The computation of one entry of a quantity, as an expression of other entries, printed so that it
// adds up: on a pocket calculator the printed line gives the printed result.
import type { StepSymbol } from "../network/step.ts";
import { type Language, t, type Text } from "../text/layout.ts";

/** An entry of a quantity, its row and column counted from 0. */
export interface Entry {
  readonly symbol: StepSymbol;
  readonly row: number;
  readonly column: number;
  /** The number, as the computation uses it. */
  readonly value: number;
  /** What that is in symbols, if it is not the entry itself: `-A1[2,0]`. */
  readonly as?: string;
}

/** A number, or what is computed from others. */
export type Expression = number | Entry | Operation;

/** An operation, and its value in doubles; `e^` and `-ln` have one operand. */
interface Operation {
  readonly op: keyof typeof OPERATIONS;
  readonly of: readonly Expression[];
  readonly value: number;
  /** The operands that are printed, and the values of the others. */
  readonly shown: { readonly of: readonly Expression[]; readonly rest: readonly number[] };
}

/** What each operation is: how tightly it binds, and below what its operands need brackets. */
const OPERATIONS = {
  "+": { sign: " + ", binds: 1, first: 1, others: 1, apply: (a: number, b: number) => a + b },
  "-": { sign: " - ", binds: 1, first: 1, others: 2, apply: (a: number, b: number) => a - b },
  "·": { sign: "·", binds: 2, first: 2, others: 2, apply: (a: number, b: number) => a * b },
  "/": { sign: " / ", binds: 2, first: 3, others: 3, apply: (a: number, b: number) => a / b },
  "e^": { sign: "e^", binds: 3, first: 3, others: 3, apply: Math.exp },
  "-ln": { sign: "-ln ", binds: 1, first: 3, others: 3, apply: (a: number) => -Math.log(a) },
} as const;

export const sum = (of: readonly Expression[]): Expression => operation("+", of);
export const minus = (...of: readonly [Expression, Expression]) => operation("-", of);
export const times = (...of: readonly Expression[]) => operation("·", of);
export const over = (...of: readonly [Expression, Expression]) => operation("/", of);
export const exp = (of: Expression) => operation("e^", [of]);
export const negativeLog = (of: Expression) => operation("-ln", [of]);

function operation(op: Operation["op"], of: readonly Expression[]): Operation {
  const shown = op === "+" ? shorten(of) : { of, rest: [] };
  return { op, of, value: calculate(op, of.map(valueOf)), shown };
}

function calculate(op: Operation["op"], values: readonly number[]): number {
  const { apply } = OPERATIONS[op];
  return values.length < 2 && apply.length < 2
    ? apply(values[0]!, NaN)
    : values.reduce(apply, ...(op === "+" ? [0] : []) as [number]);
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
  const { op, of } = expression, { sign } = OPERATIONS[op], operands = of.map(inSymbols);
  if (op === "e^") return `e^(${operands})`;
  return op === "-ln" ? `${sign}${operands}` : operands.join(sign);
}

/** The computation of one number: `A1[2,0]` by an expression. */
export interface Working {
  readonly name: string;
  readonly expression: Expression;
  /** The number, as the network's functions computed it. */
  readonly result: number;
  /** What the number is, if it is not the entry itself. */
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
  const isLog = typeof expression === "object" && "op" in expression && expression.op === "-ln";
  const symbols = isLog ? [inSymbols(expression)] : [];
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
interface Written {
  readonly text: string;
  readonly value: number;
  readonly binds: number;
}

function write(expression: Expression, digits: number, language: Language): Written {
  if (typeof expression === "number" || !("op" in expression)) {
    return number(valueOf(expression), digits);
  }
  const { op, shown: { of, rest } } = expression, { sign, binds, first, others } = OPERATIONS[op];
  const parts = of.map((one) => write(one, digits, language));
  if (rest.length > 0) {
    const left = number(rest.reduce((a, b) => a + b, 0), digits), count = rest.length;
    const text = t(`${count} more`, `ほか ${count} 項`)[language];
    parts.push({ ...left, text: `(${text}: ${left.text})` });
  }
  if (op === "+" && parts.length < 2) return parts[0] ?? number(0, digits);
  const texts = parts.map((part, i) => brackets(part, i === 0 ? first : others));
  const text = parts.length === 1 ? `${sign}${texts}` : texts.join(sign);
  return { text, value: calculate(op, parts.map(({ value }) => value)), binds };
}

/** A long sum's largest terms that are not 0, and the values of the rest. */
function shorten(of: readonly Expression[]) {
  const used = of.filter((term) => of.length <= MAX_TERMS || valueOf(term) !== 0);
  if (used.length <= MAX_TERMS) return { of: used, rest: [] };
  const sorted = used.toSorted((a, b) => Math.abs(valueOf(b)) - Math.abs(valueOf(a)));
  return { of: sorted.slice(0, MAX_TERMS - 1), rest: sorted.slice(MAX_TERMS - 1).map(valueOf) };
}

/** A number to `digits` significant digits, or fewer if these give it exactly. */
function number(x: number, digits: number): Written {
  const rounded = significant(x, digits), text = Number(rounded) === x ? `${x}` : rounded;
  return { text, value: Number(text), binds: 3 };
}

/** The text, in brackets where it binds less than it must or starts with a minus sign. */
function brackets({ text, binds }: Written, least: number): string {
  return binds < least || text.startsWith("-") ? `(${text})` : text;
}
