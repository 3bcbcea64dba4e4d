/**
 * The explain command: its sums add up, it has both languages, and its lines fit a terminal.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  batchStep,
  type ExplainedStep,
  initialParameters,
  placeOf,
  smallStep,
} from "../../lib/explain/explained_step.ts";
import { EXPLANATIONS, INPUT_MEANINGS } from "../../lib/explain/explanations.ts";
import { afterStep, layOut, overview, showMatrix } from "../../lib/explain/page.ts";
import { differenceQuotient } from "../../lib/explain/weight_path.ts";
import {
  constant,
  entry,
  formatResult,
  formatWorking,
  term,
  total,
  type Working,
  workingsOf,
} from "../../lib/explain/workings.ts";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { beside, COLUMNS, type Language, type Text, width, wrap } from "../../lib/text/layout.ts";
import { readParameters, STEP } from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { fixture, mnist } from "../helpers/fixtures.ts";

const LANGUAGES = ["en", "ja"] as const;
const DRAWN: Text = { en: "Its parameters are drawn.", ja: "パラメータは乱数である。" };

const test = mnist("test");
const drawn = initialParameters(601, test.inputs, test.classes);
const { parameters: pretrained } = await loadParametersOrPretrained(undefined);

/** Steps of each kind: small ones, real images in a drawn network, and in trained ones. */
const seeds = Array.from({ length: 41 }, (_, seed) => seed);
const small = seeds.map((seed) => ({ what: `seed ${seed}`, step: smallStep(seed) }));
const samples = [0, 8, 115, 9999];
const numpys = readParameters(fixture("parameter.npz"));
const four = batchStep(test, [8, 9, 10, 11], pretrained, 0.1);
const real = [
  ...samples.map((i) => ({ what: `test:${i}, drawn`, step: batchStep(test, [i], drawn) })),
  ...samples.map((i) => ({
    what: `test:${i}, pretrained`,
    step: batchStep(test, [i], pretrained),
  })),
  { what: "test:1, trained by NumPy", step: batchStep(test, [1], numpys) },
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
  Deno.test(`law: every worked line adds up as it is printed, and no line is wider than 80 columns: ${language}`, () => {
    for (const { what, step } of [...small, ...real]) {
      const worked = workedLines(step, language);
      // all quantities but onehot, equation 3 as printed, E and E'
      strictEqual(worked.length, 17 + 1 + 2);
      for (const line of worked) assertAddsUp(line, what);
      const pages = STEP.map((quantity) => layOut(quantity, step, language, "12/18"));
      const all = [overview(step, DRAWN, language), ...pages, afterStep(step, language)];
      for (const line of all.join("\n").split("\n")) {
        ok(width(line) <= COLUMNS && line === line.trimEnd(), `${what}: ${line}`);
      }
    }
  });
}

