// Coefficients by least squares, and systems of linear equations.
import { maxAbs } from "../math/max_abs.ts";

/** The coefficients of the columns whose sum is closest to a target; undefined if they depend. */
export function leastSquares(
  columns: readonly Float64Array[],
  target: Float64Array,
): number[] | undefined {
  const orthogonal: Float64Array[] = [], upper: number[][] = [];
  for (const column of columns) {
    const rest = column.slice(), row: number[] = [];
    for (const other of orthogonal) {
      const along = dot(other, rest);
      row.push(along);
      for (let i = 0; i < rest.length; i++) rest[i]! -= along * other[i]!;
    }
    const norm = Math.sqrt(dot(rest, rest));
    if (!(norm > 1e-9 * Math.sqrt(dot(column, column)))) return undefined;
    row.push(norm);
    upper.push(row);
    orthogonal.push(rest.map((x) => x / norm));
  }
  const rest = target.slice();
  const along = orthogonal.map((column) => {
    const x = dot(column, rest);
    for (let i = 0; i < rest.length; i++) rest[i]! -= x * column[i]!;
    return x;
  });
  const coefficients = columns.map(() => 0);
  for (let k = columns.length - 1; k >= 0; k--) {
    let x = along[k]!;
    for (let later = k + 1; later < columns.length; later++) {
      x -= upper[later]![k]! * coefficients[later]!;
    }
    coefficients[k] = x / upper[k]![k]!;
  }
  return coefficients.every(Number.isFinite) ? coefficients : undefined;
}

/** The inner product. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Solves a symmetric system by Gaussian elimination; undefined if it is singular. */
export function solve(matrix: readonly Float64Array[], right: Float64Array): number[] | undefined {
  const n = right.length, x = [...right], rows = matrix.map((row) => row.slice());
  const largest = Math.max(...rows.map(maxAbs));
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    }
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    [x[k], x[pivot]] = [x[pivot]!, x[k]!];
    const row = rows[k]!;
    if (!(Math.abs(row[k]!) > 1e-13 * largest)) return undefined;
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / row[k]!;
      if (factor === 0) continue;
      for (let j = k; j < n; j++) rows[i]![j]! -= factor * row[j]!;
      x[i]! -= factor * x[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) x[k]! -= rows[k]![j]! * x[j]!;
    x[k]! /= rows[k]![k]!;
  }
  return x.every(Number.isFinite) ? x : undefined;
}
