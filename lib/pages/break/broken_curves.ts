// The curves of a broken network and of the right one.
import { drawSeries, type Series, TEST_DASHES } from "../../charts/curves.ts";
import { markup } from "../../charts/html.ts";
import { type Language, t } from "../../text/layout.ts";
import { BREAK_SETTINGS } from "./break_settings.ts";
import type { EpochState } from "./broken_run.ts";

/** Losses of the broken network from here on need a logarithmic axis: guessing has ln 10. */
const LARGE_LOSS = 6;

/** The networks, with the greys of their curves: colours stand for signs on this page. */
const NETWORKS = [["right", "text"], ["broken", "faint"]] as const;

/** Dashes tell the four apart in any colours. */
const DASHES = {
  right: { train: undefined, test: TEST_DASHES },
  broken: { train: "1.5 3", test: "10 3 1.5 3" },
} as const;

const NAMES = {
  right: {
    train: t("✓ right, training images", "✓ 正しい（訓練画像）"),
    test: t("✓ right, test images", "✓ 正しい（テスト画像）"),
  },
  broken: {
    train: t("✗ broken, training images", "✗ 誤り（訓練画像）"),
    test: t("✗ broken, test images", "✗ 誤り（テスト画像）"),
  },
};

/**
 * The curves of the cross-entropy and of the accuracy, one below the other, on an axis of all
 * epochs. Those of the broken network end where it diverged.
 *
 * @param epochs the first epochs, from before training on; at least one
 * @returns SVG elements
 */
export function drawBroken(
  epochs: readonly Pick<EpochState, "epoch" | "right" | "broken">[],
  lang: Language,
): string {
  const series = NETWORKS.flatMap(([name, colour]) =>
    (["train", "test"] as const).map((half): Series => ({
      label: NAMES[name][half][lang],
      colour,
      dashes: DASHES[name][half],
      points: epochs.flatMap(({ epoch, [name]: network }) =>
        network ? [{ epoch, quality: network[half] }] : []
      ),
    }))
  );
  const losses = epochs.map(({ broken }) => broken?.train.crossEntropy ?? 0);
  const log = losses.some((loss) => loss > LARGE_LOSS);
  const options = { lang, log, epochs: [0, BREAK_SETTINGS.epochs] } as const;
  return `${markup`${drawSeries(series, "crossEntropy", options)}
${drawSeries(series, "accuracy", { ...options, legend: false })}`}`;
}
