/**
 * Parameters in an npz file, as the report's program saves them: arr_0 … arr_3 are W1, W2, b1, b2,
 * in this order.
 *
 * @module
 */

import { FormatError } from "../formats/format_error.ts";
import { formatShape, type NdArray, toFloat64 } from "../formats/nd_array.ts";
import type { WritableArray } from "../formats/npy.ts";
import { readNpz, writeNpz } from "../formats/npz.ts";
import { type AnyMatrix, describeEntry, Matrix } from "../math/matrix.ts";
import type { AnyParameters, Parameters } from "../network/network.ts";
import { dim, type SingleSize } from "../math/shape.ts";

/**
 * Hidden units of a saved network, at most.
 *
 * @category 8 Saved runs
 */
export const MAX_HIDDEN = 4096;

const HIDDEN_NEEDED = `1 to ${MAX_HIDDEN} hidden units`;

/** The member of each parameter: the listing's `np.savez("parameter", W1, W2, b1, b2)`. */
const MEMBERS = { W1: "arr_0", W2: "arr_1", b1: "arr_2", b2: "arr_3" } as const;

type Name = keyof typeof MEMBERS;

/** The parameters in the order of the file. */
export const PARAMETER_NAMES = Object.keys(MEMBERS) as readonly Name[];

/** Names of the members that hold parameters. */
export const PARAMETER_MEMBERS: readonly string[] = Object.values(MEMBERS);

/**
 * Reads parameters that this program, the report's or any other NumPy program saved.
 *
 * Every real dtype that {@linkcode readNpz} reads is accepted; members besides the four are
 * ignored.
 *
 * @param bytes a whole npz file with arr_0 (M, D), arr_1 (K, M), arr_2 (M, 1) and arr_3 (K, 1), M
 * up to 4096
 * @throws {FormatError} if the file is damaged, an array is missing or has another shape, or a
 * number is not finite
 *
 * @example
 * ```ts
 * import { initialise, RandomState, readParameters, writeParameters } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const parameters = initialise(4, 3, 2, new RandomState(601));
 * deepStrictEqual(readParameters(writeParameters(parameters)).W1.data, parameters.W1.data);
 * ```
 *
 * @category 8 Saved runs
 */
export function readParameters(bytes: Uint8Array): AnyParameters {
  return parametersFrom(readNpz(bytes, { names: PARAMETER_MEMBERS }));
}

/** The parameters among the arrays of an npz file, which may have others too. */
export function parametersFrom(arrays: ReadonlyMap<string, NdArray>): AnyParameters {
  const [W1, W2] = [take(arrays, "W1", "(M, D)"), take(arrays, "W2", "(K, M)")];
  const [M, D] = sides(W1, "W1", "(M, D)"), [K, columns] = sides(W2, "W2", "(K, M)");
  if (M > MAX_HIDDEN) {
    throw cannotUse("W1", `shape ${formatShape(W1.shape)}`, HIDDEN_NEEDED);
  }
  if (columns !== M) {
    const why = `(${K}, ${M}), as ${MEMBERS.W1} has ${M} rows`;
    throw cannotUse("W2", `shape ${formatShape(W2.shape)}`, why);
  }
  const [b1, b2] = [take(arrays, "b1", `(${M}, 1)`), take(arrays, "b2", `(${K}, 1)`)];
  const inputs = dim("inputs", D), hidden = dim("hidden", M), classes = dim("classes", K);
  return {
    W1: toMatrix(W1, "W1", hidden, inputs),
    b1: toMatrix(b1, "b1", hidden, 1),
    W2: toMatrix(W2, "W2", classes, hidden),
    b2: toMatrix(b2, "b2", classes, 1),
  };
}

/**
 * The npz file of parameters: doubles, row by row, not compressed, as `np.savez` writes them; the
 * bytes depend on the values alone.
 *
 * @throws {RangeError} if {@linkcode readParameters} would refuse the file: a number is not finite,
 * there are more than {@linkcode MAX_HIDDEN} hidden units, or the file is too large to read
 *
 * @category 8 Saved runs
 */
export function writeParameters<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
): Uint8Array<ArrayBuffer> {
  return writeNpz(parameterArrays(parameters));
}

/** The members that hold parameters, for files that have others too. */
export function parameterArrays<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
): [name: string, array: WritableArray][] {
  const { W1 } = parameters;
  if (W1.rows > MAX_HIDDEN) {
    throw new RangeError(`Cannot save W1: has ${W1.rows} rows, need ${HIDDEN_NEEDED}`);
  }
  return PARAMETER_NAMES.map((name) => {
    const matrix: AnyMatrix = parameters[name];
    const at = firstNotFinite(matrix);
    if (at !== undefined) throw new RangeError(`Cannot save ${name}: ${at}, need finite numbers`);
    return [MEMBERS[name], { shape: [matrix.rows, matrix.columns], data: matrix.data }];
  });
}

function take(arrays: ReadonlyMap<string, NdArray>, name: Name, shape: string): NdArray {
  const array = arrays.get(MEMBERS[name]);
  if (array === undefined) throw cannotUse(name, "is missing", `an array of shape ${shape}`);
  return array;
}

function sides({ shape }: NdArray, name: Name, needed: string): [number, number] {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === 0 || columns === 0) {
    throw cannotUse(name, `shape ${formatShape(shape)}`, `shape ${needed}`);
  }
  return [rows!, columns!];
}

function toMatrix<R extends number, C extends number>(
  array: NdArray,
  name: Name,
  rows: SingleSize<R>,
  columns: SingleSize<C>,
): Matrix<R, C> {
  const [r, c] = sides(array, name, `(${rows}, ${columns})`);
  if (r !== rows || c !== columns) {
    throw cannotUse(name, `shape ${formatShape(array.shape)}`, `shape (${rows}, ${columns})`);
  }
  const matrix = Matrix.of(rows, columns, toFloat64(array));
  const at = firstNotFinite(matrix);
  if (at !== undefined) throw cannotUse(name, at, "finite numbers");
  return matrix;
}

function firstNotFinite(matrix: AnyMatrix): string | undefined {
  const at = matrix.data.findIndex((x) => !Number.isFinite(x));
  return at < 0 ? undefined : describeEntry(matrix, at);
}

function cannotUse(name: Name, found: string, needed: string): FormatError {
  return new FormatError(`Cannot use "${MEMBERS[name]}" as ${name}: ${found}, need ${needed}`);
}
