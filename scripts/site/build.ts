/**
 * Writes a folder for any static host: the playground, the documents as HTML with a search, and
 * the API reference: `deno task site [FOLDER]`, by default `site/`, which it replaces.
 *
 * Links between documents lead to their HTML, links to pictures and data to copies of them, and
 * links to the served playground to the site's. Links to other files, such as source code, become
 * plain text: the site knows no address of a repository.
 *
 * @module
 */

import { dirname, join, relative } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { run } from "../run_program.ts";
import { plainText, readDocument } from "./document.ts";
import { page, type Surroundings } from "./page.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The documents, by their paths in the project, and the path of each one's page in the site. */
const PAGES: ReadonlyMap<string, string> = new Map(
  ["", "docs/", "docs/ja/"].flatMap((folder) =>
    [...Deno.readDirSync(join(ROOT, folder))].filter(({ name }) => name.endsWith(".md"))
      .map(({ name }) => folder + name)
  ).map((path) => [path, path.replace(/(?<=^docs\/.*)README/, "index").replace(/md$/, "html")]),
);

const isJapanese = (path: string) => /\bja\b/.test(path);

/** The page of a document in the other language, if there is one. */
function translated(path: string): string | undefined {
  return PAGES.get(
    isJapanese(path)
      ? path.replace("ja/", "").replace(".ja.", ".")
      : path.replace("docs/", "docs/ja/").replace(/^README\./, "README.ja."),
  );
}

/** Writes the site. */
async function build(folder: string): Promise<void> {
  const place = (path: string) => {
    const target = join(folder, path);
    Deno.mkdirSync(dirname(target), { recursive: true });
    return target;
  };

  /** What a link in a document leads to; undefined if that is not in the site. */
  function targetOf(document: string, link: string): string | undefined {
    const from = dirname(document), [, served] = /^http:\/\/127.0.0.1:8000\/(.*)/.exec(link) ?? [];
    if (served !== undefined) return relative(from, "index.html") + served;
    if (/^(https?:|#)/.test(link)) return link;
    const [file, hash] = link.split(/(?=#)/), path = join(from, file!), html = PAGES.get(path);
    if (html !== undefined) return relative(from, html) + (hash ?? "");
    if (!/\.(svg|png|npz|csv)$/.test(path)) return undefined;
    Deno.copyFileSync(join(ROOT, path), place(path));
    return link;
  }

  const read = (path: string) =>
    readDocument(Deno.readTextFileSync(join(ROOT, path)), (link) => targetOf(path, link));
  const indexes = { en: read("docs/README.md"), ja: read("docs/ja/README.md") };

  /** The links of the index of the documents, for a page in its language. */
  function indexFor(html: string, language: "en" | "ja"): Surroundings["index"] {
    const folder = language === "ja" ? "docs/ja" : "docs";
    return indexes[language].sections.slice(1).map(({ heading, html: section }) => ({
      heading,
      links: [...section.matchAll(/<a href="([^"]*\.html)">(.*?)<\/a>/g)].map(([, to, text]) => {
        const path = join(folder, to!), name = text!.replace(/\.md$/, "");
        const english = language === "ja" && !isJapanese(path) ? "（英語）" : "";
        const current = path === html ? ' aria-current="page"' : "";
        return `<a href="${relative(dirname(html), path)}"${current}>${name}${english}</a>`;
      }),
    })).filter(({ links }) => links.length > 0);
  }

  const found = { en: [] as string[][], ja: [] as string[][] };
  for (const [path, html] of PAGES) {
    const document = read(path), language = isJapanese(path) ? "ja" : "en";
    const other = translated(path), from = dirname(html);
    const surroundings = {
      language,
      other: other === undefined ? undefined : relative(from, other),
      index: indexFor(html, language),
      root: relative(from, ".") || ".",
    } as const;
    Deno.writeTextFileSync(place(html), page(document, surroundings));
    for (const { anchor, heading, html: content } of document.sections) {
      found[language].push([`${html}#${anchor}`, document.title, heading, plainText(content)]);
    }
  }
  for (const [language, sections] of Object.entries(found)) {
    const script = `globalThis.sections = ${JSON.stringify(sections)};\n`;
    Deno.writeTextFileSync(place(`search.${language}.js`), script);
  }
  for (const name of ["search.js", "site.css"]) {
    Deno.copyFileSync(new URL(`files/${name}`, import.meta.url), place(name));
  }
  const api = ["doc", "--html", "--name=sanso", `--output=${join(folder, "api")}`, "docs/api.d.ts"];
  await run(Deno.execPath(), api, ROOT);
  await writeFront(place("index.html"));
}

/** Writes the playground, with links to the rest. */
async function writeFront(file: string): Promise<void> {
  await run(Deno.execPath(), ["run", "-A", "cli.ts", "serve", "--export", file], ROOT);
  const links = `<body>
<nav aria-label="sanso"><p class="quiet"><a href="README.html">About</a> · \
<a href="docs/index.html">Documents</a> · <a href="api/index.html">API</a> · \
<a href="docs/ja/index.html" lang="ja" hreflang="ja">日本語の文書</a></p></nav>`;
  Deno.writeTextFileSync(file, Deno.readTextFileSync(file).replace("<body>", links));
}

if (import.meta.main) {
  const own = join(ROOT, "site"), folder = Deno.args[0] ?? own;
  Deno.mkdirSync(folder, { recursive: true });
  if (folder === own) Deno.removeSync(own, { recursive: true });
  await build(folder);
  console.log(folder);
}
