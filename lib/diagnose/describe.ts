// What is said of files of recorded steps, in English and Japanese: an answer for the person whose
// program it is, the table of all quantities, files grouped by mistake, JSON, and a gradebook.
import { numpyOf } from "../explain/numpy.ts";
import { FormatError } from "../formats/errors.ts";
import type { NdArray } from "../formats/nd_array.ts";
import { readNpzMembers } from "../formats/npz.ts";
import { QUANTITIES, type StepSymbol } from "../network/step.ts";
import { escapeName, oneLine, toJson as jsonLine } from "../text/escape.ts";
import {
  counted,
  fitName,
  groupBy,
  type Language,
  t,
  table,
  type Text,
  width,
  wrap,
} from "../text/layout.ts";
import { pythonFloat, significantDigits } from "../text/numbers.ts";
import { digitsOf } from "./agreement.ts";
import { type Cause, rightHandSideOf } from "./cause.ts";
import { diagnose, type Diagnosis } from "./diagnose.ts";
import {
  type DiagnoseOptions,
  listOf,
  quantityName,
  shorten,
  type Undecided,
  undecided,
} from "./dump.ts";
import type { JudgedQuantity } from "./judge.ts";

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
    const off = say(`: off by ${percent} %`, `（最大のずれは、最大の要素の ${percent} %）`);
    const isNot = say(`is not ${formula}`, `${formula} と合わない`);
    return [Number.isFinite(error) ? isNot + off : isNot, whyOf(quantity, say)];
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
  const differences = data.map((x, i) => {
    const difference = x === right.data[i] ? 0 : Math.abs(x - right.data[i]!);
    return Number.isNaN(difference) ? Infinity : difference;
  });
  const third = differences.toSorted().at(-3) ?? 0; // to sort all places takes a second
  const largest = [...data.keys()].filter((i) => differences[i]! >= third)
    .sort((i, j) => differences[j]! - differences[i]! || i - j).slice(0, 3);
  const isVector = QUANTITIES[symbol].axes[1] === "1" || rows === 1;
  const shown = largest.sort((i, j) => i - j).map((i) => {
    const place = [Math.floor(i / columns), i % columns];
    const index = isVector ? [Math.max(...place)] : transposed ? place.toReversed() : place;
    const entry = data.length === 1 ? "" : `[${index.join(", ")}]`;
    const [is, should] = [data[i]!, right.data[i]!].map((x) =>
      pythonFloat(Number(x.toPrecision(6)))
    );
    return [
      `  ${shorten(name)}${entry}`,
      say(`yours ${is}`, `あなたの値 ${is}`),
      say(`should be ${should}`, `正しくは ${should}`),
    ];
  });
  return table(shown, 3).split("\n");
}

/** A file, by its path as the user wrote it, and what was found in it. */
export interface Judged {
  readonly file: string;
  readonly found: Diagnosis | Undecided;
}

/** A step of 3072-512-10 with a batch of 1,000, twice, has 151 MiB in float64. */
export const MAX_BYTES = 256 * 2 ** 20;

/** Judges a file; of one that is no npz file, by its name, `read` is not called. */
export function diagnoseFile(
  name: string,
  read: () => Uint8Array,
  { expect = [], ...options }: DiagnoseOptions & { readonly expect?: readonly string[] },
): Judged["found"] {
  const other = OTHER_FORMATS.find(([extension]) => extension.test(name));
  if (other !== undefined) {
    const [, en, ja, arrays] = other, save = `np.savez("step.npz", ${arrays})`;
    return undecided(t(`${en}; save its arrays: ${save}`, `${ja}。配列を保存する: ${save}`));
  }
  const { arrays, unreadable } = readArrays(read()), found = diagnose(arrays, options);
  if (!("reason" in found)) {
    return withoutExpected({ ...found, unused: [...found.unused, ...unreadable.keys()] }, expect);
  }
  const isObject = ([, why]: readonly [string, string]) => why.includes("(Python objects)");
  const all = [...unreadable], one = all.find(isObject) ?? all[0], { en, ja } = found.reason;
  if (one === undefined) return found;
  const [array, why] = [escapeName(one[0]), one[1]], save = `np.savez("step.npz", **${array})`;
  return undecided(
    isObject(one)
      ? t(
        `${en}; ${array} holds Python objects: ${save} saves the arrays of a dictionary`,
        `${ja}。${array} の中身は Python のオブジェクトである。辞書なら ${save} で配列を保存できる`,
      )
      : t(`${en}; ${why}`, `${ja}（${why}）`),
  );
}

/** A file that cannot be read, for a reason in English. */
export const unreadable = (reason: string) => undecided(t(reason, `読み込めない（${reason}）`));

/** The arrays of an npz file, and why others are none of numbers, such as strings. */
function readArrays(bytes: Uint8Array) {
  const arrays = new Map<string, NdArray>(), unreadable = new Map<string, string>();
  for (const [name, read] of readNpzMembers(bytes, { maxBytes: MAX_BYTES })) {
    try {
      arrays.set(name, read());
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      unreadable.set(name, error.message);
    }
  }
  return { arrays, unreadable };
}

/** What students save steps in that are no npz files, and how to save the arrays instead. */
const OTHER_FORMATS = [
  [/\.npy$/i, "holds one array", "配列が一つだけである", "W1=W1, b1=b1, ..."],
  [/\.(pkl|pickle|joblib)$/i, "is a pickle, a program", "pickle はプログラムである", "**step"],
  [/\.json$/i, "is JSON", "JSON である", "**{k: np.array(v) for k, v in step.items()}"],
  [
    ...[/\.pth?$/i, "is a file of PyTorch", "PyTorch のファイルである"] as const,
    "**{k: v.detach().numpy() for k, v in step.items()}",
  ],
] as const;

