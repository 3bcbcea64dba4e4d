// Texts in two languages, with values and plurals, and how texts and tables are set on a terminal
// of 80 columns.

/** @internal The languages of the explanations. */
export type Language = "en" | "ja";

/** A text in both languages, on one line where both are short. */
export const t = (en: string, ja: string): Text => ({ en, ja });

/** @internal A text in both languages. */
export type Text = Readonly<Record<Language, string>>;

/** The columns that everything fits into: 80, or those of a narrower terminal. */
export let COLUMNS = 80;

/** Fits everything into so many columns, if these are fewer than 80; below 20 nothing fits. */
export function setColumns(columns: number): void {
  COLUMNS = Math.max(20, Math.min(80, columns));
}

/** A number of things as text: `1 image`, `5 images`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** Characters that must not begin a line of Japanese. */
const NO_START = /^[、。，．）」』・：；？！ー々〜ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ]/u;

/** Characters that must not end one. */
const NO_END = /[（「『]$/u;

/** Breaks a text into lines, at spaces, and in Japanese between any two characters. */
export function wrap(text: string, indent = 2, columns: number = COLUMNS): string {
  const room = columns - indent;
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text)) {
    if (width((line + piece).trimEnd()) > room && line !== "") {
      lines.push(line.trimEnd());
      line = "";
    }
    line += line === "" ? piece.trimStart() : piece;
  }
  lines.push(line.trimEnd());
  return lines.map((line) => " ".repeat(indent) + line).join("\n");
}

/** A short bracket, a word between spaces, a space, or one character of Japanese. */
const PIECE = /\([^()]{1,20}\)| |[^ \u3000-\u9fff\uff00-\uffef]+|[\u3000-\u9fff\uff00-\uffef]/gu;

/** The pieces between which a line may be broken. */
function pieces(text: string): string[] {
  const joined: string[] = [];
  for (const piece of text.match(PIECE) ?? []) {
    const last = joined.at(-1);
    if (last !== undefined && (NO_START.test(piece) || NO_END.test(last))) {
      joined[joined.length - 1] = last + piece;
    } else joined.push(piece);
  }
  return joined;
}

/** Blocks of lines side by side as far as the columns allow, then below. */
export function beside(blocks: readonly string[], indent = 2, gap = 4): string {
  const rows: string[][] = [];
  let used = Infinity;
  for (const block of blocks) {
    const wide = Math.max(...block.split("\n").map(width));
    if (used + gap + wide > COLUMNS) {
      rows.push([]);
      used = indent - gap;
    }
    rows.at(-1)!.push(block);
    used += gap + wide;
  }
  return rows.map((row) => joinColumns(row, indent, gap)).join("\n\n");
}

function joinColumns(blocks: readonly string[], indent: number, gap: number): string {
  const columns = blocks.map((block) => block.split("\n"));
  const height = Math.max(...columns.map((lines) => lines.length));
  const rows = Array.from({ length: height }, (_, i) => columns.map((lines) => lines[i] ?? ""));
  return table(rows, columns.length, { gap }).replaceAll(/^(?=.)/gm, " ".repeat(indent));
}

/** Columns on a terminal: East Asian characters take two, combining accents none. */
export function width(word: string): number {
  const wide =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\u30fb\u30fc\uff01-\uff60]/u;
  return [...word].reduce((sum, c) => sum + (/\p{Mn}/u.test(c) ? 0 : wide.test(c) ? 2 : 1), 0);
}

/** A text of at most so many columns: the middle of a longer one becomes "…". */
export function cutMiddle(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const characters = [...text], room = Math.max(0, columns - 1);
  const start = upTo(Math.ceil(room / 2), characters);
  const end = upTo(room - width(start), characters.toReversed());
  return `${start}…${[...end].toReversed().join("")}`;
}

/** The characters from the first that fit into so many columns. */
function upTo(columns: number, characters: readonly string[]): string {
  let taken = "", used = 0;
  for (const character of characters) {
    used += width(character);
    if (used > columns) break;
    taken += character;
  }
  return taken;
}

/** A line with a name, which is cut in the middle if it does not fit into the terminal. */
export function fitName(name: string, line: (name: string) => string): string {
  return line(cutMiddle(name, COLUMNS - width(line(""))));
}

/** Rows as a table, the first `left` columns aligned to the left, `cut` ones cut to fit. */
export function table(
  rows: readonly (readonly string[])[],
  left = 1,
  { cut = [], gap = 2 }: { readonly cut?: readonly number[]; readonly gap?: number } = {},
): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  let excess = widths.reduce((sum, one) => sum + one, gap * (widths.length - 1)) - COLUMNS;
  for (; cut.length > 0 && excess > 0; excess--) {
    const widest = cut.reduce((one, other) => widths[other]! >= widths[one]! ? other : one);
    widths[widest] = Math.max(1, widths[widest]! - 1);
  }
  const align = (word: string, column: number) => {
    const shown = cutMiddle(word, widths[column]!);
    const padding = " ".repeat(widths[column]! - width(shown));
    return column < left ? shown + padding : padding + shown;
  };
  return rows.map((row) => row.map(align).join(" ".repeat(gap)).trimEnd()).join("\n");
}

/** Whether every line of a text fits into the terminal. */
export function fits(text: string): boolean {
  return text.split("\n").every((line) => width(line) <= COLUMNS);
}

/** Values by their key, in the order in which the keys occur; Map.groupBy is missing in Node 20. */
export function groupBy<V>(values: readonly V[], keyOf: (value: V) => string): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const value of values) {
    const key = keyOf(value), group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
