/** @jsxImportSource preact */
// The outer product at a glance: the image, stamped on every unit in the unit's own dA1.
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { drawSigned, weightScale } from "../../charts/weights.ts";
import { type ExplainedStep, range } from "../../explain/explained_step.ts";
import { paint } from "../paint.ts";
import { part } from "./stage.tsx";

/** The most units that are shown. */
const MAX_UNITS = 320;

/** What is on a unit: nothing yet, its stamp (pale, before it is there), or its weights. */
type Content = "nothing" | "pale" | "stamp" | "weights" | number;

interface StampsProps {
  readonly step: ExplainedStep;
  readonly time: number;
  readonly onUnit: (unit: number) => void;
}

/** Each unit's row of dW1 as an image; after the update, its row of W1. */
export function Stamps({ step, time, onUnit }: StampsProps): JSX.Element {
  const { sizes: { M, B }, focus } = step, first = Math.floor(focus.M / MAX_UNITS) * MAX_UNITS;
  const scales = useMemo(() => {
    const { dA1, dW1, "W1'": W1 } = step.values;
    const largest = (data: Float64Array) => data.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
    return { dA1: largest(dA1.data), dW1: largest(dW1.data), W1: weightScale(W1, M) };
  }, [step.values]);
  // a batch is a film of its images, of which the mean remains
  const film = part(time, 2, 2.9), frame = Math.floor(film * (B + 1));
  const content = (m: number): Content => {
    const place = (m - first) / Math.min(M, MAX_UNITS);
    if (time > 3.2 && place <= part(time, 3.2, 3.9)) return "weights";
    if (time < 2) {
      return time === 2 || m === focus.M && time > 1.95 ? "stamp" : time > 1.5 ? "pale" : "nothing";
    }
    if (B > 1 && time > 2 && frame < B) return frame;
    return time === 2 || B > 1 || place <= film ? "stamp" : "pale";
  };
  return (
    <div
      class="units"
      onClick={({ target }) => {
        const { unit } = (target as HTMLElement).dataset;
        if (unit !== undefined) onUnit(Number(unit));
      }}
    >
      {range(Math.min(MAX_UNITS, M - first)).map((i) => first + i).map((m) => (
        <Stamp
          key={m}
          unit={m}
          content={content(m)}
          isChosen={m === focus.M}
          {...{ step, scales }}
        />
      ))}
    </div>
  );
}

function Stamp({ step, unit, content, isChosen, scales }: {
  readonly step: ExplainedStep;
  readonly unit: number;
  readonly content: Content;
  readonly isChosen: boolean;
  readonly scales: { readonly dA1: number; readonly dW1: number; readonly W1: number };
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null), { width, height } = step.data.size;
  useEffect(() => {
    const { values: { dA1, dW1, X, "W1'": W1 }, sizes: { B, D } } = step;
    const row = content === "weights" ? W1 : dW1, place = unit * D;
    let values = row.data.slice(place, place + D),
      scale = content === "weights" ? scales.W1 : scales.dW1;
    if (content !== "weights" && (B === 1 || typeof content === "number")) {
      // ink by the root of the message, so that small ones are seen too
      const image = typeof content === "number" ? content : 0, message = dA1.at(unit, image);
      values = values.map((_, d) => message * X.at(d, image));
      scale = Math.sqrt(scales.dA1 * Math.abs(message));
    }
    if (content === "nothing") scale = Infinity;
    if (content === "pale") scale *= 4;
    paint(canvas.current!, drawSigned(values, step.data.size, scale));
  }, [step.values, content, unit]);
  return (
    <canvas
      ref={canvas}
      class={isChosen ? "chosen" : ""}
      data-unit={unit}
      {...{ width, height }}
    />
  );
}
