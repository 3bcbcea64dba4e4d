/// <reference lib="dom" />
/**
 * The page's script: what is drawn goes through the network with every stroke.
 *
 * @module
 */

import { type AnyParameters, readParameters } from "../../../../mod.ts";
import { fromBase64 } from "../../../formats/base64.ts";
import { fullColour } from "../../../charts/weights.ts";
import { classify } from "../../../training/classify.ts";
import { readDataset } from "../dataset_npz.ts";
import { Answer } from "./answer.ts";
import { Board } from "./board.ts";
import type { Means } from "./choice.ts";
import { Drawing, type Example } from "./drawing.ts";
import { find } from "./elements.ts";
import { Gallery } from "./gallery.ts";
import { paint } from "./paint.ts";
import { Training } from "./training.ts";
import { type Coloured, Units } from "./units.ts";
import { Voice } from "./voice.ts";

addEventListener("error", ({ error, message }) => showError(error ?? message));
addEventListener("unhandledrejection", ({ reason }) => showError(reason));

const given = coloured(readParameters(dataBlock("parameters")));
const examples = readDataset(dataBlock("examples"));
let { parameters } = given;
let waiting = false;
const givenName = find("parameters-name", HTMLElement).textContent;

const drawing = new Drawing(examples.size);
const answer = new Answer(examples.size);
const voice = new Voice(find("rest", HTMLElement));
const units = new Units(examples.size, given);
const gallery = new Gallery(examples, show);
const board = new Board(find("board", HTMLCanvasElement), find("pen", HTMLElement), drawing, {
  changed: drawingChanged,
  moved: () => voice.sayAtRest("pen", () => board.place),
  said: (words) => voice.say(words),
});
if (document.getElementById("train")) {
  new Training(parameters.W2.rows, examples, useParameters);
}

find("undo", HTMLButtonElement).onclick = () => board.undo();
find("clear", HTMLButtonElement).onclick = () => board.clear();
find("example", HTMLButtonElement).onclick = () => {
  voice.sayAtRest("example", () => find("caption", HTMLElement).innerText);
  gallery.next();
};
addEventListener("keydown", (event) => {
  const undoes = (event.ctrlKey || event.metaKey) && !event.shiftKey &&
    event.key.toLowerCase() === "z";
  if (!undoes || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  board.undo();
});
draw();

function show(example: Example, by: Means): void {
  drawing.show(example);
  drawingChanged();
  // on a telephone the drawing is far above, and a tap would seem to do nothing; keys go on to the next example
  const isAbove = board.canvas.getBoundingClientRect().bottom < 0;
  if (isAbove && by === "pointer") find("columns", HTMLElement).scrollIntoView();
}

function drawingChanged(): void {
  drawSoon();
  sayOutcomeAtRest();
}

function sayOutcomeAtRest(): void {
  voice.sayAtRest("outcome", () => answer.words);
}

/** Takes what was learnt, or the given parameters again. */
function useParameters(learnt: Coloured | undefined): void {
  ({ parameters } = learnt ?? given);
  units.setParameters(learnt ?? given);
  find("parameters-name", HTMLElement).textContent = learnt ? "what is learnt below" : givenName;
  drawSoon();
  if (!learnt) sayOutcomeAtRest(); // what is learnt changes too often to be heard
}

/** Draws with the next frame, however often the drawing changes until then. */
function drawSoon(): void {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

function draw(): void {
  const { form, example, raster } = drawing;
  const reading = form && classify(parameters, form);
  paint(board.canvas, raster);
  answer.show(parameters.W2.rows, form, reading);
  units.show(reading?.activations);
  gallery.mark(example?.index);
  find("caption", HTMLElement).textContent = example
    ? `Example ${example.index} of the test set: a ${example.label}`
    : form
    ? "Your drawing"
    : "Nothing drawn yet";
}

function coloured(parameters: AnyParameters): Coloured {
  const { W1 } = parameters;
  return { parameters, fullColour: fullColour(W1, W1.rows) };
}

/** The bytes that lie in the page. */
function dataBlock(name: string): Uint8Array<ArrayBuffer> {
  return fromBase64(find(`${name}-npz`, HTMLScriptElement).text);
}

/** Shows an error to the user, in one line. */
function showError(error: unknown): void {
  const line = find("error", HTMLElement);
  line.textContent = error instanceof Error ? error.message : String(error);
  line.hidden = false;
}
