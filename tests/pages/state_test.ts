// What the playground shows, as the fragment of its address.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { CUTS } from "../../lib/explain/weight_path.ts";
import {
  formatState,
  INITIAL_STATE,
  MAX_BATCH,
  MAX_H,
  MAX_RATE,
  MAX_UPDATES,
  MIN_H,
  type PageState,
  parseState,
  SHOWN_SYMBOLS,
  STOPS,
  validState,
  VIEWS,
} from "../../lib/pages/state.ts";
import { MISTAKES, REPORT_SETTINGS } from "../../mod.ts";

/** The settings of a link, which has no number of epochs. */
const { epochs: _, ...DEFAULTS } = REPORT_SETTINGS;

Deno.test("example: parseState() reads a link, and formatState() writes it", () => {
  const given = Object.entries(INITIAL_STATE).filter(([, value]) => value !== undefined);
  deepStrictEqual(Object.fromEntries(given), {
    ...{ view: "why", stop: "backward", h: 0.01, quantity: "A1", focus: {} },
    ...{ label: 0, batch: 1, rate: 0.01, updates: 0 },
  });
  const focus = { D: 400, M: 3 };
  const trained = { ...DEFAULTS, learningRate: 0.1, hidden: 30, batches: 613 };
  const links: Record<string, Partial<PageState>> = {
    "view=why": {},
    "view=why&stop=update&cut=1-y&h=0.5": { stop: "update", cut: "1-y", h: 0.5 },
    "view=step&quantity=dW1&pixel=400&unit=3": { view: "step", quantity: "dW1", focus },
    "view=draw&example=8&seed=601&lang=ja": { view: "draw", example: 8, seed: 601, language: "ja" },
    "view=draw&drawing=%2B/8A": { view: "draw", drawing: Uint8Array.of(251, 255, 0) },
    "view=break&mistake=W1'/wrong-sign": { view: "break", mistake: "W1'/wrong-sign" },
    "view=train&seed=7&rate=0.5&trained=613&trained-rate=0.1&trained-units=30": {
      ...{ view: "train", seed: 7, rate: 0.5, trained },
    },
  };
  for (const [link, state] of Object.entries(links)) {
    deepStrictEqual(parseState(`#${link}`), { ...INITIAL_STATE, ...state });
    strictEqual(formatState(parseState(link)), link);
  }
});

Deno.test("example: parseState() leaves out what is not valid", () => {
  const wrong = "view=nothing batch=17 batch=0 updates=101 rate=-1 rate=1e308 seed=x stop=end " +
    "cut=z h=0 mistake= trained=2001 trained=-1 " +
    "drawing=* drawing= drawing=%20 label=256 pixel=1.5";
  for (const text of wrong.split(" ")) deepStrictEqual(parseState(text), INITIAL_STATE, text);
  deepStrictEqual(
    parseState("trained=1&trained-rate=0&trained-units=4097&trained-seed=").trained,
    { ...DEFAULTS, batches: 1 },
  );
});

Deno.test("example: validState() leaves out what a page cannot show", () => {
  const data = { count: 20, inputs: 2 }, drawing = Uint8Array.of(1, 2), rate = MAX_RATE;
  const valid = (changes: object) => validState({ ...INITIAL_STATE, ...changes }, data);
  const nothing = { ...INITIAL_STATE, example: undefined, drawing: undefined };
  deepStrictEqual(valid({ example: 20, rate: 1e308 }), { ...nothing, rate });
  deepStrictEqual(valid({ drawing: Uint8Array.of(1) }), nothing);
  deepStrictEqual(valid({ drawing }), { ...nothing, drawing });
  deepStrictEqual(valid({ example: 19, drawing }), { ...nothing, example: 19 });
});

Deno.test("law: parseState() takes any text; what it reads is valid, and what formatState() writes of it is read again", () => {
  const names = [
    ...["view", "stop", "cut", "h", "mistake", "quantity", "pixel", "unit", "class", "image"],
    ...["example", "drawing", "label", "batch", "seed", "rate", "updates", "lang"],
    ...["trained", "trained-batch", "trained-rate", "trained-units", "trained-seed"],
  ];
  const words = [
    ...[...VIEWS, ...STOPS, ...SHOWN_SYMBOLS, "en", "ja", "NaN", "0x10", "1e3", "-1"],
    ...[...CUTS, ...MISTAKES].map(({ id }) => id),
  ];
  const pair = fc.tuple(
    fc.constantFrom(...names),
    fc.oneof(
      fc.string(),
      fc.constantFrom(...words),
      fc.nat(300).map(String),
      fc.double({ min: 0 }).map(String),
      fc.base64String({ minLength: 4 }),
    ),
  ).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 30 }), (pairs) => {
      const state = parseState(pairs.join("&")), { batch, updates, rate, h } = state;
      ok(batch >= 1 && batch <= MAX_BATCH && updates <= MAX_UPDATES);
      ok(rate > 0 && rate <= MAX_RATE && h >= MIN_H && h <= MAX_H);
      deepStrictEqual(parseState(`#${formatState(state)}`), state);
    }),
    { numRuns: 1000 },
  );
});
