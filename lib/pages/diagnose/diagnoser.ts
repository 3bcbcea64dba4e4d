// The part of the worker that judges recorded steps: nothing of them is sent anywhere.
import type { IndexedImage } from "../../charts/encode_png.ts";
import { drawSigned } from "../../charts/weights.ts";
import { describeDiagnosis, describeTable } from "../../diagnose/describe.ts";
import type { Diagnosis, Undecided } from "../../diagnose/diagnose.ts";
import { CSV_HEADER, titleOf, toCsv } from "../../diagnose/judged.ts";
import { recorder } from "../../diagnose/recorder.ts";
import {
  diagnoseFile,
  otherFormat,
  readStepFile,
  undecided,
  withoutExpected,
} from "../../diagnose/step_file.ts";
import { maxAbs } from "../../math/max_abs.ts";
import type { AnyMatrix } from "../../math/matrix.ts";
import { type MatrixSymbol, QUANTITIES } from "../../network/step.ts";
import type { Language, Text } from "../../text/layout.ts";
import type { Functions } from "../worker_client.ts";

/** A file that the reader has dropped. */
export interface StepBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the course does otherwise, as of `diagnose --expect`. */
  readonly expected: readonly string[];
}

/** What is said of a file, in both languages. */
export interface Answer {
  readonly name: string;
  readonly verdict: Diagnosis["verdict"] | Undecided["verdict"];
  /** What files have in common that stand in one group. */
  readonly title: Text;
  /** The answer of the command, and its table of all quantities. */
  readonly words: Text;
  readonly table: Text | undefined;
  /** The first line of a gradebook, and its row there. */
  readonly header: string;
  readonly row: Text;
  readonly firstWrong: WrongQuantity | undefined;
}

/** The first wrong quantity, as the program has it and as it should be. */
export interface WrongQuantity {
  readonly symbol: MatrixSymbol;
  readonly yours: IndexedImage | undefined;
  readonly right: IndexedImage;
}

/** What the worker does. */
export interface Diagnoser extends Functions {
  data(nothing: undefined): void;
  judge(file: StepBytes): Answer;
  recorder(language: Language): string;
}

/** Judges one file at a time. */
export function diagnoser(): Diagnoser {
  return { data: () => {}, judge, recorder };
}

function judge({ name, bytes, expected }: StepBytes): Answer {
  const found = withoutExpected(diagnosisOf(name, bytes), expected);
  const inBoth = (say: (language: Language) => string): Text => ({ en: say("en"), ja: say("ja") });
  const isJudged = !("reason" in found), first = isJudged ? found.firstWrong : undefined;
  return {
    ...{ name, verdict: found.verdict, header: CSV_HEADER },
    title: inBoth((language) => titleOf({ found }, language)),
    words: inBoth((language) =>
      // the table is below, where the command names an option
      describeDiagnosis(found, language, false).replace(/\n *--all .*$/, "")
    ),
    table: isJudged ? inBoth((language) => describeTable(found, language)) : undefined,
    row: inBoth((language) => toCsv({ file: name, found }, language)),
    firstWrong: first && {
      symbol: first.symbol,
      ...drawBoth(first.symbol, first.yours, first.right),
    },
  };
}

function diagnosisOf(name: string, bytes: Uint8Array): Diagnosis | Undecided {
  const other = otherFormat(name);
  if (other) return undecided(other);
  try {
    return diagnoseFile(readStepFile(bytes, {}));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return undecided({ en: reason, ja: reason });
  }
}

/** The most entries of a quantity that is drawn as a whole. */
const MAX_ENTRIES = 4096;

/**
 * Both as pictures in one scale of colours: the whole, or of a large quantity the row or column
 * with the greatest difference.
 */
function drawBoth(
  symbol: MatrixSymbol,
  yours: AnyMatrix | undefined,
  right: AnyMatrix,
): Pick<WrongQuantity, "yours" | "right"> {
  const { rows, columns, data } = right, isWhole = data.length <= MAX_ENTRIES;
  const row = isWhole || !yours ? 0 : Math.floor(greatestDifference(yours, right) / columns);
  const part = ({ data }: AnyMatrix) =>
    isWhole ? data : data.subarray(row * columns, (row + 1) * columns);
  const side = Math.sqrt(columns),
    isImage = QUANTITIES[symbol].axes[1] === "D" &&
      Number.isInteger(side) && (rows === 1 || !isWhole);
  const size = isImage
    ? { width: side, height: side }
    : { width: columns, height: isWhole ? rows : 1 };
  const scale = maxAbs(part(right));
  return {
    yours: yours && drawSigned(part(yours), size, scale),
    right: drawSigned(part(right), size, scale),
  };
}

function greatestDifference({ data: a }: AnyMatrix, { data: b }: AnyMatrix): number {
  let at = 0, most = -1;
  a.forEach((x, i) => {
    const difference = Math.abs(x - b[i]!);
    if (difference > most) [at, most] = [i, difference];
  });
  return at;
}
