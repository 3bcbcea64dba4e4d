// The equations of the step, and those with mistakes, as a program in NumPy writes them.
import { type Axis, QUANTITIES, type StepSymbol } from "../network/step.ts";

/** How a program stores the quantities. */
export interface Program {
  /** Whether rows are the examples, so that products run the other way round. */
  readonly rowsAreExamples: boolean;
  /** The program's name of a quantity. */
  readonly nameOf: (symbol: StepSymbol) => string;
  /** Whether an array is the transpose of what the others suggest, as PyTorch's weights. */
  readonly isTransposed?: (symbol: StepSymbol) => boolean;
}

/**
 * The right-hand side of an equation: `dA1 @ X.T / B`; undefined if its notation has no short
 * form in NumPy. `sigmoid` and `softmax` are functions of the program; B, D, M and K its sizes.
 */
export function numpyOf(equation: string, program: Program): string | undefined {
  const [formula, where] = equation.slice(equation.indexOf(" = ") + 3).split(", G = ");
  try {
    const text = where === undefined ? formula! : formula!.replaceAll("G", `(${where})`);
    return new Parser(text, program).all();
  } catch (error) {
    if (error instanceof NoShortForm) return undefined;
    throw error;
  }
}

class NoShortForm extends Error {}

/** How tightly an expression binds. */
enum Binding {
  Sum,
  Product,
  Power,
  Atom,
}

/** An expression, with the sizes of its rows and columns; those of a number are 1. */
interface Expression {
  readonly text: string;
  readonly binding: Binding;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** A name, a number, or one character; for Unicode ᵀ is a letter. */
const TOKEN = /\s*(Σ_\p{L}|max_i|log10|log2|e\^|(?:(?!ᵀ)\p{L})+\d?|\d+(?:\.\d+)?(?:e-\d+)?|\S)/gu;

/** What does not go on with a product. */
const ENDS: readonly (string | undefined)[] = [..."+-/)]⌋‖>,", undefined];

/** The functions of one argument. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  ...{ "e^": "np.exp", ln: "np.log", log10: "np.log10", log2: "np.log2", tanh: "np.tanh" },
  ...{ "√": "np.sqrt", sigmoid: "sigmoid", softmax: "softmax" },
};

/** The sums, means and maxima, and the axis that each takes away. */
const REDUCTIONS: Readonly<Record<string, readonly [string, "rows" | "columns" | "both"]>> = {
  ...{ "Σ_k": ["sum", "rows"], "Σ_m": ["sum", "rows"], "Σ_i": ["sum", "columns"] },
  ...{ max_i: ["max", "columns"], max: ["max", "both"], sum: ["sum", "both"] },
  ...{ mean: ["mean", "both"], rowSum: ["sum", "columns"], columnSum: ["sum", "rows"] },
};

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(formula: string, readonly program: Program) {
    this.#tokens = [...formula.matchAll(TOKEN)].map(([, token]) => token!);
  }

  all(): string {
    const { text } = this.#sum();
    if (this.#next !== undefined) throw new NoShortForm();
    return text;
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #takes(...tokens: readonly string[]): string | undefined {
    return tokens.includes(this.#next!) ? this.#tokens[this.#at++] : undefined;
  }

  #expect(token: string): void {
    if (this.#takes(token) === undefined) throw new NoShortForm();
  }

  #sum(): Expression {
    const isNegative = this.#takes("-") !== undefined;
    let sum = this.#quotient();
    if (isNegative) sum = { ...sum, text: `-${sum.text}`, binding: Binding.Sum };
    for (let sign; (sign = this.#takes("+", "-"));) {
      sum = this.#operation(sum, sign, this.#quotient(), Binding.Sum);
    }
    return sum;
  }

  #quotient(): Expression {
    let quotient = this.#product();
    while (this.#takes("/")) {
      quotient = this.#operation(quotient, "/", this.#product(), Binding.Product);
    }
    return quotient;
  }

  #product(): Expression {
    let product = this.#factor();
    while (!ENDS.includes(this.#next)) {
      const sign = this.#takes("@"), factor = this.#factor();
      product = sign === undefined && isByEntry(product, factor)
        ? this.#operation(product, "*", factor, Binding.Product)
        : this.#matrixProduct(product, factor);
    }
    return product;
  }

  #operation(a: Expression, sign: string, b: Expression, binding: Binding): Expression {
    const rows = a.rows === "1" ? b.rows : a.rows;
    const columns = a.columns === "1" ? b.columns : a.columns;
    const right = sign === "+" ? binding : binding + 1;
    return { text: `${inside(a, binding)} ${sign} ${inside(b, right)}`, binding, rows, columns };
  }

