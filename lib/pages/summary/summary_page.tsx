/** @jsxImportSource preact */
// The page of `summary`: self-contained HTML about a set of parameters.
import type { ComponentChildren, JSX } from "preact";
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
import type { EpochResult } from "../../storage/history.ts";
import type { Language } from "../../text/layout.ts";
import { percent, significantDigits } from "../../text/numbers.ts";
import { scaleWords } from "../draw/draw_view.tsx";
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
  /** History of the training, if it is known: at least one epoch. */
  readonly rows?: readonly EpochResult[] | undefined;
  /** Settings and versions: name and value of each, in the page's language. */
  readonly facts: readonly (readonly [string, string])[];
  readonly lang: Language;
}

/** The most hidden units drawn, and the most pixels of all of them, which bound the page's size. */
const MAX_UNITS = 100, MAX_PIXELS = 500_000;

/** Number of the most probable classes shown for an image, besides its own class. */
const MAX_BARS = 3;

/** Loads, runs and sends nothing: styles are in the page, images are data URLs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
  "form-action 'none'";

/**
 * The misclassified examples of a data set in descending order of the predicted class's
 * probability, equal ones in the order of the data set.
 */
export function misclassifiedExamples<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "scores">,
  max: number,
) {
  const found = Array.from(engine.data.chunks(), (chunk) => {
    const A2 = engine.scores(chunk), P = softmax(A2);
    return Array.from(argmax(A2), (predicted, i) => {
      const example = chunk.values[i]!, label = engine.data.labels[example]!;
      const probabilities = Float64Array.from({ length: P.rows }, (_, k) => P.at(k, i));
      return { example, label, predicted, probabilities, share: P.at(predicted, i) };
    }).filter(({ label, predicted, share }) => predicted !== label && !Number.isNaN(share));
  });
  return found.flat().sort((a, b) => b.share - a.share).slice(0, max);
}

