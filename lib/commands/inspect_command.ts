/**
 * `inspect`: the arrays of an npz file.
 *
 * @module
 */

import { Command } from "commander";
import {
  type AnyParameters,
  FormatError,
  lastLoss,
  type NdArray,
  runHash,
  toFloat64,
} from "../../mod.ts";
import { formatShape } from "../formats/nd_array.ts";
import { readNpzMember, readNpzMembers } from "../formats/npz.ts";
import { readRunMembers } from "../storage/checkpoint_file.ts";
import { readParameterMembers } from "../storage/parameters_file.ts";
import { info, path, print, readNpzFile, UserError } from "../system/system.ts";
import { quote } from "../text/escape.ts";
import { pythonFloat } from "../text/python_float.ts";
import { table } from "../text/table.ts";

const COLUMNS = ["name", "dtype", "shape", "order", "min", "mean", "max"];

/** The command, to be added to the program. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description(
      "List the arrays of an npz file; for parameters, with the hash that train --hash prints.",
    )
    .argument("<file.npz>", "the file", path)
    .action(async (file: string) => {
      const arrays = new Map<string, NdArray>(), reasons: string[] = [], rows: string[][] = [];
      for (const [name, contents] of readNpzFile(file, readNpzMembers)) {
        const array = tryToRead(name, contents), shown = quote(name).slice(1, -1);
        if (array instanceof FormatError) {
          reasons.push(array.message);
          rows.push([shown, ...COLUMNS.slice(1).map(() => "-")]);
        } else {
          arrays.set(name, array);
          rows.push([shown, ...describe(array)]);
        }
      }
      print(table([COLUMNS, ...rows]));
      const parameters = parametersAmong(arrays);
      if (parameters !== undefined) {
        print(`hash: ${await runHash(parameters, lossAmong(arrays))}`);
      }
      // a line for each, of which the last one ends the command
      reasons.slice(0, -1).forEach((reason) => info(`error: ${file}: ${reason}`));
      if (reasons.length > 0) throw new UserError(`${file}: ${reasons.at(-1)}`);
    });
}

/** An array, or the reason why it cannot be read: the others are listed all the same. */
function tryToRead(name: string, contents: Uint8Array): NdArray | FormatError {
  try {
    return readNpzMember(name, contents);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
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

/** The last loss of a run, if these arrays contain one. */
function lossAmong(arrays: ReadonlyMap<string, NdArray>): number | undefined {
  try {
    const { state, history } = readRunMembers(arrays);
    return state && lastLoss(state.position, history?.rows);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function describe(array: NdArray): string[] {
  return [
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
