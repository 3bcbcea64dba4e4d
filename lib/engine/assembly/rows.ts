// The engine's one inner loop, a weighted sum of rows, in which two thirds of the time go.
import { ROW, zeros } from "./memory";
import { add, both, mul, sub } from "./vector";

/**
 * to = from + Σ values[i] · rows[list[i]]
 *
 * Each lane has one accumulator and i ascends: the order of the sums in lib/matrix.ts. Terms of value 0 may be left out of
 * the list, as a sum that starts at +0 never is -0, so that adding ±0 to it changes no bits.
 */
export function sumRows(to: usize, from: usize, rows: usize, list: usize, values: usize, count: u32): void {
  weigh(to, from, rows, list, values, count, false, 0);
}

/** W -= rate · dW for one row of W, where dW = Σ values[i] · rows[list[i]]. */
export function descendRow(W: usize, rate: f64, rows: usize, list: usize, values: usize, count: u32): void {
  weigh(W, zeros, rows, list, values, count, true, rate);
}

/** Both of them: the sum is complete before anything is done with it. */
@inline
function weigh(
  to: usize, from: usize, rows: usize, list: usize, values: usize, count: u32, descend: bool, rate: f64,
): void {
  let a0 = v128.load(from), a1 = v128.load(from, 16), a2 = v128.load(from, 32), a3 = v128.load(from, 48);
  let a4 = v128.load(from, 64), a5 = v128.load(from, 80), a6 = v128.load(from, 96), a7 = v128.load(from, 112);
  const end = list + (count << 2);
  // By four, as a turn of the loop costs as much as two vectors; and list and values by pairs, as Deno checks the bounds of
  // every load.
  for (; end - list >= 16; list += 16, values += 32) {
    const list01 = load<u64>(list), list23 = load<u64>(list, 8);
    const values01 = v128.load(values), values23 = v128.load(values, 16);
    const r0 = rows + <u32>list01 * ROW, x0 = v128.shuffle<f64>(values01, values01, 0, 0);
    const r1 = rows + <u32>(list01 >> 32) * ROW, x1 = v128.shuffle<f64>(values01, values01, 1, 1);
    const r2 = rows + <u32>list23 * ROW, x2 = v128.shuffle<f64>(values23, values23, 0, 0);
    const r3 = rows + <u32>(list23 >> 32) * ROW, x3 = v128.shuffle<f64>(values23, values23, 1, 1);
    a0 = four(a0, x0, v128.load(r0), x1, v128.load(r1), x2, v128.load(r2), x3, v128.load(r3));
    a1 = four(a1, x0, v128.load(r0, 16), x1, v128.load(r1, 16), x2, v128.load(r2, 16), x3, v128.load(r3, 16));
    a2 = four(a2, x0, v128.load(r0, 32), x1, v128.load(r1, 32), x2, v128.load(r2, 32), x3, v128.load(r3, 32));
    a3 = four(a3, x0, v128.load(r0, 48), x1, v128.load(r1, 48), x2, v128.load(r2, 48), x3, v128.load(r3, 48));
    a4 = four(a4, x0, v128.load(r0, 64), x1, v128.load(r1, 64), x2, v128.load(r2, 64), x3, v128.load(r3, 64));
    a5 = four(a5, x0, v128.load(r0, 80), x1, v128.load(r1, 80), x2, v128.load(r2, 80), x3, v128.load(r3, 80));
    a6 = four(a6, x0, v128.load(r0, 96), x1, v128.load(r1, 96), x2, v128.load(r2, 96), x3, v128.load(r3, 96));
    a7 = four(a7, x0, v128.load(r0, 112), x1, v128.load(r1, 112), x2, v128.load(r2, 112), x3, v128.load(r3, 112));
  }
  for (; list < end; list += 4, values += 8) {
    const r = rows + load<u32>(list) * ROW, x = v128.load64_splat(values);
    a0 = add(a0, mul(x, v128.load(r)));
    a1 = add(a1, mul(x, v128.load(r, 16)));
    a2 = add(a2, mul(x, v128.load(r, 32)));
    a3 = add(a3, mul(x, v128.load(r, 48)));
    a4 = add(a4, mul(x, v128.load(r, 64)));
    a5 = add(a5, mul(x, v128.load(r, 80)));
    a6 = add(a6, mul(x, v128.load(r, 96)));
    a7 = add(a7, mul(x, v128.load(r, 112)));
  }
  if (descend) {
    const r = both(rate);
    a0 = sub(v128.load(to), mul(r, a0)), a1 = sub(v128.load(to, 16), mul(r, a1));
    a2 = sub(v128.load(to, 32), mul(r, a2)), a3 = sub(v128.load(to, 48), mul(r, a3));
    a4 = sub(v128.load(to, 64), mul(r, a4)), a5 = sub(v128.load(to, 80), mul(r, a5));
    a6 = sub(v128.load(to, 96), mul(r, a6)), a7 = sub(v128.load(to, 112), mul(r, a7));
  }
  v128.store(to, a0), v128.store(to, a1, 16), v128.store(to, a2, 32), v128.store(to, a3, 48);
  v128.store(to, a4, 64), v128.store(to, a5, 80), v128.store(to, a6, 96), v128.store(to, a7, 112);
}

/** a + x0 w0 + x1 w1 + x2 w2 + x3 w3, from left to right */
@inline
function four(a: v128, x0: v128, w0: v128, x1: v128, w1: v128, x2: v128, w2: v128, x3: v128, w3: v128): v128 {
  return add(add(add(add(a, mul(x0, w0)), mul(x1, w1)), mul(x2, w2)), mul(x3, w3));
}
