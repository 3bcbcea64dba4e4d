// The reference and the fast engine side by side.
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
  what: string,
  found: Float64Array<ArrayBuffer>,
  wanted: Float64Array<ArrayBuffer>,
): void {
  strictEqual(found.length, wanted.length, what);
  const a = new Uint32Array(found.buffer), b = new Uint32Array(wanted.buffer);
  const at = a.findIndex((half, i) => half !== b[i]) >> 1;
  strictEqual(at, -1, `${what}: number ${at} is ${found[at]}, the reference's is ${wanted[at]}`);
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

export function pick(values: ArrayLike<number>): Indices<Dim<"batch">> {
  return Indices.of(dim("batch", values.length), values);
}

/** Both engines, at the same parameters on the same data. */
export class Twins {
  readonly fast: SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;
  readonly reference: ReferenceEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

  constructor(parameters: AnyParameters, readonly data: Dataset<Dim<"inputs">>) {
    this.fast = new SimdEngine(parameters, data);
    this.reference = new ReferenceEngine(parameters, data);
  }

  /** One step of both, which must find and leave the same, to the bit. What the reference found. */
  step(picked: ArrayLike<number>, learningRate: number): BatchResult {
    const wanted = this.reference.step(pick(picked), learningRate);
    deepStrictEqual(this.fast.step(pick(picked), learningRate), wanted);
    // the promise ends where a number is not finite: there a dark pixel turns the reference's sums NaN
    if (Number.isFinite(wanted.crossEntropy) && areFinite(this.reference.parameters)) {
      assertSameParameters(this.fast.parameters, this.reference.parameters);
    }
    return wanted;
  }
}
