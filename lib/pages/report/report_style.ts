// Style sheet of the page of `summary`: for phones and wide screens, light and dark, and print.
import { CHART_STYLE } from "../../charts/chart_style.ts";
import { Markup } from "../../charts/html.ts";

/** The style sheet. */
export const PAGE_STYLE: Markup = new Markup(`
:root { color-scheme: light dark; --background: #fff; --text: #1c1c1c; --quiet: #5f5f5f; --rule: #dcdcdc;
  --correct: 0 103 165; --incorrect: 214 90 10; --bar: #b84300; --bar-correct: #0067a5; }
@media screen and (prefers-color-scheme: dark) { :root { --background: #16181b; --text: #ececec; --quiet: #a9a9a9;
  --rule: #3a3d42; --correct: 60 140 200; --incorrect: 220 110 40; --bar: #ff9d5c; --bar-correct: #6bb8f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 74rem; background: var(--background); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--rule); }
p { margin: .5rem 0; max-width: 44rem; }
.quiet { color: var(--quiet); }
.figures { display: flex; flex-wrap: wrap; gap: .5rem 3rem; margin: 1rem 0; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dt { color: var(--quiet); }
.figures dd { margin: 0; font-size: 1.8rem; font-weight: 600; line-height: 1.2; }
.figures small { font-size: .9rem; font-weight: 400; display: block; }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 33rem), 1fr)); gap: 0 2rem; }
svg.chart { width: 100%; max-width: 30rem; height: auto; }
section { min-width: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .5rem; text-align: right; white-space: nowrap; }
thead th { font-weight: 600; border-bottom: 1px solid var(--rule); }
.confusion th, .confusion td { padding: .25rem .3rem; }
.confusion td { min-width: 2.5rem; border: 1px solid var(--background); }
.confusion .correct { background: rgb(var(--correct) / var(--opacity)); }
.confusion .incorrect { background: rgb(var(--incorrect) / var(--opacity)); }
.confusion .none { color: var(--quiet); }
img { image-rendering: pixelated; vertical-align: bottom; }
.units { display: flex; flex-wrap: wrap; gap: 4px; margin: .5rem 0; }
.units img { width: 56px; outline: 1px solid var(--rule); }
.scale { display: flex; align-items: center; gap: .5rem; }
.scale img { width: 10rem; height: .8rem; outline: 1px solid var(--rule); }
.misclassified { list-style: none; margin: .5rem 0; padding: 0; display: grid; gap: 1.25rem 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); }
.misclassified li { display: flex; gap: .75rem; break-inside: avoid; }
.misclassified img { width: 84px; align-self: flex-start; filter: invert(1); }
@media screen and (prefers-color-scheme: dark) { .misclassified img { filter: none; } }
.misclassified p { margin: 0; line-height: 1.25; }
.misclassified dl { margin: .25rem 0 0; display: grid; grid-template-columns: auto 4rem auto; gap: 0 .4rem;
  align-items: center; font-size: .85rem; font-variant-numeric: tabular-nums; }
.misclassified dl div { display: contents; }
.misclassified dt { text-align: right; }
.misclassified dd { margin: 0; display: contents; }
.misclassified i { height: .6rem; background: var(--bar); width: calc(max(1px, var(--share) * 100%)); }
.misclassified .label { font-weight: 600; } .misclassified .label i { background: var(--bar-correct); }
.facts th { text-align: left; font-weight: 400; color: var(--quiet); white-space: nowrap; vertical-align: top; }
.facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
@media print, (max-width: 30rem) { th, td { padding: .25rem .3rem; font-size: .85rem; }
  .confusion th, .confusion td { min-width: 0; padding: .3rem .1rem; font-size: .7rem; } }
@media screen and (max-width: 30rem) { .facts th, .facts td { display: block; padding: 0; }
  .facts td { margin-bottom: .5rem; } }
@media print { body { max-width: none; padding: 0; font-size: .8rem; print-color-adjust: exact; }
  .row { grid-template-columns: 1fr 1fr; } .scroll { overflow: visible; } h2 { break-after: avoid; }
  tr, svg, .units, .figures { break-inside: avoid; } }
${CHART_STYLE}`);
