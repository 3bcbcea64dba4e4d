// Judged files as text grouped by mistake, as JSON objects, and as rows of a gradebook.
import { oneLine, toJson as jsonLine } from "../text/escape.ts";
import { counted, fitNames, groupBy, type Language, t, type Text, wrap } from "../text/layout.ts";
import { digitsOf } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import type { Diagnosis } from "./diagnose.ts";
import type { Undecided } from "./dump.ts";
import type { JudgedQuantity } from "./judge.ts";

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
  const isWrong = !("reason" in found) && found.firstWrong !== undefined;
  const why = oneLine(
    `${isWrong ? `${found.firstWrong.symbol}: ` : ""}${reasonOf(found, language)}`,
  );
  return `${VERDICTS[found.verdict][language]}${why && `: ${why}`}`;
}

/** The files by what is wrong: those that have it in common together, the largest group first. */
export function toGroups(judged: readonly Judged[], language: Language): string {
  const groups = groupBy(judged, (one) => titleOf(one, language)), order = Object.keys(VERDICTS);
  const rank = ([one]: Judged[]) => order.indexOf(one!.found.verdict);
  return [...groups].toSorted(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length)
    .flatMap(([title, group]) => [
      wrap(title, 2).trimStart(),
      ...group.map(({ file }) => fitNames([oneLine(file)], (name) => `    ${name}`)),
    ]).join("\n");
}

/** What is missing, is done otherwise, or is wrong with every explanation that fits. */
function reasonOf(found: Judged["found"], language: Language): string {
  if ("reason" in found) return found.reason[language];
  const { firstWrong, notes } = found;
  return firstWrong === undefined
    ? notes.map((note) => note[language]).join(t("; ", "。")[language])
    : firstWrong.causes.map(({ words }) => words[language]).join(
      t("; or ", "。または、")[language],
    );
}

/** How many files have each verdict that there is. */
export function countVerdicts(judged: readonly Judged[], language: Language): string {
  const counts = Object.entries(VERDICTS).toReversed().flatMap(([verdict, { en, ja }]) => {
    const count = judged.filter(({ found }) => found.verdict === verdict).length;
    return count === 0 ? [] : [t(`${count} ${en.toLowerCase()}`, `${ja} ${count}`)[language]];
  });
  return t(
    `${counted(judged.length, "file")}: ${counts.join(", ")}`,
    `${judged.length} ファイル: ${counts.join("、")}`,
  )[language];
}

/** The first line of a gradebook, with the mark by which a spreadsheet knows UTF-8. */
export const CSV_HEADER = "\ufefffile,verdict,first_wrong,name,cause,mistakes,digits";

/** A row of a gradebook. */
export function toCsv({ file, found }: Judged, language: Language): string {
  const { symbol = "", name = "", causes = [] } = "reason" in found ? {} : found.firstWrong ?? {};
  const mistakes = causes.map((cause) => idsOf(cause).join("+")).join("|");
  const digits = `${causes[0] === undefined ? "" : digitsFitted(causes[0]) ?? ""}`;
  return [file, found.verdict, symbol, name, reasonOf(found, language), mistakes, digits]
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
      ...{ factor: cause.factor ?? null, digits: digitsFitted(cause) },
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

/** To how many digits it fits; at most those of a double, -log10 of 2^-53, also where it is equal. */
function digitsFitted({ error }: Cause): number | null {
  return error === undefined ? null : Math.round(10 * Math.min(digitsOf(error), 15.9)) / 10;
}
