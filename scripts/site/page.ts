/**
 * The HTML page of a document: a header with the search, the navigation, and the content.
 *
 * @module
 */

import type { Document } from "./document.ts";

/** What surrounds a document; paths lead from its page. */
export interface Surroundings {
  readonly language: "en" | "ja";
  /** The page in the other language. */
  readonly other: string | undefined;
  /** The parts of the index of the documents, each with links to pages. */
  readonly index: readonly { readonly heading: string; readonly links: readonly string[] }[];
  /** The folder of the site. */
  readonly root: string;
}

const WORDS = {
  en: { about: "About", documents: "Documents", search: "Search", none: "nothing found" },
  ja: { about: "概要", documents: "文書", search: "検索", none: "見つからない" },
} as const;

/** A document's page as HTML. */
export function page(
  { title, html }: Document,
  { language, other, index, root }: Surroundings,
): string {
  const words = WORDS[language], ja = language === "ja";
  const [there, name] = ja ? ["en", "English"] : ["ja", "日本語"];
  const parts = index.map(({ heading, links }) =>
    `<h2>${heading}</h2>\n<ul>\n${links.map((link) => `<li>${link}</li>\n`).join("")}</ul>\n`
  );
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title === "sanso" ? "" : `${title} · `}sanso</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}/site.css">
<script src="${root}/search.js" data-root="${root}" data-none="${words.none}" defer></script>
</head>
<body>
<header>
<a href="${root}/index.html"><strong>sanso</strong></a>
<a href="${root}/${ja ? "README.ja" : "README"}.html">${words.about}</a>
<a href="${root}/docs/${ja ? "ja/" : ""}index.html">${words.documents}</a>
<a href="${root}/api/index.html">API</a>
<search><input type="search" placeholder="${words.search}" aria-label="${words.search}">
<ol id="results" hidden></ol></search>
${other === undefined ? "" : `<a href="${other}" lang="${there}" hreflang="${there}">${name}</a>`}
</header>
<div class="columns">
<main>
${html}</main>
<nav aria-label="${words.documents}">
${parts.join("")}</nav>
</div>
</body>
</html>
`;
}
