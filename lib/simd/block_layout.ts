// Conversion of matrices to and from the blocked layout that the WebAssembly code computes with.
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import type { SingleSize } from "../math/shape.ts";
import { CONSTANTS } from "./generated/simd_wasm.ts";

/** Doubles in a row of a block, and its bytes. */
export const { BLOCK_WIDTH, ROW_BYTES } = CONSTANTS;

/** The number of blocks that hold n hidden units or classes. */
export function blockCount(n: number): number {
  return Math.ceil(n / BLOCK_WIDTH);
}

/** The place of a matrix in blocks that it may share with another. */
export interface BlockLayout {
  /** All numbers of all blocks. */
  readonly data: Float64Array;
  /** Rows in a block. */
  readonly rowsPerBlock: number;
  /** Index in each block of the row that holds the matrix's first column. */
  readonly firstRow: number;
}

/** Copies a matrix into blocks, each of 16 of its rows, so that a column is a row of a block. */
export function toBlocks(matrix: AnyMatrix, layout: BlockLayout): void {
  eachEntry(matrix, layout, (entry, position) => layout.data[position] = matrix.data[entry]!);
}

/** The matrix that {@linkcode toBlocks} has copied there. */
export function fromBlocks<R extends number, C extends number>(
  rows: SingleSize<R>,
  columns: SingleSize<C>,
  layout: BlockLayout,
): Matrix<R, C> {
  const matrix = Matrix.zeros(rows, columns);
  eachEntry(matrix, layout, (entry, position) => matrix.data[entry] = layout.data[position]!);
  return matrix;
}

/** Visits the index of each entry in the matrix's data with its index in the layout's data. */
function eachEntry(
  { rows, columns }: AnyMatrix,
  { rowsPerBlock, firstRow }: BlockLayout,
  visit: (entry: number, position: number) => void,
): void {
  for (let i = 0, entry = 0; i < rows; i++) {
    const row = Math.floor(i / BLOCK_WIDTH) * rowsPerBlock + firstRow;
    for (let j = 0; j < columns; j++, entry++) {
      visit(entry, (row + j) * BLOCK_WIDTH + i % BLOCK_WIDTH);
    }
  }
}
