// An equation and the same with a mistake, with the difference marked.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BROKEN_RULES } from "../../lib/pages/break/broken_rules.ts";
import { comparedEquations, correctEquationOf } from "../../lib/pages/break/compared_equations.ts";
import { tokensOf } from "../../lib/explain/equation.ts";
import { mathml } from "../../lib/pages/mathml.ts";
import { wellFormed } from "../helpers/markup.ts";

/** The text of the outermost elements of a class. */
function marked(math: string, name: string): string[] {
  const found: string[] = [];
  let depth = 0, inside = 0;
  for (
    const [, close, tag, kind, text] of math.matchAll(
      /<(\/?)(\w+)(?: class="(\w+)")?[^>]*>|([^<]+)/g,
    )
  ) {
    if (text !== undefined) {
      if (inside > 0) found[found.length - 1] += text;
    } else if (tag === "mspace") continue;
    else if (close) {
      if (depth-- === inside) inside = 0;
    } else {
      depth++;
      if (kind === name && inside === 0) inside = found.push("") && depth;
    }
  }
  return found;
}

Deno.test("example: comparedEquations() marks what is lost and what is added", () => {
  const examples = [
    ["dA1 = dY1 (1 - Y1) Y1", "dA1 = dY1 Y1", ["(1−Y1)"], []],
    ["dA1 = dY1 (1 - Y1) Y1", "dA1 = dY1 (1 - Y1)", ["Y1"], []],
    ["dA2 = (P - onehot) / B", "dA2 = (P - onehot) / B²", [], ["2"]],
    ["dA2 = (P - onehot) / B", "dA2 = P - onehot", ["B"], []],
    ["W1' = W1 - η dW1", "W1' = W1 + η dW1", ["−"], ["+"]],
    ["onehot = [k = labels]", "onehot = [k = labels - 1]", [], ["−", "1"]],
    ["X = pixels / 255", "X = pixels", ["255"], []],
    // hardly anything in common
    ["Y1 = 1 / (1 + A1)", "Y1 = max(0, A1)", ["1", "1", "+", "A1"], ["max", "(0,A1)"]],
    ["dY1 = W2ᵀ dA2", "dY1 = (W2 - η dW2)ᵀ dA2", [], ["(", "−", "η", "dW2", ")"]],
  ] as const;
  for (const [right, broken, lost, added] of examples) {
    const compared = comparedEquations(right, broken);
    deepStrictEqual(marked(compared.right.text, "lost"), lost, broken);
    deepStrictEqual(marked(compared.broken.text, "added"), added, broken);
  }
});

Deno.test("law: comparedEquations() marks nothing in equal equations, and something in every rule's", () => {
  for (const { mistakes } of BROKEN_RULES) {
    for (const { quantity, equation } of mistakes) {
      const correct = correctEquationOf(quantity);
      const same = comparedEquations(correct, correct);
      deepStrictEqual([same.right.text, same.broken.text], Array(2).fill(mathml(correct).text));
      const { right, broken } = comparedEquations(correct, equation);
      for (const { text } of [right, broken]) wellFormed(text);
      ok(marked(right.text, "lost").length + marked(broken.text, "added").length > 0, equation);
      // without the marks they are the equations
      const plain = (text: string) => text.replaceAll(/<mrow class="\w+">/g, "<mrow>");
      const words = (text: string) => plain(text).replaceAll(/<[^>]*>/g, "");
      strictEqual(words(right.text), words(mathml(correct).text));
      strictEqual(words(broken.text), words(mathml(equation).text));
    }
  }
});

Deno.test("example: tokensOf() reads symbols with their digits, numbers, brackets and superscripts", () => {
  deepStrictEqual(tokensOf("W1' = W1 - 0.1 W2ᵀ[k] e^(-a)²"), [
    ...["W1'", "=", "W1", "-", "0.1", "W2", "ᵀ", "[", "k", "]", "e", "^", "(", "-", "a", ")", "²"],
  ]);
});
