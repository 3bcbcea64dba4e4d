// Texts of the view in which one draws. A key's name is in square brackets.
import type { Text } from "../../../text/layout.ts";

/** The texts by their names. */
export const DRAW_TEXTS = {
  "draw.introduction": {
    en:
      "Draw a digit with the mouse, a pen or a finger: a neural network classifies it as you draw. " +
      "Everything runs in this page; nothing is sent anywhere.",
    ja:
      "マウス、ペン、または指で数字を描くと、描いているそばからニューラルネットワークが分類する。計算は" +
      "すべてこのページの中で行い、どこにも何も送らない。",
  },
  "drawing": { en: "Drawing", ja: "手書き" },
  "drawing.area": { en: "Drawing area", ja: "描画領域" },
  "undo": { en: "Undo", ja: "元に戻す" },
  "clear": { en: "Clear", ja: "消去" },
  "example": { en: "Example", ja: "例" },
  "draw.keys": {
    en:
      "With the keyboard: the [arrow] keys move the pen (two at once: diagonally; with [Shift]: " +
      "farther), [Space] puts it down or lifts it, [Ctrl] [Z] undoes, [Delete] clears.",
    ja:
      "キーボードでは、[矢印]キーでペンを動かし（二つ同時で斜め、[Shift] と一緒で大きく）、[Space] で" +
      "下ろす・上げる。[Ctrl] [Z] で元に戻し、[Delete] で消去する。",
  },
  "caption.example": {
    en: "Example {index} of the test set: a {label}",
    ja: "テスト画像 {index}。正解は {label}",
  },
  "caption.drawing": { en: "Your drawing", ja: "手書きの数字" },
  "caption.empty": { en: "Nothing drawn yet", ja: "まだ何も描かれていない" },
  "pen.position": {
    en: "pen at {x}, {y} of {columns} by {rows}",
    ja: "ペンの位置 {x}、{y}（{columns}×{rows}）",
  },
  "pen.down": { en: "pen down", ja: "ペンを下ろした" },
  "pen.up": { en: "pen up", ja: "ペンを上げた" },

  "prediction": { en: "Prediction", ja: "予測" },
  "prediction.none": { en: "Draw a digit", ja: "数字を描く" },
  "prediction.none.train": {
    en: "Choose an example below, or draw in Draw",
    ja: "下の例を選ぶか、「描く」で数字を描く",
  },
  "prediction.nothing": { en: "nothing drawn", ja: "何も描かれていない" },
  "prediction.right": { en: "right: it is a {label}", ja: "正解（{label}）" },
  "prediction.wrong": { en: "wrong: it is a {label}", ja: "誤り（正解は {label}）" },
  "input.image": { en: "Image of {width}x{height} pixels", ja: "{width}×{height} 画素の画像" },
  "input": { en: "network input", ja: "ネットワークの入力" },
  "probabilities": { en: "Probabilities", ja: "確率" },

  "units": { en: "Hidden units", ja: "隠れ層のユニット" },
  "units.scale": {
    en: "from blue, negative, to orange, positive",
    ja: "負の値の青から、正の値のオレンジまで",
  },
  "units.weights": {
    en: "The unit’s weights: ink on orange raises its activation, ink on blue lowers it.",
    ja: "ユニットの重み。オレンジの所に描くと出力が大きくなり、青の所に描くと小さくなる。",
  },
  "units.hint": {
    en: "The stronger the colour, the higher the activation. Point at a unit, tap it, or use the " +
      "arrow keys.",
    ja: "色が濃いほど出力が大きい。ユニットを指すかタップするか、矢印キーで選ぶ。",
  },
  "units.hint.weights": {
    en: "The weights of each unit. Point at one, tap it, or use the arrow keys.",
    ja: "各ユニットの重み。ユニットを指すかタップするか、矢印キーで選ぶ。",
  },
  "unit": { en: "Unit {unit}", ja: "ユニット {unit}" },
  "unit.option": { en: "unit {unit}", ja: "ユニット {unit}" },
  "unit.weights": { en: "weights of unit {unit}", ja: "ユニット {unit} の重み" },
  "unit.activation": { en: "activation {activation}", ja: "出力 {activation}" },
  "unit.noInput": { en: "no input yet", ja: "入力はまだない" },

  "examples": { en: "Examples", ja: "例" },
  "examples.hint": {
    en: "The first {count} images of the test set. Click or tap one, or use the arrow keys; you " +
      "can draw on it.",
    ja:
      "テスト画像の最初の {count} 枚。クリックするかタップするか、矢印キーで選ぶ。その上に描くこともできる。",
  },
  "examples.correct": {
    en: "The network is right in {correct} of {count}; the others show its answer.",
    ja:
      "ネットワークは {count} 枚中 {correct} 枚に正解する。誤分類した画像には、予測したクラスを示す。",
  },
  "examples.option": { en: "example {index}: {label}", ja: "例 {index}: {label}" },
  "examples.wrong": {
    en: "example {index}: {label}, answered {answer}: wrong",
    ja: "例 {index}: {label}。答えは {answer} で、誤り",
  },
} satisfies Readonly<Record<string, Text>>;
