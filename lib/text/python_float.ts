/**
 * Numbers as Python prints them, so that the output of both programs can be compared as text.
 *
 * @module
 */

/**
 * A double as Python's `repr` writes it: the fewest digits that distinguish it from its neighbours,
 * with an exponent below 1e-4 and from 1e16 on.
 */
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
