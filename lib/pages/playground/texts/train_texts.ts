/**
 * Texts of the view in which a network is trained.
 *
 * @module
 */

import type { Text } from "../../../text/layout.ts";

/** The texts by their names. */
export const TRAIN_TEXTS = {
  "train": { en: "Train", ja: "学習" },
  "train.introduction": {
    en:
      "Trains a new network in the background, on the {images} training image(s) of this page, in " +
      "batches of {batchSize}. While it learns, it classifies the drawing.",
    ja:
      "新しいネットワークを、このページの学習画像 {images} 枚で、{batchSize} 枚ずつのバッチで学習させる。" +
      "学習は裏で進み、そのあいだも手書きの数字を分類する。",
  },
  "train.unavailable": {
    en: "This page cannot train: the folder given with `--data` has no training images.",
    ja: "`--data` のフォルダに学習画像がないので、このページでは学習できない。",
  },
  "learningRate": { en: "learning rate", ja: "学習率" },
  "hidden": { en: "hidden units", ja: "隠れ層のユニット数" },
  "seed": { en: "seed", ja: "乱数のシード" },
  "start": { en: "Start", ja: "開始" },
  "restart": { en: "Restart", ja: "やり直す" },
  "stop": { en: "Stop", ja: "停止" },
  "restore": { en: "Restore the original network", ja: "元のネットワークに戻す" },
  "figure.loss": {
    en: "cross-entropy, mean over the epoch",
    ja: "クロスエントロピー誤差（エポック内の平均）",
  },
  "figure.speed": { en: "epochs per second", ja: "1 秒あたりのエポック数" },
  "figure.correct": { en: "examples correct", ja: "正解した例" },
  "figure.correct.value": { en: "{correct} of {count}", ja: "{count} 枚中 {correct} 枚" },

  "status.loading": { en: "Loading the training images …", ja: "学習画像を読み込んでいる…" },
  "status.training": {
    en: "Training on {images} image(s) of {classes} classes",
    ja: "{classes} クラスの画像 {images} 枚で学習している",
  },
  "status.stopped.in": {
    en: "Stopped in epoch {epoch}",
    ja: "第 {epoch} エポックの途中で停止した",
  },
  "status.stopped.after": {
    en: "Stopped after {epochs} epoch(s)",
    ja: "{epochs} エポックで停止した",
  },
  "status.finished": { en: "Finished after {epochs} epoch(s)", ja: "{epochs} エポックで終了した" },
} satisfies Readonly<Record<string, Text>>;
