// The report's figures 1 to 4, drawn from the history of a run; figures 3 and 4 show the values
// that section 4.1 of the report gives.
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import type { EpochResult, Quality } from "../storage/history.ts";
import { type Language, t } from "../text/layout.ts";
import { percent, significantDigits } from "../text/numbers.ts";
import { paint } from "./chart_style.ts";
import {
  type CurvesOptions,
  describe,
  drawFile,
  drawLegend,
  drawPanel,
  drawSettings,
  drawSmallPrint,
  seriesOf,
  WIDTH,
} from "./curves.ts";
import { markup } from "./html.ts";
import { type Measure, thousands } from "./words.ts";

/** The epochs of figures 1 and 2; figures 3 and 4 need more. */
export const SHORT_EPOCHS: number = REPORT_SETTINGS.epochs;

/** What the report says of the values in figures 3 and 4: lines to compare the curves with. */
const REPORT = {
  crossEntropy: [[0.0016, "0.0016"]],
  accuracy: [[100, "100 %"], [95, "95 %"]],
} as const;

export type FigureNumber = 1 | 2 | 3 | 4;

export const FIGURE_NUMBERS: readonly FigureNumber[] = [1, 2, 3, 4];

/** A figure of the report as an SVG file; undefined if the run is too short or begins late. */
export function drawFigure(
  number: FigureNumber,
  rows: readonly EpochResult[],
  { lang = "en", settings }: Pick<CurvesOptions, "lang" | "settings"> = {},
): string | undefined {
  // odd figures show losses; figures 3 and 4 the whole run, on a logarithmic axis
  const measure = number % 2 === 1 ? "crossEntropy" : "accuracy", isLong = number > 2;
  const shown = isLong ? rows : rows.filter(({ epoch }) => epoch <= SHORT_EPOCHS);
  const last = shown.at(-1);
  if (last === undefined || isLong && last.epoch <= SHORT_EPOCHS) return undefined;
  const references = (isLong ? REPORT[measure] : []).map(([value, label]) => (
    { value, label: t(`report: ${label}`, `レポート: ${label}`)[lang] }
  ));
  // the report gives figure 1 no caption: it is named as figure 3 is
  const name = measure === "crossEntropy" ? "mini_loss" : "mini_rate";
  const caption = t(`Figure ${number}: ${name}`, `図 ${number} ${name}`)[lang];
  const options = { lang, settings, log: isLong, logEpochs: isLong };
  const series = seriesOf(shown, lang);
  const centred = markup`${paint({ fill: "text" })} text-anchor="middle" x="${WIDTH / 2}"`;
  return drawFile({
    title: caption,
    description: describe(series, measure, lang),
    lang,
    blocks: [
      drawLegend(series),
      drawPanel(series, measure, options, references),
      { height: 30, content: markup`<text ${centred} y="18">${caption}</text>` },
      drawSmallPrint(lastValues(last, measure, lang)),
      ...drawSettings(options),
      { height: 6, content: markup`` },
    ],
  });
}

/** The values of the last epoch shown: of the batches during it, and of the test after it. */
function lastValues({ epoch, running, test }: EpochResult, measure: Measure, lang: Language) {
  const value = (quality: Quality) =>
    measure === "accuracy" ? percent(quality.accuracy) : significantDigits(quality.crossEntropy, 4);
  const train = t("train", "訓練")[lang] + ` ${value(running)}`;
  const tested = test ? t(", test", "、テスト")[lang] + ` ${value(test)}` : "";
  const start = t(`This run, epoch ${thousands(epoch)}`, `この学習のエポック ${thousands(epoch)}`);
  return `${start[lang]}: ${train}${tested}`;
}
