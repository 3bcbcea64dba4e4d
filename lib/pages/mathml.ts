// The project's equations as MathML, which browsers draw and screen readers read.
import { Markup, markup } from "../charts/html.ts";
import { type EquationNode, parseEquation } from "../explain/equation.ts";
import { range } from "../explain/explained_step.ts";

/** Tokens of an equation, by their positions, that are drawn in elements of the class `name`. */
type MarkedTokens = Readonly<{ isMarked: (position: number) => boolean; name: string }>;

/** The invisible sign between a function and what it is applied to. */
const APPLY = markup`<mo>${"\u2061"}</mo>`;

/** An equation as an element `math`, some of its tokens marked. What is no equation throws. */
export function mathml(equation: string, marked?: MarkedTokens): Markup {
  return markup`<math>${write(parseEquation(equation), marked)}</math>`;
}

function write(node: EquationNode, marked: MarkedTokens | undefined): Markup {
  const { kind, text, of, from, to } = node;
  const mark = (read: Markup, start = from, end = start + 1) =>
    marked && range(end - start).every((i) => marked.isMarked(start + i))
      ? markup`<mrow class="${marked.name}">${read}</mrow>`
      : read;
  const parts = of.map((part) => write(part, marked));
  /** A part that needs no brackets, since a line or its height says what belongs to it. */
  const bare = (i: number) =>
    of[i]!.kind === "(" && of[i]!.of[0] ? write(of[i]!.of[0]!, marked) : parts[i]!;
  switch (kind) {
    case "name":
      return mark(writeName(text));
    case "number":
      return mark(markup`<mn>${text}</mn>`);
    case "operator":
      return mark(markup`<mo>${text === "-" ? "−" : text}</mo>`);
    case "product":
      return row(
        parts.flatMap((part, i) => i > 0 ? [markup`<mspace width="0.18em"/>`, part] : part),
      );
    case "/":
      return markup`<mfrac>${bare(0)}${bare(1)}</mfrac>`;
    case "^":
      return raise(parts[0]!, bare(1));
    case "superscript":
      return raise(parts[0]!, mark(markup`<mtext>${text}</mtext>`, to - 1));
    case "call":
      return row([parts[0]!, APPLY, parts[1]!]);
    case "ln":
      return row([markup`<mi>ln</mi>${APPLY}<mspace width="0.18em"/>`, parts[0]!]);
    case "∂":
      return row([markup`<mo>∂</mo>`, parts[0]!]);
    case "Σ": {
      const sign = markup`<mo>∑</mo>`, index = text.slice("Σ_".length);
      const under = index ? markup`<munder>${sign}<mi>${index}</mi></munder>` : sign;
      return row([mark(under), parts[0]!]);
    }
    case "relation":
    case "sum":
    case "dots":
    case "index":
      return row(parts);
    default: {
      const close = { "(": ")", "[": "]", "‖": "‖", "⌊": "⌋" }[kind];
      const bracket = (text: string, at: number) =>
        mark(markup`<mo stretchy="false">${text}</mo>`, at);
      return mark(row([bracket(kind, from), parts[0]!, bracket(close, to - 1)]), from, to);
    }
  }
}

function row(parts: readonly Markup[]): Markup {
  return parts.length === 1 ? parts[0]! : markup`<mrow>${parts}</mrow>`;
}

/** A superscript; it stands above the digit of a symbol. */
function raise(base: Markup, power: Markup): Markup {
  const symbol = /^<msub>(.*)<\/msub>$/.exec(base.text)?.[1];
  return symbol === undefined
    ? markup`<msup>${base}${power}</msup>`
    : markup`<msubsup>${new Markup(symbol)}${power}</msubsup>`;
}

/** A letter or word, with its digit below and its prime above. */
function writeName(name: string): Markup {
  const [, letters, digit, prime] = /^(.\p{L}*?)_?(\d*|i)('?)$/u.exec(name)!;
  const symbol = digit
    ? markup`<msub><mi>${letters}</mi><mn>${digit}</mn></msub>`
    : markup`<mi>${letters}</mi>`;
  return prime ? raise(symbol, markup`<mo>′</mo>`) : symbol;
}
