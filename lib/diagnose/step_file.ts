// Files of recorded steps: read, judged, and told as text grouped by mistake, as JSON objects and
// as rows of a gradebook. Files that are no npz files are told what to do instead.
import { FormatError } from "../formats/errors.ts";
import type { NdArray } from "../formats/nd_array.ts";
import { readNpzMembers } from "../formats/npz.ts";
import { escapeName, oneLine, toJson as jsonLine } from "../text/escape.ts";
import { counted, fitName, groupBy, type Language, t, type Text, wrap } from "../text/layout.ts";
import type { Cause } from "./cause.ts";
import { diagnose, type Diagnosis } from "./diagnose.ts";
import { type DiagnoseOptions, symbolsOf, type Undecided, undecided } from "./dump.ts";
import type { JudgedQuantity } from "./judge.ts";

export { undecided } from "./dump.ts";

/** A step of 3072-512-10 with a batch of 1,000, twice, has 151 MiB in float64. */
export const MAX_BYTES = 256 * 2 ** 20;

/**
 * The arrays of an npz file, and the names of those that are no arrays of numbers: programs record
 * what is no quantity as well, such as strings, and dictionaries as object arrays. `names` are
 * those that the user has given a symbol.
 */
export function readStepFile(
  bytes: Uint8Array,
  names: NonNullable<DiagnoseOptions["names"]>,
) {
  const arrays = new Map<string, NdArray>(), unreadable: string[] = [], objects: string[] = [];
  for (const [name, read] of readNpzMembers(bytes, { maxBytes: MAX_BYTES })) {
    try {
      arrays.set(name, read());
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const isObject = error.message.includes("(Python objects)");
      const isQuantity = Object.hasOwn(names, name) || symbolsOf(name).length > 0;
      if (isQuantity && !isObject) throw error;
      (isObject ? objects : unreadable).push(name);
    }
  }
  return { arrays, unreadable, objects };
}

/** Judges the arrays of a file. */
export function diagnoseFile(
  { arrays, unreadable, objects }: ReturnType<typeof readStepFile>,
  options: DiagnoseOptions = {},
): Judged["found"] {
  const found = diagnose(arrays, options);
  if (!("reason" in found)) {
    return { ...found, unused: [...found.unused, ...unreadable, ...objects] };
  }
  if (objects.length === 0) return found;
  const { en, ja } = found.reason, name = escapeName(objects[0]!);
  const save = `np.savez("step.npz", **${name})`;
  return undecided(t(
    `${en}; ${name} holds Python objects: ${save} saves the arrays of a dictionary`,
    `${ja}。${name} の中身は Python のオブジェクトである。辞書なら ${save} で配列を保存できる`,
  ));
}

/** What students save steps in that are no npz files, and how to save the arrays instead. */
const OTHER_FORMATS: readonly (readonly [RegExp, Text, arrays: string])[] = [
  [/\.npy$/i, t("holds one array", "配列が一つだけである"), "W1=W1, b1=b1, ..."],
  [
    /\.(pkl|pickle|joblib)$/i,
    t("is a pickle, which is a program", "pickle はプログラムなので読まない"),
    "**step",
  ],
  [/\.json$/i, t("is JSON", "JSON は読まない"), "**{k: np.array(v) for k, v in step.items()}"],
  [
    /\.pth?$/i,
    t("is a file of PyTorch", "PyTorch のファイルは読まない"),
    "**{k: v.detach().numpy() for k, v in step.items()}",
  ],
];

/** What to do instead of judging a file with such a name; undefined of an npz file. */
export function otherFormat(name: string): Undecided | undefined {
  const format = OTHER_FORMATS.find(([extension]) => extension.test(name));
  if (format === undefined) return undefined;
  const [, { en, ja }, arrays] = format, save = `np.savez("step.npz", ${arrays})`;
  return undecided(t(`${en}; save its arrays: ${save}`, `${ja}。配列を保存する: ${save}`));
}

/** Whether a word of a text begins with what a course is said to do otherwise. */
const says = ({ en }: Text, begin: string) =>
  en.toLowerCase().split(/[^a-z0-9]+/).some((word) => word.startsWith(begin));

/** The same without what the course does otherwise as well. */
export function withoutExpected(
  found: Judged["found"],
  expected: readonly string[],
): Judged["found"] {
  if ("reason" in found || !found.judged || expected.length === 0) return found;
  const notes = found.notes.filter((note) => !expected.some((begin) => says(note, begin)));
  const isRight = found.verdict !== "wrong" && notes.length === 0;
  return { ...found, notes, verdict: isRight ? "right" : found.verdict };
}

/** What `--expect` may name: words of the notes on conventions and networks. */
export const EXPECTABLE =
  ("sum opposite rate loss overwritten recorded digits relu leaky tanh hard dropout squared " +
    "smoothed weights momentum adam decay l1").split(" ");

/** A file, by its path as the user wrote it, and what was found in it. */
export interface Judged {
  readonly file: string;
  readonly found: Diagnosis | Undecided;
}

/** The verdicts as text, in the order of the groups. */
const VERDICTS: Readonly<Record<Judged["found"]["verdict"], Text>> = {
  wrong: t("WRONG", "誤り"),
  undecided: t("undecided", "判定不能"),
  "another network": t("another network", "別のネットワーク"),
  "right by another convention": t("right by another convention", "別の流儀で正しい"),
  right: t("right", "正しい"),
};

/** What files have in common that stand in one group: the verdict, and what is wrong. */
export function titleOf({ found }: Pick<Judged, "found">, language: Language): string {
  const wrong = "reason" in found ? undefined : found.firstWrong;
  const why = oneLine(`${wrong ? `${wrong.symbol}: ` : ""}${reasonOf(found, language)}`);
  return `${VERDICTS[found.verdict][language]}${why && `: ${why}`}`;
}

/**
 * The files by what is wrong: those that have it in common together, the largest group first; then
 * how many have each verdict.
 */
export function toGroups(judged: readonly Judged[], language: Language): string {
  const groups = groupBy(judged, (one) => titleOf(one, language)), verdicts = Object.keys(VERDICTS);
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

/** What is missing, is done otherwise, or is wrong with every explanation that fits. */
function reasonOf(found: Judged["found"], language: Language): string {
  if ("reason" in found) return found.reason[language];
  const { firstWrong, notes } = found;
  const texts = firstWrong ? firstWrong.causes.map(({ words }) => words) : notes;
  const between = firstWrong ? t("; or ", "。または、") : t("; ", "。");
  return texts.map((text) => text[language]).join(between[language]);
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
