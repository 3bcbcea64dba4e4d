// The settings of a training in the page, with the rules of the command line.
import {
  eachSetting,
  parseNumber,
  type Setting,
  type SettingName as AnySettingName,
  SETTINGS,
  type Settings,
} from "../../../training/settings.ts";
import type { TextName, TextValues } from "../texts/texts.ts";

/** The settings of a training: all that a network depends on, besides the images. */
export type Hyperparameters = Omit<Settings, "epochs">;

/** The name of a setting. */
export type SettingName = Exclude<AnySettingName, "epochs">;

/** The rows of the settings that the page offers, in its order. */
export const PAGE_SETTINGS = SETTINGS.filter(({ address }) => address !== undefined) as readonly (
  & Setting
  & { readonly name: SettingName; readonly address: string }
)[];

/** Their names. */
export const SETTING_NAMES: readonly SettingName[] = PAGE_SETTINGS.map(({ name }) => name);

/** The report's settings. */
export const REPORT_HYPERPARAMETERS: Hyperparameters = eachSetting(
  (setting) => setting.default,
  PAGE_SETTINGS,
);

/** Why a setting is refused, as a text of the page. */
export interface Refusal {
  readonly name: SettingName;
  readonly reason: TextName;
  readonly values: TextValues;
}

/** The number that a text sets, or why it is refused: the command line says the same. */
export function parseSetting(name: SettingName, text: string): number | Refusal {
  const { range } = PAGE_SETTINGS.find((setting) => setting.name === name)!;
  return parseNumber(text, range) ?? { name, reason: `needed.${name}`, values: {} };
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
  const parsed = eachSetting(
    ({ name }) => parseSetting(name as SettingName, texts[name as SettingName]),
    PAGE_SETTINGS,
  );
  const refusal = Object.values(parsed).find((number) => typeof number !== "number");
  if (refusal !== undefined) return refusal as Refusal;
  const settings = parsed as Hyperparameters;
  return settings.batchSize > images
    ? { name: "batchSize", reason: "setting.images", values: { images } }
    : settings;
}

/** Whether two trainings have the same settings. */
export function sameHyperparameters(a: Hyperparameters, b: Hyperparameters): boolean {
  return SETTING_NAMES.every((name) => a[name] === b[name]);
}
