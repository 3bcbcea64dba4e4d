// What an explanation of a quantity is, for the terminal, the page and docs/equations.md, and the
// form in which it is written.
import { t, type Text } from "../text/layout.ts";

/** The values of `--equation`, in the order of the report and of the step. */
export const EQUATION_NAMES = [
  ...["1", "2", "3", "affine", "sigmoid", "softmax", "cross-entropy", "sgd"] as const,
] as const;

export type EquationName = typeof EQUATION_NAMES[number];

/** One line of a derivation, in letters, and why it holds, unless it is plain algebra. */
export interface DerivationLine {
  readonly equation: string;
  readonly why: Text | undefined;
}

/** Words and derivation of one quantity. Its equation is in the table of the step. */
export interface Explanation {
  readonly title: Text;
  /** The meaning of the quantity, in one line. */
  readonly meaning: Text;
  /** The equations of the report that it belongs to. */
  readonly equations: readonly EquationName[];
  /** The equation as the report writes it, or the line of its program, and by which letters. */
  readonly report: {
    readonly equation: string;
    readonly isCode: boolean;
    readonly where: Text | undefined;
  };
  readonly derivation: readonly DerivationLine[];
  /** Remarks, such as the report's errors. */
  readonly remarks: readonly Text[];
}

/** The columns of a key in what {@linkcode explain} reads, with its indent. */
const KEY_COLUMNS = 10;

/**
 * Reads an explanation: lines of a key and `English | 日本語`. After `report` (an equation), `code`
 * (a line of the program) and `line` (of the derivation) an equation comes first, and words may
 * follow; `of` has the names of the report's equations. A line without a key continues another.
 */
export function explain(strings: TemplateStringsArray, ...parts: readonly string[]): Explanation {
  const text = String.raw({ raw: strings }, ...parts);
  const entries = text.split(/\n(?= {2}\S)/).slice(1).map((lines) => ({
    key: lines.slice(0, KEY_COLUMNS).trim(),
    // Japanese has no spaces; the indent of an equation aligns it with the one above
    fields: lines.slice(KEY_COLUMNS).replaceAll(/(?<=[、。])\n */g, "").replaceAll(/\n */g, " ")
      .split(/ +\| */),
  }));
  const all = (...keys: readonly string[]) => entries.filter(({ key }) => keys.includes(key));
  const words = ([en, ja]: readonly string[]) => en === undefined ? undefined : t(en, ja!);
  const [title, meaning] = [...all("title"), ...all("meaning")].map(({ fields }) => words(fields)!);
  const [{ key, fields: [theirs, ...where] }] = all("report", "code") as [typeof entries[0]];
  return {
    title: title!,
    meaning: meaning!,
    equations: all("of")[0]!.fields[0]!.split(" ") as EquationName[],
    report: { equation: theirs!, isCode: key === "code", where: words(where) },
    derivation: all("line").map(({ fields: [equation, ...why] }) => ({
      equation: equation!,
      why: words(why),
    })),
    remarks: all("remark").map(({ fields }) => words(fields)!),
  };
}
