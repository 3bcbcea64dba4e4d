// The engine's inner loop, a weighted sum of rows, which takes three quarters of the time.
import { factorOf, rowOffsetOf } from "./sparse";
import { ROW_BYTES, zeros } from "./memory";
import { add, mul, splat, sub } from "./vector";

// Each column has one accumulator and the terms ascend: the order of the sums in
// lib/math/matrix.ts. Lists may leave out terms of value 0: a sum that starts at +0 is never -0, so
// adding ±0 to it changes no bits.

/** to = from + Σ factor · row, for each entry of a list */
export function sumListed(to: usize, from: usize, rows: usize, list: usize, end: usize): void {
  accumulate(to, from, rows, list, end, true, false, 0);
}

/** to = from + Σ values[i] · rows[i] */
export function sumRows(to: usize, from: usize, rows: usize, values: usize, count: u32): void {
  accumulate(to, from, rows, values, values + (count << 3), false, false, 0);
}

/** W -= rate · dW for one row of W, where dW = Σ factor · row, for each entry of a list. */
export function updateListed(W: usize, rate: f64, rows: usize, list: usize, end: usize): void {
  accumulate(W, zeros, rows, list, end, true, true, rate);
}

/** W -= rate · dW for one row of W, where dW = Σ values[i] · rows[i]. */
export function updateRow(W: usize, rate: f64, rows: usize, values: usize, count: u32): void {
  accumulate(W, zeros, rows, values, values + (count << 3), false, true, rate);
}

/** Common loop of the functions above: of a list, if `listed`; with the update, if `update`. */
@inline
function accumulate(
  to: usize, from: usize, rows: usize, terms: usize, end: usize,
  listed: bool, update: bool, rate: f64,
): void {
  let a0 = v128.load(from), a1 = v128.load(from, 16);
  let a2 = v128.load(from, 32), a3 = v128.load(from, 48);
  let a4 = v128.load(from, 64), a5 = v128.load(from, 80);
  let a6 = v128.load(from, 96), a7 = v128.load(from, 112);
  const size: usize = listed ? 4 : 8;
  // Two rows an iteration, as an iteration itself costs much. V8 compares each load's address with
  // the end of memory less the load's constant offset: one load for both terms, and one address for
  // each half of a row, keep loads and bounds few.
  for (; end - terms >= 2 * size; terms += 2 * size) {
    let r0: usize, r1: usize, x0: v128, x1: v128;
    if (listed) {
      const pair = load<u64>(terms), second = <u32>(pair >> 32);
      r0 = rows + rowOffsetOf(<u32>pair), r1 = rows + rowOffsetOf(second);
      x0 = v128.load64_splat(factorOf(<u32>pair)), x1 = v128.load64_splat(factorOf(second));
    } else {
      const pair = v128.load(terms);
      r0 = rows, r1 = rows + ROW_BYTES, rows += 2 * ROW_BYTES;
      x0 = v128.shuffle<f64>(pair, pair, 0, 0), x1 = v128.shuffle<f64>(pair, pair, 1, 1);
    }
    a0 = add(add(a0, mul(x0, v128.load(r0))), mul(x1, v128.load(r1)));
    a1 = add(add(a1, mul(x0, v128.load(r0, 16))), mul(x1, v128.load(r1, 16)));
    a2 = add(add(a2, mul(x0, v128.load(r0, 32))), mul(x1, v128.load(r1, 32)));
    a3 = add(add(a3, mul(x0, v128.load(r0, 48))), mul(x1, v128.load(r1, 48)));
    const h0 = r0 + 64, h1 = r1 + 64;
    a4 = add(add(a4, mul(x0, v128.load(h0))), mul(x1, v128.load(h1)));
    a5 = add(add(a5, mul(x0, v128.load(h0, 16))), mul(x1, v128.load(h1, 16)));
    a6 = add(add(a6, mul(x0, v128.load(h0, 32))), mul(x1, v128.load(h1, 32)));
    a7 = add(add(a7, mul(x0, v128.load(h0, 48))), mul(x1, v128.load(h1, 48)));
  }
  if (terms < end) {
    const r = listed ? rows + rowOffsetOf(load<u32>(terms)) : rows;
    const x = v128.load64_splat(listed ? factorOf(load<u32>(terms)) : terms);
    a0 = add(a0, mul(x, v128.load(r)));
    a1 = add(a1, mul(x, v128.load(r, 16)));
    a2 = add(a2, mul(x, v128.load(r, 32)));
    a3 = add(a3, mul(x, v128.load(r, 48)));
    a4 = add(a4, mul(x, v128.load(r, 64)));
    a5 = add(a5, mul(x, v128.load(r, 80)));
    a6 = add(a6, mul(x, v128.load(r, 96)));
    a7 = add(a7, mul(x, v128.load(r, 112)));
  }
  if (update) {
    const r = splat(rate);
    a0 = sub(v128.load(to), mul(r, a0)), a1 = sub(v128.load(to, 16), mul(r, a1));
    a2 = sub(v128.load(to, 32), mul(r, a2)), a3 = sub(v128.load(to, 48), mul(r, a3));
    a4 = sub(v128.load(to, 64), mul(r, a4)), a5 = sub(v128.load(to, 80), mul(r, a5));
    a6 = sub(v128.load(to, 96), mul(r, a6)), a7 = sub(v128.load(to, 112), mul(r, a7));
  }
  v128.store(to, a0), v128.store(to, a1, 16), v128.store(to, a2, 32), v128.store(to, a3, 48);
  v128.store(to, a4, 64), v128.store(to, a5, 80), v128.store(to, a6, 96), v128.store(to, a7, 112);
}
