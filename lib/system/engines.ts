/**
 * The training engines by name.
 *
 * @module
 */

import type { Option } from "commander";
import {
  type AnyParameters,
  type Dataset,
  type Dim,
  type Engine,
  ReferenceEngine,
  SimdEngine,
} from "../../mod.ts";
import { oneOf, option } from "./arguments.ts";
import { UserError } from "./errors.ts";

/** Values of `--engine`. */
export type EngineKind = "simd" | "reference";

/** The option `--engine`. */
export function engineOption(): Option {
  const kinds = oneOf<EngineKind>("simd", "reference");
  return option("--engine <which>", "simd or reference; both compute the same bits", kinds)
    .default("simd");
}

/** An engine whose sizes are known only at run time. */
export type AnyEngine = Engine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

/**
 * An engine with these parameters on a data set.
 *
 * @throws {UserError} if they do not fit into the memory of the engine
 */
export function makeEngine(
  kind: EngineKind,
  parameters: AnyParameters,
  data: Dataset<Dim<"inputs">>,
): AnyEngine {
  try {
    return kind === "simd"
      ? new SimdEngine(parameters, data)
      : new ReferenceEngine(parameters, data);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`--engine ${kind}: ${error.message}`);
    throw error;
  }
}
