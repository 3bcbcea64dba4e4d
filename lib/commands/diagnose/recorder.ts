/**
 * Lines of Python that record a training step for `diagnose`.
 *
 * @module
 */

import type { Language, Text } from "../../text/layout.ts";

/** The lines for the report's listing as it is, and a form for other programs. */
export function recorder(language: Language): string {
  const { listing, before, after, other, form, needed, rate, forward, backward } = WORDS;
  const say = (text: Text) => `# ${text[language]}`;
  // the indentation of the listing's inner loop
  return `${say(listing)}

        ${say(before)}
        if i == 0 and j == 0:
            step = dict(img=img, answer=answer, my=my, W1=np.copy(W1), b1=np.copy(b1),
                        W2=np.copy(W2), b2=np.copy(b2), onehot=onehot, input1=input1,
                        output1=output1, input2=input2, output_last=output_last,
                        crossE=crossE, delta_b=delta_b, delta_y1=delta_y1,
                        delta_W2=delta_W2, delta_b2=delta_b2, delta_a=delta_a,
                        delta_W1=delta_W1, delta_b1=delta_b1)

        ${say(after)}
        if i == 0 and j == 0:
            np.savez("step.npz", **step, W1_after=W1, b1_after=b1, W2_after=W2, b2_after=b2)


${say(other)}
${say(form)}

def record(**step):
    return {name: np.array(value) for name, value in step.items() if value is not ...}

${say(before)}
step = record(
    X=..., labels=..., W1=..., b1=..., W2=..., b2=...,  ${say(needed)}
    lr=...,  ${say(rate)}
    A1=..., Y1=..., A2=..., P=..., onehot=..., L=..., E=...,  ${say(forward)}
    dA2=..., dW2=..., db2=..., dY1=..., dA1=..., dW1=..., db1=...,  ${say(backward)}
)

${say(after)}
np.savez("step.npz", **step, **record(W1_after=..., b1_after=..., W2_after=..., b2_after=...))`;
}

const WORDS = {
  listing: {
    en: "The report's program (listing 3): paste these lines into its loop.",
    ja: "レポートのプログラム（Listing 3）では、次の行をループの中に貼り付ける。",
  },
  before: { en: "after the gradients, before the update", ja: "勾配を求めた後、更新の前" },
  after: { en: "after the update", ja: "更新の後" },
  other: {
    en: "Any other program: replace the dots with your variables, and run this in one step.",
    ja: "ほかのプログラムでは、... を自分の変数に書き換え、1 ステップだけで実行する。",
  },
  form: {
    en: "Leave the dots of what your program does not have.",
    ja: "プログラムにない量は ... のままにしておく。",
  },
  needed: { en: "all are needed", ja: "すべて必要" },
  rate: { en: "the learning rate", ja: "学習率" },
  forward: { en: "as many as there are", ja: "あるものだけ" },
  backward: { en: "dA2 is ∂E/∂A2", ja: "dA2 は ∂E/∂A2" },
} satisfies Record<string, Text>;
