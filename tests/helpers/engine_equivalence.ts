// Both engines side by side: every number must have the same bits.
import { deepStrictEqual, fail, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type AnyParameters,
  type BatchResult,
  Dataset,
  type Dim,
  dim,
  Indices,
  ReferenceEngine,
  SimdEngine,
  type SingleName,
} from "../../mod.ts";
import { labels, parameters, size, upTo } from "./arbitraries.ts";

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
    const a = found[name], b = wanted[name];
    deepStrictEqual([a.rows, a.columns], [b.rows, b.columns]);
    assertSameBits(name, a.data, b.data);
  }
}

export function areFinite({ W1, b1, W2, b2 }: AnyParameters): boolean {
  return [W1, b1, W2, b2].every(({ data }) => data.every(Number.isFinite));
}

export function batchOf(examples: ArrayLike<number>): Indices<Dim<"batch">> {
  return Indices.of(dim("batch", examples.length), examples);
}

/** Both engines with the same parameters and data. */
export class EnginePair implements Disposable {
  readonly fast: SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;
  readonly reference: ReferenceEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

  constructor(
    parameters: AnyParameters,
    readonly data: Dataset<Dim<"inputs">>,
    options?: { readonly threads?: number },
  ) {
    this.fast = new SimdEngine(parameters, data, options);
    this.reference = new ReferenceEngine(parameters, data);
  }

  [Symbol.dispose](): void {
    this.fast.close();
  }

  /** Takes a step with both engines, compares them, and returns the result of the reference. */
  step(examples: ArrayLike<number>, learningRate: number): BatchResult {
    const wanted = this.reference.step(batchOf(examples), learningRate);
    deepStrictEqual(this.#fastStep(examples, learningRate), wanted);
    // beyond finite numbers they may differ: the reference multiplies pixels of value 0 too
    if (Number.isFinite(wanted.crossEntropy) && areFinite(this.reference.parameters)) {
      assertSameParameters(this.fast.parameters, this.reference.parameters);
    }
    return wanted;
  }

  #fastStep(examples: ArrayLike<number>, learningRate: number): BatchResult {
    try {
      return this.fast.step(batchOf(examples), learningRate);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) fail(`the engine trapped: ${error.message}`);
      throw error;
    }
  }
}

/** Sizes on both sides of multiples of the block width, where memory is laid out otherwise. */
const BOUNDARIES = [15, 16, 17, 31, 32, 33, 64, 128];

/** Any size up to 40, or one at a boundary. */
function boundarySize<Name extends string>(name: SingleName<Name>): fc.Arbitrary<Dim<Name>> {
  return fc.oneof(size(name, 40), fc.constantFrom(...BOUNDARIES).map((n) => dim(name, n)));
}

const sizes = fc.record({
  D: boundarySize("inputs"),
  M: boundarySize("hidden"),
  K: boundarySize("classes"),
  B: boundarySize("batch"),
});

const zeros = fc.constantFrom(0, -0);

/** Parameters of one kind, with zeros of either sign among them. */
const kinds: fc.Arbitrary<fc.Arbitrary<number>> = fc.constantFrom(
  { weight: 4, entry: upTo(1) },
  { weight: 1, entry: upTo(100) }, // saturated: probabilities underflow, losses are in the hundreds
  { weight: 1, entry: upTo(1e-150) }, // products are denormal
  { weight: 1, entry: upTo(1e-307) }, // so are parameters
  { weight: 1, entry: upTo(1e150) }, // products nearly overflow
  { weight: 1, entry: fc.double({ noNaN: true, noDefaultInfinity: true }) }, // anything finite
).map(({ weight, entry }) =>
  fc.oneof({ weight: weight * 5, arbitrary: entry }, { weight: 1, arbitrary: zeros })
);

/** Images: all zero, all nonzero, or with some share of nonzero pixels. */
function pixels(count: number): fc.Arbitrary<Uint8Array> {
  const byte = fc.integer({ min: 1, max: 255 });
  const some = fc.integer({ min: 1, max: 9 }).map((weight) =>
    fc.oneof({ weight, arbitrary: fc.constant(0) }, { weight: 10 - weight, arbitrary: byte })
  );
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(fc.constant(0)) },
    { weight: 1, arbitrary: fc.constant(byte) },
    { weight: 6, arbitrary: some },
  ).chain((entry) => fc.array(entry, { minLength: count, maxLength: count })).map((bytes) =>
    Uint8Array.from(bytes)
  );
}

const learningRates = fc.oneof(
  fc.double({ min: 0, max: 1, minExcluded: true, noNaN: true }),
  fc.double({ min: 0, max: 1e300, minExcluded: true, noNaN: true }),
);

/** Indices of some of the images, which may repeat. */
function batchUpTo(maxLength: number, images: number, minLength = 1): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: images - 1 }), { minLength, maxLength });
}

/** A network, a few images, and batches of the size drawn and of smaller ones. */
export const engineRuns = fc.tuple(sizes, kinds, fc.integer({ min: 1, max: 6 })).chain((
  [of, entry, images],
) =>
  fc.record({
    initial: parameters(of, entry),
    data: fc.record({
      pixels: fc.array(pixels(of.D), { minLength: images, maxLength: images }),
      labels: labels(dim("images", images), of.K),
    }).map((data) =>
      Dataset.of(
        { width: of.D, height: 1 },
        Uint8Array.from(data.pixels.flatMap((image) => [...image])),
        Uint8Array.from(data.labels.values),
      )
    ),
    batches: fc.array(
      fc.oneof(batchUpTo(of.B, images), batchUpTo(of.B, images, of.B)),
      { minLength: 1, maxLength: 4 },
    ),
    learningRate: learningRates,
  })
);

/**
 * Asserts that both engines take the same steps, to the bit, in this number of random runs.
 *
 * @param options.threads numbers of threads from which to draw
 * @param options.onCreated is called before the first step
 */
export function assertEqualSteps(
  numRuns: number,
  { threads = [1], onCreated = () => {} }: {
    threads?: readonly number[];
    onCreated?: (engines: EnginePair, threads: number) => void;
  } = {},
): void {
  let steps = 0, compared = 0;
  const ofThreads = fc.constantFrom(...threads);
  fc.assert(
    fc.property(engineRuns, ofThreads, ({ initial, data, batches, learningRate }, threads) => {
      using engines = new EnginePair(initial, data, { threads });
      onCreated(engines, threads);
      for (const batch of batches) {
        steps++;
        const { crossEntropy } = engines.step(batch, learningRate);
        if (!Number.isFinite(crossEntropy) || !areFinite(engines.reference.parameters)) return;
        compared++;
      }
    }),
    { numRuns },
  );
  ok(compared > steps / 2, `only ${compared} of ${steps} steps were finite`);
}
