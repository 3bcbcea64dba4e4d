// What NumPy computed, from fixtures/.
import { readNpz } from "../../lib/formats/npz.ts";
import { type NdArray, toFloat64 } from "../../lib/formats/nd_array.ts";
import { type Dim, dim } from "../../lib/math/shape.ts";
import type { Dataset } from "../../lib/data/dataset.ts";
import { type AnyMatrix, Matrix } from "../../lib/math/matrix.ts";
import { loadDataset, type Split } from "../../lib/system/data.ts";
import type { Trace } from "../../lib/commands/verify_command.ts";

export function fixture(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
}

/** One run of the original program: see fixtures/generate.py. */
export interface Run {
  readonly settings: Trace["settings"] & { readonly limit?: number; readonly loadsItself?: true };
  readonly losses: readonly number[];
  /** mean cross-entropy, and how many are right */
  readonly train?: readonly [number, number];
  readonly test?: readonly [number, number];
}

export function runs(): Run[] {
  return JSON.parse(new TextDecoder().decode(fixture("runs.json")));
}

/** The arrays of an npz fixture as matrices (a list becomes a column). */
export function matrices(name: string): Map<string, AnyMatrix> {
  const toMatrix = (array: NdArray): AnyMatrix => {
    const [rows, columns = 1] = array.shape;
    return Matrix.of(dim("any", rows!), dim("any", columns), toFloat64(array));
  };
  return new Map([...readNpz(fixture(name))].map(([key, array]) => [key, toMatrix(array)]));
}

const loaded: Partial<Record<Split, Dataset<Dim<"inputs">>>> = {};

/** One half of MNIST, read when it is first asked for. */
export function mnist(split: Split): Dataset<Dim<"inputs">> {
  return loaded[split] ??= loadDataset(undefined, split).data;
}
