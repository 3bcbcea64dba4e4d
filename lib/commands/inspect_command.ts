/**
 * `inspect`: what an npz file holds.
 *
 * @module
 */

import { table } from "../text/table.ts";
import { quote } from "../text/escape.ts";
import { Command } from "commander";
import { formatShape, type NdArray, toFloat64 } from "../formats/nd_array.ts";
import { readNpz } from "../formats/npz.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip/zip.ts";
import { forbidRepeatedOptions, path } from "../system/arguments.ts";
import { readFile } from "../system/files.ts";
import { print } from "../system/output.ts";
import { pythonFloat } from "../text/python_float.ts";
import { withFileName } from "../system/errors.ts";

/** The command, to be added to the program. */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description("List the arrays of an npz file.")
    .argument("<file.npz>", "the file", path)
    .action((file: string) => {
      const bytes = readFile(file, MAX_ARCHIVE_BYTES, "that an npz file may have");
      const rows = [...withFileName(file, () => readNpz(bytes))].map(([name, array]) =>
        describe(name, array)
      );
      print(table([["name", "dtype", "shape", "order", "least", "mean", "greatest"], ...rows]));
    });
  return forbidRepeatedOptions(command);
}

function describe(name: string, array: NdArray): string[] {
  return [
    quote(name).slice(1, -1),
    array.dtype,
    formatShape(array.shape),
    array.fortranOrder ? "Fortran" : "C",
    ...(array.data.length === 0 ? ["-", "-", "-"] : leastMeanGreatest(array)),
  ];
}

/** An integer's least and greatest are shown as integers: a double cannot hold each one of 64 bits. */
function leastMeanGreatest(array: NdArray): string[] {
  let [least, greatest] = [array.data[0]!, array.data[0]!];
  for (const x of array.data) {
    if (x < least || Number.isNaN(x)) least = x;
    if (x > greatest || Number.isNaN(x)) greatest = x;
  }
  const show = (x: number | bigint) =>
    typeof x === "bigint" || !array.dtype.includes("f") ? `${x}` : pythonFloat(x);
  return [show(least), pythonFloat(mean(toFloat64(array))), show(greatest)];
}

function mean(numbers: Float64Array): number {
  const sum = numbers.reduce((sum, x) => sum + x, 0);
  // numbers near the greatest double overflow together though their mean does not
  if (Number.isFinite(sum)) return sum / numbers.length;
  return numbers.reduce((mean, x) => mean + x / numbers.length, 0);
}
