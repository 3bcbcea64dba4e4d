/** @jsxImportSource preact */
// The page of `summary`: self-contained HTML about a set of parameters.
import type { ComponentChildren, JSX } from "preact";
import { renderToString } from "preact-render-to-string";
import {
  type AnyParameters,
  classReports,
  type Dataset,
  type Dim,
  type Evaluation,
} from "../../../mod.ts";
import { drawSeries, seriesOf } from "../../charts/curves.ts";
import { imageUrl } from "../../charts/encode_png.ts";
import { drawScale, drawUnit, weightScale } from "../../charts/weights.ts";
import { thousands } from "../../charts/words.ts";
import type { EpochResult } from "../../storage/history.ts";
import type { Language } from "../../text/layout.ts";
import { percent, significantDigits } from "../../text/numbers.ts";
import { SUMMARY_STYLE } from "../generated/styles.ts";
import { t, useLanguage } from "../texts.ts";
import type { MisclassifiedExample } from "./misclassified.ts";

/** The contents of the page. */
export interface SummaryPage {
  /** Name of the parameters. */
  readonly name: string;
  /** The parameters. */
  readonly parameters: AnyParameters;
  /** The test images. */
  readonly data: Dataset<Dim<"inputs">>;
  /** Evaluation of the parameters on these images. */
  readonly evaluation: Evaluation<Dim<"classes">>;
  /** Misclassified images to show. */
  readonly misclassified: readonly MisclassifiedExample[];
  /** History of the training, if it is known: at least one epoch. */
  readonly rows?: readonly EpochResult[] | undefined;
  /** Settings and versions: name and value of each, in the page's language. */
  readonly facts: readonly (readonly [string, string])[];
  /** Language of the page. */
  readonly lang: Language;
}

/** The most hidden units drawn, and the most pixels of all of them, which bound the page's size. */
const MAX_UNITS = 100, MAX_PIXELS = 500_000;

/** Number of the most probable classes shown for an image, besides its own class. */
const MAX_BARS = 3;

/** Loads, runs and sends nothing: styles are in the page, images are data URLs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
  "form-action 'none'";

/** The page as an HTML file. */
export function summaryPage(page: SummaryPage): string {
  const { name, rows, lang } = page;
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
          <Result {...page} />
          {rows && <Curves rows={rows} lang={lang} />}
          <div class="row">
            <Confusion {...page.evaluation} />
            <Classes {...page.evaluation} />
          </div>
          <Units {...page} />
          <Misclassified {...page} />
          <Facts {...page} />
        </main>
      </body>
    </html>,
  );
  return `<!DOCTYPE html>\n${html}\n`;
}

function Section({ title, words, children }: {
  readonly title: string;
  readonly words?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section>
      <h2>{title}</h2>
      {words && <p class="quiet">{words}</p>}
      {children}
    </section>
  );
}

function Result({ parameters: { W1, W2 }, evaluation }: SummaryPage): JSX.Element {
  const { accuracy, crossEntropy } = evaluation;
  const count = thousands(evaluation.count), correct = thousands(evaluation.correct);
  return (
    <>
      <p>
        {t(
          `A network of ${W1.columns} inputs, ${W1.rows} hidden units and ${W2.rows} classes, on ${count} test images.`,
          `入力 ${W1.columns} 個、隠れ層のユニット ${W1.rows} 個、クラス ${W2.rows} 個のネットワークを、テスト画像 ${count} 枚で評価した。`,
        )}
      </p>
      <dl class="figures">
        <div>
          <dt>{t("test accuracy", "テスト画像の正解率")}</dt>
          <dd>
            {percent(accuracy)}{" "}
            <small>{t(`${correct} of ${count}`, `${count} 枚中 ${correct} 枚`)}</small>
          </dd>
        </div>
        <div>
          <dt>{t("test cross-entropy", "テスト画像のクロスエントロピー誤差")}</dt>
          <dd>
            {crossEntropy.toFixed(4)} {t("nats", "nat")} <small>{crossEntropy}</small>
          </dd>
        </div>
      </dl>
    </>
  );
}

