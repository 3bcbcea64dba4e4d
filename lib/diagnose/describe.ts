// A diagnosis as text, in English and Japanese: an answer for the person whose program it is, and
// the table of all quantities.
import { numpyOf } from "../explain/numpy.ts";
import { QUANTITIES, type StepSymbol } from "../network/step.ts";
import { oneLine } from "../text/escape.ts";
import { type Language, t, table, type Text, width, wrap } from "../text/layout.ts";
import { pythonFloat, significantDigits } from "../text/numbers.ts";
import { digitsOf } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import type { Diagnosis } from "./diagnose.ts";
import { listOf, type Precision, quantityName, shorten, type Undecided } from "./dump.ts";
import type { JudgedQuantity } from "./judge.ts";
import { rightHandSideOf } from "./mistake_search.ts";

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
    return `${t("Cannot be judged", "判定できない")[language]}: ${reason}`;
  }
  const { firstWrong, notes } = diagnosis;
  const say = (texts: readonly Text[]) => texts.map((text) => wrap(text[language]));
  const lines = firstWrong !== undefined
    ? [
      ...wrongAnswer(diagnosis, firstWrong, language),
      ...say(notes.map((note) => t(`besides, ${note.en}`, `なお、${note.ja}`))),
      ...say(remarks(diagnosis)),
      ...all ? [] : say([t("--all shows every quantity", "--all ですべての量を表示する")]),
    ]
    : [
      wrap(verdictOf(diagnosis)[language], 0),
      ...say([...notes, ...remarks(diagnosis)]),
      wrap(NOT_CHECKED[language], 0),
    ];
  return [...all ? [describeTable(diagnosis, language), ""] : [], ...lines].join("\n");
}

const NOT_CHECKED = t(
  "Not checked: whether the labels belong to the images, the order of the batches, the initial " +
    "values, and later steps.",
  "確認していないこと: ラベルと画像の対応、バッチの順序、初期値、以後のステップ。",
);

/** The decimal digits of the numbers. */
const DIGITS: Readonly<Record<Precision, number>> = { float64: 16, float32: 7, float16: 3 };

/** The table of all quantities: a line on the step, then a row for each quantity. */
export function describeTable(diagnosis: Diagnosis, language: Language): string {
  const { sizes: { D, M, K, B }, precision, learningRate, quantities, next } = diagnosis;
  const digits = precision === "float64"
    ? t("", "")
    : t(` (${DIGITS[precision]} digits)`, `（${DIGITS[precision]} 桁）`);
  const rate = learningRate && significantDigits(learningRate.value, 6);
  const found = learningRate?.inferred
    ? t(", found from the update", "（更新量から推定）")
    : t("", "");
  const header = t(
    `${D}-${M}-${K}, a batch of ${B}, ${precision}${digits.en}` +
      (rate ? `; learning rate ${rate}${found.en}` : ""),
    `${D}-${M}-${K}、バッチサイズ ${B}、${precision}${digits.ja}` +
      (rate ? `、学習率 ${rate}${found.ja}` : ""),
  );
  return [
    wrap(header[language], 0),
    ...rows(quantities, language),
    ...next.length > 0 ? [t("the next step", "次のステップ")[language]] : [],
    ...rows(next, language),
  ].join("\n");
}

const STATUSES: Readonly<Record<JudgedQuantity["status"], Text>> = {
  ok: t("ok", "正しい"),
  wrong: t("WRONG", "誤り"),
  follows: t("follows", "波及"),
};

function rows(quantities: readonly JudgedQuantity[], language: Language): string[] {
  if (quantities.length === 0) return [];
  const starts = table(
    quantities.map(({ symbol, name, status }) => [
      ...[STATUSES[status][language], quantityName(symbol, name), "|"],
    ]),
    3,
  ).split("\n").map((line) => line.slice(0, -1));
  const indent = width(starts[0]!);
  return quantities.flatMap((quantity, i) => {
    const [first, ...more] = remarksOf(quantity).map((text) => wrap(text[language], indent));
    return [starts[i]! + first!.trimStart(), ...more];
  });
}

/** Causes that are shown of those that fit equally well. */
const MAX_CAUSES = 4;

