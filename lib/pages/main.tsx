/** @jsxImportSource preact */
// The page's script: shows the state of the address with the network and the images of the page.
import { render } from "preact";
import { useReducer } from "preact/hooks";
import { App } from "./app.tsx";
import { block, blockImages, blockParameters } from "./page_data.ts";
import { createStore } from "./store.ts";

const root = document.getElementById("page")!;
/** Shows an error: before the page has started, in the place of it. */
let fail = (error: unknown): void => {
  document.documentElement.classList.remove("starting");
  root.textContent = String(error);
};
addEventListener("error", ({ error, message }) => fail(error ?? message));
addEventListener("unhandledrejection", ({ reason }) => fail(reason));

/** Lets the browser show the page before the next part of a long job. */
const nextTask = () => new Promise((resolve) => setTimeout(resolve));
const parameters = blockParameters(block("parameters"));
await nextTask();
const examples = blockImages(block("examples"));
await nextTask();
const store = createStore({ parameters, examples, ...JSON.parse(root.dataset.contents!) });
let renderAgain = () => {};
store.connect(() => renderAgain());

function Page() {
  const [, update] = useReducer((count: number) => count + 1, 0);
  renderAgain = () => update(undefined);
  return <App {...store.props()} />;
}

root.replaceChildren();
render(<Page />, root);
document.documentElement.classList.remove("starting");
fail = store.fail;
