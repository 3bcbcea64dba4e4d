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

/** Numbers, and what is computed from them. */
export type Expression =
  | number
  | Entry
  | { readonly op: "+" | "-" | "·" | "/"; readonly of: readonly Expression[] }
  | { readonly op: "e^"; readonly of: Expression }
  | { readonly op: "-ln"; readonly of: Expression };

export const sum = (of: readonly Expression[]): Expression => ({ op: "+", of });
export const minus = (...of: readonly [Expression, Expression]): Expression => ({ op: "-", of });
export const times = (...of: readonly Expression[]): Expression => ({ op: "·", of });
export const over = (...of: readonly [Expression, Expression]): Expression => ({ op: "/", of });
export const exp = (of: Expression): Expression => ({ op: "e^", of });
export const negativeLog = (of: Expression): Expression => ({ op: "-ln", of });

/** The entries that an expression uses, in its order. */
export function entriesIn(expression: Expression): Entry[] {
  if (typeof expression === "number") return [];
  if ("value" in expression) return [expression];
  return [expression.of].flat().flatMap(entriesIn);
}

/** The value of an expression, in doubles. */
export function valueOf(expression: Expression): number {
  if (typeof expression === "number") return expression;
  if ("value" in expression) return expression.value;
  if (expression.op === "e^") return Math.exp(valueOf(expression.of));
  if (expression.op === "-ln") return -Math.log(valueOf(expression.of));
  const values = expression.of.map(valueOf);
  return expression.op === "+" ? values.reduce(add, 0) : values.reduce(APPLY[expression.op]);
}

/** The name of an entry, in symbols: `W1[3,400]`. */
export function entryName({ symbol, row, column, as }: Entry): string {
  return as ?? `${symbol}[${row},${column}]`;
}

/** The computation of one number: `A1[2,0]` by an expression. */
export interface Working {
  readonly name: string;
  /** The same in symbols, if that helps: `-ln P[0,0]`. */
  readonly symbols?: string;
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

/** The parts of a line that adds up: name, symbols, numbers with enough digits, result. */
export function printWorking(working: Working, language: Language) {
  const { name, symbols, result } = working;
  const { numbers, printed } = format(working, language) ?? { printed: formatResult(result) };
  const steps = [symbols, numbers].filter((step) => step !== undefined);
  return { name, steps, result: printed };
}

/** The parts of {@linkcode printWorking} in one line. */
export function formatWorking(working: Working, language: Language): string {
  const { name, steps, result } = printWorking(working, language);
  return [name, ...steps, result].join(" = ");
}

/** Four significant digits, or more. */
export function formatResult(x: number, digits = RESULT_DIGITS): string {
  return x === 0 ? "0" : significant(x, digits);
}

function significant(x: number, digits: number): string {
  const size = Math.abs(x);
  return size < 1e-4 || size >= 1e6 ? x.toExponential(digits - 1) : x.toPrecision(digits);
}

/** With as few digits as add up; nothing if doubles cannot: of a loss of 1e-20, P is 1. */
function format({ expression, result }: Working, language: Language) {
  // a result next to the middle of two printed ones needs another digit
  for (let more = 0; more <= 2; more++) {
    const printed = formatResult(result, RESULT_DIGITS + more), unit = lastPlace(printed);
    for (let digits = RESULT_DIGITS; digits <= MAX_DIGITS; digits++) {
      const { text, value } = write(expression, digits, language);
      if (Math.abs(value - Number(printed)) < 0.499 * unit) return { numbers: text, printed };
    }
  }
  return undefined;
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
  readonly binds: 1 | 2 | 3;
}

function write(expression: Expression, digits: number, language: Language): Written {
  const inner = (one: Expression) => write(one, digits, language);
  if (typeof expression === "number") return number(expression, digits);
  if ("value" in expression) return number(expression.value, digits);
  if (expression.op === "+") return writeSum(expression.of, digits, language);
  if (expression.op === "e^" || expression.op === "-ln") {
    const of = inner(expression.of), text = brackets(of, 3);
    return expression.op === "e^"
      ? { text: `e^${text}`, value: Math.exp(of.value), binds: 3 }
      : { text: `-ln ${text}`, value: -Math.log(of.value), binds: 1 };
  }
  const { op } = expression, [first, others] = BINDS[op];
  const parts = expression.of.map(inner);
  const text = parts.map((part, i) => brackets(part, i === 0 ? first : others));
  return {
    text: text.join(op === "·" ? "·" : ` ${op} `),
    value: parts.map(({ value }) => value).reduce(APPLY[op]),
    binds: op === "-" ? 1 : 2,
  };
}

/** The precedence at which the first operand and the others need no brackets. */
const BINDS = { "-": [1, 2], "·": [2, 2], "/": [3, 3] } as const;

const add = (a: number, b: number) => a + b;
const APPLY = {
  "-": (a: number, b: number) => a - b,
  "·": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
};

/** A sum: all its terms, or of a long one the largest that are not 0 and one number for the rest. */
function writeSum(terms: readonly Expression[], digits: number, language: Language): Written {
  let shown = terms, others: readonly number[] = [];
  if (terms.length > MAX_TERMS) {
    const all = terms.map((term) => ({ term, ...write(term, MAX_DIGITS, language) }));
    let used = all.filter(({ value }) => value !== 0);
    if (used.length > MAX_TERMS) {
      used = used.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
      others = used.splice(MAX_TERMS - 1).map(({ value }) => value);
    }
    shown = used.map(({ term }) => term);
  }
  const parts = shown.map((term) => write(term, digits, language));
  if (others.length > 0) {
    const rest = number(others.reduce(add, 0), digits), count = others.length;
    const text = t(`${count} more`, `ほか ${count} 項`)[language];
    parts.push({ ...rest, text: `(${text}: ${rest.text})` });
  }
  if (parts.length === 0) return number(0, digits);
  if (parts.length === 1) return parts[0]!;
  return {
    text: parts.map((part) => brackets(part, 1)).join(" + "),
    value: parts.map(({ value }) => value).reduce(add, 0),
    binds: 1,
  };
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
