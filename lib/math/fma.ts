// Fused multiply-add, which JavaScript lacks: a·b + c, rounded once.

/**
 * a·b + c, correctly rounded if a, b, c and a·b are below 2⁹⁹⁰ in size and a·b is 0 or above 2⁻⁹⁰⁰:
 * then no part overflows or is lost to underflow. A result of 0 is +0.
 *
 * The product (Dekker, 1971) and the sums (Knuth) are split into their rounded values and the
 * errors of these, exactly. The errors are added with a rounding of their own, which matters only
 * if the result is halfway between two doubles. See Boldo and Melquiond, "Emulation of FMA and
 * correctly rounded sums: proved algorithms using rounding to odd", 2008.
 */
export function fma(a: number, b: number, c: number): number {
  const product = a * b;
  const aHigh = upperHalf(a), aLow = a - aHigh, bHigh = upperHalf(b), bLow = b - bHigh;
  const error = ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
  // c + error, then product + that: leading = upper + product, and two errors below it
  const upper = c + error, upperError = sumError(c, error, upper);
  const leading = product + upper, leadingError = sumError(product, upper, leading);
  const lower = leadingError + upperError, sum = leading + lower;
  const rest = lower - (sum - leading);
  // if leading + lower is halfway from `sum` to its neighbour, what `lower` has lost decides
  const neighbour = sum + 2 * rest;
  if (neighbour - sum === 2 * rest) {
    const lost = sumError(leadingError, upperError, lower);
    if (Math.sign(lost) === Math.sign(rest)) return neighbour;
  }
  return sum;
}

/** x rounded to its upper 26 bits (Veltkamp); the rest has 26 bits too. */
function upperHalf(x: number): number {
  const shifted = x * 134217729; // 2²⁷ + 1
  return shifted - (shifted - x);
}

/** a + b - sum, exactly, where sum is a + b rounded (Knuth). */
function sumError(a: number, b: number, sum: number): number {
  const b1 = sum - a, a1 = sum - b1;
  return (a - a1) + (b - b1);
}
