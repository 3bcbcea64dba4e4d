// Both engines side by side: every number must have the same bits.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type AnyParameters,
  type BatchResult,
  type Dataset,
  type Dim,
  dim,
  Indices,
  ReferenceEngine,
  SimdEngine,
} from "../../mod.ts";

/** Fails unless every number has the same bits: 0 and -0 differ. */
export function assertSameBits(
  name: string,
  found: Float64Array<ArrayBuffer>,
  wanted: Float64Array<ArrayBuffer>,
): void {
  strictEqual(found.length, wanted.length, name);
  const a = new Uint32Array(found.buffer), b = new Uint32Array(wanted.buffer);
  const at = a.findIndex((half, i) => half !== b[i]) >> 1;
  strictEqual(at, -1, `${name}: number ${at} is ${found[at]}, the reference's is ${wanted[at]}`);
}

export function assertSameParameters(found: AnyParameters, wanted: AnyParameters): void {
  for (const name of ["W1", "b1", "W2", "b2"] as const) {
    deepStrictEqual([found[name].rows, found[name].columns], [
      wanted[name].rows,
      wanted[name].columns,
    ]);
    assertSameBits(name, found[name].data, wanted[name].data);
  }
}

export function areFinite({ W1, b1, W2, b2 }: AnyParameters): boolean {
  return [W1, b1, W2, b2].every(({ data }) => data.every(Number.isFinite));
}

export function batchOf(examples: ArrayLike<number>): Indices<Dim<"batch">> {
  return Indices.of(dim("batch", examples.length), examples);
}

/** Both engines with the same parameters and data. */
export class EnginePair {
  readonly fast: SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;
  readonly reference: ReferenceEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

  constructor(parameters: AnyParameters, readonly data: Dataset<Dim<"inputs">>) {
    this.fast = new SimdEngine(parameters, data);
    this.reference = new ReferenceEngine(parameters, data);
  }

  /** Takes a step with both engines, compares them, and returns the result of the reference. */
  step(examples: ArrayLike<number>, learningRate: number): BatchResult {
    const wanted = this.reference.step(batchOf(examples), learningRate);
    deepStrictEqual(this.fast.step(batchOf(examples), learningRate), wanted);
    // beyond finite numbers they may differ: the reference multiplies pixels of value 0 too
    if (Number.isFinite(wanted.crossEntropy) && areFinite(this.reference.parameters)) {
      assertSameParameters(this.fast.parameters, this.reference.parameters);
    }
    return wanted;
  }
}
