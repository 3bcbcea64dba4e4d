/**
 * Converts NumPy's half precision, IEEE 754 binary16, to doubles.
 *
 *     s eeeee ffffffffff   sign, exponent, fraction: ±1.ffffffffff · 2^(eeeee - 15)
 *
 * Float16Array is missing from Deno 2.4.
 *
 * @module
 */

/** The unit of binary16: every finite value is an integer divided by 2²⁴. */
const UNITS = 2 ** 24;

/** The doubles of binary16 numbers, which hold all of them exactly. */
export function float16ToFloat64(bits: Uint16Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(bits, toDouble);
}

function toDouble(bits: number): number {
  const sign = bits >>> 15 === 0 ? 1 : -1, exponent = (bits >>> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  // below 2⁴¹, so that product and quotient are exact; the smallest exponent is that of denormals
  const units = exponent === 0 ? fraction : (1024 + fraction) * (1 << (exponent - 1));
  return sign * units / UNITS;
}