  #matrixProduct(a: Expression, b: Expression): Expression {
    const [left, right] = this.program.rowsAreExamples ? [b, a] : [a, b], binding = Binding.Product;
    const text = `${inside(left, binding)} @ ${inside(right, binding + 1)}`;
    return { text, binding, rows: a.rows, columns: b.columns };
  }

  #factor(): Expression {
    let factor = this.#base();
    for (let sign; (sign = this.#takes("ᵀ", "²"));) {
      const { rows, columns, text } = factor;
      // a vector has no transpose in NumPy
      if (sign === "ᵀ" && text.endsWith("(axis=0)")) throw new NoShortForm();
      factor = sign === "²"
        ? { ...factor, text: `${inside(factor, Binding.Atom)} ** 2`, binding: Binding.Power }
        : {
          ...atom(`${inside(factor, Binding.Atom)}.T`.replace(/\.T\.T$/, "")),
          rows: columns,
          columns: rows,
        };
    }
    return factor;
  }

  #base(): Expression {
    const token = this.#tokens[this.#at++] ?? "";
    if (token === "max" && this.#tokens[this.#at + 2] === ",") {
      this.#at += 3;
      return this.#until(")", (of) => ({ ...of, ...atom(`np.maximum(0, ${of.text})`) }));
    }
    if (Object.hasOwn(REDUCTIONS, token)) return this.#reduction(token);
    const f = FUNCTIONS[token];
    if (f !== undefined) {
      const of = this.#base();
      return { ...of, ...atom(`${f}(${of.text})`) };
    }
    if (token === "(") return this.#until(")", (of) => of);
    if (token === "‖") return this.#until("‖", ({ text }) => number(`np.linalg.norm(${text})`));
    if (token === "⌊") {
      return this.#until("⌋", (of) => ({ ...of, text: of.text.replaceAll(" / ", " // ") }));
    }
    if (token === "[") {
      const left = this.#sum();
      this.#expect(">");
      const binding = Binding.Sum;
      return this.#until("]", ({ text }) => ({ ...left, text: `${left.text} > ${text}`, binding }));
    }
    if (token === "α") return this.#reduced("max", this.#symbol("A2"), "rows");
    if (/^[\d.]|^[BDMK]$/.test(token)) return number(token);
    if (Object.hasOwn(QUANTITIES, token)) return this.#symbol(token as StepSymbol);
    throw new NoShortForm();
  }

  #until(end: string, make: (inner: Expression) => Expression): Expression {
    const inner = this.#sum();
    this.#expect(end);
    return make(inner);
  }

  #reduction(name: string): Expression {
    const [method, axis] = REDUCTIONS[name]!;
    if (!name.startsWith("Σ")) return this.#reduced(method, this.#base(), axis);
    const isBoth = this.#takes("Σ_i") !== undefined;
    return this.#reduced(method, this.#product(), isBoth ? "both" : axis);
  }

  #reduced(method: string, of: Expression, axis: "rows" | "columns" | "both"): Expression {
    const object = inside(of, Binding.Atom);
    if (axis === "both" || of.rows === "1") return number(`${object}.${method}()`);
    const isLast = (axis === "columns") !== this.program.rowsAreExamples;
    // without keepdims NumPy adds a vector along the last axis
    const text = `${object}.${method}(axis=${isLast ? "1, keepdims=True" : "0"})`;
    return { ...of, ...atom(text), [axis]: "1" };
  }

  #symbol(symbol: StepSymbol): Expression {
    if (symbol === "labels") throw new NoShortForm();
    const [rows, columns] = QUANTITIES[symbol].axes, { nameOf, isTransposed } = this.program;
    return { ...atom(`${nameOf(symbol)}${isTransposed?.(symbol) ? ".T" : ""}`), rows, columns };
  }
}

/** Whether a product is one of entries, with what it has one of repeated. */
function isByEntry(a: Expression, b: Expression): boolean {
  const isOne = (x: Axis, y: Axis) => x === y || x === "1" || y === "1";
  return isOne(a.rows, b.rows) && isOne(a.columns, b.columns);
}

function atom(text: string): Pick<Expression, "text" | "binding"> {
  return { text, binding: Binding.Atom };
}

function number(text: string): Expression {
  return { ...atom(text), rows: "1", columns: "1" };
}

/** An expression in parentheses if it binds less tightly than what it stands in. */
function inside({ text, binding }: Expression, needed: Binding): string {
  return binding < needed ? `(${text})` : text;
}
