/** Tests that need something that not every machine has. */

/**
 * A test that runs where what it needs is available. Elsewhere it is skipped, and its name gives
 * the reason. CI has everything: there the test always runs.
 */
export function testIf(
  available: boolean,
  need: string,
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  if (available || Deno.env.has("CI")) Deno.test(name, fn);
  else Deno.test({ name: `${name} (skipped: no ${need})`, ignore: true, fn });
}
