// Texts of the page of `summary`, in English and Japanese. What is strong is between asterisks.
import { Markup, markup } from "../../charts/html.ts";
import { fillText, type Language, type Text, type TextValues } from "../../text/layout.ts";

/** The texts by their names. */
export const REPORT_TEXTS = {
  "title": { en: "Summary: {name}", ja: "学習結果: {name}" },
  "summary": {
    en:
      "A network of {inputs} inputs, {hidden} hidden units and {classes} classes, on {count} test " +
      "images.",
    ja:
      "入力 {inputs} 個、隠れ層のユニット {hidden} 個、クラス {classes} 個のネットワークを、テスト画像 {count} " +
      "枚で評価した。",
  },
  "accuracy": { en: "test accuracy", ja: "テスト画像の正解率" },
  "accuracy.counts": { en: "{correct} of {count}", ja: "{count} 枚中 {correct} 枚" },
  "crossEntropy": { en: "test cross-entropy", ja: "テスト画像のクロスエントロピー誤差" },
  "crossEntropy.value": { en: "{value} nats", ja: "{value} nat" },

  "curves": { en: "Curves", ja: "学習曲線" },
  "curves.series": {
    en: "During epoch: means over the epoch’s mini-batches, while the parameters change. After " +
      "epoch: with the parameters at the end of the epoch.",
    ja:
      "エポック中: パラメータが変わっていく間の、ミニバッチの平均。エポック後: エポックの終わりのパラメータ" +
      "での値。",
  },

  "confusion": { en: "Confusion matrix", ja: "混同行列" },
  "confusion.axes": {
    en: "Number of images. Rows: true class; columns: predicted class.",
    ja: "画像の枚数。行は正解のクラス、列は予測したクラス。",
  },
  "class": { en: "class", ja: "クラス" },

  "classes": { en: "Classes", ja: "クラスごとの結果" },
  "classes.measures": {
    en:
      "Precision: share of the images predicted as the class that belong to it. Recall: share of " +
      "the class’s images that are predicted as it.",
    ja:
      "適合率は、そのクラスと予測した画像のうち、正解もそのクラスであるものの割合。再現率は、正解がその" +
      "クラスである画像のうち、そのクラスと予測したものの割合。",
  },
  "classes.images": { en: "images", ja: "枚数" },
  "classes.correct": { en: "correct", ja: "正解数" },
  "classes.precision": { en: "precision", ja: "適合率" },
  "classes.recall": { en: "recall", ja: "再現率" },

  "units": { en: "Hidden units", ja: "隠れ層のユニット" },
  "units.all": {
    en: "All {count} hidden units: the weight of each pixel, with one colour scale for all.",
    ja: "全 {count} ユニットの、各画素の重み。色の尺度は全ユニットで共通である。",
  },
  "units.first": {
    en:
      "The first {count} of {all} hidden units: the weight of each pixel, with one colour scale " +
      "for all.",
    ja:
      "全 {all} ユニットのうち最初の {count} ユニットの、各画素の重み。色の尺度は全ユニットで共通である。",
  },
  "units.scale": {
    en: "from blue, negative, to orange, positive",
    ja: "負の値の青から、正の値のオレンジまで",
  },
  "units.label": {
    en: "Weights of {count} hidden unit(s) as images of {width} by {height} pixels",
    ja: "隠れ層の {count} ユニットの重みを表す、{width}×{height} 画素の画像",
  },
  "unit": { en: "unit {unit}", ja: "ユニット {unit}" },

  "misclassified": { en: "Misclassified images", ja: "誤分類された画像" },
  "misclassified.none": { en: "None.", ja: "なし。" },
  "misclassified.some": {
    en: "{count} of {all}: those with the largest probability of a wrong class.",
    ja: "{all} 枚のうち、誤ったクラスの確率が最も高い {count} 枚。",
  },
  "misclassified.classes": {
    en: "*{predicted}*, is *{label}*",
    ja: "予測 *{predicted}*、正解 *{label}*",
  },
  "misclassified.image": { en: "image {example}", ja: "画像 {example}" },
  "misclassified.label": { en: "test image {example}", ja: "テスト画像 {example}" },

  "facts": { en: "Settings and versions", ja: "設定とバージョン" },
  "fact.network": { en: "network", ja: "ネットワーク" },
  "fact.network.value": {
    en: "{sizes}: {count} parameters",
    ja: "{sizes}（パラメータ {count} 個）",
  },
  "fact.file": { en: "file", ja: "ファイル" },
  "fact.digest": { en: "SHA-256 of the file", ja: "ファイルの SHA-256" },
  "fact.epochs.value": {
    en: "{done} of {all} done",
    ja: "全 {all} エポックのうち {done} まで終了",
  },
  "fact.batch.value": {
    en: "{batchSize} of {count} training images",
    ja: "{batchSize} 枚（訓練画像 {count} 枚）",
  },
  "fact.history": { en: "history", ja: "学習の履歴" },
  "fact.history.whole": { en: "{file}: {count} epoch(s)", ja: "{file}、{count} エポック" },
  "fact.history.part": {
    en: "{file}: epochs {first} to {last}",
    ja: "{file}、エポック {first} から {last} まで",
  },
  "fact.history.seconds": { en: "{history} in {seconds} s", ja: "{history}、{seconds} 秒" },
  "fact.historyRate": { en: "learning rate of the history", ja: "履歴の学習率" },
  "fact.data": { en: "data", ja: "データ" },
  "fact.data.value": {
    en: "{source}: {count} test images of {size}",
    ja: "{source}、{size} のテスト画像 {count} 枚",
  },
} satisfies Readonly<Record<string, Text>>;

/** The name of a text. */
export type ReportTextName = keyof typeof REPORT_TEXTS;

/** Returns a text in the language of the report. */
export type Say = (name: ReportTextName, values?: TextValues) => string;

/** The texts in one language. */
export function reportTexts(language: Language): Say {
  return (name, values) => fillText(REPORT_TEXTS[name], language, values);
}

/** A text as markup: what is between asterisks is strong. */
export function strongMarkup(text: string): Markup {
  return new Markup(markup`${text}`.text.replaceAll(/\*([^*]*)\*/g, "<strong>$1</strong>"));
}
