// The words of the charts, in English and Japanese.
import { type Language, t, type Text } from "../text/layout.ts";
import type { Quality } from "../storage/history.ts";
import { type Settings, settingsIn } from "../training/settings.ts";

export type Measure = keyof Quality;

export const MEASURES: Readonly<Record<Measure, Text>> = {
  crossEntropy: t("Cross-entropy (nats)", "クロスエントロピー誤差（nat）"),
  accuracy: t("Accuracy (%)", "正解率（%）"),
};

/** The series of a run, as its history names them. */
export const SERIES_NAMES: Readonly<Record<"running" | "train" | "test", Text>> = {
  running: t("train, during epoch", "訓練（エポック中）"),
  train: t("train, after epoch", "訓練（エポック後）"),
  test: t("test, after epoch", "テスト（エポック後）"),
};

/** Of the axes: added to a logarithmic one, the name of that of the epochs, what a band is. */
export const LOGARITHMIC: Text = t(", logarithmic", "、対数目盛");
export const EPOCH: Text = t("epoch", "エポック");
export const BAND_NOTE: Text = t(
  " (line: mean, band: range of several epochs)",
  "（線: 数エポックの平均、帯: その範囲）",
);

/** A count as it is printed: 10,000. */
export function thousands(count: number): string {
  return count.toLocaleString("en-US");
}

export function epochsWords(count: number, language: Language): string {
  const epochs = thousands(count);
  return t(count === 1 ? "1 epoch" : `${epochs} epochs`, `${epochs} エポック`)[language];
}

/** The title of the curves of the epochs from `first` to `last`. */
export function titleWords(first: number, last: number, language: Language): string {
  const range = `${thousands(first)}${first === last ? "" : `–${thousands(last)}`}`;
  if (language === "ja") {
    return first === 1
      ? `${epochsWords(last, language)}のクロスエントロピー誤差と正解率`
      : `クロスエントロピー誤差と正解率（エポック ${range}）`;
  }
  const epochs = first === 1
    ? `over ${epochsWords(last, language)}`
    : `in ${first === last ? "epoch" : "epochs"} ${range}`;
  return `Cross-entropy and accuracy ${epochs}`;
}

/** "2.1 in epoch 1". */
export function valueWords(value: string, epoch: number, language: Language): string {
  return t(`${value} in epoch ${epoch}`, `エポック ${epoch} で ${value}`)[language];
}

/** The settings of a run, as far as its file holds them. */
export interface RunSettings extends Partial<Settings> {
  /** D, M and K: inputs, hidden units and classes. */
  readonly network?: readonly [inputs: number, hidden: number, classes: number];
}

/** The settings as one line, empty if none is known. */
export function settingsWords(run: RunSettings, language: Language): string {
  const { network, epochs, ...settings } = run;
  const parts = [
    network?.join("-"),
    ...settingsIn(settings).map(([{ words }, value]) => `${words[language]} ${value}`),
    epochs && epochsWords(epochs, language),
  ];
  return parts.filter((part) => part).join({ en: ", ", ja: "、" }[language]);
}
