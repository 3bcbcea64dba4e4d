// Texts of the view that goes through a training step. The words about each quantity are those of
// `explain`, in lib/explain/.
import type { Text } from "../../../text/layout.ts";

/** The texts by their names. */
export const STEP_TEXTS = {
  "step": { en: "One training step", ja: "学習の 1 ステップ" },

  "settings": { en: "Images and network", ja: "画像とネットワーク" },
  "settings.example": { en: "test image", ja: "テスト画像" },
  "settings.label": { en: "right class of the drawing", ja: "手書きの数字の正解" },
  "settings.batch": { en: "images in the batch", ja: "バッチの画像の枚数" },
  "settings.network": { en: "network", ja: "ネットワーク" },
  "settings.network.initial": { en: "not trained yet", ja: "学習前のネットワーク" },
  "settings.rate": { en: "learning rate η", ja: "学習率 η" },
  "settings.images.example": {
    en: "test image {index}, a {label}",
    ja: "テスト画像 {index}（正解 {label}）",
  },
  "settings.images.drawing": {
    en: "your drawing, to be a {label}",
    ja: "手書きの数字（正解 {label}）",
  },
  "settings.images.more": { en: "and {count} more", ja: "ほか {count} 枚" },
  "settings.initial": {
    en: "not trained yet, drawn with seed {seed}",
    ja: "学習前（シード {seed} の乱数）",
  },
  "settings.updates": { en: "after {updates} update(s)", ja: "{updates} 回更新した後" },

  "map": { en: "Quantities of the step", ja: "このステップの量" },
  "map.forward": { en: "forward: from the images to the loss →", ja: "順伝播: 画像から損失へ →" },
  "map.backward": {
    en: "← backward: the gradient of the loss by each quantity above it",
    ja: "← 逆伝播: すぐ上の量についての損失の偏微分",
  },
  "map.update": { en: "update: the new parameters", ja: "更新: 新しいパラメータ" },

  "words.place": { en: "{place} of {count}", ja: "{count} 個中 {place} 番目" },
  "words.input": { en: "given", ja: "与えられる値" },
  "words.report": { en: "In the report:", ja: "レポート:" },
  "words.derivation": { en: "Derivation", ja: "導出" },
  "words.remarks": { en: "Remarks", ja: "補足" },
  "words.listing": { en: "{name} in the listing", ja: "レポートのリストでの名前: {name}" },
  "words.code": { en: "{name}() in {file}", ja: "{file} の {name}()" },

  "picture": { en: "All entries of {symbol}", ja: "{symbol} の要素" },
  "picture.of.unit": { en: "{symbol} of unit {place}", ja: "{symbol}、ユニット {place}" },
  "picture.of.image": { en: "{symbol} of image {place}", ja: "{symbol}、画像 {place}" },
  "picture.of.class": { en: "{symbol} of class {place}", ja: "{symbol}、クラス {place}" },
  "picture.keys": {
    en: "Choose an entry: point and click, or use the arrow keys.",
    ja: "要素を選ぶ: クリックするか、矢印キーを使う。",
  },
  "field.range": { en: "{min} to {max}", ja: "{min} から {max} まで" },
  "picture.label": {
    en: "{symbol} as a picture; {entry} is chosen",
    ja: "{symbol} の画像。{entry} を選んでいる",
  },
  "axis.pixel": { en: "pixel", ja: "画素" },
  "axis.unit": { en: "hidden unit", ja: "隠れ層のユニット" },
  "axis.class": { en: "class", ja: "クラス" },
  "axis.image": { en: "image", ja: "画像" },
  "place.pixel": {
    en: "pixel {place}: row {row}, column {column} of the image",
    ja: "画素 {place}（画像の {row} 行 {column} 列）",
  },
  "place.unit": { en: "hidden unit {place}", ja: "隠れ層のユニット {place}" },
  "place.class": { en: "class {place}", ja: "クラス {place}" },
  "place.image": { en: "image {place} of the batch", ja: "バッチの画像 {place}" },

  "entry.terms": { en: "{count} term(s), the largest first", ja: "{count} 項、絶対値の大きい順" },
  "entry.product": { en: "product of", ja: "次の値の積" },
  "entry.from": { en: "from", ja: "元の値" },
  "entry.zeros": { en: "{count} more term(s), each 0", ja: "ほか {count} 項は 0" },
  "entry.others": { en: "{count} more term(s)", ja: "ほか {count} 項" },
  "entry.all": { en: "Show all", ja: "すべて表示" },
  "entry.sum": { en: "sum", ja: "和" },
  "entry.divided": { en: "divided by B = {divisor}", ja: "B = {divisor} で割る" },
  "entry.numerator": { en: "numerator", ja: "分子" },
  "entry.denominator": { en: "denominator", ja: "分母" },
  "entry.quotient": { en: "quotient", ja: "商" },
  "entry.worked": { en: "In one line", ja: "1 行で書くと" },
  "entry.given": {
    en: "This number is given. The quantities that use it: {symbols}.",
    ja: "この値は与えられている。これを使う量: {symbols}。",
  },
  "entry.division": {
    en: "{symbol}, and so every gradient, already contains 1/B = 1/{batch}.",
    ja: "{symbol} 以降の偏微分は、すべて 1/B = 1/{batch} を含む。",
  },
  "entry.label.right": { en: "the right class of this image", ja: "この画像の正解のクラス" },
  "entry.label.wrong": {
    en: "not the right class of this image, which is {label}",
    ja: "この画像の正解のクラス {label} ではない",
  },

  "difference": { en: "The same by differences", ja: "差分で求めると" },
  "difference.what": {
    en: "E with h = {h} added to {entry}, and subtracted:",
    ja: "{entry} に h = {h} を足したときと引いたときの E:",
  },
  "difference.equal": { en: "equal", ja: "等しい" },
  "difference.digits": { en: "equal in {digits} digits", ja: "{digits} 桁まで一致" },
  "difference.rounding": {
    en: "The entry is so small that rounding hides it in the difference of the losses.",
    ja: "この要素は小さすぎて、損失の差では丸め誤差に隠れる。",
  },

  "player": { en: "Through the step", ja: "計算の進行" },
  "player.back": { en: "Previous quantity", ja: "前の量" },
  "player.next": { en: "Next quantity", ja: "次の量" },
  "player.play": { en: "Play", ja: "再生" },
  "player.pause": { en: "Pause", ja: "一時停止" },
  "player.speed": { en: "speed", ja: "速さ" },
  "player.again": { en: "Again from the new weights", ja: "新しい重みでもう一度" },
  "player.first": { en: "First weights", ja: "最初の重み" },
  "player.loss": { en: "loss", ja: "損失" },
  "player.after": { en: ", after the update", ja: "、更新後" },
} satisfies Readonly<Record<string, Text>>;
