/**
 * Portable exp and log: within 1 ulp of the true value, and the same bits on every JavaScript
 * engine.
 *
 * `Math.exp` and `Math.log` differ between JavaScript engines and their releases. These functions
 * use sums, products and quotients of doubles only, whose results IEEE 754 defines to the bit.
 *
 * @module
 */

/**
 * ln 2 in two parts; the first ends in 21 zero bits, so that its product with an exponent is exact.
 */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LOG2_E = 1.4426950408889634;

/** 1.5 · 2⁵²: adding it to a small number and subtracting it again rounds to an integer. */
const ROUND = 6755399441055744;

/** 2ᵏ has index k + 538. Doubling is exact; `2 ** k` depends on the JavaScript engine. */
const POWERS_OF_TWO = new Float64Array(538 + 513);
for (let k = 0, power = 2 ** -538; k < POWERS_OF_TWO.length; k++, power *= 2) {
  POWERS_OF_TWO[k] = power;
}

/**
 * eˣ, within 0.7 ulp, for every double: results below 2⁻¹⁰²² are denormal, and results above the
 * greatest double are `Infinity`.
 *
 * eˣ = 2ⁿ eʳ with n = round(x / ln 2), so that |r| ≤ ln 2 / 2, and eʳ by Taylor's series up to r¹³
 * / 13!.
 *
 * @example
 * ```ts
 * import { exp } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(exp(1), 2.718281828459045);
 * strictEqual(exp(-1000), 0);
 * ```
 *
 * @category 1 Matrices
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  // above 710 the result is Infinity, below -746 it is 0
  const t = x > 710 ? 710 : x < -746 ? -746 : x;
  const n = t * LOG2_E + ROUND - ROUND;
  // r = high - low, in two numbers: rounding the difference would cost a quarter of an ulp
  const high = t - n * LN2_HIGH, low = n * LN2_LOW;
  const r = high - low, r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
  // 1/2! + r/3! + r²/4! + … + r¹¹/13!, in pairs, as the WebAssembly code computes them
  const p0 = (1 / 2 + r * (1 / 6)) + r2 * (1 / 24 + r * (1 / 120));
  const p1 = (1 / 720 + r * (1 / 5040)) + r2 * (1 / 40320 + r * (1 / 362880));
  const p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800));
  // 1 + high + the rest; the rounding error of the first sum is added in the second
  const sum = 1 + high;
  const power = sum + ((high - (sum - 1)) + (r2 * (p0 + r4 * p1 + r8 * p2) - low));
  // in two steps, as neither 2¹⁰²⁴ nor 2⁻¹⁰⁷⁶ is a double; only the second can round
  const half = Math.floor(n / 2);
  return power * POWERS_OF_TWO[half + 538]! * POWERS_OF_TWO[n - half + 538]!;
}

/**
 * The natural logarithm of x, within 1 ulp and nearly always correctly rounded; `NaN` for negative
 * numbers, `-Infinity` for 0.
 *
 * ln x = k ln 2 + ln m with m in [√½, √2), and ln m = 2 (s + s³/3 + s⁵/5 + …) with s = (m - 1)/(m +
 * 1), the leading terms as sums of two doubles (Dekker, 1971). NumPy's normal numbers are computed
 * with log; so much precision makes this library's nearly always the same.
 *
 * @example
 * ```ts
 * import { log } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(log(10), 2.302585092994046);
 * strictEqual(log(0), -Infinity);
 * ```
 *
 * @category 1 Matrices
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const { m, k } = split(x);

  // s = (m - 1) / (m + 1); xLow is the rounding error of x
  const sum = m + 1, sumLow = m - (sum - 1);
  const s = (m - 1) / sum, back = s * sum;
  const sLow = ((m - 1 - back) - productError(s, sum, back) - s * sumLow) / sum;

  // ln m = 2s (1 + z/3 + z²/5 + …) with z = s²
  const z = s * s, zLow = productError(s, s, z) + 2 * s * sLow;
  const third = z * THIRD, thirdLow = productError(z, THIRD, third) + z * THIRD_LOW + zLow * THIRD;
  const rest = thirdLow + z * z * oddReciprocals(z);
  const cube = s * third;
  const cubeLow = productError(s, third, cube) + s * rest + sLow * third;

  // added in descending order of size, with the rounding error of each sum
  const series = 2 * s + 2 * cube, seriesLow = 2 * cube - (series - 2 * s);
  const total = k * LN2_HIGH + series, totalLow = series - (total - k * LN2_HIGH);
  return total + (totalLow + (seriesLow + (2 * (sLow + cubeLow) + k * LN2_LOW)));
}

const THIRD = 1 / 3, THIRD_LOW = 1.850371707708594e-17;

/** 1/5 + z/7 + z²/9 + … + z¹¹/27: for z ≤ (√2 - 1)⁴ the omitted terms are below 2⁻⁶⁰. */
function oddReciprocals(z: number): number {
  let sum = 0;
  for (let odd = 27; odd >= 5; odd -= 2) sum = sum * z + 1 / odd;
  return sum;
}

/** a·b - product, exactly, where product is a·b rounded (Veltkamp and Dekker). */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a), aLow = a - aHigh, bHigh = upperHalf(b), bLow = b - bHigh;
  return ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
}

/** x rounded to its upper 26 bits. */
function upperHalf(x: number): number {
  const shifted = x * 134217729; // 2²⁷ + 1
  return shifted - (shifted - x);
}

const bits = new DataView(new ArrayBuffer(8));

/** x = m · 2ᵏ with m in [√½, √2), for a finite x > 0. */
function split(x: number): { m: number; k: number } {
  const denormal = x < 2.2250738585072014e-308;
  bits.setFloat64(0, denormal ? x * 18014398509481984 : x); // 2⁵⁴
  const upper = bits.getUint32(0);
  const k = (upper >>> 20) - 1023 - (denormal ? 54 : 0);
  bits.setUint32(0, upper & 0xfffff | 0x3ff00000);
  const m = bits.getFloat64(0);
  return m >= Math.SQRT2 ? { m: m / 2, k: k + 1 } : { m, k };
}