function Curves({ rows, lang }: {
  readonly rows: readonly EpochResult[];
  readonly lang: Language;
}): JSX.Element {
  const series = seriesOf(rows, lang);
  const panel = (of: "crossEntropy" | "accuracy") => ({
    __html: drawSeries(series, of, { lang }).text,
  });
  return (
    <Section
      title={t("Curves", "学習曲線")}
      words={t(
        "During epoch: means over the epoch’s mini-batches, while the parameters change. After epoch: with the parameters at the end of the epoch.",
        "エポック中: パラメータが変わっていく間の、ミニバッチの平均。エポック後: エポックの終わりのパラメータでの値。",
      )}
    >
      <div class="row">
        <div dangerouslySetInnerHTML={panel("crossEntropy")} />
        <div dangerouslySetInnerHTML={panel("accuracy")} />
      </div>
    </Section>
  );
}

/** A table that scrolls where it is wider than the page. */
function ScrolledTable({ title, kind, head, rows }: {
  readonly title: string;
  readonly kind?: string;
  readonly head: readonly (string | number)[];
  readonly rows: readonly JSX.Element[];
}): JSX.Element {
  return (
    <div class="scroll" role="region" aria-label={title} tabindex={0}>
      <table class={kind}>
        <thead>
          <tr>{head.map((name) => <th key={name} scope="col">{name}</th>)}</tr>
        </thead>
        <tbody>{rows}</tbody>
      </table>
    </div>
  );
}

function Confusion({ confusion }: Evaluation<Dim<"classes">>): JSX.Element {
  const sums = confusion.rowSums.data, classes = [...sums.keys()];
  const title = t("Confusion matrix", "混同行列");
  const cell = (label: number, predicted: number) => {
    const count = confusion.at(label, predicted), isRight = label === predicted;
    if (count === 0) return <td key={predicted} class="none">0</td>;
    const style = `--opacity:${opacity(count / sums[label]!, isRight ? 1 : 0.3)}`;
    return <td key={predicted} class={isRight ? "correct" : "incorrect"} style={style}>{count}</td>;
  };
  return (
    <Section
      title={title}
      words={t(
        "Number of images. Rows: true class; columns: predicted class.",
        "画像の枚数。行は正解のクラス、列は予測したクラス。",
      )}
    >
      <ScrolledTable
        {...{ title, kind: "confusion", head: [t("class", "クラス"), ...classes] }}
        rows={classes.map((label) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {classes.map((predicted) => cell(label, predicted))}
          </tr>
        ))}
      />
    </Section>
  );
}

/** Opacity of a cell's colour: the root makes small shares visible, 0.35 keeps the text legible. */
function opacity(share: number, full: number): string {
  return (0.35 * Math.sqrt(Math.min(share / full, 1))).toFixed(2);
}

function Classes({ confusion }: Evaluation<Dim<"classes">>): JSX.Element {
  const orDash = (ratio: number | null) => ratio === null ? "–" : percent(ratio);
  const title = t("Classes", "クラスごとの結果");
  const head = [
    ...[t("class", "クラス"), t("images", "枚数"), t("correct", "正解数")],
    ...[t("precision", "適合率"), t("recall", "再現率")],
  ];
  return (
    <Section
      title={title}
      words={t(
        "Precision: share of the images predicted as the class that belong to it. Recall: share of the class’s images that are predicted as it.",
        "適合率は、そのクラスと予測した画像のうち、正解もそのクラスであるものの割合。再現率は、正解がそのクラスである画像のうち、そのクラスと予測したものの割合。",
      )}
    >
      <ScrolledTable
        {...{ title, head }}
        rows={classReports(confusion).map(({ class: k, count, correct, precision, recall }) => (
          <tr key={k}>
            <th scope="row">{k}</th>
            <td>{count}</td>
            <td>{correct}</td>
            <td>{orDash(precision)}</td>
            <td>{orDash(recall)}</td>
          </tr>
        ))}
      />
    </Section>
  );
}

