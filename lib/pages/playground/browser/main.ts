// The page's script: shows the view that the address names, and classifies the drawing at every
// change.
import { type AnyParameters, classify, type GreyImage, readParameters } from "../../../../mod.ts";
import { weightScale } from "../../../charts/weights.ts";
import { readDataset } from "../dataset_npz.ts";
import { h, hydrate, render } from "preact";
import { formatState, INITIAL_STATE, type PageState } from "../page_state.ts";
import { language, useLanguage } from "../../texts.ts";
import type { ViewProps } from "../../view.ts";
import { VIEW_COMPONENTS } from "../../views.ts";
import { Address } from "./address.ts";
import { Announcer } from "./announcer.ts";
import { Drawing, type ShownImage } from "./drawing.ts";
import { DrawingCanvas } from "./drawing_canvas.ts";
import { byId, nextTask, showError } from "./elements.ts";
import { ExampleGallery } from "./example_gallery.ts";
import { HiddenUnitsView, type ScaledParameters } from "./hidden_units_view.ts";
import { browserLanguage, say, setLanguage } from "./language.ts";
import type { InputMethod } from "./list_box.ts";
import { dataBlock, imageCounts } from "./page_data.ts";
import { wordsOf } from "./page_error.ts";
import { paint } from "./paint.ts";
import { ResultView } from "./result_view.ts";
import { initialParameters } from "../step/step_sequence.ts";
import { type TrainedParameters, TrainingView } from "./training_view.ts";
import { showView } from "./views.ts";

/** Milliseconds of a task that classifies examples. */
const ANSWERS_MS = 8;

addEventListener("error", ({ error, message }) => showPageError(error ?? message));
addEventListener("unhandledrejection", ({ reason }) => showPageError(reason));

const address = new Address(show);
setLanguage(address.state.language ?? browserLanguage());
showView(address.state.view, address);
await nextTask();
const givenParameters = readParameters(dataBlock("parameters"));
await nextTask();
const original = scaled(givenParameters);
const { name: fileName } = byId("parameters-name", HTMLElement).dataset;
await nextTask();
const examples = readDataset(dataBlock("examples"));
await nextTask();

/** The views whose first HTML has been made interactive. */
const hydrated = new Set<HTMLElement>();
/** The network trained on this page, if there is one. */
let trained: TrainedParameters | undefined;
/** The network drawn with a seed, and the seed. */
let drawn: (ScaledParameters & { readonly seed: number }) | undefined;
let network = networkOf(address.state);
let frameRequested = false;
/** The number of networks whose answers to the examples have been asked for. */
let answerTurn = 0;
const drawing = new Drawing(examples.size);
const resultView = new ResultView(examples.size);
const announcer = new Announcer(byId("announcements", HTMLElement));
const hiddenUnitsView = new HiddenUnitsView(examples.size, network);
const canvas = byId("drawing-canvas", HTMLCanvasElement);
const drawingCanvas = new DrawingCanvas(canvas, byId("pen", HTMLElement), drawing, {
  onChange,
  onPenMove: () => announcer.announceWhenIdle("pen", () => drawingCanvas.penPosition),
  onPenChange: (text) => announcer.announce(text),
});
await nextTask();
const gallery = new ExampleGallery(examples, onSelect);
const counts = imageCounts();
const training = counts && new TrainingView({
  classes: original.parameters.W2.rows,
  examples: examples.count,
  counts,
  onStart: () => {
    if (address.state.seed !== undefined) address.change({ seed: undefined });
  },
  onNetwork: useTrained,
  onLink: (trained) => {
    if (JSON.stringify(trained) !== JSON.stringify(address.state.trained)) {
      address.change({ trained });
    }
  },
});
await nextTask();

