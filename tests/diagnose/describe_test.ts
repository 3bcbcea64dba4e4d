/** Diagnoses as text. */
import { ok, strictEqual } from "node:assert/strict";
import { width } from "../../lib/text/layout.ts";
import { describeDiagnosis, diagnose, MISTAKES, RandomState } from "../../mod.ts";
import { PROJECT, record, stepWith } from "./dumps.ts";

const STEP_WITH_MISTAKE = record(
  stepWith({ D: 30, M: 8, K: 5, B: 12 }, new RandomState(3), [
    MISTAKES.find(({ id }) => id === "dW1/divided-by-B-twice")!,
  ]),
  { ...PROJECT, program: "listing", recorded: ["dA2", "dA1", "dW1", "db1", "W1'"] },
);

Deno.test("example: describeDiagnosis() gives a row for each quantity, then the first wrong", () => {
  strictEqual(
    describeDiagnosis(diagnose(STEP_WITH_MISTAKE), "en"),
    `30-8-5, a batch of 12, float64; learning rate 0.01, found from the update
ok       dA2 (delta_b)   equals (P - onehot) / B exactly
ok       dA1 (delta_a)   equals dY1 (1 - Y1) Y1 exactly
WRONG    dW1 (delta_W1)  differs from dA1 Xᵀ by 9.2e-1 of its largest entry
                         equals dA1 Xᵀ / B exactly: divided by B a second time
ok       db1 (delta_b1)  equals rowSum(dA1) exactly
follows  W1' (W1 after)  equals W1 - η dW1 exactly, with the wrong dW1
First wrong: dW1 (delta_W1): divided by B a second time.`,
  );
  strictEqual(
    describeDiagnosis(diagnose(STEP_WITH_MISTAKE), "ja"),
    `30-8-5、バッチサイズ 12、float64、学習率 0.01（更新量から推定）
正しい  dA2 (delta_b)   (P - onehot) / B と完全に一致
正しい  dA1 (delta_a)   dY1 (1 - Y1) Y1 と完全に一致
誤り    dW1 (delta_W1)  dA1 Xᵀ との差が最大の要素の 9.2e-1 倍
                        dA1 Xᵀ / B と完全に一致: B で 2 回割っている
正しい  db1 (delta_b1)  rowSum(dA1) と完全に一致
波及    W1' (W1 after)  W1 - η dW1 と完全に一致（誤った dW1 による）
最初の誤り: dW1 (delta_W1): B で 2 回割っている。`,
  );
});

Deno.test("example: describeDiagnosis() lists the arrays that are not used, those named as quantities too", () => {
  const pixels = STEP_WITH_MISTAKE.get("img")!;
  const arrays = new Map([...STEP_WITH_MISTAKE, ["mine", pixels], ["X", pixels]]);
  const names = { mine: "X" } as const;
  const lines = describeDiagnosis(diagnose(arrays, { names }), "en").split("\n");
  strictEqual(lines.at(-2), "Not used: img, X");
});

Deno.test("example: describeDiagnosis() says which digits float32 and float16 have", () => {
  const dW1 = STEP_WITH_MISTAKE.get("delta_W1")!;
  const data = Float64Array.from(
    dW1.data as Float64Array,
    (x) => Math.fround(x * 2 ** 12) / 2 ** 12,
  );
  const arrays = new Map([...STEP_WITH_MISTAKE, ["delta_W1", { ...dW1, dtype: "<f2", data }]]);
  const float16 = describeDiagnosis(diagnose(arrays), "en").split("\n");
  ok(float16.includes("dW1 (delta_W1) is recorded in float16, which has 3 digits"));
  ok(float16.at(-1)!.startsWith("First wrong: dW1 (delta_W1): divided by B a second time"));
  const style = { ...PROJECT, dtype: "<f4", recorded: ["P"] } as const;
  const step = stepWith({ D: 30, M: 8, K: 5, B: 12 }, new RandomState(3), []);
  const [header] = describeDiagnosis(diagnose(record(step, style)), "ja").split("\n");
  strictEqual(header, "30-8-5、バッチサイズ 12、float32（7 桁）");
});

Deno.test("law: describeDiagnosis() fits into 80 columns but for the last line", () => {
  for (const mistake of MISTAKES) {
    const step = stepWith({ D: 6, M: 4, K: 3, B: 5 }, new RandomState(7), [mistake]);
    const found = diagnose(record(step, { ...PROJECT, program: "textbook" }));
    for (const language of ["en", "ja"] as const) {
      const lines = describeDiagnosis(found, language).split("\n");
      const wide = lines.slice(0, -1).filter((line) => width(line) > 80);
      strictEqual(wide.join("\n"), "", mistake.id);
      ok(!lines.some((line) => /undefined|NaN|\s$/.test(line)), lines.join("\n"));
    }
  }
});
