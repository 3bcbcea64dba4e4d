// The settings of a training in the page, with the rules of the command line.
import { parseNumber, type Setting, SETTINGS, type Settings } from "../../training/settings.ts";
import { t } from "../../text/layout.ts";

/** The settings of a training: all that a network depends on, besides the images. */
export type Hyperparameters = Omit<Settings, "epochs">;

/** The name of a setting. */
export type SettingName = keyof Hyperparameters;

/** The rows of the settings that the page offers, in its order. */
export const PAGE_SETTINGS = SETTINGS.filter(({ address }) => address !== undefined) as readonly (
  & Setting
  & { readonly name: SettingName; readonly address: string }
)[];

/** The settings at first. */
export const DEFAULTS = Object.fromEntries(
  PAGE_SETTINGS.map((setting) => [setting.name, setting.default]),
) as Hyperparameters;

/** A text for each field. */
export function textsOf(settings: Hyperparameters) {
  const texts = PAGE_SETTINGS.map(({ name }) => [name, `${settings[name]}`]);
  return Object.fromEntries(texts) as Readonly<Record<SettingName, string>>;
}

/** The number that a text sets, or why it is refused: the command line says the same. */
export function parseSetting(name: SettingName, text: string) {
  const { range, words } = PAGE_SETTINGS.find((setting) => setting.name === name)!;
  const reason = t(`Must be ${range.needed.en}`, `${range.needed.ja}を指定する`);
  return parseNumber(text, range) ?? { name, words, reason };
}

/** The settings that texts set, for so many images, or why the first invalid one is refused. */
export function parseSettings(texts: Readonly<Record<SettingName, string>>, images: number) {
  const settings: Partial<Record<SettingName, number>> = {};
  for (const { name, words } of PAGE_SETTINGS) {
    const number = parseSetting(name, texts[name].trim());
    if (typeof number !== "number") return number;
    if (name === "batchSize" && number > images) {
      const reason = t(`there are ${images} train images`, `訓練画像は ${images} 枚しかない`);
      return { name, words, reason };
    }
    settings[name] = number;
  }
  return settings as Hyperparameters;
}

/** Whether two trainings have the same settings. */
export function sameHyperparameters(a: Hyperparameters, b: Hyperparameters): boolean {
  return PAGE_SETTINGS.every(({ name }) => a[name] === b[name]);
}
