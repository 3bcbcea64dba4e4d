/**
 * What a process that compare.ts has started says of itself.
 *
 * @module
 */

/** Milliseconds since compare.ts started this process. */
export function sinceStart(): number {
  return performance.timeOrigin + performance.now() - 1000 * Number(Deno.env.get("BENCH_START"));
}

/** The most memory that this process has held so far, in units of 10^6 bytes. */
export function peakMB(): number {
  const [, kibibytes] = Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s*(\d+) kB/)!;
  return Number(kibibytes) * 1024 / 1e6;
}
