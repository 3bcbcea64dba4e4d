// A part of a wrong quantity that is so small that many mistakes can be tried in it.
import { Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { dim } from "../math/shape.ts";
import type { Mistake } from "../mistakes/mistake.ts";
import { lazyStep } from "../network/step.ts";
import { type KnownValues, multiplications } from "./step_dump.ts";
import type { Suspect } from "./suspect.ts";

/**
 * Whether a mistake moves entries between rows or columns, or needs all entries, so that it
 * cannot be made in some of them: the names say so.
 */
export function rearranges({ id }: Pick<Mistake, "id">): boolean {
  return /transposed$|reshaped$|along-the-batch$|cut$|norm$|by-D$/.test(id);
}

/** The rows or columns of the part of a quantity that is tried first. */
const PROBE_SIZE = 8;

/** A part of a wrong quantity. */
export interface Probe {
  /** The part, with what it is computed from. */
  readonly part: Suspect;
  /** Whether a mistake has the same effect in the part as in the whole. */
  covers(mistake: Mistake): boolean;
}

/**
 * A small part of a large quantity, in which mistakes are tried first: some hidden units of A1,
 * some inputs of dW1 and W1'. Undefined if the quantity is none of these, or is small.
 */
export function probeOf(suspect: Suspect): Probe | undefined {
  const { symbol, own, given, candidates, sizes } = suspect, { D, M } = sizes;
  if (multiplications(sizes) < 1e5) return undefined;
  if (symbol === "A1" && M > PROBE_SIZE) {
    const units = spread(M);
    const known: KnownValues = {
      ...given,
      W1: rowsOf(own.W1, units),
      b1: rowsOf(own.b1, units),
    };
    const rows = candidates.map((candidate) => rowsOf(candidate, units));
    const part = partOf(suspect, known, rows, { ...sizes, M: units.length });
    return { part, covers: (mistake) => !rearranges(mistake) };
  }
  if ((symbol === "dW1" || symbol === "W1'") && D > PROBE_SIZE) {
    const X = own.X, inputs = brightest(X);
    const known: KnownValues = { ...given, A1: own.A1, X: rowsOf(X, inputs) };
    for (const symbol of ["W1", "dW1"] as const) {
      const matrix = given[symbol];
      if (matrix !== undefined) known[symbol] = columnsOf(matrix, inputs);
    }
    const columns = candidates.map((candidate) => columnsOf(candidate, inputs));
    const part = partOf(suspect, known, columns, { ...sizes, D: inputs.length });
    // A1 needs all inputs
    const isBefore = ({ quantity }: Mistake) =>
      !Object.hasOwn(given, "A1") && (quantity === "X" || quantity === "A1");
    return { part, covers: (mistake) => !rearranges(mistake) && !isBefore(mistake) };
  }
  return undefined;
}

function partOf(
  suspect: Suspect,
  given: KnownValues,
  candidates: readonly RunTimeMatrix[],
  sizes: Suspect["sizes"],
): Suspect {
  // the largest entry of a part may be smaller than that of the whole
  const tolerance = 1e3 * suspect.tolerance;
  return { ...suspect, given, own: lazyStep(given), candidates, sizes, tolerance };
}

/** Some indices below n, in equal distances. */
function spread(n: number): number[] {
  return Array.from({ length: PROBE_SIZE }, (_, i) => Math.floor((i + 0.5) * n / PROBE_SIZE));
}

/** The inputs with the largest sums: at the border of images, all are 0. */
function brightest(X: RunTimeMatrix): number[] {
  const sums = X.map(Math.abs).rowSums.data;
  return [...sums.keys()].sort((a, b) => sums[b]! - sums[a]!).slice(0, PROBE_SIZE);
}

function rowsOf({ columns, data }: RunTimeMatrix, rows: readonly number[]): RunTimeMatrix {
  const picked = new Float64Array(rows.length * columns);
  rows.forEach((row, i) =>
    picked.set(data.subarray(row * columns, (row + 1) * columns), i * columns)
  );
  return Matrix.of(dim("any", rows.length), dim("any", columns), picked);
}

function columnsOf(matrix: RunTimeMatrix, columns: readonly number[]): RunTimeMatrix {
  return rowsOf(matrix.transposed, columns).transposed;
}
