/**
 * `inspect`: the arrays of an npz file.
 *
 * @module
 */

import { Command } from "commander";
import {
  type AnyParameters,
  FormatError,
  type NdArray,
  readNpz,
  runHash,
  toFloat64,
} from "../../mod.ts";
import { formatShape } from "../formats/nd_array.ts";
import { readParameterMembers } from "../storage/parameters_file.ts";
import { path, print, readNpzFile } from "../system/system.ts";
import { quote } from "../text/escape.ts";
import { pythonFloat } from "../text/python_float.ts";
import { table } from "../text/table.ts";

/** The command, to be added to the program. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description(
      "List the arrays of an npz file; for parameters, with the hash that train --hash prints.",
    )
    .argument("<file.npz>", "the file", path)
    .action(async (file: string) => {
      const arrays = readNpzFile(file, readNpz);
      const rows = Array.from(arrays, ([name, array]) => describe(name, array));
      print(table([["name", "dtype", "shape", "order", "min", "mean", "max"], ...rows]));
      const parameters = parametersAmong(arrays);
      if (parameters !== undefined) print(`hash: ${await runHash(parameters)}`);
    });
}

/** The parameters of a network, if these arrays are or contain those. */
function parametersAmong(arrays: ReadonlyMap<string, NdArray>): AnyParameters | undefined {
  try {
    return readParameterMembers(arrays);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function describe(name: string, array: NdArray): string[] {
  return [
    quote(name).slice(1, -1),
    array.dtype,
    formatShape(array.shape),
    array.fortranOrder ? "Fortran" : "C",
    ...(array.data.length === 0 ? ["-", "-", "-"] : minMeanMax(array)),
  ];
}

/**
 * Minimum and maximum of integers are integers: a double cannot represent every 64-bit integer.
 */
function minMeanMax(array: NdArray): string[] {
  let [min, max] = [array.data[0]!, array.data[0]!];
  for (const x of array.data) {
    if (x < min || Number.isNaN(x)) min = x;
    if (x > max || Number.isNaN(x)) max = x;
  }
  const show = (x: number | bigint) =>
    typeof x === "bigint" || !array.dtype.includes("f") ? `${x}` : pythonFloat(x);
  return [show(min), pythonFloat(mean(toFloat64(array))), show(max)];
}

function mean(numbers: Float64Array): number {
  const sum = numbers.reduce((sum, x) => sum + x, 0);
  // the sum of large numbers may overflow though their mean does not
  if (Number.isFinite(sum)) return sum / numbers.length;
  return numbers.reduce((mean, x) => mean + x / numbers.length, 0);
}
