/**
 * The documents: English and Japanese pages have the same content, the commands, options, files,
 * links, functions and packages that they name exist, and their figures are those of the program.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import * as sanso from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { runs } from "../helpers/fixtures.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { codeBlocks, FENCED, headings, tables } from "../helpers/markdown.ts";

const root = new URL("../../", import.meta.url);

function read(name: string): string {
  return Deno.readTextFileSync(new URL(name, root));
}

function markdownFiles(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].map(({ name }) => name).filter((name) =>
    name.endsWith(".md")
  ).toSorted();
}

/** The pages in docs/, and those with a translation in docs/ja/. */
const PAGES = markdownFiles("docs"), TRANSLATED = markdownFiles("docs/ja");

/** Each document that is there in both languages: English, Japanese. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["README.md", "README.ja.md"],
  ...TRANSLATED.map((name) => [`docs/${name}`, `docs/ja/${name}`] as const),
];
const READMES = PAIRS[0]!;

/** All documents. */
const ALL = [
  ...markdownFiles("."),
  ...PAGES.map((name) => `docs/${name}`),
  ...TRANSLATED.map((name) => `docs/ja/${name}`),
];

/**
 * The code without comments, except those for the type checker: comments are translated. Of a
 * command that is given its language, so is what it prints.
 */
function withoutComments(language: string, code: string): string {
  const comment = language === "ts"
    ? / *\/\/(?! @ts-).*| (?<=@ts-expect-error ).*/g
    : / *(?<!\S)#.*/g;
  if (language !== "console") return code.replaceAll(comment, "");
  return code.replaceAll(/^(\$ .*) --lang (?:en|ja)\n(?:(?!\$ ).*\n)*/gm, "$1\n");
}

/** The start of a page: below comments for tools. */
function firstLines(markdown: string): string[] {
  return markdown.split("\n").filter((line) => line !== "" && !line.startsWith("<!--"));
}

