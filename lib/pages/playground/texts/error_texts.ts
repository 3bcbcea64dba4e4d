// Texts of the errors that the page words itself. The library's errors are in English.
import type { Text } from "../../../text/layout.ts";

/** The texts by their names. */
export const ERROR_TEXTS = {
  "error.load.script": { en: "Cannot load {file}", ja: "{file} を読み込めない" },
  "error.load.train": {
    en: "Cannot load the training images: {reason}",
    ja: "訓練画像を読み込めない（{reason}）",
  },
  "error.load.test": {
    en: "Cannot load the test images: {reason}",
    ja: "テスト画像を読み込めない（{reason}）",
  },
  "error.simd": {
    en: "Cannot train: this browser does not support WebAssembly SIMD",
    ja: "学習できない: このブラウザは WebAssembly SIMD に対応していない",
  },
} satisfies Readonly<Record<string, Text>>;
