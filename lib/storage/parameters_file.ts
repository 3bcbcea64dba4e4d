// Parameters in an npz file, as the report's program saves them: arr_0 … arr_3 are W1, W2, b1, b2,
// in this order.
import { FormatError } from "../formats/errors.ts";
import { dtypeName, formatShape, type NdArray, toFloat64 } from "../formats/nd_array.ts";
import type { WritableArray } from "../formats/npy.ts";
import { readNpz, writeNpz } from "../formats/npz.ts";
import { type AnyMatrix, describeEntry, Matrix } from "../math/matrix.ts";
import type { AnyParameters, Parameters } from "../network/network.ts";
import { dim, type SingleSize } from "../math/shape.ts";
import { MAX_HIDDEN } from "../training/settings.ts";

/** The member of each parameter: the listing's `np.savez("parameter", W1, W2, b1, b2)`. */
const MEMBERS = { W1: "arr_0", W2: "arr_1", b1: "arr_2", b2: "arr_3" } as const;

type Name = keyof typeof MEMBERS;

export const PARAMETER_NAMES = Object.keys(MEMBERS) as readonly Name[];

export const PARAMETER_MEMBERS: readonly string[] = Object.values(MEMBERS);

/**
 * Reads parameters that this program, the report's or any other NumPy program saved.
 *
 * Every dtype that {@linkcode readNpz} reads is accepted and converted to float64; members besides
 * the four are ignored.
 *
 * @param bytes a whole npz file with arr_0 (M, D), arr_1 (K, M), arr_2 (M, 1) and arr_3 (K, 1), M
 * up to 4096
 * @param onConversion is called for each dtype but float64 in the file, with a line such as
 * `arr_0, arr_1 are float32, read as float64`
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
export function readParameters(
  bytes: Uint8Array,
  onConversion?: (line: string) => void,
): AnyParameters {
  return readParameterMembers(readNpz(bytes, { names: PARAMETER_MEMBERS }), onConversion);
}

/** The parameters among the arrays of an npz file; dtypes but float64 are reported. */
export function readParameterMembers(
  arrays: ReadonlyMap<string, NdArray>,
  onConversion: (line: string) => void = () => {},
): AnyParameters {
  const parameters = parametersFrom(arrays);
  const typeOf = (name: string) => dtypeName(arrays.get(name)!.dtype);
  for (const type of new Set(PARAMETER_MEMBERS.map(typeOf))) {
    if (type === "float64") continue;
    const members = PARAMETER_MEMBERS.filter((name) => typeOf(name) === type);
    const verb = members.length === 1 ? "is" : "are";
    onConversion(`${members.join(", ")} ${verb} ${type}, read as float64`);
  }
  return parameters;
}

/**
 * The npz file of parameters: doubles, row by row, not compressed, as `np.savez` writes them; the
 * bytes depend on the values alone. {@linkcode readParameters} gives the same parameters back.
 *
 * @throws {RangeError} if {@linkcode readParameters} would refuse the file: a number is not finite,
 * there are more than {@linkcode MAX_HIDDEN} hidden units, the shapes do not fit together, or the
 * file would have more than 64 MiB
 *
 * @category 8 Saved runs
 */
export function writeParameters<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
): Uint8Array<ArrayBuffer> {
  return writeNpz(parameterArrays(parameters));
}

/** The members that hold parameters; refuses what {@linkcode readParameterMembers} would refuse. */
export function parameterArrays<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
): [name: string, array: WritableArray][] {
  const arrays = PARAMETER_NAMES.map((name): [string, WritableArray] => {
    const { rows, columns, data }: AnyMatrix = parameters[name];
    return [MEMBERS[name], { shape: [rows, columns], data }];
  });
  checkReadable(() => parametersFrom(new Map(arrays)));
  return arrays;
}

/** Throws a RangeError where a reader would refuse what is to be saved: the rules are the same. */
export function checkReadable(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new RangeError(error.message.replace("Cannot use", "Cannot save"));
  }
}

/** The parameters that members of a file hold, or are to hold. */
function parametersFrom(arrays: ReadonlyMap<string, WritableArray>): AnyParameters {
  const refusal = (name: Name, found: string, needed: string) =>
    new FormatError(`Cannot use "${MEMBERS[name]}" as ${name}: ${found}, need ${needed}`);
  /** An array of two sizes, each a number, or a letter for any. */
  const take = (name: Name, ...sizes: readonly [number | string, number | string]) => {
    const array = arrays.get(MEMBERS[name]), needed = `(${sizes.join(", ")})`;
    if (array === undefined) throw refusal(name, "is missing", `an array of shape ${needed}`);
    const { shape } = array, [rows = 0, columns = 0] = shape, given = formatShape(shape);
    const isMatrix = shape.length === 2 && rows > 0 && columns > 0;
    if (isMatrix && (typeof sizes[0] === "string" || given === needed)) {
      return { array, rows, columns };
    }
    throw refusal(name, `shape ${given}`, `shape ${needed}`);
  };
  const toMatrix = <R extends number, C extends number>(
    name: Name,
    rows: SingleSize<R>,
    columns: SingleSize<C>,
  ) => {
    const matrix = Matrix.of(rows, columns, toFloat64(take(name, rows, columns).array));
    const at = matrix.data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0) throw refusal(name, describeEntry(matrix, at), "finite numbers");
    return matrix;
  };
  const { rows: M, columns: D } = take("W1", "M", "D"), { rows: K } = take("W2", "K", "M");
  if (M > MAX_HIDDEN) {
    throw refusal("W1", `shape ${formatShape([M, D])}`, `1 to ${MAX_HIDDEN} hidden units`);
  }
  const inputs = dim("inputs", D), hidden = dim("hidden", M), classes = dim("classes", K);
  return {
    W1: toMatrix("W1", hidden, inputs),
    b1: toMatrix("b1", hidden, 1),
    W2: toMatrix("W2", classes, hidden),
    b2: toMatrix("b2", classes, 1),
  };
}
