/**
 * Parameters from a file, held to the data they are to be used on.
 *
 * @module
 */

import { oneLine } from "../text/escape.ts";
import type { AnyParameters } from "../network/network.ts";
import { basename, resolve } from "node:path";
import { fromBase64 } from "../formats/base64.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip/zip.ts";
import type { Dataset } from "../data/dataset.ts";
import { readParameters } from "../storage/parameters_file.ts";
import type { Dim } from "../math/shape.ts";
import type { LoadedDataset } from "./data_files.ts";
import { readFile } from "./files.ts";
import { UserError, withFileName } from "./errors.ts";

/** Reads an npz file of parameters. */
export function loadParameters(path: string): AnyParameters {
  const bytes = readFile(path, MAX_ARCHIVE_BYTES, "that an npz file may have");
  return withFileName(path, () => readParameters(bytes));
}

/** Parameters with the file that they came in. */
export interface ParametersFile {
  /** Its path as the user wrote it, or what the kept ones are called. */
  readonly name: string;
  /** What others are told: the file's name without the user's folders. */
  readonly title: string;
  /** What it holds. */
  readonly parameters: AnyParameters;
}

/** Reads an npz file of parameters, or, if none is named, those kept from the report's experiment. */
export async function loadParametersOrPretrained(
  path: string | undefined,
): Promise<ParametersFile> {
  if (path !== undefined) {
    const parameters = loadParameters(path);
    return { name: path, title: oneLine(basename(resolve(path))), parameters };
  }
  // asked for here and not above: whoever names a file need not wait for these
  const { PRETRAINED_PARAMETERS } = await import("../storage/generated/pretrained_parameters.ts");
  const name = "the report's parameters";
  return { name, title: name, parameters: readParameters(fromBase64(PRETRAINED_PARAMETERS)) };
}

/** Refuses parameters for other images, and labels for which they have no class. */
export function checkFit(
  path: string,
  { W1, W2 }: AnyParameters,
  loaded: LoadedDataset,
): void {
  const { data } = loaded;
  if (W1.columns !== data.inputs) {
    throw new UserError(
      `${path}: arr_0 takes images of ${W1.columns} pixels, the data has ${data.inputs} ` +
        `(${describeSize(data)})`,
    );
  }
  checkLabels(loaded, W2.rows, path);
}

/** Height and width of a data set's images: `28x28`. */
export function describeSize({ size }: Dataset<Dim<"inputs">>): string {
  return `${size.height}x${size.width}`;
}

/**
 * Refuses labels that are not below the number of classes.
 *
 * @param authority what has that many classes
 */
export function checkLabels(
  { data: { labels }, files }: LoadedDataset,
  classes: number,
  authority: string,
): void {
  const at = labels.findIndex((label) => label >= classes);
  if (at >= 0) {
    throw new UserError(
      `${files.labels}: label ${at} is ${labels[at]}, need 0 to ${classes - 1}: ` +
        `${authority} has ${classes} classes`,
    );
  }
}
