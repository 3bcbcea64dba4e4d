// Memory of the WebAssembly code: addresses up to 4 GiB, without so much memory.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { SimdMemory } from "../../lib/simd/memory.ts";

Deno.test("example: SimdMemory.get() returns addresses of 2³¹ and more as they were set", () => {
  const memory = new SimdMemory(), addresses = { W1: 2 ** 31, W2: 2 ** 32 - 64, Y1: 64 };
  memory.set(addresses);
  deepStrictEqual(
    { W1: memory.get("W1"), W2: memory.get("W2"), Y1: memory.get("Y1") },
    addresses,
  );
});

Deno.test("example: SimdMemory.allocate() takes all memory but the last page, and refuses one byte more", () => {
  const grow = WebAssembly.Memory.prototype.grow, grown: number[] = [];
  WebAssembly.Memory.prototype.grow = (pages) => grown.push(pages);
  try {
    const memory = new SimdMemory(), all = 65535 * 65536;
    strictEqual(memory.allocate("a test", { W1: 64, W2: all - 128 }, 0), all - 64);
    strictEqual(memory.allocate("a test", { W1: 64, W2: all - 64 }, 0), all);
    deepStrictEqual(grown, [65534, 65534]); // besides the first page
    throws(
      () => memory.allocate("a test", { W1: 64, W2: all - 63 }, 0),
      new RangeError(
        "Cannot allocate a test: need 4096 MiB of memory, WebAssembly has less than 4096",
      ),
    );
    strictEqual(grown.length, 2);
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
});

Deno.test("example: SimdMemory.allocate() begins each array at the next cache line", () => {
  const memory = new SimdMemory();
  strictEqual(memory.allocate("a test", { W1: 1, W2: 64, Y1: 65, b2: 8 }, 2809), 3080);
  deepStrictEqual((["W1", "W2", "Y1", "b2"] as const).map((name) => memory.get(name)), [
    2816,
    2880,
    2944,
    3072,
  ]);
});
