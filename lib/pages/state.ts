// What the page shows, as the fragment of its address: a link, a bookmark or an iframe shows the
// same again.
import { MAX_SEED } from "../random/mt19937.ts";
import { REPORT_SETTINGS, STEP, STEP_INPUTS, type StepSymbol } from "../../mod.ts";
import type { PerAxis } from "../explain/explained_step.ts";
import { type Cut, CUTS } from "../explain/weight_path.ts";
import type { MatrixSymbol } from "../network/step.ts";
import { fromBase64, toBase64 } from "../formats/base64.ts";
import type { Language } from "../text/layout.ts";
import { type Hyperparameters, PAGE_SETTINGS, parseSetting } from "./train/training_settings.ts";

/** The views, in the order of the page's navigation; the page opens with the first. */
export const VIEWS = ["why", "draw", "step", "train", "break", "diagnose"] as const;

/** The name of a view. */
export type ViewName = typeof VIEWS[number];

/** The stops of Why, in their order. */
export const STOPS = ["forward", "loss", "backward", "stamp", "update"] as const;

/** A stop of Why. */
export type Stop = typeof STOPS[number];

/** The quantities that can be shown: all but the labels and the learning rate. */
export const SHOWN_SYMBOLS: readonly MatrixSymbol[] = [...STEP_INPUTS, ...STEP]
  .map(({ symbol }) => symbol as StepSymbol)
  .filter((symbol): symbol is MatrixSymbol => symbol !== "labels" && symbol !== "η");

/** The most images of a batch. */
export const MAX_BATCH = 16;

/** The largest learning rate of the step: with a much larger one its numbers are not finite. */
export const MAX_RATE = 1e6;

/** The most updates before the step that is shown. */
export const MAX_UPDATES = 100;

/** The least and the greatest step of Why's differences. */
export const MIN_H = 1e-6, MAX_H = 1;

/** The most batches of a training in an address, which takes some seconds to do again. */
export const MAX_LINKED_BATCHES = 2000;

/** A network that was trained on the page: training it again gives the same one. */
export interface TrainedNetwork extends Hyperparameters {
  /** The number of batches. */
  readonly batches: number;
}

/** What the page shows. */
export interface PageState {
  /** The view. */
  readonly view: ViewName;
  /** The language; that of the browser if undefined. */
  readonly language: Language | undefined;
  /** The example in the drawing area. */
  readonly example: number | undefined;
  /** The drawing as the network's input, a byte for each pixel, if there is no example. */
  readonly drawing: Uint8Array<ArrayBuffer> | undefined;
  /** The class that the drawing is to be. */
  readonly label: number;
  /** The number of images in the batch: the example or drawing and those that follow. */
  readonly batch: number;
  /** The network trained on the page, if there is one and it can be in an address. */
  readonly trained: TrainedNetwork | undefined;
  /** The seed of Step's network before any training; undefined is the page's network. */
  readonly seed: number | undefined;
  /** The learning rate of the step. */
  readonly rate: number;
  /** The number of updates, with the same batch, before the step. */
  readonly updates: number;
  /** The quantity of the step. */
  readonly quantity: MatrixSymbol;
  /** The id of the mistake in the broken network; undefined is the first one. */
  readonly mistake: string | undefined;
  /** The stop of Why. */
  readonly stop: Stop;
  /** The factor that Why leaves out. */
  readonly cut: Cut["id"] | undefined;
  /** The step of Why's differences. */
  readonly h: number;
  /** The entry of it, and of the others; what is not given is chosen by the step. */
  readonly focus: Partial<PerAxis>;
}

/** The axes by their names in the address. */
const AXES = [["pixel", "D"], ["unit", "M"], ["class", "K"], ["image", "B"]] as const;

/** The id of a mistake: a quantity and a name. */
const MISTAKE_ID = /^[A-Za-z]{1,8}\d?'?\/[\w+.-]{1,80}$/;

/** What the page shows at first. */
export const INITIAL_STATE: PageState = {
  view: VIEWS[0],
  language: undefined,
  example: undefined,
  drawing: undefined,
  label: 0,
  batch: 1,
  trained: undefined,
  seed: undefined,
  rate: REPORT_SETTINGS.learningRate,
  updates: 0,
  quantity: "A1",
  mistake: undefined,
  stop: "backward",
  cut: undefined,
  h: 0.01,
  focus: {},
};

