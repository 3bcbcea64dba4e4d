// The curves of a training in the page.
import { drawSeries, type Series, seriesOf, TEST_DASHES } from "../../charts/curves.ts";
import { type Markup, markup } from "../../charts/html.ts";
import { SERIES_NAMES } from "../../charts/words.ts";
import type { Language } from "../../text/layout.ts";
import type { TrainingRun } from "./training_run.ts";

/**
 * The curves of a run: on the training images, and on the test images from before the first batch
 * on. Where an epoch is unfinished, they end within it.
 */
export function trainingSeries(run: TrainingRun, lang: Language): Series[] {
  const { rows, initialTest, running, tested, batches, epochs, batchesPerEpoch } = run;
  const isUnfinished = batches > epochs * batchesPerEpoch;
  const epoch = Number((batches / batchesPerEpoch).toFixed(2));
  const [training] = seriesOf(
    isUnfinished ? [...rows, { epoch, running: running! }] : rows,
    lang,
  );
  const isTested = isUnfinished && tested.batches === batches;
  return [
    ...(training ? [training] : []),
    {
      label: SERIES_NAMES.test[lang],
      colour: "test",
      dashes: TEST_DASHES,
      points: [
        { epoch: 0, quality: initialTest },
        ...rows.map(({ epoch, test }) => ({ epoch, quality: test! })),
        ...(isTested ? [{ epoch, quality: tested.quality }] : []),
      ],
    },
  ];
}

/** The curves of the cross-entropy and of the accuracy, one below the other. */
export function drawTraining(run: TrainingRun, lang: Language): Markup {
  const series = trainingSeries(run, lang);
  const epochs = [0, Math.max(1, Math.ceil(run.batches / run.batchesPerEpoch))] as const;
  return markup`${drawSeries(series, "crossEntropy", { lang, epochs })}
${drawSeries(series, "accuracy", { lang, epochs, legend: false })}`;
}
