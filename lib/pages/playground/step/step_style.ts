// Style sheet of the view that goes through a training step.
import { Markup } from "../../../charts/html.ts";

/** The quantities of the two layers stand in columns, each gradient below its quantity. */
const COLUMNS = ["X", "W1", "b1", "A1", "Y1", "W2", "b2", "A2", "P", "onehot", "L", "E"];

const places = COLUMNS.map((symbol, i) =>
  ["", "d", "'"].map((mark) => mark === "d" ? `d${symbol}` : `${symbol}${mark}`)
    .map((one) => `.map [data-symbol="${one}"]`).join(", ") + ` { grid-column: ${i + 1}; }`
).join("\n");

/** The rules of a table of products with each name above its number. */
const stackedFactors = (table: string) =>
  `${table} .factor { flex-direction: column; align-items: end; line-height: 1.2; }
  ${table} .factor small { white-space: normal; text-align: right; }
  ${table} td:not(.lead) { vertical-align: bottom; line-height: 1.3; padding: .1rem .15rem .25rem; }`;

/** The style sheet of the view. */
export const STEP_STYLE: Markup = new Markup(`
/* what has the focus is not below the buttons */
html:has(.step:not([hidden])) { scroll-padding-bottom: 5rem; }
.step { padding-bottom: 4.5rem; margin-top: -.75rem; }
.step h3 { margin: 0 0 .25rem; font-size: 1.1rem; line-height: 1.3; }
.step h4 { margin: .75rem 0 .25rem; font-size: .9rem; font-weight: 600; color: var(--quiet); }
.step p { margin: .25rem 0; }
.step { --picture: 15.75rem; }
.settings { margin: 0; font-size: .9rem; }
.settings summary { min-height: 2.75rem; padding: .6rem 0; cursor: pointer; overflow-wrap: anywhere; }
.settings form { margin: 0 0 1rem; }
select { min-height: 2.75rem; padding: .25rem .5rem; font: inherit; color: var(--text); background: var(--background);
  border: 1px solid var(--quiet); border-radius: 6px; max-width: 100%; }
.settings select { font-size: 1rem; }
.map { --tile: 2.5rem; display: flex; gap: 2px; overflow-x: auto; padding: 3px; margin: 0 -3px .75rem; position: relative; scrollbar-width: thin; }
.map .pass { display: none; font-size: .8rem; color: var(--quiet); max-width: none; }
.tile { position: relative; display: flex; flex-direction: column; align-items: center; justify-content: end; gap: 2px; flex: none; width: 4rem;
  min-width: 0; padding: 4px 2px; border: 2px solid transparent; font-size: .9rem; line-height: 1.2; }
.tile canvas { width: var(--tile); height: var(--tile); outline: 1px solid var(--rule); }
.tile sub { font-size: .75em; line-height: 0; }
.tile .number { display: grid; place-items: center; height: var(--tile); font-variant-numeric: tabular-nums; }
.tile[aria-current] { border-color: var(--bar); background: rgb(var(--incorrect) / .12); font-weight: 700; }
@media (min-width: 62rem) {
  .map { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); overflow: visible; }
  .map .pass { display: block; grid-column: 1 / -1; margin: 0; line-height: 1.2; }
  .map .pass.backward { grid-area: 3 / 9 / 3 / -1; align-self: center; } .map .pass.update { grid-area: 4 / 9 / 4 / -1; align-self: center; }
  .tile { width: auto; } .tile.forward { grid-row: 2; } .tile.backward { grid-row: 3; } .tile.update { grid-row: 4; }
  .tile.update { min-height: 1.75rem; padding: 0 2px; } .tile.update canvas { display: none; }
${places}
}
.quantity { display: grid; gap: 1.25rem 2rem; grid-template-columns: minmax(0, 1fr); border-top: 1px solid var(--rule);
  padding-top: .75rem; }
.quantity section { margin: 0; }
@media (min-width: 48rem) { .quantity { grid-template-columns: var(--picture) minmax(0, 1fr); }
  .quantity .words, .quantity .derivations, .quantity.single .entry { grid-column: 1 / -1; }
  .quantity .picture { grid-area: 2 / 1; } .quantity .entry { grid-area: 2 / 2; } }
@media (min-width: 62rem) { .quantity { grid-template: auto 1fr / minmax(0, 1.25fr) var(--picture) minmax(0, 1.1fr); gap: 0 1.75rem; }
  .quantity .words { grid-area: 1 / 1; } .quantity .derivations { grid-area: 2 / 1; } .quantity .picture { grid-area: 1 / 2 / span 2; }
  .quantity .entry { grid-area: 1 / 3 / span 2; } .quantity.single { grid-template-columns: minmax(0, 1.2fr) minmax(0, 1.1fr); }
  .quantity.single .entry { grid-area: 1 / 2 / span 2; } }
.step .place, .step .code, .step .hint, .words .quiet, .derivations .quiet, .entry > .quiet, #entry-terms > .quiet, #entry-worked > .quiet { font-size: .9rem; overflow-wrap: anywhere; }
math { font-size: 1.1em; } .equation math, .derivation math { math-style: normal; }
#words-meaning:not(:empty)::before { content: " · "; }
.equations { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1.25rem; }
.equations p { max-width: 100%; }
.equation { overflow-x: auto; overflow-y: hidden; } .equation math { font-size: 1.4rem; }
.derivation { margin: 0; padding: 0 0 0 .75rem; list-style: none; font-size: .9rem; border-left: 3px solid var(--rule); }
.derivation .going-on { display: inline-block; margin-right: 1.25rem; max-width: 100%; vertical-align: top; }
.derivation li { margin-bottom: .25rem; overflow-x: auto; overflow-y: hidden; }
.derivation math { font-size: 1rem; }
.derivation .quiet { display: block; line-height: 1.35; }
.derivations details { font-size: .9rem; } .derivations summary { min-height: 2.75rem; padding: .6rem 0; cursor: pointer; }
.entries { position: relative; width: min(var(--picture), 100%); outline: 1px solid var(--rule); }
.entries canvas { width: 100%; height: auto; cursor: crosshair; }
.cursor { position: absolute; pointer-events: none; outline: 2px solid var(--text); outline-offset: 0; }
.picture .scale { width: min(var(--picture), 100%); font-size: .85rem; margin: .4rem 0; }
.picture .scale canvas { flex: 1; min-width: 0; height: .6rem; outline: 1px solid var(--rule); }
.hover, .worked, .terms, .losses { font-variant-numeric: tabular-nums; }
.places { gap: .25rem .5rem; margin: .25rem 0 .6rem; width: min(var(--picture), 100%); } .places label { flex: 1 1 auto; min-width: 4.5rem; }
.places input { width: 0; min-width: 100%; padding-inline: .35rem; } .places span { white-space: nowrap; }
.entry-list { display: grid; }
.entry-list [role="option"] { display: grid; grid-template-columns: 1.5rem minmax(0, 1fr) 5.5rem; gap: .4rem; align-items: center;
  min-height: 1.75rem; padding: 0 .25rem; cursor: pointer; border-radius: 4px; }
.entry-list b { text-align: right; font-weight: inherit; } .entry-list span { text-align: right; white-space: nowrap; }
.entry-list i { height: 1rem; width: calc(var(--share, 0) * 100%); background: var(--bar); border-radius: 2px; }
.entry-list i.negative { background: var(--bar-correct); }
.entry-list [role="option"]:hover { box-shadow: inset 0 0 0 1px var(--quiet); }
.entry-list [aria-selected="true"] { font-weight: 700; box-shadow: inset 0 0 0 2px var(--bar) !important; }
@media (pointer: coarse) { .entry-list [role="option"] { min-height: 2.75rem; } }
.entry { container-type: inline-size; }
#entry-place { display: flex; align-items: center; gap: .5rem; }
.thumbnail { width: 28px; height: 28px; flex: none; outline: 1px solid var(--rule); }
.terms .thumbnail { width: 1.4rem; height: 1.4rem; margin-left: 1px; }
.terms { font-size: .9rem; } .terms td { line-height: 1.5rem; } .terms td, .terms th { padding: .1rem .25rem; text-align: right; vertical-align: middle; }
.terms td:first-child, .terms th { text-align: left; padding-left: 0; }
.terms .lead:not(:empty) { padding-right: .5rem; } .terms .lead:empty { padding: 0; }
.terms .spanning { white-space: normal; }
.terms th { font-weight: 400; color: var(--quiet); }
.terms .result-row > * { border-top: 1px solid var(--text); font-weight: 700; color: inherit; }
.terms .sum-row > * { border-top: 1px solid var(--rule); }
.factor { display: flex; gap: 0 .35rem; align-items: baseline; justify-content: space-between; white-space: nowrap; }
/* names stand above their numbers where a product is wider than the column */
@container (max-width: 29rem) { ${stackedFactors(".terms")} }
@container (max-width: 46rem) { ${stackedFactors(".terms.many")} }
.factor small { color: var(--quiet); }
a.factor { text-decoration: none; } a.factor span { text-decoration: underline; }
a { color: var(--bar-correct); }
.terms button { min-height: 1.75rem; padding: 0 .5rem; font-size: .85rem; }
@media (pointer: coarse) { .terms td { line-height: 2rem; } .terms button { min-height: 2.75rem; } }
.step .worked { font-size: .9rem; line-height: 1.4; margin: .1rem 0; overflow-wrap: anywhere; }
.difference { margin-top: .75rem; padding-left: .75rem; border-left: 3px solid var(--bar-correct); font-size: .9rem; }
.difference h4 { margin-top: 0; color: inherit; } .agrees { color: var(--bar-correct); font-weight: 700; }
.going, .outcome { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; }
.outcome { margin-top: 1.25rem; }
.going, .player { background: var(--background); }
.going { position: fixed; inset: auto 0 0; z-index: 2; padding: .5rem 1rem; border-top: 1px solid var(--rule); }
@media (max-width: 24rem) { .derivation { padding-left: .5rem; } .derivation math { font-size: .9rem; } }
@media (max-width: 30rem) { .going { gap: .35rem; flex-wrap: nowrap; font-size: .85rem; } .going button, .going select { padding: .25rem .5rem; line-height: 1.2; } }
@media (min-width: 62rem) {
  .player { position: fixed; inset: auto 0 0; z-index: 2; display: flex; align-items: center; gap: .5rem;
    padding: .5rem max(1rem, (100vw - 94rem) / 2); border-top: 1px solid var(--rule); }
  .going { position: static; padding: 0; border: 0; } .outcome { flex: 1; flex-wrap: nowrap; margin: 0; }
  .player button, .losses { white-space: nowrap; }
}
/* a mouse points at less than a finger, and a low screen shows what belongs together */
@media (min-width: 62rem) and (not (pointer: coarse)) {
  .settings summary { min-height: 2rem; padding: .25rem 0; }
  .player { padding-block: .4rem; } .player button, .player select, .places input { min-height: 2.25rem; }
}
/* long names of buttons stand in two lines, so that all buttons stay in one row */
@media (min-width: 62rem) { .going { flex-wrap: nowrap; } .player .going button { max-width: 7.5rem; padding: 0 .6rem; white-space: normal; font-size: .85rem;
  line-height: 1.2; } }
@media (min-width: 62rem) and (max-width: 79.99rem) { .player button, .player select { padding: .25rem .6rem; font-size: .9rem; }
  .earlier { display: none; } }
@media (min-width: 62rem) and (max-height: 52rem) { body { padding-top: .5rem; } .step { --picture: 12.25rem; } .step h4 { margin-top: .5rem; } .map { --tile: 2.25rem; margin-bottom: .5rem; }
  .quantity { column-gap: 1.5rem; padding-top: .5rem; } }
@media (min-width: 62rem) and (max-width: 79.99rem) and (max-height: 52rem) { .map { --tile: 1.75rem; } .step h3 { font-size: 1rem; }
  .quantity { grid-template-columns: minmax(0, 1fr) var(--picture) minmax(0, 1.05fr); }
  .step .place, .derivation .quiet, .difference { font-size: .85rem; } .entry > #entry-place, #entry-terms > .quiet { font-size: .8rem; } #entry-terms > .quiet { margin: 0; }
  .difference { margin-top: .25rem; } .step .difference p { margin: 0; line-height: 1.35; } .derivation li { margin-bottom: .15rem; } }
@media (min-width: 90rem) and (min-height: 60rem) { .step { --picture: 21rem; } .map { --tile: 3.5rem; }
  .quantity { column-gap: 3rem; } }
.player .primary { background: var(--bar-correct); border-color: var(--bar-correct); color: var(--background); font-weight: 600; }
.player .primary:disabled { background: none; border-color: var(--rule); color: var(--quiet); }
@media (hover: hover) { .player .primary:hover { color: var(--background); } }
.player .losses { margin-left: auto; color: var(--quiet); font-size: .9rem; } .losses b { color: var(--text); }
.dots { display: none; gap: 4px; margin: 0 .25rem; } @media (min-width: 100rem) { .dots { display: flex; } }
.dots i { width: 8px; height: 8px; border-radius: 50%; background: var(--rule); }
.dots .past { background: rgb(var(--correct) / .5); } .dots .present { background: var(--bar); }
`);
