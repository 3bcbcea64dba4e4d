/** Runs Python with NumPy, PyTorch or Jupyter for the tests that need it. */
import { fileURLToPath } from "node:url";
import type { Run } from "./cli.ts";
import { testIf } from "./conditional.ts";

/** A test that needs NumPy: skipped without it, except in CI. */
export function numpyTest(name: string, fn: (t: Deno.TestContext) => void | Promise<void>): void {
  testIf(pythonWith("numpy") !== undefined, "python3 with NumPy", name, fn);
}

/** A test that needs PyTorch: skipped without it, except in CI. */
export function pytorchTest(name: string, fn: (t: Deno.TestContext) => void | Promise<void>): void {
  testIf(pythonWith("torch") !== undefined, "python3 with PyTorch", name, fn);
}

/** A test that needs Jupyter's client: skipped without it, except in CI. */
export function jupyterTest(name: string, fn: () => Promise<void>): void {
  testIf(pythonWith("jupyter_client") !== undefined, "python3 with jupyter_client", name, fn);
}

/** Runs Python with PyTorch in a folder. */
export async function pytorch(
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Run> {
  const { code, stdout, stderr } = await new Deno.Command(pythonWith("torch")!, { args, cwd, env })
    .output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Runs Python code with arguments in `sys.argv[1:]`; returns what it prints. */
export function python(code: string, ...args: string[]): string {
  return runPython(["-c", code, ...args]);
}

/** Runs a script of fixtures/ with arguments; returns what it prints. */
export function pythonScript(name: string, ...args: string[]): string {
  return runPython([fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)), ...args]);
}

function runPython(args: string[]): string {
  const python3 = pythonWith("numpy");
  if (python3 === undefined) throw new Error("Cannot run Python: need a python3 with NumPy");
  const { success, stdout, stderr } = run(python3, args);
  if (!success) throw new Error(`Cannot run Python: ${stderr}`);
  return stdout;
}

const commands = new Map<string, string | undefined>();

/** The command of a Python that has a module, if there is one. */
export function pythonWith(module: "numpy" | "torch" | "jupyter_client"): string | undefined {
  if (!commands.has(module)) commands.set(module, findPython(module));
  return commands.get(module);
}

function findPython(module: string): string | undefined {
  // looks without importing it, which takes ten times as long
  const code = `import importlib.util as u; assert u.find_spec("${module}")`;
  return ["/usr/bin/python3", "python3"].find((command) => {
    try {
      return run(command, ["-c", code]).success;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}

function run(command: string, args: string[]) {
  const { success, stdout, stderr } = new Deno.Command(command, { args }).outputSync();
  const text = new TextDecoder();
  return { success, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
