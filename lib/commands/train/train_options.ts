/**
 * What the command `train` can be told.
 *
 * @module
 */

import type { EngineKind } from "../../system/engines.ts";

/** What `train` was told; what has no default here has one that depends on the rest. */
export interface TrainOptions {
  readonly epochs?: number;
  readonly batch?: number;
  readonly hidden?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly limit?: number;
  readonly data?: string;
  readonly load?: string;
  readonly resume?: string;
  readonly save?: string;
  readonly saveEvery?: number;
  readonly history?: string;
  readonly evaluateEvery?: number;
  readonly evaluateTrain?: true;
  readonly engine: EngineKind;
  readonly prompt?: true;
  readonly quiet?: true;
}
