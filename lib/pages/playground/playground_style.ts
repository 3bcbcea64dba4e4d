// Style sheet of the playground: that of the page of `summary` and more, from a phone's width up.
import { TRAIN_STYLE } from "./train/train_style.ts";

/** The style sheet of the views that are not components yet. */
export const OLD_STYLE: string =
  `@property --activation { syntax: "<number>"; inherits: false; initial-value: 0; }
@property --share { syntax: "<number>"; inherits: false; initial-value: 0; }
@media screen and (prefers-color-scheme: dark) { .ink { filter: invert(1); --rule: #c5c2bd; } }
body { max-width: 96rem; } main > :not(.step, .why, .break) { max-width: 72rem; margin-inline: auto; }
h2 { margin: 0 0 .5rem; padding: 0; border: 0; }
/* the script shows the page at once and whole, so that nothing moves */
@media (scripting: enabled) { .starting main { visibility: hidden; } }
.frame { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; margin-bottom: 1rem; padding-bottom: .5rem;
  border-bottom: 1px solid var(--rule); }
.frame h1 { margin: 0; font-size: 1.25rem; }
.frame nav { display: flex; flex-wrap: wrap; gap: .25rem; }
.frame nav a { display: flex; align-items: center; min-width: 2.75rem; min-height: 2.75rem; padding: .25rem .9rem; border-radius: 6px;
  color: inherit; text-decoration: none; }
.frame nav a:not([aria-current]):hover { background: var(--rule); }
.frame nav [aria-current] { background: var(--bar-correct); color: var(--background); font-weight: 600; }
.frame p { flex: 1 1 8rem; min-width: 0; max-width: none; margin: 0; overflow-wrap: anywhere; text-align: right; font-size: .9rem; }
.languages { display: flex; gap: .25rem; margin-left: auto; }
.languages button { border: 0; padding: .25rem .5rem; min-width: 2.75rem; }
.languages [aria-pressed="true"] { font-weight: 700; text-decoration: underline; text-underline-offset: .3em; }
section { margin: 0 0 2rem; }
canvas { display: block; image-rendering: pixelated; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.error { color: var(--bar); font-weight: 600; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--bar-correct); outline-offset: 2px; }
.columns { display: grid; gap: 0 2.5rem; grid-template-columns: minmax(0, 1fr); scroll-margin: 1rem; }
@media (min-width: 48rem) { .columns { grid-template-columns: minmax(0, 26rem) minmax(0, 1fr); }
  .hidden-units { grid-column: 1 / -1; } }
@media (min-width: 70rem) { .columns { grid-template-columns: minmax(0, 28rem) minmax(0, 1fr) 22.75rem; }
  .hidden-units { grid-column: auto; } }
.canvas { position: relative; max-width: 28rem; max-width: min(28rem, 80svh); overflow: hidden; border: 1px solid var(--quiet); border-radius: 6px; }
.canvas:has(:focus-visible) { outline: 3px solid var(--bar-correct); outline-offset: 2px; }
.canvas canvas { width: 100%; height: auto; touch-action: none; cursor: crosshair; image-rendering: auto;
  user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; }
.canvas canvas:focus-visible { outline: none; }
.pen { position: absolute; border: 2px solid var(--bar-correct); border-radius: 50%; translate: -50% -50%;
  pointer-events: none; }
.pen.down { background: rgb(var(--correct)); }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }
button, input { min-height: 2.75rem; padding: .25rem 1rem; font: inherit; color: inherit; background: var(--background);
  border: 1px solid var(--quiet); border-radius: 6px; }
button { cursor: pointer; }
@media (hover: hover) { button:hover { border-color: var(--bar-correct); color: var(--bar-correct); } }
button:disabled { border-color: var(--rule); color: var(--quiet); cursor: default; }
kbd { font: inherit; font-size: .9em; padding: 0 .3em; border: 1px solid var(--rule); border-radius: 4px; white-space: nowrap; }
.hint { font-size: .9rem; }
.result { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: .5rem 1rem;
  margin-bottom: 1rem; }
.result p { margin: 0; }
.predicted { flex: 1 1 5rem; font-size: 1.1rem; line-height: 1.2; }
.predicted span { white-space: nowrap; }
.predicted strong { display: block; font-size: 4rem; line-height: 1; }
figure { margin: 0; }
figcaption { font-size: .9rem; color: var(--quiet); }
.input { width: min(8.75rem, 36vw); flex: none; }
.input canvas { width: 100%; height: auto; outline: 1px solid var(--rule); margin-bottom: .25rem; }
.bars { list-style: none; margin: 0; padding: 0; font-variant-numeric: tabular-nums; }
.bars li { display: grid; grid-template-columns: .75rem 1.25rem 1fr 5.75rem; gap: .4rem; align-items: center; line-height: 1.75rem; }
.bars li::before { content: ""; }
.bars .largest { font-weight: 700; }
.bars .largest::before { content: "▶"; font-size: .7rem; color: var(--bar-correct); }
.bars b { font-weight: inherit; text-align: right; }
.bars i { height: 1rem; width: calc(var(--share, 0) * 100%); background: var(--bar); border-radius: 2px; }
.bars .largest i { background: var(--bar-correct); }
.bars span { text-align: right; white-space: nowrap; }
.unit { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin-bottom: 1rem; }
.unit > div { flex: 1 1 9rem; min-width: 0; }
.unit canvas.weights { width: min(8.75rem, 36vw); flex: none; align-self: flex-start; outline: 1px solid var(--rule); }
.unit p { margin: 0 0 .25rem; }
.unit .scale canvas { width: 100%; max-width: 10rem; height: .8rem; outline: 1px solid var(--rule); }
.unit .ends { display: flex; justify-content: space-between; max-width: 10rem; font-size: .9rem; }
.cells { display: grid; grid-template-columns: repeat(auto-fill, minmax(2.75rem, 1fr)); max-height: 28.5rem;
  overflow-y: auto; padding: 3px; margin: 0 -3px; scrollbar-width: thin; }
.cells [role="option"] { min-height: 2.75rem; cursor: pointer; border: 1px solid var(--background); border-radius: 4px;
  background: rgb(var(--correct) / var(--activation, 0)); box-shadow: inset 0 0 0 1px var(--rule); }
.cells [role="option"]:hover { border-color: var(--quiet); }
.cells [aria-selected="true"] { outline: 3px solid var(--bar); outline-offset: -3px; box-shadow: inset 0 0 0 5px var(--background); }
.gallery { max-height: 12.5rem; }
.gallery [role="option"] { padding: 3px; background: none; box-shadow: none; }
.gallery canvas { width: 100%; height: auto; }
/* narrow: the prediction is above the drawing hand, and both are visible at once */
@media (max-width: 47.99rem) { .prediction { display: contents; } #drawing-title, #prediction-title { position: absolute; clip-path: inset(50%); }
  .frame nav { flex: 1 1 auto; min-width: 0; } .frame p { text-align: left; } .result { order: -1; align-items: center; margin-bottom: .75rem; }
  .predicted strong { font-size: 3rem; } .bars { margin-bottom: 2rem; }
  .input { width: auto; max-width: 100%; display: flex; flex-flow: row-reverse wrap; align-items: center; gap: .75rem; }
  .input canvas { width: 5rem; margin: 0; } figcaption { max-width: 5rem; text-align: right; line-height: 1.25; }
  .unit { position: sticky; top: 0; z-index: 1; padding: .5rem 0; background: var(--background); } }
@media (max-width: 24rem) { .frame h1 { position: absolute; clip-path: inset(50%); } .frame p { flex-basis: 6rem; } }
@media (pointer: coarse) { .keys { display: none; } .canvas:has(:focus-visible) ~ .keys { display: block; } }
form { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin: .75rem 0; }
label { display: flex; flex-direction: column; gap: .25rem; font-size: .9rem; color: var(--quiet); }
input { width: 8rem; color: var(--text); font-size: 1rem; padding: .25rem .5rem; }
${TRAIN_STYLE}
[hidden] { display: none !important; }
@media (forced-colors: active) { .canvas, .input canvas, .weights, .scale canvas, .cells [role="option"], .bars i
  { forced-color-adjust: none; } }
`;