/** What is said of a quantity: how it compares with its equation, and why it is wrong. */
function remarksOf(quantity: JudgedQuantity): Text[] {
  const { symbol, status, error, agrees, followsFrom, convention, causes } = quantity;
  const formula = quantity.formula ?? rightHandSideOf(QUANTITIES[symbol]);
  const from = t(followsFrom.join(", "), followsFrom.join("、"));
  if (status !== "wrong") {
    if (convention !== undefined && quantity.formula === undefined) return [convention];
    const equals = inDigits(formula, error);
    if (status === "follows") {
      return [
        t(`${equals.en}, with the wrong ${from.en}`, `${equals.ja}（誤った ${from.ja} による）`),
      ];
    }
    if (agrees || convention !== undefined) return [equals];
    return [t(`is right, though ${from.en} is wrong`, `値は正しい（${from.ja} は誤り）`)];
  }
  const times = significantDigits(error, 2), percent = significantDigits(100 * error, 2);
  const off = error >= 10
    ? t(`off by ${times} times its largest entry`, `ずれは最大で、最大の要素の ${times} 倍`)
    : t(`off by ${percent} %`, `最大のずれは、最大の要素の ${percent} %`);
  const left = causes.length - MAX_CAUSES;
  return [
    Number.isFinite(error)
      ? t(`is not ${formula}: ${off.en}`, `${formula} と合わない（${off.ja}）`)
      : t(`is not ${formula}`, `${formula} ではない`),
    ...[
      ...causes.slice(0, MAX_CAUSES).map(explained),
      ...left > 0 ? [t(`${left} more`, `ほか ${left} 件`)] : [],
    ].map(({ en, ja }, i) => i === 0 ? t(en, ja) : t(`or: ${en}`, `または: ${ja}`)),
  ];
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
  const equation = formula ?? mistakes.map(({ equation }) => equation).join(", ");
  if (equation === "" || error === undefined) return words;
  const fit = formula === undefined
    ? t(`fits with ${equation}`, `${equation} とすると一致`)
    : inDigits(formula, error);
  // the words may be no more than the equation
  return words.en === `it is ${equation}`
    ? fit
    : t(`${fit.en}: ${words.en}`, `${fit.ja}（${words.ja}）`);
}

/** The verdict on a file in which nothing is wrong. */
function verdictOf({ verdict, judged, quantities, next }: Diagnosis): Text {
  const count = quantities.length + next.length;
  if (verdict === "another network") {
    return judged
      ? t(
        `Another network than the report's, and right as that (${count} quantities):`,
        `レポートとは別のネットワークで、その限りでは正しい（量 ${count} 個）:`,
      )
      : t(
        "Another network than the report's; not judged:",
        "レポートとは別のネットワークなので、判定しない:",
      );
  }
  if (verdict === "right by another convention") {
    return t(
      `All ${count} quantities are right, by another convention than the report's:`,
      `${count} 個の量はすべて正しい。ただしレポートとは流儀が異なる:`,
    );
  }
  return count === 1
    ? t("The quantity is right.", "この量は正しい。")
    : t(`All ${count} quantities are right.`, `${count} 個の量はすべて正しい。`);
}

