// Texts of the view in which a network is trained.
import type { Text } from "../../../text/layout.ts";
import { type SettingName, SETTINGS } from "../../../training/settings.ts";

/** The texts by their names. */
export const TRAIN_TEXTS = {
  "train": { en: "Train", ja: "学習" },
  "train.introduction": {
    en: "Trains a new network on the {train} training image(s) of this page, and tests it on " +
      "{test} others. Meanwhile it classifies the drawing.",
    ja:
      "新しいネットワークを、このページの訓練画像 {train} 枚で学習させ、別のテスト画像 {test} 枚で試す。" +
      "そのあいだも手書きの数字を分類する。",
  },
  "train.unavailable": {
    en: "This page cannot train: the folder given with `--data` has no training images.",
    ja: "`--data` のフォルダに訓練画像がないので、このページでは学習できない。",
  },

  ...settingTexts(),
  "setting.images": {
    en: "there are {images} train images",
    ja: "訓練画像は {images} 枚しかない",
  },
  "setting.changed": {
    en: "The changed settings apply after Restart.",
    ja: "変更した設定は「最初から」を押すと使われる。",
  },

  "run.start": { en: "Start", ja: "開始" },
  "run.pause": { en: "Pause", ja: "一時停止" },
  "run.continue": { en: "Continue", ja: "続ける" },
  "run.batch": { en: "One batch", ja: "1 バッチ" },
  "run.epoch": { en: "One epoch", ja: "1 エポック" },
  "run.restart": { en: "Restart", ja: "最初から" },
  "run.save": { en: "Save parameter.npz", ja: "parameter.npz を保存" },
  "run.restore": { en: "Original network", ja: "元に戻す" },

  "progress": { en: "Progress", ja: "学習の経過" },
  "progress.none": { en: "Not trained yet", ja: "まだ学習していない" },
  "progress.train": { en: "train, during epoch", ja: "訓練（エポック中）" },
  "progress.test": { en: "test", ja: "テスト" },
  "progress.test.after": {
    en: "test, batch {batches}",
    ja: "テスト（バッチ {batches}）",
  },
  "progress.crossEntropy": { en: "cross-entropy (nats)", ja: "クロスエントロピー誤差（nat）" },
  "progress.accuracy": { en: "accuracy", ja: "正解率" },
  "progress.epoch": {
    en: "epoch {epoch}, batch {iteration} of {iterations}",
    ja: "エポック {epoch}、バッチ {iteration} / {iterations}",
  },
  "progress.speed": {
    en: "{speed} epochs per second, {threads} thread(s)",
    ja: "1 秒に {speed} エポック、スレッド数 {threads}",
  },
  "curves.empty": {
    en: "The curves of the cross-entropy and the accuracy appear here.",
    ja: "クロスエントロピー誤差と正解率の曲線がここに表示される。",
  },

  "guessing.answers": {
    en:
      "No better than guessing, which has a cross-entropy of ln\u00a0{classes}\u00a0=\u00a0{crossEntropy} and is " +
      "right in {accuracy}.",
    ja:
      "画像を見ない予測と変わらない。等確率とすればクロスエントロピー誤差は ln\u00a0{classes}\u00a0=\u00a0{crossEntropy}、" +
      "最も多いクラスを常に答えれば正解率は {accuracy} である。",
  },
  "guessing.probabilities": {
    en: "Its answers are better than guessing, its probabilities are not: equal ones have a " +
      "cross-entropy of ln\u00a0{classes}\u00a0=\u00a0{crossEntropy}.",
    ja:
      "答えは画像を見ない予測よりよいが、確率はそうではない。確率をすべて等しくすれば、クロスエントロピー誤差は " +
      "ln\u00a0{classes}\u00a0=\u00a0{crossEntropy} になる。",
  },
  "guessing.better": {
    en:
      "Better than guessing, which has a cross-entropy of ln\u00a0{classes}\u00a0=\u00a0{crossEntropy} and is " +
      "right in {accuracy}.",
    ja:
      "画像を見ない予測よりよい。等確率とすればクロスエントロピー誤差は ln\u00a0{classes}\u00a0=\u00a0{crossEntropy}、" +
      "最も多いクラスを常に答えれば正解率は {accuracy} である。",
  },

  "status.loading": { en: "Loading the images …", ja: "画像を読み込んでいる…" },
  "status.training": {
    en: "Training on {images} image(s) of {classes} classes",
    ja: "{classes} クラスの画像 {images} 枚で学習している",
  },
  "status.linked": {
    en: "Training the link’s network: {batches} batch(es)",
    ja: "リンクのネットワークを学習させている（{batches} バッチ）",
  },
  "status.paused": { en: "Paused after {batches} batch(es)", ja: "{batches} バッチで一時停止した" },
  "status.finished": { en: "Finished after {epochs} epoch(s)", ja: "{epochs} エポックで終了した" },
  "status.saved": {
    en: "Saved after {batches} batch(es). Test: cross-entropy {crossEntropy}, accuracy {accuracy}",
    ja:
      "{batches} バッチの後のものを保存した。テスト: クロスエントロピー誤差 {crossEntropy}、正解率 {accuracy}",
  },
  "link.holds": {
    en: "The address of this page holds the network: a link trains it again.",
    ja: "このページの URL を開くと、同じ設定で学習をやり直し、同じネットワークになる。",
  },
  "link.tooLong": {
    en:
      "After more than {most} batches the address does not hold the network: a reload loses it. " +
      "Save it first.",
    ja:
      "{most} バッチを超えたので、アドレスはこのネットワークを含まない。再読み込みすると失われるので、" +
      "先に保存しておくこと。",
  },
  "link.cannotTrain": {
    en: "The link is for a network trained on the page, and this page has no training images.",
    ja: "このリンクのネットワークは学習が必要だが、このページには訓練画像がない。",
  },
  "thread.failed": {
    en: "A thread failed, and the training ended. Train again: it has one thread then.",
    ja: "スレッドの一つが失敗し、学習は終わった。もう一度学習すると、1 スレッドで行われる。",
  },
} satisfies Readonly<Record<string, Text>>;

/** The label of each setting, and why a value of it is refused. */
function settingTexts(): Record<`setting.${SettingName}` | `needed.${SettingName}`, Text> {
  const texts = SETTINGS.flatMap(({ name, words, range: { needed: { en, ja } } }) => [
    [`setting.${name}`, words],
    [`needed.${name}`, { en: `Must be ${en}`, ja: `${ja}を指定する` }],
  ]);
  return Object.fromEntries(texts);
}