byId("undo", HTMLButtonElement).onclick = () => drawingCanvas.undo();
byId("clear", HTMLButtonElement).onclick = () => drawingCanvas.clear();
byId("example", HTMLButtonElement).onclick = () => {
  announcer.announceWhenIdle("example", () => byId("caption", HTMLElement).innerText);
  gallery.selectNext();
};
for (const button of document.querySelectorAll<HTMLElement>("[data-language]")) {
  const language = button.dataset.language as "en" | "ja";
  button.onclick = () => address.change({ language });
}
addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey &&
    event.key.toLowerCase() === "z";
  if (!isUndo || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  drawingCanvas.undo();
});
hiddenUnitsView.showsWeights = address.state.view === "train";
useNetwork();
showInput(address.state);
await nextTask();
draw();
await nextTask();
if (address.state.trained) {
  if (training) training.open(address.state.trained);
  else showError(byId("error", HTMLElement), { text: "link.cannotTrain" });
}
showComponent(address.state);
document.documentElement.classList.remove("starting");

/** Shows what the address says after a change. */
function show(state: PageState, before: PageState): void {
  if (state.language !== before.language) {
    setLanguage(state.language ?? browserLanguage());
    useNetwork();
    training?.setLanguage();
  }
  showView(state.view, address);
  if (state.view !== before.view) requestDraw(); // the words where nothing is drawn
  hiddenUnitsView.showsWeights = state.view === "train";
  if (training && !training.shows(state.trained)) training.open(state.trained);
  if (networkOf(state) !== network) useNetwork();
  const isShown = state.example === drawing.shown?.index &&
    sameBytes(state.drawing, drawnPixels());
  if (!isShown) showInput(state);
  showComponent(state);
}

/** Renders the view if it is a component. */
function showComponent(state: PageState): void {
  for (const root of hydrated) if (root.id !== state.view) render(null, root);
  const component = VIEW_COMPONENTS[state.view];
  if (component === undefined) return;
  if (state.view !== "break") training?.hold(); // a step is one of a network that stays the same
  const root = byId(state.view, HTMLElement), props = viewProps(state);
  useLanguage(state.language ?? browserLanguage());
  if (!hydrated.has(root)) {
    // the server has rendered the first state in English; what differs from it is rendered anew
    const isSame = formatState(state) === formatState(INITIAL_STATE) && language() === "en";
    if (isSame) hydrate(h(component, props), root);
    else root.replaceChildren();
    hydrated.add(root);
  }
  render(h(component, props), root);
}

function viewProps(state: PageState): ViewProps {
  const { parameters } = network;
  const origin = network === drawn ? "initial" : trained ? "trained" : "page";
  return {
    state,
    examples,
    network: {
      ...{ parameters, origin },
      file: trained ? undefined : fileName,
      name: network === drawn ? say("settings.initial", { seed: drawn.seed }) : networkName(),
    },
    change: (changes) => address.change(changes),
    follow: (changes) => address.follow(changes),
    link: (changes) => address.link(changes),
  };
}

/** Puts the example or drawing of the address into the drawing area. */
function showInput({ example, drawing: pixels }: PageState): void {
  if (example !== undefined && example < examples.count) drawing.show(gallery.example(example));
  else if (pixels?.length === examples.inputs) {
    drawing.show({ image: { ...examples.size, pixels } });
  } else drawing.clear();
  requestDraw();
}

/** The drawing as the network takes it, unless it is an example or empty. */
function drawnPixels(): Uint8Array<ArrayBuffer> | undefined {
  const { shown, networkInput } = drawing;
  return shown?.index === undefined && networkInput
    ? new Uint8Array(networkInput.pixels)
    : undefined;
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || a?.length === b?.length && (a?.every((byte, i) => byte === b![i]) ?? false);
}

function onSelect(example: ShownImage, by: InputMethod): void {
  drawing.show(example);
  onChange();
  // on a phone the canvas may be above the window; the arrow keys move on to other examples
  const isAbove = canvas.getBoundingClientRect().bottom < 0;
  if (isAbove && by === "pointer") byId("columns", HTMLElement).scrollIntoView();
}

