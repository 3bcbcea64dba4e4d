// What the page shows, as the fragment of its address: a link, a bookmark or an iframe shows the
// same again.
import { MAX_SEED } from "../random/random_state.ts";
import { REPORT_SETTINGS, STEP, STEP_INPUTS } from "../../mod.ts";
import type { PerAxis } from "../explain/explained_step.ts";
import { CUTS } from "../explain/weight_path.ts";
import type { MatrixSymbol } from "../network/step.ts";
import { fromBase64, toBase64 } from "../formats/base64.ts";
import { eachSetting, integers, parseNumber, POSITIVE, SETTINGS } from "../training/settings.ts";
import type { Range, Settings } from "../training/settings.ts";

/** The views, in the order of the page's navigation; the page opens with the first. */
export const VIEWS = ["why", "draw", "step", "train", "break", "diagnose"] as const;
export type ViewName = typeof VIEWS[number];

/** The stops of Why, in their order. */
export const STOPS = ["forward", "loss", "backward", "stamp", "update"] as const;
export type Stop = typeof STOPS[number];

/** The quantities that can be shown: all but the labels and the learning rate. */
export const SHOWN_SYMBOLS: readonly MatrixSymbol[] = [...STEP_INPUTS, ...STEP]
  .map(({ symbol }) => symbol).filter((symbol) => symbol !== "labels" && symbol !== "η");

/** The most images of a batch, and updates before the step that is shown. */
export const MAX_BATCH = 16;
export const MAX_UPDATES = 100;

/** The most batches of a training in an address, which takes some seconds to do again. */
export const MAX_LINKED_BATCHES = 2000;

/** The largest learning rate of the step: with a much larger one its numbers are not finite. */
export const MAX_RATE = 1e6;

/** The least and the greatest step of Why's differences. */
export const MIN_H = 1e-6, MAX_H = 1;

/** A part of the state: how it is read from an address, and written there. */
type Field<Value> = ReturnType<typeof one<Value>>;

/** One value of an address; the initial one is not written, and stands for what is not valid. */
function one<Value>(
  name: string,
  parse: (text: string) => Value | undefined,
  initial: Value,
  format: (value: NonNullable<Value>) => unknown = String,
) {
  return {
    read: (address: URLSearchParams): Value => parse(address.get(name) ?? "") ?? initial,
    write: (value: Value): (readonly [name: string, value: unknown])[] =>
      value == null || value === initial ? [] : [[name, format(value)]],
  };
}

/** The values of several fields, without those that are undefined. */
function group<Values>(fields: { readonly [Name in keyof Values]: Field<Values[Name]> }) {
  const all = Object.entries(fields) as [keyof Values, Field<unknown>][];
  return {
    read: (address: URLSearchParams) =>
      Object.fromEntries(
        all.map(([name, { read }]) => [name, read(address)])
          .filter(([, value]) => value !== undefined),
      ) as Readonly<Values>,
    write: (values: Values) => all.flatMap(([name, { write }]) => write(values[name])),
  };
}

const number = (range: Range) => (text: string) => parseNumber(text, range);
const oneOf = <const T extends string>(all: readonly T[]) => (text: string) =>
  all.find((one) => one === text);

const place = (name: string) => one(name, number(integers(0, 2 ** 31)), undefined);
const PLACES = group({ D: place("pixel"), M: place("unit"), K: place("class"), B: place("image") });

/** A network that was trained on the page: training it again gives the same one. */
export type TrainedNetwork = Omit<Settings, "epochs"> & { readonly batches: number };

const TRAINED = group(
  {
    batches: one("trained", number(integers(0, MAX_LINKED_BATCHES)), undefined),
    ...eachSetting(
      ({ address, range, default: report }) => one(address!, number(range), report),
      SETTINGS.filter(({ address }) => address !== undefined),
    ),
  } as { [Name in keyof TrainedNetwork]: Field<TrainedNetwork[Name]> },
);

/** What the page shows, in the order of the address. */
const STATE = group({
  view: { ...one("view", oneOf(VIEWS), VIEWS[0]), write: (view) => [["view", view]] },
  stop: one("stop", oneOf(STOPS), "backward"),
  /** The factor that Why leaves out. */
  cut: one("cut", oneOf(CUTS.map(({ id }) => id)), undefined),
  /** The step of Why's differences. */
  h: one("h", number({ ...POSITIVE, min: MIN_H, max: MAX_H }), 0.01),
  /** The id of the mistake of Break; undefined is the first one. */
  mistake: one("mistake", (text) => text || undefined, undefined),
  /** The quantity of Step. */
  quantity: one("quantity", oneOf(SHOWN_SYMBOLS), "A1"),
  /** The entry that is looked at; the step chooses what is not given. */
  focus: PLACES as Field<Partial<PerAxis>>,
  example: one("example", number(integers(0)), undefined),
  /** The drawing as the network's input, a byte for each pixel; with an example there is none. */
  drawing: one("drawing", bytesOf, undefined, toBase64),
  /** The class that the drawing is to be. */
  label: one("label", number(integers(0, 255)), 0),
  /** The number of images in the batch: the example or drawing and those that follow. */
  batch: one("batch", number(integers(1, MAX_BATCH)), 1),
  /** The network trained on the page, if there is one and it can be in an address. */
  trained: {
    read: (address) => {
      const trained = TRAINED.read(address);
      return "batches" in trained ? trained : undefined;
    },
    write: (trained) => trained ? TRAINED.write(trained) : [],
  } as Field<TrainedNetwork | undefined>,
  /** The seed of the network of Why and Step before any training; undefined is the page's. */
  seed: one("seed", number(integers(0, MAX_SEED)), undefined),
  /** The learning rate of the step, and the number of updates before it. */
  rate: one("rate", number({ ...POSITIVE, max: MAX_RATE }), REPORT_SETTINGS.learningRate),
  updates: one("updates", number(integers(0, MAX_UPDATES)), 0),
  /** That of the browser if undefined. */
  language: one("lang", oneOf(["en", "ja"]), undefined),
});

/** What the page shows. */
export type PageState = ReturnType<typeof STATE.read>;

/** Reads the fragment of an address, with or without `#`. What is not valid is left out. */
export function parseState(fragment: string): PageState {
  return STATE.read(new URLSearchParams(fragment.replace(/^#/, "")));
}

/** What the page shows at first. */
export const INITIAL_STATE: PageState = parseState("");

/** The fragment of a state, without `#`: what is as at first is left out. */
export function formatState(state: PageState): string {
  return STATE.write(state)
    .map(([name, value]) => `${name}=${encodeURIComponent(`${value}`).replaceAll("%2F", "/")}`)
    .join("&");
}

/** A state that a page with these examples can show: with an example or a drawing, or neither. */
export function validState(
  state: PageState,
  { count, inputs }: { readonly count: number; readonly inputs: number },
): PageState {
  const example = (state.example ?? count) < count ? state.example : undefined;
  const isDrawn = example === undefined && state.drawing?.length === inputs;
  const rate = Math.min(state.rate, MAX_RATE);
  return { ...state, example, drawing: isDrawn ? state.drawing : undefined, rate };
}

/** The bytes of a base64 text, if it has any. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = fromBase64(text);
    return bytes.length > 0 ? bytes : undefined;
  } catch {
    return undefined;
  }
}
