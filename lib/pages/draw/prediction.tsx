/** @jsxImportSource preact */
// The prediction: the image that the network takes, the predicted class and all probabilities.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type AnyParameters, type Classification, classify, type GreyImage } from "../../../mod.ts";
import { blankImage } from "../../data/image.ts";
import { percent } from "../../text/numbers.ts";
import { Picture } from "../picture.tsx";
import { t } from "../texts.ts";
import type { ViewProps } from "../view.ts";

/** The result of the network in use for the drawing; undefined if nothing is drawn. */
export function useResult({ drawing, network }: ViewProps): Classification | undefined {
  const { networkInput: input } = drawing, { parameters } = network;
  return useMemo(() => input && classify(parameters, input), [parameters, input]);
}

/** The predicted class, and in Draw the probabilities of all. */
export function PredictionSection(
  { state, drawing, examples, network, result }: ViewProps & {
    readonly result: Classification | undefined;
  },
): JSX.Element {
  const { width, height } = examples.size, classes = network.parameters.W2.rows;
  const blank = useMemo(() => blankImage(examples.size), [examples]);
  const words = result && correctness(result, drawing.shown?.label);
  return (
    <section class="prediction" aria-labelledby="prediction-title">
      <h2 id="prediction-title">{t("Prediction", "予測")}</h2>
      <div class="result">
        <div class="predicted">
          <p id="prediction">
            <strong>{result ? result.class : "–"}</strong>
            {result
              ? <span>{percent(result.probabilities[result.class]!)}</span>
              : state.view === "draw"
              ? t("Draw a digit", "数字を描く")
              : t(
                "Choose an example below, or draw in Draw",
                "下の例を選ぶか、「描く」で数字を描く",
              )}
          </p>
          <p id="correctness">{words}</p>
        </div>
        <figure class="input">
          <Picture
            id="network-input"
            image={drawing.networkInput ?? blank}
            role="img"
            aria-label={t(
              `Image of ${width}x${height} pixels`,
              `${width}×${height} 画素の画像`,
            )}
          />
          <figcaption>{t("network input", "ネットワークの入力")}</figcaption>
        </figure>
      </div>
      {state.view === "draw" && (
        <div class="probabilities">
          <h3 class="visually-hidden">{t("Probabilities", "確率")}</h3>
          <ol class="bars" id="bars" start={0} role="list">
            {Array.from({ length: classes }, (_, k) => <Bar key={k} k={k} result={result} />)}
          </ol>
        </div>
      )}
    </section>
  );
}

function Bar({ k, result }: {
  readonly k: number;
  readonly result: Classification | undefined;
}): JSX.Element {
  const probability = result?.probabilities[k], isLargest = k === result?.class;
  return (
    <li class={isLargest ? "largest" : ""} aria-current={isLargest || undefined}>
      <b>{k}</b>
      <svg aria-hidden="true">
        <rect width={`${(100 * (probability ?? 0)).toFixed(2)}%`} height="100%" />
      </svg>
      <span>{probability === undefined ? "–" : percent(probability)}</span>
    </li>
  );
}

/** Whether a result is right, if that is known; in words, and by a mark. */
function correctness({ class: found }: Classification, label: number | undefined): string {
  if (label === undefined) return "";
  return found === label
    ? t(`✓ right: it is a ${label}`, `✓ 正解（${label}）`)
    : t(`✗ wrong: it is a ${label}`, `✗ 誤り（正解は ${label}）`);
}

/** The result in a few words, for screen readers. */
export function summary(
  parameters: AnyParameters,
  input: GreyImage | undefined,
  label: number | undefined,
): string {
  if (!input) return t("nothing drawn", "何も描かれていない");
  const result = classify(parameters, input);
  // rounds down, so that 100 % means certainty
  const words = `${result.class}, ${Math.floor(100 * result.probabilities[result.class]!)} %`;
  return label === undefined || label === result.class
    ? words
    : `${words}, ${correctness(result, label).slice(2)}`;
}
