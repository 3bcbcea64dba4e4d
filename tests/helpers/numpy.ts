/** Runs NumPy beside the tests that compare with it. */

const python3 = ["/usr/bin/python3", "python3"].find(hasNumpy);

/**
 * A test that needs NumPy. Where there is none it is skipped and its name says why; in CI, which installs NumPy, it then
 * fails.
 */
export function numpyTest(name: string, fn: (t: Deno.TestContext) => void | Promise<void>): void {
  if (python3 !== undefined || Deno.env.has("CI")) Deno.test(name, fn);
  else Deno.test({ name: `${name} (skipped: no python3 with NumPy)`, ignore: true, fn });
}

/** What a Python program prints, given as text, with its arguments in `sys.argv[1:]`. */
export function python(code: string, ...args: string[]): string {
  if (python3 === undefined) throw new Error("Cannot run Python: need a python3 with NumPy");
  const { success, stdout, stderr } = run(python3, ["-c", code, ...args]);
  if (!success) throw new Error(`Cannot run Python: ${stderr}`);
  return stdout;
}

function hasNumpy(command: string): boolean {
  try {
    // looks without importing it, which takes ten times as long
    return run(command, ["-c", "import importlib.util as u; assert u.find_spec('numpy')"]).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function run(command: string, args: string[]) {
  const { success, stdout, stderr } = new Deno.Command(command, { args }).outputSync();
  const text = new TextDecoder();
  return { success, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
