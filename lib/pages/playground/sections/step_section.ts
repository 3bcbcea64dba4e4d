// The section that goes through a training step.
import { MAX_SEED } from "../../../random/mt19937.ts";
import { type Markup, markup } from "../../../charts/html.ts";
import { MAX_BATCH, SHOWN_SYMBOLS } from "../page_state.ts";
import { label, text, type TextName } from "../texts/texts.ts";
import { QUANTITIES, STEP } from "../../../network/step.ts";

/** The settings, the quantities, the one at hand with its entries, and the buttons to go on. */
export function stepSection(examples: number, classes: number): Markup {
  return markup`<div class="step" id="step" data-views="step" hidden="">
<h2 class="visually-hidden">${text("step")}</h2>
${settings(examples, classes)}
${map()}
<div class="quantity" id="quantity">
<section class="words" aria-labelledby="words-title">
<h3 id="words-title"></h3>
<p class="quiet place"><span id="words-place"></span><span id="words-meaning"></span></p>
<div class="equations"><p class="equation" id="words-equation"></p>
<p class="quiet" id="words-report"></p></div>
</section>
<section class="entry" aria-labelledby="entry-title">
<h3 id="entry-title"></h3>
<p class="quiet" id="entry-place"></p>
<div id="entry-terms"></div>
<div class="difference" id="difference"></div>
<div id="entry-worked"></div>
</section>
<section class="picture" id="picture-section" aria-labelledby="picture-title">
<h3 id="picture-title"></h3>
<form class="places" id="places"></form>
<div class="entries" id="picture-frame"><canvas id="picture" tabindex="0" role="application" \
aria-describedby="picture-keys"></canvas><div id="picture-cursor" class="cursor"></div></div>
<div class="entry-list" id="entry-list" role="listbox" tabindex="0" aria-labelledby="picture-title"></div>
<div class="scale quiet" id="picture-scale"><span id="picture-low"></span><canvas id="picture-colours" role="img"\
${label("units.scale")}></canvas><span id="picture-high"></span></div>
<p class="quiet hover" id="picture-hover"></p>
<p class="quiet hint" id="picture-keys">${text("picture.keys")}</p>
</section>
<section class="derivations">
<div id="words-derivation-part"><h4>${text("words.derivation")}</h4>
<ol class="derivation" id="words-derivation"></ol></div>
<details id="words-remarks-part"><summary>${
    text("words.remarks")
  }</summary><div id="words-remarks"></div></details>
<p class="quiet code" id="words-code"></p>
</section>
</div>
${player()}
<p class="visually-hidden" id="step-announcements" role="status"></p>
</div>`;
}

function settings(examples: number, classes: number): Markup {
  const options = Array.from(
    { length: classes },
    (_, k) => markup`<option value="${k}">${k}</option>`,
  );
  const number = (name: string, title: TextName, attributes: Markup) =>
    markup`<label>${
      text(title)
    } <input type="number" name="${name}" required="" ${attributes}/></label>`;
  return markup`<details class="settings" id="settings">
<summary><b>${text("settings")}</b>: <span id="settings-summary"></span></summary>
<form id="settings-form">
${number("example", "settings.example", markup`min="0" max="${examples - 1}"`)}
<label id="settings-label">${
    text("settings.label")
  } <select name="label">${options}</select></label>
${number("batch", "settings.batch", markup`min="1" max="${Math.min(MAX_BATCH, examples)}"`)}
<label>${
    text("settings.network")
  } <select name="network"><option value="page" id="settings-page"></option>\
<option value="initial" data-option="settings.network.initial"></option></select></label>
<label id="settings-seed">${
    text("setting.seed")
  } <input type="number" name="seed" min="0" max="${MAX_SEED}"/></label>
${number("rate", "settings.rate", markup`min="0" step="any"`)}
</form>
</details>`;
}

/** A button for each quantity, in the order of the step. */
function map(): Markup {
  const inputsOf = { A1: ["X", "W1", "b1"], A2: ["W2", "b2"] } as Readonly<
    Record<string, readonly string[]>
  >;
  const passes = ["forward", "backward", "update"] as const;
  return markup`<div class="map" id="map" role="group"${label("map")}>
${
    passes.map((pass) => {
      const symbols = SHOWN_SYMBOLS.filter((symbol) => QUANTITIES[symbol].pass === pass)
        .flatMap((symbol) => [...inputsOf[symbol] ?? [], symbol]);
      return markup`<p class="pass ${pass}">${text(`map.${pass}`)}</p>
${symbols.map((symbol) => tile(symbol, pass))}
`;
    })
  }
</div>`;
}

function tile(symbol: string, pass: string): Markup {
  return markup`<button type="button" class="tile ${pass}" data-symbol="${symbol}"><canvas></canvas><b class="number"></b>\
<span>${symbolMarkup(symbol)}</span> <span class="visually-hidden meaning"></span></button>`;
}

/** A symbol with its digit below: W1' as W₁′. */
export function symbolMarkup(symbol: string): Markup {
  const [, letters, digit, prime] = /^(\D+?)(\d?)('?)$/.exec(symbol)!;
  return markup`${letters}${digit === "" ? undefined : markup`<sub>${digit}</sub>`}${
    prime === "" ? undefined : "′"
  }`;
}

function player(): Markup {
  const speeds = [1, 2, 4].map((speed) => markup`<option value="${speed}">${speed}×</option>`);
  const dots = STEP.map(() => markup`<i></i>`);
  return markup`<div class="player" role="group"${label("player")}>
<div class="going">
<button type="button" id="step-back"><span aria-hidden="true">◀</span> ${
    text("player.back")
  }</button>
<button type="button" id="step-next" class="primary">${
    text("player.next")
  } <span aria-hidden="true">▶</span></button>
<button type="button" id="step-play"></button>
<select id="step-speed"${label("player.speed")}>${speeds}</select>
<span class="dots" id="step-dots" aria-hidden="true">${dots}</span>
</div>
<div class="outcome">
<button type="button" id="step-again"><span aria-hidden="true">↻</span> ${
    text("player.again")
  }</button>
<button type="button" id="step-first">${text("player.first")}</button>
<p class="losses" id="step-losses"></p>
</div>
</div>`;
}
