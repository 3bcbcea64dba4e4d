// Style sheet of the view in which a network is trained.
import { Markup } from "../../../charts/html.ts";

/** The style sheet. */
export const TRAIN_STYLE: Markup = new Markup(`
.wrong { color: var(--bar); font-weight: 600; }
.primary:not(:disabled) { background: var(--bar-correct); border-color: var(--bar-correct); color: var(--background); font-weight: 600; }
@media (hover: hover) { .primary:not(:disabled):hover { color: var(--background); filter: brightness(1.15); } }
.training form, .training .buttons { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 7.5rem), 1fr)); gap: .5rem .75rem; margin: .5rem 0; }
.training .buttons { gap: .5rem; }
.training form > p, .training .buttons { grid-column: 1 / -1; margin: 0; }
.training input { width: 100%; }
.training [aria-invalid="true"] { border: 2px solid var(--bar); }
.training .buttons button { word-break: keep-all; word-break: auto-phrase; overflow-wrap: anywhere; padding: .25rem .4rem; line-height: 1.2; }
#link-note { min-height: 2.7em; }
#training-status { min-height: 1.5rem; margin: 0 0 .25rem; }
.qualities th:first-child, .qualities td:first-child { width: 37%; }
.qualities th:nth-child(2) { width: 36%; }
.qualities { width: 100%; line-break: strict; overflow-wrap: anywhere; table-layout: fixed; font-size: .85rem; line-height: 1.3; }
.qualities th, .qualities td { padding: .2rem .25rem; white-space: normal; font-weight: 400; }
.qualities th { color: var(--quiet); }
.qualities thead th { border-bottom: 1px solid var(--rule); vertical-align: bottom; }
.qualities thead td { text-align: left; padding-left: 0; vertical-align: bottom; height: 2.7rem; border-bottom: 1px solid var(--rule); }
.qualities tbody th { text-align: left; padding-left: 0; }
.qualities tbody td { font-size: 1.15rem; font-weight: 600; }
#settings-note { min-height: 1.35em; }
#speed { min-height: 1.35rem; margin: .25rem 0 0; }
#correctness:empty { display: none; }
#correctness:not(:empty)::before { content: "✓ "; }
#correctness.wrong::before { content: "✗ "; }
#examples-correct { min-height: 1.5em; }
#guessing { min-height: 2.7em; margin: .25rem 0; line-height: 1.35; }
#guessing:not(.wrong) { color: var(--quiet); }
.curves { max-width: 20rem; aspect-ratio: 420 / 532; }
.curves svg { display: block; max-width: 100%; }
.progress .hint, .training .hint { font-size: .85rem; line-height: 1.35; }
.cells [data-answer] { position: relative; border-color: var(--bar); box-shadow: inset 0 0 0 1px var(--bar); }
.cells [data-answer]::after { content: attr(data-answer); position: absolute; right: 0; bottom: 0; padding: 0 .25rem; font-weight: 700;
  font-size: .8rem; line-height: 1.1rem; background: var(--bar); color: var(--background); border-radius: 3px 0 0; }
.columns .cells canvas { display: none; width: 100%; height: auto; }
[data-view="train"] .columns .cells canvas { display: block; }
[data-view="train"] .columns .cells [role="option"] { min-height: 0; aspect-ratio: 1; padding: 1px; background: none; }
[data-view="train"] .columns .cells [aria-selected="true"] { outline-offset: -2px; box-shadow: none; }
[data-view="train"] .probabilities { display: none; }
[data-view="train"] .predicted strong { font-size: 3rem; }
[data-view="train"] .input { width: 5.5rem; }
#correctness { font-size: .95rem; }
[data-view="train"] figcaption { display: none; }
[data-view="train"] .result { justify-content: flex-start; }
[data-view="train"] .hidden-units { grid-column: auto; }
@media (min-width: 48rem) { #correctness:empty { display: block; } #correctness { min-height: 1.5em; } }
@media (min-width: 40rem) { [data-view="train"] .columns { grid-template-columns: minmax(0, 17rem) minmax(0, 1fr);
    grid-template-rows: auto auto 1fr; gap: 0 1.5rem; }
  [data-view="train"] .progress { grid-area: 1 / 2 / 4 / 3; }
  [data-view="train"] .prediction { grid-area: 2 / 1; display: block; }
  [data-view="train"] .hidden-units { grid-column: 1 / -1; } }
@media (min-width: 61rem) { [data-view="train"] .columns { grid-template-rows: auto 1fr;
    grid-template-columns: minmax(0, 17rem) minmax(0, 1fr) minmax(0, 19.5rem); }
  [data-view="train"] .progress { grid-area: 1 / 2 / 3 / 3; }
  [data-view="train"] .hidden-units { grid-area: 1 / 3 / 3 / 4; }
  [data-view="train"] .columns .cells { grid-template-columns: repeat(auto-fill, minmax(2.1rem, 1fr)); } }
@media (min-width: 76rem) { [data-view="train"] .columns { grid-template-columns: minmax(0, 18rem) minmax(0, 1fr) minmax(0, 23rem); } }
@media (min-width: 76rem) and (min-height: 54rem), (max-width: 60.99rem) { .curves { max-width: 26rem; } }
@media (max-width: 47.99rem) { [data-view="train"] .result { order: 0; } }
`);
