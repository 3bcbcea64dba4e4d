/**
 * Matrices on a terminal: small ones are complete, large ones are cut to a window with the numbers
 * of its rows and columns.
 *
 * @module
 */

import { clamp } from "../math/clamp.ts";
import type { AnyMatrix } from "../math/matrix.ts";
import { table } from "../text/layout.ts";
import { type Axis, type ExplainedStep, MATRIX_AXES, type MatrixSymbol } from "./explained_step.ts";

/** An axis is shown whole up to so many rows or columns, else so many of it. */
const WHOLE = { rows: 10, columns: 5 }, WINDOW = 5;

/** Name, shape and numbers of a matrix, around the entry in focus. */
export function showMatrix(step: ExplainedStep, name: MatrixSymbol): string {
  const matrix: AnyMatrix = step.values[name], [rowAxis, columnAxis] = MATRIX_AXES.get(name)!;
  const rows = range(matrix.rows, at(step, rowAxis), WHOLE.rows);
  const columns = range(matrix.columns, at(step, columnAxis), WHOLE.columns);
  const someRows = rows.length < matrix.rows, someColumns = columns.length < matrix.columns;
  const write = format(matrix, rows, columns);
  const cells = rows.map((row) => [
    ...(someRows ? [`${row}:`] : []),
    ...columns.map((column) => write(matrix.data[row * matrix.columns + column]!)),
    ...(someColumns ? ["…"] : []),
  ]);
  if (someColumns) {
    cells.unshift([...(someRows ? [""] : []), ...columns.map((column) => `${column}:`), ""]);
  }
  const title = `${name} (${matrix.rows}x${matrix.columns})`;
  return `${title}\n${table(cells, 0)}${someRows ? "\n⋮" : ""}`;
}

function at({ focus }: ExplainedStep, axis: Axis): number {
  return axis === "1" ? 0 : focus[axis];
}

/** All positions of an axis, or a window around one of them. */
function range(size: number, focus: number, whole: number): number[] {
  if (size <= whole) return Array.from({ length: size }, (_, i) => i);
  const first = clamp(focus - Math.floor(WINDOW / 2), 0, size - WINDOW);
  return Array.from({ length: WINDOW }, (_, i) => first + i);
}

/** The number of decimals that gives the largest number four digits. */
function format(matrix: AnyMatrix, rows: number[], columns: number[]): (x: number) => string {
  const shown = rows.flatMap((row) => columns.map((c) => matrix.data[row * matrix.columns + c]!));
  const largest = Math.max(...shown.map(Math.abs));
  const decimals = shown.every(Number.isInteger) ? 0 : 3 - Math.floor(Math.log10(largest));
  return (x) => x.toFixed(clamp(decimals, 0, 9));
}
