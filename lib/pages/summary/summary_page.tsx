/** @jsxImportSource preact */
// The page of `summary`: self-contained HTML about a set of parameters.
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import {
  type AnyParameters,
  argmax,
  classReports,
  type Dataset,
  type Dim,
  type Engine,
  type Evaluation,
  softmax,
} from "../../../mod.ts";
import { drawSeries, seriesOf } from "../../charts/curves.ts";
import { imageUrl } from "../../charts/encode_png.ts";
import { drawScale, drawUnit, weightScale } from "../../charts/weights.ts";
import { thousands } from "../../charts/words.ts";
import { range } from "../../explain/explained_step.ts";
import type { EpochResult } from "../../storage/history.ts";
import type { Language } from "../../text/layout.ts";
import { percent, significantDigits } from "../../text/numbers.ts";
import { scaleWords } from "../fields.tsx";
import { SUMMARY_STYLE } from "../generated/styles.ts";
import { t, useLanguage } from "../texts.ts";

/** The contents of the page. */
export interface SummaryPage {
  readonly name: string;
  readonly parameters: AnyParameters;
  /** The test images, and the evaluation of the parameters on them. */
  readonly data: Dataset<Dim<"inputs">>;
  readonly evaluation: Evaluation<Dim<"classes">>;
  /** Misclassified images to show. */
  readonly misclassified: readonly Misclassified[];
  /** History of the training, as far as it is known. */
  readonly rows: readonly EpochResult[];
  /** Settings and versions: name and value of each, in the page's language. */
  readonly facts: readonly (readonly [string, string])[];
  readonly lang: Language;
}

type Misclassified = ReturnType<typeof misclassifiedExamples>[number];

/** The most hidden units that are drawn. */
const MAX_UNITS = 100;

/** Loads, runs and sends nothing: styles are in the page, images are data URLs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
  "form-action 'none'";

/**
 * The misclassified examples of a data set, with the probabilities of the predicted and of the
 * right class; in descending order of the first, equal ones in the order of the data set.
 */
export function misclassifiedExamples<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "scores">,
  max: number,
) {
  const found = Array.from(engine.data.chunks(), (chunk) => {
    const A2 = engine.scores(chunk), P = softmax(A2);
    return Array.from(argmax(A2), (predicted, i) => {
      const example = chunk.values[i]!, label = engine.data.labels[example]!;
      return { example, label, predicted, probability: P.at(predicted, i), right: P.at(label, i) };
    }).filter(({ label, predicted }) => predicted !== label);
  });
  return found.flat().sort((a, b) => b.probability - a.probability).slice(0, max);
}

/** The page as an HTML file. */
export function summaryPage(page: SummaryPage): string {
  const { name, lang } = page;
  useLanguage(lang);
  const title = t(`Summary: ${name}`, `学習結果: ${name}`);
  const html = renderToString(
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="generator" content="sanso summary" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: SUMMARY_STYLE }} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {result(page.evaluation)}
          {page.rows.length > 0 && curves(page.rows, lang)}
          {confusionMatrix(page.evaluation)}
          {hiddenUnits(page)}
          {misclassifiedImages(page)}
          {section(
            t("Settings and versions", "設定とバージョン"),
            "",
            <table class="facts">
              {page.facts.map(([name, value]) => row(name, <td>{value}</td>))}
            </table>,
          )}
        </main>
      </body>
    </html>,
  );
  return `<!DOCTYPE html>\n${html}\n`;
}

function section(title: string, words: string, ...children: ComponentChildren[]) {
  return (
    <section>
      <h2>{title}</h2>
      {words && <p class="quiet">{words}</p>}
      {children}
    </section>
  );
}

/** A row of a table, which begins with its name. */
function row(name: string | number, ...cells: ComponentChildren[]) {
  return (
    <tr key={name}>
      <th scope="row">{name}</th>
      {cells}
    </tr>
  );
}

function result({ accuracy, crossEntropy, ...evaluation }: SummaryPage["evaluation"]) {
  const count = thousands(evaluation.count), correct = thousands(evaluation.correct);
  const share = t(`${correct} of ${count}`, `${count} 枚中 ${correct} 枚`);
  const nats = `${crossEntropy.toFixed(4)} ${t("nats", "nat")}`;
  const figures = [
    [t("test accuracy", "テスト画像の正解率"), percent(accuracy), share],
    [t("test cross-entropy", "テスト画像のクロスエントロピー誤差"), nats, crossEntropy],
  ] as const;
  return (
    <table class="facts figures">
      {figures.map(([name, value, more]) =>
        row(
          name,
          <td>
            {value} <small>{more}</small>
          </td>,
        )
      )}
    </table>
  );
}

