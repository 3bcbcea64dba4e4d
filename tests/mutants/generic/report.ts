/**
 * Writes docs/mutants-generic.md: the number of mutants, and each survivor with the reason why it
 * survives.
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

/** Writes the report from equivalents.ts; a run that finds anything else fails before. */
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

Do the tests notice a small change? \`deno task mutants:generic\` applies ${mutants.length} mutants, one at a time, and runs the tests
of the changed file (without the type checker, which would reject more of them). A mutant changes one sign, operator, comparison,
boundary, constant, index, boolean, condition or rounding, omits a call, or swaps two arguments; strings, comments and types stay. A
mutant is killed when a test fails, or when the tests take four seconds more than four times as long as without it.

[Mutants](mutants.md) lists the errors that people make.

| file | mutants | killed | score |
| --- | ---: | ---: | ---: |
${rows.join("")}${row("all", mutants, survivors)}
## Survivors

The task writes this file. It fails if the surviving mutants are not exactly those of
[equivalents.ts](../tests/mutants/generic/equivalents.ts).

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

/** Each reason with its changes. */
function list(file: string, survivors: readonly Mutant[]): string {
  const groups = Map.groupBy(survivors, (one) => reasonFor(file, one)!);
  const code = (text: string) => `\`\`${text}\`\``;
  return [...groups].map(([reason, group]) =>
    `${reason}\n\n${group.map(({ line, change }) => `- line ${line}, ${code(change)}\n`).join("")}`
  ).join("\n");
}
