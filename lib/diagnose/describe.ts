// A diagnosis as text, in English and Japanese: an answer for the person whose program it is, and
// the table of all quantities.
import { numpyOf } from "../explain/numpy.ts";
import { QUANTITIES, type StepSymbol } from "../network/step.ts";
import { oneLine } from "../text/escape.ts";
import { type Language, table, width, wrap } from "../text/layout.ts";
import { pythonFloat, significantDigits } from "../text/numbers.ts";
import { digitsOf } from "./agreement.ts";
import type { Diagnosis } from "./diagnose.ts";
import { listOf, quantityName, shorten, type Undecided } from "./dump.ts";
import type { JudgedQuantity } from "./judge.ts";
import { rightHandSideOf } from "./cause.ts";

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
  const say = sayIn(language);
  if ("reason" in diagnosis) {
    const reason = oneLine(diagnosis.reason[language]);
    if (diagnosis.verdict === "another network") return reason;
    return `${say("Cannot be judged", "判定できない")}: ${reason}`;
  }
  const { firstWrong, notes, hints, unused } = diagnosis;
  const remarks = [
    ...notes.map((note) =>
      firstWrong ? say(`besides, ${note.en}`, `なお、${note.ja}`) : note[language]
    ),
    ...hints.map(({ en, ja }) => say(`Look at the inputs: ${en}`, `入力を確認する: ${ja}`)),
    unused.length > 0 && say(`Not used: ${listOf(unused)}`, `使わなかった配列: ${listOf(unused)}`),
    firstWrong && !all && say("--all shows every quantity", "--all ですべての量を表示する"),
  ].filter((text) => typeof text === "string").map((text) => wrap(text));
  const notChecked = say(
    "Not checked: whether the labels belong to the images, the order of the batches, the initial " +
      "values, and later steps.",
    "確認していないこと: ラベルと画像の対応、バッチの順序、初期値、以後のステップ。",
  );
  return [
    ...all ? [describeTable(diagnosis, language), ""] : [],
    ...firstWrong
      ? [...wrongAnswer(diagnosis, firstWrong, say), ...remarks]
      : [wrap(verdictOf(diagnosis, say), 0), ...remarks, wrap(notChecked, 0)],
  ].join("\n");
}

/** One of two texts. */
type Say = (en: string, ja: string) => string;
const sayIn = (language: Language): Say => (en, ja) => language === "en" ? en : ja;

/** The table of all quantities: a line on the step, then a row for each quantity. */
export function describeTable(diagnosis: Diagnosis, language: Language): string {
  const { sizes: { D, M, K, B }, precision, learningRate, quantities, next } = diagnosis;
  const say = sayIn(language);
  const rate = learningRate && significantDigits(learningRate.value, 6);
  const found = learningRate?.inferred ? say(", found from the update", "（更新量から推定）") : "";
  const header = say(
    `${D}-${M}-${K}, a batch of ${B}, ${precision}${rate ? `; learning rate ${rate}` : ""}`,
    `${D}-${M}-${K}、バッチサイズ ${B}、${precision}${rate ? `、学習率 ${rate}` : ""}`,
  );
  return [
    wrap(header + found, 0),
    ...rows(quantities, say),
    ...next.length > 0 ? [say("the next step", "次のステップ")] : [],
    ...rows(next, say),
  ].join("\n");
}

function rows(quantities: readonly JudgedQuantity[], say: Say): string[] {
  if (quantities.length === 0) return [];
  const ok = say("ok", "正しい"), wrong = say("WRONG", "誤り"), follows = say("follows", "波及");
  const statuses = { ok, wrong, follows };
  const starts = quantities.map(({ status, symbol, name }) => [
    statuses[status],
    quantityName(symbol, name),
    "|",
  ]);
  const lines = table(starts, 3).split("\n").map((line) => line.slice(0, -1));
  const indent = width(lines[0]!);
  return quantities.flatMap((quantity, i) => {
    const [first, ...more] = remarksOf(quantity, say).map((text) => wrap(text, indent));
    return [lines[i]! + first!.trimStart(), ...more];
  });
}

