// The settings of a training in the page, with the rules of the command line.
import {
  eachSetting,
  parseNumber,
  type Setting,
  type SettingName as AnySettingName,
  SETTINGS,
  type Settings,
} from "../../training/settings.ts";
import type { Text } from "../../text/layout.ts";

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

/** Why a setting is refused. */
export interface Refusal {
  readonly name: SettingName;
  /** What users are told of the setting. */
  readonly setting: Text;
  readonly reason: Text;
}

/** The number that a text sets, or why it is refused: the command line says the same. */
export function parseSetting(name: SettingName, text: string): number | Refusal {
  const { range, words: setting } = PAGE_SETTINGS.find((setting) => setting.name === name)!;
  const { needed: { en, ja } } = range;
  const reason = { en: `Must be ${en}`, ja: `${ja}を指定する` };
  return parseNumber(text, range) ?? { name, setting, reason };
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
    ({ name }) => parseSetting(name as SettingName, texts[name as SettingName].trim()),
    PAGE_SETTINGS,
  );
  const refusal = Object.values(parsed).find((number) => typeof number !== "number");
  if (refusal !== undefined) return refusal as Refusal;
  const settings = parsed as Hyperparameters;
  if (settings.batchSize <= images) return settings;
  const { name, words: setting } = PAGE_SETTINGS.find(({ name }) => name === "batchSize")!;
  const reason = {
    en: `there are ${images} train images`,
    ja: `訓練画像は ${images} 枚しかない`,
  };
  return { name, setting, reason };
}

/** Whether two trainings have the same settings. */
export function sameHyperparameters(a: Hyperparameters, b: Hyperparameters): boolean {
  return SETTING_NAMES.every((name) => a[name] === b[name]);
}
