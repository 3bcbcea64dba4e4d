// Style sheet of the view in which one breaks a rule.
import { Markup } from "../../../charts/html.ts";

/** The style sheet of the view. */
export const BREAK_STYLE: Markup = new Markup(`
.break { display: grid; gap: .5rem 1.75rem; grid-template-columns: minmax(0, 1fr); padding-bottom: 4.5rem; margin-top: -.5rem; }
main > .break { max-width: none; margin-inline: 0; }
.break section { margin: 0; } .break h3 { margin: .5rem 0 .25rem; font-size: 1rem; }
.break p { margin: .25rem 0; }
.rules { min-width: 0; margin: .25rem 0; padding: 3px; border: 0; position: relative; }
.rule { position: relative; display: flex; flex-direction: row; gap: .6rem; align-items: center; min-height: 2.75rem; padding: .25rem .5rem;
  border: 1px solid transparent; border-radius: 6px; color: var(--text); line-height: 1.25; }
.rule input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; appearance: none; border: 0; background: none; cursor: pointer; }
.rule::before { content: ""; flex: none; box-sizing: border-box; width: 1.2rem; height: 1.2rem; border: 2px solid var(--quiet); border-radius: 50%; }
.rule:has(:checked) { border-color: var(--bar); background: rgb(var(--incorrect) / .1); }
.rule:has(:checked)::before { border-width: .35rem; border-color: var(--bar); }
.rule .mark { flex: none; width: 1rem; margin-left: auto; font-weight: 700; text-align: center; }
.rule sub, .card sub { font-size: .75em; line-height: 0; }
html:lang(ja) .bilingual > :lang(en), html:lang(en) .bilingual > :lang(ja) { display: none; }
.break-charts { max-width: 26.25rem; aspect-ratio: 420 / 550; } .break-charts svg { display: block; }
.break-outcome { min-height: 4.5rem; max-width: 26.25rem; }
.compared.right > span, .weight-row.right > span, .card.right strong { color: var(--bar-correct); }
.compared.broken > span, .weight-row.broken > span, .card.broken strong { color: var(--bar); }
.compared { display: grid; grid-template-columns: 3.5rem minmax(0, 1fr); align-items: center; gap: .5rem; margin-bottom: .25rem; }
.compared > span, .weight-row > span { font-size: .9rem; }
.compared > div { display: flex; flex-wrap: wrap; gap: 0 1.5rem; overflow-x: auto; overflow-y: hidden; } .compared p { margin: 0; padding: .15rem 0; }
.compared math { font-size: 1.25rem; math-style: normal; }
/* a line below or through an operator would make another one of it */
.lost, .added { padding: .15em; border: 1px solid var(--bar); border-radius: 4px; background: rgb(var(--incorrect) / .15); font-weight: 700; }
.lost .lost, .added .added { padding: 0; background: none; border: 0; }
.card { margin: .6rem 0; padding: .1rem 0 .1rem .75rem; border-left: 3px solid var(--bar-correct); font-size: .875rem; line-height: 1.4; overflow-wrap: anywhere; }
.card.broken { border-color: var(--bar); min-height: 11rem; } .card.right { min-height: 7.5rem; }
.card code { font-size: .85em; }
.weight-row { display: grid; grid-template-columns: 3.5rem minmax(0, 1fr); align-items: center; gap: .5rem; margin-bottom: .4rem; }
.weight-images { display: grid; grid-template-columns: repeat(6, minmax(0, 3.5rem)); gap: 5px; }
.weight-images canvas { width: 100%; height: auto; outline: 1px solid var(--rule); }
@media (min-width: 48rem) { .break { grid-template: auto 1fr / 15rem minmax(0, 1fr); } .break > :first-child { grid-row: 1 / 4; }
  .rules { max-height: max(15rem, 100svh - 17.5rem); overflow-y: auto; scrollbar-width: thin; } .rule { font-size: .85rem; min-height: 2.2rem; padding-block: .15rem; } }
@media (min-width: 62rem) { .break { grid-template: auto 1fr / 14rem minmax(0, 21.5rem) minmax(0, 1fr); }
  .break-equation { grid-column: 3; } .break-curves { grid-area: 1 / 2 / 3; } .break-proof { grid-column: 3; } }
@media (min-width: 75rem) { .break { grid-template-columns: 18rem minmax(0, 25rem) minmax(0, 1fr); } }
@media (max-width: 30rem) { .break .going button { padding: .25rem .6rem; } }
@media (pointer: coarse) { .rule { min-height: 2.75rem; } }
@media (forced-colors: active) { .rule:has(:checked) { outline: 2px solid; } }
`);
