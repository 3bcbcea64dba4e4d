/**
 * The explain command: its sums add up, it has both languages, and its lines fit a terminal.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  entry,
  type ExplainedStep,
  sampleStep,
  smallStep,
} from "../../lib/explain/explained_step.ts";
import { EQUATION_NAMES } from "../../lib/explain/explanation.ts";
import { EXPLANATIONS, INPUT_MEANINGS } from "../../lib/explain/explanations.ts";
import {
  exp,
  type Expression,
  formatResult,
  formatWorking,
  minus,
  negativeLog,
  over,
  sum,
  times,
} from "../../lib/explain/expression.ts";
import { workingsOf } from "../../lib/explain/workings.ts";
import { afterStep, layOut, overview, showMatrix } from "../../lib/explain/page.ts";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { beside, COLUMNS, type Language, type Text, width, wrap } from "../../lib/text/layout.ts";
import { readParameters, STEP } from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { fixture, mnist } from "../helpers/fixtures.ts";

const LANGUAGES = ["en", "ja"] as const;
const DRAWN: Text = { en: "Its parameters are drawn.", ja: "パラメータは乱数である。" };

const test = mnist("test");
const { parameters: pretrained } = await loadParametersOrPretrained(undefined);

/** Steps of each kind: small ones, real images in a drawn network, and in trained ones. */
const seeds = Array.from({ length: 41 }, (_, seed) => seed);
const small = seeds.map((seed) => ({ what: `seed ${seed}`, step: smallStep(seed) }));
const samples = [0, 8, 115, 9999];
const real = [
  ...samples.map((i) => ({ what: `test:${i}, drawn`, step: sampleStep(test, i, 601) })),
  ...samples.map((i) => ({ what: `test:${i}, pretrained`, step: sampleStep(test, i, pretrained) })),
  {
    what: "test:1, trained by NumPy",
    step: sampleStep(test, 1, readParameters(fixture("parameter.npz"))),
  },
];

/** Every worked line of a step, each as one line. */
function workedLines(step: ExplainedStep, language: Language): string[] {
  const pages = STEP.flatMap(({ symbol }) => workingsOf(step, symbol));
  const after = afterStep(step, language).split("\n\n").slice(1);
  return [
    ...pages.map((working) => formatWorking(working, language)),
    ...after.map((line) => line.replaceAll(/\n? {2}/g, " ").trim()),
  ];
}

/** The value of an expression as it is printed. */
function calculate(text: string): number {
  const code = text.replaceAll(/\((?:ほか )?\d+ (?:more|項): ([^()]+)\)/g, "($1)")
    .replaceAll("·", "*").replaceAll("e^", "Math.exp ").replaceAll("ln", "Math.log")
    .replaceAll(/Math\.(exp|log) ([\d.e+-]+)/g, "Math.$1($2)");
  return Function(`return ${code}`)();
}

/** Adds a worked line up; doubles err by far less than the last printed digit. */
function assertAddsUp(line: string, what: string) {
  const parts = line.split(" = "), result = parts.at(-1)!;
  ok(parts.length >= 3 && parts.length <= 4, `${what}: ${line}`);
  const [mantissa, exponent = "0"] = result.split("e") as [string, string?];
  const decimals = mantissa.split(".")[1]?.length ?? 0;
  const half = result === "0" ? 1e-12 : 10 ** (Number(exponent) - decimals) / 2;
  ok(Math.abs(calculate(parts.at(-2)!) - Number(result)) <= half * (1 + 1e-9), `${what}: ${line}`);
}

for (const language of LANGUAGES) {
  Deno.test(`law: every worked line adds up as it is printed, for small networks, real images and trained networks: ${language}`, () => {
    for (const { what, step } of [...small, ...real]) {
      const lines = workedLines(step, language);
      // all quantities but onehot, equation 3 as printed, E and E'
      strictEqual(lines.length, 17 + 1 + 2);
      for (const line of lines) assertAddsUp(line, what);
    }
  });

  Deno.test(`example: no line is wider than 80 columns: ${language}`, () => {
    for (const { what, step } of [...small.slice(0, 2), ...real]) {
      const pages = STEP.map((quantity) => layOut(quantity, step, language, "12/18"));
      const all = [overview(step, DRAWN, language), ...pages, afterStep(step, language)];
      for (const line of all.join("\n").split("\n")) {
        ok(width(line) <= COLUMNS, `${what}: ${width(line)} columns: ${line}`);
        strictEqual(line, line.trimEnd());
      }
    }
  });
}

