/** The explain command: its names are the code's, its arithmetic is true, and it fits a terminal in both languages. */
import { width } from "../../lib/text/width.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { PAGES } from "../../lib/commands/explain_command.ts";
import { formatDerivation } from "../../lib/explain/derivation.ts";
import { overview } from "../../lib/explain/overview.ts";
import { EQUATION_NAMES, layOut } from "../../lib/explain/page.ts";
import { showMatrix } from "../../lib/explain/show_matrix.ts";
import {
  asPrinted,
  type MatrixName,
  sampleStep,
  smallStep,
  type Step,
} from "../../lib/explain/explained_step.ts";
import { beside, type Text, wrap } from "../../lib/text/layout.ts";
import { backward, dim, forward, Indices, initialise, RandomState, sgd } from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { mnist } from "../helpers/fixtures.ts";

const steps: readonly (readonly [string, Step])[] = [
  ["two small images", smallStep(601)],
  ["two small images, another seed", smallStep(0)],
  ["a real image", sampleStep(mnist("train"), 7, 601)],
];

Deno.test("example: every function that a page names is exported by the file that it names", async () => {
  for (const { code: { name, file } } of PAGES) {
    const module = await import(new URL(`../../${file}`, import.meta.url).href);
    strictEqual(typeof module[name], "function", `${name} of ${file}`);
  }
});

Deno.test("example: every name that --equation takes has pages, forward and backward where there are both", () => {
  const counts = EQUATION_NAMES.map((name) =>
    PAGES.filter(({ names }) => names.includes(name)).length
  );
  deepStrictEqual(
    Object.fromEntries(EQUATION_NAMES.map((name, i) => [name, counts[i]])),
    { "1": 1, "2": 2, "3": 2, affine: 7, sigmoid: 2, softmax: 2, "cross-entropy": 2, sgd: 1 },
  );
});

Deno.test("example: smallStep() is what forward(), backward() and sgd() compute, to the bit", () => {
  const { data, matrices } = smallStep(601);
  const drawn = initialise(data.inputs, dim("hidden", 3), data.classes, new RandomState(601));
  const { X, labels } = data.batch(Indices.of(dim("batch", 2), [0, 1]));
  const activations = forward(drawn, X), g = backward(drawn, activations, labels).gradients;
  const after = sgd(drawn, g, 0.01);
  const wanted: Partial<Record<MatrixName, unknown>> = {
    ...{ ...activations, ...drawn },
    ...{ dW1: g.W1, db1: g.b1, dW2: g.W2, db2: g.b2 },
    ...{ newW1: after.W1, newb1: after.b1, newW2: after.W2, newb2: after.b2 },
  };
  for (const name of Object.keys(wanted) as MatrixName[]) {
    deepStrictEqual(matrices[name], wanted[name], name);
  }
});

Deno.test("example: every sum of products that is worked out gives the number beside it", () => {
  let checked = 0;
  for (const [what, step] of steps) {
    for (const { entry, steps: written, result } of PAGES.flatMap((p) => p.derivations(step))) {
      for (const sum of written) {
        if (typeof sum === "string") continue;
        const value = sum.terms.reduce((total, [a, b]) => total + a * b, 0) + (sum.plus ?? 0);
        // the same terms in the same order
        strictEqual(value, result, `${entry} of ${what}`);
        checked++;
      }
    }
  }
  strictEqual(checked, 3 * 5);
});

Deno.test("example: every other line that is worked out is true, as far as four digits go", () => {
  let checked = 0;
  for (const [what, step] of steps) {
    for (const { entry, steps: written, result } of PAGES.flatMap((p) => p.derivations(step))) {
      for (const text of written) {
        if (typeof text !== "string" || text.includes("…") || text.includes("[")) continue;
        const value = calculate(text);
        // each number is rounded to four digits, and a difference of two may lose one
        ok(
          Math.abs(value - result) <= 5e-3 * Math.abs(result),
          `${entry} of ${what}: ${text} = ${value}`,
        );
        checked++;
      }
    }
  }
  ok(checked > 20);
});

/** The value of an expression as it is printed. */
function calculate(text: string): number {
  const code = text.replaceAll("·", "*").replaceAll("^", "**").replace(/e(?=\*\*)/g, "Math.E")
    .replace(/ln ([\d.]+)/, "Math.log($1)");
  ok(/^(?:[-\d.()+*/ ]|e[-+]\d|Math\.(?:E|log))+$/.test(code), text);
  return new Function(`return ${code}`)();
}

Deno.test("example: explain shows that equation (3) as printed has the right shape and a wrong value", () => {
  for (const [, step] of steps) {
    const printed = asPrinted(step), { db2 } = step.matrices;
    deepStrictEqual([printed.rows, printed.columns], [db2.rows, db2.columns]);
    ok(db2.data.some((x, i) => Math.abs(x - printed.data[i]!) > 0.1));
  }
});

Deno.test("example: the step that is explained lowers the loss", () => {
  for (const [what, { loss }] of steps) ok(loss.after < loss.before, what);
});

for (const language of ["en", "ja"] as const) {
  Deno.test(`example: no page is wider than 80 columns: ${language}`, () => {
    for (const [what, step] of steps) {
      const pages = PAGES.map((page) => layOut(page, step, language, "12/13"));
      for (const line of [overview(step, language), ...pages].join("\n").split("\n")) {
        ok(width(line) <= 80, `${what}: ${width(line)} columns: ${line}`);
        strictEqual(line, line.trimEnd());
      }
    }
  });
}

