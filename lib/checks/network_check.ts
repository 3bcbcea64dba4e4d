// The check of every gradient of a network by finite differences, and what its results say.
import type { Dim } from "../math/shape.ts";
import { type AnyParameters, backward, type Batch, forward } from "../network/network.ts";
import type { RandomState } from "../random/random_state.ts";
import {
  DIRECTION_BOUND,
  type DirectionalError,
  directionalError,
  randomDirection,
} from "./directional_check.ts";
import {
  type CheckedError,
  type CheckedFunctions,
  type CheckedPart,
  entriesToCheck,
  GRADIENT_BOUND,
  type LayerCheck,
  layerChecks,
} from "./layer_checks.ts";

/** A gradient, so many entries of which are compared with finite differences. */
export interface CheckedGradient extends CheckedError {
  readonly check: LayerCheck;
  readonly checked: number;
}

/** How to check all gradients, or those of a layer: at most so many entries of each, drawn. */
export interface CheckOptions {
  readonly layer?: CheckedPart;
  readonly entries: number;
  readonly random: RandomState;
  readonly onProgress?: (
    progress: { what: string; done: number; all: number; unit: "entries" },
  ) => void;
}

/** Compares all gradients, or those of a layer, with differences, from the loss backwards. */
export function checkGradients<B extends number>(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, B>,
  { layer, entries: most, random, onProgress }: CheckOptions,
  functions: CheckedFunctions<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, B> = {},
): CheckedGradient[] {
  const checks = layerChecks(parameters, batch, functions)
    .filter(({ part }) => layer === undefined || part === layer);
  const all = checks.reduce((sum, check) => sum + Math.min(check.analytic.data.length, most), 0);
  let done = 0;
  return checks.map((check) => {
    const entries = entriesToCheck(check.analytic, most, random);
    const onEntry = () => onProgress?.({ what: check.name, done: ++done, all, unit: "entries" });
    return { check, checked: entries.length, ...check.compare(entries, onEntry) };
  });
}

/** Compares the gradient of the whole network along one random direction. */
export function checkDirection<B extends number>(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, B>,
  random: RandomState,
  { backward: whole = backward }: Pick<
    CheckedFunctions<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, B>,
    "backward"
  > = {},
): DirectionalError {
  const { gradients } = whole(parameters, forward(parameters, batch.X), batch.labels);
  return directionalError(parameters, batch, randomDirection(parameters, random), gradients);
}

/** Names the first wrong gradient from the loss backwards, if there is one, and its function. */
export function firstWrongGradient(results: readonly CheckedGradient[]): string | undefined {
  const wrong = results.find(({ verdict }) => verdict === "wrong");
  if (wrong === undefined) return undefined;
  const { check: { name, by, file }, row, column, analytic, numerical } = wrong;
  const layers = results.filter(({ check: { part } }) => part !== "network");
  const why = layers.length > 0 && layers.every(({ verdict }) => verdict === "right")
    ? "each layer by itself is right, so it connects them wrongly"
    : "the first that fails from the loss backwards";
  return `${name} is wrong at (${row}, ${column}): ${analytic}, by differences ${numerical}: ` +
    `see ${by}() in ${file}, ${why}`;
}

/** Says that the gradient is wrong along the direction, if it is. */
export function wrongDirection(
  { verdict, analytic, numerical }: DirectionalError,
): string | undefined {
  if (verdict !== "wrong") return undefined;
  return `the gradient of all parameters is wrong along a random direction: ${analytic}, ` +
    `by differences ${numerical}: see ${backward.name}() in lib/network/network.ts, ` +
    "and check more entries with --entries";
}

/** Names what the differences do not decide, if there is anything. */
export function undecidedGradients(
  results: readonly CheckedGradient[],
  direction?: DirectionalError,
): string | undefined {
  const all = [
    ...results.map(({ check: { name }, ...result }) => (
      { ...result, name, bound: GRADIENT_BOUND, of: "its largest entry" }
    )),
    ...direction === undefined
      ? []
      : [{ ...direction, name: "direction", bound: DIRECTION_BOUND, of: "|gradient| |direction|" }],
  ].filter(({ verdict }) => verdict === "undecided");
  const [first] = all;
  if (first === undefined) return undefined;
  const { name, bound, of, scale, numerical, uncertainty } = first;
  const why = Number.isFinite(numerical)
    ? `rounding may move the differences of ${name} by ${uncertainty.toExponential(1)}, ` +
      `more than ${bound.toExponential()} of ${of}, ${(bound * scale).toExponential(1)}`
    : `the differences of ${name} are ${numerical}`;
  return `${
    all.map(({ name }) => name).join(", ")
  } cannot be decided from these parameters: ${why}`;
}
