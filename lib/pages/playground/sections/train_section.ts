/**
 * The section in which a network is trained.
 *
 * @module
 */

import { MAX_HIDDEN, MAX_SEED, REPORT_SETTINGS } from "../../../../mod.ts";
import { type Markup, markup } from "../../../charts/html.ts";
import { text } from "../texts/texts.ts";

/**
 * The settings and the figures of a training.
 *
 * @param images the number of training images; if there are none, the section says so
 */
export function trainSection(images: number | undefined): Markup {
  return markup`<section data-views="train" aria-labelledby="train-title" hidden="">
<h2 id="train-title">${text("train")}</h2>
${images !== undefined ? training(images) : markup`<p>${text("train.unavailable")}</p>`}
</section>`;
}

function training(images: number): Markup {
  const { learningRate, hidden, seed, batchSize } = REPORT_SETTINGS;
  return markup`<p>${text("train.introduction", { images, batchSize })}</p>
<form id="train">
<label>${
    text("learningRate")
  } <input name="learningRate" type="number" min="0" step="any" value="${learningRate}" \
required=""/></label>
<label>${
    text("hidden")
  } <input name="hidden" type="number" min="1" max="${MAX_HIDDEN}" value="${hidden}" \
required=""/></label>
<label>${
    text("seed")
  } <input name="seed" type="number" min="0" max="${MAX_SEED}" value="${seed}" required=""/></label>
<div class="buttons"><button type="submit" id="start"></button>\
<button type="button" id="stop" disabled="">${text("stop")}</button>\
<button type="button" id="restore" hidden="">${text("restore")}</button></div>
</form>
<p class="error" id="training-error" role="alert" hidden=""></p>
<p id="training-status" role="status"></p>
<dl class="figures" id="figures" hidden="">
<div><dt>${text("figure.loss")}</dt><dd id="loss"></dd></div>
<div><dt>${text("figure.speed")}</dt><dd id="speed"></dd></div>
<div><dt>${text("figure.correct")}</dt><dd id="correct"></dd></div>
</dl>
<div class="curve" id="curve" lang="en"></div>`;
}
