/** Runs PyTorch for the tests that need it. */
import { fileURLToPath } from "node:url";
import type { Run } from "./cli.ts";
import { testIf } from "./conditional.ts";
import { pythonWith } from "./numpy.ts";

const python3 = pythonWith("torch");

/** A test that needs PyTorch: skipped without it, except in CI. */
export function pytorchTest(name: string, fn: (t: Deno.TestContext) => void | Promise<void>): void {
  testIf(python3 !== undefined, "python3 with PyTorch", name, fn);
}

/** Runs Python code in a folder. */
export async function pytorch(code: string, cwd: string): Promise<Run> {
  return await runPython(["-c", code], cwd, {});
}

/**
 * Runs `examples/pytorch_ddp.py` in a folder, as one process or as several that share the batches.
 *
 * @param args the arguments of each process
 * @returns what each process printed
 */
export async function pytorchDdp(cwd: string, ...args: readonly string[][]): Promise<Run[]> {
  const program = fileURLToPath(new URL("../../examples/pytorch_ddp.py", import.meta.url));
  const several = {
    WORLD_SIZE: `${args.length}`,
    MASTER_ADDR: "127.0.0.1",
    MASTER_PORT: freePort(),
  };
  return await Promise.all(
    args.map((given, rank) =>
      runPython([program, ...given], cwd, args.length === 1 ? {} : { ...several, RANK: `${rank}` })
    ),
  );
}

function freePort(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `${listener.addr.port}`;
}

async function runPython(args: string[], cwd: string, env: Record<string, string>): Promise<Run> {
  if (python3 === undefined) throw new Error("Cannot run PyTorch: need a python3 with it");
  const { code, stdout, stderr } = await new Deno.Command(python3, { args, cwd, env }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
