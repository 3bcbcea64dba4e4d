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

/** A network that was trained on the page: training it again gives the same one. */
export type TrainedNetwork = Omit<Settings, "epochs"> & { readonly batches: number };

/** Those of its settings that an address holds. */
const TRAINED = SETTINGS.filter(({ address }) => address !== undefined);

/** What the page shows. */
export type PageState = ReturnType<typeof parseState>;

/**
 * Reads the fragment of an address, with or without `#`. What is not valid, or left out, is as at
 * first.
 */
export function parseState(fragment: string) {
  const address = new URLSearchParams(fragment.replace(/^#/, ""));
  const text = (name: string) => address.get(name) ?? "";
  const number = (name: string, range: Range) => parseNumber(text(name), range);
  const oneOf = <const T extends string>(name: string, all: readonly T[]) =>
    all.find((one) => one === text(name));
  const places = [["D", "pixel"], ["M", "unit"], ["K", "class"], ["B", "image"]].flatMap(
    ([axis, name]) => {
      const place = number(name!, integers(0, 2 ** 31));
      return place === undefined ? [] : [[axis, place]];
    },
  );
  const batches = number("trained", integers(0, MAX_LINKED_BATCHES));
  const settings = eachSetting(
    ({ address, range, default: report }) => number(address!, range) ?? report,
    TRAINED,
  );
  return {
    view: oneOf("view", VIEWS) ?? VIEWS[0],
    stop: oneOf("stop", STOPS) ?? "backward",
    /** The factor that Why leaves out. */
    cut: oneOf("cut", CUTS.map(({ id }) => id)),
    /** The step of Why's differences. */
    h: number("h", { ...POSITIVE, min: MIN_H, max: MAX_H }) ?? 0.01,
    /** The id of the mistake of Break; undefined is the first one. */
    mistake: text("mistake") || undefined,
    /** The quantity of Step. */
    quantity: oneOf("quantity", SHOWN_SYMBOLS) ?? "A1",
    /** The entry that is looked at; the step chooses what is not given. */
    focus: Object.fromEntries(places) as Partial<PerAxis>,
    example: number("example", integers(0)),
    /** The drawing as the network's input, a byte for each pixel; with an example there is none. */
    drawing: bytesOf(text("drawing")),
    /** The class that the drawing is to be. */
    label: number("label", integers(0, 255)) ?? 0,
    /** The number of images in the batch: the example or drawing and those that follow. */
    batch: number("batch", integers(1, MAX_BATCH)) ?? 1,
    /** The network trained on the page, if there is one and it can be in an address. */
    trained: batches === undefined ? undefined : { ...settings, batches } as TrainedNetwork,
    /** The seed of the network of Why and Step before any training; undefined is the page's. */
    seed: number("seed", integers(0, MAX_SEED)),
    /** The learning rate of the step, and the number of updates before it. */
    rate: number("rate", { ...POSITIVE, max: MAX_RATE }) ?? REPORT_SETTINGS.learningRate,
    updates: number("updates", integers(0, MAX_UPDATES)) ?? 0,
    /** That of the browser if undefined. */
    language: oneOf("lang", ["en", "ja"]),
  };
}

/** What the page shows at first. */
export const INITIAL_STATE: PageState = parseState("");

/** The fragment of a state, without `#`: but for the view, what is as at first is left out. */
export function formatState(state: PageState): string {
  const initial = valuesOf(INITIAL_STATE);
  return Object.entries(valuesOf(state))
    .filter(([name, value]) => name === "view" || value !== initial[name])
    .map(([name, value]) => `${name}=${encodeURIComponent(`${value}`).replaceAll("%2F", "/")}`)
    .join("&");
}

/** The values of a state by their names in an address. */
function valuesOf(
  { focus, drawing, trained, language, ...others }: PageState,
): Readonly<Record<string, string | number | undefined>> {
  const settings = TRAINED.map(({ name, address, default: report }) => {
    const value = trained?.[name as keyof TrainedNetwork];
    return [address, value === report ? undefined : value];
  });
  return {
    ...others,
    ...{ pixel: focus.D, unit: focus.M, class: focus.K, image: focus.B },
    drawing: drawing && toBase64(drawing),
    trained: trained?.batches,
    ...Object.fromEntries(settings),
    lang: language,
  };
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
