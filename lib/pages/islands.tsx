// The view Break, which is no component yet: its elements are in the HTML, and are put into the page
// when it is first shown; its class is called after each change.
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Address } from "./playground/browser/address.ts";
import { BreakView } from "./playground/browser/break_view.ts";
import { setLanguage } from "./playground/browser/language.ts";
import type { PageProps } from "./store.ts";
import { language } from "./texts.ts";

/** The view, hidden while another one is shown. */
export function BreakIsland(props: PageProps): JSX.Element {
  const { state, counts, change, follow, link } = props, isShown = state.view === "break";
  const wasShown = useRef(false), view = useRef<BreakView | undefined>(undefined);
  const address = useRef<Address>({ state, change, follow, link }).current;
  wasShown.current ||= isShown;
  address.state = state;
  const html = useMemo(
    () => wasShown.current ? document.getElementById("break-html")!.innerHTML : "",
    [wasShown.current],
  );
  useEffect(() => {
    if (html === "") return;
    setLanguage(language());
    if (!counts) return;
    view.current ??= new BreakView(address);
    if (isShown) view.current.show(state);
    else view.current.leave();
  });
  return <div hidden={!isShown} dangerouslySetInnerHTML={{ __html: html }} />;
}
