// The factor by which a quantity is a multiple of what it should be.
import type { RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import type { AnyStepValues } from "../network/step.ts";
import { relativeError } from "./agreement.ts";
import type { Factor } from "./cause.ts";
import { dot } from "./least_squares.ts";
import type { StepSizes } from "./dump.ts";
import { fits, type Suspect } from "./suspect.ts";

/** The factor by which the recorded matrix is a multiple of another, if it is one. */
export function factorFit(
  suspect: Suspect,
  computed: RunTimeMatrix,
): { readonly factor: Factor; readonly error: number } | undefined {
  const { candidates, sizes, own, tolerance } = suspect;
  for (const candidate of candidates) {
    if (candidate.rows !== computed.rows || candidate.columns !== computed.columns) continue;
    if (maxAbs(candidate.data) === 0) return { factor: { value: 0, name: "0" }, error: 0 };
    const value = dot(candidate.data, computed.data) / dot(computed.data, computed.data);
    if (!Number.isFinite(value) || value === 0) continue;
    const error = relativeError(candidate, computed.scale(value));
    const name = nameOfFactor(value, sizes, own, tolerance);
    // of a single number, every other is a multiple
    if (fits(suspect, error) && (name !== undefined || computed.data.length > 1)) {
      return { factor: { value, name }, error };
    }
  }
  return undefined;
}

/** The name of a factor, if it is one that programs multiply with by mistake. */
function nameOfFactor(
  value: number,
  { D, M, K, B }: StepSizes,
  { η }: AnyStepValues,
  tolerance: number,
): string | undefined {
  const sizes = [["B", B], ["K", K], ["M", M], ["D", D]] as const;
  const names: readonly (readonly [string, number])[] = [
    ["1", 1],
    ["2", 2],
    ["1/2", 1 / 2],
    ...sizes,
    ...sizes.map(([name, size]) => [`1/${name}`, 1 / size] as const),
    ["B²", B * B],
    ["1/B²", 1 / B / B],
    ["B/K", B / K],
    ["K/B", K / B],
    ["1/(B K)", 1 / B / K],
    ["B/2", B / 2],
    ["2/B", 2 / B],
    ["B/(B - 1)", B / (B - 1)],
    ["(B - 1)/B", (B - 1) / B],
    ["B/(B + 1)", B / (B + 1)],
    ["√B", Math.sqrt(B)],
    ["1/√B", 1 / Math.sqrt(B)],
    ["255", 255],
    ["1/255", 1 / 255],
    ...typeof η === "number" ? [["η", η], ["1/η", 1 / η]] as const : [],
    ["ln 2", Math.LN2],
    ["1/ln 2", 1 / Math.LN2],
    ["1/ln 10", 1 / Math.LN10],
  ];
  const near = (x: number) => Math.abs(value - x) <= Math.abs(x) * Math.max(8 * tolerance, 1e-12);
  return names.filter(([, x]) => Number.isFinite(x) && x !== 0).flatMap(([name, x]) =>
    near(x) ? [name] : near(-x) ? [`-${name}`] : []
  )[0];
}
