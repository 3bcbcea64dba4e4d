// A diagnosis as text for a terminal, in English and Japanese.
import { type ComputedSymbol, QUANTITIES, type StepSymbol } from "../network/step.ts";
import { oneLine } from "../text/escape.ts";
import { table, type Text, width, wrap } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import { digitsOf } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import { causeWords, factorName, formatTerms } from "./cause_words.ts";
import type { Diagnosis, Undecided } from "./diagnose.ts";
import type { JudgedQuantity } from "./judge.ts";
import type { Precision } from "./dump.ts";

/**
 * A diagnosis as text: a line on the step, a row for each quantity, and the first that is wrong as
 * the last line, which begins with `First wrong:` or `最初の誤り:`.
 *
 * All lines but the last fit into 80 columns. What comes from the file is escaped.
 *
 * @param language `en` or `ja`
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
  language: "en" | "ja",
): string {
  if (diagnosis.verdict === "undecided") {
    const reason = oneLine(diagnosis.reason[language]);
    return language === "en" ? `Cannot be judged: ${reason}` : `判定できない: ${reason}`;
  }
  return [
    wrap(header(diagnosis)[language], 0),
    rows(diagnosis, language),
    ...remarks(diagnosis).map((text) => wrap(text[language], 0)),
    lastLine(diagnosis)[language],
  ].join("\n");
}

/** The sizes, the precision and the learning rate. */
function header({ sizes: { D, M, K, B }, precision, learningRate }: Diagnosis): Text {
  const network = `${D}-${M}-${K}`;
  const numbers = precision === "float64" ? { en: precision, ja: precision } : {
    en: `${precision} (${DIGITS[precision]} digits)`,
    ja: `${precision}（${DIGITS[precision]} 桁）`,
  };
  const rate = learningRate && significantDigits(learningRate.value, 6);
  return {
    en: `${network}, a batch of ${B}, ${numbers.en}` +
      (rate
        ? `; learning rate ${rate}${learningRate.inferred ? ", found from the update" : ""}`
        : ""),
    ja: `${network}、バッチサイズ ${B}、${numbers.ja}` +
      (rate ? `、学習率 ${rate}${learningRate.inferred ? "（更新量から推定）" : ""}` : ""),
  };
}

function rows({ quantities }: Diagnosis, language: "en" | "ja"): string {
  const left = quantities.map(({ symbol, name, status }) => [
    STATUSES[status][language],
    nameOf(symbol, name),
  ]);
  const starts = table(left.map((row) => [...row, "|"]), 3).split("\n")
    .map((line) => line.slice(0, -1));
  const indent = " ".repeat(width(starts[0]!));
  return quantities.flatMap((quantity, i) => {
    const [first, ...more] = remarksOf(quantity).map((text) => text[language]);
    const lines = [first!, ...more].flatMap((text) => wrap(text, indent.length).split("\n"));
    return [starts[i]! + lines[0]!.trimStart(), ...lines.slice(1)];
  }).join("\n");
}

/** Columns of a name in the table. */
const MAX_NAME = 24;

const STATUSES: Readonly<Record<JudgedQuantity["status"], Text>> = {
  ok: { en: "ok", ja: "正しい" },
  wrong: { en: "WRONG", ja: "誤り" },
  follows: { en: "follows", ja: "波及" },
};

/** The project's symbol, and the name in the file where it is another: `dW1 (delta_W1)`. */
function nameOf(symbol: StepSymbol, name: string): string {
  return symbol === name ? symbol : `${symbol} (${shorten(name)})`;
}

/** A name from a file, escaped and cut for the table. */
function shorten(name: string): string {
  const characters = [...oneLine(name)];
  if (characters.length <= MAX_NAME) return characters.join("");
  return [...characters.slice(0, MAX_NAME - 1), "…"].join("");
}

/** What is said of a quantity: how it compares with its equation, and why it is wrong. */
function remarksOf(quantity: JudgedQuantity): Text[] {
  const { symbol, status, causes } = quantity;
  const comparison = compared(quantity);
  if (status !== "wrong") return [comparison];
  const shown = causes.slice(0, MAX_CAUSES);
  const more = causes.length - shown.length;
  return [
    comparison,
    ...shown.map((cause, i): Text => {
      const { en, ja } = explained(cause, symbol);
      return i === 0 ? { en, ja } : { en: `or: ${en}`, ja: `または: ${ja}` };
    }),
    ...more > 0 ? [{ en: `or: ${more} more`, ja: `または: ほか ${more} 件` }] : [],
  ];
}

/** Causes that are shown of those that fit equally well. */
const MAX_CAUSES = 4;

/** How a quantity compares with its equation. */
function compared({ symbol, status, error, ...more }: JudgedQuantity): Text {
  const { factor, followsFrom, formula = formulaOf(symbol) } = more;
  if (status === "wrong") {
    if (!Number.isFinite(error)) return { en: `is not ${formula}`, ja: `${formula} ではない` };
    const by = error.toExponential(1);
    return {
      en: `differs from ${formula} by ${by} of its largest entry`,
      ja: `${formula} との差が最大の要素の ${by} 倍`,
    };
  }
  if (factor !== undefined) {
    return {
      en: `is ${factor.name} times ${formula}, which the program makes up for later`,
      ja: `${formula} の ${factor.name} 倍だが、後の計算で正しい値になっている`,
    };
  }
  const equals = inDigits(formula, error);
  if (status === "follows") {
    const from = followsFrom.join(", ");
    return {
      en: `${equals.en}, with the wrong ${from}`,
      ja: `${equals.ja}（誤った ${from} による）`,
    };
  }
  return more.agrees ? equals : {
    en: `is right, though ${followsFrom.join(", ")} is wrong`,
    ja: `値は正しい（${followsFrom.join("、")} は誤り）`,
  };
}

