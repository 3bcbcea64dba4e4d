/**
 * The playground: one HTML file with a network inside that classifies digits as they are drawn.
 *
 * @module
 */

import { type Dataset, type Dim, MAX_HIDDEN, MAX_SEED, REPORT_SETTINGS } from "../../../mod.ts";
import { Markup, markup } from "../../charts/html.ts";
import { toBase64 } from "../../formats/base64.ts";
import { writeDataset } from "./dataset_npz.ts";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, STYLE_HASH } from "./generated/scripts.ts";
import { STYLE } from "./playground_style.ts";

/** The contents of the page. */
export interface PlaygroundPage {
  /** Name of the parameters. */
  readonly name: string;
  /** The parameters: an npz file that `readParameters` reads. */
  readonly parameters: Uint8Array;
  /** Example images, of the size that the network takes. */
  readonly examples: Dataset<Dim<"inputs">>;
  /** Whether the page can train: it then loads trainer.js and train.npz from its own folder. */
  readonly training: boolean;
}

/**
 * The page as an HTML file, and its Content-Security-Policy, to be sent as a header too.
 *
 * Only the page's own script and style run. A page that trains loads files from its own origin;
 * others load nothing.
 *
 * @throws {RangeError} if the examples are too large for an npz file
 */
export function playgroundPage(page: PlaygroundPage): { html: string; policy: string } {
  const policy = contentSecurityPolicy(page);
  const html = `${markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="sanso serve">
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
<p class="quiet">A neural network classifies your drawing as you draw. Everything runs in this page; nothing is sent \
anywhere. Network: <span id="parameters-name">${page.name}</span>.</p>
</header>
<main>
<noscript><p class="error">This page needs JavaScript, which is turned off.</p></noscript>
<p class="error" id="error" role="alert" hidden=""></p>
<div class="columns" id="columns">
${drawingSection()}
${predictionSection(page)}
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

function contentSecurityPolicy({ training }: PlaygroundPage): string {
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
  return markup`<section aria-labelledby="drawing-title">
<h2 id="drawing-title">Drawing</h2>
<div class="canvas"><canvas id="drawing-canvas" class="ink" tabindex="0" role="application" aria-label="Drawing area" \
aria-describedby="keys"></canvas><div id="pen" class="pen" hidden=""></div></div>
<div class="buttons"><button type="button" id="undo">Undo</button><button type="button" id="clear">Clear</button>\
<button type="button" id="example">Example</button></div>
<p id="caption"></p>
<p class="quiet hint">Draw with the mouse, a pen or a finger.</p>
<p class="quiet hint keys" id="keys">With the keyboard: the <kbd>arrow</kbd> keys move the pen (two at once: \
diagonally; with <kbd>Shift</kbd>: farther), <kbd>Space</kbd> puts it down or lifts it, <kbd>Ctrl</kbd> <kbd>Z</kbd> \
undoes, <kbd>Delete</kbd> clears.</p>
</section>`;
}

function predictionSection({ examples: { size } }: PlaygroundPage): Markup {
  const pixels = `${size.width}x${size.height}`;
  return markup`<section class="prediction" aria-labelledby="prediction-title">
<h2 id="prediction-title">Prediction</h2>
<div class="result">
<p class="predicted" id="prediction"></p>
<figure class="input"><canvas id="network-input" class="ink" role="img" aria-label="Image of ${pixels} pixels"></canvas>
<figcaption>network input</figcaption></figure>
</div>
<h3 class="visually-hidden">Probabilities</h3>
<ol class="bars" id="bars" start="0" role="list"></ol>
<p class="visually-hidden" id="announcements" role="status"></p>
</section>`;
}

function hiddenSection(): Markup {
  return markup`<section class="hidden-units" aria-labelledby="units-title">
<h2 id="units-title">Hidden units</h2>
<div class="unit">
<canvas id="weights" class="weights" role="img"></canvas>
<div>
<p id="unit"></p>
<div class="scale quiet"><canvas id="colour-scale" role="img" aria-label="from blue, negative, to orange, positive"></canvas></div>
<p class="ends quiet"><span>≤ −<span class="limit"></span></span><span>≥ <span class="limit"></span></span></p>
<p class="hint quiet">The unit’s weights: ink on orange raises its activation, ink on blue lowers it.</p>
</div>
</div>
<p class="hint quiet">The stronger the colour, the higher the activation. Point at a unit, tap it, or use the arrow keys.</p>
<div class="cells" id="units" role="listbox" tabindex="0" aria-labelledby="units-title"></div>
</section>`;
}

function examplesSection({ examples: { count } }: PlaygroundPage): Markup {
  return markup`<section aria-labelledby="examples-title">
<h2 id="examples-title">Examples</h2>
<p class="hint quiet">The first ${count} images of the test set. Click or tap one, or use the arrow keys; you can draw \
on it.</p>
<div class="cells gallery" id="gallery" role="listbox" tabindex="0" aria-labelledby="examples-title"></div>
</section>`;
}

function trainingSection(): Markup {
  const { learningRate, hidden, seed, batchSize } = REPORT_SETTINGS;
  return markup`<section aria-labelledby="train-title">
<h2 id="train-title">Train</h2>
<p>Trains a new network in the background, on the training images served with this page, in batches of ${batchSize}. \
While it learns, it classifies the drawing above.</p>
<form id="train">
<label>learning rate <input name="learningRate" type="number" min="0" step="any" value="${learningRate}" \
required=""/></label>
<label>hidden units <input name="hidden" type="number" min="1" max="${MAX_HIDDEN}" value="${hidden}" \
required=""/></label>
<label>seed <input name="seed" type="number" min="0" max="${MAX_SEED}" value="${seed}" required=""/></label>
<button type="submit" id="start">Start</button><button type="button" id="stop" disabled="">Stop</button>\
<button type="button" id="restore" hidden="">Restore the original network</button>
</form>
<p class="error" id="training-error" role="alert" hidden=""></p>
<p id="training-status" role="status"></p>
<dl class="figures" id="figures" hidden="">
<div><dt>cross-entropy, mean over the epoch</dt><dd id="loss"></dd></div>
<div><dt>epochs per second</dt><dd id="speed"></dd></div>
<div><dt>examples correct</dt><dd id="correct"></dd></div>
</dl>
<div class="curve" id="curve"></div>
</section>`;
}

/** Bytes for the script to read, in an element that a browser does not run. */
function dataBlock(id: string, bytes: Uint8Array): Markup {
  return markup`<script type="application/octet-stream" id="${id}-npz">${toBase64(bytes)}</script>`;
}
