/**
 * Runs other programs.
 *
 * @module
 */

/** Milliseconds until a program is killed: ten times what the slowest takes. */
export const TIMEOUT = 300_000;

/**
 * Runs a program and returns what it prints.
 *
 * @throws {Error} with its standard error, if it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  cwd?: string | URL,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const output = await new Deno.Command(command, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(TIMEOUT),
  }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  ) as [string, string];
  if (!output.success) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return { stdout, stderr };
}

/** Whether a program is installed and succeeds. */
export function succeeds(command: string, args: readonly string[]): boolean {
  try {
    return new Deno.Command(command, { args: [...args] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
