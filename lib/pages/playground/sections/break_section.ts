// The section in which one breaks a rule: the rules with their equations, and places for the
// curves and the verdicts, which the script fills.
import { type Markup, markup } from "../../../charts/html.ts";
import { BREAK_SETTINGS } from "../break/break_settings.ts";
import { BROKEN_RULES, type BrokenRule, correctEquationOf } from "../break/broken_rules.ts";
import { formula } from "../formula.ts";
import { comparedEquations } from "../break/compared_equations.ts";
import { label, text } from "../texts/texts.ts";

/** The hidden units whose weights are shown: the first ones. */
const UNITS = 6;

/**
 * The rules and all that is said about the one that is broken.
 *
 * @param images the number of training images; if there are none, the section says so
 */
export function breakSection(images: number | undefined): Markup {
  return markup`<div class="break" id="break">
${images === undefined ? unavailable() : content(images)}
</div>`;
}

function unavailable(): Markup {
  return markup`<h2>${text("break")}</h2>
<p>${text("train.unavailable")}</p>`;
}

function content(images: number): Markup {
  const { batchSize, learningRate, hidden, seed, trainImages } = BREAK_SETTINGS;
  const settings = {
    images: Math.min(trainImages, images),
    ...{ batchSize, learningRate, hidden, seed },
  };
  return markup`<section aria-labelledby="break-title">
<h2 id="break-title">${text("break")}</h2>
<p class="quiet hint">${text("break.introduction")}</p>
<fieldset class="rules" id="break-rules" aria-labelledby="break-title">
${BROKEN_RULES.map(choice)}
</fieldset>
</section>
<section class="break-equation" aria-labelledby="break-equation-title">
<h3 class="visually-hidden" id="break-equation-title">${text("break.equation")}</h3>
${BROKEN_RULES.map(equations)}
<div class="card broken"><p id="break-verdict" role="status"></p>
${BROKEN_RULES.map(references)}</div>
</section>
<section class="break-curves" aria-labelledby="break-curves-title">
<h3 class="visually-hidden" id="break-curves-title">${text("break.curves")}</h3>
<p class="error" id="break-error" role="alert" hidden=""></p>
<div class="break-charts" id="break-curves"></div>
<p class="break-outcome" id="break-outcome"></p>
<p class="quiet hint">${text("break.settings", settings)}</p>
<p class="visually-hidden" id="break-announcements" role="status"></p>
</section>
<section class="break-proof" aria-labelledby="break-proof-title">
<h3 class="visually-hidden" id="break-proof-title">${text("break.proof")}</h3>
<div class="card right" id="break-right"></div>
<h3>${text("break.weights", { last: UNITS - 1 })}</h3>
${weights("right")}
${weights("broken")}
</section>
${controls()}`;
}

/** A rule as one of the choices. */
function choice({ id, mistakes }: BrokenRule): Markup {
  const symbols = mistakes.map(({ quantity }, i) =>
    markup`${i > 0 ? ", " : undefined}${symbolMarkup(quantity)}`
  );
  return markup`<label class="rule"><input type="radio" name="rule" value="${id}"/><span class="bilingual"><b>${symbols}</b>${
    bilingual(mistakes[0]!.words)
  }</span><span class="mark"></span></label>
`;
}

/** Words in both languages, of which the style sheet shows one. */
function bilingual({ en, ja }: { readonly en: string; readonly ja: string }): Markup {
  return markup`<span lang="en">: ${formula(en)}</span><span lang="ja">: ${formula(ja)}</span>`;
}

/** The equations of a rule, right and broken. */
function equations({ id, mistakes }: BrokenRule): Markup {
  const pairs = mistakes.map(({ quantity, equation }) =>
    comparedEquations(correctEquationOf(quantity), equation)
  );
  const lines = (name: "right" | "broken") =>
    markup`<div class="compared ${name}"><span>${text(`break.${name}`)}</span><div>${
      pairs.map((pair) => markup`<p>${pair[name]}</p>`)
    }</div></div>`;
  return markup`<div data-rule="${id}" hidden="">${lines("right")}
${lines("broken")}</div>
`;
}

/** Where a rule is found in the project. */
function references({ id, mistakes, test: { file, name } }: BrokenRule): Markup {
  const { quantity } = mistakes[0]!;
  return markup`<div data-rule="${id}" hidden=""><p><a data-quantity="${quantity}">${
    text("check.step", { symbol: quantity })
  }</a> · ${text("check.entry", { id })}</p>
<p class="quiet">${
    text("check.test")
  }: <span lang="en">“${name}”</span> (<code>${file}</code>)</p></div>
`;
}

function weights(name: "right" | "broken"): Markup {
  const canvases = Array.from(
    { length: UNITS },
    () => markup`<canvas width="28" height="28"></canvas>`,
  );
  return markup`<div class="weight-row ${name}"><span>${text(`break.${name}`)}</span>\
<div class="weight-images" role="img" id="break-weights-${name}"${
    label(`break.weights.${name}`)
  }>${canvases}</div></div>`;
}

function controls(): Markup {
  return markup`<div class="player" role="group"${label("break.control")}>
<div class="going">
<button type="button" id="break-start" class="primary"></button>
<button type="button" id="break-epoch">${text("break.epoch")}</button>
<button type="button" id="break-restart"><span aria-hidden="true">↻</span> ${
    text("break.restart")
  }</button>
</div>
<p class="losses" id="break-place"></p>
</div>`;
}

/** A symbol with its digit below: W1' as W₁′. */
function symbolMarkup(symbol: string): Markup {
  const [, letters, digit, prime] = /^(\D+?)(\d?)('?)$/.exec(symbol)!;
  return markup`${letters}${digit === "" ? undefined : markup`<sub>${digit}</sub>`}${
    prime === "" ? undefined : "′"
  }`;
}
