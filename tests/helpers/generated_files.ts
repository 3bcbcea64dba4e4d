/** The generated files of the project, and the tasks that generate them. */
import { ok } from "node:assert/strict";

/** The project's folder. */
export const ROOT: URL = new URL("../../", import.meta.url);

/** Each task and its files. */
export const GENERATED: Readonly<Record<string, readonly string[]>> = {
  wasm: ["lib/simd/generated/simd_wasm.ts"],
  pretrained: ["lib/storage/generated/pretrained_parameters.ts"],
  page: ["lib/pages/generated/scripts.ts", "lib/pages/generated/styles.ts"],
  figures: ["figure1", "figure2", "figure3", "figure4", "seeds"].map((name) =>
    `docs/reproduction/${name}.svg`
  ),
  equations: ["docs/equations.md", "docs/ja/equations.md"],
  "back-propagation": [
    "docs/back-propagation.md",
    "docs/ja/back-propagation.md",
    "docs/back-propagation.svg",
  ],
  reference: ["docs/reference.md"],
  mistakes: ["docs/mistakes.md"],
  performance: ["docs/performance.svg", "docs/performance.md"],
};

/** Runs Deno in the project's folder. */
export async function deno(...args: string[]): Promise<{ success: boolean; stderr: string }> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  return { success, stderr: new TextDecoder().decode(stderr) };
}

/** Asserts that a task's files are what it generates. */
export async function assertUpToDate(task: keyof typeof GENERATED): Promise<void> {
  const { success, stderr } = await deno("task", task, "--check");
  ok(success, stderr);
}
