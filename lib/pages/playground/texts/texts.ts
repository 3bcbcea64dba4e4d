// All texts of the playground, in English and Japanese, and how they become markup.
import { Markup, markup } from "../../../charts/html.ts";
import { fillText, type Language, type TextValues } from "../../../text/layout.ts";
import { DRAW_TEXTS } from "./draw_texts.ts";
import { ERROR_TEXTS } from "./error_texts.ts";
import { FRAME_TEXTS } from "./frame_texts.ts";
import { STEP_TEXTS } from "./step_texts.ts";
import { TRAIN_TEXTS } from "./train_texts.ts";

/** The texts by their names. */
export const TEXTS = {
  ...FRAME_TEXTS,
  ...DRAW_TEXTS,
  ...STEP_TEXTS,
  ...TRAIN_TEXTS,
  ...ERROR_TEXTS,
};

/** The name of a text. */
export type TextName = keyof typeof TEXTS;

export type { TextValues };

/**
 * A text in one language.
 *
 * @param values what its names in braces, such as `{count}`, stand for
 */
export function textIn(language: Language, name: TextName, values?: TextValues): string {
  return fillText(TEXTS[name], language, values);
}

/** The text as markup: keys are in square brackets, commands in backticks. */
export function textMarkup(language: Language, name: TextName, values?: TextValues): Markup {
  return new Markup(
    markup`${textIn(language, name, values)}`.text
      .replaceAll(/\[([^\]]+)\]/g, "<kbd>$1</kbd>")
      .replaceAll(/`([^`]+)`/g, "<code>$1</code>"),
  );
}

/** An element whose text the page's script puts into the reader's language; English before. */
export function text(name: TextName, values?: TextValues): Markup {
  const given = values && markup` data-values="${JSON.stringify(values)}"`;
  return markup`<span data-text="${name}"${given}>${textMarkup("en", name, values)}</span>`;
}

/** Attributes that label an element; the script puts the label into the reader's language. */
export function label(name: TextName, values?: TextValues): Markup {
  const given = values && markup` data-values="${JSON.stringify(values)}"`;
  return markup` aria-label="${textIn("en", name, values)}" data-label="${name}"${given}`;
}