Deno.test("example: formatWorking() prints as many digits as the result needs", () => {
  const print = (expression: Expression, result: number) =>
    formatWorking({ name: "a", expression, result }, "en");
  // rounded to four digits the terms would give 0.9593
  const mean = over(sum([0.2516492, 1.6671433]), 2);
  strictEqual(print(mean, 0.95939625), "a = (0.25165 + 1.6671) / 2 = 0.9594");
  strictEqual(print(minus(0.99998, 1), -2e-5), "a = 0.99998 - 1 = -2.000e-5");
  // exactly half of the last place: rounding the other way would give 0.3058
  strictEqual(print(over(0.6115, 2), 0.30575), "a = 0.6115 / 2 = 0.30575");
  strictEqual(print(minus(-1, times(0.01, -0.5)), -0.995), "a = (-1) - 0.01·(-0.5) = -0.9950");
  strictEqual(print(over(sum([2.5]), 2), 1.25), "a = 2.5 / 2 = 1.250");
  strictEqual(print(over(1, sum([1, exp(-0.5)])), 0.6224593), "a = 1 / (1 + e^(-0.5)) = 0.6225");
  strictEqual(print(over(1, times(2, 4)), 0.125), "a = 1 / (2·4) = 0.1250");
  strictEqual(print(over(negativeLog(0.5), 2), Math.LN2 / 2), "a = (-ln 0.5) / 2 = 0.3466");
  strictEqual(print(sum([times(0.5, 0), times(0, 3)]), 0), "a = 0.5·0 + 0·3 = 0");
});

Deno.test("example: formatWorking() prints short sums whole, and of long ones the largest terms and the rest", () => {
  const long = sum([1, 0, -5, 2, 3, 0.125].map((x) => times(x, 1)));
  const working = { name: "a", expression: long, result: 1.125 };
  const start = "a = (-5)·1 + 3·1 + 2·1";
  strictEqual(formatWorking(working, "en"), `${start} + (2 more: 1.125) = 1.125`);
  strictEqual(formatWorking(working, "ja"), `${start} + (ほか 2 項: 1.125) = 1.125`);
  const few = { name: "a", expression: sum([0, 0, 7, 0, 1].map((x) => times(x, 1))), result: 8 };
  strictEqual(formatWorking(few, "en"), "a = 7·1 + 1·1 = 8.000");
  const none = { name: "a", expression: sum(Array(5).fill(times(0, 1))), result: 0 };
  strictEqual(formatWorking(none, "en"), "a = 0 = 0");
});

Deno.test("example: formatWorking() leaves out numbers that cannot give the result", () => {
  const working = { name: "L", expression: negativeLog(1), result: 1e-20 };
  strictEqual(formatWorking(working, "en"), "L = -ln 1 = 1.000e-20");
  strictEqual(formatWorking({ ...working, result: NaN }, "en"), "L = -ln 1 = NaN");
});

Deno.test("example: formatResult() has four significant digits", () => {
  const numbers = [0, 1, -0.25, 12345.6, 0.00012346, 0.000012346, 1234567];
  deepStrictEqual(
    numbers.map((x) => formatResult(x)),
    ["0", "1.000", "-0.2500", "1.235e+4", "0.0001235", "1.235e-5", "1.235e+6"],
  );
});

Deno.test("example: explain shows that equation (3) as printed has the right shape and a wrong value", () => {
  for (const { what, step } of [...small, ...real]) {
    const [right, printed] = workingsOf(step, "db2");
    deepStrictEqual([right!.name, printed!.name], [
      `db2[${step.focus.K},0]`,
      `rowSum(dA2 Y1ᵀ)[${step.focus.K},0]`,
    ]);
    const { dW2, db2 } = step.values, wrong = dW2.rowSums;
    deepStrictEqual([wrong.rows, wrong.columns], [db2.rows, db2.columns]);
    strictEqual(printed!.result, wrong.at(step.focus.K, 0));
    ok(printed!.result !== right!.result, what);
  }
  const db2 = STEP.find(({ symbol }) => symbol === "db2")!;
  for (const language of LANGUAGES) {
    const [label, line] = layOut(db2, smallStep(601), language, "1/1").split("\n\n").slice(-2);
    strictEqual(label!.trim(), workingsOf(smallStep(601), "db2")[1]!.note![language]);
    ok(line!.startsWith("  rowSum(dA2 Y1ᵀ)"));
  }
});

