// A diagnosis as text, in English and Japanese: an answer for the person whose program it is, and
// the table of all quantities.
import { numpyOf } from "../explain/numpy.ts";
import { type ComputedSymbol, QUANTITIES, type StepSymbol } from "../network/step.ts";
import { oneLine } from "../text/escape.ts";
import { type Language, t, table, type Text, width, wrap } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import { digitsOf } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import type { Diagnosis, Undecided } from "./diagnose.ts";
import type { Precision } from "./dump.ts";
import type { JudgedQuantity } from "./judge.ts";
import { rightHandSideOf } from "./mistake_search.ts";
import { listOf, quantityName, shorten } from "./words.ts";

/**
 * A diagnosis as an answer for the person whose program it is: one sentence, the wrong line as the
 * program has it and as it should be, numbers side by side, what follows, and what to do next.
 *
 * All lines fit into 80 columns, but for names from the file. These are escaped.
 *
 * @param language `en` or `ja`
 * @param all whether the table of all quantities comes first
 *
 * @example
 * ```ts
 * import { describeDiagnosis, diagnose } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(
 *   describeDiagnosis(diagnose(new Map()), "en").split("; ")[0],
 *   "Cannot be judged: needs X (img), labels (answer), W1, b1, W2, b2, before the step",
 * );
 * ```
 *
 * @category 7 Checks
 */
export function describeDiagnosis(
  diagnosis: Diagnosis | Undecided,
  language: Language,
  all: boolean = true,
): string {
  if ("reason" in diagnosis) {
    const reason = oneLine(diagnosis.reason[language]);
    if (diagnosis.verdict === "another network") return reason;
    return language === "en" ? `Cannot be judged: ${reason}` : `判定できない: ${reason}`;
  }
  return [
    ...all ? [...describeTable(diagnosis, language).split("\n"), ""] : [],
    ...answer(diagnosis, language, all),
  ].join("\n");
}

/** The table of all quantities: a line on the step, then a row for each quantity. */
export function describeTable(diagnosis: Diagnosis, language: Language): string {
  const { next } = diagnosis;
  return [
    wrap(header(diagnosis)[language], 0),
    rows(diagnosis.quantities, language),
    ...next.length > 0 ? [t("the next step", "次のステップ")[language], rows(next, language)] : [],
  ].join("\n");
}

/** The sizes, the precision and the learning rate. */
function header({ sizes: { D, M, K, B }, precision, learningRate }: Diagnosis): Text {
  const network = `${D}-${M}-${K}`, digits = DIGITS[precision];
  const numbers = precision === "float64"
    ? t(precision, precision)
    : t(`${precision} (${digits} digits)`, `${precision}（${digits} 桁）`);
  const rate = learningRate && significantDigits(learningRate.value, 6);
  const inferred = learningRate?.inferred;
  return t(
    `${network}, a batch of ${B}, ${numbers.en}` +
      (rate ? `; learning rate ${rate}${inferred ? ", found from the update" : ""}` : ""),
    `${network}、バッチサイズ ${B}、${numbers.ja}` +
      (rate ? `、学習率 ${rate}${inferred ? "（更新量から推定）" : ""}` : ""),
  );
}

function rows(quantities: readonly JudgedQuantity[], language: Language): string {
  if (quantities.length === 0) return "";
  const left = quantities.map(({ symbol, name, status }) => [
    STATUSES[status][language],
    quantityName(symbol, name),
  ]);
  const starts = table(left.map((row) => [...row, "|"]), 3).split("\n")
    .map((line) => line.slice(0, -1));
  const indent = " ".repeat(width(starts[0]!));
  return quantities.flatMap((quantity, i) => {
    const lines = remarksOf(quantity).flatMap((text) =>
      wrap(text[language], indent.length).split("\n")
    );
    return [starts[i]! + lines[0]!.trimStart(), ...lines.slice(1)];
  }).join("\n");
}

const STATUSES: Readonly<Record<JudgedQuantity["status"], Text>> = {
  ok: t("ok", "正しい"),
  wrong: t("WRONG", "誤り"),
  follows: t("follows", "波及"),
};

/** What is said of a quantity: how it compares with its equation, and why it is wrong. */
function remarksOf(quantity: JudgedQuantity): Text[] {
  const { status, causes } = quantity, comparison = compared(quantity);
  if (status !== "wrong") return [comparison];
  const shown = causes.slice(0, MAX_CAUSES), more = causes.length - shown.length;
  return [
    comparison,
    ...shown.map((cause, i) => {
      const { en, ja } = explained(cause);
      return i === 0 ? t(en, ja) : t(`or: ${en}`, `または: ${ja}`);
    }),
    ...more > 0 ? [t(`or: ${more} more`, `または: ほか ${more} 件`)] : [],
  ];
}