/** Why a quantity is wrong: two explanations of those that fit equally well. */
function whyOf({ causes }: JudgedQuantity, say: Say): string {
  const shown = causes.slice(0, 2).map(({ words }) => say(words.en, words.ja));
  return [...shown, ...causes.length > 2 ? ["…"] : []].join(say("; or ", "。または、"));
}

/** What is said of a quantity: how it compares with its equation, and why it is wrong. */
function remarksOf(quantity: JudgedQuantity, say: Say): string[] {
  const { symbol, status, error, agrees, followsFrom, convention } = quantity;
  const formula = quantity.formula ?? rightHandSideOf(QUANTITIES[symbol]);
  const from = followsFrom.join(say(", ", "、"));
  if (status === "wrong") {
    const percent = significantDigits(100 * error, 2);
    const isNot = Number.isFinite(error)
      ? say(
        `is not ${formula}: off by ${percent} %`,
        `${formula} と合わない（最大のずれは、最大の要素の ${percent} %）`,
      )
      : say(`is not ${formula}`, `${formula} ではない`);
    return [isNot, whyOf(quantity, say)];
  }
  if (convention !== undefined && quantity.formula === undefined) {
    return [say(convention.en, convention.ja)];
  }
  if (status === "ok" && !agrees && convention === undefined) {
    return [say(`is right, though ${from} is wrong`, `値は正しい（${from} は誤り）`)];
  }
  const digits = digitsOf(error).toFixed(1);
  const equals = error === 0
    ? say(`equals ${formula} exactly`, `${formula} と完全に一致`)
    : error === Infinity
    ? say(`equals ${formula} but for rounding`, `丸めを除いて ${formula} と一致`)
    : say(`equals ${formula} in ${digits} digits`, `${formula} と ${digits} 桁一致`);
  const follows = say(`, with the wrong ${from}`, `（誤った ${from} による）`);
  return [status === "ok" ? equals : equals + follows];
}

/** The verdict on a file in which nothing is wrong. */
function verdictOf({ verdict, judged, quantities, next }: Diagnosis, say: Say): string {
  const count = quantities.length + next.length;
  if (verdict === "another network") {
    return judged
      ? say(
        `Another network than the report's, and right as that (${count} quantities):`,
        `レポートとは別のネットワークで、その限りでは正しい（量 ${count} 個）:`,
      )
      : say(
        "Another network than the report's; not judged:",
        "レポートとは別のネットワークなので、判定しない:",
      );
  }
  const all = count === 1
    ? say("The quantity is right", "この量は正しい")
    : say(`All ${count} quantities are right`, `${count} 個の量はすべて正しい`);
  return verdict === "right" ? say(`${all}.`, `${all}。`) : say(
    `${all}, by another convention than the report's:`,
    `${all}。ただしレポートとは流儀が異なる:`,
  );
}

