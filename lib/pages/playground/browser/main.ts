/// <reference lib="dom" />
/**
 * The page's script: classifies the drawing at every change.
 *
 * @module
 */

import { type AnyParameters, classify, readParameters } from "../../../../mod.ts";
import { weightScale } from "../../../charts/weights.ts";
import { fromBase64 } from "../../../formats/base64.ts";
import { readDataset } from "../dataset_npz.ts";
import { Announcer } from "./announcer.ts";
import { Drawing, type Example } from "./drawing.ts";
import { DrawingCanvas } from "./drawing_canvas.ts";
import { byId, showError } from "./elements.ts";
import { ExampleGallery } from "./example_gallery.ts";
import { HiddenUnitsView, type ScaledParameters } from "./hidden_units_view.ts";
import type { InputMethod } from "./list_box.ts";
import { paint } from "./paint.ts";
import { ResultView } from "./result_view.ts";
import { TrainingView } from "./training_view.ts";

addEventListener("error", ({ error, message }) => showPageError(error ?? message));
addEventListener("unhandledrejection", ({ reason }) => showPageError(reason));

const original = scaled(readParameters(dataBlock("parameters")));
const originalName = byId("parameters-name", HTMLElement).textContent;
const examples = readDataset(dataBlock("examples"));
let { parameters } = original;
let frameRequested = false;

const drawing = new Drawing(examples.size);
const resultView = new ResultView(examples.size);
const announcer = new Announcer(byId("announcements", HTMLElement));
const hiddenUnitsView = new HiddenUnitsView(examples.size, original);
const gallery = new ExampleGallery(examples, show);
const canvas = byId("drawing-canvas", HTMLCanvasElement);
const drawingCanvas = new DrawingCanvas(canvas, byId("pen", HTMLElement), drawing, {
  onChange,
  onPenMove: () => announcer.announceWhenIdle("pen", () => drawingCanvas.penPosition),
  onPenChange: (text) => announcer.announce(text),
});
if (document.getElementById("train")) {
  new TrainingView(parameters.W2.rows, examples, useParameters);
}

byId("undo", HTMLButtonElement).onclick = () => drawingCanvas.undo();
byId("clear", HTMLButtonElement).onclick = () => drawingCanvas.clear();
byId("example", HTMLButtonElement).onclick = () => {
  announcer.announceWhenIdle("example", () => byId("caption", HTMLElement).innerText);
  gallery.selectNext();
};
addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey &&
    event.key.toLowerCase() === "z";
  if (!isUndo || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  drawingCanvas.undo();
});
draw();

function show(example: Example, by: InputMethod): void {
  drawing.show(example);
  onChange();
  // on a phone the canvas may be above the window; the arrow keys move on to other examples
  const isAbove = canvas.getBoundingClientRect().bottom < 0;
  if (isAbove && by === "pointer") byId("columns", HTMLElement).scrollIntoView();
}

function onChange(): void {
  requestDraw();
  announceResultWhenIdle();
}

function announceResultWhenIdle(): void {
  announcer.announceWhenIdle("result", () => resultView.summary);
}

/** Uses trained parameters, or the original ones again. */
function useParameters(trained: ScaledParameters | undefined): void {
  ({ parameters } = trained ?? original);
  hiddenUnitsView.setParameters(trained ?? original);
  byId("parameters-name", HTMLElement).textContent = trained
    ? "the network trained below"
    : originalName;
  requestDraw();
  if (!trained) announceResultWhenIdle(); // during training it changes too often
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
  const { networkInput, example, image } = drawing;
  const result = networkInput && classify(parameters, networkInput);
  paint(canvas, image);
  resultView.show(parameters.W2.rows, networkInput, result);
  hiddenUnitsView.show(result?.activations);
  gallery.select(example?.index);
  byId("caption", HTMLElement).textContent = example
    ? `Example ${example.index} of the test set: a ${example.label}`
    : networkInput
    ? "Your drawing"
    : "Nothing drawn yet";
}

function scaled(parameters: AnyParameters): ScaledParameters {
  const { W1 } = parameters;
  return { parameters, weightScale: weightScale(W1, W1.rows) };
}

/** The bytes of a data block in the page. */
function dataBlock(name: string): Uint8Array<ArrayBuffer> {
  return fromBase64(byId(`${name}-npz`, HTMLScriptElement).text);
}

/** Shows an error at the top of the page. */
function showPageError(error: unknown): void {
  showError(byId("error", HTMLElement), error);
}
