// The equations of the step, and those with mistakes, as a program in NumPy writes them.
import { type Axis, QUANTITIES, type StepSymbol } from "../network/step.ts";
import { type EquationNode, parseEquation } from "./equation.ts";

/**
 * How a program stores the quantities: where rows are the examples, products run the other way
 * round; an array may be the transpose of what the others suggest, as PyTorch's weights.
 */
export interface Program {
  readonly rowsAreExamples: boolean;
  readonly nameOf: (symbol: StepSymbol) => string;
  readonly isTransposed?: (symbol: StepSymbol) => boolean;
}

/** How tightly an expression binds. */
const SUM = 0, PRODUCT = 1, POWER = 2, ATOM = 3;

/** An expression, with the sizes of its rows and columns; those of a number are 1. */
interface Expression {
  readonly text: string;
  readonly binding: number;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** The functions of one argument. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  ...{ e: "np.exp", ln: "np.log", log10: "np.log10", log2: "np.log2", tanh: "np.tanh" },
  ...{ "√": "np.sqrt", sigmoid: "sigmoid", softmax: "softmax" },
};

/** The sums, means and maxima, and the axis that each takes away. */
const REDUCTIONS: Readonly<Record<string, readonly [string, "rows" | "columns" | "both"]>> = {
  ...{ max: ["max", "both"], sum: ["sum", "both"], mean: ["mean", "both"] },
  ...{ max_k: ["max", "rows"], "Σ_k": ["sum", "rows"], "Σ_m": ["sum", "rows"] },
  ...{ max_i: ["max", "columns"], "Σ_i": ["sum", "columns"] },
  ...{ rowSum: ["sum", "columns"], columnSum: ["sum", "rows"] },
};

/**
 * The right-hand side of an equation: `dA1 @ X.T / B`; undefined if its notation has no short
 * form in NumPy. `sigmoid` and `softmax` are functions of the program; B, D, M and K its sizes.
 */
