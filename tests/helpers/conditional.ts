/** Tests that need something of the machine which not every one has. */

/**
 * A test that runs where there is what it needs. Elsewhere it is skipped and its name says why; in CI, which has all, it
 * runs and fails.
 */
export function testIf(
  there: boolean,
  need: string,
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  if (there || Deno.env.has("CI")) Deno.test(name, fn);
  else Deno.test({ name: `${name} (skipped: no ${need})`, ignore: true, fn });
}
