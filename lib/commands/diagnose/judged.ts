// A judged file as a line of text, a JSON object, and a row of a gradebook.
import type { Cause, Diagnosis, JudgedQuantity, Undecided } from "../../../mod.ts";
import { digitsOf } from "../../diagnose/agreement.ts";
import { both } from "../../diagnose/words.ts";
import { oneLine, toJson as jsonLine } from "../../text/escape.ts";
import { COLUMNS, fitNames, type Language, type Text, width, wrap } from "../../text/layout.ts";

/** A file, and what was found in it. */
export interface Judged {
  /** Its path as the user wrote it. */
  readonly file: string;
  /** What was found, or why that cannot be judged. */
  readonly found: Diagnosis | Undecided;
}

/** The verdicts as text. */
const VERDICTS: Readonly<Record<Judged["found"]["verdict"], Text>> = {
  right: { en: "right", ja: "正しい" },
  wrong: { en: "WRONG", ja: "誤り" },
  undecided: { en: "undecided", ja: "判定不能" },
  "right by another convention": { en: "right by another convention", ja: "別の流儀で正しい" },
  "another network": { en: "another network", ja: "別のネットワーク" },
};

/** The verdict, the file, and what is wrong: in one line if it fits into the terminal. */
export function toLine({ file, found }: Judged, language: Language): string {
  const words = Object.values(VERDICTS).map((text) => text[language]);
  const verdict = VERDICTS[found.verdict][language];
  const padding = " ".repeat(Math.max(...words.map(width)) - width(verdict));
  const why = oneLine(reasonOf(found, language)), name = oneLine(file);
  const start = `${verdict}${padding}  `, line = `${start}${name}${why && `: ${why}`}`;
  if (width(line) <= COLUMNS) return line;
  const first = fitNames([name], (name) => `${start}${name}${why && ":"}`);
  return why === "" ? first : `${first}\n${wrap(why, width(start))}`;
}

/** What is wrong, or why it cannot be judged; empty if all is right. */
function reasonOf(found: Judged["found"], language: Language): string {
  if ("reason" in found) return found.reason[language];
  const { firstWrong } = found;
  if (firstWrong === undefined) {
    const between = { en: "; ", ja: "。また、" }[language];
    return found.notes.map((note) => note[language]).join(between);
  }
  return `${both(firstWrong.symbol, firstWrong.name)}: ${causesOf(found, language)}`;
}

/** Why the first wrong quantity is wrong: every explanation that fits, and every other reading. */
function causesOf({ firstWrong, otherReadings }: Diagnosis, language: Language): string {
  const { causes } = firstWrong!;
  const words = causes.map((cause) => cause.words[language]);
  const others = otherReadings.map(({ symbol, name }) => {
    const quantity = both(symbol, name);
    const text: Text = {
      en: `${quantity} is wrong, if the file is read otherwise`,
      ja: `別の読み方では ${quantity} が誤っている`,
    };
    return text[language];
  });
  return [...words, ...others].join({ en: "; or ", ja: "。または、" }[language]);
}

/** How many files have each verdict. */
export function countVerdicts(judged: readonly Judged[], language: Language): string {
  const counts = Object.entries(VERDICTS).map(([verdict, text]) => {
    const count = judged.filter(({ found }) => found.verdict === verdict).length;
    return { en: `${count} ${text.en.toLowerCase()}`, ja: `${text.ja} ${count}` }[language];
  });
  return {
    en: `${judged.length} ${judged.length === 1 ? "file" : "files"}: ${counts.join(", ")}`,
    ja: `${judged.length} ファイル: ${counts.join("、")}`,
  }[language];
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

/** The first line of a gradebook. */
export const CSV_HEADER: string = CSV_COLUMNS.join();

/** A row of a gradebook. */
export function toCsv({ file, found }: Judged, language: Language): string {
  const row: Partial<Record<typeof CSV_COLUMNS[number], string>> = { file, verdict: found.verdict };
  if (found.verdict !== "wrong") row.cause = reasonOf(found, language);
  if (found.verdict === "wrong") {
    const { symbol, name, causes } = found.firstWrong!;
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
  if ("reason" in found) {
    return jsonLine({ file, verdict: found.verdict, reason: found.reason[language] });
  }
  const quantity = (one: JudgedQuantity) => quantityJson(one, language);
  const { verdict, sizes, precision, learningRate, unused } = found;
  return jsonLine({
    file,
    verdict,
    sizes,
    precision,
    learningRate: learningRate ?? null,
    firstWrong: found.firstWrong === undefined ? null : quantity(found.firstWrong),
    judged: found.judged,
    notes: found.notes.map((note) => note[language]),
    hints: found.hints.map((hint) => hint[language]),
    quantities: found.quantities.map(quantity),
    next: found.next.map(quantity),
    otherReadings: found.otherReadings.map(quantity),
    unused,
  });
}

function quantityJson(quantity: JudgedQuantity, language: Language) {
  const { symbol, name, status, error, followsFrom, formula, causes } = quantity;
  return {
    symbol,
    name,
    status,
    error,
    followsFrom,
    formula: formula ?? null,
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
function mistakesOf(cause: Cause): string[] {
  return cause.mistakes.map(({ id }) => id);
}

/** To how many digits it fits; at most those of float64, also where it is equal. */
function digits(cause: Cause): number | undefined {
  if (cause.error === undefined) return undefined;
  return Math.round(10 * Math.min(digitsOf(cause.error), MAX_DIGITS)) / 10;
}

/** The digits of a double: -log10 of 2^-53. */
const MAX_DIGITS = 15.9;
