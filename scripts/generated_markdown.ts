/**
 * Markdown that programs write: tables, code, and the format of `deno fmt`.
 *
 * @module
 */

/** Text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A table, its first row the head. */
export function table([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head!), line(head!.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A document as `deno fmt` writes it. */
export async function formatMarkdown(markdown: string): Promise<string> {
  const args = ["fmt", "--quiet", "--ext", "md", "-"], cwd = new URL("..", import.meta.url);
  const process = new Deno.Command(Deno.execPath(), { args, cwd, stdin: "piped", stdout: "piped" })
    .spawn();
  await new Response(markdown).body!.pipeTo(process.stdin);
  const { success, stdout } = await process.output();
  if (!success) throw new Error("Cannot format a generated document: see the message above");
  return new TextDecoder().decode(stdout);
}
