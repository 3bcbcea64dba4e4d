// Fields for a number of a range.
import { clamp } from "../../../math/clamp.ts";
import { say } from "./language.ts";

/**
 * The number of a field after the reader has left it: the nearest one that it may have, which it
 * then shows too.
 *
 * @returns nothing, and leaves the field as it is, if it has no number
 */
export function settleNumber(field: HTMLInputElement): number | undefined {
  const { valueAsNumber, min, max, step } = field;
  if (!Number.isFinite(valueAsNumber)) return undefined;
  const number = step === "any" ? valueAsNumber : Math.round(valueAsNumber);
  const settled = clamp(number, Number(min), max === "" ? Infinity : Number(max));
  field.value = `${settled}`;
  return settled;
}

/** Says which numbers a field takes, to a pointer and to screen readers. */
export function showRange(field: HTMLInputElement): void {
  field.title = field.max === "" ? "" : say("field.range", { min: field.min, max: field.max });
}
