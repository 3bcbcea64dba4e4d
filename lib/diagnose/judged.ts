// Judged files as text grouped by mistake, as JSON objects, and as rows of a gradebook.
import { oneLine, toJson as jsonLine } from "../text/escape.ts";
import { counted, fitNames, groupBy, type Language, t, type Text, wrap } from "../text/layout.ts";
import { digitsOf } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import type { Diagnosis, Undecided } from "./diagnose.ts";
import type { JudgedQuantity } from "./judge.ts";
import { quantityName } from "./words.ts";

/** A file, and what was found in it. */
export interface Judged {
  /** Its path as the user wrote it. */
  readonly file: string;
  /** What was found, or why that cannot be judged. */
  readonly found: Diagnosis | Undecided;
}

/** The verdicts as text. */
const VERDICTS: Readonly<Record<Judged["found"]["verdict"], Text>> = {
  wrong: t("WRONG", "誤り"),
  undecided: t("undecided", "判定不能"),
  "another network": t("another network", "別のネットワーク"),
  "right by another convention": t("right by another convention", "別の流儀で正しい"),
  right: t("right", "正しい"),
};

/** What files have in common that stand in one group: the verdict, and what is wrong. */
export function titleOf({ found }: Pick<Judged, "found">, language: Language): string {
  const why = oneLine(reasonOf(found, "", language));
  return `${VERDICTS[found.verdict][language]}${why && `: ${why}`}`;
}

/** The files by what is wrong: those that have it in common together, the largest group first. */
export function toGroups(judged: readonly Judged[], language: Language): string {
  const groups = groupBy(judged, (one) => titleOf(one, language));
  const order = Object.keys(VERDICTS),
    rank = ([one]: Judged[]) => order.indexOf(one!.found.verdict);
  return [...groups].toSorted(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length)
    .flatMap(([title, group]) => [
      wrap(title, 2).trimStart(),
      ...group.map(({ file }) => fitNames([oneLine(file)], (name) => `    ${name}`)),
    ]).join("\n");
}

/** What is wrong, is done otherwise, or is missing; empty if all is right. */
function reasonOf(found: Judged["found"], name: string, language: Language): string {
  if ("reason" in found) return found.reason[language];
  const { firstWrong, notes } = found, separator = t("; ", "。")[language];
  if (firstWrong === undefined) return notes.map((note) => note[language]).join(separator);
  const { symbol } = firstWrong;
  return `${quantityName(symbol, name || symbol)}: ${causesOf(found, language)}`;
}

/** Why the first wrong quantity is wrong: every explanation that fits, and every other reading. */
function causesOf({ firstWrong, otherReadings }: Diagnosis, language: Language): string {
  const words = firstWrong!.causes.map((cause) => cause.words[language]);
  const others = otherReadings.map(({ symbol, name }) => {
    const quantity = quantityName(symbol, name);
    return t(
      `${quantity} is wrong, if the file is read otherwise`,
      `別の読み方では ${quantity} が誤っている`,
    )[language];
  });
  return [...words, ...others].join(t("; or ", "。または、")[language]);
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

/** The columns of a gradebook. */
const CSV_COLUMNS = [
  "file",
  "verdict",
  "first_wrong",
  "name",
  "cause",
  "mistakes",
  "digits",
] as const;

/** The first line of a gradebook, with the mark by which a spreadsheet knows UTF-8. */
export const CSV_HEADER: string = `\ufeff${CSV_COLUMNS.join()}`;

/** A row of a gradebook. */
export function toCsv({ file, found }: Judged, language: Language): string {
  const row: Partial<Record<typeof CSV_COLUMNS[number], string>> = { file, verdict: found.verdict };
  if ("reason" in found || found.firstWrong === undefined) {
    row.cause = reasonOf(found, "", language);
  } else {
    const { symbol, name, causes } = found.firstWrong;
    Object.assign(row, {
      first_wrong: symbol,
      name,
      cause: causesOf(found, language),
      mistakes: causes.map((cause) => mistakesOf(cause).join("+")).join("|"),
      digits: digits(causes[0]!)?.toString(),
    });
  }
  return CSV_COLUMNS.map((column) => csvCell(row[column] ?? "")).join();
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
  const quantity = (one: JudgedQuantity) => quantityJson(one, language);
  const { judged, sizes, precision, learningRate, unused } = found;
  return jsonLine({
    file,
    verdict,
    judged,
    notes: found.notes.map(say),
    sizes,
    precision,
    learningRate: learningRate ?? null,
    firstWrong: found.firstWrong === undefined ? null : quantity(found.firstWrong),
    quantities: found.quantities.map(quantity),
    next: found.next.map(quantity),
    otherReadings: found.otherReadings.map(quantity),
    hints: found.hints.map(say),
    unused,
  });
}

function quantityJson(quantity: JudgedQuantity, language: Language) {
  const { symbol, name, status, error, followsFrom, formula, convention, causes } = quantity;
  return {
    symbol,
    name,
    status,
    error,
    followsFrom,
    formula: formula ?? null,
    convention: convention?.[language] ?? null,
    causes: causes.map((cause) => ({
      kind: cause.kind,
      words: cause.words[language],
      mistakes: mistakesOf(cause),
      factor: cause.factor ?? null,
      digits: digits(cause) ?? null,
    })),
  };
}

/** The ids of the mistakes that explain it. */
function mistakesOf({ mistakes }: Cause): string[] {
  return mistakes.map(({ id }) => id);
}

/** To how many digits it fits; at most those of float64, also where it is equal. */
function digits({ error }: Cause): number | undefined {
  if (error === undefined) return undefined;
  return Math.round(10 * Math.min(digitsOf(error), MAX_DIGITS)) / 10;
}

/** The digits of a double: -log10 of 2^-53. */
const MAX_DIGITS = 15.9;
