/**
 * An instance of the WebAssembly code, and typed arrays in its memory.
 *
 * @module
 */

import { fromBase64 } from "../formats/base64.ts";
import { SIMD_WASM } from "./generated/simd_wasm.ts";

/** The functions of the WebAssembly code, which work on the selected batch. */
export interface SimdCode {
  /** Computes Y1 and A2. */
  readonly forward: () => void;
  /** From the A2 of `forward`: computes P, dA2 and the terms of the losses. */
  readonly softmaxCrossEntropy: () => void;
  /** Takes one step of gradient descent. */
  readonly step: (learningRate: number) => void;
}

type NumberArray =
  | typeof Uint8Array
  | typeof Uint16Array
  | typeof Uint32Array
  | typeof Float64Array;

const PAGE_BYTES = 65536;

/** One page less than 32 bits address: the end of an array in the last page could be address 0. */
const MAX_PAGES = 65535;

/** Bytes of a cache line; every array begins at one. */
const CACHE_LINE_BYTES = 64;

let module: WebAssembly.Module | undefined;

/** A WebAssembly instance with its own memory and the variables of assembly/memory.ts. */
export class SimdMemory {
  /** The functions of the WebAssembly code. */
  readonly code: SimdCode;
  readonly #variables: Readonly<Record<string, { value: number }>>;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });

  /** Creates an instance whose memory holds nothing but constants. */
  constructor() {
    // compiled on first use: where WebAssembly is forbidden, the rest of the library works
    module ??= new WebAssembly.Module(fromBase64(SIMD_WASM));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.code = exports as unknown as SimdCode;
    this.#variables = exports as unknown as Record<string, { value: number }>;
  }

  /** The value of a variable. */
  get(name: string): number {
    return this.#variables[name]!.value >>> 0; // addresses go beyond 2³¹
  }

  /** Sets variables. */
  set(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) this.#variables[name]!.value = value;
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
  allocate(purpose: string, sizes: Readonly<Record<string, number>>, start: number): number {
    const addresses: Record<string, number> = {};
    let end = start;
    for (const [name, bytes] of Object.entries(sizes)) {
      addresses[name] = Math.ceil(end / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
      end = addresses[name] + bytes;
    }
    this.#growTo(end, purpose);
    this.set(addresses);
    return end;
  }

  /** A view of an array, valid until the next allocation: growing memory empties all views. */
  view<T extends NumberArray>(type: T, name: string, length: number): InstanceType<T> {
    const buffer = this.#memory.buffer as ArrayBuffer;
    return new type(buffer, this.get(name), length) as InstanceType<T>;
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
