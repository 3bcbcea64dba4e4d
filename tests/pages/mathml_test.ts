// Equations in text as MathML.
import { strictEqual, throws } from "node:assert/strict";
import { EXPLANATIONS } from "../../lib/explain/explanations.ts";
import { mathml } from "../../lib/pages/mathml.ts";
import { STEP } from "../../mod.ts";
import { wellFormed } from "../helpers/markup.ts";

/** What a formula says, read from its MathML: fractions and powers in brackets. */
function read(equation: string): string {
  const pieces: string[][] = [[]];
  for (const [, close, name, words] of mathml(equation).text.matchAll(TAG_OR_WORDS)) {
    if (words !== undefined) pieces.at(-1)!.push(words);
    else if (!close && name !== "mspace") pieces.push([]);
    else if (close) {
      const inside = pieces.pop()!, [a, b, c] = inside;
      const marks: Record<string, string> = {
        ...{ mfrac: `{${a}/${b}}`, msup: `${a}^{${b}}`, msub: `${a}_${b}`, munder: `${a}_${b}` },
        msubsup: `${a}_${b}^{${c}}`,
      };
      pieces.at(-1)!.push(marks[name!] ?? inside.join(""));
    }
  }
  return pieces[0]!.join("").replaceAll("\u2061", "");
}

const TAG_OR_WORDS = /<(\/?)(\w+)[^>]*?\/?>|([^<]+)/g;

Deno.test("example: mathml() reads products, sums, fractions and powers as they bind", () => {
  const examples = [
    ["A1 = W1 X + b1", "A_1=W_1X+b_1"],
    ["dA2 = (P - onehot) / B", "dA_2={P−onehot/B}"],
    ["E = 1/B Σ_i L[i]", "E={1/B}∑_iL[i]"],
    ["E = Σ_i L / B", "E={∑_iL/B}"],
    ["Y1 = 1 / (1 + e^(-A1))", "Y_1={1/1+e^{−A_1}}"],
    ["P[k,i] = e^A2[k,i] / Σ_j e^A2[j,i]", "P[k,i]={e^{A_2[k,i]}/∑_je^{A_2[j,i]}}"],
    ["      = e^(-a) / (1 + e^(-a)) · 1 / (1 + e^(-a))", "={e^{−a}/1+e^{−a}}·{1/1+e^{−a}}"],
    ["∂E/∂W1[m,d] = Σ_i ∂E/∂A1[m,i] X[d,i]", "{∂E/∂W_1[m,d]}=∑_i{∂E/∂A_1[m,i]}X[d,i]"],
    ["dY1 = W2ᵀ dA2", "dY_1=W_2^{T}dA_2"],
    ["E(W1') ≈ E(W1) - η Σ dW1²", "E(W_1^{′})≈E(W_1)−η∑dW_1^{2}"],
    ["L[i] = -Σ_k y[k,i] ln p[k,i]", "L[i]=−∑_ky[k,i]lnp[k,i]"],
    ["onehot = [k = labels]", "onehot=[k=labels]"],
    ["L = -Σ_k onehot log10 P", "L=−∑_konehotlog_10P"],
    ["b1' = b1 - η db1 / ‖db1‖", "b_1^{′}=b_1−{ηdb_1/‖db_1‖}"],
  ] as const;
  for (const [equation, expected] of examples) strictEqual(read(equation), expected);
});

Deno.test("example: mathml() reads every equation of the step and of its explanations", () => {
  for (const { symbol, equation } of STEP) {
    const { derivation } = EXPLANATIONS[symbol];
    for (const one of [{ equation }, ...derivation]) wellFormed(mathml(one.equation).text);
  }
});

Deno.test("example: mathml() refuses what is no equation", () => {
  const refusals = [
    ["A = (B", "it ends too early"],
    ["A = B +", "it ends too early"],
    ["A * B", '"*" is no operand'],
    ["A = B)", '")" is no operand'],
  ] as const;
  for (const [equation, reason] of refusals) {
    const message = `Cannot read equation "${equation}": ${reason}`;
    throws(() => mathml(equation), { name: "SyntaxError", message });
  }
});
