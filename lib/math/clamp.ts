// Limits a number to a range.

/** The number nearest to `value` from `min` to `max`. */
export function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
