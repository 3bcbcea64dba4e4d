// exp of lib/math/exp.ts, two numbers at a time: the same operations in the same order give the
// same bits.
import { add, mul, sub } from "./vector";

// Constants are loaded from memory: V8 builds a literal in three instructions at each use.
const MAX = memory.data<f64>([710.0]);
const MIN = memory.data<f64>([-746.0]);
const LOG2_E = memory.data<f64>([1.4426950408889634]);
const LN2_HIGH = memory.data<f64>([0.6931471803691238]);
const LN2_LOW = memory.data<f64>([1.9082149292705877e-10]);
/** 1.5 · 2⁵²: adding it to a small number and subtracting it again rounds to an integer. */
const ROUND = memory.data<f64>([6755399441055744.0]);
const ROUND_AND_BIAS = memory.data<f64>([6755399441055744.0 + 1023.0]);
const HALF = memory.data<f64>([0.5]);
const ONE = memory.data<f64>([1.0]);
/** The coefficient 1 / k! is at index k. */
const TAYLOR = memory.data<f64>([
  1.0, 1.0, 1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0, 1.0 / 40320.0,
  1.0 / 362880.0, 1.0 / 3628800.0, 1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0,
]);

/** eˣ of both numbers. */
@inline
export function exp(x: v128): v128 {
  // NaN passes through, as the bounds are the second arguments
  const t = f64x2.pmax(f64x2.pmin(x, constant(MAX)), constant(MIN));
  const n = sub(add(mul(t, constant(LOG2_E)), constant(ROUND)), constant(ROUND));
  const high = sub(t, mul(n, constant(LN2_HIGH))), low = mul(n, constant(LN2_LOW));
  const r = sub(high, low), r2 = mul(r, r), r4 = mul(r2, r2), r8 = mul(r4, r4);
  const p0 = add(taylor(2, r), mul(r2, taylor(4, r)));
  const p1 = add(taylor(6, r), mul(r2, taylor(8, r)));
  const p2 = add(taylor(10, r), mul(r2, taylor(12, r)));
  const rest = sub(mul(r2, add(add(p0, mul(r4, p1)), mul(r8, p2))), low);
  const sum = add(constant(ONE), high);
  const power = add(sum, add(sub(high, sub(sum, constant(ONE))), rest));
  const half = f64x2.floor(mul(n, constant(HALF)));
  return mul(mul(power, powerOfTwo(half)), powerOfTwo(sub(n, half)));
}

/** 1/k! + r/(k + 1)! */
@inline
function taylor(k: usize, r: v128): v128 {
  return add(constant(TAYLOR + (k << 3)), mul(r, constant(TAYLOR + (k << 3) + 8)));
}

/** 2ⁿ for integers n from -1022 to 1023. */
@inline
function powerOfTwo(n: v128): v128 {
  // the lowest bits of this sum are n + 1023; shifted to the exponent field they make 2ⁿ
  return i64x2.shl(add(n, constant(ROUND_AND_BIAS)), 52);
}

/** A vector of twice the constant at an address. */
@inline function constant(address: usize): v128 { return v128.load64_splat(address); }
