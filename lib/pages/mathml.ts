// The project's equations as MathML, which browsers draw and screen readers read.
//
// The notation is that of the table of the step and of the derivations: `W1[m,d]` is an entry,
// `1/B` binds tighter than a product, ` / ` and ` · ` more loosely, and `Σ_i` and `ln` take the
// product after them.
import { type Markup, markup } from "../charts/html.ts";

/** An equation as an element `math`. What does not follow the notation throws. */
export function mathml(equation: string): Markup {
  return markup`<math>${new Parser(equation).relation()}</math>`;
}

/** Tokens of an equation that are drawn in elements of a class of their own. */
export interface MarkedTokens {
  /** Whether a token is marked, by its position among {@linkcode tokensOf}. */
  readonly isMarked: (position: number) => boolean;
  /** The class of the elements. */
  readonly name: string;
}

/** An equation as an element `math`, with some of its tokens marked. */
export function markedMathml(equation: string, marked: MarkedTokens): Markup {
  return markup`<math>${new Parser(equation, marked).relation()}</math>`;
}

/** The tokens of an equation: symbols, numbers, operators, brackets, superscripts. */
export function tokensOf(equation: string): string[] {
  return tokenise(equation).map(({ text }) => text);
}

/** A part of an equation, and whether it stands in round brackets. */
interface Node {
  readonly markup: Markup;
  /** The same without the brackets, which a fraction line makes unnecessary. */
  readonly inside?: Markup;
  /** A symbol without its digit, and the digit: a superscript stands above it. */
  readonly symbol?: readonly [base: Markup, digit: Markup];
}

interface Token {
  readonly text: string;
  readonly afterSpace: boolean;
}

/** A letter or word with its digit and prime, Σ with its index, a number, or one character. */
const TOKEN = /\s*(Σ(?:_\p{L})?|\p{L}+\d?'?|\d+(?:\.\d+)?|[⁻⁽⁰¹²³⁴⁵⁶⁷⁸⁹⁾ˣᵀ]+|\S)/gu;

/** Superscript characters, and what they stand for. */
const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  ...{ "⁻": "−", "⁽": "(", "⁾": ")", "ˣ": "x", "ᵀ": "T" },
  ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((superscript, digit) => [superscript, `${digit}`])),
};

/** The invisible sign between a function and what it is applied to. */
const APPLY = markup`<mo>${"\u2061"}</mo>`;

const RELATIONS = ["=", "≈", "≠", ","];

const OPERATORS: Readonly<Record<string, string>> = { "-": "−" };