/** The same without what the course does otherwise as well: a word of the note begins so. */
export function withoutExpected(found: Diagnosis, expected: readonly string[]): Diagnosis {
  if (!found.judged || expected.length === 0) return found;
  const isExpected = (word: string) => expected.some((begin) => word.startsWith(begin));
  const notes = found.notes.filter(({ en }) =>
    !en.toLowerCase().split(/[^a-z0-9]+/).some(isExpected)
  );
  const isRight = found.verdict !== "wrong" && notes.length === 0;
  return { ...found, notes, verdict: isRight ? "right" : found.verdict };
}

/** What `--expect` may name: words of the notes on conventions and networks. */
export const EXPECTABLE =
  ("sum opposite rate loss overwritten recorded digits relu leaky tanh hard dropout squared " +
    "smoothed weights momentum adam decay l1").split(" ");

/** The verdicts as text, in the order of the groups. */
const VERDICTS: Readonly<Record<Judged["found"]["verdict"], Text>> = {
  wrong: t("WRONG", "誤り"),
  undecided: t("undecided", "判定不能"),
  "another network": t("another network", "別のネットワーク"),
  "right by another convention": t("right by another convention", "別の流儀で正しい"),
  right: t("right", "正しい"),
};

/** What files have in common that stand in one group: the verdict, and what is wrong. */
export function titleOf(found: Judged["found"], language: Language): string {
  const wrong = "reason" in found ? undefined : found.firstWrong;
  const why = oneLine(`${wrong ? `${wrong.symbol}: ` : ""}${reasonOf(found, language)}`);
  return `${VERDICTS[found.verdict][language]}${why && `: ${why}`}`;
}

/**
 * The files by what is wrong: those that have it in common together, the largest group first; then
 * how many have each verdict.
 */
export function toGroups(judged: readonly Judged[], language: Language): string {
  const groups = groupBy(judged, ({ found }) => titleOf(found, language));
  const verdicts = Object.keys(VERDICTS);
  const rank = ([one]: Judged[]) => verdicts.indexOf(one!.found.verdict);
  const lines = [...groups].toSorted(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length)
    .flatMap(([title, group]) => [
      wrap(title, 2).trimStart(),
      ...group.map(({ file }) => fitName(oneLine(file), (name) => `    ${name}`)),
    ]);
  const counts = Object.entries(VERDICTS).toReversed().flatMap(([verdict, { en, ja }]) => {
    const count = judged.filter(({ found }) => found.verdict === verdict).length;
    return count === 0 ? [] : [t(`${count} ${en.toLowerCase()}`, `${ja} ${count}`)[language]];
  });
  const all = t(
    `${counted(judged.length, "file")}: ${counts.join(", ")}`,
    `${judged.length} ファイル: ${counts.join("、")}`,
  );
  return [...lines, all[language]].join("\n");
}

/** What is missing, is done otherwise, or is wrong. */
function reasonOf(found: Judged["found"], language: Language): string {
  if ("reason" in found) return found.reason[language];
  const { firstWrong, notes } = found, say = sayIn(language);
  if (firstWrong) return whyOf(firstWrong, say);
  return notes.map((note) => note[language]).join(say("; ", "。"));
}

/** The first line of a gradebook, with the mark by which a spreadsheet knows UTF-8. */
export const CSV_HEADER = "\ufefffile,verdict,first_wrong,name,cause,mistakes";

/** A row of a gradebook. */
export function toCsv({ file, found }: Judged, language: Language): string {
  const { symbol = "", name = "", causes = [] } = "reason" in found ? {} : found.firstWrong ?? {};
  const mistakes = causes.map((cause) => idsOf(cause).join("+")).join("|");
  return [file, found.verdict, symbol, name, reasonOf(found, language), mistakes]
    .map(csvCell).join();
}

/** A cell of RFC 4180, in one line. A spreadsheet would compute what begins with these signs. */
function csvCell(text: string): string {
  const cell = oneLine(text).replace(/^(?=[-+=@])/, "'");
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The file as a JSON object in one line; JSON has no numbers that are not finite: null. */
export function toJson({ file, found }: Judged, language: Language): string {
  const { verdict } = found, say = (text: Text) => text[language];
  if ("reason" in found) return jsonLine({ file, verdict, reason: say(found.reason) });
  const ofQuantity = (one: JudgedQuantity) => {
    const { symbol, name, status, error, followsFrom, formula = null, convention, causes } = one;
    const explanations = causes.map((cause) => ({
      ...{ kind: cause.kind, words: say(cause.words), mistakes: idsOf(cause) },
      factor: cause.factor ?? null,
    }));
    return {
      ...{ symbol, name, status, error, followsFrom, formula },
      ...{ convention: convention?.[language] ?? null, causes: explanations },
    };
  };
  const { judged, sizes, precision, learningRate = null, firstWrong, unused } = found;
  return jsonLine({
    ...{ file, verdict, judged, notes: found.notes.map(say), sizes, precision, learningRate },
    firstWrong: firstWrong === undefined ? null : ofQuantity(firstWrong),
    quantities: found.quantities.map(ofQuantity),
    next: found.next.map(ofQuantity),
    ...{ hints: found.hints.map(say), unused },
  });
}

/** The ids of the mistakes that explain it. */
function idsOf({ mistakes }: Cause): string[] {
  return mistakes.map(({ id }) => id);
}
