// Every test's name begins with its kind: `deno test -A --filter "law: "` runs the laws.
import { deepStrictEqual, ok } from "node:assert/strict";

const TESTS = new URL("../", import.meta.url);

/** What registers a test: Deno's function, and those of tests/ that end by calling it. */
const REGISTERS = /\b(Deno\.test|testIf|\w+Test)\(/g;

/** A literal name with its kind, before the test's function. */
const KIND = /["`](?:example|law|reference|type): \S/;

/** The paths of all test files, both sizes. */
function* testFiles(folder = TESTS): Generator<URL> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* testFiles(new URL(`${name}/`, folder));
    else if (/_(test|proof)\.ts$/.test(name)) yield new URL(name, folder);
  }
}

/** The start of each call that registers a test without a kind, up to the test's function. */
function withoutKind(source: string): string[] {
  return [...source.matchAll(REGISTERS)]
    .filter(({ index }) => !source.slice(0, index).endsWith("function "))
    .map(({ index }) => source.slice(index).split(/=>|\{ *$/m, 1)[0]!)
    // a helper hands on the name that it is given
    .filter((call) => !KIND.test(call) && !/\bname, (?:fn|\{)/.test(call));
}

Deno.test("example: every test names its kind: example, law, reference or type", () => {
  const files = [...testFiles()];
  ok(files.length > 70, `${files.length}`);
  const found = files.map((file) => [
    file.href.slice(TESTS.href.length),
    ...withoutKind(Deno.readTextFileSync(file)),
  ]).filter((found) => found.length > 1);
  deepStrictEqual(found, []);
});

Deno.test("example: a name without a kind is found, also in a condition or a variable", () => {
  const deno = "Deno", condition = "If"; // taken apart, so that this file has none itself
  deepStrictEqual(withoutKind(`${deno}.test("law: sums", () => {});`), []);
  const calls = [`${deno}.test("sums", `, `${deno}.test(title, `, `test${condition}(a, "b", "c", `];
  for (const call of calls) deepStrictEqual(withoutKind(`${call}() => {});`), [`${call}() `]);
});
