// The catalogue of mistakes keeps step with the program: `deno task mutants` makes them all, which takes a minute.
import { ok, strictEqual, throws } from "node:assert/strict";
import { CATALOGUE } from "../mutants/catalogue.ts";
import { EQUIVALENTS } from "../mutants/generic/equivalents.ts";
import { TARGETS } from "../mutants/generic/targets.ts";
import { apply, type Mistake } from "../mutants/mistake.ts";

const mistakes = CATALOGUE.flatMap((chapter) => chapter.mistakes);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
}

Deno.test("example: every mistake of the catalogue can still be made", () => {
  for (const mistake of mistakes) apply(mistake, read(mistake.file));
});

Deno.test("example: every test that the catalogue names is there", () => {
  const missing = mistakes.map(({ caughtBy }) => caughtBy).filter(([file, name]) =>
    !read(`tests/${file}`).includes(`Deno.test(${JSON.stringify(name)},`)
  );
  strictEqual(missing.join("\n"), "");
});

Deno.test("example: every mistake has a title of its own, and docs/mutants.md has them all", () => {
  strictEqual(new Set(mistakes.map(({ title }) => title)).size, mistakes.length);
  // formatting fills the table's cells up with spaces
  const table = read("docs/mutants.md").replaceAll("\\", "");
  for (const { title, caughtBy: [file, name] } of mistakes) {
    ok(
      table.split("\n").some((row) => [title, file, name].every((text) => row.includes(text))),
      `docs/mutants.md lacks "${title}": deno task mutants --write`,
    );
  }
});

Deno.test("example: both READMEs and docs/mutants.md say how many mistakes there are", () => {
  const { length } = mistakes;
  ok(read("README.md").includes(`[${length} mistakes](docs/mutants.md)`), `${length}`);
  ok(read("README.ja.md").includes(`[${length} の間違い](docs/mutants.md)`), `${length}`);
  ok(read("docs/mutants.md").includes(`All ${length} are caught`), `${length}`);
});

Deno.test("example: every file of the generic mutants is there, and the code of each survivor", () => {
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

Deno.test("example: apply() refuses a mistake that cannot be made at exactly one place", () => {
  const mistake = (search: string, replace: string): Mistake => ({
    title: "t",
    file: "f.ts",
    search,
    replace,
    caughtBy: ["f_test.ts", "f"],
  });
  strictEqual(apply(mistake("b", "$&"), "abc"), "a$&c"); // no pattern of replace() counts
  const refused = (times: number) => ({
    message:
      `Cannot make the mistake "t": f.ts has its search text ${times} times, need once, and another text to put there`,
  });
  throws(() => apply(mistake("d", "e"), "abc"), refused(0));
  throws(() => apply(mistake("b", "e"), "abcb"), refused(2));
  throws(() => apply(mistake("b", "b"), "abc"), refused(1));
});