/** Causes that are shown of those that fit equally well. */
const MAX_CAUSES = 4;

/** How a quantity compares with its equation. */
function compared({ symbol, status, error, ...more }: JudgedQuantity): Text {
  const { followsFrom, convention } = more,
    formula = more.formula ?? rightHandSideOf(QUANTITIES[symbol]);
  if (status === "wrong") {
    if (!Number.isFinite(error)) return t(`is not ${formula}`, `${formula} ではない`);
    return t(`is not ${formula}: ${off(error).en}`, `${formula} と合わない（${off(error).ja}）`);
  }
  if (convention !== undefined && more.formula === undefined) return convention;
  const equals = inDigits(formula, error);
  if (status === "follows") {
    return t(
      `${equals.en}, with the wrong ${followsFrom.join(", ")}`,
      `${equals.ja}（誤った ${followsFrom.join("、")} による）`,
    );
  }
  return more.agrees || convention !== undefined ? equals : t(
    `is right, though ${followsFrom.join(", ")} is wrong`,
    `値は正しい（${followsFrom.join("、")} は誤り）`,
  );
}

/** How far off: of the largest entry, in per cent, or how many times. */
function off(error: number): Text {
  const times = significantDigits(error, 2), percent = significantDigits(100 * error, 2);
  return error >= 10
    ? t(`off by ${times} times its largest entry`, `ずれは最大で、最大の要素の ${times} 倍`)
    : t(`off by ${percent} %`, `最大のずれは、最大の要素の ${percent} %`);
}

function inDigits(formula: string, error: number): Text {
  if (error === 0) return t(`equals ${formula} exactly`, `${formula} と完全に一致`);
  if (!Number.isFinite(error)) {
    return t(`equals ${formula} but for rounding`, `丸めを除いて ${formula} と一致`);
  }
  const digits = digitsOf(error).toFixed(1);
  return t(`equals ${formula} in ${digits} digits`, `${formula} と ${digits} 桁一致`);
}

/** A cause with the equation that it gives, and to how many digits that fits. */
function explained({ words, formula, error, mistakes }: Cause): Text {
  if (formula !== undefined && error !== undefined) {
    const fit = inDigits(formula, error);
    // the words may be no more than the equation
    if (words.en === `it is ${formula}`) return fit;
    return t(`${fit.en}: ${words.en}`, `${fit.ja}（${words.ja}）`);
  }
  const equations = mistakes.map(({ equation }) => equation).join(", ");
  if (equations === "") return words;
  const digits = error === 0
    ? t("fits exactly", "完全に一致")
    : t(`fits in ${digitsOf(error!).toFixed(1)} digits`, `${digitsOf(error!).toFixed(1)} 桁一致`);
  return t(
    `${digits.en} with ${equations}: ${words.en}`,
    `${equations} とすると${digits.ja}（${words.ja}）`,
  );
}

/** The decimal digits of the numbers. */
const DIGITS: Readonly<Record<Precision, number>> = { float64: 16, float32: 7, float16: 3 };

/** The answer: the verdict in one sentence, and what belongs to it. */
function answer(diagnosis: Diagnosis, language: Language, all: boolean): string[] {
  const { firstWrong, notes, verdict, quantities, next } = diagnosis;
  const say = (text: Text, indent = 0) => wrap(text[language], indent);
  const reasons = verdict === "wrong" ? [] : notes.map((note) => say(note, 2));
  if (firstWrong !== undefined) {
    return [
      ...wrongAnswer(diagnosis, firstWrong, language),
      ...notes.map((note) => say(t(`besides, ${note.en}`, `なお、${note.ja}`), 2)),
      ...remarks(diagnosis).map((text) => say(text, 2)),
      ...all ? [] : [say(t("--all shows every quantity", "--all ですべての量を表示する"), 2)],
    ];
  }
  const count = quantities.length + next.length;
  const right = {
    right: t(
      count === 1 ? "The quantity is right." : `All ${count} quantities are right.`,
      count === 1 ? "この量は正しい。" : `${count} 個の量はすべて正しい。`,
    ),
    "right by another convention": t(
      `All ${count} quantities are right, by another convention than the report's:`,
      `${count} 個の量はすべて正しい。ただしレポートとは流儀が異なる:`,
    ),
    "another network": diagnosis.judged
      ? t(
        `Another network than the report's, and right as that (${count} quantities):`,
        `レポートとは別のネットワークで、その限りでは正しい（量 ${count} 個）:`,
      )
      : t(
        "Another network than the report's; not judged:",
        "レポートとは別のネットワークなので、判定しない:",
      ),
    wrong: t("", ""),
  }[verdict];
  return [
    say(right),
    ...reasons,
    ...remarks(diagnosis).map((text) => say(text, 2)),
    say(
      t(
        "Not checked: whether the labels belong to the images, the order of the batches, " +
          "the initial values, and later steps.",
        "確認していないこと: ラベルと画像の対応、バッチの順序、初期値、以後のステップ。",
      ),
    ),
  ];
}

