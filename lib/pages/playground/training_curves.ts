/**
 * The curves of a training in the page.
 *
 * @module
 */

import { drawSeries, type Series, seriesOf, TEST_DASHES } from "../../charts/curves.ts";
import { type Markup, markup } from "../../charts/html.ts";
import { SERIES_NAMES } from "../../charts/words.ts";
import type { Language } from "../../text/layout.ts";
import type { TrainingRun } from "./training_run.ts";

/**
 * The curves of a run: that of the training images with the unfinished epoch, and that of the test
 * images from before the first batch on.
 */
export function trainingSeries(
  { rows, initialTest }: Pick<TrainingRun, "rows" | "initialTest">,
  lang: Language,
): Series[] {
  const [training] = seriesOf(rows, lang);
  const tests = rows.flatMap(({ epoch, test }) => test ? [{ epoch, quality: test }] : []);
  return [
    ...(training ? [training] : []),
    {
      label: SERIES_NAMES.test[lang],
      colour: "test",
      dashes: TEST_DASHES,
      points: [{ epoch: 0, quality: initialTest }, ...tests],
    },
  ];
}

/** The curves of the cross-entropy and of the accuracy, one below the other. */
export function drawTraining(run: TrainingRun, lang: Language): Markup {
  const series = trainingSeries(run, lang);
  return markup`${drawSeries(series, "crossEntropy", { lang })}
${drawSeries(series, "accuracy", { lang, legend: false })}`;
}
