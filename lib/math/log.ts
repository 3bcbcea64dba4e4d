// Portable log: the same bits on every JavaScript engine, and those of the C library of Linux.
//
// `Math.log` differs between JavaScript engines and their releases. This function uses sums,
// products and fused multiply-adds of doubles only, whose results IEEE 754 defines bit for bit.
import { A, B, LN2_HIGH, LN2_LOW, TABLE } from "./log_constants.ts";

/**
 * The natural logarithm of x, within 0.52 ulp: `NaN` for negative numbers, `-Infinity` for 0.
 *
 * It is the `log` of Arm's Optimized Routines, compiled with fused multiply-add, which glibc 2.28
 * and later runs on x86-64 processors with FMA and on 64-bit Arm. NumPy's normal numbers are
 * computed with that function; so this library draws the same.
 *
 * All factors are below 2¹¹, and each product is 0 or above 2⁻³²⁰, so {@linkcode fma} is correctly
 * rounded: r is 0 or at least 2⁻⁵³ near 1, and elsewhere 0 or at least 2⁻¹⁰⁶, the product of the
 * last bits of z and 1/c; the smallest product is r³ times a coefficient.
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  return x >= NEAR_1_MIN && x < NEAR_1_END ? logNear1(x) : logByTable(x);
}

const NEAR_1_MIN = 1 - 1 / 16, NEAR_1_END = 1.064697265625;

/** ln x = ln(1 + r) = r + r² (B₀ + B₁ r + …). The two leading terms are a sum of two doubles. */
function logNear1(x: number): number {
  const r = x - 1, r2 = r * r, r3 = r * r2;
  const p7 = fma(r3, B[10], fma(r2, B[9], fma(r, B[8], B[7])));
  const p4 = fma(r3, p7, fma(r2, B[6], fma(r, B[5], B[4])));
  const p1 = fma(r3, p4, fma(r2, B[3], fma(r, B[2], B[1])));
  // r = h + l, so that B₀ h² is exact
  const shifted = r * 134217728; // 2²⁷
  const h = (r + shifted) - shifted, l = r - h;
  const square = (h * h) * B[0];
  const high = r + square;
  const low = fma(B[0] * l, h + r, (r - high) + square);
  return fma(r3, p1, low) + high;
}

const bits = new DataView(new ArrayBuffer(8));

/**
 * ln x = k ln 2 + ln c + ln(1 + r), where x = 2ᵏ z, c is the centre of the interval that z lies in,
 * and r = z/c - 1.
 */
function logByTable(x: number): number {
  const denormal = x < 2.2250738585072014e-308;
  bits.setFloat64(0, denormal ? x * 2 ** 52 : x);
  const word = bits.getUint32(0);
  // how far x is above 0.6875, where the intervals begin: k, then the number of the interval
  const offset = word - 0x3fe60000;
  const k = (offset >> 20) - (denormal ? 52 : 0);
  bits.setUint32(0, word - (offset & 0xfff00000));
  const z = bits.getFloat64(0);
  const [inverse, logCentre] = TABLE[offset >> 13 & 127]!;
  const r = fma(z, inverse, -1), r2 = r * r;
  const w = k * LN2_HIGH + logCentre;
  const high = w + r, low = fma(k, LN2_LOW, (w - high) + r);
  const p1 = fma(r2, fma(r, A[4], A[3]), fma(r, A[2], A[1]));
  return fma(r * r2, p1, fma(r2, A[0], low)) + high;
}

/**
 * The fused multiply-add that JavaScript lacks: a·b + c, correctly rounded if a, b, c and a·b are
 * below 2⁹⁹⁰ in size and a·b is 0 or above 2⁻⁹⁰⁰: then no part overflows or is lost to underflow. A
 * result of 0 is +0.
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