/** The first wrong quantity: what it is, yours and right in NumPy, numbers, what follows. */
function wrongAnswer(
  diagnosis: Diagnosis,
  wrong: JudgedQuantity,
  language: Language,
): string[] {
  const { symbol, causes, formula, seenIn = symbol } = wrong, { quantities, next } = diagnosis;
  const isWrong = (one: JudgedQuantity) => one.symbol === seenIn && one.status === "wrong";
  const isNext = !quantities.some(isWrong), steps = isNext ? next : quantities;
  const shownBy = steps.find(isWrong)!, quantity = quantityName(symbol, wrong.name);
  const unrecorded = wrong.seenIn === undefined ? t("", "") : t(
    `, which was not recorded but shows in ${quantityName(seenIn, shownBy.name)}`,
    `（記録されていないが ${quantityName(seenIn, shownBy.name)} から分かる）`,
  );
  const shown = causes.slice(0, 2).map(({ words }) => words), more = causes.length > 2;
  const en = shown.map(({ en }) => en).join("; or ") + (more ? "; or …" : "");
  const ja = shown.map(({ ja }) => ja).join("。または、") + (more ? "。または…" : "");
  const yoursFormula = causes.find(({ formula }) => formula !== undefined)?.formula;
  const line = (formula: string | undefined) => formula && numpyLine(diagnosis, symbol, formula);
  const yours = line(yoursFormula);
  const right = line(formula ?? rightHandSideOf(QUANTITIES[symbol]));
  const words = language === "en" ? ["yours", "right"] : ["現在", "正解"];
  const code = [yours, right].flatMap((code, i) => code ? [`  ${words[i]}  ${code}`] : []);
  const say = (text: Text, indent = 2) => wrap(text[language], indent);
  const at = steps.indexOf(shownBy);
  const listed = (
    which: (one: JudgedQuantity, i: number) => boolean,
    words: (symbols: string) => Text,
  ) => {
    const symbols = steps.filter(which).map(({ symbol }) => symbol);
    return symbols.length === 0 ? [] : [say(words(symbols.join(t(", ", "、")[language])))];
  };
  const step = isNext ? t(" in the next step", "（次のステップ）") : t("", "");
  return [
    say(
      t(
        `First wrong: ${quantity}${step.en}${unrecorded.en}: ${en}.`,
        `最初の誤り: ${quantity}${step.ja}${unrecorded.ja}: ${ja}。`,
      ),
      0,
    ),
    ...code,
    ...code.length < 2
      ? [say(t(`equation: ${QUANTITIES[symbol].equation}`, `式: ${QUANTITIES[symbol].equation}`))]
      : [],
    ...numbers(shownBy, language),
    ...listed(
      ({ status }, i) => i < at && status === "ok",
      (all) => t(`Right before it: ${all}.`, `ここまでで正しいもの: ${all}。`),
    ),
    ...listed(
      ({ status, followsFrom }, i) =>
        i > at && status === "follows" && followsFrom.includes(seenIn),
      (all) => t(`${all} follow from it.`, `${all} はこの誤りによる。`),
    ),
    ...listed(
      ({ status }, i) => i !== at && status === "wrong",
      (all) => t(`Wrong besides: ${all}.`, `ほかの誤り: ${all}。`),
    ),
    ...causes[0]?.kind === "unknown" ? [say(nextRecord(symbol, steps))] : [],
  ];
}

