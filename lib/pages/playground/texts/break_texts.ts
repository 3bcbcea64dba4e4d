// Texts of the view in which one breaks a rule. The words of each mistake are in lib/mistakes/.
import type { Text } from "../../../text/layout.ts";

/** The texts by their names. */
export const BREAK_TEXTS = {
  "train.unavailable": {
    en: "This page cannot train: the folder given with `--data` has no training images.",
    ja: "`--data` のフォルダに訓練画像がないので、このページでは学習できない。",
  },

  "break": { en: "Break one rule", ja: "式を 1 つ誤ったものに変える" },
  "break.introduction": {
    en: "Both networks begin alike, see the same batches, and are judged by the right labels. " +
      "Once chosen, a rule is marked: the gradient check finds it (✓) or not (✗).",
    ja: "初期値もバッチも同じ 2 つのネットワークを、正しいラベルで評価する。" +
      "選んだ誤りには、勾配の検査で見つかる（✓）か見つからない（✗）かの印が付く。",
  },
  "break.mark.found": {
    en: "(found by the gradient check)",
    ja: "（勾配の検査で見つかる）",
  },
  "break.mark.missed": {
    en: "(not found by the gradient check)",
    ja: "（勾配の検査では見つからない）",
  },
  "break.settings": {
    en: "{images} training images, {batchSize} in a batch, learning rate {learningRate}, " +
      "{hidden} hidden units, seed {seed}",
    ja: "訓練画像 {images} 枚、バッチ {batchSize} 枚、学習率 {learningRate}、" +
      "隠れ層 {hidden} ユニット、シード {seed}",
  },
  "break.right": { en: "right", ja: "正しい" },
  "break.broken": { en: "broken", ja: "誤り" },
  "curve.right-train": { en: "right, training images", ja: "正しい（訓練画像）" },
  "curve.right-test": { en: "right, test images", ja: "正しい（テスト画像）" },
  "curve.broken-train": { en: "broken, training images", ja: "誤り（訓練画像）" },
  "curve.broken-test": { en: "broken, test images", ja: "誤り（テスト画像）" },
  "break.curves": { en: "Learning curves", ja: "学習曲線" },
  "break.equation": { en: "Equation and gradient check", ja: "式と勾配の検査" },
  "break.proof": { en: "The right network, and weights", ja: "正しいネットワークの検査と、重み" },

  "break.control": { en: "Training", ja: "学習の進行" },
  "break.start": { en: "Start", ja: "開始" },
  "break.pause": { en: "Pause", ja: "一時停止" },
  "break.continue": { en: "Continue", ja: "再開" },
  "break.epoch": { en: "One epoch", ja: "1 エポック" },
  "break.restart": { en: "Restart", ja: "最初から" },
  "break.place": { en: "epoch {epoch} of {epochs}", ja: "{epoch} / {epochs} エポック" },
  "break.loading": { en: "Loading the images …", ja: "画像を読み込んでいる…" },

  "check.running": { en: "The gradient check is running …", ja: "勾配を検査している…" },
  "check.found": { en: "The gradient check finds it.", ja: "勾配の検査で見つかる。" },
  "check.found.where": {
    en: "{symbol} is the first gradient that fails, from the loss backwards: off by {error}, " +
      "{bound} allowed. In row {row}, column {column} it is {analytic}, by " +
      "differences {numerical}. The others are right for what they are given (up to {others}).",
    ja: "損失から逆向きに見て最初に合わない偏微分は {symbol} で、誤差は{error}" +
      "（許容値 {bound}）。{row} 行 {column} 列の値は {analytic} だが、差分で求めると {numerical}。" +
      "ほかの偏微分は、与えられた値に対しては正しい（誤差 {others} 以下）。",
  },
  "check.missed": {
    en: "The gradient check does not find it.",
    ja: "勾配の検査では見つからない。",
  },
  "check.missed.why": {
    en: "All gradients are right for the numbers that the mistake gives (errors up to {others}, " +
      "{bound} allowed). The gradient check compares each gradient with differences of the same " +
      "forward pass: it cannot see wrong inputs, wrong labels or a wrong update. A comparison " +
      "with the right numbers finds it: {symbol} is off by {difference}.",
    ja: "誤った数値に対しても、偏微分はすべて正しい（誤差 {others} 以下、許容値 {bound}）。" +
      "勾配の検査は、偏微分を同じ順伝播の差分と比べるだけなので、入力、ラベル、更新の誤りは" +
      "見つけられない。正しい数値と比べると見つかる。{symbol} のずれは{difference}である。",
  },
  "check.share": { en: "{share} of its largest entry", ja: "最大の要素の {share} 倍" },
  "check.times": { en: "{share} times its largest entry", ja: "最大の要素の {share} 倍" },
  "check.test": { en: "Caught by the test", ja: "この誤りを検出するテスト" },
  "check.step": {
    en: "See the right {symbol} in Step (other images)",
    ja: "「計算」で正しい {symbol} を見る（別の画像）",
  },
  "check.entry": { en: "Entry `{id}` in docs/mistakes.md", ja: "docs/ja/mistakes.md の `{id}`" },

  "right.passes": { en: "The right network passes", ja: "正しいネットワークは合格する" },
  "right.error": {
    en: "with errors up to {error}, {bound} allowed.",
    ja: "（誤差 {error} 以下、許容値 {bound}）。",
  },
  "right.hash": {
    en: "SHA-256 of its parameters after {epochs} epoch(s):",
    ja: "{epochs} エポック後のパラメータの SHA-256:",
  },
  "right.later": {
    en: "After an epoch, the SHA-256 of its parameters stands here, as `train --hash` prints it.",
    ja: "1 エポック後、ここに `train --hash` が表示するのと同じパラメータの SHA-256 を示す。",
  },
  "right.command": { en: "This command prints the same:", ja: "次のコマンドも同じ値を表示する。" },

  "break.weights": {
    en: "Weights of hidden units 0 to {last}",
    ja: "隠れ層のユニット 0〜{last} の重み",
  },
  "break.weights.right": {
    en: "Weights of hidden units of the right network",
    ja: "正しいネットワークの隠れ層の重み",
  },
  "break.weights.broken": {
    en: "Weights of hidden units of the broken network",
    ja: "誤ったネットワークの隠れ層の重み",
  },

  "outcome": {
    en: "After {epoch} epoch(s): right {right}, broken {broken} of {count} test images.",
    ja:
      "{epoch} エポック後、テスト画像 {count} 枚の正解率は、正しいネットワークが {right}、誤ったネットワークが {broken}。",
  },
  "outcome.better": {
    en: "The broken network is even better here: curves do not find this mistake.",
    ja: "ここでは誤ったネットワークがむしろ良い。学習曲線ではこの誤りは見つからない。",
  },
  "outcome.same": {
    en: "One does not see the mistake in the curves.",
    ja: "学習曲線を見ても、この誤りは分からない。",
  },
  "outcome.learns": {
    en: "The broken network learns too: curves alone do not find this mistake.",
    ja: "誤ったネットワークも学習する。学習曲線だけではこの誤りは見つからない。",
  },
  "outcome.slow": {
    en: "The broken network learns too, but far more slowly.",
    ja: "誤ったネットワークも学習するが、ずっと遅い。",
  },
  "outcome.guessing": {
    en: "The broken network is no better than guessing ({chance}).",
    ja: "誤ったネットワークは、画像を見ない予測（{chance}）と変わらない。",
  },
  "outcome.below": {
    en: "The broken network is far below guessing ({chance}): it has learnt something else.",
    ja:
      "誤ったネットワークは画像を見ない予測（{chance}）をはるかに下回る。別のことを学習したのである。",
  },
  "outcome.diverged": {
    en: "The broken network diverged in epoch {epoch}: its loss is not a finite number any more.",
    ja: "誤ったネットワークはエポック {epoch} で発散し、損失が有限の値でなくなった。",
  },
  "outcome.diverged.right": {
    en: "The right one has {right} of {count} test images after {epoch} epoch(s).",
    ja: "正しいネットワークは {epoch} エポック後、テスト画像 {count} 枚の {right} に正解する。",
  },
} satisfies Readonly<Record<string, Text>>;
