// Portable exp: within 1 ulp of the true value, and the same bits on every JavaScript engine.
//
// `Math.exp` differs between JavaScript engines and their releases. This function uses sums and
// products of doubles only, whose results IEEE 754 defines bit for bit.

/** ln 2 in two parts; the first ends in 21 zero bits: its product with an exponent is exact. */
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
 * eˣ, within 0.87 ulp, for every double. Results below 2⁻¹⁰²² are denormal and so rounded twice:
 * they are within 0.94 ulp. Results above the greatest double are `Infinity`.
 *
 * eˣ = 2ⁿ eʳ with n = round(x / ln 2), so that |r| ≤ ln 2 / 2, and eʳ by Taylor's series up to r¹³
 * / 13!.
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
  // 1 + high + the rest; the rounding error of the first sum is added in the second. In ulp of the
  // result, at most, which is near r = -ln 2 / 2: the last sum 0.5, four sums of the series 0.13,
  // r 0.07, r¹⁴ / 14! and what follows 0.04, r² 0.03, the other product and two sums 0.03 each
  const sum = 1 + high;
  const power = sum + ((high - (sum - 1)) + (r2 * (p0 + r4 * p1 + r8 * p2) - low));
  // in two steps, as neither 2¹⁰²⁴ nor 2⁻¹⁰⁷⁶ is a double; only the second can round,
  // and does if the result is denormal: half an ulp, of which one of power is half or less
  const half = Math.floor(n / 2);
  return power * POWERS_OF_TWO[half + 538]! * POWERS_OF_TWO[n - half + 538]!;
}
