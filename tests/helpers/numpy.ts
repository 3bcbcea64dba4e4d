/** Runs Python with NumPy, PyTorch or Jupyter for the tests that need it. */
import { fileURLToPath } from "node:url";
import type { Run } from "./cli.ts";
import { testIf } from "./conditional.ts";

/** What makes a test that needs a module of Python's: skipped without it, except in CI. */
const testWith =
  (module: Module, need: string) => (name: string, fn: Parameters<typeof testIf>[3]) =>
    testIf(pythonWith(module) !== undefined, `python3 with ${need}`, name, fn);

export const numpyTest = testWith("numpy", "NumPy");
export const pytorchTest = testWith("torch", "PyTorch");
export const jupyterTest = testWith("jupyter_client", "jupyter_client");

/** Runs Python in a folder, with PyTorch where there is one. */
export async function pytorch(
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Run> {
  const command = pythonWith("torch") ?? pythonWith("numpy")!;
  const { code, stdout, stderr } = await new Deno.Command(command, { args, cwd, env }).output();
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

type Module = "numpy" | "torch" | "jupyter_client";

const commands: Partial<Record<Module, string | undefined>> = {};

/** The command of a Python that has a module, if there is one. */
export function pythonWith(module: Module): string | undefined {
  if (module in commands) return commands[module];
  // looks without importing it, which takes ten times as long
  const code = `import importlib.util as u; assert u.find_spec("${module}")`;
  return commands[module] = ["/usr/bin/python3", "python3"].find((command) => {
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
