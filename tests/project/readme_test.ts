/** README.md and README.ja.md: they say the same, and what they name is there. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { cli } from "../helpers/cli.ts";
import { brokenLinks, codeBlocks, headings, tables } from "../helpers/markdown.ts";

const files = ["README.md", "README.ja.md"].map((name) =>
  new URL(`../../${name}`, import.meta.url)
);
const [english, japanese] = files.map((file) => Deno.readTextFileSync(file)) as [string, string];
const both = [["README.md", english], ["README.ja.md", japanese]] as const;

/** The code alone: comments are in each file's language, but for what the type checker reads in them. */
function withoutComments(language: string, code: string): string {
  const comment = language === "ts"
    ? / *\/\/(?! @ts-).*| (?<=@ts-expect-error ).*/g
    : / *(?<!\S)#.*/g;
  return language === "console" ? code : code.replaceAll(comment, "");
}

Deno.test("example: both READMEs have the same parts: headings, tables and code blocks in the same places", () => {
  const outline = (markdown: string) => ({
    levels: headings(markdown).map(({ level }) => level),
    rows: tables(markdown).map((rows) => rows.length),
    languages: codeBlocks(markdown).map(({ language }) => language),
  });
  const wanted = outline(english);
  ok(wanted.levels.length > 10 && wanted.rows.length === 4 && wanted.languages.length > 5);
  deepStrictEqual(outline(japanese), wanted);
});

Deno.test("example: both READMEs show the same code, but for its comments", () => {
  const code = (markdown: string) =>
    codeBlocks(markdown).map(({ language, code }) => withoutComments(language, code));
  deepStrictEqual(code(japanese), code(english));
});

Deno.test("example: both READMEs name every command that there is, and no other", async () => {
  const { stdout } = await cli(["--help"]);
  const wanted = [...stdout.split("Commands:")[1]!.matchAll(/^ {2}(\w+)/gm)].map((line) => line[1]);
  ok(wanted.includes("train") && wanted.includes("evaluate"));
  for (const [name, markdown] of both) {
    const named = tables(markdown)[0]!.map(([command]) => /^`(\w+)/.exec(command!)?.[1]);
    deepStrictEqual(named.toSorted(), wanted.toSorted(), name);
  }
});

Deno.test("example: both READMEs map the same equations to the same functions and files", () => {
  const map = (markdown: string) => tables(markdown)[1]!.map((cells) => cells.slice(2));
  deepStrictEqual(map(japanese), map(english));
});

Deno.test("example: both READMEs name flags that there are", async () => {
  const commands = tables(english)[0]!.map(([cell]) => /\w+/.exec(cell!)![0]);
  const helps = await Promise.all(commands.map((command) => cli([command, "--help"])));
  const flags = helps.flatMap(({ stdout }) => stdout.match(/--[a-z-]+/g));
  for (const [name, markdown] of both) {
    // those of other programs stand in their own code blocks, and --allow-… are Deno's
    const ours = [...markdown.matchAll(/`(--(?!allow-)[a-z-]+)|cli\.ts .*?(--[a-z-]+)/g)];
    const named = ours.map(([, alone, inCommand]) => alone ?? inCommand!);
    ok(named.length > 5, name);
    deepStrictEqual(named.filter((flag) => !flags.includes(flag)), [], name);
  }
});

Deno.test("example: both READMEs list the dependencies of deno.json", () => {
  const wanted = Object.keys(manifest.imports).map((name) => name.replace(/\/.*/, "")).toSorted();
  for (const [name, markdown] of both) {
    const listed = tables(markdown).at(-1)!.map(([cell]) => /^\[(.*)\]\((.*)\)$/.exec(cell!)!);
    deepStrictEqual(listed.map(([, dependency]) => dependency!).toSorted(), wanted, name);
    for (const [, dependency, link] of listed) {
      strictEqual(link, `https://www.npmjs.com/package/${dependency}`);
    }
  }
});

Deno.test("example: both READMEs run the version of Deno that CI runs", () => {
  const ci = Deno.readTextFileSync(new URL("../../.ci/run", import.meta.url));
  const wanted = /^deno=([\d.]+)$/m.exec(ci)![1];
  for (const [name, markdown] of both) {
    const versions = [...markdown.matchAll(/npx -y deno@([\d.]+)/g)].map(([, version]) => version);
    deepStrictEqual(versions, [wanted, wanted], name);
  }
});

Deno.test("example: both READMEs link to files and headings that are there", () => {
  for (const file of files) deepStrictEqual(brokenLinks(file), [], file.pathname);
});
