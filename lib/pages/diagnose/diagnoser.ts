// The part of the worker that judges recorded steps: nothing of them is sent anywhere.
import { drawSigned } from "../../charts/weights.ts";
import {
  CSV_HEADER,
  describeDiagnosis,
  describeTable,
  diagnoseFile,
  titleOf,
  toCsv,
  unreadable,
} from "../../diagnose/describe.ts";
import type { JudgedQuantity } from "../../diagnose/judge.ts";
import { recorder } from "../../diagnose/recorder.ts";
import type { AnyMatrix } from "../../math/matrix.ts";
import { maxAbs } from "../../math/max_abs.ts";
import { QUANTITIES } from "../../network/step.ts";
import { type Language, t } from "../../text/layout.ts";

/** The most entries of a quantity that is drawn as a whole. */
const MAX_ENTRIES = 4096;

/** What the part does: judges one file at a time, and makes the recorder. */
export const diagnoser = { data: () => {}, judge, recorder };

/** What the command says of a file, in both languages, and pictures of the first wrong quantity. */
export type Answer = ReturnType<typeof judge>;

/** `expected` is what the course does otherwise, as of `diagnose --expect`. */
function judge(
  { name, bytes, expected }: { name: string; bytes: Uint8Array; expected: readonly string[] },
) {
  const found = diagnosisOf(name, bytes, expected);
  const inBoth = (say: (language: Language) => string) => t(say("en"), say("ja"));
  const judged = "reason" in found ? undefined : found;
  return {
    ...{ name, verdict: found.verdict, header: CSV_HEADER },
    title: inBoth((language) => titleOf(found, language)),
    // the table is below, where the command names an option
    words: inBoth((lang) => describeDiagnosis(found, lang, false).replace(/\n *--all .*$/, "")),
    table: judged && inBoth((language) => describeTable(judged, language)),
    row: inBoth((language) => toCsv({ file: name, found }, language)),
    firstWrong: judged?.firstWrong && drawBoth(judged.firstWrong),
  };
}

function diagnosisOf(name: string, bytes: Uint8Array, expect: readonly string[]) {
  try {
    return diagnoseFile(name, () => bytes, { expect });
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
}

/**
 * A quantity as the program has it and as it should be, in one scale of colours: the whole, or of a
 * large one the row with the greatest difference.
 */
function drawBoth({ symbol, yours, right }: JudgedQuantity) {
  const { rows, columns, data } = right, isWhole = data.length <= MAX_ENTRIES;
  const difference = (i: number) => yours ? Math.abs(yours.data[i]! - data[i]!) : 0;
  const most = data.reduce((at, _, i) => difference(i) > difference(at) ? i : at, 0);
  const first = isWhole ? 0 : most - most % columns;
  const part = ({ data }: AnyMatrix) => data.subarray(first, isWhole ? undefined : first + columns);
  const side = Math.sqrt(columns), height = isWhole ? rows : 1;
  const isImage = QUANTITIES[symbol].axes[1] === "D" && height === 1 && Number.isInteger(side);
  const size = isImage ? { width: side, height: side } : { width: columns, height };
  const draw = (matrix: AnyMatrix) => drawSigned(part(matrix), size, maxAbs(part(right)));
  return { symbol, yours: yours && draw(yours), right: draw(right) };
}
