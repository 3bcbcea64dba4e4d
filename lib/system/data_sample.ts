/**
 * An image of the data set by its place, as `predict` and `explain` take it: `test:42`, `train:7`.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";
import type { LoadedDataset, Split } from "./data_files.ts";
import { UserError } from "./errors.ts";

/** A place in the data set. */
export interface DataSample {
  /** As the user wrote it. */
  readonly name: string;
  /** The half of the data set. */
  readonly split: Split;
  /** Its number, from 0. */
  readonly index: number;
}

/**
 * Parses `test:42` or `train:7`.
 *
 * @param alternative what else the user may have meant, for the message
 * @returns nothing if the text does not begin with `test:` or `train:`
 */
export function parseDataSample(
  name: string,
  alternative: (split: string) => string = () => "",
): DataSample | undefined {
  const [, split, index] = /^(test|train):(.*)$/s.exec(name) ?? [];
  if (split === undefined) return undefined;
  if (!/^\d+$/.test(index!)) {
    throw new InvalidArgumentError(`Must be a number after "${split}:"${alternative(split)}`);
  }
  return { name, split: split as Split, index: Number(index) };
}

/** Refuses a place that the data set does not have. */
export function checkDataSample({ name, index }: DataSample, { data, split }: LoadedDataset): void {
  if (index >= data.count) {
    throw new UserError(`${name}: there are ${data.count} ${split} images, counted from 0`);
  }
}
