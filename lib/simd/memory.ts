/**
 * An instance of the engine's machine code, and its memory laid out in arrays.
 *
 * @module
 */

import { fromBase64 } from "../formats/base64.ts";
import { SIMD_WASM } from "./generated/simd_wasm.ts";

/** The functions of the machine code. */
export interface SimdCode {
  /** Y1 and A2 of the picked examples. */
  readonly forward: () => void;
  /** From the A2 that `forward` left: P, dA2, and what losses are made of. */
  readonly softmaxCrossEntropy: () => void;
  /** One step of gradient descent on the picked examples. */
  readonly step: (learningRate: number) => void;
}

type NumberArray =
  | typeof Uint8Array
  | typeof Uint16Array
  | typeof Uint32Array
  | typeof Float64Array;

const PAGE = 65536;

/** What 32 bits address is 65536 pages; the last stays unused, as the end of an array in it would be address 0. */
const MOST_PAGES = 65535;

/** Every array begins at a cache line. */
const LINE = 64;

let module: WebAssembly.Module | undefined;

/** Machine code at work in a memory of its own. Its variables, sizes and addresses, are those of assembly/memory.ts. */
export class SimdMemory {
  /** The functions of the machine code. */
  readonly code: SimdCode;
  readonly #variables: Readonly<Record<string, { value: number }>>;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });

  /** An instance with nothing in its memory but constants. */
  constructor() {
    // compiled once, and not before it is wanted: a page may forbid WebAssembly and use the rest
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
   * Lays arrays out one after another, and sets the variables that hold their addresses. Memory not used before is all
   * zeros.
   *
   * @param what the arrays hold, for the message
   * @param sizes bytes of each array
   * @param from where the first may begin
   * @returns where the last ends
   * @throws {RangeError} if memory has not so many bytes; then nothing is changed
   */
  place(what: string, sizes: Readonly<Record<string, number>>, from: number): number {
    const addresses: Record<string, number> = {};
    let end = from;
    for (const [name, bytes] of Object.entries(sizes)) {
      addresses[name] = Math.ceil(end / LINE) * LINE;
      end = addresses[name] + bytes;
    }
    this.#reach(end, what);
    this.set(addresses);
    return end;
  }

  /** A look into an array, good until arrays are placed again: memory that grows leaves it empty. */
  view<T extends NumberArray>(type: T, name: string, length: number): InstanceType<T> {
    const buffer = this.#memory.buffer as ArrayBuffer;
    return new type(buffer, this.get(name), length) as InstanceType<T>;
  }

  #reach(end: number, what: string): void {
    const pages = Math.ceil(end / PAGE), present = this.#memory.buffer.byteLength / PAGE;
    if (pages <= present) return;
    const need = `Cannot hold ${what}: ${Math.ceil(end / 2 ** 20)} MiB of memory are needed`;
    if (pages > MOST_PAGES) throw new RangeError(`${need}, WebAssembly has less than 4096`);
    try {
      this.#memory.grow(pages - present);
    } catch {
      throw new RangeError(`${need}, the machine has less`);
    }
  }
}