/** An equation of a quantity as a line of NumPy, in the file's own names and layout. */
function numpyLine({ sources, sizes }: Diagnosis, symbol: StepSymbol, formula: string) {
  const rowsAreExamples = sources.get("X")?.transposed ?? false;
  const nameOf = (symbol: StepSymbol) => {
    const name = sources.get(symbol)?.name;
    return name === undefined ? symbol === "η" ? "lr" : symbol : oneLine(name);
  };
  const isTransposed = (symbol: StepSymbol) => {
    const { axes } = QUANTITIES[symbol], source = sources.get(symbol);
    return !axes.includes("1") && source !== undefined && source.transposed !== rowsAreExamples;
  };
  const program = { rowsAreExamples, nameOf, isTransposed };
  const code = numpyOf(`${symbol} = ${formula}`, program)
    ?.replaceAll(/\b[BDMK]\b(?!['\]_])/g, (letter) => `${sizes[letter as "B"]}`);
  return code && `${nameOf(symbol)} = ${isTransposed(symbol) ? `(${code}).T` : code}`;
}

/** What to record next, where nothing explains a difference. */
function nextRecord(symbol: ComputedSymbol, quantities: readonly JudgedQuantity[]): Text {
  const recorded = new Set<StepSymbol>(quantities.map((one) => one.symbol));
  const missing = QUANTITIES[symbol].from.filter((one) =>
    QUANTITIES[one].pass !== "input" && !recorded.has(one)
  );
  const tried = t(
    "Tried: the known mistakes, factors, functions and sums of other quantities",
    "試したもの: 既知の誤り、定数倍、ほかの量の関数や和",
  );
  return missing.length > 0
    ? t(
      `${tried.en}. Next: record ${missing.join(", ")} too.`,
      `${tried.ja}。次に ${missing.join("、")} も記録する。`,
    )
    : t(
      `${tried.en}. Next: compare the line that computes it with the equation above.`,
      `${tried.ja}。次に、この量を計算している行を上の式と見比べる。`,
    );
}

/** Three numbers side by side: the largest differences, in the file's own order of axes. */
function numbers({ yours, right, transposed, name, symbol }: JudgedQuantity, language: Language) {
  if (yours === undefined) return [];
  const { columns, data } = yours;
  const difference = (i: number) => {
    const by = Math.abs(data[i]! - right.data[i]!);
    return Number.isNaN(by) ? Infinity : by;
  };
  const chosen = [...data.keys()].sort((i, j) => difference(j) - difference(i) || i - j).slice(
    0,
    3,
  );
  const { axes: [, letter] } = QUANTITIES[symbol];
  const rows = chosen.sort((i, j) => i - j).map((i) => {
    const row = Math.floor(i / columns), column = i % columns;
    const index = data.length === 1
      ? ""
      : letter === "1" || yours.rows === 1
      ? `[${Math.max(row, column)}]`
      : transposed
      ? `[${column}, ${row}]`
      : `[${row}, ${column}]`;
    return [`${shorten(name)}${index}`, numpy(data[i]!), numpy(right.data[i]!)];
  });
  const [is, should] = language === "en" ? ["yours", "should be"] : ["現在", "正しくは"];
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map(([index, a, b]) =>
    `  ${index!.padEnd(widths[0]!)}  ${is} ${a!.padStart(widths[1]!)}  ${should} ${
      b!.padStart(widths[2]!)
    }`
  );
}

/** A number as NumPy prints it, to six digits. */
function numpy(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  if (x === 0) return "0.0";
  const size = Math.abs(x), digits = Number(x.toPrecision(6));
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(digits) ? `${digits}.0` : `${digits}`;
  const [mantissa, exponent] = digits.toExponential().split("e") as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

/** What else is to be said of the file. */
function remarks(diagnosis: Diagnosis): Text[] {
  const { precision, quantities, unused, otherReadings, hints } = diagnosis;
  const lower = quantities.filter((one) => DIGITS[one.precision] < DIGITS[precision]);
  return [
    ...hints.map(({ en, ja }) => t(`Look at the inputs: ${en}`, `入力を確認する: ${ja}`)),
    ...lower.map(({ symbol, name, precision }) => {
      const quantity = quantityName(symbol, name), digits = DIGITS[precision];
      return t(
        `${quantity} is recorded in ${precision}, which has ${digits} digits`,
        `${quantity} は ${precision} で記録されていて、${digits} 桁しかない`,
      );
    }),
    ...unused.length > 0
      ? [t(`Not used: ${listOf(unused)}`, `使わなかった配列: ${listOf(unused)}`)]
      : [],
    ...otherReadings.map(({ symbol, name }) => {
      const quantity = quantityName(symbol, name);
      return t(
        `Another reading of the arrays fits as well: by that, the first wrong is ${quantity}`,
        `配列には同じくらい合う別の読み方があり、その場合の最初の誤りは ${quantity} である`,
      );
    }),
  ];
}
