// Texts of the view that goes through a training step. The words about each quantity are those of
// `explain`, in lib/explain/.
import type { Text } from "../../../text/layout.ts";

/** The texts by their names. */
export const STEP_TEXTS = {
  "step": { en: "One training step", ja: "学習の 1 ステップ" },
  "settings.initial": {
    en: "not trained yet, drawn with seed {seed}",
    ja: "学習前（シード {seed} の乱数）",
  },
  "field.range": { en: "{min} to {max}", ja: "{min} から {max} まで" },
} satisfies Readonly<Record<string, Text>>;
