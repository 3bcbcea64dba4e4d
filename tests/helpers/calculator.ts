// A pocket calculator of 60 decimals for the lines that explain prints: doubles would hide what
// they round.

const ONE = 10n ** 60n;

/** A decimal number, times 10⁶⁰. */
export function decimal(text: string): bigint {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/
    .exec(text)!;
  const shift = 60 - fraction.length + Number(exponent);
  if (shift < 0) throw new RangeError(`${text} has more than 60 decimals`);
  return BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(shift);
}

/** Half of one in the last printed digit of a number, times 10⁶⁰. */
export function halfOfLastPlace(text: string): bigint {
  const [mantissa, exponent = "0"] = text.split("e") as [string, string?];
  const decimals = mantissa.split(".")[1]?.length ?? 0;
  return 10n ** BigInt(60 + Number(exponent) - decimals) / 2n;
}

/** The value of an expression as it is printed, times 10⁶⁰. */
export function calculate(text: string): bigint {
  const typed = text.replaceAll(/\((?:ほか )?\d+ (?:more|項): ([^()]+)\)/g, "$1");
  const tokens = typed.match(/\d+(?:\.\d+)?(?:e[-+]?\d+)?|e\^|ln|[-+·/()]/g)!;
  if (tokens.join("") !== typed.replaceAll(" ", "")) {
    throw new SyntaxError(`cannot be typed into a calculator: ${text}`);
  }
  let at = 0;
  const next = (...wanted: string[]) => wanted.includes(tokens[at]!) ? tokens[at++] : undefined;
  const factor = (): bigint => {
    if (next("-")) return -factor();
    if (next("ln")) return naturalLog(factor());
    if (next("e^")) return power(factor());
    if (!next("(")) return decimal(tokens[at++]!);
    const value = total();
    if (!next(")")) throw new SyntaxError(`no closing bracket: ${text}`);
    return value;
  };
  const product = (): bigint => {
    let value = factor();
    for (let op = next("·", "/"); op; op = next("·", "/")) {
      value = op === "·" ? value * factor() / ONE : value * ONE / factor();
    }
    return value;
  };
  const total = (): bigint => {
    let value = product();
    for (let op = next("+", "-"); op; op = next("+", "-")) {
      value += op === "+" ? product() : -product();
    }
    return value;
  };
  const value = total();
  if (at !== tokens.length) throw new SyntaxError(`more than one expression: ${text}`);
  return value;
}

/** e to a power, by its series. */
function power(x: bigint): bigint {
  if (x < 0n) return ONE * ONE / power(-x);
  let sum = 0n;
  for (let term = ONE, n = 1n; term > 0n; n++) {
    sum += term;
    term = term * x / ONE / n;
  }
  return sum;
}

/** The natural logarithm, by Newton's method. */
function naturalLog(x: bigint): bigint {
  let y = BigInt(Math.round(Math.log(Number(x) / 1e60) * 1e15)) * 10n ** 45n;
  for (let step = 0; step < 4; step++) y += x * ONE / power(y) - ONE;
  return y;
}
