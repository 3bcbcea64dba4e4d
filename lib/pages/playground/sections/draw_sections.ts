// The sections in which one draws: the drawing, the prediction, the hidden units, the examples.
import type { Size } from "../../../../mod.ts";
import { type Markup, markup } from "../../../charts/html.ts";
import { label, text } from "../texts/texts.ts";

/** The area to draw in. */
export function drawingSection(): Markup {
  return markup`<section data-views="draw" aria-labelledby="drawing-title">
<h2 id="drawing-title">${text("drawing")}</h2>
<div class="canvas"><canvas id="drawing-canvas" class="ink" width="448" height="448" tabindex="0" role="application"\
${
    label("drawing.area")
  } aria-describedby="keys"></canvas><div id="pen" class="pen" hidden=""></div></div>
<div class="buttons"><button type="button" id="undo">${text("undo")}</button>\
<button type="button" id="clear">${text("clear")}</button>\
<button type="button" id="example">${text("example")}</button></div>
<p id="caption"></p>
<p class="quiet hint">${text("draw.introduction")}</p>
<p class="quiet hint keys" id="keys">${text("draw.keys")}</p>
</section>`;
}

/** The class that the network predicts, and the probabilities. */
export function predictionSection({ width, height }: Size): Markup {
  return markup`<section class="prediction" data-views="draw train" aria-labelledby="prediction-title">
<h2 id="prediction-title">${text("prediction")}</h2>
<div class="result">
<div class="predicted"><p id="prediction"></p><p id="correctness"></p></div>
<figure class="input"><canvas id="network-input" class="ink" width="${width}" height="${height}" role="img"\
${label("input.image", { width, height })}></canvas>
<figcaption>${text("input")}</figcaption></figure>
</div>
<div class="probabilities"><h3 class="visually-hidden">${text("probabilities")}</h3>
<ol class="bars" id="bars" start="0" role="list"></ol></div>
<p class="visually-hidden" id="announcements" role="status"></p>
</section>`;
}

/** The activations of the hidden units, and the weights of one. */
export function hiddenUnitsSection(): Markup {
  return markup`<section class="hidden-units" data-views="draw train" aria-labelledby="units-title">
<h2 id="units-title">${text("units")}</h2>
<div class="unit">
<canvas id="weights" class="weights" role="img"></canvas>
<div>
<p id="unit"></p>
<div class="scale quiet"><canvas id="colour-scale" role="img"${label("units.scale")}></canvas></div>
<p class="ends quiet"><span>≤ −<span class="limit"></span></span><span>≥ <span class="limit"></span></span></p>
<p class="hint quiet" data-views="draw">${text("units.weights")}</p>
</div>
</div>
<p class="hint quiet" data-views="draw">${text("units.hint")}</p>
<p class="hint quiet" data-views="train" hidden="">${text("units.hint.weights")}</p>
<div class="cells" id="units" role="listbox" tabindex="0" aria-labelledby="units-title"></div>
</section>`;
}

/** Images of the test set. */
export function examplesSection(count: number): Markup {
  return markup`<section data-views="draw train" aria-labelledby="examples-title">
<h2 id="examples-title">${text("examples")}</h2>
<p class="hint quiet">${text("examples.hint", { count })}</p>
<p class="hint" id="examples-correct"></p>
<div class="cells gallery" id="gallery" role="listbox" tabindex="0" aria-labelledby="examples-title"></div>
</section>`;
}