Deno.test("example: the step that is explained lowers the loss", () => {
  for (const { what, step } of small) ok(step.after.E < step.values.E.at(0, 0), what);
  // a trained network may be so sure that nothing changes
  for (const { what, step } of real) ok(step.after.E <= step.values.E.at(0, 0), what);
});

Deno.test("example: every gradient is derived in four to seven lines that end in its equation", () => {
  for (const { symbol, equation, pass } of STEP) {
    if (pass !== "backward") continue;
    const { derivation } = EXPLANATIONS[symbol];
    ok(derivation.length >= 4 && derivation.length <= 7, `${symbol}: ${derivation.length} lines`);
    strictEqual(derivation.at(-1)!.equation, equation);
  }
});

Deno.test("example: every name that --equation takes has quantities, forward and backward where there are both", () => {
  const quantities = (name: typeof EQUATION_NAMES[number]) =>
    STEP.filter(({ symbol }) => EXPLANATIONS[symbol].equations.includes(name))
      .map(({ symbol }) => symbol).join(" ");
  deepStrictEqual(Object.fromEntries(EQUATION_NAMES.map((name) => [name, quantities(name)])), {
    "1": "dY1",
    "2": "dW2 dW1",
    "3": "db2 db1",
    "affine": "A1 A2 dW2 db2 dY1 dW1 db1",
    "sigmoid": "Y1 dA1",
    "softmax": "P dA2",
    "cross-entropy": "onehot L E dA2",
    "sgd": "W1' b1' W2' b2'",
  });
});

/** Every text of an object, however deep, and everything else that is a string. */
function textsIn(value: unknown): { texts: Text[]; others: string[] } {
  if (typeof value === "string") return { texts: [], others: [value] };
  if (typeof value !== "object" || value === null) return { texts: [], others: [] };
  if ("en" in value) return { texts: [value as Text], others: [] };
  const inner = Object.values(value).map(textsIn);
  return {
    texts: inner.flatMap(({ texts }) => texts),
    others: inner.flatMap(({ others }) => others),
  };
}

Deno.test("example: every text is there in both languages, and Japanese in Japanese", () => {
  const { texts, others } = textsIn([EXPLANATIONS, INPUT_MEANINGS]);
  ok(texts.length > 80);
  const japanese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
  const words = /[A-Za-z]{3,}/;
  for (const { en, ja } of texts) {
    ok(en !== "" && !japanese.test(en), en);
    // formulas alone, such as ∂E/∂A1, need no translation
    ok(japanese.test(ja) || en === ja && !words.test(en) || ja.startsWith("y = "), ja);
    ok(!/正誤|である。である|。。/.test(ja), ja);
  }
  // what is outside of the texts is the same in both languages: equations, and names of --equation
  for (const other of others) ok(!japanese.test(other), other);
});

Deno.test("example: what explain prints in Japanese has no words in English", async () => {
  const { stdout } = await cli(["explain", "--lang=ja", "--seed=3"]);
  const names = new Set(
    STEP.flatMap(({ symbol, listing, by, file }) => [symbol, listing, by, ...file.split(/[/.]/)]),
  );
  const known =
    /^(?:img|answer|my|labels|np|arange|size|max|NaN|nat|ln|rowSum|MNIST|one|hot|onehot|delta_W|delta_x)$/;
  const words = stdout.match(/[A-Za-z_]\w+/g)!.filter((word) => /[a-z]{2}/.test(word));
  ok(words.length > 100);
  deepStrictEqual(words.filter((word) => !names.has(word) && !known.test(word)), []);
  const headings = [...stdout.matchAll(/^(.*\S) +\d+\/18$/gm)].map(([, title]) => title!);
  strictEqual(headings.filter((title) => /[ぁ-んァ-ヶ一-龠]/.test(title)).length, 18);
});

Deno.test("example: wrap() breaks English at spaces, and Japanese not before or behind its punctuation", () => {
  const lines = (room: number, text: string) =>
    wrap(text, COLUMNS - room).split("\n").map((line) => line.trim()).join("|");
  strictEqual(lines(10, "one two three"), "one two|three");
  strictEqual(lines(10, "確率が零になる。"), "確率が零に|なる。");
  strictEqual(lines(12, "確率は零です。"), "確率は零で|す。");
  strictEqual(lines(10, "重みの和（総和）"), "重みの和|（総和）");
  strictEqual(lines(8, "形は (B, D) だ"), "形は|(B, D)|だ");
  for (const kana of "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー") {
    strictEqual(lines(6, `あいう${kana}え`), `あい|う${kana}え`);
  }
});