Deno.test("example: each Japanese page has the parts of the English one: headings, tables, list items, code blocks and pictures", () => {
  const outline = (markdown: string) => ({
    levels: headings(markdown).map(({ level }) => level),
    rows: tables(markdown).map((rows) => rows.map((cells) => cells.length)),
    items: markdown.match(/^(- |\d+\. )/gm)?.length,
    languages: codeBlocks(markdown).map(({ language }) => language),
    pictures: markdown.match(/<img|!\[/g)?.length,
  });
  const { levels, rows, languages } = outline(read("README.md"));
  ok(levels.length > 5 && rows.length === 2 && languages.length > 1);
  for (const [english, japanese] of PAIRS) {
    deepStrictEqual(outline(read(japanese)), outline(read(english)), japanese);
  }
});

Deno.test("example: each Japanese page shows the code of the English one, except its comments", () => {
  // what a task writes has words of its own
  const code = (markdown: string) =>
    codeBlocks(markdown.replaceAll(/<!-- \w+: [^]*?<!-- end -->/g, "")).map(({ language, code }) =>
      withoutComments(language, code)
    );
  for (const [english, japanese] of PAIRS) {
    deepStrictEqual(code(read(japanese)), code(read(english)), japanese);
  }
});

Deno.test("example: each Japanese page has the numbers of the English one", () => {
  // of list items and table rows, in which the order is the same; numbers of one digit may be words
  const numbers = (markdown: string) =>
    firstLines(markdown).filter((line) => /^(- |\|)/.test(line)).map((line) =>
      (line.match(/\d[\d.,]+\d/g) ?? []).toSorted()
    ).filter((list) => list.length > 0);
  for (const [english, japanese] of PAIRS.slice(1)) {
    // formatting breaks English items
    const wrapped = read(english).replaceAll(/\n {2}(?=\S)/g, " ");
    deepStrictEqual(numbers(read(japanese)), numbers(wrapped), japanese);
  }
});

Deno.test("example: both indexes list every page of docs/, in Japanese where there is one, and else say that it is English", () => {
  const pages = PAGES.filter((page) => page !== "README.md");
  for (const [name, folder] of [["docs/README.md", ""], ["docs/ja/README.md", "../"]] as const) {
    const links = [...read(name).matchAll(/\]\(((?:\.\.\/)?[\w-]+\.md)\)(（英語）)?/g)];
    const isThere = (page: string) => folder === "" || TRANSLATED.includes(page);
    const wanted = pages.map((page) => isThere(page) ? page : `../${page}`);
    const [english, japanese] = ["README.md", "ja/README.md"];
    deepStrictEqual(
      links.map(([, link]) => link!).filter((link) =>
        pages.includes(link.replace("../", "")) && link !== japanese && link !== english
      ).toSorted(),
      wanted.toSorted(),
    );
    for (const [, link, isMarked] of links) {
      strictEqual(
        isMarked !== undefined,
        link!.startsWith("../") && folder !== "" && link !== "../README.md",
        link,
      );
    }
  }
  for (const name of READMES) {
    for (const other of ["ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "README.md"]) {
      ok(new RegExp(`\\]\\([\\w/]*${other}\\)`).test(read(name)), `${name}: ${other}`);
    }
  }
});

Deno.test("example: both READMEs name every command, and no other", async () => {
  const { stdout } = await cli(["--help"]);
  const wanted = [...stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map((line) => line[1]);
  ok(wanted.includes("train") && wanted.includes("evaluate"));
  for (const name of READMES) {
    const named = tables(read(name))[1]!.map(([command]) => /^`(\w+)/.exec(command!)?.[1]);
    deepStrictEqual(named.toSorted(), wanted.toSorted(), name);
  }
});

/** Flags that the pages name of other programs: Deno, git, Python's, V8's. */
const OTHERS = /^--(allow-|check|config|dirty|dry-run|net|no-|rounds|write)/;

Deno.test("example: each option that a document gives to a command is one of that command", async () => {
  const commands = tables(read("README.md"))[1]!.map(([cell]) => /\w+/.exec(cell!)![0]);
  const flags = new Map(
    await Promise.all(commands.map(async (command) => {
      const { stdout } = await cli([command, "--help"]);
      return [command, stdout.match(/--[a-z-]+/g)!] as const;
    })),
  );
  const wrong: string[] = [];
  let checked = 0;
  for (const name of ALL.filter((name) => name !== "CHANGELOG.md")) {
    for (const [line, command] of read(name).matchAll(/(?:cli\.ts|\.\/sanso) (\w+)\b[^`\n#]*/g)) {
      const unknown = (line.match(/(?<=\s)--[a-z-]+/g) ?? []).filter((flag) => {
        checked++;
        return !flags.get(command!)?.includes(flag);
      });
      if (unknown.length > 0) wrong.push(`${name}: ${command} ${unknown}`);
    }
  }
  ok(checked > 20);
  deepStrictEqual(wrong, []);
  const known = [...flags.values()].flat(), reference = read("docs/reference.md");
  deepStrictEqual(known.filter((flag) => flag !== "--help" && !reference.includes(flag)), []);
  for (const name of PAIRS.flat()) {
    const alone = [...read(name).matchAll(/`(--[a-z-]+)/g)].map(([, flag]) => flag!);
    const unknown = alone.filter((flag) => !OTHERS.test(flag) && !known.includes(flag));
    deepStrictEqual(unknown.filter((flag) => flag !== "--version"), [], name);
  }
});

Deno.test("example: each task that a document names is in deno.json", () => {
  for (const name of ALL) {
    const tasks = [...read(name).matchAll(/deno task ([\w-]+)/g)].map(([, task]) => task!);
    deepStrictEqual(tasks.filter((task) => !(task in manifest.tasks)), [], name);
  }
});

Deno.test("example: each file that a document names exists", () => {
  const path = /`((?:lib|tests|docs|bench|fixtures|\.github|\.ci)\/[\w./-]+)`/g;
  for (const name of ALL.filter((name) => name !== "CHANGELOG.md")) {
    const named = [...read(name).matchAll(path)].map(([, file]) => file!);
    const missing = named.filter((file) => {
      try {
        Deno.statSync(new URL(file, root));
        return false;
      } catch {
        return true;
      }
    });
    deepStrictEqual(missing, [], name);
  }
});

Deno.test("example: the documents name the version of Deno that CI runs", () => {
  const wanted = /^deno=([\d.]+)$/m.exec(read(".ci/run"))![1];
  for (const name of READMES) {
    const versions = [...read(name).matchAll(/npx -y deno@([\d.]+)/g)].map(([, found]) => found);
    ok(versions.length > 2 && versions.every((version) => version === wanted), name);
  }
  ok(read("docs/reference.md").includes(`| Deno ${wanted}, Linux x86-64`));
});

Deno.test("example: the version of deno.json is the one in CITATION.cff", () => {
  strictEqual(/^version: (.*)$/m.exec(read("CITATION.cff"))![1], manifest.version);
});

/**
 * The links of a file that lead to no file beside it, or to no heading; links into the net are
 * left alone.
 */
function brokenLinks(file: URL): string[] {
  const prose = Deno.readTextFileSync(file).replaceAll(FENCED, "");
  const links = [...prose.matchAll(/(?:\]\(|src(?:set)?=")([^)"]*)[)"]/g)].map(([, link]) => link!);
  return links.filter((link) => !/^https?:/.test(link) && !leads(new URL(link, file)));
}

function leads(target: URL): boolean {
  const anchor = decodeURI(target.hash.slice(1));
  target.hash = "";
  try {
    Deno.statSync(target);
    return anchor === "" ||
      headings(Deno.readTextFileSync(target)).some((heading) => heading.anchor === anchor);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("example: all documents link to files and headings that exist", () => {
  for (const name of ALL) deepStrictEqual(brokenLinks(new URL(name, root)), [], name);
});

Deno.test("example: the recipes of CONTRIBUTING.md name what stands in their files", () => {
  const items = read("CONTRIBUTING.md").replaceAll(/\n {2}(?=\S)/g, " ");
  const recipes = [...items.matchAll(/`([\w./-]+\.\w+)` \(((?:`[^`]+`(?:, )?)+)\)/g)];
  ok(recipes.length > 30);
  for (const [, file, names] of recipes) {
    const source = read(file!);
    for (const [, name] of names!.matchAll(/`([^`]+)`/g)) {
      ok(source.includes(name!), `${file}: ${name}`);
    }
  }
});

Deno.test("example: each decimal number in the text of docs/back-propagation.md is one of its blocks", () => {
  const [, english, japanese] = ["", "docs/back-propagation.md", "docs/ja/back-propagation.md"];
  for (const name of [english!, japanese!]) {
    const blocks = [...read(name).matchAll(/<!-- path[^]*?<!-- end -->/g)].join("\n");
    const prose = read(name).replaceAll(/<!-- path[^]*?<!-- end -->|\(http.*?\)/g, "");
    const numbers = prose.match(/\d+\.\d+/g)!;
    deepStrictEqual(numbers.filter((number) => !blocks.includes(number)), [], name);
  }
});

numpyTest(
  "reference: each row of the table of docs/from-numpy.md gives the same numbers in NumPy and here",
  () => {
    const code = (cell: string | undefined) => /`([^`]+)`/.exec(cell!)![1]!;
    const pairs = tables(read("docs/from-numpy.md"))[0]!
      .map(([theirs, ours]) => [code(theirs), code(ours)] as const)
      .filter(([theirs]) => !/seed|load|save/.test(theirs)); // they return no numbers
    ok(pairs.length > 17);
    const numbers = { list: [1, -2, 3, 0.5, 5, 6], i: 1, j: 0, s: 0.1, M: 2, D: 3 };
    const A = [[1, 4], [0.25, 9]],
      matrices = { A, P: A, B: [[3, 1], [2, 7]], b: [[1], [2]], m: [[3, 4]] };
    const printed = python([
      "import json, numpy as np",
      ...Object.entries(numbers).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
      ...Object.entries(matrices).map(([name, rows]) =>
        `${name} = np.array(${JSON.stringify(rows)})`
      ),
      ...pairs.map(([theirs]) =>
        `np.random.seed(601); print(json.dumps(np.ravel(${theirs}).tolist()))`
      ),
    ].join("\n")).trimEnd().split("\n").map((line) => JSON.parse(line));
    for (const [at, [, ours]] of pairs.entries()) {
      const scope = {
        ...{
          Matrix: sanso.Matrix,
          argmax: sanso.argmax,
          random: new sanso.RandomState(601),
          ...numbers,
        },
        ...Object.fromEntries(
          Object.entries(matrices).map(([name, rows]) => [name, sanso.Matrix.fromRows(rows)]),
        ),
      };
      const result = new Function(...Object.keys(scope), `return ${ours}`)(...Object.values(scope));
      const entries = result.data ?? result;
      deepStrictEqual(typeof entries === "number" ? [entries] : [...entries], printed[at], ours);
    }
  },
);

const equations = read("docs/equations.md");

/** Files whose functions are the report's equations. */
const EQUATIONS = [
  "lib/network/affine.ts",
  "lib/network/sigmoid.ts",
  "lib/network/softmax_cross_entropy.ts",
  "lib/network/network.ts",
  "lib/network/sgd.ts",
];

async function exportsOf(path: string): Promise<Record<string, unknown>> {
  return await import(new URL(path, root).href);
}

Deno.test("example: docs/equations.md names every function of the layers, the network and the step", async () => {
  for (const path of EQUATIONS) {
    for (const [name, value] of Object.entries(await exportsOf(path))) {
      if (!(name in sanso)) continue; // for the project alone
      strictEqual(sanso[name as keyof typeof sanso], value, `${name} of mod.ts`);
      ok(equations.includes(`[\`${name}\`](../${path})`), `${name} has no entry`);
    }
  }
});

/** The table of losses: epoch, the report's, NumPy's. */
const shownLosses = [...equations.matchAll(/^\| (\d) +\| ([\d.]+) +\| ([\d.]+) +\|$/gm)].map((
  row,
) => row.slice(1).map(Number) as [number, number, number]);

Deno.test("reference: docs/equations.md shows the losses of the original program under NumPy", () => {
  const { settings, losses: wanted } = runs()[0]!;
  deepStrictEqual([settings.seed, settings.epochs], [601, 5]);
  deepStrictEqual(
    shownLosses.map(([epoch, , numpy]) => [epoch, numpy]),
    wanted.map((x, i) => [i + 1, x]),
  );
});

/** Asserts that a document has this text, wherever its lines are broken. */
function has(name: string, text: string): void {
  ok(read(name).replaceAll(/\s+/g, " ").includes(text), `${name}: ${text}`);
}

Deno.test("reference: docs/exactness.md states how closely the losses in docs/training.md agree with NumPy's", () => {
  const shown =
    codeBlocks(read("docs/training.md")).find(({ language }) => language === "console")!.code;
  const losses = [...shown.matchAll(/^\d\.\d+$/gm)].map(([loss]) => Number(loss));
  const numpy = runs()[0]!.losses;
  strictEqual(numpy.length, losses.length);
  const errors = losses.map((loss, i) => Math.abs(loss - numpy[i]!) / numpy[i]!);
  const greatest = Math.max(...errors), epoch = errors.indexOf(greatest) + 1;
  has("docs/exactness.md", `at most ${greatest.toExponential(1)} relative (epoch ${epoch})`);
  ok(greatest < 1e-15, "losses that agree in 15 digits"); // docs/reproduction.md says so too
  has("README.md", "the losses agree in 15 digits");
  const rounded = numpy.map((loss) => loss.toFixed(4));
  has("docs/errata.md", rounded.join(", "));
  has("docs/ja/errata.md", rounded.join("、"));
});
