// Reading memory before it is needed, so that the waits for main memory overlap.

/** What was read last: a load whose value is not used would be optimised away. */
export let lastRead: u32 = 0;

const CACHE_LINE_BYTES: usize = 64;

/** Reads one word of each cache line from an address on, up to another. */
export function prefetch(from: usize, end: usize): void {
  let sum: u32 = 0;
  from &= ~(CACHE_LINE_BYTES - 1);
  for (; from < end; from += CACHE_LINE_BYTES) sum += load<u32>(from);
  lastRead = sum;
}
