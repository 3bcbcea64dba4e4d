// Axes of the charts: which ticks get labels.
import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  accuracyAxis,
  type Axis,
  BOTTOM,
  crossEntropyAxis,
  epochAxis,
  LEFT,
  RIGHT,
  TOP,
} from "../../lib/charts/axes.ts";

function labels({ ticks }: Axis): string {
  return ticks.map(({ label }) => label).filter((label) => label).join(" ");
}

Deno.test("example: epochAxis() labels whole epochs, on a logarithmic axis those that fit", () => {
  strictEqual(labels(epochAxis(7, 7, false)), "7");
  strictEqual(labels(epochAxis(1, 5, false)), "1 2 3 4 5");
  for (const last of [11, 12]) { // as many as the dots of a curve: one for each
    const all = Array.from({ length: last }, (_, i) => i + 1).join(" ");
    strictEqual(labels(epochAxis(1, last, false)), all);
  }
  strictEqual(labels(epochAxis(1, 13, false)), "2 4 6 8 10 12");
  strictEqual(labels(epochAxis(5, 30, false)), "5 10 15 20 25 30");
  strictEqual(labels(epochAxis(1, 10_000, false)), "2,000 4,000 6,000 8,000 10,000");
  strictEqual(labels(epochAxis(1, 2, true)), "1 2");
  strictEqual(labels(epochAxis(1, 40, true)), "1 2 3 4 5 10 20 30 40");
  strictEqual(labels(epochAxis(5, 40, true)), "5 6 7 8 9 10 20 30 40");
  strictEqual(labels(epochAxis(1, 300, true)), "1 2 5 10 20 50 100 200");
  strictEqual(labels(epochAxis(1, 10_000, true)), "1 10 100 1,000 10,000");
});

Deno.test("example: crossEntropyAxis() begins at 0, or is logarithmic with as many labels as fit", () => {
  strictEqual(labels(crossEntropyAxis([2.1, 0.3], false)), "0.0 0.5 1.0 1.5 2.0 2.5");
  strictEqual(labels(crossEntropyAxis([2.1, 0.3], true)), "0.5 1 2");
  strictEqual(labels(crossEntropyAxis([2.1, 0.0016], true)), "0.01 0.1 1");
  strictEqual(labels(crossEntropyAxis([0.33, 0.32], true)), "0.28 0.3 0.32 0.34 0.36 0.38");
  strictEqual(labels(crossEntropyAxis([2.1e12], false)), "0 5e11 1e12 1.5e12 2e12 2.5e12");
});

Deno.test("example: accuracyAxis() ends at 100 % and shows 1 % at least", () => {
  strictEqual(labels(accuracyAxis([47.5, 91])), "40 50 60 70 80 90 100");
  strictEqual(labels(accuracyAxis([100])), "99.0 99.2 99.4 99.6 99.8 100.0");
});

Deno.test("law: no labels of an axis overlap, whatever it shows", () => {
  const apart = ({ ticks }: Axis, room: (label: string) => number) => {
    const shown = ticks.filter(({ label }) => label !== "").toSorted((a, b) => a.at - b.at);
    shown.slice(1).forEach((tick, i) => {
      const gap = tick.at - shown[i]!.at, need = (room(tick.label) + room(shown[i]!.label)) / 2;
      ok(gap >= need, `${shown[i]!.label} and ${tick.label}: ${gap} pixels apart, need ${need}`);
    });
  };
  // digits of 13 pixels are 7.3 wide, commas 3.7; a line of text is 12 high
  const wide = (label: string) => [...label].reduce((sum, c) => sum + (c === "," ? 3.7 : 7.3), 0);
  const epoch = fc.integer({ min: 1, max: 500_000 });
  fc.assert(fc.property(epoch, epoch, fc.boolean(), (a, b, log) => {
    const x = epochAxis(Math.min(a, b), Math.max(a, b), log);
    apart(x, wide);
    ok(x.ticks.every(({ at }) => at >= LEFT && at <= RIGHT));
  }));
  const loss = fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true });
  const losses = fc.array(fc.oneof(loss, fc.double({ min: 0, max: 3, noNaN: true })), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(fc.property(losses, fc.boolean(), (values, log) => {
    const y = crossEntropyAxis(values, log);
    apart(y, () => 12);
    ok(y.ticks.every(({ at }) => at >= TOP && at <= BOTTOM));
  }));
});
