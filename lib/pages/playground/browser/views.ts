// The views of the page, of which one is visible, and the links that choose it.
import type { ViewName } from "../page_state.ts";
import type { Address } from "./address.ts";
import { byId } from "./elements.ts";
import { say } from "./language.ts";

/** Shows the elements of a view, and links to the others from what is shown. */
export function showView(view: ViewName, address: Address): void {
  byId("main", HTMLElement).dataset.view = view;
  for (const element of document.querySelectorAll<HTMLElement>("[data-views]")) {
    element.hidden = !element.dataset.views!.split(" ").includes(view);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-view]")) {
    const name = link.dataset.view as ViewName;
    link.href = address.link({ view: name });
    if (name === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${say(`view.${view}`)} · sanso`;
}