/** The first wrong quantity: what it is, yours and right in NumPy, numbers, what follows. */
function wrongAnswer(diagnosis: Diagnosis, wrong: JudgedQuantity, say: Say): string[] {
  const { symbol, causes, formula, seenIn = symbol } = wrong, { quantities, next } = diagnosis;
  const isWrong = (one: JudgedQuantity) => one.symbol === seenIn && one.status === "wrong";
  const isNext = !quantities.some(isWrong), steps = isNext ? next : quantities;
  const at = steps.findIndex(isWrong), shownBy = steps[at]!, { equation } = QUANTITIES[symbol];
  const seen = quantityName(seenIn, shownBy.name);
  const where = [
    quantityName(symbol, wrong.name),
    isNext && say(" in the next step", "（次のステップ）"),
    wrong.seenIn && say(
      `, which was not recorded but shows in ${seen}`,
      `（記録されていないが ${seen} から分かる）`,
    ),
  ].filter(Boolean).join("");
  const why = whyOf(wrong, say);
  const [yours, right] = [
    causes.find(({ formula }) => formula !== undefined)?.formula,
    formula ?? rightHandSideOf(QUANTITIES[symbol]),
  ].map((formula) => formula && numpyLine(diagnosis, symbol, formula));
  // in the file's names, both may be the same line
  const code = yours === right ? [] : [
    ...yours ? [`  ${say("yours", "あなたの式")}  ${yours}`] : [],
    ...right ? [`  ${say("right", "正しい式  ")}  ${right}`] : [],
  ];
  const list = (which: (one: JudgedQuantity, i: number) => boolean) =>
    steps.filter(which).map(({ symbol }) => symbol).join(say(", ", "、"));
  const before = list(({ status }, i) => i < at && status === "ok");
  const after = list(({ status, followsFrom }, i) =>
    i > at && status === "follows" && followsFrom.includes(seenIn)
  );
  const besides = list(({ status }, i) => i !== at && status === "wrong");
  const follow = after.includes(", ") ? "follow" : "follows";
  return [
    wrap(say(`First wrong: ${where}: ${why}.`, `最初の誤り: ${where}: ${why}。`), 0),
    ...code,
    ...code.length < 2 ? [wrap(say(`equation: ${equation}`, `式: ${equation}`))] : [],
    ...numbers(shownBy, say),
    ...[
      before && say(`Right before it: ${before}.`, `ここまでで正しいもの: ${before}。`),
      after && say(`${after} ${follow} from it.`, `${after} はこの誤りによる。`),
      besides && say(`Wrong besides: ${besides}.`, `ほかの誤り: ${besides}。`),
      causes[0]?.kind === "unknown" && nextRecord(symbol, steps, say),
    ].flatMap((text) => text ? [wrap(text)] : []),
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
function nextRecord(symbol: StepSymbol, quantities: readonly JudgedQuantity[], say: Say): string {
  const missing = QUANTITIES[symbol].from.filter((one) =>
    QUANTITIES[one].pass !== "input" && !quantities.some((other) => other.symbol === one)
  ).join(say(", ", "、"));
  const next = missing ? say(`record ${missing} too`, `${missing} も記録する`) : say(
    "compare the line that computes it with the equation above",
    "この量を計算している行を上の式と見比べる",
  );
  return say(
    `Tried: the known mistakes, factors, functions and sums of other quantities. Next: ${next}.`,
    `試したもの: 既知の誤り、定数倍、ほかの量の関数や和。次に、${next}。`,
  );
}

/** Three numbers side by side: the largest differences, in the file's own order of axes. */
function numbers({ yours, right, transposed, name, symbol }: JudgedQuantity, say: Say): string[] {
  if (yours === undefined) return [];
  const { rows, columns, data } = yours;
  const differences = data.map((x, i) => x === right.data[i] ? 0 : Math.abs(x - right.data[i]!));
  const rank = (i: number) => Number.isNaN(differences[i]) ? Infinity : differences[i]!;
  const largest = [...data.keys()].sort((i, j) => rank(j) - rank(i) || i - j).slice(0, 3);
  const isVector = QUANTITIES[symbol].axes[1] === "1" || rows === 1;
  const number = (x: number) => pythonFloat(Number(x.toPrecision(6)));
  const shown = largest.sort((i, j) => i - j).map((i) => {
    const place = [Math.floor(i / columns), i % columns];
    const index = isVector ? [Math.max(...place)] : transposed ? place.toReversed() : place;
    const entry = data.length === 1 ? "" : `[${index.join(", ")}]`;
    return [`${shorten(name)}${entry}`, number(data[i]!), number(right.data[i]!)] as const;
  });
  const is = say("yours", "あなたの値"), should = say("should be", "正しくは");
  const wide = [0, 1, 2].map((i) => Math.max(...shown.map((row) => row[i]!.length)));
  return shown.map(([index, a, b]) =>
    `  ${index.padEnd(wide[0]!)}  ${is} ${a.padStart(wide[1]!)}  ${should} ${b.padStart(wide[2]!)}`
  );
}
