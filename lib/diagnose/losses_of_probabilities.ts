// The losses of programs that take the logarithm of the probabilities, where this project takes
// that of the sum of the exponentials.
import type { AnyMatrix } from "../math/matrix.ts";
import { log } from "../math/log.ts";
import type { ComputedSymbol, RunTimeStep } from "../network/step.ts";
import { meanLoss } from "../network/softmax_cross_entropy.ts";

/** A quantity by another equation than the table's. */
export interface OtherDefinition {
  /** The right-hand side of its equation. */
  readonly formula: string;
  readonly compute: () => AnyMatrix;
}

/**
 * The small numbers that programs add to a probability, or take in place of a smaller one, so that
 * its logarithm is finite: 1e-7 is the textbook's, the others are those of libraries.
 */
const GUARDS = [1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 2 ** -23, 2 ** -52] as const;

/** Definitions of L, and of E if L is not recorded, from P; none for other quantities. */
export function lossesOfProbabilities(
  symbol: ComputedSymbol,
  { P, onehot }: RunTimeStep,
): OtherDefinition[] {
  if (symbol !== "L" && symbol !== "E") return [];
  const logarithms: readonly (readonly [string, (p: number) => number])[] = [
    ["ln P", log],
    ...GUARDS.flatMap((guard) => [
      [`ln(P + ${guard})`, (p: number) => log(p + guard)] as const,
      [`ln max(P, ${guard})`, (p: number) => log(Math.max(p, guard))] as const,
    ]),
  ];
  return logarithms.flatMap(([formula, logarithm]): OtherDefinition[] => {
    const losses = () => P.zip(onehot, (p, y) => y === 0 ? 0 : -y * logarithm(p)).columnSums;
    // what is infinite has no guard
    if (!losses().data.every(Number.isFinite)) return [];
    return symbol === "L"
      ? [{ formula: `-Σ_k onehot ${formula}`, compute: losses }]
      : [{ formula: `-Σ_i Σ_k onehot ${formula} / B`, compute: () => meanLoss(losses()) }];
  });
}
