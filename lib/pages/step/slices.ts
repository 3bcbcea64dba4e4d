// The part of a quantity that the page shows at once: a row or a column, as a picture or a list.
import type { Size } from "../../../mod.ts";
import type { ExplainedStep, PerAxis } from "../../explain/explained_step.ts";
import { type Axis, type MatrixSymbol, QUANTITIES } from "../../network/step.ts";

/** One row or column of a quantity. */
export interface Slice {
  /** The axis along which it runs: "1" if the quantity is one number. */
  readonly along: Axis;
  /** The other axis. */
  readonly across: Axis;
  /** Its numbers. */
  readonly values: Float64Array;
  /** The position of the entry in focus. */
  readonly at: number;
  /** How a picture arranges them; a list has one column. */
  readonly size: Size;
}

/** The axes that are shown as a whole rather than one place at a time, the first before others. */
const SHOWN_FIRST: readonly Axis[] = ["D", "M", "K", "B", "1"];

/** A picture of the hidden units is somewhat higher than wide: 80 of them are 8 by 10. */
const UNITS_WIDTH = 0.8;

/** The row or column of a quantity that holds the entry in focus. */
export function sliceOf(step: ExplainedStep, symbol: MatrixSymbol): Slice {
  const { columns, data } = step.values[symbol], [rowAxis, columnAxis] = QUANTITIES[symbol].axes;
  const isRow = SHOWN_FIRST.indexOf(columnAxis) < SHOWN_FIRST.indexOf(rowAxis);
  const [row, column] = placeOf(step.focus, symbol);
  const [along, across] = isRow ? [columnAxis, rowAxis] : [rowAxis, columnAxis];
  const values = isRow
    ? data.slice(row * columns, (row + 1) * columns)
    : data.filter((_, at) => at % columns === column);
  const at = isRow ? column : row;
  return { along, across, values, at, size: arrangement(along, values.length, step.data.size) };
}

/** The row and column of the entry in focus. */
export function placeOf(focus: PerAxis, symbol: MatrixSymbol): [row: number, column: number] {
  const [row, column] = QUANTITIES[symbol].axes.map((axis) => axis === "1" ? 0 : focus[axis]);
  return [row!, column!];
}

/** The focus that an entry of a quantity gives. */
export function focusOn(symbol: MatrixSymbol, row: number, column: number): Partial<PerAxis> {
  const [rowAxis, columnAxis] = QUANTITIES[symbol].axes;
  const places = [[rowAxis, row], [columnAxis, column]] as const;
  return Object.fromEntries(places.filter(([axis]) => axis !== "1"));
}

function arrangement(along: Axis, count: number, imageSize: Size): Size {
  if (along === "D") return imageSize;
  if (along !== "M") return { width: 1, height: count };
  const width = Math.ceil(Math.sqrt(UNITS_WIDTH * count));
  return { width, height: Math.ceil(count / width) };
}
