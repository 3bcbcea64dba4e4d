/**
 * Texts with values.
 *
 * @module
 */

import type { Language, Text } from "./layout.ts";

/** Values for the names in braces. */
export type TextValues = Readonly<Record<string, string | number>>;

/**
 * A text in one language, with values for its names in braces. English words that end in `(s)` or
 * `(es)` get their plural by the value before them.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * const text = { en: "{count} more image(s)", ja: "ほか {count} 枚" };
 * strictEqual(fillText(text, "en", { count: 1 }), "1 more image");
 * strictEqual(fillText(text, "en", { count: 2 }), "2 more images");
 * strictEqual(fillText(text, "ja", { count: 2 }), "ほか 2 枚");
 * ```
 */
export function fillText(text: Text, language: Language, values: TextValues = {}): string {
  return text[language].replaceAll(/\{(\w+)\}(?:([ \w]+)\((e?s)\))?/g, (_, name, noun, ending) => {
    const value = `${values[name]}`;
    return noun === undefined ? value : `${value}${noun}${value === "1" ? "" : ending}`;
  });
}