type Misclassified = Omit<ReturnType<typeof misclassifiedExamples>[number], "share">;

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
          {result(page)}
          {curves(page)}
          {classes(page)}
          {units(page)}
          {misclassified(page)}
          {section(
            t("Settings and versions", "設定とバージョン"),
            "",
            table("facts", [], page.facts),
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

/** What a cell shows, or the cell itself. */
type Cell = string | number | JSX.Element;

function table(
  kind: string,
  head: readonly Cell[],
  rows: readonly (readonly [name: Cell, ...cells: Cell[]])[],
) {
  const cellOf = (cell: Cell) => typeof cell === "object" ? cell : <td>{cell}</td>;
  return (
    <table class={kind}>
      {head.length > 0 && (
        <thead>
          <tr>{head.map((name) => <th key={name} scope="col">{name}</th>)}</tr>
        </thead>
      )}
      <tbody>
        {rows.map(([name, ...cells]) => (
          <tr>
            <th scope="row">{name}</th>
            {cells.map(cellOf)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A section with a table, which scrolls where it is wider than the page. */
function tableSection(title: string, words: string, ...rows: Parameters<typeof table>) {
  const region = (
    <div class="scroll" role="region" aria-label={title} tabindex={0}>{table(...rows)}</div>
  );
  return section(title, words, region);
}

function result({ parameters: { W1, W2 }, evaluation }: SummaryPage) {
  const { accuracy, crossEntropy } = evaluation;
  const count = thousands(evaluation.count), correct = thousands(evaluation.correct);
  const nats = `${crossEntropy.toFixed(4)} ${t("nats", "nat")}`;
  const share = t(`${correct} of ${count}`, `${count} 枚中 ${correct} 枚`);
  const figures = [
    [t("test accuracy", "テスト画像の正解率"), percent(accuracy), share],
    [t("test cross-entropy", "テスト画像のクロスエントロピー誤差"), nats, crossEntropy],
  ];
  return (
    <>
      <p>
        {t(
          `A network of ${W1.columns} inputs, ${W1.rows} hidden units and ${W2.rows} classes, on ${count} test images.`,
          `入力 ${W1.columns} 個、隠れ層のユニット ${W1.rows} 個、クラス ${W2.rows} 個のネットワークを、テスト画像 ${count} 枚で評価した。`,
        )}
      </p>
      <dl class="figures">
        {figures.map(([name, value, more]) => (
          <div>
            <dt>{name}</dt>
            <dd>
              {value} <small>{more}</small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function curves({ rows, lang }: SummaryPage) {
  if (!rows) return undefined;
  const series = seriesOf(rows, lang);
  const panel = (of: "crossEntropy" | "accuracy") => (
    <div dangerouslySetInnerHTML={{ __html: drawSeries(series, of, { lang }).text }} />
  );
  return section(
    t("Curves", "学習曲線"),
    t(
      "During epoch: means over the epoch’s mini-batches, while the parameters change. After epoch: with the parameters at the end of the epoch.",
      "エポック中: パラメータが変わっていく間の、ミニバッチの平均。エポック後: エポックの終わりのパラメータでの値。",
    ),
    <div class="row">{panel("crossEntropy")}{panel("accuracy")}</div>,
  );
}

/** The confusion matrix, and what each class makes of it. */
function classes({ evaluation: { confusion } }: SummaryPage) {
  const sums = confusion.rowSums.data, names = [...sums.keys()];
  const cell = (label: number, predicted: number) => {
    const count = confusion.at(label, predicted), isRight = label === predicted;
    if (count === 0) return <td class="none">0</td>;
    // the root makes small shares visible, 0.35 keeps the text legible
    const share = Math.min(count / sums[label]! / (isRight ? 1 : 0.3), 1);
    const style = `--opacity:${(0.35 * Math.sqrt(share)).toFixed(2)}`;
    return <td class={isRight ? "correct" : "incorrect"} style={style}>{count}</td>;
  };
  const orDash = (ratio: number | null) => ratio === null ? "–" : percent(ratio);
  return (
    <div class="row">
      {tableSection(
        t("Confusion matrix", "混同行列"),
        t(
          "Number of images. Rows: true class; columns: predicted class.",
          "画像の枚数。行は正解のクラス、列は予測したクラス。",
        ),
        "confusion",
        [t("class", "クラス"), ...names],
        names.map((label) => [label, ...names.map((predicted) => cell(label, predicted))]),
      )}
      {tableSection(
        t("Classes", "クラスごとの結果"),
        t(
          "Precision: share of the images predicted as the class that belong to it. Recall: share of the class’s images that are predicted as it.",
          "適合率は、そのクラスと予測した画像のうち、正解もそのクラスであるものの割合。再現率は、正解がそのクラスである画像のうち、そのクラスと予測したものの割合。",
        ),
        "classes",
        t(
          ["class", "images", "correct", "precision", "recall"],
          ["クラス", "枚数", "正解数", "適合率", "再現率"],
        ),
        classReports(confusion).map((
          { class: k, count, correct, precision, recall },
        ) => [k, count, correct, orDash(precision), orDash(recall)]),
      )}
    </div>
  );
}

function units({ parameters: { W1 }, data: { size } }: SummaryPage) {
  const max = Math.max(1, Math.min(MAX_UNITS, Math.floor(MAX_PIXELS / W1.columns)));
  const all = W1.rows, count = Math.min(all, max), scale = weightScale(W1, count);
  const limit = significantDigits(scale, 3), { width, height } = size;
  return section(
    t("Hidden units", "隠れ層のユニット"),
    (count < all
      ? t(
        `The first ${count} of ${all} hidden units: `,
        `全 ${all} ユニットのうち最初の ${count} ユニットの、`,
      )
      : t(`All ${count} hidden units: `, `全 ${count} ユニットの、`)) +
      t(
        "the weight of each pixel, with one colour scale for all.",
        "各画素の重み。色の尺度は全ユニットで共通である。",
      ),
    <p class="scale quiet">
      <span>≤ −{limit}</span>
      <img alt={scaleWords()} src={imageUrl(drawScale())} />
      <span>≥ {limit}</span>
    </p>,
    <div
      class="units"
      role="img"
      aria-label={t(
        `Weights of ${count} hidden units as images of ${width} by ${height} pixels`,
        `隠れ層の ${count} ユニットの重みを表す、${width}×${height} 画素の画像`,
      )}
    >
      {Array.from({ length: count }, (_, unit) => (
        // the types of Deno 2.4 know no title beside an empty alt
        <img
          alt=""
          {...{ title: t(`unit ${unit}`, `ユニット ${unit}`) } as object}
          src={imageUrl(drawUnit(W1, unit, size, scale))}
        />
      ))}
    </div>,
  );
}

function misclassified({ evaluation, misclassified, data }: SummaryPage) {
  const all = evaluation.count - evaluation.correct, { length: count } = misclassified;
  const bars = ({ label, probabilities }: Misclassified) =>
    [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!)
      .filter((k, rank) => rank < MAX_BARS || k === label)
      .map((k) => (
        <div class={k === label ? "label" : ""}>
          <dt>{k}</dt>
          <dd>
            <i style={`--share:${probabilities[k]!.toFixed(4)}`} />
            {percent(probabilities[k]!)}
          </dd>
        </div>
      ));
  return section(
    t("Misclassified images", "誤分類された画像"),
    all === 0 ? t("None.", "なし。") : t(
      `${count} of ${thousands(all)}: those with the largest probability of a wrong class.`,
      `${thousands(all)} 枚のうち、誤ったクラスの確率が最も高い ${count} 枚。`,
    ),
    <ul class="misclassified">
      {misclassified.map((one) => (
        <li>
          <img
            alt={t(`test image ${one.example}`, `テスト画像 ${one.example}`)}
            src={imageUrl(data.image(one.example))}
          />
          <div>
            <p>
              {t("", "予測 ")}
              <strong>{one.predicted}</strong>
              {t(", is ", "、正解 ")}
              <strong>{one.label}</strong>
            </p>
            <p class="quiet">{t(`image ${one.example}`, `画像 ${one.example}`)}</p>
            <dl>{bars(one)}</dl>
          </div>
        </li>
      ))}
    </ul>,
  );
}
