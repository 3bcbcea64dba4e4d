// The requirements of every engine on its parameters and learning rates.
import type { AnyMatrix } from "../math/matrix.ts";
import { ShapeError } from "../math/shape.ts";
import { describeValue } from "../text/escape.ts";

/** Throws {@linkcode ShapeError} if a shape is not that of a D-M-K network. */
export function checkParameters(
  { D, M, K }: { readonly D: number; readonly M: number; readonly K: number },
  { W1, b1, W2, b2 }: Readonly<Record<"W1" | "b1" | "W2" | "b2", AnyMatrix>>,
): void {
  const check = (name: string, { rows, columns }: AnyMatrix, R: number, C: number) => {
    if (rows === R && columns === C) return;
    throw new ShapeError(
      `Cannot use ${rows}x${columns} as ${name} of a ${D}-${M}-${K} network: need ${R}x${C}`,
    );
  };
  check("W1", W1, M, D);
  check("b1", b1, M, 1);
  check("W2", W2, K, M);
  check("b2", b2, K, 1);
}

/** Refuses arguments that are missing, for programs without types: all of them are objects. */
export function checkGiven(action: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "object" && value !== null) continue;
    throw new TypeError(`Cannot ${action}: ${name} is ${describeValue(value)}, need an object`);
  }
}

/** Throws {@linkcode RangeError} if a learning rate is not finite and greater than 0. */
export function checkLearningRate(action: string, learningRate: number): void {
  if (learningRate > 0 && learningRate < Infinity) return;
  throw new RangeError(
    `Cannot ${action} at learning rate ${learningRate}: must be finite and > 0`,
  );
}
