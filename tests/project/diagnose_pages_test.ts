/** What docs/diagnose.md and its Japanese page say of JSON is what `diagnose` prints. */
import { deepStrictEqual } from "node:assert/strict";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { tables } from "../helpers/markdown.ts";
import { documentedDumps } from "../diagnose/documented_dumps.ts";

/** The fields in code in the first column of the table whose first row begins with one of them. */
function fieldsFrom(markdown: string, first: string): string[] {
  const rows = tables(markdown).find(([row]) => row![0] === first)!;
  return rows.map(([cell]) => /`([^`]+)`/.exec(cell!)![1]!).toSorted();
}

for (const name of ["docs/diagnose.md", "docs/ja/diagnose.md"]) {
  Deno.test(`example: ${name} has a row for each field that diagnose --json prints, and no other`, async () => {
    const markdown = Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
    using folder = new Folder(documentedDumps());
    const { stdout } = await cli(["diagnose", "class", "--json"], { cwd: folder.path });
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
    const fieldsOf = (objects: readonly object[]) => [...new Set(objects.flatMap(Object.keys))];
    const quantities = lines.flatMap((line) => line.quantities ?? []);
    const fields = [
      ...fieldsOf(lines),
      ...fieldsOf(quantities).map((field) => `quantities[].${field}`),
    ];
    deepStrictEqual(fieldsFrom(markdown, "`file`"), fields.toSorted());
    const causes = fieldsOf(quantities.flatMap(({ causes }) => causes));
    deepStrictEqual(fieldsFrom(markdown, "`kind`"), causes.toSorted());
  });
}
