/** @jsxImportSource preact */
// The page's script: shows the state of the address with the network and the images of the page.
import { hydrate, render } from "preact";
import { App, viewName } from "./app.tsx";
import { blockImages, blockParameters } from "./blocks.ts";
import { block } from "./page_data.ts";
import { formatState, INITIAL_STATE } from "./state.ts";
import { Store } from "./store.ts";

const root = document.getElementById("page")!;
const { name, trainImages, testImages } = root.dataset;

addEventListener("error", ({ error, message }) => fail(error ?? message));
addEventListener("unhandledrejection", ({ reason }) => fail(reason));

const parameters = blockParameters(block("parameters"));
await nextTask();
const examples = blockImages(block("examples"));
await nextTask();
const counts = trainImages === undefined
  ? undefined
  : { train: Number(trainImages), test: Number(testImages) };
const rules = JSON.parse(new TextDecoder().decode(block("rules-json").bytes));
const store = new Store({ parameters, name, examples, counts, rules });
let hasStarted = false;
store.connect(() => {
  const { props, language } = store, { view } = props.state;
  document.documentElement.lang = language;
  document.title = `${viewName(view)} · sanso`;
  // the page's HTML is that of the state at first, in English
  const isAtFirst = formatState(props.state) === formatState(INITIAL_STATE) && language === "en";
  if (!hasStarted && !isAtFirst) root.replaceChildren();
  (!hasStarted && isAtFirst ? hydrate : render)(<App {...props} />, root);
  hasStarted = true;
});
document.documentElement.classList.remove("starting");

/** Shows an error at the top of the page; one of before it has started, in the place of it. */
function fail(error: unknown): void {
  document.documentElement.classList.remove("starting");
  if (hasStarted) store.fail(error);
  else root.textContent = String(error);
}

/** Lets the browser show the page before the next part of a long job. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
