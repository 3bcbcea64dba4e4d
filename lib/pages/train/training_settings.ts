// The settings of a training in the page, with the rules of the command line.
import { parseNumber, type Setting, SETTINGS, type Settings } from "../../training/settings.ts";
import type { Text } from "../../text/layout.ts";

/** The settings of a training: all that a network depends on, besides the images. */
export type Hyperparameters = Omit<Settings, "epochs">;

/** The name of a setting. */
export type SettingName = keyof Hyperparameters;

/** The rows of the settings that the page offers, in its order. */
export const PAGE_SETTINGS = SETTINGS.filter(({ address }) => address !== undefined) as readonly (
  & Setting
  & { readonly name: SettingName; readonly address: string }
)[];

/** Why a setting is refused, and what users are told of it. */
export interface Refusal extends Pick<Setting, "words"> {
  readonly name: SettingName;
  readonly reason: Text;
}

/** The number that a text sets, or why it is refused: the command line says the same. */
export function parseSetting(name: SettingName, text: string): number | Refusal {
  const { range, words } = PAGE_SETTINGS.find((setting) => setting.name === name)!;
  const { needed: { en, ja } } = range;
  const reason = { en: `Must be ${en}`, ja: `${ja}を指定する` };
  return parseNumber(text, range) ?? { name, words, reason };
}

/** The settings that texts set, for so many images, or why the first invalid one is refused. */
export function parseSettings(
  texts: Readonly<Record<SettingName, string>>,
  images: number,
): Hyperparameters | Refusal {
  const parsed = PAGE_SETTINGS.map(({ name }) => [name, parseSetting(name, texts[name].trim())]);
  const refusal = parsed.find(([, number]) => typeof number !== "number")?.[1];
  if (refusal) return refusal as Refusal;
  const settings = Object.fromEntries(parsed) as Hyperparameters;
  if (settings.batchSize <= images) return settings;
  const { name, words } = PAGE_SETTINGS.find(({ name }) => name === "batchSize")!;
  const reason = {
    en: `there are ${images} train images`,
    ja: `訓練画像は ${images} 枚しかない`,
  };
  return { name, words, reason };
}

/** Whether two trainings have the same settings. */
export function sameHyperparameters(a: Hyperparameters, b: Hyperparameters): boolean {
  return PAGE_SETTINGS.every(({ name }) => a[name] === b[name]);
}