function curves(rows: readonly EpochResult[], lang: Language) {
  const series = seriesOf(rows, lang), measures = ["crossEntropy", "accuracy"] as const;
  const panels = measures.map((measure) => `<div>${drawSeries(series, measure, { lang })}</div>`);
  return section(
    t("Curves", "学習曲線"),
    t(
      "During epoch: means over the epoch’s mini-batches, while the parameters change. After epoch: with the parameters at the end of the epoch.",
      "エポック中: パラメータが変わっていく間の、ミニバッチの平均。エポック後: エポックの終わりのパラメータでの値。",
    ),
    <div class="row" dangerouslySetInnerHTML={{ __html: panels.join("") }} />,
  );
}

/** The confusion matrix, with each class's recall on its right and its precision below. */
function confusionMatrix({ confusion, accuracy }: SummaryPage["evaluation"]) {
  const title = t("Confusion matrix", "混同行列"), reports = classReports(confusion);
  const cell = (label: number, images: number, predicted: number) => {
    const count = confusion.at(label, predicted), isRight = label === predicted;
    if (count === 0) return <td key={predicted} class="none">0</td>;
    // the root makes small shares visible, 0.35 keeps the text legible
    const share = Math.min(count / images / (isRight ? 1 : 0.3), 1);
    const style = `--opacity:${(0.35 * Math.sqrt(share)).toFixed(2)}`;
    return <td key={predicted} class={isRight ? "correct" : "incorrect"} style={style}>{count}</td>;
  };
  const ratio = (ratio: number | null) => <td>{ratio === null ? "–" : percent(ratio)}</td>;
  return section(
    title,
    t(
      "Number of images. Rows: true class; columns: predicted class. Recall: share of the class’s images that are predicted as it. Precision: share of the images predicted as the class that belong to it.",
      "画像の枚数。行は正解のクラス、列は予測したクラス。再現率は、正解がそのクラスである画像のうち、そのクラスと予測したものの割合。適合率は、そのクラスと予測した画像のうち、正解もそのクラスであるものの割合。",
    ),
    <div class="scroll" role="region" aria-label={title} tabindex={0}>
      <table class="confusion">
        <thead>
          <tr>
            {[t("class", "クラス"), ...reports.keys(), t("recall", "再現率")]
              .map((name) => <th key={name} scope="col">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {reports.map(({ class: label, count, recall }) =>
            row(label, reports.map((_, k) => cell(label, count, k)), ratio(recall))
          )}
          {row(
            t("precision", "適合率"),
            reports.map(({ precision }) => ratio(precision)),
            ratio(accuracy),
          )}
        </tbody>
      </table>
    </div>,
  );
}

function hiddenUnits({ parameters: { W1 }, data: { size } }: SummaryPage) {
  const count = Math.min(W1.rows, MAX_UNITS), scale = weightScale(W1, count);
  const limit = significantDigits(scale, 3), title = t("Hidden units", "隠れ層のユニット");
  return section(
    title,
    t(
      `${count} of ${W1.rows}: the weight of each pixel, with one colour scale for all.`,
      `${count} / ${W1.rows} ユニットの、各画素の重み。色の尺度は全ユニットで共通である。`,
    ),
    <p class="scale quiet">
      <span>≤ −{limit}</span>
      <img alt={scaleWords()} src={imageUrl(drawScale())} />
      <span>≥ {limit}</span>
    </p>,
    <div class="units" role="img" aria-label={title}>
      {range(count).map((unit) => (
        <img key={unit} alt="" src={imageUrl(drawUnit(W1, unit, size, scale))} />
      ))}
    </div>,
  );
}

function misclassifiedImages({ evaluation, misclassified, data }: SummaryPage) {
  const all = evaluation.count - evaluation.correct, { length: count } = misclassified;
  return section(
    t("Misclassified images", "誤分類された画像"),
    all === 0 ? t("None.", "なし。") : t(
      `${count} of ${thousands(all)}: those with the largest probability of a wrong class.`,
      `${thousands(all)} 枚のうち、誤ったクラスの確率が最も高い ${count} 枚。`,
    ),
    <ul class="misclassified">
      {misclassified.map(({ example, label, predicted, probability, right }) => {
        const name = t(`test image ${example}`, `テスト画像 ${example}`);
        return (
          <li key={example}>
            <img alt={name} src={imageUrl(data.image(example))} />
            <table>
              <caption>{name}</caption>
              {row(
                t(`predicted ${predicted}`, `予測 ${predicted}`),
                <td>{percent(probability)}</td>,
              )}
              {row(t(`is ${label}`, `正解 ${label}`), <td>{percent(right)}</td>)}
            </table>
          </li>
        );
      })}
    </ul>,
  );
}
