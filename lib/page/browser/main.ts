/// <reference lib="dom" />
/**
 * The page's script: what is drawn goes through the network with every stroke.
 *
 * @module
 */

import {
  type AnyParameters,
  type Dataset,
  datasetFromIdx,
  type Dim,
  readNpz,
  readParameters,
} from "../../../mod.ts";
import { Answer } from "./answer.ts";
import { Board } from "./board.ts";
import { Drawing, type Example } from "./drawing.ts";
import { find } from "./elements.ts";
import { Gallery } from "./gallery.ts";
import { paint } from "./paint.ts";
import { read } from "./reading.ts";
import { Training } from "./training.ts";
import { Units } from "./units.ts";

addEventListener("error", ({ error, message }) => showError(error ?? message));
addEventListener("unhandledrejection", ({ reason }) => showError(reason));

const given = readParameters(dataBlock("parameters"));
const examples = readExamples();
let parameters: AnyParameters = given;
let waiting = false;
const givenName = find("parameters-name", HTMLElement).textContent;

const drawing = new Drawing(examples.size);
const answer = new Answer(examples.size);
const units = new Units(examples.size, given);
const gallery = new Gallery(examples, (example) => show(example));
const board = new Board(find("board", HTMLCanvasElement), find("pen", HTMLElement), drawing, {
  changed: drawSoon,
  said: (words) => answer.say(words),
});
if (document.getElementById("train")) {
  new Training(examples, useParameters);
}

find("undo", HTMLButtonElement).onclick = () => board.undo();
find("clear", HTMLButtonElement).onclick = () => board.clear();
find("example", HTMLButtonElement).onclick = () => gallery.next();
addEventListener("keydown", (event) => {
  const undoes = (event.ctrlKey || event.metaKey) && !event.shiftKey &&
    event.key.toLowerCase() === "z";
  if (!undoes || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  board.undo();
});
draw();

function show(example: Example): void {
  drawing.show(example);
  drawSoon();
}

/** Takes what was learnt, or the given parameters again. */
function useParameters(learnt: AnyParameters | undefined): void {
  parameters = learnt ?? given;
  units.setParameters(parameters);
  find("parameters-name", HTMLElement).textContent = learnt ? "what is learnt below" : givenName;
  drawSoon();
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
  const reading = form && read(parameters, form);
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

function readExamples(): Dataset<Dim<"inputs">> {
  const arrays = readNpz(dataBlock("examples"));
  return datasetFromIdx(arrays.get("pixels")!, arrays.get("labels")!);
}

/** The bytes that lie in the page. */
function dataBlock(name: string): Uint8Array<ArrayBuffer> {
  const characters = atob(find(`${name}-npz`, HTMLScriptElement).text);
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

/** Shows an error to the user, in one line. */
function showError(error: unknown): void {
  const line = find("error", HTMLElement);
  line.textContent = error instanceof Error ? error.message : String(error);
  line.hidden = false;
}