function inDigits(formula: string, error: number): Text {
  if (error === 0) return { en: `equals ${formula} exactly`, ja: `${formula} と完全に一致` };
  if (!Number.isFinite(error)) {
    return { en: `equals ${formula} but for rounding`, ja: `丸めを除いて ${formula} と一致` };
  }
  const digits = digitsOf(error).toFixed(1);
  return { en: `equals ${formula} in ${digits} digits`, ja: `${formula} と ${digits} 桁一致` };
}

/** The right-hand side of a quantity's equation. */
function formulaOf(symbol: ComputedSymbol): string {
  return rightHandSide(QUANTITIES[symbol].equation);
}

function rightHandSide(equation: string): string {
  return equation.slice(equation.indexOf(" = ") + " = ".length);
}

/** A cause with the equation that it gives, and to how many digits that fits. */
function explained(cause: Cause, symbol: ComputedSymbol): Text {
  const words = causeWords(cause, symbol), fit = fitOf(cause, symbol);
  if (fit === undefined) return words;
  // of these, the words are more than the equation
  return cause.kind === "mistakes" || cause.kind === "factor"
    ? { en: `${fit.en}: ${words.en}`, ja: `${fit.ja}: ${words.ja}` }
    : fit;
}

function fitOf(cause: Cause, symbol: ComputedSymbol): Text | undefined {
  switch (cause.kind) {
    case "mistakes": {
      const { mistakes, factor, error } = cause, [mistake] = mistakes;
      if (mistakes.length === 1 && factor === undefined && mistake!.quantity === symbol) {
        return inDigits(rightHandSide(mistake!.equation), error);
      }
      const equations = mistakes.map(({ equation }) => equation).join(", ");
      const digits = digitsOf(error).toFixed(1);
      return error === 0
        ? { en: `fits exactly with ${equations}`, ja: `${equations} とすると完全に一致` }
        : {
          en: `fits in ${digits} digits with ${equations}`,
          ja: `${equations} とすると ${digits} 桁一致`,
        };
    }
    case "factor": {
      const { value } = cause.factor;
      return value === 0
        ? undefined
        : inDigits(`${factorName(cause.factor)} (${formulaOf(symbol)})`, cause.error);
    }
    case "combination":
      return inDigits(formatTerms(cause.terms), cause.error);
    case "other quantity":
      return inDigits(cause.symbol, cause.error);
    case "other equation": {
      const { formula, factor, error } = cause;
      return inDigits(factor ? `${factorName(factor)} (${formula})` : formula, error);
    }
    default:
      return undefined;
  }
}

/** The decimal digits of the numbers. */
const DIGITS: Readonly<Record<Precision, number>> = { float64: 16, float32: 7, float16: 3 };

/** What else is to be said of the file. */
function remarks(diagnosis: Diagnosis): Text[] {
  const { precision, quantities, pixelsAreBytes, unused, otherReadings } = diagnosis;
  const lower = quantities.filter((one) => DIGITS[one.precision] < DIGITS[precision]);
  const list = [...unused.slice(0, 8).map(shorten), ...unused.length > 8 ? ["…"] : []];
  return [
    ...lower.map(({ symbol, name, precision }) => {
      const quantity = nameOf(symbol, name), digits = DIGITS[precision];
      return {
        en: `${quantity} is recorded in ${precision}, which has ${digits} digits`,
        ja: `${quantity} は ${precision} で記録されていて、${digits} 桁しかない`,
      };
    }),
    ...pixelsAreBytes
      ? [{
        en: "X holds pixels up to 255, which the report divides by 255",
        ja: "X の画素値が 255 で割られていない（レポートでは 255 で割る）",
      }]
      : [],
    ...unused.length > 0
      ? [{ en: `Not used: ${list.join(", ")}`, ja: `使わなかった配列: ${list.join("、")}` }]
      : [],
    ...otherReadings.map(({ symbol, name }) => ({
      en: `Another reading of the arrays fits as well: by that, the first wrong is ${
        nameOf(symbol, name)
      }`,
      ja: `配列には同じくらい合う別の読み方があり、その場合の最初の誤りは ${
        nameOf(symbol, name)
      } である`,
    })),
  ];
}

/** The verdict. */
function lastLine({ firstWrong, quantities }: Diagnosis): Text {
  if (firstWrong === undefined) {
    const count = quantities.length;
    return {
      en: count === 1 ? "The quantity is right." : `All ${count} quantities are right.`,
      ja: count === 1 ? "この量は正しい。" : `${count} 個の量はすべて正しい。`,
    };
  }
  const { symbol, name, causes } = firstWrong;
  const shown = causes.slice(0, 2).map((cause) => causeWords(cause, symbol));
  const quantity = nameOf(symbol, name);
  const more = causes.length > 2;
  return {
    en: `First wrong: ${quantity}: ${shown.map(({ en }) => en).join("; or ")}${
      more ? "; or …" : ""
    }.`,
    ja: `最初の誤り: ${quantity}: ${shown.map(({ ja }) => ja).join("。または、")}${
      more ? "。または…" : ""
    }。`,
  };
}
