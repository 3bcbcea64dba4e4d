// The view Why: why one weight's gradient is what it is.
import type { JSX } from "preact";
import { t } from "../texts.ts";
import type { ViewProps } from "../view.ts";

/** Why one weight's gradient is what it is. */
export function WhyView({ state, change }: ViewProps): JSX.Element {
  return (
    <>
      <h2>{t("Why?", "なぜ？")} {state.language}</h2>
      <svg viewBox="0 0 10 10" width="10">
        <path d="M0 0h1" stroke-width={2} />
      </svg>
      <math>
        <mi>x</mi>
      </math>
      <button type="button" onClick={() => change({ example: 3 })}>x</button>
      <input
        type="range"
        min={1}
        max={3}
        onInput={(e) => change({ example: e.currentTarget.valueAsNumber })}
      />
    </>
  );
}
