/**
 * The width of text on a terminal.
 *
 * @module
 */

/**
 * How many columns of a terminal a word takes: East Asian characters take two, accents of their own
 * none.
 */
export function width(word: string): number {
  const wide =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\u30fb\u30fc\uff01-\uff60]/u;
  return [...word].reduce((sum, c) => sum + (/\p{Mn}/u.test(c) ? 0 : wide.test(c) ? 2 : 1), 0);
}
