/** @jsxImportSource preact */
// The loss of the batch over the updates with it.
import type { JSX } from "preact";
import { clamp } from "../../math/clamp.ts";
import { INITIAL_STATE, MAX_UPDATES } from "../state.ts";
import { t } from "../texts.ts";
import type { ViewProps } from "../view.ts";
import { Axes, linear } from "./axes.tsx";
import { fixed } from "./words.ts";

interface LossesProps extends Pick<ViewProps, "state" | "change"> {
  /** The losses before the updates that were made, before this one, and after it. */
  readonly losses: readonly number[];
  readonly loss: number;
  readonly after: number;
  /** How far this update has gone, from 0 to 1. */
  readonly progress: number;
}

/** The loss update by update, and a button for the next one. */
export function Losses({ state, change, losses, loss, after, progress }: LossesProps): JSX.Element {
  const known = [...losses, loss], { updates } = state;
  const x = linear([0, Math.max(5, known.length)], [40, 340]);
  const end = Number.isFinite(after) ? after : loss;
  const y = linear([0, 1.1 * Math.max(...known, end) || 1], [174, 8]);
  const E = loss + (end - loss) * clamp(progress, 0, 1), now = updates + clamp(progress, 0, 1);
  const points = [...known.map((E, i) => [x(i), y(E)]), [x(now), y(E)]];
  return (
    <section class="curve" aria-labelledby="losses-title">
      <h3 id="losses-title">{t("The loss, update by update", "更新ごとの損失")}</h3>
      <div class="plot">
        <svg viewBox="0 0 352 216" aria-hidden="true">
          <Axes {...{ x, y }} name={t("updates", "更新の回数")} />
          <path class="graph" d={`M${points.join("L")}`} />
          {points.map(([cx, cy], i) => (
            <circle
              key={i}
              class={i < points.length - 1 ? "open" : "solid"}
              r={4.5}
              {...{ cx, cy }}
            />
          ))}
          <text class="strong halo middle" x={x(now)} y={y(E) - 9}>{fixed(E)}</text>
        </svg>
      </div>
      <p class="again">
        <button
          type="button"
          disabled={updates >= MAX_UPDATES || state.cut !== undefined}
          onClick={() => change({ updates: updates + 1, stop: "update" })}
        >
          ↻ {t("Again", "もう一度")}
        </button>
        {updates > 0 && (
          <button
            type="button"
            onClick={() => change({ updates: INITIAL_STATE.updates })}
          >
            {t("From the start", "最初から")}
          </button>
        )}
      </p>
    </section>
  );
}