Deno.test("example: formatWorking() prints as many digits as the result needs, and of a long sum the largest terms and the rest", () => {
  const sum = (...all: number[]) => all.map((x) => term(constant(x)));
  const products = (...all: number[]) => all.map((x) => term(constant(x), constant(1)));
  const less = (x: number) => ({ ...term(constant(x)), isSubtracted: true, value: -x });
  const log = term({ name: "-ln P", value: 0, of: ["-ln x", 1] });
  const power = term({ name: "e^a", value: 0.60653066, of: ["e^x", -0.5] });
  const lines: readonly (readonly [Omit<Working, "name" | "result">, number, line: string])[] = [
    // rounded to four digits the terms would give 0.9593
    [
      { terms: sum(0.2516492, 1.6671433), divisor: 2 },
      0.95939625,
      "(0.25165 + 1.6671) / 2 = 0.9594",
    ],
    [{ terms: [...sum(0.99998), less(1)] }, -2e-5, "0.99998 - 1 = -2.000e-5"],
    // exactly half of the last place: rounding the other way would give 0.3058
    [{ terms: sum(0.6115), divisor: 2 }, 0.30575, "0.6115 / 2 = 0.30575"],
    [{ terms: [...sum(-1), less(-0.005)] }, -0.995, "(-1) - (-0.005) = -0.9950"],
    [
      { numerator: term(constant(1)), terms: [...sum(1), power] },
      0.6224593,
      "1 / (1 + e^(-0.5)) = 0.6225",
    ],
    [{ terms: products(0, 0) }, 0, "0·1 + 0·1 = 0"],
    [
      { terms: products(1, 0, -5, 2, 3, 0.125) },
      1.125,
      "(-5)·1 + 3·1 + 2·1 + (2 more: 1.125) = 1.125",
    ],
    [{ terms: products(0, 0, 1, 0, 7), last: term(constant(-2)) }, 6, "7·1 + 1·1 + (-2) = 6.000"],
    [{ terms: products(0, 0, 0, 0, 0) }, 0, "0 = 0"],
    // numbers that cannot give the result are left out
    [{ terms: [log] }, 1e-20, "1.000e-20"],
    [{ terms: [log] }, NaN, "NaN"],
  ];
  for (const [working, result, line] of lines) {
    strictEqual(formatWorking({ name: "a", ...working, result }, "en"), `a = ${line}`);
  }
  const numbers = [0, 1, -0.25, 12345.6, 0.00012346, 0.000012346, 1234567];
  deepStrictEqual(
    numbers.map((x) => formatResult(x)),
    ["0", "1.000", "-0.2500", "1.235e+4", "0.0001235", "1.235e-5", "1.235e+6"],
  );
});

Deno.test("law: the terms of every quantity give its entry, and their factors name entries with their numbers", () => {
  for (const step of [smallStep(1), batchStep(test, [8], drawn), four]) {
    for (const { symbol } of STEP) {
      for (const { terms, last, divisor = 1, numerator, result } of workingsOf(step, symbol)) {
        const all = [...terms, ...last ? [last] : []], sum = total(all);
        const value = numerator ? numerator.value / sum : sum / divisor;
        // other orders of up to 785 terms
        ok(Math.abs(value - result) <= 1e-12 * Math.max(1, Math.abs(result)), symbol);
        const factors = [...all, ...numerator ? [numerator] : []].flatMap((term) => term.factors);
        for (const { name, value, entry: from } of factors) {
          if (from === undefined) strictEqual(name, `${value}`);
          else if (from.symbol !== "labels" && from.symbol !== "η") {
            const right = entry(step, from.symbol, from.row, from.column);
            ok(name.includes(right.name) && (name !== right.name || value === right.value), name);
          }
        }
      }
    }
  }
});

Deno.test("law: differenceQuotient() agrees with every gradient in the entry in focus, and is 0 where a pixel is", () => {
  for (const step of [smallStep(3), batchStep(test, [8], drawn), four]) {
    for (const { symbol, gradientOf } of STEP) {
      const found = differenceQuotient(step, symbol, ...placeOf(step.focus, symbol));
      strictEqual(found?.symbol, gradientOf);
      // the curve of the loss within h moves the result by about h², rounding by 1e-12
      if (found) ok(found.digits > 7, `${symbol}: ${found.digits} digits`);
    }
  }
  const { quotient, byEquation, digits } = differenceQuotient(four, "dW1", 3, 0)!;
  deepStrictEqual([quotient, byEquation, digits], [0, 0, Infinity]);
});

Deno.test("example: explain shows that equation (3) as printed has the right shape and a wrong value", () => {
  for (const { what, step } of [...small, ...real]) {
    const [right, printed] = workingsOf(step, "db2"), k = step.focus.K;
    deepStrictEqual([right!.name, printed!.name], [`db2[${k},0]`, `rowSum(dA2 Y1ᵀ)[${k},0]`]);
    strictEqual(printed!.result, step.values.dW2.rowSums.at(k, 0));
    ok(printed!.result !== right!.result, what);
  }
  const db2 = STEP.find(({ symbol }) => symbol === "db2")!;
  for (const language of LANGUAGES) {
    const [label, line] = layOut(db2, smallStep(601), language, "1/1").split("\n\n").slice(-2);
    strictEqual(label!.trim(), workingsOf(smallStep(601), "db2")[1]!.note![language]);
    ok(line!.startsWith("  rowSum(dA2 Y1ᵀ)"));
  }
});

