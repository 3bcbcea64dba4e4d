// The largest absolute value of some numbers.

/** The largest absolute value; 0 for no numbers, NaN if one is NaN. */
export function maxAbs(numbers: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < numbers.length; i++) max = Math.max(max, Math.abs(numbers[i]!));
  return max;
}