Deno.test("example: every text is there in both languages, and Japanese in Japanese", () => {
  const texts: Text[] = PAGES.flatMap((page) => [
    page.title,
    ...page.remarks,
    ...page.formulas.flatMap(([, note]) => note ? [note] : []),
  ]);
  ok(texts.length > 30);
  for (const { en, ja } of texts) {
    ok(/[a-z]/.test(en) && !/\p{Script=Hiragana}/u.test(en), en);
    ok(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(ja), ja);
  }
});

Deno.test("example: wrap() breaks English at spaces, and Japanese not before or behind its punctuation", () => {
  strictEqual(wrap("one two three", 70), `${" ".repeat(70)}one two\n${" ".repeat(70)}three`);
  strictEqual(wrap("確率が零になる。", 70), `${" ".repeat(70)}確率が零に\n${" ".repeat(70)}なる。`);
  strictEqual(wrap("確率は零です。", 68), `${" ".repeat(68)}確率は零で\n${" ".repeat(68)}す。`);
  strictEqual(wrap("重みの和（総和）", 70), `${" ".repeat(70)}重みの和\n${" ".repeat(70)}（総和）`);
  strictEqual(
    wrap("形は (B, D) だ", 72),
    `${" ".repeat(72)}形は\n${" ".repeat(72)}(B, D)\n${" ".repeat(72)}だ`,
  );
});

Deno.test("example: beside() sets blocks beside each other as long as they fit", () => {
  strictEqual(beside(["a\nbb", "c"]), "  a     c\n  bb");
  const wide = "x".repeat(40);
  strictEqual(beside([wide, wide]), `  ${wide}\n\n  ${wide}`);
  strictEqual(beside(["重み\nW", "b"]), "  重み    b\n  W");
});

Deno.test("example: showMatrix() shows small matrices whole, and of large ones the part around the entry in question", () => {
  const small = smallStep(601), real = steps[2]![1];
  strictEqual(
    showMatrix(small, "X"),
    "X (4x2)\n1.000  1.000\n0.000  0.800\n0.800  0.000\n0.200  0.200",
  );
  strictEqual(showMatrix(small, "onehot"), "onehot (2x2)\n1  0\n0  1");
  const { M, D } = real.focus, lines = showMatrix(real, "dW1").split("\n");
  strictEqual(lines[0], "dW1 (80x784)");
  const columns = lines[1]!.match(/\d+/g)!.map(Number),
    rows = lines.slice(2, 7).map((l) => parseInt(l));
  deepStrictEqual(columns, [-2, -1, 0, 1, 2].map((i) => D + i));
  deepStrictEqual(rows, [-2, -1, 0, 1, 2].map((i) => M + i));
  const shown = Number(lines[4]!.split(/ +/)[3]), { data } = real.matrices.dW1;
  ok(Math.abs(shown - data[M * 784 + D]!) <= 5e-6); // five decimals are shown
  strictEqual(lines[7], "⋮");
});

Deno.test("example: worked() writes short sums whole, and of long ones the largest terms", () => {
  const few = {
    entry: "a",
    steps: [{ terms: [[1, 2], [-3, 0.5]] as const, plus: -1 }],
    result: -0.5,
  };
  strictEqual(
    formatDerivation(few, "en"),
    "a = 1.000·2.000 + (-3.000)·0.5000 + (-1.000) = -0.5000",
  );
  const terms = [[1, 1], [0, 9], [-5, 1], [2, 1], [3, 1], [0.1, 1]] as const;
  const many = { entry: "a", steps: [{ terms }], result: 1.1 };
  const start = "a = (-5.000)·1.000 + 3.000·1.000 + 2.000·1.000 +";
  strictEqual(formatDerivation(many, "en"), `${start} … (2 more terms) = 1.100`);
  strictEqual(formatDerivation(many, "ja"), `${start} …（ほか 2 項） = 1.100`);
});

Deno.test("example: explain prints the whole step, one equation after the other", async () => {
  const { code, stdout, stderr } = await cli(["explain"]);
  deepStrictEqual([code, stderr], [0, ""]);
  const places = [...stdout.matchAll(/ (\d+)\/13$/gm)].map(([, place]) => Number(place));
  deepStrictEqual(places, PAGES.map((_, i) => i + 1));
  const { matrices } = smallStep(601);
  ok(
    stdout.includes(`A1[2,0] = `) && stdout.includes(` = ${matrices.A1.data[4]!.toPrecision(4)}\n`),
  );
});

Deno.test("example: explain prints one equation, in Japanese, with a real image", async () => {
  const args = ["--equation=3", "--lang=ja", "--sample=0", "--split=test"];
  const { code, stdout, stderr } = await cli(["explain", ...args]);
  deepStrictEqual([code, stderr], [0, ""]);
  ok(stdout.includes("画像 0: クラス 7\n") && stdout.includes("██"), stdout);
  deepStrictEqual(
    [...stdout.matchAll(/^(.*式 \(3\):.*?) {2,}(\d\/2)$/gm)].map((found) => found[2]),
    ["1/2", "2/2"],
  );
  ok(stdout.includes("正誤: レポートの式には余分な Xᵀ がある"), stdout);
});

Deno.test("example: explain refuses equations, images and languages that there are not", async () => {
  await Promise.all([
    refuses(
      ["explain", "--equation", "4"],
      2,
      "option '--equation <name>' argument '4' is invalid. " +
        "Must be 1 or 2 or 3 or affine or sigmoid or softmax or cross-entropy or sgd",
    ),
    refuses(
      ["explain", "--lang", "de"],
      2,
      "option '--lang <code>' argument 'de' is invalid. Must be en or ja",
    ),
    refuses(["explain", "--split", "test"], 2, "--split and --data need --sample"),
    refuses(
      ["explain", "--sample", "60000"],
      1,
      "--sample 60000: there are 60000 train images, counted from 0",
    ),
  ]);
});
