/** Command lines that a user can paste. */
import { match, strictEqual } from "node:assert/strict";
import { invocation, quoteForShell } from "../../lib/system/invocation.ts";

Deno.test("law: quoteForShell() makes one word that a shell gives back", () => {
  for (
    const word of ["parameter.npz", "my run.npz", "it's", "$HOME", "a\\b", '"', "*", "重み.npz", ""]
  ) {
    const { stdout } = new Deno.Command("sh", { args: ["-c", `printf %s ${quoteForShell(word)}`] })
      .outputSync();
    strictEqual(new TextDecoder().decode(stdout), word);
  }
  strictEqual(quoteForShell("runs/parameter-1.npz"), "runs/parameter-1.npz");
});

Deno.test("example: invocation() is the command line of the running program", () => {
  match(invocation("plot", "a b.npz"), /^deno run -A \S+ plot 'a b\.npz'$/);
});
