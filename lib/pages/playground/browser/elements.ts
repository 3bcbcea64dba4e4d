// Finding and creating elements of the page.
import type { ErrorWords } from "../../errors.ts";
import { language } from "./language.ts";

/**
 * The element with this id.
 *
 * @param id the element's id
 * @param type the class that the element must have: `HTMLCanvasElement`
 * @throws {Error} if the page has no such element
 */
export function byId<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`Cannot find ${type.name} "${id}" in the page`);
  return element;
}

/** Creates an element with attributes and children. */
export function createElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Shows an error message in a line of role alert, or hides the line. */
export function showError(line: HTMLElement, error: ErrorWords | undefined): void {
  line.hidden = error === undefined;
  line.textContent = typeof error === "object" ? error[language()] : error ?? "";
}
