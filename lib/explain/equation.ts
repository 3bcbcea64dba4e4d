// Reads the project's equations, for those that write them in another form.
//
// The notation is that of the table of the step and of the derivations: `W1[m,d]` is an entry,
// `1/B` binds tighter than a product, ` / ` and ` · ` more loosely, and `Σ_i` and `ln` take the
// product after them.

/** A part of an equation, and its tokens: those from `from` on, up to `to`. */
export interface EquationNode {
  /** A row of operands and operators by what it is, a bracket by its first character. */
  readonly kind:
    | ("name" | "number" | "operator")
    | ("relation" | "sum" | "dots" | "product")
    | ("/" | "^" | "superscript" | "index" | "call" | "Σ" | "ln" | "∂")
    | ("(" | "[" | "‖" | "⌊");
  /** The token of what has no parts, a superscript in plain characters, or `Σ_i`. */
  readonly text: string;
  readonly of: readonly EquationNode[];
  readonly from: number;
  readonly to: number;
}

/** A name with its digit and prime, Σ with its index, a number, superscripts, or one character. */
const TOKEN =
  /\s*(Σ(?:_\p{L})?|max_i|log10|(?:(?![ᵀˣ])\p{L})+\d?'?|\d+(?:\.\d+)?(?:e-\d+)?|[⁻⁽⁰¹²³⁴⁵⁶⁷⁸⁹⁾ˣᵀ]+|\S)/gu;

/** Superscript characters, and what they stand for. */
const SUPERSCRIPTS = ["⁻⁽⁰¹²³⁴⁵⁶⁷⁸⁹⁾ˣᵀ", "−(0123456789)xT"] as const;

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "‖": "‖", "⌊": "⌋" };
const RELATIONS: readonly (string | undefined)[] = [..."=≈≠,>∈"];

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
  /** Operands with operators between them: nothing else if there is only one. */
  const row = (kind: Kind, from: number, of: readonly EquationNode[]) =>
    of.length === 1 ? of[0]! : node(kind, from, of);

  function relation(end?: string): EquationNode {
    const from = at, of: EquationNode[] = [];
    while (tokens[at] !== end) of.push(RELATIONS.includes(tokens[at]) ? operator() : sum());
    return row("relation", from, of);
  }

  function sum(): EquationNode {
    const from = at, of = next("-") ? [operator(), dots()] : [dots()];
    while (next("+", "-")) of.push(operator(), dots());
    return row("sum", from, of);
  }

  function dots(): EquationNode {
    const from = at, of = [quotient()];
    while (next("·")) of.push(operator(), quotient());
    return row("dots", from, of);
  }

  function quotient(): EquationNode {
    const from = at;
    let above = product();
    while (next("/") && take()) above = node("/", from, [above, product()]);
    return above;
  }

  function product(): EquationNode {
    const from = at, of = [tight()];
    while (!ENDS.includes(tokens[at])) of.push(next("@") ? operator() : tight());
    return row("product", from, of);
  }

  function tight(): EquationNode {
    const from = at;
    if (next("ln")) return node("ln", from, [(take(), product())]);
    if (tokens[at]?.startsWith("Σ")) {
      const sign = take();
      return node("Σ", from, [product()], sign);
    }
    let above = power();
    while (follows("/") && take()) above = node("/", from, [above, power()]);
    return above;
  }

  function power(): EquationNode {
    const from = at;
    if (next("∂")) return node("∂", from, [(take(), power())]);
    let base = atom();
    for (;;) {
      if (SUPERSCRIPTS[0].includes(tokens[at]?.[0] ?? " ")) {
        const plain = [...take()].map((one) => SUPERSCRIPTS[1][SUPERSCRIPTS[0].indexOf(one)]);
        base = node("superscript", from, [base], plain.join(""));
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
    const from = at, open = take() as "(", inside = relation(CLOSING[open]!);
    take();
    return node(open, from, [inside]);
  }

  return relation();
}