/** Reads the fragment of an address, with or without `#`. What is not valid is left out. */
export function parseState(fragment: string): PageState {
  const values = new URLSearchParams(fragment.replace(/^#/, ""));
  const oneOf = <T extends string>(name: string, all: readonly T[]) =>
    all.find((one) => one === values.get(name));
  const integer = (name: string, min: number, max: number) => {
    const text = values.get(name) ?? "", value = Number(text);
    return /^\d{1,10}$/.test(text) && value >= min && value <= max ? value : undefined;
  };
  const rate = Number(values.get("rate")), h = Number(values.get("h"));
  const example = integer("example", 0, Number.MAX_SAFE_INTEGER), drawing = values.get("drawing");
  const axes = AXES.map(([name, axis]) => [axis, integer(name, 0, 2 ** 31)] as const);
  return {
    view: oneOf("view", VIEWS) ?? INITIAL_STATE.view,
    language: oneOf("lang", ["en", "ja"]),
    example,
    drawing: example === undefined && drawing !== null ? bytesOf(drawing) : undefined,
    label: integer("label", 0, 255) ?? INITIAL_STATE.label,
    batch: integer("batch", 1, MAX_BATCH) ?? INITIAL_STATE.batch,
    trained: trainedFrom(values, integer("trained", 0, MAX_LINKED_BATCHES)),
    seed: integer("seed", 0, MAX_SEED),
    rate: rate > 0 && rate <= MAX_RATE ? rate : INITIAL_STATE.rate,
    updates: integer("updates", 0, MAX_UPDATES) ?? INITIAL_STATE.updates,
    quantity: oneOf("quantity", SHOWN_SYMBOLS) ?? INITIAL_STATE.quantity,
    stop: oneOf("stop", STOPS) ?? INITIAL_STATE.stop,
    cut: oneOf("cut", CUTS.map(({ id }) => id)),
    h: h >= MIN_H && h <= MAX_H ? h : INITIAL_STATE.h,
    mistake: MISTAKE_ID.exec(values.get("mistake") ?? "")?.[0],
    focus: Object.fromEntries(axes.filter(([, place]) => place !== undefined)),
  };
}

/** A state without the example or the drawing that a page with these examples cannot show. */
export function validState(
  state: PageState,
  { count, inputs }: { readonly count: number; readonly inputs: number },
): PageState {
  return {
    ...state,
    example: state.example !== undefined && state.example < count ? state.example : undefined,
    drawing: state.drawing?.length === inputs ? state.drawing : undefined,
    rate: Math.min(state.rate, MAX_RATE),
  };
}

/** The fragment of a state, without `#`: what is as at first is left out. */
export function formatState(state: PageState): string {
  const { view, language, example, drawing, label, batch, seed, rate, updates } = state;
  const { trained, quantity, focus, mistake, stop, cut, h } = state;
  const values: readonly (readonly [string, string | number | undefined])[] = [
    ["view", view],
    ["stop", stop === INITIAL_STATE.stop ? undefined : stop],
    ["cut", cut],
    ["h", h === INITIAL_STATE.h ? undefined : h],
    ["mistake", mistake],
    ["quantity", quantity === INITIAL_STATE.quantity ? undefined : quantity],
    ...AXES.map(([name, axis]) => [name, focus[axis]] as const),
    ["example", example],
    ["drawing", example === undefined && drawing !== undefined ? textOf(drawing) : undefined],
    ["label", label === INITIAL_STATE.label ? undefined : label],
    ["batch", batch === INITIAL_STATE.batch ? undefined : batch],
    ["trained", trained?.batches],
    ...PAGE_SETTINGS.map(({ name, address, default: reports }) => {
      const value = trained?.[name];
      return [address, value === reports ? undefined : value] as const;
    }),
    ["seed", seed],
    ["rate", rate === INITIAL_STATE.rate ? undefined : rate],
    ["updates", updates === INITIAL_STATE.updates ? undefined : updates],
    ["lang", language],
  ];
  return values.filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join("&").replaceAll(
      "%2F",
      "/",
    );
}

/** The trained network of an address: settings that are not given are the report's. */
function trainedFrom(
  values: URLSearchParams,
  batches: number | undefined,
): TrainedNetwork | undefined {
  if (batches === undefined) return undefined;
  const settings = PAGE_SETTINGS.map(({ name, address, default: reports }) => {
    const text = values.get(address);
    return [name, text === null ? reports : parseSetting(name, text)] as const;
  });
  if (!settings.every(([, value]) => typeof value === "number")) return undefined;
  return { ...Object.fromEntries(settings) as unknown as Hyperparameters, batches };
}

/** Bytes in the characters that an address may have (RFC 4648, section 5). */
function textOf(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
}
