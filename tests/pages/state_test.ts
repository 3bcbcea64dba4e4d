// What the playground shows, as the fragment of its address.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { CUTS } from "../../lib/explain/weight_path.ts";
import {
  formatState,
  INITIAL_STATE,
  MAX_BATCH,
  MAX_H,
  MAX_LINKED_BATCHES,
  MAX_RATE,
  MAX_UPDATES,
  MIN_H,
  parseState,
  SHOWN_SYMBOLS,
  STOPS,
  validState,
  VIEWS,
} from "../../lib/pages/state.ts";
import { MAX_SEED } from "../../lib/random/mt19937.ts";
import { MAX_HIDDEN } from "../../lib/training/settings.ts";
import { MISTAKES } from "../../mod.ts";

const REPORT = { batchSize: 100, learningRate: 0.01, hidden: 80, seed: 601 };

Deno.test("example: parseState() reads a link, and formatState() writes it", () => {
  for (
    const [link, state] of [
      ["view=why", {}],
      [
        "view=step&quantity=dW1&pixel=400&unit=3&example=8&seed=601&lang=ja",
        {
          ...{ view: "step", quantity: "dW1", focus: { D: 400, M: 3 } },
          ...{ example: 8, seed: 601, language: "ja" },
        },
      ],
      [
        "view=why&stop=update&cut=1-y&h=0.5&pixel=400&unit=3",
        { stop: "update", cut: "1-y", h: 0.5, focus: { D: 400, M: 3 } },
      ],
      ["view=break&mistake=W1'/wrong-sign", { view: "break", mistake: "W1'/wrong-sign" }],
      [
        "view=train&trained=613&trained-rate=0.1&trained-units=30&seed=7&rate=0.5",
        {
          ...{ view: "train", seed: 7, rate: 0.5 },
          trained: { ...REPORT, learningRate: 0.1, hidden: 30, batches: 613 },
        },
      ],
    ] as const
  ) {
    deepStrictEqual(parseState(`#${link}`), { ...INITIAL_STATE, ...state });
    strictEqual(formatState(parseState(link)), link);
  }
});

Deno.test("example: parseState() leaves out what is not valid", () => {
  for (
    const text of [
      ...["", "view=nothing", "batch=17", "updates=101", "rate=-1", "rate=1e308", "seed=x"],
      ...["stop=end", "cut=z", "h=0", "mistake=", "mistake=<b>/x", "mistake=dA1/x y"],
      ...["mistake=dA1/x/y", "trained=2001", "trained=-1", "drawing=*", "label=256", "pixel=1.5"],
    ]
  ) deepStrictEqual(parseState(text), INITIAL_STATE, text);
  deepStrictEqual(
    parseState("trained=1&trained-rate=0&trained-units=4097&trained-seed=").trained,
    { ...REPORT, batches: 1 },
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

Deno.test("law: parseState() reads every state that formatState() writes", () => {
  const place = fc.nat(10_000), needed = { noNullPrototype: true } as const;
  const positive = { min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true };
  const trained = fc.record({
    batchSize: fc.integer({ min: 1 }),
    learningRate: fc.double(positive),
    hidden: fc.integer({ min: 1, max: MAX_HIDDEN }),
    seed: fc.nat(MAX_SEED),
    batches: fc.nat(MAX_LINKED_BATCHES),
  }, needed);
  const states = fc.record({
    view: fc.constantFrom(...VIEWS),
    language: fc.constantFrom("en" as const, "ja" as const),
    example: fc.nat(),
    drawing: fc.uint8Array({ minLength: 1 }).map((bytes) => new Uint8Array(bytes)),
    label: fc.nat(255),
    batch: fc.integer({ min: 1, max: MAX_BATCH }),
    trained,
    seed: fc.nat(MAX_SEED),
    rate: fc.double({ ...positive, max: MAX_RATE }),
    updates: fc.integer({ min: 0, max: MAX_UPDATES }),
    quantity: fc.constantFrom(...SHOWN_SYMBOLS),
    stop: fc.constantFrom(...STOPS),
    cut: fc.constantFrom(...CUTS.map(({ id }) => id)),
    h: fc.double({ min: MIN_H, max: MAX_H, noNaN: true }),
    mistake: fc.constantFrom(...MISTAKES.map(({ id }) => id)),
    focus: fc.record({ D: place, M: place, K: place, B: place }, { ...needed, requiredKeys: [] }),
  }, { ...needed, requiredKeys: [] });
  fc.assert(fc.property(states, (changes) => {
    const state = { ...INITIAL_STATE, ...changes };
    deepStrictEqual(parseState(`#${formatState(state)}`), state);
  }));
});

Deno.test("law: parseState() takes any text, and what it reads is valid", () => {
  const names = ["view", "lang", "batch", "updates", "seed", "rate", "unit", "drawing", "label"];
  const value = fc.oneof(fc.string(), fc.constantFrom("-1", "1e9", "99999999999", "NaN", "0x10"));
  const pair = fc.tuple(fc.constantFrom(...names), value).map((pair) => pair.join("="));
  fc.assert(fc.property(fc.array(pair), (pairs) => {
    const state = parseState(pairs.join("&")), { batch, updates, rate } = state;
    strictEqual(batch >= 1 && batch <= MAX_BATCH && updates <= MAX_UPDATES, true);
    strictEqual(rate > 0 && rate <= MAX_RATE, true);
    deepStrictEqual(parseState(formatState(state)), state);
  }));
});
