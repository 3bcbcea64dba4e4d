/**
 * Fused multiply-add, which JavaScript lacks: a·b + c, rounded once.
 *
 * @module
 */

/**
 * a·b + c, correctly rounded, for all doubles.
 *
 * The product (Dekker, 1971) and the sums (Knuth) are split into their rounded values and the
 * errors of these, exactly. The errors are added with a rounding of their own, which matters only
 * if the result is halfway between two doubles. See Boldo and Melquiond, "Emulation of FMA and
 * correctly rounded sums: proved algorithms using rounding to odd", 2008.
 */
export function fma(a: number, b: number, c: number): number {
  const product = a * b, size = Math.abs(product);
  // false for NaN too
  const safe = size > MIN_PRODUCT && size < MAX && Math.abs(a) < MAX && Math.abs(b) < MAX &&
    Math.abs(c) < MAX;
  if (!safe) return rareFma(a, b, c);
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

/** Within these bounds no part of the product or of the sum overflows or is lost to underflow. */
const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990;

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

/** The same for all doubles, with exact integers. */
function rareFma(a: number, b: number, c: number): number {
  const product = a * b;
  // rounds once, as one of them is infinite, NaN or zero
  if (!Number.isFinite(a) || !Number.isFinite(b) || a === 0 || b === 0) return product + c;
  if (!Number.isFinite(c)) return c;
  const x = parts(a), y = parts(b), z = parts(c);
  const exponent = Math.min(x.exponent + y.exponent, z.exponent);
  const sum = (x.integer * y.integer << BigInt(x.exponent + y.exponent - exponent)) +
    (z.integer << BigInt(z.exponent - exponent));
  return sum === 0n ? 0 : nearest(sum, exponent);
}

const bits = new DataView(new ArrayBuffer(8));

/** A finite x as integer · 2^exponent. */
function parts(x: number): { integer: bigint; exponent: number } {
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const fraction = word & (1n << 52n) - 1n, biased = Number(word >> 52n & 0x7ffn);
  const size = biased === 0 ? fraction : fraction | 1n << 52n;
  return { integer: x < 0 ? -size : size, exponent: Math.max(biased, 1) - 1075 };
}

/** integer · 2^exponent as the nearest double, ties to even; the integer is not 0. */
function nearest(integer: bigint, exponent: number): number {
  const size = integer < 0n ? -integer : integer;
  // of a denormal, fewer than 53 bits are kept
  const dropped = Math.max(size.toString(2).length - 53, -1074 - exponent);
  const shift = BigInt(dropped);
  let rounded = size >> shift;
  if (dropped > 0) {
    const rest = size - (rounded << shift), half = 1n << shift - 1n;
    if (rest > half || rest === half && rounded % 2n === 1n) rounded++;
  }
  // the leading bit of `rounded`, or its carry, adds 1 to the exponent's field
  const biased = Math.min(exponent + dropped + 1074, 0x7fe);
  const word = (BigInt(biased) << 52n) + rounded;
  bits.setBigUint64(0, word < INFINITY ? word : INFINITY);
  return integer < 0n ? -bits.getFloat64(0) : bits.getFloat64(0);
}

/** The bits of infinity. */
const INFINITY = 0x7ffn << 52n;