Deno.test("example: every gradient is derived in four to seven lines that end in its equation, and the step lowers the loss", () => {
  for (const { symbol, equation, pass } of STEP) {
    if (pass !== "backward") continue;
    const { derivation } = EXPLANATIONS[symbol];
    ok(derivation.length >= 4 && derivation.length <= 7, `${symbol}: ${derivation.length} lines`);
    strictEqual(derivation.at(-1)!.equation, equation);
  }
  for (const { what, step } of small) ok(step.after.E < step.values.E.at(0, 0), what);
  // a trained network may be so sure that nothing changes
  for (const { what, step } of real) ok(step.after.E <= step.values.E.at(0, 0), what);
});

Deno.test("example: every text is there in both languages, Japanese in Japanese, and nothing else is in a language", () => {
  const texts: Text[] = [], others: string[] = [];
  const collect = (value: unknown) => {
    if (typeof value === "string") others.push(value);
    else if (typeof value === "object" && value !== null) {
      if ("en" in value) texts.push(value as Text);
      else Object.values(value).forEach(collect);
    }
  };
  collect([EXPLANATIONS, INPUT_MEANINGS]);
  ok(texts.length > 80);
  const japanese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
  for (const { en, ja } of texts) {
    ok(en !== "" && !japanese.test(en) && !/[|\n]| {2}/.test(en + ja), en);
    // formulas alone, such as ∂E/∂A1, need no translation
    ok(japanese.test(ja) || en === ja && !/[A-Za-z]{3,}/.test(en) || ja.startsWith("y = "), ja);
    ok(!/正誤|である。である|。。/.test(ja), ja);
  }
  // others are equations
  for (const other of others) ok(!japanese.test(other), other);
});

Deno.test("example: wrap() breaks English at spaces, and Japanese not before or behind its punctuation; beside() sets blocks beside each other as long as they fit", () => {
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
  const wide = "x".repeat(40);
  strictEqual(beside(["a\nbb", "c"]), "  a     c\n  bb");
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

Deno.test("example: explain prints the whole step, one equation with a real image, or one entry in a file's network", async () => {
  const print = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli(["explain", ...args]);
    deepStrictEqual([code, stderr], [0, ""]);
    return stdout;
  };
  const whole = await print("--small", "--lang=en");
  const places = [...whole.matchAll(/ (\d+)\/18$/gm)].map(([, place]) => Number(place));
  deepStrictEqual(places, STEP.map((_, i) => i + 1));
  ok(whole.includes(`= ${smallStep(601).values.A1.at(2, 0).toPrecision(4)}\n\n\n`), whole);
  ok(/^ {2}E' = .* = 0\.9558$/m.test(whole), whole);

  const third = await print("--quantity=db2", "--lang=ja", "--sample=test:0");
  // the digit without its dark border: MNIST's are 20 pixels high
  const [, picture] = /^ *画像 0: クラス 7\n([ ░▒▓█\n]+)/m.exec(third)!;
  strictEqual(picture!.trimEnd().split("\n").length, 20);
  ok(/^式 \(3\):.*? {2,}1\/1$/m.test(third), third);
  ok(third.includes("訂正: レポートの式の Xᵀ は誤りである"), third);

  const file = fileURLToPath(new URL("../../fixtures/parameter.npz", import.meta.url));
  const one = await print(file, "--quantity=dW1", "--entry=3,400", "--sample=test:42", "--lang=en");
  const result = formatResult(batchStep(test, [42], numpys).values.dW1.at(3, 400));
  ok(one.endsWith(` = ${result}\n`) && one.includes("\n  dW1[3,400] = "), one);
  ok(one.includes("1/1\n"), one);

  // what the page shows: its network, test image 8, a batch of one
  const P = await print("--quantity=P", "--lang=en");
  ok(P.includes("B = 1. Its parameters are the report's."), P);
  ok(P.includes("\n  image 8: class 5\n"), P);
  const seeded = await print("--quantity=P", "--lang=en", "--seed=7");
  ok(seeded.includes("Its parameters are drawn with seed 7."), seeded);
});
