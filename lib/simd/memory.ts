// An instance of the WebAssembly code, and what is in its memory: arrays, and matrices in blocks.
import { fromBase64 } from "../formats/base64.ts";
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import type { SingleSize } from "../math/shape.ts";
import { CONSTANTS, SHARED_SIMD_WASM, SIMD_WASM, VARIABLES } from "./generated/simd_wasm.ts";

/** The functions of the WebAssembly code, which assembly/ describes; the last four need threads. */
export interface SimdCode {
  readonly listPixels: (example: number) => void;
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