export function numpyOf(equation: string, program: Program): string | undefined {
  const { rowsAreExamples, nameOf, isTransposed } = program;
  const [formula, where] = equation.slice(equation.indexOf(" = ") + 3).split(", G = ");
  const noForm = (what: string) => new SyntaxError(what);

  function write({ kind, text, of }: EquationNode): Expression {
    const part = (i: number) => write(of[i]!);
    switch (kind) {
      case "name":
        if (text === "α") return reduce("max_k", quantity("A2"));
        return /^[BDMK]$/.test(text) ? number(text) : quantity(text);
      case "number":
        return number(text);
      case "(":
        return part(0);
      case "sum": {
        const isNegative = of[0]!.kind === "operator", first = part(isNegative ? 1 : 0);
        let sum = isNegative
          ? { ...first, text: `-${inside(first, PRODUCT)}`, binding: SUM }
          : first;
        for (let i = isNegative ? 2 : 1; i < of.length; i += 2) {
          sum = operation(sum, of[i]!.text, part(i + 1), SUM);
        }
        return sum;
      }
      case "/":
        return operation(part(0), "/", part(1), PRODUCT);
      case "product":
        return product(of);
      case "Σ":
        return of[0]!.kind === "Σ" ? reduce("sum", write(of[0]!.of[0]!)) : reduce(text, part(0));
      case "ln":
        return apply("ln", part(0));
      case "^":
        return apply(of[0]!.text === "e" ? "e" : "", part(1));
      case "superscript": {
        const base = part(0), { rows, columns } = base, inner = inside(base, ATOM);
        if (text === "2") return { ...base, text: `${inner} ** 2`, binding: POWER };
        // a vector has no transpose in NumPy
        if (text !== "T" || base.text.endsWith("(axis=0)")) throw noForm(kind);
        return { ...atom(`${inner}.T`.replace(/\.T\.T$/, "")), rows: columns, columns: rows };
      }
      case "call": {
        const name = of[0]!.text, argument = of[1]!.of[0]!;
        if (name !== "max" || argument.kind !== "relation") return apply(name, part(1));
        const compared = write(argument.of[2]!);
        return { ...compared, ...atom(`np.maximum(0, ${compared.text})`) };
      }
      case "[": {
        const { kind: inner, of: [left, sign, right] } = of[0]!;
        if (inner !== "relation" || sign!.text !== ">") throw noForm(kind);
        const compared = write(left!), limit = write(right!);
        return { ...compared, text: `${compared.text} > ${limit.text}`, binding: SUM };
      }
      case "‖":
        return number(`np.linalg.norm(${part(0).text})`);
      case "⌊":
        return { ...part(0), text: part(0).text.replaceAll(" / ", " // ") };
      default:
        throw noForm(kind);
    }
  }

  /** A product of matrices or of entries; a function without brackets takes the next factor. */
  function product(of: readonly EquationNode[]): Expression {
    let product: Expression | undefined;
    for (let i = 0; i < of.length; i++) {
      const isMatrix = of[i]!.text === "@", { kind, text } = isMatrix ? of[++i]! : of[i]!;
      const isFunction = kind === "name" && (text in FUNCTIONS || text in REDUCTIONS);
      const next = of[isFunction ? ++i : i];
      if (next === undefined) throw new SyntaxError(text); // a function of nothing
      const written = write(next), factor = isFunction ? apply(text, written) : written;
      product = product === undefined
        ? factor
        : isMatrix || !isByEntry(product, factor)
        ? matrixProduct(product, factor)
        : operation(product, "*", factor, PRODUCT);
    }
    return product!;
  }

  /** A function or a reduction of an expression. */
  function apply(name: string, of: Expression): Expression {
    const f = FUNCTIONS[name];
    return f === undefined ? reduce(name, of) : { ...of, ...atom(`${f}(${of.text})`) };
  }

  function reduce(name: string, of: Expression): Expression {
    const [method, axis] = REDUCTIONS[name] ?? [], object = inside(of, ATOM);
    if (!axis) throw noForm(name);
    if (axis === "both" || of.rows === "1") return number(`${object}.${method}()`);
    const isLast = (axis === "columns") !== rowsAreExamples;
    // without keepdims NumPy adds a vector along the last axis
    const text = `${object}.${method}(axis=${isLast ? "1, keepdims=True" : "0"})`;
    return { ...of, ...atom(text), [axis]: "1" };
  }

  function matrixProduct(a: Expression, b: Expression): Expression {
    const [left, right] = rowsAreExamples ? [b, a] : [a, b];
    const text = `${inside(left, PRODUCT)} @ ${inside(right, PRODUCT + 1)}`;
    return { text, binding: PRODUCT, rows: a.rows, columns: b.columns };
  }

  function quantity(name: string): Expression {
    if (!Object.hasOwn(QUANTITIES, name) || name === "labels") throw noForm(name);
    const symbol = name as StepSymbol, [rows, columns] = QUANTITIES[symbol].axes;
    return { ...atom(`${nameOf(symbol)}${isTransposed?.(symbol) ? ".T" : ""}`), rows, columns };
  }

  try {
    const text = where === undefined ? formula! : formula!.replaceAll("G", `(${where})`);
    return write(parseEquation(text)).text;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function operation(a: Expression, sign: string, b: Expression, binding: number): Expression {
  const rows = a.rows === "1" ? b.rows : a.rows;
  const columns = a.columns === "1" ? b.columns : a.columns;
  const right = sign === "+" ? binding : binding + 1;
  return { text: `${inside(a, binding)} ${sign} ${inside(b, right)}`, binding, rows, columns };
}

/** Whether a product is one of entries, with what it has one of repeated. */
function isByEntry(a: Expression, b: Expression): boolean {
  const isOne = (x: Axis, y: Axis) => x === y || x === "1" || y === "1";
  return isOne(a.rows, b.rows) && isOne(a.columns, b.columns);
}

function atom(text: string): Pick<Expression, "text" | "binding"> {
  return { text, binding: ATOM };
}

function number(text: string): Expression {
  return { ...atom(text), rows: "1", columns: "1" };
}

/** An expression in parentheses if it binds less tightly than what it stands in. */
function inside({ text, binding }: Expression, needed: number): string {
  return binding < needed ? `(${text})` : text;
}
