// The words of the charts, in English and Japanese.
import { type Language, t, type Text } from "../text/layout.ts";
import type { Quality } from "../storage/history.ts";
import type { Settings } from "../training/settings.ts";

export type Measure = keyof Quality;

export const MEASURES: Readonly<Record<Measure, Text>> = {
  crossEntropy: t("Cross-entropy (nats)", "クロスエントロピー誤差（nat）"),
  accuracy: t("Accuracy (%)", "正解率（%）"),
};

export function thousands(count: number): string {
  return count.toLocaleString("en-US");
}

export function epochsWords(count: number, language: Language): string {
  const epochs = thousands(count);
  return t(count === 1 ? "1 epoch" : `${epochs} epochs`, `${epochs} エポック`)[language];
}

/** The settings of a run, as far as its file holds them. */
export interface RunSettings extends Partial<Settings> {
  /** D, M and K: inputs, hidden units and classes. */
  readonly network?: readonly [inputs: number, hidden: number, classes: number];
}
