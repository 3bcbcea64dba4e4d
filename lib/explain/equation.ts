// Reads the project's equations, for those that write them in another form.
//
// The notation is that of the table of the step and of the derivations: `W1[m,d]` is an entry,
// `1/B` binds tighter than a product, ` / ` and ` · ` more loosely, and `Σ_i` and `ln` take the
// product after them.

/**
 * A part of an equation, and its tokens: those from `from` on, up to `to`. A row of operands and
 * operators is named by what it is, a bracket by its first character; `text` is the token of what
 * has no parts, a superscript in plain characters, or `Σ_i`.
 */
export interface EquationNode {
  readonly kind:
    | ("name" | "number" | "operator")
    | ("relation" | "sum" | "dots" | "product")
    | ("/" | "^" | "superscript" | "index" | "call" | "Σ" | "ln" | "∂")
    | ("(" | "[" | "‖" | "⌊");
  readonly text: string;
  readonly of: readonly EquationNode[];
  readonly from: number;
  readonly to: number;
}

/** A name with its digit and prime, Σ with its index, a number, superscripts, or one character. */
const TOKEN =
  /\s*(Σ(?:_\p{L})?|max_[ik]|log10|(?:(?!ᵀ)\p{L})+\d?'?|\d+(?:\.\d+)?(?:e[-+]\d+)?|⁽²⁾|\S)/gu;

/** Superscripts, and what they stand for. */
const SUPERSCRIPTS: Readonly<Record<string, string>> = { ᵀ: "T", "²": "2", "⁽²⁾": "(2)" };

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "‖": "‖", "⌊": "⌋" };
const RELATIONS = [..."=≈≠,>∈"];

/** What does not go on with a product. */
const ENDS: readonly (string | undefined)[] = [...RELATIONS, ..."+-·/)]‖⌋", undefined];

/** The tokens of an equation: symbols, numbers, operators, brackets, superscripts. */
export function tokensOf(equation: string): string[] {
  return Array.from(equation.matchAll(TOKEN), ([, token]) => token!);
}

/** @throws {SyntaxError} if it does not follow the notation */
export function parseEquation(equation: string): EquationNode {
  const tokens = tokensOf(equation);
  const afterSpace = Array.from(equation.matchAll(TOKEN), ([all]) => /^\s/.test(all));
  let at = 0;
  const fail = (reason: string) => new SyntaxError(`Cannot read equation "${equation}": ${reason}`);
  const next = (...wanted: readonly string[]) => wanted.includes(tokens[at]!);
  const follows = (token: string) => next(token) && !afterSpace[at];
  const take = () => {
    if (at === tokens.length) throw fail("it ends too early");
    return tokens[at++]!;
  };
  type Kind = EquationNode["kind"];
  const node = (kind: Kind, from: number, of: readonly EquationNode[], text = "") =>
    ({ kind, text, of, from, to: at }) satisfies EquationNode;
  const operator = () => node("operator", at, [], take());

  /** Operands with operators between them, and before the first: alone, it is the operand. */
  function row(kind: Kind, operators: readonly string[], operand: () => EquationNode) {
    const from = at, of: EquationNode[] = [];
    do {
      while (next(...operators)) of.push(operator());
      of.push(operand());
    } while (next(...operators));
    return of.length === 1 ? of[0]! : node(kind, from, of);
  }

  function divide(isSlash: (token: string) => boolean, operand: () => EquationNode) {
    const from = at;
    let above = operand();
    while (isSlash("/") && take()) above = node("/", from, [above, operand()]);
    return above;
  }

  const relation = () => row("relation", RELATIONS, sum);
  const sum = () => row("sum", ["+", "-"], dots);
  const dots = () => row("dots", ["·"], () => divide(next, product));

  function product(): EquationNode {
    const from = at, of = [tight()];
    while (!ENDS.includes(tokens[at])) of.push(next("@") ? operator() : tight());
    return of.length === 1 ? of[0]! : node("product", from, of);
  }

  function tight(): EquationNode {
    const from = at;
    if (next("ln")) return node("ln", from, [(take(), product())]);
    if (!tokens[at]?.startsWith("Σ")) return divide(follows, power);
    const sign = take();
    return node("Σ", from, [product()], sign);
  }

  function power(): EquationNode {
    const from = at;
    if (next("∂")) return node("∂", from, [(take(), power())]);
    let base = atom();
    for (;;) {
      if (next(...Object.keys(SUPERSCRIPTS))) {
        const text = SUPERSCRIPTS[take()]!;
        base = node("superscript", from, [base], text);
      } else if (next("^")) base = node("^", from, [base, (take(), withIndex(atom()))]);
      else if (follows("[")) base = withIndex(base);
      else return base;
    }
  }

  function withIndex(operand: EquationNode): EquationNode {
    return follows("[") ? node("index", operand.from, [operand, bracket()]) : operand;
  }

  function atom(): EquationNode {
    const from = at;
    if (next(...Object.keys(CLOSING))) return bracket();
    const text = take();
    if (/^\d/.test(text)) return node("number", from, [], text);
    if (!/^[\p{L}√]/u.test(text)) throw fail(`"${text}" is no operand`);
    const name = node("name", from, [], text);
    // a function: rowSum(dA2), E(W1 + Δ)
    return follows("(") ? node("call", from, [name, bracket()]) : name;
  }

  /** What is in brackets: relations too, as in `[k = labels]`. */
  function bracket(): EquationNode {
    const from = at, open = take() as "(", inside = relation();
    if (take() !== CLOSING[open]) throw fail(`"${open}" is not closed`);
    return node(open, from, [inside]);
  }

  const all = relation();
  if (at < tokens.length) throw fail(`"${tokens[at]}" is no operand`);
  return all;
}
