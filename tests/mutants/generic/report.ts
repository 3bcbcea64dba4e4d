/**
 * Writes docs/mutants-generic.md: how many mutants there are, and those that survive with the reasons for it.
 *
 * @module
 */

import { EQUIVALENTS } from "./equivalents.ts";
import { type Mutant, mutantsOf } from "./mutate.ts";
import { TARGETS } from "./targets.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Why a mutant survives; undefined if it is to be killed. */
export function reasonFor(file: string, { change }: Mutant): string | undefined {
  return EQUIVALENTS[file]?.find(({ changes }) => changes.includes(change))?.reason;
}

/** A file's path from the project's root. */
export function path(file: string): string {
  return `lib/${file}.ts`;
}

/** What the last run found, as equivalents.ts has it: a run fails where that is not so. */
export function writeReport(): void {
  const scores = Object.keys(TARGETS).map((file) => {
    const mutants = mutantsOf(Deno.readTextFileSync(new URL(path(file), ROOT)));
    return { file, mutants, survivors: mutants.filter((one) => reasonFor(file, one)) };
  });
  const mutants = scores.flatMap((score) => score.mutants);
  const survivors = scores.flatMap((score) => score.survivors);
  const rows = scores.map((score) =>
    row(`[${path(score.file)}](../${path(score.file)})`, score.mutants, score.survivors)
  );
  const lists = scores.filter((score) => score.survivors.length > 0).map(({ file, survivors }) =>
    `### ${path(file)}\n\n${list(file, survivors)}`
  );
  const report = new URL("docs/mutants-generic.md", ROOT);
  Deno.writeTextFileSync(
    report,
    `# Generic mutants

Do the tests notice small slips? \`deno task mutants:generic\` makes ${mutants.length} of them, one at a time, and runs the tests of the
file that has it (without types, of which the checker would find more). A slip is one sign, operator, comparison, boundary, constant,
index, truth value, condition or rounding, a call left out, or two arguments exchanged; words, comments and types are left alone. A
mutant is killed when a test fails, or when the tests take four times as long as without it and four seconds more.

The [mistakes that people make](mutants.md) have a list of their own.

| file | mutants | killed | score |
| --- | ---: | ---: | ---: |
${rows.join("")}${row("all", mutants, survivors)}
## Survivors

The task writes this file, and fails when another mutant survives than those in
[equivalents.ts](../tests/mutants/generic/equivalents.ts), or one of these does not.

${lists.join("\n")}`,
  );
  new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", report.pathname] }).outputSync();
}

function row(
  name: string,
  { length: all }: readonly Mutant[],
  { length: alive }: readonly Mutant[],
) {
  const score = all === 0 ? "" : `${(100 * (all - alive) / all).toFixed(1)} %`;
  return `| ${name} | ${all} | ${all - alive} | ${score} |\n`;
}

/** Each reason, and the changes that it is for. */
function list(file: string, survivors: readonly Mutant[]): string {
  const groups = Map.groupBy(survivors, (one) => reasonFor(file, one)!);
  const code = (text: string) => `\`\`${text}\`\``;
  return [...groups].map(([reason, group]) =>
    `${reason}\n\n${group.map(({ line, change }) => `- line ${line}, ${code(change)}\n`).join("")}`
  ).join("\n");
}
