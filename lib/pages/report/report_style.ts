/**
 * How the report's page looks: on a telephone and a wide screen, in light and dark, and on paper.
 *
 * @module
 */

import { CURVES_STYLE } from "../../charts/curves.ts";
import { Markup } from "../../charts/html.ts";

/** The page's style sheet. */
export const PAGE_STYLE: Markup = new Markup(`
:root { color-scheme: light dark; --page: #fff; --words: #1c1c1c; --quiet: #5f5f5f; --rule: #dcdcdc;
  --right: 0 103 165; --wrong: 214 90 10; --bar: #b84300; --bar-right: #0067a5; }
@media screen and (prefers-color-scheme: dark) { :root { --page: #16181b; --words: #ececec; --quiet: #a9a9a9;
  --rule: #3a3d42; --right: 60 140 200; --wrong: 220 110 40; --bar: #ff9d5c; --bar-right: #6bb8f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 74rem; background: var(--page); color: var(--words);
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
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 0 2rem; }
svg.curves { width: 100%; height: auto; }
section { min-width: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .5rem; text-align: right; white-space: nowrap; }
thead th { font-weight: 600; border-bottom: 1px solid var(--rule); }
.confusion td { min-width: 2.5rem; border: 1px solid var(--page); }
.confusion .right { background: rgb(var(--right) / var(--share)); }
.confusion .wrong { background: rgb(var(--wrong) / var(--share)); }
.confusion .none { color: var(--quiet); }
img { image-rendering: pixelated; vertical-align: bottom; }
.units { display: flex; flex-wrap: wrap; gap: 4px; margin: .5rem 0; }
.units img { width: 56px; outline: 1px solid var(--rule); }
.scale { display: flex; align-items: center; gap: .5rem; }
.scale img { width: 10rem; height: .8rem; outline: 1px solid var(--rule); }
.mistakes { list-style: none; margin: .5rem 0; padding: 0; display: grid; gap: 1.25rem 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); }
.mistakes li { display: flex; gap: .75rem; break-inside: avoid; }
.mistakes img { width: 84px; align-self: flex-start; filter: invert(1); }
@media screen and (prefers-color-scheme: dark) { .mistakes img { filter: none; } }
.mistakes p { margin: 0; line-height: 1.25; }
.mistakes dl { margin: .25rem 0 0; display: grid; grid-template-columns: auto 4rem auto; gap: 0 .4rem;
  align-items: center; font-size: .85rem; font-variant-numeric: tabular-nums; }
.mistakes dl div { display: contents; }
.mistakes dt { text-align: right; }
.mistakes dd { margin: 0; display: contents; }
.mistakes i { height: .6rem; background: var(--bar); width: calc(max(1px, var(--share) * 100%)); }
.mistakes .label { font-weight: 600; } .mistakes .label i { background: var(--bar-right); }
.facts th { text-align: left; font-weight: 400; color: var(--quiet); white-space: nowrap; vertical-align: top; }
.facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
@media print, (max-width: 30rem) { th, td { padding: .25rem .3rem; font-size: .85rem; }
  .confusion th, .confusion td { min-width: 0; padding: .3rem .2rem; font-size: .75rem; } }
@media screen and (max-width: 30rem) { .facts th, .facts td { display: block; padding: 0; }
  .facts td { margin-bottom: .5rem; } }
@media print { body { max-width: none; padding: 0; font-size: .8rem; print-color-adjust: exact; }
  .row { grid-template-columns: 1fr 1fr; } .scroll { overflow: visible; } h2 { break-after: avoid; }
  tr, svg, .units, .figures { break-inside: avoid; } }
${CURVES_STYLE}`);
