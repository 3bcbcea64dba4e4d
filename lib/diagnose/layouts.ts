// Which way round a program records its matrices: what the arrays tell that are not square.
import type { StepSymbol } from "../network/step.ts";

/** Whether arrays hold transposed matrices. */
export type Layouts = ReadonlyMap<StepSymbol, boolean>;

/**
 * The kinds of arrays of which a program has each in one layout: the listing's matrices of the
 * forward pass are B x D x 1, those of the backward pass M x B.
 */
const KINDS: readonly (readonly StepSymbol[])[] = [
  ["X", "A1", "Y1", "A2", "P", "onehot"],
  ["dA2", "dY1", "dA1"],
  ["W1", "W2", "dW1", "dW2", "W1'", "W2'"],
];

/**
 * The layout of most arrays of each kind, for all symbols of it; none where all arrays are square.
 *
 * @param symbols those that are recorded
 * @param waysRound the ways round that fit, `true` for a transposed matrix
 */
export function usualLayouts(
  symbols: Iterable<StepSymbol>,
  waysRound: (symbol: StepSymbol) => readonly boolean[],
): Layouts {
  const recorded = new Set(symbols);
  return new Map(KINDS.flatMap((kind) => {
    const votes = kind.filter((symbol) => recorded.has(symbol)).map(waysRound)
      .flatMap((ways) => ways.length === 1 ? ways : []);
    const transposed = votes.filter((vote) => vote).length;
    return votes.length === 0
      ? []
      : kind.map((symbol) => [symbol, 2 * transposed > votes.length] as const);
  }));
}

/**
 * The number of square arrays that are read the other way round than is usual, or than most square
 * ones of their kind.
 */
export function countUnusual(layouts: Layouts, usual: Layouts): number {
  return KINDS.map((kind) => {
    const read = kind.flatMap((symbol) => layouts.get(symbol) ?? []);
    const transposed = read.filter((one) => one).length, upright = read.length - transposed;
    const layout = usual.get(kind[0]!);
    return layout === undefined ? Math.min(transposed, upright) : layout ? upright : transposed;
  }).reduce((a, b) => a + b);
}
