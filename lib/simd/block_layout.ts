/**
 * Matrices as the machine code wants them: in rows of LANES doubles, which lie in blocks (see assembly/memory.ts).
 *
 * @module
 */

import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import type { SingleSize } from "../math/shape.ts";

/** Doubles in a row. */
export const BLOCK_WIDTH = 16;

/** Bytes of a row. */
export const BLOCK_ROW_BYTES: number = BLOCK_WIDTH * 8;

/** How many blocks hold n hidden units or classes. */
export function blocks(n: number): number {
  return Math.ceil(n / BLOCK_WIDTH);
}

/** Blocks of rows, or a part of each block. */
export interface BlockLayout {
  /** All numbers of all blocks. */
  readonly data: Float64Array;
  /** How many rows make a block. */
  readonly ofBlock: number;
  /** Which row of a block is the first. */
  readonly first: number;
}

/** Puts a matrix into rows: its own rows run along the lanes and from block to block, its columns are a block's rows. */
export function toBlocks(matrix: AnyMatrix, rows: BlockLayout): void {
  eachEntry(matrix, rows, (entry, place) => rows.data[place] = matrix.data[entry]!);
}

/** The matrix that {@linkcode toBlocks} put there. */
export function fromBlocks<R extends number, C extends number>(
  rowCount: R,
  columnCount: C,
  rows: BlockLayout,
): Matrix<R, C> {
  const matrix = Matrix.zeros<R, C>(rowCount as SingleSize<R>, columnCount as SingleSize<C>);
  eachEntry(matrix, rows, (entry, place) => matrix.data[entry] = rows.data[place]!);
  return matrix;
}

function eachEntry(
  { rows, columns }: AnyMatrix,
  { ofBlock, first }: BlockLayout,
  visit: (entry: number, place: number) => void,
): void {
  for (let i = 0, entry = 0; i < rows; i++) {
    const row = Math.floor(i / BLOCK_WIDTH) * ofBlock + first;
    for (let j = 0; j < columns; j++, entry++) {
      visit(entry, (row + j) * BLOCK_WIDTH + i % BLOCK_WIDTH);
    }
  }
}
