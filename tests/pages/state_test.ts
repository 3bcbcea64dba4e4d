// What the playground shows, as the fragment of its address.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  formatState,
  INITIAL_STATE,
  MAX_BATCH,
  MAX_H,
  MAX_LINKED_BATCHES,
  MAX_RATE,
  MAX_UPDATES,
  MIN_H,
  type PageState,
  parseState,
  SHOWN_SYMBOLS,
  STOPS,
  VIEWS,
} from "../../lib/pages/state.ts";
import { DEFAULT_SETTINGS } from "../../lib/training/settings.ts";
import { CUTS } from "../../lib/explain/weight_path.ts";
import { MAX_HIDDEN } from "../../lib/training/settings.ts";
import { MAX_SEED } from "../../lib/random/mt19937.ts";
import { MISTAKES } from "../../mod.ts";

const { epochs: _, ...REPORTS } = DEFAULT_SETTINGS;

Deno.test("example: parseState() reads a link, and formatState() writes it", () => {
  const link = "view=train&quantity=dW1&pixel=400&unit=3&example=8&seed=601&lang=ja";
  const state = parseState(`#${link}`);
  const { view, quantity, focus, example, seed, language } = state;
  deepStrictEqual(
    { view, quantity, focus, example, seed, language },
    {
      ...{ view: "train", quantity: "dW1", example: 8, seed: 601, language: "ja" },
      focus: { D: 400, M: 3 },
    },
  );
  strictEqual(formatState(state), link);
});

Deno.test("example: a link to Why has the weight, the stop and the factor that is left out", () => {
  const link = "view=why&stop=update&cut=1-y&h=0.5&pixel=400&unit=3&example=8";
  const { stop, cut, h } = parseState(link);
  deepStrictEqual([stop, cut, h], ["update", "1-y", 0.5]);
  strictEqual(formatState(parseState(link)), link);
  deepStrictEqual(parseState("stop=end&cut=z&h=0"), INITIAL_STATE);
});

Deno.test("example: parseState() reads the id of a mistake, and nothing else in its place", () => {
  const link = "view=break&mistake=W1'/wrong-sign";
  const { view, mistake } = parseState(link);
  deepStrictEqual([view, mistake], ["break", "W1'/wrong-sign"]);
  strictEqual(formatState(parseState(link)), link);
  for (const other of ["", "dA1", "<b>/x", "dA1/x y", "dA1/x/y"]) {
    strictEqual(parseState(`mistake=${encodeURIComponent(other)}`).mistake, undefined, other);
  }
});

Deno.test("example: formatState() leaves out what is as at first", () => {
  strictEqual(formatState(INITIAL_STATE), "view=why");
  deepStrictEqual(parseState(""), INITIAL_STATE);
});

Deno.test("example: the address has a trained network beside the seed and rate of Step", () => {
  const link = "view=train&trained=613&trained-rate=0.1&trained-units=30&seed=7&rate=0.5";
  const state = parseState(link), { trained, seed, rate } = state;
  const settings = { ...REPORTS, learningRate: 0.1, hidden: 30, batches: 613 };
  deepStrictEqual({ trained, seed, rate }, { trained: settings, seed: 7, rate: 0.5 });
  strictEqual(formatState(state), link);
  deepStrictEqual(parseState("trained=0").trained, { ...REPORTS, batches: 0 });
  for (
    const part of ["2001", "-1", "1&trained-rate=0", "1&trained-units=4097", "1&trained-seed="]
  ) {
    strictEqual(parseState(`trained=${part}`).trained, undefined, part);
  }
});

Deno.test("law: parseState() reads every state that formatState() writes", () => {
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
  const place = fc.nat(10_000);
  const states: fc.Arbitrary<PageState> = fc.record({
    view: fc.constantFrom(...VIEWS),
    language: maybe(fc.constantFrom("en" as const, "ja" as const)),
    example: maybe(fc.nat()),
    drawing: maybe(fc.uint8Array({ minLength: 1 }).map((bytes) => new Uint8Array(bytes))),
    label: fc.nat(255),
    batch: fc.integer({ min: 1, max: MAX_BATCH }),
    trained: maybe(fc.record({
      batchSize: fc.integer({ min: 1 }),
      learningRate: fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }),
      hidden: fc.integer({ min: 1, max: MAX_HIDDEN }),
      seed: fc.nat(MAX_SEED),
      batches: fc.nat(MAX_LINKED_BATCHES),
    }, { noNullPrototype: true })),
    seed: maybe(fc.nat(MAX_SEED)),
    rate: fc.double({ min: Number.MIN_VALUE, max: MAX_RATE, noNaN: true }),
    updates: fc.integer({ min: 0, max: MAX_UPDATES }),
    quantity: fc.constantFrom(...SHOWN_SYMBOLS),
    stop: fc.constantFrom(...STOPS),
    cut: maybe(fc.constantFrom(...CUTS.map(({ id }) => id))),
    h: fc.double({ min: MIN_H, max: MAX_H, noNaN: true }),
    mistake: maybe(fc.constantFrom(...MISTAKES.map(({ id }) => id))),
    focus: fc.record({ D: place, M: place, K: place, B: place }, {
      requiredKeys: [],
      noNullPrototype: true,
    }),
  }, { noNullPrototype: true }).map((state) => ({
    ...state,
    drawing: state.example === undefined ? state.drawing : undefined, // a link has one of them
  }));
  fc.assert(fc.property(states, (state) => {
    deepStrictEqual(parseState(`#${formatState(state)}`), state);
  }));
});

Deno.test("law: parseState() takes any text, and what it reads is valid", () => {
  const names = ["view", "lang", "batch", "updates", "seed", "rate", "unit", "drawing", "label"];
  const value = fc.oneof(fc.string(), fc.constantFrom("-1", "1e9", "99999999999", "NaN", "0x10"));
  const pair = fc.tuple(fc.constantFrom(...names), value);
  fc.assert(fc.property(fc.array(pair), (pairs) => {
    const text = pairs.map(([name, value]) => `${name}=${value}`).join("&");
    const { batch, updates, rate } = parseState(text);
    strictEqual(batch >= 1 && batch <= MAX_BATCH && updates <= MAX_UPDATES, true, text);
    strictEqual(rate > 0 && rate < Infinity, true, text);
  }));
  deepStrictEqual(parseState("view=nothing&batch=17&updates=101&rate=-1&seed=x"), INITIAL_STATE);
});