/** The first wrong quantity: what it is, yours and right in NumPy, numbers, what follows. */
function wrongAnswer(diagnosis: Diagnosis, wrong: JudgedQuantity, language: Language): string[] {
  const { symbol, causes, formula, seenIn = symbol } = wrong, { quantities, next } = diagnosis;
  const isWrong = (one: JudgedQuantity) => one.symbol === seenIn && one.status === "wrong";
  const isNext = !quantities.some(isWrong), steps = isNext ? next : quantities;
  const at = steps.findIndex(isWrong),
    shownBy = steps[at]!,
    seen = quantityName(seenIn, shownBy.name);
  const where = t(isNext ? " in the next step" : "", isNext ? "（次のステップ）" : "");
  const unrecorded = wrong.seenIn === undefined ? t("", "") : t(
    `, which was not recorded but shows in ${seen}`,
    `（記録されていないが ${seen} から分かる）`,
  );
  const either = (["en", "ja"] as const).map((language) =>
    [...causes.slice(0, 2).map(({ words }) => words[language]), ...causes.length > 2 ? ["…"] : []]
      .join(t("; or ", "。または、")[language])
  );
  const name = quantityName(symbol, wrong.name);
  const line = (formula: string | undefined) => formula && numpyLine(diagnosis, symbol, formula);
  const right = line(formula ?? rightHandSideOf(QUANTITIES[symbol]));
  const yours = line(causes.find(({ formula }) => formula !== undefined)?.formula);
  const isTold = yours !== undefined && right !== undefined && yours !== right;
  const [your, its] = language === "en" ? ["yours", "right"] : ["あなたの式", "正しい式  "];
  // the file's names may hide the difference
  const code = yours === right
    ? []
    : [...yours ? [`  ${your}  ${yours}`] : [], ...right ? [`  ${its}  ${right}`] : []];
  const { equation } = QUANTITIES[symbol];
  const list = (which: (one: JudgedQuantity, i: number) => boolean) =>
    steps.filter(which).map(({ symbol }) => symbol);
  const before = list(({ status }, i) => i < at && status === "ok");
  const after = list(({ status, followsFrom }, i) =>
    i > at && status === "follows" && followsFrom.includes(seenIn)
  );
  const besides = list(({ status }, i) => i !== at && status === "wrong");
  const gradients = steps.filter(({ symbol }) => QUANTITIES[symbol].pass === "backward");
  const isOnlyLoss = (symbol === "E" || symbol === "L") && gradients.length > 0 &&
    gradients.every(({ status }) => status === "ok");
  const join = (symbols: readonly StepSymbol[]) => symbols.join(t(", ", "、")[language]);
  const said: (Text | false)[] = [
    before.length > 0 &&
    t(`Right before it: ${join(before)}.`, `ここまでで正しいもの: ${join(before)}。`),
    after.length > 0 && t(
      `${join(after)} ${after.length === 1 ? "follows" : "follow"} from it.`,
      `${join(after)} はこの誤りによる。`,
    ),
    isOnlyLoss && t(
      `The gradients are right: they do not need ${symbol}.`,
      `勾配は正しい（${symbol} を使わない）。`,
    ),
    besides.length > 0 && t(`Wrong besides: ${join(besides)}.`, `ほかの誤り: ${join(besides)}。`),
    causes[0]?.kind === "unknown" && nextRecord(symbol, steps),
  ];
  const sentence = t(
    `First wrong: ${name}${where.en}${unrecorded.en}: ${either[0]}.`,
    `最初の誤り: ${name}${where.ja}${unrecorded.ja}: ${either[1]}。`,
  );
  return [
    wrap(sentence[language], 0),
    ...code,
    ...isTold ? [] : [wrap(t(`equation: ${equation}`, `式: ${equation}`)[language])],
    ...numbers(shownBy, language),
    ...said.filter((text) => text !== false).map((text) => wrap(text[language])),
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
function nextRecord(symbol: StepSymbol, quantities: readonly JudgedQuantity[]): Text {
  const missing = QUANTITIES[symbol].from.filter((one) =>
    QUANTITIES[one].pass !== "input" && !quantities.some((other) => other.symbol === one)
  );
  const next = missing.length > 0
    ? t(`record ${missing.join(", ")} too`, `${missing.join("、")} も記録する`)
    : t(
      "compare the line that computes it with the equation above",
      "この量を計算している行を上の式と見比べる",
    );
  return t(
    `Tried: the known mistakes, factors, functions and sums of other quantities. Next: ${next.en}.`,
    `試したもの: 既知の誤り、定数倍、ほかの量の関数や和。次に、${next.ja}。`,
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
  const isVector = QUANTITIES[symbol].axes[1] === "1" || yours.rows === 1;
  const number = (x: number) => pythonFloat(Number(x.toPrecision(6)));
  const rows = chosen.sort((i, j) => i - j).map((i) => {
    const place = [Math.floor(i / columns), i % columns];
    const index = isVector ? [Math.max(...place)] : transposed ? place.toReversed() : place;
    const entry = data.length === 1 ? "" : `[${index.join(", ")}]`;
    return [`${shorten(name)}${entry}`, number(data[i]!), number(right.data[i]!)] as const;
  });
  const [is, should] = language === "en" ? ["yours", "should be"] : ["あなたの値", "正しくは"];
  const wide = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map(([index, a, b]) =>
    `  ${index.padEnd(wide[0]!)}  ${is} ${a.padStart(wide[1]!)}  ${should} ${b.padStart(wide[2]!)}`
  );
}

/** What else is to be said of the file. */
function remarks({ precision, quantities, unused, otherReadings, hints }: Diagnosis): Text[] {
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
