/// <reference lib="dom" />
/**
 * Finds and makes the page's elements.
 *
 * @module
 */

/**
 * The element with this id.
 *
 * @param kind what it must be: `HTMLCanvasElement`
 * @throws {Error} if the page has none
 */
export function find<E extends HTMLElement>(id: string, kind: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`Cannot find ${kind.name} "${id}" in the page`);
  return element;
}

/** Makes an element with attributes and what it holds. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