function tokenise(equation: string): Token[] {
  // ᵀ is a letter for Unicode
  const spaced = equation.replaceAll(/(?<=\p{L}|\d)(?=ᵀ|ˣ)/gu, "\u2060");
  return [...spaced.matchAll(TOKEN)].map(([all, text]) => ({
    text: text!,
    afterSpace: /^\s/.test(all),
  })).filter(({ text }) => text !== "\u2060");
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(readonly equation: string, readonly marked?: MarkedTokens) {
    this.#tokens = tokenise(equation);
  }

  relation(): Markup {
    const parts: Markup[] = [];
    while (this.#next !== undefined) {
      if (RELATIONS.includes(this.#next)) parts.push(this.#operator());
      else parts.push(this.#sum().markup);
    }
    return row(parts);
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at]?.text;
  }

  get #isAfterSpace(): boolean {
    return this.#tokens[this.#at]?.afterSpace ?? false;
  }

  #take(): string {
    const token = this.#tokens[this.#at++];
    if (!token) throw new SyntaxError(`Cannot read equation "${this.equation}": it ends too early`);
    return token.text;
  }

  #expect(text: string): void {
    if (this.#next !== text) {
      throw new SyntaxError(
        `Cannot read equation "${this.equation}": found "${this.#next}", need "${text}"`,
      );
    }
    this.#at++;
  }

  #operator(): Markup {
    return this.#mark(operator(this.#take()));
  }

  /** What was read from a position on, marked if all its tokens are. */
  #mark(read: Markup, from: number = this.#at - 1): Markup {
    const { marked } = this;
    if (!marked) return read;
    for (let position = from; position < this.#at; position++) {
      if (!marked.isMarked(position)) return read;
    }
    return markup`<mrow class="${marked.name}">${read}</mrow>`;
  }

  #sum(): Node {
    const parts: Markup[] = [];
    if (this.#next === "-") parts.push(this.#operator());
    const first = this.#dots();
    if (parts.length === 0 && this.#next !== "+" && this.#next !== "-") return first;
    parts.push(first.markup);
    while (this.#next === "+" || this.#next === "-") {
      parts.push(this.#operator(), this.#dots().markup);
    }
    return { markup: row(parts) };
  }

  #dots(): Node {
    const first = this.#quotient();
    if (this.#next !== "·") return first;
    const parts = [first.markup];
    while (this.#next === "·") parts.push(this.#operator(), this.#quotient().markup);
    return { markup: row(parts) };
  }

  #quotient(): Node {
    let node = this.#product();
    while (this.#next === "/") {
      this.#take();
      node = fraction(node, this.#product());
    }
    return node;
  }

  #product(): Node {
    const first = this.#tight();
    const parts = [first.markup];
    while (this.#next !== undefined && !isEnd(this.#next)) {
      parts.push(markup`<mspace width="0.18em"/>`, this.#tight().markup);
    }
    return parts.length === 1 ? first : { markup: row(parts) };
  }

  #tight(): Node {
    const next = this.#next ?? "";
    if (next.startsWith("Σ")) {
      this.#take();
      const index = next.slice("Σ_".length);
      const sign = index === ""
        ? markup`<mo>∑</mo>`
        : markup`<munder><mo>∑</mo><mi>${index}</mi></munder>`;
      return { markup: row([this.#mark(sign), this.#product().markup]) };
    }
    if (next === "ln") {
      this.#take();
      return { markup: row([markup`<mi>ln</mi>${APPLY}`, this.#product().markup]) };
    }
    let node = this.#power();
    while (this.#next === "/" && !this.#isAfterSpace) {
      this.#take();
      node = fraction(node, this.#power());
    }
    return node;
  }

  #power(): Node {
    if (this.#next === "∂") {
      this.#take();
      return { markup: row([markup`<mo>∂</mo>`, this.#power().markup]) };
    }
    let node = this.#atom();
    for (;;) {
      const next = this.#next;
      if (next === "^") {
        this.#take();
        const power = this.#indexed();
        node = { markup: superscript(node, power.inside ?? power.markup) };
      } else if (next !== undefined && next[0]! in SUPERSCRIPTS) {
        const plain = [...this.#take()].map((character) => SUPERSCRIPTS[character]).join("");
        node = { markup: superscript(node, this.#mark(markup`<mtext>${plain}</mtext>`)) };
      } else if (next === "[" && !this.#isAfterSpace) {
        node = this.#withIndex(node);
      } else return node;
    }
  }

  /** An operand with its index, if it has one. */
  #indexed(): Node {
    const node = this.#atom();
    return this.#next === "[" && !this.#isAfterSpace ? this.#withIndex(node) : node;
  }

  #withIndex({ markup: base }: Node): Node {
    return { markup: row([base, this.#bracketed("[", "]").markup]) };
  }

  #atom(): Node {
    const next = this.#next;
    if (next === "(") return this.#bracketed("(", ")");
    if (next === "[") return this.#bracketed("[", "]");
    const text = this.#take();
    if (/^\d/.test(text)) return { markup: this.#mark(markup`<mn>${text}</mn>`) };
    const [, letters, digit, prime] = /^(\p{L}+)(\d?)('?)$/u.exec(text) ?? [];
    if (letters === undefined) {
      throw new SyntaxError(`Cannot read equation "${this.equation}": "${text}" is no operand`);
    }
    const plain = symbol(letters, digit!, prime!), shown = this.#mark(plain.markup);
    const name = shown === plain.markup ? plain : { markup: shown };
    // a function: rowSum(dA2), E(W1 + Δ)
    const isCall = this.#next === "(" && !this.#isAfterSpace;
    if (!isCall) return name;
    return {
      markup: row([name.markup, APPLY, this.#bracketed("(", ")").markup]),
    };
  }

  /** What is in brackets: relations too, as in `[k = labels]`. */
  #bracketed(open: string, close: string): Node {
    const from = this.#at, bracket = (text: string) => markup`<mo stretchy="false">${text}</mo>`;
    this.#expect(open);
    const left = this.#mark(bracket(open)), parts: Markup[] = [];
    while (this.#next !== close) {
      if (this.#next !== undefined && RELATIONS.includes(this.#next)) {
        parts.push(this.#operator());
      } else parts.push(this.#sum().markup);
    }
    this.#expect(close);
    const inside = row(parts);
    const all = this.#mark(row([left, inside, this.#mark(bracket(close))]), from);
    return open === "(" ? { markup: all, inside } : { markup: all };
  }
}

/** Whether a product ends before this token. */
function isEnd(text: string): boolean {
  return [...RELATIONS, "+", "-", "·", "/", ")", "]"].includes(text);
}

function row(parts: readonly Markup[]): Markup {
  return parts.length === 1 ? parts[0]! : markup`<mrow>${parts}</mrow>`;
}

function operator(text: string): Markup {
  return markup`<mo>${OPERATORS[text] ?? text}</mo>`;
}

function fraction(above: Node, below: Node): Node {
  const [a, b] = [above, below].map((node) => node.inside ?? node.markup);
  return { markup: markup`<mfrac>${a}${b}</mfrac>` };
}

function superscript({ markup: base, symbol }: Node, power: Markup): Markup {
  return symbol
    ? markup`<msubsup>${symbol}${power}</msubsup>`
    : markup`<msup>${base}${power}</msup>`;
}

/** A letter or word, with its digit below and its prime above. */
function symbol(letters: string, digit: string, prime: string): Node {
  const base = markup`<mi>${letters}</mi>`, below = markup`<mn>${digit}</mn>`;
  const node: Node = digit === ""
    ? { markup: base }
    : { markup: markup`<msub>${base}${below}</msub>`, symbol: [base, below] };
  return prime === "" ? node : { markup: superscript(node, markup`<mo>′</mo>`) };
}
