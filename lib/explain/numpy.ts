// The equations of the step, and those with mistakes, as a program in NumPy writes them.
import { type Axis, QUANTITIES, type StepSymbol } from "../network/step.ts";
import { type EquationNode, parseEquation } from "./equation.ts";

/** How a program stores the quantities. */
export interface Program {
  /** Whether rows are the examples, so that products run the other way round. */
  readonly rowsAreExamples: boolean;
  /** The program's name of a quantity. */
  readonly nameOf: (symbol: StepSymbol) => string;
  /** Whether an array is the transpose of what the others suggest, as PyTorch's weights. */
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
  ...{ "Σ_k": ["sum", "rows"], "Σ_m": ["sum", "rows"], "Σ_i": ["sum", "columns"] },
  ...{ max_i: ["max", "columns"], max: ["max", "both"], sum: ["sum", "both"] },
  ...{ mean: ["mean", "both"], rowSum: ["sum", "columns"], columnSum: ["sum", "rows"] },
};

/**
 * The right-hand side of an equation: `dA1 @ X.T / B`; undefined if its notation has no short
 * form in NumPy. `sigmoid` and `softmax` are functions of the program; B, D, M and K its sizes.
 */
export function numpyOf(equation: string, program: Program): string | undefined {
  const [formula, where] = equation.slice(equation.indexOf(" = ") + 3).split(", G = ");
  try {
    const text = where === undefined ? formula! : formula!.replaceAll("G", `(${where})`);
    return write(parseEquation(text), program).text;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function write(node: EquationNode, program: Program): Expression {
  const { kind, text, of } = node, noForm = () => new SyntaxError(kind);
  const part = (i: number) => write(of[i]!, program);
  switch (kind) {
    case "name":
      if (text === "α") return reduce("max", quantity("A2", program), "rows", program);
      return /^[BDMK]$/.test(text) ? number(text) : quantity(text, program);
    case "number":
      return number(text);
    case "(":
      return part(0);
    case "sum": {
      const isNegative = of[0]!.kind === "operator", first = part(isNegative ? 1 : 0);
      let sum = isNegative ? { ...first, text: `-${first.text}`, binding: SUM } : first;
      for (let i = isNegative ? 2 : 1; i < of.length; i += 2) {
        sum = operation(sum, of[i]!.text, part(i + 1), SUM);
      }
      return sum;
    }
    case "/":
      return operation(part(0), "/", part(1), PRODUCT);
    case "product":
      return product(of, program);
    case "Σ": {
      const isBoth = of[0]!.kind === "Σ", [method, axis] = REDUCTIONS[text] ?? [];
      if (!axis) throw noForm();
      const inner = isBoth ? write(of[0]!.of[0]!, program) : part(0);
      return reduce(method!, inner, isBoth ? "both" : axis, program);
    }
    case "ln":
      return apply("ln", part(0), program);
    case "^":
      return apply(of[0]!.text === "e" ? "e" : "", part(1), program);
    case "superscript": {
      const base = part(0), { rows, columns } = base, inner = inside(base, ATOM);
      if (text === "2") return { ...base, text: `${inner} ** 2`, binding: POWER };
      // a vector has no transpose in NumPy
      if (text !== "T" || base.text.endsWith("(axis=0)")) throw noForm();
      return { ...atom(`${inner}.T`.replace(/\.T\.T$/, "")), rows: columns, columns: rows };
    }
    case "call": {
      const name = of[0]!.text, argument = of[1]!.of[0]!;
      if (name !== "max" || argument.kind !== "relation") return apply(name, part(1), program);
      const compared = write(argument.of[2]!, program);
      return { ...compared, ...atom(`np.maximum(0, ${compared.text})`) };
    }
    case "[": {
      const { kind: inner, of: [left, sign, right] } = of[0]!;
      if (inner !== "relation" || sign!.text !== ">") throw noForm();
      const compared = write(left!, program), limit = write(right!, program);
      return { ...compared, text: `${compared.text} > ${limit.text}`, binding: SUM };
    }
    case "‖":
      return number(`np.linalg.norm(${part(0).text})`);
    case "⌊":
      return { ...part(0), text: part(0).text.replaceAll(" / ", " // ") };
    default:
      throw noForm();
  }
}

/** A product of matrices or of entries; a function without brackets takes the next factor. */
function product(of: readonly EquationNode[], program: Program): Expression {
  let product: Expression | undefined;
  for (let i = 0; i < of.length; i++) {
    const isMatrix = of[i]!.text === "@", { kind, text } = isMatrix ? of[++i]! : of[i]!;
    const isFunction = kind === "name" && (text in FUNCTIONS || text in REDUCTIONS);
    const next = write(of[isFunction ? ++i : i]!, program);
    const factor = isFunction ? apply(text, next, program) : next;
    product = product === undefined
      ? factor
      : isMatrix || !isByEntry(product, factor)
      ? matrixProduct(product, factor, program)
      : operation(product, "*", factor, PRODUCT);
  }
  return product!;
}

/** A function or a reduction of an expression. */
function apply(name: string, of: Expression, program: Program): Expression {
  const f = FUNCTIONS[name], reduction = REDUCTIONS[name];
  if (f !== undefined) return { ...of, ...atom(`${f}(${of.text})`) };
  if (reduction === undefined) throw new SyntaxError(name);
  return reduce(reduction[0], of, reduction[1], program);
}

function reduce(
  method: string,
  of: Expression,
  axis: "rows" | "columns" | "both",
  { rowsAreExamples }: Program,
): Expression {
  const object = inside(of, ATOM);
  if (axis === "both" || of.rows === "1") return number(`${object}.${method}()`);
  const isLast = (axis === "columns") !== rowsAreExamples;
  // without keepdims NumPy adds a vector along the last axis
  const text = `${object}.${method}(axis=${isLast ? "1, keepdims=True" : "0"})`;
  return { ...of, ...atom(text), [axis]: "1" };
}

function operation(a: Expression, sign: string, b: Expression, binding: number): Expression {
  const rows = a.rows === "1" ? b.rows : a.rows;
  const columns = a.columns === "1" ? b.columns : a.columns;
  const right = sign === "+" ? binding : binding + 1;
  return { text: `${inside(a, binding)} ${sign} ${inside(b, right)}`, binding, rows, columns };
}

function matrixProduct(a: Expression, b: Expression, { rowsAreExamples }: Program): Expression {
  const [left, right] = rowsAreExamples ? [b, a] : [a, b], binding = PRODUCT;
  const text = `${inside(left, binding)} @ ${inside(right, binding + 1)}`;
  return { text, binding, rows: a.rows, columns: b.columns };
}

function quantity(name: string, { nameOf, isTransposed }: Program): Expression {
  if (!Object.hasOwn(QUANTITIES, name) || name === "labels") throw new SyntaxError(name);
  const symbol = name as StepSymbol, [rows, columns] = QUANTITIES[symbol].axes;
  return { ...atom(`${nameOf(symbol)}${isTransposed?.(symbol) ? ".T" : ""}`), rows, columns };
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
