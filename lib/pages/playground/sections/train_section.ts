// The sections in which a network is trained.
import { type Markup, markup } from "../../../charts/html.ts";
import { thousands } from "../../../charts/words.ts";
import { label, text } from "../texts/texts.ts";
import { PAGE_SETTINGS } from "../train/training_settings.ts";

/** The number of images to train on, and of those to test with. */
interface Counts {
  readonly train: number;
  readonly test: number;
}

/**
 * The settings and the buttons of a training.
 *
 * @param counts the numbers of images; if there are none, the section says so
 */
export function trainSection(counts: Counts | undefined): Markup {
  return markup`<section class="training" data-views="train" aria-labelledby="train-title" hidden="">
<h2 id="train-title">${text("train")}</h2>
${counts ? controls(counts) : markup`<p>${text("train.unavailable")}</p>`}
</section>`;
}

function controls({ train, test }: Counts): Markup {
  const fields = PAGE_SETTINGS.map(({ name, range, default: value }) =>
    markup`<label>${text(`setting.${name}`)} <input name="${name}" autocomplete="off" \
inputmode="${range.isInteger ? "numeric" : "decimal"}" \
value="${value}" aria-describedby="settings-error"/></label>`
  );
  return markup`<p class="hint quiet">${
    text("train.introduction", { train: thousands(train), test: thousands(test) })
  }</p>
<form id="train" novalidate="">
${fields}
<p class="error" id="settings-error" role="alert" hidden=""></p>
<p class="hint quiet" id="settings-note" role="status"></p>
<div class="buttons">
<button type="button" id="start" class="primary"></button>
<button type="submit" id="restart">${text("run.restart")}</button>
<button type="button" id="run-batch">${text("run.batch")}</button>
<button type="button" id="run-epoch">${text("run.epoch")}</button>
<button type="button" id="save">${text("run.save")}</button>
<button type="button" id="restore">${text("run.restore")}</button>
</div>
</form>
<p class="hint quiet" id="link-note"></p>`;
}

/** What a training has reached: its state, its figures and its curves. */
export function progressSection(counts: Counts | undefined): Markup | undefined {
  return counts &&
    markup`<section class="progress" data-views="train" aria-labelledby="progress-title" \
hidden="">
<h2 id="progress-title">${text("progress")}</h2>
<p class="error" id="training-error" role="alert" hidden=""></p>
<p id="training-status" role="status"></p>
<table class="qualities"${label("progress")}>
<thead><tr><td id="epoch">${text("progress.none")}</td>\
<th scope="col">${text("progress.crossEntropy")}</th>\
<th scope="col">${text("progress.accuracy")}</th></tr></thead>
<tbody>
<tr><th scope="row">${text("progress.train")}</th><td id="train-loss">–</td>\
<td id="train-accuracy">–</td></tr>
<tr><th scope="row" id="test-name">${text("progress.test")}</th><td id="test-loss">–</td>\
<td id="test-accuracy">–</td></tr>
</tbody></table>
<p class="hint quiet" id="speed"></p>
<p class="hint" id="guessing" role="status"></p>
<div class="curves" id="curves">${text("curves.empty")}</div>
</section>`;
}
