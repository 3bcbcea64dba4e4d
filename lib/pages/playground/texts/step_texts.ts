// Texts of the view that goes through a training step. The words about each quantity are those of
// `explain`, in lib/explain/.
import type { Text } from "../../../text/layout.ts";

/** The texts by their names. */
export const STEP_TEXTS = {
  "step": { en: "One training step", ja: "学習の 1 ステップ" },
  "player": { en: "Through the step", ja: "計算の進行" },
} satisfies Readonly<Record<string, Text>>;
