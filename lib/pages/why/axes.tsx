/** @jsxImportSource preact */
// Linear axes of the small charts.
import type { JSX } from "preact";

/** The size of a chart, and its plot. */
export const PLOT = { width: 352, height: 216, left: 40, right: 348, top: 8, bottom: 174 };

/** Positions on an axis, and its ticks. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** An axis from one value to another, with about so many ticks at 1, 2 or 5 times a power of 10. */
export function linear(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
  count = 6,
): Scale {
  const size = (to - from) / count, power = 10 ** Math.floor(Math.log10(size));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= size * 0.99) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [], scale = (value: number) => start + (value - from) / (to - from) * (end - start);
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) {
    ticks.push({ at: scale(i * step), label: (i * step).toFixed(decimals).replace("-", "−") });
  }
  return Object.assign(scale, { ticks });
}

/** Both axes, with the name of the one below. */
export function Axes({ x, y, name }: {
  readonly x: Scale;
  readonly y: Scale;
  readonly name: string;
}): JSX.Element {
  const { left, right, bottom, height } = PLOT;
  return (
    <>
      {y.ticks.map(({ at, label }) => (
        <g key={label}>
          <path class="frame-line" d={`M${left} ${at}H${right}`} />
          <text class="quiet end" x={left - 6} y={at + 4.5}>{label}</text>
        </g>
      ))}
      {x.ticks.map(({ at, label }) => (
        <text key={label} class="quiet middle" x={at} y={bottom + 22}>{label}</text>
      ))}
      <path class="axis" d={`M${left} ${bottom}H${right}`} />
      <text class="quiet end" x={right} y={height - 2}>{name}</text>
    </>
  );
}
