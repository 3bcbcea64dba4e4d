// The language of the page, and its texts: each stands in both languages where it is used.
import type { Language } from "../text/layout.ts";

let current: Language = "en";

export const language = (): Language => current;

/** Puts the texts that are rendered from now on into a language. */
export function useLanguage(language: Language): void {
  current = language;
}

/** A text in the page's language, or elements with texts. */
export const t = <T>(en: T, ja: T): T => current === "ja" ? ja : en;
