// The catalogue of mutants matches the code, the tests and docs/mutants.md. (`deno task mutants`
// applies the mutants.)
import { ok, strictEqual, throws } from "node:assert/strict";
import { CATALOGUE } from "../mutants/catalogue.ts";
import { EQUIVALENTS } from "../mutants/generic/equivalents.ts";
import { TARGETS } from "../mutants/generic/targets.ts";
import { apply, type Mutant } from "../mutants/mutant.ts";

const mutants = CATALOGUE.flatMap((chapter) => chapter.mutants);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
}

Deno.test("example: every mutant of the catalogue can be applied", () => {
  for (const mutant of mutants) apply(mutant, read(mutant.file));
});

Deno.test("example: every test that the catalogue names exists", () => {
  const missing = mutants.map(({ caughtBy }) => caughtBy).filter(([file, name]) =>
    !read(`tests/${file}`).includes(`${JSON.stringify(name)},`) // of Deno.test() or testIf()
  );
  strictEqual(missing.join("\n"), "");
});

Deno.test("example: every mutant has a title of its own, and docs/mutants.md has them all", () => {
  strictEqual(new Set(mutants.map(({ title }) => title)).size, mutants.length);
  // formatting fills the table's cells up with spaces
  const table = read("docs/mutants.md").replaceAll("\\", "");
  for (const { title, caughtBy: [file, name] } of mutants) {
    ok(
      table.split("\n").some((row) => [title, file, name].every((text) => row.includes(text))),
      `docs/mutants.md lacks "${title}": deno task mutants --write`,
    );
  }
});

Deno.test("example: docs/mutants.md states how many mutants there are", () => {
  const { length } = mutants;
  ok(read("docs/mutants.md").includes(`All ${length} are caught`), `${length}`);
});

Deno.test("example: every file of the generic mutants exists, and so does the code of each survivor", () => {
  for (const [file, tests] of Object.entries(TARGETS)) {
    ok(tests.every((test) => read(`tests/${test}_test.ts`) !== ""));
    const code = read(`lib/${file}.ts`).replaceAll(/\s+/g, " ");
    for (const change of (EQUIVALENTS[file] ?? []).flatMap(({ changes }) => changes)) {
      const before = change.slice(change.indexOf(": ") + 2, change.indexOf(" → "));
      ok(
        code.includes(before),
        `lib/${file}.ts no longer has ${before}: deno task mutants:generic`,
      );
    }
  }
  ok(Object.keys(EQUIVALENTS).every((file) => file in TARGETS));
});

Deno.test("example: apply() rejects a mutant whose search text does not occur exactly once", () => {
  const mutant = (search: string, replace: string): Mutant => ({
    title: "t",
    file: "f.ts",
    search,
    replace,
    caughtBy: ["f_test.ts", "f"],
  });
  strictEqual(apply(mutant("b", "$&"), "abc"), "a$&c"); // no pattern of replace() counts
  const refused = (times: number) => ({
    message:
      `Cannot apply the mutant "t": f.ts has its search text ${times} times, need once, and another text to put there`,
  });
  throws(() => apply(mutant("d", "e"), "abc"), refused(0));
  throws(() => apply(mutant("b", "e"), "abcb"), refused(2));
  throws(() => apply(mutant("b", "b"), "abc"), refused(1));
});