function Units({ parameters: { W1 }, data: { size } }: SummaryPage): JSX.Element {
  const max = Math.max(1, Math.min(MAX_UNITS, Math.floor(MAX_PIXELS / W1.columns)));
  const count = Math.min(W1.rows, max), scale = weightScale(W1, count);
  const limit = significantDigits(scale, 3), { width, height } = size;
  return (
    <Section
      title={t("Hidden units", "隠れ層のユニット")}
      words={count < W1.rows
        ? t(
          `The first ${count} of ${W1.rows} hidden units: the weight of each pixel, with one colour scale for all.`,
          `全 ${W1.rows} ユニットのうち最初の ${count} ユニットの、各画素の重み。色の尺度は全ユニットで共通である。`,
        )
        : t(
          `All ${count} hidden units: the weight of each pixel, with one colour scale for all.`,
          `全 ${count} ユニットの、各画素の重み。色の尺度は全ユニットで共通である。`,
        )}
    >
      <p class="scale quiet">
        <span>≤ −{limit}</span>
        <img
          alt={t(
            "from blue, negative, to orange, positive",
            "負の値の青から、正の値のオレンジまで",
          )}
          src={imageUrl(drawScale())}
        />
        <span>≥ {limit}</span>
      </p>
      <div
        class="units"
        role="img"
        aria-label={t(
          `Weights of ${count} hidden units as images of ${width} by ${height} pixels`,
          `隠れ層の ${count} ユニットの重みを表す、${width}×${height} 画素の画像`,
        )}
      >
        {Array.from({ length: count }, (_, unit) => (
          <img
            key={unit}
            alt=""
            {
              // the types of Deno 2.4 know no title beside an empty alt
              ...{ title: t(`unit ${unit}`, `ユニット ${unit}`) } as object
            }
            src={imageUrl(drawUnit(W1, unit, size, scale))}
          />
        ))}
      </div>
    </Section>
  );
}

function Misclassified({ evaluation, misclassified, data }: SummaryPage): JSX.Element {
  const all = evaluation.count - evaluation.correct, { length: count } = misclassified;
  return (
    <Section
      title={t("Misclassified images", "誤分類された画像")}
      words={all === 0 ? t("None.", "なし。") : t(
        `${count} of ${thousands(all)}: those with the largest probability of a wrong class.`,
        `${thousands(all)} 枚のうち、誤ったクラスの確率が最も高い ${count} 枚。`,
      )}
    >
      <ul class="misclassified">
        {misclassified.map((one) => <Example key={one.example} {...one} data={data} />)}
      </ul>
    </Section>
  );
}

function Example(
  { example, label, predicted, probabilities, data }:
    & MisclassifiedExample
    & Pick<SummaryPage, "data">,
): JSX.Element {
  const shown = [...probabilities.keys()]
    .sort((a, b) => probabilities[b]! - probabilities[a]!)
    .filter((k, rank) => rank < MAX_BARS || k === label);
  return (
    <li>
      <img
        alt={t(`test image ${example}`, `テスト画像 ${example}`)}
        src={imageUrl(data.image(example))}
      />
      <div>
        <p>
          {t("", "予測 ")}
          <strong>{predicted}</strong>
          {t(", is ", "、正解 ")}
          <strong>{label}</strong>
        </p>
        <p class="quiet">{t(`image ${example}`, `画像 ${example}`)}</p>
        <dl>
          {shown.map((k) => (
            <div key={k} class={k === label ? "label" : ""}>
              <dt>{k}</dt>
              <dd>
                <i style={`--share:${probabilities[k]!.toFixed(4)}`} />
                {percent(probabilities[k]!)}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </li>
  );
}

function Facts({ facts }: SummaryPage): JSX.Element {
  return (
    <Section title={t("Settings and versions", "設定とバージョン")}>
      <table class="facts">
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
