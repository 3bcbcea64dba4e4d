// An instance of the WebAssembly code, and what is in its memory: arrays, matrices in blocks, and
// images as sparse lists of their nonzero pixels, as four fifths of MNIST's pixels are 0.
import type { Dataset } from "../data/dataset.ts";
import { fromBase64 } from "../formats/base64.ts";
import type { Indices } from "../math/indices.ts";
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import type { SingleSize } from "../math/shape.ts";
import { CONSTANTS, SHARED_SIMD_WASM, SIMD_WASM, VARIABLES } from "./generated/simd_wasm.ts";

/** The functions of the WebAssembly code, which assembly/ describes; the last four need threads. */
export interface SimdCode {
  readonly countNonzero: (images: number) => number;
  readonly preparePositions: () => void;
  readonly listNonzero: (example: number) => number;
  readonly alone: (task: number, learningRate: number) => void;
  readonly post: (task: number, learningRate: number) => void;
  readonly help: () => number;
  readonly wait: () => number;
  readonly stop: () => void;
}

/** A variable of assembly/memory.ts: a size, or the address of an array. */
type Variable = keyof typeof VARIABLES;

/** Values of variables, or bytes of the arrays whose addresses they hold. */
export type Values = { readonly [name in Variable]?: number };

type NumberArray = typeof Uint8Array | typeof Int32Array | typeof Uint32Array | typeof Float64Array;

const PAGE_BYTES = 65536;

/** One page less than 32 bits address: the end of an array in the last page could be address 0. */
const MAX_PAGES = 65535;

/** Every array begins at a cache line. */
const CACHE_LINE_BYTES = 64;

const modules = new Map<string, WebAssembly.Module>();

/** Compiled on first use: where WebAssembly is forbidden, the rest of the library works. */
function moduleOf(code: string): WebAssembly.Module {
  const module = modules.get(code) ?? new WebAssembly.Module(fromBase64(code));
  modules.set(code, module);
  return module;
}

/** A WebAssembly instance with its own memory, in which the variables are. */
export class SimdMemory {
  readonly code: SimdCode;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;

  /** An instance whose memory holds constants only; a RangeError if none can be shared. */
  constructor(readonly threads = 1) {
    this.module = moduleOf(threads > 1 ? SHARED_SIMD_WASM : SIMD_WASM);
    this.memory = threads > 1
      ? new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true })
      : new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(this.module, { env: { memory: this.memory } });
    this.code = exports as unknown as SimdCode;
    this.set({ threads });
  }

  get(name: Variable): number {
    return this.#variables[VARIABLES[name]]!;
  }

  set(values: Values): void {
    const variables = this.#variables;
    for (const [name, value] of Object.entries(values)) {
      variables[VARIABLES[name as Variable]] = value;
    }
  }

  get #variables(): Uint32Array {
    const count = Object.keys(VARIABLES).length;
    return new Uint32Array(this.memory.buffer, CONSTANTS.engine, count);
  }

  /** Allocates zeroed arrays from `start` on, sets their variables, and returns the end. */
  allocate(purpose: string, sizes: Values, start: number): number {
    let end = start;
    const addresses: Partial<Record<Variable, number>> = {};
    for (const [name, bytes] of Object.entries(sizes)) {
      const address = Math.ceil(end / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
      addresses[name as Variable] = address;
      end = address + bytes;
    }
    this.#growTo(end, purpose);
    this.set(addresses);
    return end;
  }

  /** A view of an array, valid until the next allocation: growing memory empties all. */
  view<T extends NumberArray>(type: T, at: Variable | number, length: number): InstanceType<T> {
    const buffer = this.memory.buffer as ArrayBuffer;
    const address = typeof at === "number" ? at : this.get(at);
    return new type(buffer, address, length) as InstanceType<T>;
  }

  #growTo(end: number, purpose: string): void {
    const pages = Math.ceil(end / PAGE_BYTES);
    const present = this.memory.buffer.byteLength / PAGE_BYTES;
    if (pages <= present) return;
    const needed = `Cannot allocate ${purpose}: need ${Math.ceil(end / 2 ** 20)} MiB of memory`;
    if (pages > MAX_PAGES) throw new RangeError(`${needed}, WebAssembly has less than 4096`);
    try {
      this.memory.grow(pages - present);
    } catch {
      throw new RangeError(`${needed}, the system has less`);
    }
  }
}

/** Doubles in a row of a block, and its bytes. */
export const { BLOCK_WIDTH, ROW_BYTES } = CONSTANTS;

/** The number of blocks that hold n hidden units or classes. */
export function blockCount(n: number): number {
  return Math.ceil(n / BLOCK_WIDTH);
}

/** The place of a matrix in blocks that it may share with another: its column 0 is `firstRow`. */
export interface BlockLayout {
  readonly data: Float64Array;
  readonly rowsPerBlock: number;
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

/** Pixels in a piece that is copied at once, at most: those of the largest image. */
const PIECE_PIXELS = 65536;

/** Arrays of the functions below, which read 16 pixels at once. */
export const PIECE_ARRAYS = { pixels: PIECE_PIXELS + 16, positions: 256 * 8 };

/** Numbers in `exampleTiles` for each example: the first entry of each tile, and the end. */
function boundsPerExample(inputs: number): number {
  return Math.ceil(inputs / CONSTANTS.PIXELS_PER_TILE) + 1;
}

export function countNonzero<D extends number>(
  { count, inputs, pixels }: Dataset<D>,
  memory: SimdMemory,
): number {
  const most = Math.floor(PIECE_PIXELS / inputs);
  const piece = memory.view(Uint8Array, "pixels", PIECE_PIXELS);
  let nonzero = 0;
  for (let first = 0; first < count; first += most) {
    const images = Math.min(most, count - first);
    piece.set(pixels.subarray(first * inputs, (first + images) * inputs));
    nonzero += memory.code.countNonzero(images);
  }
  return nonzero;
}

/** The arrays of {@linkcode listNonzero}, which writes up to 8 entries after the last one. */
export function listArrays<D extends number>(
  { count, inputs }: Dataset<D>,
  nonzero: number,
): Values {
  return {
    exampleTiles: count * boundsPerExample(inputs) * 4,
    exampleEntries: (nonzero + count + 8) * 4,
  };
}

/**
 * Lists the pixels of the examples that have no list yet: of each image when it is first used, so
 * that training begins at once. Returns how many entries all of them have.
 */
export function listNonzero<D extends number, B extends number>(
  { count, inputs, pixels }: Dataset<D>,
  memory: SimdMemory,
  examples: Indices<B>,
): number {
  const stride = boundsPerExample(inputs);
  const bounds = memory.view(Uint32Array, "exampleTiles", stride * count);
  const image = memory.view(Uint8Array, "pixels", inputs);
  let entries = 0;
  for (const example of examples.values) {
    const first = stride * example, last = first + stride - 1;
    if (bounds[last] === 0) {
      image.set(pixels.subarray(example * inputs, (example + 1) * inputs));
      if (!memory.code.listNonzero(example)) {
        throw new RangeError(
          `Cannot use example ${example}: pixels have changed since the engine was made`,
        );
      }
    }
    entries += bounds[last]! - bounds[first]!;
  }
  return entries;
}
