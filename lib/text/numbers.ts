// Numbers as text.

/** Significant digits of {@linkcode shortFloat}. */
const DIGITS = 4;

/** A double as Python prints it, so that the output of both programs can be compared. */
export function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  if (Object.is(x, -0)) return "-0.0";
  const [digits, exponent] = x.toExponential().split("e") as [string, string];
  if (x === 0 || (Number(exponent) >= -4 && Number(exponent) < 16)) {
    return Number.isInteger(x) ? `${x}.0` : `${x}`;
  }
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

/** A float as Python prints it, in four digits, with an exponent from 1e+06 on. */
export function shortFloat(x: number): string {
  if (!Number.isFinite(x)) return pythonFloat(x);
  const rounded = x === 0 ? x : Number(x.toPrecision(DIGITS));
  if (Math.abs(rounded) < 1e6) return pythonFloat(rounded);
  // of x itself: the greatest doubles are rounded to infinity
  const [digits, exponent] = x.toExponential(DIGITS - 1).split("e+") as [string, string];
  return `${Number(digits)}e+${exponent.padStart(2, "0")}`;
}

/** An integer; one of more than nine digits as a rounded float. */
export function shortInteger(x: number | bigint): string {
  return x > -1e9 && x < 1e9 ? `${x}` : shortFloat(Number(x));
}

/** A number rounded to at most so many significant digits, without trailing zeros. */
export function significantDigits(x: number, digits: number): string {
  const text = x.toPrecision(digits), rounded = Number(text);
  // the greatest doubles may be rounded to a number beyond them
  return Number.isFinite(rounded) ? String(rounded) : text;
}

/** A share from 0 to 1 in percent; only 0 and 1 are printed as 0.00 % and 100.00 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0001) return "< 0.01 %";
  if (share < 1 && share > 0.9999) return "> 99.99 %";
  return `${(100 * share).toFixed(2)} %`;
}

/** Bytes as pairs of hexadecimal digits: `0fa0`, or with a space as separator `0f a0`. */
export function hex(bytes: Uint8Array, separator = ""): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(separator);
}

/** A 32-bit word as in a table of magic numbers: `0x00000803`. */
export function hex32(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}
