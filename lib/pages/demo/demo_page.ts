/**
 * The page where you draw a digit and see what the network makes of it: one HTML file with the network inside.
 *
 * @module
 */

import { toBase64 } from "../../formats/base64.ts";
import type { Dataset } from "../../data/dataset.ts";
import { Markup, markup } from "../../charts/html.ts";
import type { Dim } from "../../math/shape.ts";
import { writeDataset } from "./dataset_npz.ts";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, STYLE_HASH } from "./generated/scripts.ts";
import { STYLE } from "./demo_style.ts";

/** What the page is about. */
export interface DemoPage {
  /** What the parameters are called. */
  readonly name: string;
  /** The parameters: an npz file that `readParameters` reads. */
  readonly parameters: Uint8Array;
  /** Images to choose from; a network that takes images of this size. */
  readonly examples: Dataset<Dim<"inputs">>;
  /** Whether the page can train: then trainer.js and train.npz lie beside it. */
  readonly training: boolean;
}

/**
 * The page as a whole HTML file, and the Content-Security-Policy that it carries, for the header it may be sent with.
 *
 * Nothing but its own script and style is run; only a page that trains loads anything, from where it came from itself.
 *
 * @throws {RangeError} if the examples are too large for an npz file
 */
export function demoPage(page: DemoPage): { html: string; policy: string } {
  const policy = policyOf(page);
  const html = `${markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Draw a digit: ${page.name}</title>
<link rel="icon" href="data:,"/>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Draw a digit</h1>
<p class="quiet">A network reads it as you draw, all in this page: nothing is sent anywhere. It uses \
<span id="parameters-name">${page.name}</span>.</p>
</header>
<main>
<noscript><p class="error">This page computes with JavaScript, which is turned off.</p></noscript>
<p class="error" id="error" role="alert" hidden=""></p>
<div class="columns" id="columns">
${drawingSection()}
${answerSection(page)}
${hiddenSection()}
</div>
${examplesSection(page)}
${page.training ? trainingSection() : undefined}
</main>
${dataBlock("parameters", page.parameters)}
${dataBlock("examples", writeDataset(page.examples))}
<script type="module">${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>`}\n`;
  return { html, policy };
}

function policyOf({ training }: DemoPage): string {
  const wasm = training ? " 'wasm-unsafe-eval'" : "";
  return [
    "default-src 'none'",
    `script-src '${PAGE_SCRIPT_HASH}'${wasm}`,
    `style-src '${STYLE_HASH}'`,
    "img-src data:",
    ...(training ? ["worker-src 'self'", "connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function drawingSection(): Markup {
  return markup`<section aria-labelledby="drawing">
<h2 id="drawing">Drawing</h2>
<div class="board"><canvas id="board" class="ink" tabindex="0" role="application" aria-label="Drawing area" \
aria-describedby="keys"></canvas><div id="pen" class="pen" hidden=""></div></div>
<div class="buttons"><button type="button" id="undo">Undo</button><button type="button" id="clear">Clear</button>\
<button type="button" id="example">Example</button></div>
<p id="caption"></p>
<p class="quiet hint">Draw with mouse, pen or finger.</p>
<p class="quiet hint keys" id="keys">By keyboard: the <kbd>arrow</kbd> keys move the pen (two at once: diagonally; with \
<kbd>Shift</kbd>: farther), <kbd>Space</kbd> puts it down and lifts it, <kbd>Ctrl</kbd> <kbd>Z</kbd> undoes, \
<kbd>Delete</kbd> clears.</p>
</section>`;
}

function answerSection({ examples: { size } }: DemoPage): Markup {
  const pixels = `${size.width}x${size.height}`;
  return markup`<section class="answer" aria-labelledby="answer">
<h2 id="answer">Answer</h2>
<div class="seen">
<p class="outcome" id="outcome"></p>
<figure class="form"><canvas id="form" class="ink" role="img" aria-label="Image of ${pixels} pixels"></canvas>
<figcaption>what the network sees</figcaption></figure>
</div>
<h3 class="unseen">Probabilities</h3>
<ol class="bars" id="bars" start="0" role="list"></ol>
<p class="unseen" id="rest" role="status"></p>
</section>`;
}

function hiddenSection(): Markup {
  return markup`<section class="hidden" aria-labelledby="units">
<h2 id="units">Hidden units</h2>
<div class="unit">
<canvas id="weights" class="weights" role="img"></canvas>
<div>
<p id="unit"></p>
<div class="scale quiet"><canvas id="scale" role="img" aria-label="from blue, negative, to orange, positive"></canvas></div>
<p class="ends quiet"><span>≤ −<span class="limit"></span></span><span>≥ <span class="limit"></span></span></p>
<p class="hint quiet">Its weights: ink on orange makes it more active, on blue less.</p>
</div>
</div>
<p class="hint quiet">The fuller the colour, the more active the unit. Point at one, tap it, or move by arrow keys.</p>
<div class="cells" id="cells" role="listbox" tabindex="0" aria-labelledby="units"></div>
</section>`;
}

function examplesSection({ examples: { count } }: DemoPage): Markup {
  return markup`<section aria-labelledby="examples-title">
<h2 id="examples-title">Examples</h2>
<p class="hint quiet">The first ${count} images of the test set. Choose one by mouse, finger or arrow keys; draw over it if \
you like.</p>
<div class="cells gallery" id="gallery" role="listbox" tabindex="0" aria-labelledby="examples-title"></div>
</section>`;
}

function trainingSection(): Markup {
  return markup`<section aria-labelledby="train-title">
<h2 id="train-title">Train</h2>
<p>A new network learns here, in the background, from the training images that this page was served with, in batches of 100. \
The drawing above is read by what it has learnt so far.</p>
<form id="train">
<label>learning rate <input name="learningRate" type="number" min="0" step="any" value="0.01" required=""/></label>
<label>hidden units <input name="hidden" type="number" min="1" max="4096" value="80" required=""/></label>
<label>seed <input name="seed" type="number" min="0" max="4294967295" value="601" required=""/></label>
<button type="submit" id="start">Start</button><button type="button" id="stop" disabled="">Stop</button>\
<button type="button" id="given" hidden="">Back to the given parameters</button>
</form>
<p class="error" id="training-error" role="alert" hidden=""></p>
<p id="training" role="status"></p>
<dl class="figures" id="figures" hidden="">
<div><dt>cross-entropy of the epoch</dt><dd id="loss"></dd></div>
<div><dt>epochs a second</dt><dd id="speed"></dd></div>
<div><dt>examples read right</dt><dd id="right"></dd></div>
</dl>
<div class="learning" id="curve"></div>
</section>`;
}

/** Bytes for the script to read: of no type that a browser would run. */
function dataBlock(id: string, bytes: Uint8Array): Markup {
  return markup`<script type="application/octet-stream" id="${id}-npz">${toBase64(bytes)}</script>`;
}
