// The language of the page.
import type { Language } from "../../../text/layout.ts";
import { textIn, textMarkup, type TextName, type TextValues } from "../texts/texts.ts";

let current: Language = "en";

/** The language that the page is in. */
export function language(): Language {
  return current;
}

/** A text in the page's language. */
export function say(name: TextName, values?: TextValues): string {
  return textIn(current, name, values);
}

/** A text with nodes, such as links, in the place of one of its names in braces. */
export function sayWith(
  text: TextName,
  name: string,
  nodes: readonly (Node | string)[],
  values: TextValues = {},
): (Node | string)[] {
  const place = `{${name}}`;
  const [before, after] = say(text, { ...values, [name]: place }).split(place);
  return [before!, ...nodes, after!];
}

/** Puts the texts and labels of the page into a language. */
export function setLanguage(language: Language): void {
  current = language;
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    const name = element.dataset.text as TextName;
    element.innerHTML = textMarkup(language, name, valuesOf(element)).text;
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    element.ariaLabel = say(element.dataset.label as TextName, valuesOf(element));
  }
}

/** Gives an element a text, which changes with the language from then on. */
export function setText(element: HTMLElement, name: TextName, values?: TextValues): void {
  element.removeAttribute("lang");
  element.dataset.text = name;
  if (values) element.dataset.values = JSON.stringify(values);
  element.innerHTML = textMarkup(current, name, values).text;
}

/** Gives an element a label, which changes with the language from then on. */
export function setLabel(element: HTMLElement, name: TextName, values?: TextValues): void {
  element.dataset.label = name;
  if (values) element.dataset.values = JSON.stringify(values);
  element.ariaLabel = say(name, values);
}

function valuesOf({ dataset: { values } }: HTMLElement): TextValues | undefined {
  return values === undefined ? undefined : JSON.parse(values);
}
