// The language of the page, and its texts: each stands in both languages where it is used. Errors
// that the page words itself are in both languages too; the library's are in English.
import type { Language, Text } from "../text/layout.ts";

let current: Language = "en";

export const language = (): Language => current;

/** Puts the texts that are rendered from now on into a language. */
export function useLanguage(language: Language): void {
  current = language;
}

/** A text in the page's language, or elements with texts. */
export const t = <T>(en: T, ja: T): T => current === "ja" ? ja : en;

/** What the page says of an error: words in both languages, or in English alone. */
export type ErrorWords = Text | string;

/** An error with words in both languages. */
export class PageError extends Error {
  constructor(readonly words: ErrorWords) {
    super(typeof words === "string" ? words : words.en);
  }
}

/** What the page says of an error; unlike the error, it can be sent between workers. */
export function wordsOf(error: unknown): ErrorWords {
  if (error instanceof PageError) return error.words;
  if (typeof WebAssembly === "undefined" || error instanceof WebAssembly.CompileError) {
    return {
      en: "Cannot train: this browser does not support WebAssembly SIMD",
      ja: "学習できない: このブラウザは WebAssembly SIMD に対応していない",
    };
  }
  return error instanceof Error ? error.message : String(error);
}
