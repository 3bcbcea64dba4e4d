/**
 * An instance of the WebAssembly code, and typed arrays in its memory.
 *
 * @module
 */

import { fromBase64 } from "../formats/base64.ts";
import { SHARED_SIMD_WASM, SIMD_WASM } from "./generated/simd_wasm.ts";

/** Tasks of the WebAssembly code, with the numbers of assembly/chunks.ts. */
export const Task = {
  fillX: 0,
  hidden: 1,
  hiddenAndList: 2,
  scores: 3,
  losses: 4,
  gradients: 5,
  update: 6,
} as const;

/** The functions of the WebAssembly code. Tasks work on the selected batch. */
export interface SimdCode {
  /** The number of nonzero pixels of the first images in `pixels`. */
  readonly countNonzero: (images: number) => number;
  /** Prepares {@linkcode SimdCode.listNonzero}. */
  readonly preparePositions: () => void;
  /** Lists the nonzero pixels of the image in `pixels`, from an entry on; returns their end. */
  readonly listNonzero: (example: number, first: number) => number;
  /** Does a {@linkcode Task} without other threads. */
  readonly alone: (task: number, learningRate: number) => void;
  /** With shared memory: offers a task to all threads. */
  readonly post: (task: number, learningRate: number) => void;
  /** With shared memory: does what no other thread does of the task, then waits as `wait` does. */
  readonly help: () => number;
  /** With shared memory: waits 100 ms at most; returns how many chunks are not finished. */
  readonly wait: () => number;
  /** With shared memory: lets the other threads end. */
  readonly stop: () => void;
}

type NumberArray =
  | typeof Uint8Array
  | typeof Int32Array
  | typeof Uint32Array
  | typeof Float64Array;

const PAGE_BYTES = 65536;

/** One page less than 32 bits address: the end of an array in the last page could be address 0. */
const MAX_PAGES = 65535;

/** Bytes of a cache line; every array begins at one. */
const CACHE_LINE_BYTES = 64;

/** What another thread needs to create an instance that works in the same memory. */
export interface SharedInstance {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The names of the variables of assembly/memory.ts. */
  readonly names: readonly string[];
  /** Their values in this thread, in shared memory; before them their version. */
  readonly values: Int32Array;
}

const modules = new Map<string, WebAssembly.Module>();

/** Compiled on first use: where WebAssembly is forbidden, the rest of the library works. */
function moduleOf(code: string): WebAssembly.Module {
  const module = modules.get(code) ?? new WebAssembly.Module(fromBase64(code));
  modules.set(code, module);
  return module;
}

/** A WebAssembly instance with its own memory and the variables of assembly/memory.ts. */
export class SimdMemory {
  /** The functions of the WebAssembly code. */
  readonly code: SimdCode;
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #variables: Readonly<Record<string, { value: number }>>;
  /** The variables that can be set, and their values in each thread. */
  readonly #names: readonly string[];
  readonly #values: readonly Int32Array[];

  /**
   * Creates an instance whose memory holds nothing but constants.
   *
   * @param threads how many threads work in it, each with an instance of its own
   * @throws {RangeError} if there are several threads and memory that they share cannot be had
   */
  constructor(readonly threads = 1) {
    const isShared = threads > 1;
    this.#module = moduleOf(isShared ? SHARED_SIMD_WASM : SIMD_WASM);
    this.#memory = isShared
      ? new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true })
      : new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(this.#module, { env: { memory: this.#memory } });
    this.code = exports as unknown as SimdCode;
    this.#variables = exports as unknown as Record<string, { value: number }>;
    this.#names = Object.keys(exports).filter((name) => isVariable(exports[name]));
    const bytes = 4 * (1 + this.#names.length);
    this.#values = Array.from(
      { length: threads },
      () => new Int32Array(isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)),
    );
    this.set({ threads });
    for (let thread = 0; thread < threads; thread++) this.#setIn(thread, { thread });
  }

  /** The value of a variable or a constant. */
  get(name: string): number {
    return this.#variables[name]!.value >>> 0; // addresses go beyond 2³¹
  }

  /** Sets variables, in all threads. */
  set(values: Readonly<Record<string, number>>): void {
    for (let thread = 0; thread < this.#values.length; thread++) this.#setIn(thread, values);
  }

  #setIn(thread: number, values: Readonly<Record<string, number>>): void {
    const all = this.#values[thread]!;
    for (const [name, value] of Object.entries(values)) {
      if (thread === 0) this.#variables[name]!.value = value;
      all[1 + this.#names.indexOf(name)] = value;
    }
    Atomics.add(all, 0, 1);
  }

  /**
   * Allocates arrays one after another and sets the variables that hold their addresses. Memory
   * that was not used before holds zeros.
   *
   * @param purpose what the arrays hold, for the error message
   * @param sizes bytes of each array
   * @param start the first address that may be used
   * @returns the address after the last array
   * @throws {RangeError} if there is not enough memory; nothing has changed then
   */
  allocate(
    purpose: string,
    sizes: Readonly<Record<string, number>>,
    start: number,
  ): number {
    let end = start;
    const addresses: Record<string, number> = {};
    for (const [name, bytes] of Object.entries(sizes)) {
      addresses[name] = Math.ceil(end / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
      end = addresses[name] + bytes;
    }
    this.#growTo(end, purpose);
    this.set(addresses);
    return end;
  }

  /** A view of an array, valid until the next allocation: growing memory empties all views. */
  view<T extends NumberArray>(
    type: T,
    name: string,
    length: number,
  ): InstanceType<T> {
    const buffer = this.#memory.buffer as ArrayBuffer;
    return new type(buffer, this.get(name), length) as InstanceType<T>;
  }

  /** What another thread needs to work in this memory. */
  sharedInstance(thread: number): SharedInstance {
    const values = this.#values[thread]!;
    return { module: this.#module, memory: this.#memory, names: this.#names, values };
  }

  #growTo(end: number, purpose: string): void {
    const pages = Math.ceil(end / PAGE_BYTES);
    const present = this.#memory.buffer.byteLength / PAGE_BYTES;
    if (pages <= present) return;
    const needed = `Cannot allocate ${purpose}: need ${Math.ceil(end / 2 ** 20)} MiB of memory`;
    if (pages > MAX_PAGES) throw new RangeError(`${needed}, WebAssembly has less than 4096`);
    try {
      this.#memory.grow(pages - present);
    } catch {
      throw new RangeError(`${needed}, the system has less`);
    }
  }
}

/** Whether an export is a variable, not a function or a constant. */
function isVariable(found: WebAssembly.ExportValue | undefined): boolean {
  if (!(found instanceof WebAssembly.Global)) return false;
  try {
    found.value = Number(found.value); // throws if it is a constant
    return true;
  } catch {
    return false;
  }
}
