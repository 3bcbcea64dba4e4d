/**
 * The settings of a training in the page, with the rules of the command line.
 *
 * @module
 */

import { MAX_HIDDEN } from "../../../storage/parameters_file.ts";
import { MAX_SEED } from "../../../random/mt19937.ts";
import { REPORT_SETTINGS } from "../../../../mod.ts";
import { parseInteger, parsePositive } from "../../../text/numbers.ts";
import type { TextName, TextValues } from "../texts/texts.ts";

/** The settings of a training: all that a network depends on, besides the images. */
export interface Hyperparameters {
  /** B, images in a batch. */
  readonly batchSize: number;
  /** η. */
  readonly learningRate: number;
  /** M, the number of hidden units. */
  readonly hidden: number;
  /** The seed that parameters and batches are drawn with. */
  readonly seed: number;
}

/** The name of a setting. */
export type SettingName = keyof Hyperparameters;

/** The settings in the order of the page. */
export const SETTING_NAMES = ["batchSize", "learningRate", "hidden", "seed"] as const;

/** The report's settings. */
export const REPORT_HYPERPARAMETERS: Hyperparameters = {
  batchSize: REPORT_SETTINGS.batchSize,
  learningRate: REPORT_SETTINGS.learningRate,
  hidden: REPORT_SETTINGS.hidden,
  seed: REPORT_SETTINGS.seed,
};

/** The least and the greatest value of the settings that are integers. */
const LIMITS = {
  batchSize: [1, Number.MAX_SAFE_INTEGER],
  hidden: [1, MAX_HIDDEN],
  seed: [0, MAX_SEED],
} as const satisfies Partial<Record<SettingName, readonly [min: number, max: number]>>;

/** Why a setting is refused, as a text of the page. */
export interface Refusal {
  readonly name: SettingName;
  readonly reason: TextName;
  readonly values: TextValues;
}

/** The number that a text sets, or why it is refused: the command line says the same. */
export function parseSetting(name: SettingName, text: string): number | Refusal {
  if (name === "learningRate") {
    return parsePositive(text) ?? { name, reason: "setting.positive", values: {} };
  }
  const [min, max] = LIMITS[name];
  return parseInteger(text, min, max) ??
    { name, reason: "setting.integer", values: { min, max } };
}

/**
 * The settings that texts set, or why the first invalid one is refused.
 *
 * @param images the number of training images
 */
export function parseSettings(
  texts: Readonly<Record<SettingName, string>>,
  images: number,
): Hyperparameters | Refusal {
  const numbers = SETTING_NAMES.map((name) => parseSetting(name, texts[name]));
  const refusal = numbers.find((number) => typeof number !== "number");
  if (refusal !== undefined) return refusal;
  const [batchSize, learningRate, hidden, seed] = numbers as [number, number, number, number];
  return batchSize > images
    ? { name: "batchSize", reason: "setting.images", values: { images } }
    : { batchSize, learningRate, hidden, seed };
}

/** Whether two trainings have the same settings. */
export function sameHyperparameters(a: Hyperparameters, b: Hyperparameters): boolean {
  return SETTING_NAMES.every((name) => a[name] === b[name]);
}