Deno.test("example: beside() sets blocks beside each other as long as they fit", () => {
  strictEqual(beside(["a\nbb", "c"]), "  a     c\n  bb");
  const wide = "x".repeat(40);
  strictEqual(beside([wide, wide]), `  ${wide}\n\n  ${wide}`);
  strictEqual(beside(["重み\nW", "b"]), "  重み    b\n  W");
});

Deno.test("example: showMatrix() shows small matrices whole, and of large ones the part around the entry in focus", () => {
  const small = smallStep(601), large = real[0]!.step;
  const X = "X (4x2)\n1.000  1.000\n0.000  0.800\n0.800  0.000\n0.200  0.200";
  strictEqual(showMatrix(small, "X"), X);
  strictEqual(showMatrix(small, "onehot"), "onehot (2x2)\n1  0\n0  1");
  const { M, D } = large.focus, lines = showMatrix(large, "dW1").split("\n");
  strictEqual(lines[0], "dW1 (80x784)");
  const around = [-2, -1, 0, 1, 2];
  deepStrictEqual(lines[1]!.match(/\d+/g)!.map(Number), around.map((i) => D + i));
  deepStrictEqual(lines.slice(2, 7).map((line) => parseInt(line)), around.map((i) => M + i));
  const shown = Number(lines[4]!.split(/ +/)[3]);
  ok(Math.abs(shown - entry(large, "dW1", M, D).value) <= 5e-6); // five decimals are shown
  strictEqual(lines[7], "⋮");
});

Deno.test("example: explain prints the whole step, one quantity after the other", async () => {
  const { code, stdout, stderr } = await cli(["explain", "--small", "--lang=en"]);
  deepStrictEqual([code, stderr], [0, ""]);
  const places = [...stdout.matchAll(/ (\d+)\/18$/gm)].map(([, place]) => Number(place));
  deepStrictEqual(places, STEP.map((_, i) => i + 1));
  const A1 = smallStep(601).values.A1.at(2, 0);
  ok(stdout.includes(`= ${A1.toPrecision(4)}\n\n\n`), stdout);
  ok(/^ {2}E' = .* = 0\.9558$/m.test(stdout), stdout);
});

Deno.test("example: explain prints the quantities of one equation, in Japanese, with a real image", async () => {
  const args = ["--equation=3", "--lang=ja", "--sample=test:0"];
  const { code, stdout, stderr } = await cli(["explain", ...args]);
  deepStrictEqual([code, stderr], [0, ""]);
  // the digit without its dark border: MNIST's are 20 pixels high
  ok(/^ *画像 0: クラス 7\n(?:.*[░▒▓█].*\n){20}\n {2}X /m.test(stdout), stdout);
  deepStrictEqual(
    [...stdout.matchAll(/^(.*式 \(3\):.*?) {2,}(\d\/2)$/gm)].map((found) => found[2]),
    ["1/2", "2/2"],
  );
  ok(stdout.includes("訂正: レポートの式の Xᵀ は誤りである"), stdout);
});

Deno.test("example: explain prints one entry of one quantity, in the network of a file", async () => {
  const file = fileURLToPath(new URL("../../fixtures/parameter.npz", import.meta.url));
  const numbers = ["--quantity=dW1", "--entry=3,400", "--sample=test:42"];
  const { code, stdout, stderr } = await cli(["explain", file, ...numbers, "--lang=en"]);
  deepStrictEqual([code, stderr], [0, ""]);
  const parameters = readParameters(fixture("parameter.npz"));
  const step = sampleStep(test, 42, parameters);
  deepStrictEqual([step.values.W1, step.sizes], [parameters.W1, { D: 784, M: 8, K: 10, B: 1 }]);
  const result = formatResult(step.values.dW1.at(3, 400));
  ok(stdout.endsWith(` = ${result}\n`) && stdout.includes("\n  dW1[3,400] = "), stdout);
  ok(stdout.includes("1/1\n"), stdout);
});

Deno.test("example: explain shows by default what the page shows: its network, test image 8, a batch of one", async () => {
  const { stdout } = await cli(["explain", "--quantity=P", "--lang=en"]);
  ok(stdout.includes("B = 1. Its parameters are the report's."), stdout);
  ok(stdout.includes("\n  image 8: class 5\n"), stdout);
  const seeded = await cli(["explain", "--quantity=P", "--lang=en", "--seed=7"]);
  ok(seeded.stdout.includes("Its parameters are drawn with seed 7."), seeded.stdout);
});