function onChange(): void {
  requestDraw();
  announceResultWhenIdle();
  requestAnimationFrame(() => {
    address.change({ example: drawing.shown?.index, drawing: drawnPixels() });
  });
}

function announceResultWhenIdle(): void {
  announcer.announceWhenIdle("result", () => resultView.summary);
}

/** Uses trained parameters, or the original ones again. */
function useTrained(parameters: TrainedParameters | undefined): void {
  trained = parameters;
  useNetwork();
  showComponent(address.state);
  if (!trained) announceResultWhenIdle(); // during training it changes too often
}

/** The network that a state names; only Why and Step have one drawn with a seed. */
function networkOf({ view, seed }: PageState): ScaledParameters {
  if (view !== "step" && view !== "why" || seed === undefined) return trained ?? original;
  if (drawn?.seed === seed) return drawn;
  const classes = original.parameters.W2.rows;
  drawn = { ...scaled(initialParameters(seed, examples.inputs, classes)), seed };
  return drawn;
}

/** The name of the page's network, whether it is in use or not. */
function networkName(): string {
  return trained ? say("network.trained") : fileName ?? say("network.report");
}

/** The name of the page's network, and whether a link and a reload lose it. */
function linkedName(): string {
  const name = networkName();
  if (trained) return training?.link ? name : say("network.unsaved", { name });
  return fileName ? say("network.unlinked", { name }) : name;
}

/** Uses the network that the address names. */
function useNetwork(): void {
  network = networkOf(address.state);
  hiddenUnitsView.setParameters(network);
  byId("parameters-name", HTMLElement).textContent = network === drawn
    ? say("settings.initial", { seed: drawn.seed })
    : linkedName();
  showAnswers(network);
  requestDraw();
}

/** Marks the examples that a network gets wrong, some tasks later unless its answers are known. */
async function showAnswers(network: ScaledParameters | TrainedParameters): Promise<void> {
  const turn = ++answerTurn, answers = new Uint8Array(examples.count);
  const isLatest = async () => {
    await nextTask();
    return turn === answerTurn; // else another network is in use
  };
  if (!await isLatest()) return;
  if ("answers" in network) return gallery.showAnswers(network.answers);
  for (let index = 0, end = 0; index < answers.length; index++) {
    if (performance.now() > end) {
      if (!await isLatest()) return;
      end = performance.now() + ANSWERS_MS;
    }
    answers[index] = classify(network.parameters, examples.image(index)).class;
  }
  if (await isLatest()) gallery.showAnswers(answers);
}

/** Draws at the next frame, once for all changes until then. */
function requestDraw(): void {
  if (frameRequested) return;
  frameRequested = true;
  requestAnimationFrame(() => {
    frameRequested = false;
    draw();
  });
}

function draw(): void {
  const { networkInput, shown, image } = drawing;
  const { parameters } = network;
  const result = networkInput && classify(parameters, networkInput);
  paint(canvas, image);
  resultView.show(
    parameters.W2.rows,
    networkInput,
    result,
    shown?.label,
    address.state.view === "draw",
  );
  hiddenUnitsView.show(result?.activations);
  gallery.select(shown?.index);
  byId("caption", HTMLElement).textContent = caption(shown, networkInput);
}

function caption(shown: ShownImage | undefined, input: GreyImage | undefined): string {
  if (shown?.index !== undefined) {
    return say("caption.example", { index: shown.index, label: shown.label! });
  }
  return say(input ? "caption.drawing" : "caption.empty");
}

function scaled(parameters: AnyParameters): ScaledParameters {
  const { W1 } = parameters;
  return { parameters, weightScale: weightScale(W1, W1.rows) };
}

/** Shows an error at the top of the page. */
function showPageError(error: unknown): void {
  document.documentElement.classList.remove("starting");
  showError(byId("error", HTMLElement), wordsOf(error));
}
