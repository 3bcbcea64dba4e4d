// Errors that the page words itself, in the reader's language.
import { ThreadError } from "../../../simd/threads.ts";
import type { TextName, TextValues } from "../texts/texts.ts";

/** A text of the page and its values. */
interface TextWithValues {
  readonly text: TextName;
  readonly values?: TextValues | undefined;
}

/**
 * What the page says of an error: a text of its own in both languages, or an English message. It
 * can be sent between threads, which errors of this page cannot.
 */
export type ErrorWords = TextWithValues | string;

/** An error with a text of the page. Its message is the name of the text. */
export class PageError extends Error implements TextWithValues {
  /**
   * @param text the name of the text
   * @param values what its names in braces stand for
   */
  constructor(readonly text: TextName, readonly values?: TextValues) {
    super(text);
  }
}

/** What the page says of an error. */
export function wordsOf(error: unknown): ErrorWords {
  if (error instanceof PageError) return { text: error.text, values: error.values };
  if (error instanceof ThreadError) return { text: "thread.failed" };
  if (typeof WebAssembly === "undefined" || error instanceof WebAssembly.CompileError) {
    return { text: "error.simd" };
  }
  return error instanceof Error ? error.message : String(error);
}
