// Texts of what all views of the playground share.
import type { Text } from "../../../text/layout.ts";

/** The texts by their names. */
export const FRAME_TEXTS = {
  "views": { en: "Views", ja: "表示" },
  "view.why": { en: "Why?", ja: "なぜ？" },
  "view.draw": { en: "Draw", ja: "描く" },
  "view.step": { en: "Step", ja: "計算" },
  "view.train": { en: "Train", ja: "学習" },
  "view.break": { en: "Break", ja: "壊す" },
  "network": { en: "Network", ja: "ネットワーク" },
  "network.report": { en: "the report's parameters", ja: "レポートのパラメータ" },
  "network.trained": {
    en: "the network trained on this page",
    ja: "このページで学習したネットワーク",
  },
  "network.unsaved": {
    en: "{name} (a reload loses it: save it first)",
    ja: "{name}（再読み込みすると失われる。先に保存しておくこと）",
  },
  "network.unlinked": { en: "{name} (not in the link)", ja: "{name}（リンクには含まれない）" },
  "language": { en: "Language", ja: "言語" },
  "noscript": {
    en: "This page needs JavaScript, which is turned off.",
    ja: "このページには JavaScript が必要だが、無効になっている。",
  },
} satisfies Readonly<Record<string, Text>>;
